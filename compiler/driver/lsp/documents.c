/* The files that an editor has open: their texts win over the disk. */
#include "driver/lsp/documents.h"

/* ---- names ---- */

static int hex(char c) {
    c = char_lower(c);
    return char_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

const char *uri_path(struct arena *arena, struct str uri) {
    struct buf out = { .arena = arena };
    if (!str_starts(uri, STR("file://")))
        return NULL;
    uri = str_from(uri, STR("file://").len);
    size_t slash = str_find(uri, '/');
    if (slash == STR_NONE || str_find(uri, '\0') != STR_NONE)
        return NULL;
    uri = str_from(uri, slash); /* the host of the file is ours */
    for (size_t i = 0; i < uri.len; i++) {
        bool escaped = uri.at[i] == '%' && i + 2 < uri.len && hex(uri.at[i + 1]) >= 0 &&
                       hex(uri.at[i + 2]) >= 0;
        char c = escaped ? (char)(hex(uri.at[i + 1]) * 16 + hex(uri.at[i + 2])) : uri.at[i];
        if (c == '\0')
            return NULL;
        buf_char(&out, c);
        i += escaped ? 2 : 0;
    }
    buf_char(&out, '\0');
    return out.at;
}

struct str path_uri(struct arena *arena, const char *path) {
    struct buf out = { .arena = arena };
    buf_text(&out, "file://");
    for (const char *c = path; *c; c++) {
        if (char_is_alnum(*c) || strchr("/-._~", *c))
            buf_char(&out, *c);
        else
            buf_format(&out, "%%%02X", (unsigned)(unsigned char)*c);
    }
    return buf_str(&out);
}

/* ---- documents ---- */

struct document *documents_find(const struct documents *all, struct str uri) {
    struct document *d = all->first;
    while (d && !str_eq(d->uri, uri))
        d = d->next;
    return d;
}

struct document *documents_at(const struct documents *all, const char *path) {
    struct document *d = all->first;
    while (d && strcmp(d->path, path) != 0)
        d = d->next;
    return d;
}

/* `text` may be made of the document's old one. */
static void set_text(struct documents *all, struct document *d, struct arena body,
                     struct str text) {
    struct arena old = d->body;
    d->body = body;
    d->lines = lines_of(&d->body, text, all->encoding);
    d->dirty = true;
    arena_free(&old);
}

struct document *documents_open(struct documents *all, struct str uri, int64_t version,
                                struct str text) {
    struct document *d = documents_find(all, uri);
    if (!d) {
        struct arena arena = { 0 };
        d = arena_new(&arena, struct document);
        d->uri = str_copy(&arena, uri);
        d->path = uri_path(&arena, uri);
        d->path = d->path ? d->path : d->uri.at;
        d->arena = arena;
        d->next = all->first;
        all->first = d;
    }
    struct arena body = { 0 };
    struct str kept = str_copy(&body, text);
    d->version = version;
    set_text(all, d, body, kept);
    return d;
}

void documents_close(struct documents *all, struct document *document) {
    struct document **at = &all->first;
    while (*at != document)
        at = &(*at)->next;
    *at = document->next;
    struct arena arena = document->arena; /* the document itself lives in it */
    arena_free(&document->body);
    arena_free(&arena);
}

bool document_change(struct documents *all, struct document *d, const struct json_value *change) {
    const struct json_value *range = json_get(change, "range");
    const struct json_value *text = json_get(change, "text");
    struct position from, to;
    struct str old = d->lines.text;
    size_t start = 0, end = old.len;
    if (!json_is(text, JSON_STRING))
        return false;
    if (json_is(range, JSON_OBJECT)) {
        if (!read_position(json_get(range, "start"), &from) ||
            !read_position(json_get(range, "end"), &to))
            return false;
        start = lines_offset(&d->lines, from);
        end = lines_offset(&d->lines, to);
        if (end < start)
            return false;
    } else if (range && range->kind != JSON_NULL) {
        return false;
    }
    struct arena body = { 0 };
    struct buf out = { .arena = &body };
    buf_reserve(&out, start + text->text.len + old.len - end + 1);
    buf_add(&out, str_slice(old, 0, start));
    buf_add(&out, text->text);
    buf_add(&out, str_from(old, end));
    set_text(all, d, body, buf_str(&out));
    return true;
}
