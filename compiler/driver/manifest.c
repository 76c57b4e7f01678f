/* .itsupc/manifest: a line "HASH  PATH" for each file, as `sha256sum -c` reads it; `# from` above
   those of several workspaces. Each project of a large tree has a line here, so that entries are
   small, and no text is ever there as a whole. */
#include "driver/manifest.h"

#include "driver/fs.h"
#include "driver/outdir.h"
#include "support/buf.h"
#include "support/sha256.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

static const struct str title = {
    "# What itsupc wrote here. Without this file its outputs are foreign to it.\n", 75
};

static const char from_mark[] = "# from ";

enum { HASH = 32, HEX = 2 * HASH, PIECE = 32 * 1024, FEWEST_HEADS = 64 };

struct hash {
    uint32_t next; /* a build that was killed leaves either: both are ours */
    unsigned char sides, at[HASH];
};

struct manifest_entry {
    uint32_t next, chain; /* as they came; of those that share a head */
    uint32_t from;        /* as it stands there, else of this build */
    struct hash hash;
    bool kept; /* … also where it comes */
    char path[];
};

struct text {
    uint32_t len;
    char at[];
};

static struct manifest_entry *entry_at(const struct manifest *m, uint32_t number) {
    return number ? pool_at(&m->pool, number) : NULL;
}

static const struct hash *next_hash(const struct manifest *m, const struct hash *h) {
    return h->next ? pool_at(&m->pool, h->next) : NULL;
}

static struct str text_at(const struct manifest *m, uint32_t number) {
    if (!number)
        return STR("");
    const struct text *t = pool_at(&m->pool, number);
    return (struct str){ t->at, t->len };
}

/* Workspaces are text of any bytes; 0 is the only one, which has no name. */
static uint32_t add_text(struct manifest *m, struct str s) {
    if (!s.len)
        return 0;
    uint32_t number = pool_take(&m->pool, sizeof(struct text) + s.len, sizeof(uint32_t));
    struct text *t = pool_at(&m->pool, number);
    t->len = (uint32_t)s.len;
    memcpy(t->at, s.at, s.len);
    return number;
}

void manifest_start(struct manifest *m, struct arena *arena, struct str own) {
    *m = (struct manifest){ .pool = { .arena = arena } };
    m->own = add_text(m, own);
}

void manifest_end(struct manifest *m) {
    arena_free(&m->table);
}

struct str manifest_path(const struct manifest_entry *e) {
    return str_of(e->path);
}

struct str manifest_from(const struct manifest *m, const struct manifest_entry *e) {
    return text_at(m, e->from);
}

/* ---- the table ---- */

static uint32_t *head_of(const struct manifest *m, struct str path) {
    return &m->heads[str_hash(path) & (m->room - 1)];
}

/* Into other memory, so that no smaller table is left behind. */
static void more_heads(struct manifest *m) {
    struct arena before = m->table;
    m->table = (struct arena){ 0 };
    m->room = m->room ? m->room * 2 : FEWEST_HEADS;
    m->heads = arena_array(&m->table, uint32_t, m->room);
    struct manifest_entry *e;
    for (uint32_t at = m->first; (e = entry_at(m, at)); at = e->next) {
        uint32_t *head = head_of(m, manifest_path(e));
        e->chain = *head;
        *head = at;
    }
    arena_free(&before);
}

static struct manifest_entry *find(const struct manifest *m, struct str path) {
    struct manifest_entry *e = m->room ? entry_at(m, *head_of(m, path)) : NULL;
    while (e && !str_is(path, e->path))
        e = entry_at(m, e->chain);
    return e;
}

static struct manifest_entry *new_entry(struct manifest *m, struct str path, uint32_t from) {
    if (m->count == m->room)
        more_heads(m);
    size_t size = offsetof(struct manifest_entry, path) + path.len + 1;
    uint32_t number = pool_take(&m->pool, size, sizeof(uint32_t)), *head = head_of(m, path);
    struct manifest_entry *e = entry_at(m, number), *last = entry_at(m, m->last);
    *e = (struct manifest_entry){ .chain = *head, .from = from };
    memcpy(e->path, path.at, path.len);
    e->path[path.len] = 0;
    *head = number;
    *(last ? &last->next : &m->first) = number;
    m->last = number;
    m->count++;
    return e;
}

static unsigned sides_of(const struct manifest *m, const struct manifest_entry *e) {
    unsigned sides = 0;
    for (const struct hash *h = &e->hash; h; h = next_hash(m, h))
        sides |= h->sides;
    return sides;
}

