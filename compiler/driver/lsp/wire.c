/* Content-Length, a blank line, so many bytes. What is no header is passed over up to the next one,
   after an answer that says so. */
#include "driver/lsp/wire.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST_HEADER = 4096, LARGEST = 256 * 1024 * 1024, PIECE = 64 * 1024 };

void wire_open(struct wire *w, struct stream *out) {
    *w = (struct wire){ .out = out };
    w->last = &w->first;
}

void wire_done(struct message *m) {
    struct arena arena = m->arena; /* the message lives in it */
    arena_free(&arena);
}

void wire_close(struct wire *w) {
    while (w->first)
        wire_done(wire_take(w));
    arena_free(&w->arena);
    arena_free(&w->spare);
}

void wire_send(struct wire *w, struct str json) {
    char head[64];
    int len = snprintf(head, sizeof head, "Content-Length: %zu\r\n\r\n", json.len);
    stream_put(w->out, (struct str){ head, (size_t)len });
    stream_put(w->out, json);
    if (fflush(w->out->file) != 0 && !w->out->failure)
        w->out->failure = errno;
}

/* ---- bytes ---- */

static void make_room(struct wire *w, size_t more) {
    if (w->room - w->len >= more)
        return;
    struct arena old = w->arena;
    size_t room = (w->len + more) * 2;
    char *in = arena_alloc(&w->spare, room);
    if (w->len)
        memcpy(in, w->in, w->len);
    w->arena = w->spare;
    w->spare = (struct arena){ 0 };
    arena_free(&old);
    w->in = in;
    w->room = room;
}

static void drop(struct wire *w, size_t count) {
    w->len -= count;
    memmove(w->in, w->in + count, w->len);
}

/* False at the end. */
static bool read_piece(struct wire *w) {
    make_room(w, PIECE);
    ssize_t got;
    do
        got = read(STDIN_FILENO, w->in + w->len, w->room - w->len);
    while (got < 0 && errno == EINTR);
    if (got <= 0) {
        w->ended = true;
        return false;
    }
    w->len += (size_t)got;
    size_t skipped = w->skip < w->len ? w->skip : w->len;
    w->skip -= skipped;
    drop(w, skipped);
    return true;
}

/* ---- messages ---- */

static struct message *add_message(struct wire *w, struct str body) {
    struct arena arena = { 0 };
    struct message *m = arena_new(&arena, struct message);
    m->body = str_copy(&arena, body);
    m->root = body.at ? json_read(&arena, m->body, &m->why) : NULL;
    m->arena = arena;
    *w->last = m;
    w->last = &m->next;
    return m;
}

static void add_broken(struct wire *w, const char *why) {
    add_message(w, (struct str){ 0 })->why = why;
}

/* The length of the head with its blank line, 0 when more must come. `size` is what the head says
   of the body; STR_NONE when it says nothing that is of use. */
static size_t read_head(struct str in, size_t *size) {
    size_t end = str_find_str(in, STR("\r\n\r\n"));
    *size = STR_NONE;
    if (end == STR_NONE)
        return 0;
    for (struct str rest = str_slice(in, 0, end); rest.len;) {
        size_t eol = str_find_str(rest, STR("\r\n"));
        struct str line = str_slice(rest, 0, eol);
        size_t colon = str_find(line, ':');
        uint64_t number;
        rest = eol == STR_NONE ? STR("") : str_from(rest, eol + 2);
        if (colon == STR_NONE ||
            !str_eq_nocase(str_trim(str_slice(line, 0, colon)), STR("Content-Length")))
            continue;
        bool good = str_to_uint(str_trim(str_from(line, colon + 1)), SIZE_MAX / 4, &number);
        *size = good ? (size_t)number : STR_NONE;
    }
    return end + 4;
}

/* Passes over what is no head, up to where the next one may begin: behind what is left of a body,
   say, on the same line. The end may be half of such a beginning. */
static bool resync(struct wire *w) {
    struct str beginning = STR("Content-Length"), in = { w->in, w->len };
    size_t next = str_find_str(str_from(in, 1), beginning);
    add_broken(w, "the header of a message does not read");
    if (next != STR_NONE)
        drop(w, next + 1);
    else if (w->len > beginning.len)
        drop(w, w->len - beginning.len + 1);
    else
        drop(w, 1);
    return next != STR_NONE;
}

/* One message out of what is there; false when more must come. */
static bool cut(struct wire *w) {
    struct str in = { w->in, w->len };
    size_t size, head = read_head(in, &size);
    if (head == 0)
        return w->len > MOST_HEADER && resync(w);
    if (size == STR_NONE || head > MOST_HEADER)
        return resync(w);
    if (size > LARGEST) {
        add_broken(w, "the message is too large");
        size_t there = w->len - head < size ? w->len - head : size;
        w->skip = size - there;
        drop(w, head + there);
        return true;
    }
    if (w->len - head < size) {
        make_room(w, head + size - w->len);
        return false;
    }
    add_message(w, str_slice(in, head, head + size));
    drop(w, head + size);
    return true;
}

bool wire_wait(struct wire *w, int milliseconds, int other) {
    struct pollfd fds[] = { { .fd = STDIN_FILENO, .events = POLLIN },
                            { .fd = other, .events = POLLIN } };
    while (!w->ended) {
        int ready = poll(fds, other < 0 ? 1 : 2, w->first ? 0 : milliseconds);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0 || !fds[0].revents || !read_piece(w))
            break;
        while (cut(w))
            ;
    }
    return w->first != NULL;
}

struct message *wire_take(struct wire *w) {
    struct message *m = w->first;
    w->first = m->next;
    if (!w->first)
        w->last = &w->first;
    return m;
}
