/* .itsupc/manifest: a line "HASH  PATH" for each file, as `sha256sum -c` reads it; `# from` above
   those of several workspaces. */
#include "driver/manifest.h"

#include "driver/outdir.h"

#include <stdlib.h>

static const struct str title = {
    "# What itsupc wrote here. Without this file its outputs are foreign to it.\n", 75
};

static const char from_mark[] = "# from ";

void manifest_add(struct manifest *m, struct str path, const char *hex) {
    void **slot = table_at(&m->index, path);
    struct manifest_entry *e = *slot;
    if (!e) {
        e = arena_new(m->arena, struct manifest_entry);
        e->path = path;
        e->from = m->from;
        *slot = e;
        if (m->last)
            m->last->next = e;
        else
            m->first = e;
        m->last = e;
    }
    for (struct manifest_hash *h = e->hashes; h; h = h->next)
        if (memcmp(h->hex, hex, 64) == 0)
            return;
    struct manifest_hash *h = arena_new(m->arena, struct manifest_hash);
    memcpy(h->hex, hex, 64);
    struct manifest_hash **end = &e->hashes;
    while (*end)
        end = &(*end)->next;
    *end = h;
}

static bool is_hash(struct str text) {
    for (size_t i = 0; i < text.len; i++)
        if (!char_is_digit(text.at[i]) && !(text.at[i] >= 'a' && text.at[i] <= 'f'))
            return false;
    return text.len == 64;
}

void manifest_read(struct manifest *m, struct arena *arena, struct str text) {
    *m = (struct manifest){ .arena = arena, .index = { .arena = arena } };
    while (text.len) {
        size_t end = str_find(text, '\n');
        struct str line = str_slice(text, 0, end);
        text = end == STR_NONE ? STR("") : str_from(text, end + 1);
        if (str_starts(line, str_of(from_mark)))
            m->from = str_copy(arena, str_from(line, sizeof from_mark - 1));
        struct str hash = str_slice(line, 0, 64), path = str_from(line, 66);
        if (is_hash(hash) && str_starts(str_from(line, 64), STR("  ")) && outdir_path_fits(path))
            manifest_add(m, str_copy(arena, path), hash.at);
    }
}

struct manifest_entry *manifest_find(const struct manifest *m, struct str path) {
    return table_get(&m->index, path);
}

bool manifest_knows(const struct manifest_entry *entry, struct str text) {
    char hex[65];
    if (!entry)
        return false;
    sha256_hex(text, hex);
    for (const struct manifest_hash *h = entry->hashes; h; h = h->next)
        if (memcmp(h->hex, hex, 64) == 0)
            return true;
    return false;
}

static int by_path(const void *a, const void *b) {
    const struct manifest_entry *const *x = a, *const *y = b;
    int order = str_cmp((*x)->from, (*y)->from);
    return order ? order : str_cmp((*x)->path, (*y)->path);
}

struct str manifest_text(struct manifest *m, struct arena *arena) {
    const struct manifest_entry **sorted =
        arena_array(arena, const struct manifest_entry *, m->index.count + 1);
    size_t count = 0;
    for (const struct manifest_entry *e = m->first; e; e = e->next)
        sorted[count++] = e;
    qsort(sorted, count, sizeof *sorted, by_path);
    struct buf out = { .arena = arena };
    buf_add(&out, title);
    for (size_t i = 0; i < count; i++) {
        if (sorted[i]->from.len && (!i || !str_eq(sorted[i]->from, sorted[i - 1]->from)))
            buf_format(&out, "%s%.*s\n", from_mark, STR_ARG(sorted[i]->from));
        for (const struct manifest_hash *h = sorted[i]->hashes; h; h = h->next) {
            buf_add(&out, (struct str){ h->hex, 64 });
            buf_text(&out, "  ");
            buf_add(&out, sorted[i]->path);
            buf_char(&out, '\n');
        }
    }
    return buf_str(&out);
}