static void add(struct manifest *m, struct manifest_entry *e, const unsigned char *hash,
                enum manifest_side side) {
    unsigned sides = sides_of(m, e);
    struct hash *h = &e->hash;
    m->before += !(sides & MANIFEST_BEFORE) && side == MANIFEST_BEFORE;
    m->after += !(sides & MANIFEST_AFTER) && side == MANIFEST_AFTER;
    while (sides && memcmp(h->at, hash, HASH) != 0) {
        if (!h->next) {
            uint32_t number = pool_take(&m->pool, sizeof *h, sizeof(uint32_t));
            h->next = number;
            h = pool_at(&m->pool, number);
            *h = (struct hash){ 0 };
            break;
        }
        h = pool_at(&m->pool, h->next);
    }
    memcpy(h->at, hash, HASH);
    h->sides |= (unsigned char)side;
}

void manifest_add(struct manifest *m, struct str path, const unsigned char hash[HASH]) {
    struct manifest_entry *e = find(m, path);
    add(m, e ? e : new_entry(m, path, m->own), hash, MANIFEST_AFTER);
}

void manifest_keep(struct manifest *m, struct manifest_entry *e) {
    e->kept = true;
    m->after++;
    for (struct hash *h = &e->hash; h; h = h->next ? pool_at(&m->pool, h->next) : NULL)
        h->sides |= MANIFEST_AFTER;
}

struct manifest_entry *manifest_find(const struct manifest *m, struct str path,
                                     enum manifest_side side) {
    struct manifest_entry *e = find(m, path);
    return e && sides_of(m, e) & side ? e : NULL;
}

bool manifest_knows(const struct manifest *m, const struct manifest_entry *e, struct str text) {
    unsigned char hash[HASH];
    sha256_of(text, hash);
    const struct hash *h = e ? &e->hash : NULL;
    while (h && !(h->sides & MANIFEST_BEFORE && memcmp(h->at, hash, HASH) == 0))
        h = next_hash(m, h);
    return h != NULL;
}

struct manifest_entry *manifest_left(const struct manifest *m, const struct manifest_entry *e) {
    struct manifest_entry *left = entry_at(m, e ? e->next : m->first);
    while (left && sides_of(m, left) != MANIFEST_BEFORE)
        left = entry_at(m, left->next);
    return left;
}

/* Where the entry comes from, as that side tells. */
static struct str from_on(const struct manifest *m, const struct manifest_entry *e, unsigned side) {
    bool own = side == MANIFEST_AFTER && !e->kept;
    return text_at(m, own ? m->own : e->from);
}

bool manifest_grows(const struct manifest *m) {
    for (uint32_t at = m->first; at; at = entry_at(m, at)->next) {
        const struct manifest_entry *e = entry_at(m, at);
        if (!str_eq(from_on(m, e, MANIFEST_AFTER), from_on(m, e, MANIFEST_EITHER)))
            return false;
        for (const struct hash *h = &e->hash; h; h = next_hash(m, h))
            if (!(h->sides & MANIFEST_AFTER))
                return false;
    }
    return true;
}

/* ---- reading ---- */

