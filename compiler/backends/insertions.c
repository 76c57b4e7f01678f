/* Pieces of text to put into another text. */
#include "backends/insertions.h"

void insertions_add(struct insertions *list, size_t at, unsigned rank, struct str text) {
    struct insertion *i = arena_new(list->arena, struct insertion);
    *i = (struct insertion){ .at = at, .rank = rank, .text = text };
    if (list->last)
        list->last->next = i;
    else
        list->first = i;
    list->last = i;
    list->count++;
}

static bool comes_before(const struct insertion *a, const struct insertion *b) {
    return a->at != b->at ? a->at < b->at : a->rank < b->rank;
}

/* Merges two sorted runs; equals keep their order. */
static void merge(struct insertion **from, struct insertion **to, size_t low, size_t mid,
                  size_t high) {
    size_t a = low, b = mid;
    for (size_t i = low; i < high; i++)
        to[i] = a < mid && (b >= high || !comes_before(from[b], from[a])) ? from[a++] : from[b++];
}

static struct insertion **sorted(const struct insertions *list) {
    size_t count = list->count;
    struct insertion **a = arena_array(list->arena, struct insertion *, count + 1);
    struct insertion **b = arena_array(list->arena, struct insertion *, count + 1);
    size_t n = 0;
    for (struct insertion *i = list->first; i; i = i->next)
        a[n++] = i;
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t low = 0; low < count; low += 2 * width) {
            size_t mid = low + width < count ? low + width : count;
            merge(a, b, low, mid, mid + width < count ? mid + width : count);
        }
        struct insertion **swap = a;
        a = b;
        b = swap;
    }
    return a;
}

struct str insertions_apply(const struct insertions *list, struct str text) {
    if (!list->count)
        return text;
    struct insertion **all = sorted(list);
    struct buf out = { .arena = list->arena };
    size_t size = text.len, at = 0;
    for (size_t i = 0; i < list->count; i++)
        size += all[i]->text.len;
    buf_reserve(&out, size);
    for (size_t i = 0; i < list->count; i++) {
        buf_add(&out, str_slice(text, at, all[i]->at));
        buf_add(&out, all[i]->text);
        at = all[i]->at;
    }
    buf_add(&out, str_from(text, at));
    return buf_str(&out);
}
