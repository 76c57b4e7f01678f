/* The fixes of a list of findings that can be applied together, and the texts that they give. */
#include "source/fix.h"

#include "support/buf.h"

#include <stdlib.h>

static int by_start(const void *a, const void *b) {
    const struct diag_edit *x = *(const struct diag_edit *const *)a;
    const struct diag_edit *y = *(const struct diag_edit *const *)b;
    if (x->span.start != y->span.start)
        return x->span.start < y->span.start ? -1 : 1;
    return (x->span.end > y->span.end) - (x->span.end < y->span.end);
}

static int by_first_edit(const void *a, const void *b) {
    const struct diag_fix *x = *(const struct diag_fix *const *)a;
    const struct diag_fix *y = *(const struct diag_fix *const *)b;
    return by_start(&x->edits, &y->edits);
}

/* ---- choosing ---- */

/* Spans that are taken, in order of their starts and apart from each other. */
struct taken {
    struct arena *arena;
    struct span *list;
    size_t count, room;
};

/* How many of the spans start before `at` or there. */
static size_t before(const struct taken *t, uint32_t at) {
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->list[middle].start <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Touching counts: of two texts put at one place no one knows which goes first. */
static bool is_free(const struct taken *t, struct span span) {
    size_t i = before(t, span.end);
    return i == 0 || t->list[i - 1].end < span.start;
}

static void take(struct taken *t, struct span span) {
    if (t->count == t->room) {
        size_t room = t->room ? t->room * 2 : 64;
        struct span *list = arena_array(t->arena, struct span, room);
        if (t->count)
            memcpy(list, t->list, t->count * sizeof *list);
        t->list = list;
        t->room = room;
    }
    size_t i = before(t, span.start);
    memmove(t->list + i + 1, t->list + i, (t->count - i) * sizeof *t->list);
    t->list[i] = span;
    t->count++;
}

static bool is_apart(const struct taken *t, const struct diag_fix *fix) {
    for (const struct diag_edit *e = fix->edits; e; e = e->next) {
        if (!is_free(t, e->span))
            return false;
        for (const struct diag_edit *other = fix->edits; other != e; other = other->next)
            if (e->span.start <= other->span.end && other->span.start <= e->span.end)
                return false;
    }
    return true;
}

static const struct diag_fix *safe_fix(const struct diag *d) {
    const struct diag_fix *fix = d->fixes;
    while (fix && !(fix->safe && fix->edits))
        fix = fix->next;
    return fix;
}

struct fixes fixes_choose(struct arena *arena, const struct diags *diags) {
    struct fixes all = { arena_array(arena, const struct diag_fix *, diags->count + 1), 0 };
    for (const struct diag *d = diags->first; d; d = d->next)
        if (safe_fix(d))
            all.list[all.count++] = safe_fix(d);
    /* In the order of the pool each span is taken behind the others, at no cost. */
    qsort(all.list, all.count, sizeof *all.list, by_first_edit);
    struct taken taken = { .arena = arena };
    size_t kept = 0;
    for (size_t i = 0; i < all.count; i++) {
        if (!is_apart(&taken, all.list[i]))
            continue;
        for (const struct diag_edit *e = all.list[i]->edits; e; e = e->next)
            take(&taken, e->span);
        all.list[kept++] = all.list[i];
    }
    all.count = kept;
    return all;
}

/* ---- applying ---- */

static bool has_crlf(struct str text) {
    size_t end = str_find(text, '\n');
    return end != STR_NONE && end > 0 && text.at[end - 1] == '\r';
}

static void put(struct buf *out, struct str text, bool crlf) {
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\n' && crlf && !(i && text.at[i - 1] == '\r'))
            buf_char(out, '\r');
        buf_char(out, text.at[i]);
    }
}

size_t fixes_apply(struct arena *arena, const struct sources *sources, const struct fixes *fixes,
                   const bool *chosen, struct fixed **out) {
    size_t count = 0, n = 0, files = 0;
    for (size_t i = 0; i < fixes->count; i++)
        for (const struct diag_edit *e = chosen[i] ? fixes->list[i]->edits : NULL; e; e = e->next)
            count++;
    const struct diag_edit **edits = arena_array(arena, const struct diag_edit *, count + 1);
    for (size_t i = 0; i < fixes->count; i++)
        for (const struct diag_edit *e = chosen[i] ? fixes->list[i]->edits : NULL; e; e = e->next)
            edits[n++] = e;
    qsort(edits, count, sizeof *edits, by_start);
    *out = arena_array(arena, struct fixed, count + 1);
    for (size_t i = 0; i < count;) {
        const struct source *source = source_at(sources, edits[i]->span.start);
        struct buf text = { .arena = arena };
        size_t at = 0;
        bool crlf = has_crlf(source->text);
        for (; i < count && source_at(sources, edits[i]->span.start) == source; i++) {
            buf_add(&text, str_slice(source->text, at, edits[i]->span.start - source->base));
            put(&text, edits[i]->text, crlf);
            at = edits[i]->span.end - source->base;
        }
        buf_add(&text, str_from(source->text, at));
        (*out)[files++] = (struct fixed){ source, buf_str(&text) };
    }
    return files;
}