static int digit(char c) {
    return char_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_hash(struct str hex, unsigned char *hash) {
    for (size_t i = 0; i + 1 < hex.len; i += 2) {
        int high = digit(hex.at[i]), low = digit(hex.at[i + 1]);
        if (high < 0 || low < 0)
            return false;
        hash[i / 2] = (unsigned char)(high * 16 + low);
    }
    return hex.len == HEX;
}

static void read_line(struct manifest *m, struct str line, uint32_t *from) {
    unsigned char hash[HASH];
    if (str_starts(line, str_of(from_mark)))
        *from = add_text(m, str_from(line, sizeof from_mark - 1));
    struct str path = str_from(line, HEX + 2);
    if (!read_hash(str_slice(line, 0, HEX), hash) || !str_starts(str_from(line, HEX), STR("  ")) ||
        !outdir_path_fits(path))
        return;
    struct manifest_entry *e = find(m, path);
    add(m, e ? e : new_entry(m, path, *from), hash, MANIFEST_BEFORE);
}

static ssize_t read_piece(int fd, char *at, size_t size) {
    ssize_t got;
    do
        got = read(fd, at, size);
    while (got < 0 && errno == EINTR);
    return got;
}

/* In pieces; what follows the last line end of one waits for the next. */
bool manifest_read(struct manifest *m, int fd) {
    struct arena scratch = { 0 };
    struct buf text = { .arena = &scratch };
    uint32_t from = 0;
    ssize_t got = 1;
    while (got > 0 && text.len <= ITSUPC_LARGEST_FILE) {
        buf_reserve(&text, PIECE);
        got = read_piece(fd, text.at + text.len, PIECE);
        struct str fresh = { text.at + text.len, got > 0 ? (size_t)got : 0 };
        size_t end = str_find_last(fresh, '\n'), whole = text.len + end + 1;
        text.len += fresh.len;
        if (end == STR_NONE)
            continue;
        for (struct str rest = { text.at, whole }; rest.len;) {
            end = str_find(rest, '\n');
            read_line(m, str_slice(rest, 0, end), &from);
            rest = str_from(rest, end + 1);
        }
        text.len -= whole;
        memmove(text.at, text.at + whole, text.len);
    }
    int why = errno;
    read_line(m, buf_str(&text), &from);
    arena_free(&scratch);
    errno = why;
    return got >= 0;
}

/* ---- writing ---- */

/* Takes the text in pieces, for a file or beside one. */
struct sink {
    int fd;
    bool compares, failed;
    size_t len;
    char piece[PIECE], there[PIECE];
};

static void flush(struct sink *s) {
    struct str text = { s->piece, s->len };
    ssize_t got = 1;
    s->len = 0;
    if (!s->compares) {
        s->failed = s->failed || !fs_write_full(s->fd, text);
        return;
    }
    for (size_t at = 0; !s->failed && at < text.len; at += (size_t)got) {
        got = read_piece(s->fd, s->there, text.len - at);
        s->failed = got <= 0 || memcmp(s->there, text.at + at, (size_t)got) != 0;
    }
}

static void put(struct sink *s, struct str text) {
    while (text.len) {
        size_t some = PIECE - s->len < text.len ? PIECE - s->len : text.len;
        memcpy(s->piece + s->len, text.at, some);
        s->len += some;
        text = str_from(text, some);
        if (s->len == PIECE)
            flush(s);
    }
}

static void put_line(struct sink *s, const unsigned char *hash, struct str path) {
    static const char digits[] = "0123456789abcdef";
    char hex[HEX + 2];
    for (size_t i = 0; i < HASH; i++) {
        hex[2 * i] = digits[hash[i] >> 4];
        hex[2 * i + 1] = digits[hash[i] & 15];
    }
    hex[HEX] = hex[HEX + 1] = ' ';
    put(s, (struct str){ hex, sizeof hex });
    put(s, path);
    put(s, STR("\n"));
}

static struct { /* what is sorted: qsort hands nothing on */
    const struct manifest *m;
    unsigned side;
} sorting;

static int by_path(const void *a, const void *b) {
    const struct manifest *m = sorting.m;
    const struct manifest_entry *x = entry_at(m, *(const uint32_t *)a);
    const struct manifest_entry *y = entry_at(m, *(const uint32_t *)b);
    int order = str_cmp(from_on(m, x, sorting.side), from_on(m, y, sorting.side));
    return order ? order : strcmp(x->path, y->path);
}

static void put_entries(const struct manifest *m, unsigned side, struct sink *s,
                        struct arena *scratch) {
    uint32_t *sorted = arena_array(scratch, uint32_t, m->count + 1), count = 0;
    for (uint32_t at = m->first; at; at = entry_at(m, at)->next)
        if (sides_of(m, entry_at(m, at)) & side)
            sorted[count++] = at;
    sorting.m = m;
    sorting.side = side;
    qsort(sorted, count, sizeof *sorted, by_path);
    struct str above = STR("");
    for (uint32_t i = 0; i < count && !s->failed; i++) {
        const struct manifest_entry *e = entry_at(m, sorted[i]);
        struct str from = from_on(m, e, side);
        if (!str_eq(from, above)) {
            put(s, str_of(from_mark));
            put(s, from);
            put(s, STR("\n"));
        }
        above = from;
        for (const struct hash *h = &e->hash; h; h = next_hash(m, h))
            if (h->sides & side)
                put_line(s, h->at, manifest_path(e));
    }
}

static bool put_text(const struct manifest *m, unsigned side, int fd, bool compares) {
    struct arena scratch = { 0 };
    struct sink *s = arena_bytes(&scratch, sizeof *s);
    s->fd = fd;
    s->compares = compares;
    s->failed = false;
    s->len = 0;
    put(s, title);
    put_entries(m, side, s, &scratch);
    flush(s);
    int why = errno;
    bool done = !s->failed && (!compares || read_piece(fd, s->there, 1) == 0);
    arena_free(&scratch);
    errno = why;
    return done;
}

bool manifest_write(const struct manifest *m, enum manifest_side side, int fd) {
    return put_text(m, side, fd, false);
}

bool manifest_is(const struct manifest *m, enum manifest_side side, int fd) {
    return put_text(m, side, fd, true);
}
