/* Any bytes: the formatter ends, formatting again changes nothing, and of a text without errors
   every comment is kept. The comments are found by a reader of our own, which knows no grammar. */
#include "itsupc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum itsupc_load answer_missing(void *context, const char *name, struct itsupc *session,
                                       struct itsupc_text *text) {
    (void)context;
    (void)name;
    (void)session;
    *text = (struct itsupc_text){ 0 };
    return ITSUPC_MISSING;
}

struct reader {
    const char *at, *end;
};

static bool looking_at(const struct reader *r, const char *word) {
    size_t len = strlen(word);
    return (size_t)(r->end - r->at) >= len && memcmp(r->at, word, len) == 0;
}

static bool ends_word(char c) {
    return strchr(" \t\r\n\"`()[]{},;|=<>\\", c) != NULL; /* NUL among them */
}

static bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

/* Moves over {name} or ${…}, which belong to the word around them. */
static bool skip_interpolation(struct reader *r) {
    const char *at = r->at;
    if (looking_at(r, "${")) {
        while (at < r->end && *at != '}' && *at != '\n')
            at++;
    } else if (looking_at(r, "{")) {
        at++;
        if (at >= r->end || !is_name(*at) || (*at >= '0' && *at <= '9') || *at == '-' || *at == '.')
            return false;
        while (at < r->end && is_name(*at))
            at++;
    } else {
        return false;
    }
    if (at >= r->end || *at != '}')
        return false;
    r->at = at + 1;
    return true;
}

/* Moves over a bracketed address behind `//`. */
static bool skip_address(struct reader *r, const char *start) {
    if (r->at - start < 2 || r->at[-1] != '/' || r->at[-2] != '/' || *r->at != '[')
        return false;
    const char *at = r->at;
    while (at < r->end && *at != ']' && *at != '\n')
        at++;
    if (at >= r->end || *at != ']')
        return false;
    r->at = at + 1;
    return true;
}

static void skip_word(struct reader *r) {
    const char *start = r->at;
    bool query = false;
    while (r->at < r->end) {
        if (skip_interpolation(r) || skip_address(r, start))
            continue;
        if (ends_word(*r->at) && !(query && *r->at == '='))
            break;
        query = query || *r->at == '?';
        r->at++;
    }
    if (r->at == start)
        r->at++;
}

static void skip_quoted(struct reader *r, char quote) {
    r->at++;
    while (r->at < r->end && *r->at != quote && *r->at != '\n') {
        bool escape = quote == '"' && *r->at == '\\' && r->at + 1 < r->end && r->at[1] != '\n';
        r->at += escape ? 2 : 1;
    }
    if (r->at < r->end)
        r->at++;
}

static void skip_heredoc(struct reader *r) {
    r->at += 3;
    while (r->at < r->end && !looking_at(r, "\"\"\""))
        r->at++;
    r->at = r->end - r->at < 3 ? r->end : r->at + 3;
}

/* The comments of a text as a number that does not depend on their order: the sum of their hashes.
 */
static uint64_t comments_of(struct itsupc_text text) {
    struct reader r = { text.at, text.at + text.len };
    uint64_t sum = 0;
    while (r.at < r.end) {
        if (looking_at(&r, "\"\"\"")) {
            skip_heredoc(&r);
        } else if (*r.at == '"' || *r.at == '`') {
            skip_quoted(&r, *r.at);
        } else if (*r.at == '#') {
            const char *start = r.at;
            while (r.at < r.end && *r.at != '\n')
                r.at++;
            const char *end = r.at;
            while (end > start && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
                end--;
            uint64_t hash = 14695981039346656037u;
            for (const char *at = start; at < end; at++)
                hash = (hash ^ (unsigned char)*at) * 1099511628211u;
            sum += hash;
        } else {
            skip_word(&r);
        }
    }
    return sum;
}

static void fail(const char *what, struct itsupc_text a, struct itsupc_text b) {
    fprintf(stderr, "%s\n---- before\n", what);
    fwrite(a.at, 1, a.len, stderr);
    fputs("\n---- after\n", stderr);
    fwrite(b.at, 1, b.len, stderr);
    fputc('\n', stderr);
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct itsupc_options options = { .loader = { .load = answer_missing } };
    struct itsupc_text text = { (const char *)data, size };
    struct itsupc *first = itsupc_new(&options), *second = itsupc_new(&options);

    struct itsupc_text once = itsupc_format(first, "input.itsup", text);
    struct itsupc_text twice = itsupc_format(second, "input.itsup", once);
    if (once.len != twice.len || (once.len && memcmp(once.at, twice.at, once.len) != 0))
        fail("formatting twice is not formatting once", once, twice);
    if (itsupc_summary(first).errors == 0) {
        if (itsupc_summary(second).errors != 0)
            fail("formatting made an error", text, once);
        struct itsupc_text plain = text;
        if (size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0)
            plain = (struct itsupc_text){ text.at + 3, text.len - 3 };
        if (comments_of(plain) != comments_of(once))
            fail("formatting changed the comments", text, once);
    }
    itsupc_free(first);
    itsupc_free(second);
    return 0;
}
