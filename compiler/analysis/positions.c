#include "analysis/positions.h"

void positions_add(struct positions *list, struct arena *a, uint32_t position) {
    if (list->count && list->at[list->count - 1] == position)
        return;
    if ((list->count & (list->count - 1)) == 0) {
        uint32_t *at = arena_array(a, uint32_t, list->count ? 2 * list->count : 1);
        if (list->count)
            memcpy(at, list->at, list->count * sizeof *at);
        list->at = at;
    }
    list->at[list->count++] = position;
}

static void swap(struct positions *a, struct positions *b) {
    struct positions kept = *a;
    *a = *b;
    *b = kept;
}

static bool is_less(const struct positions *a, const struct positions *b) {
    return a->at[0] < b->at[0];
}

void merge_add(struct merge *m, uint32_t *at, size_t count) {
    if (!count)
        return;
    if (m->count == m->room) {
        m->room = m->room ? 2 * m->room : 8;
        struct positions *lists = arena_array(m->arena, struct positions, m->room);
        if (m->count)
            memcpy(lists, m->lists, m->count * sizeof *lists);
        m->lists = lists;
    }
    size_t i = m->count++;
    m->lists[i] = (struct positions){ at, count };
    for (; i && is_less(&m->lists[i], &m->lists[(i - 1) / 2]); i = (i - 1) / 2)
        swap(&m->lists[i], &m->lists[(i - 1) / 2]);
}

static void sink(struct merge *m) {
    for (size_t i = 0, least = 0;; i = least) {
        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < m->count; child++)
            if (is_less(&m->lists[child], &m->lists[least]))
                least = child;
        if (least == i)
            return;
        swap(&m->lists[i], &m->lists[least]);
    }
}

bool merge_next(struct merge *m, uint32_t *position) {
    while (m->count) {
        struct positions *first = &m->lists[0];
        uint32_t found = first->at[0];
        first->at++;
        if (--first->count == 0)
            *first = m->lists[--m->count];
        if (m->count)
            sink(m);
        if (m->begun && found == m->last)
            continue;
        m->begun = true;
        m->last = *position = found;
        return true;
    }
    return false;
}
