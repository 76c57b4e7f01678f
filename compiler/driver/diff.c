/* The unified difference of two texts: Myers' linear-space algorithm ("An O(ND) Difference
   Algorithm and Its Variations", 1986) over numbered lines. */
#include "driver/diff.h"

#include "support/table.h"

#include <stdlib.h>

enum {
    CONTEXT = 3,
    LINES_MOST = 1000 * 1000, /* a side; beyond, the whole text counts as replaced */
    EDITS_MOST = 2000,        /* half the edits searched for; beyond, a stretch does */
};
static const long BUDGET = 200L * 1000 * 1000; /* steps in all */

struct side {
    struct str *lines; /* with their line ends */
    uint32_t *ids;     /* equal lines have equal numbers */
    bool *changed;
    size_t count;
    uint32_t *kept; /* the lines that the other side has too: their numbers … */
    size_t *at;     /* … and their places */
    size_t kept_count;
};

static size_t count_lines(struct str text) {
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.at[i] == '\n';
    return count + (text.len > 0 && text.at[text.len - 1] != '\n');
}

static struct str next_line(struct str *rest) {
    size_t end = str_find(*rest, '\n');
    size_t len = end == STR_NONE ? rest->len : end + 1;
    struct str line = str_slice(*rest, 0, len);
    *rest = str_from(*rest, len);
    return line;
}

static void number_lines(struct side *s, struct arena *arena, struct table *numbers,
                         struct str text) {
    s->count = count_lines(text);
    s->lines = arena_array(arena, struct str, s->count);
    s->ids = arena_array(arena, uint32_t, s->count);
    s->changed = arena_array(arena, bool, s->count);
    for (size_t i = 0; i < s->count; i++) {
        s->lines[i] = next_line(&text);
        void **number = table_at(numbers, s->lines[i]);
        if (!*number)
            *number = (void *)(uintptr_t)numbers->count;
        s->ids[i] = (uint32_t)(uintptr_t)*number;
    }
}

/* A line that the other side has nowhere is changed for certain and only slows the search. */
static void keep_common(struct side *s, const struct side *other, struct arena *arena,
                        size_t numbers) {
    bool *known = arena_array(arena, bool, numbers + 1);
    for (size_t i = 0; i < other->count; i++)
        known[other->ids[i]] = true;
    s->kept = arena_array(arena, uint32_t, s->count);
    s->at = arena_array(arena, size_t, s->count);
    for (size_t i = 0; i < s->count; i++) {
        s->changed[i] = !known[s->ids[i]];
        if (s->changed[i])
            continue;
        s->kept[s->kept_count] = s->ids[i];
        s->at[s->kept_count++] = i;
    }
}

/* ---- the search ---- */

struct box { /* a stretch of either side, by index into `kept` */
    size_t a0, a1, b0, b1;
};

struct search {
    struct arena *arena;
    struct side *a, *b;
    long *forward, *backward; /* furthest x on diagonal k, at [k + EDITS_MOST + 1] */
    long budget;
    struct box *boxes; /* a stack: no recursion on input */
    size_t count, room;
};

static void push(struct search *s, struct box box) {
    if (s->count == s->room) {
        size_t room = s->room ? s->room * 2 : 64;
        struct box *boxes = arena_array(s->arena, struct box, room);
        if (s->count)
            memcpy(boxes, s->boxes, s->count * sizeof *boxes);
        s->boxes = boxes;
        s->room = room;
    }
    s->boxes[s->count++] = box;
}

static void mark(struct search *s, struct box box) {
    for (size_t i = box.a0; i < box.a1; i++)
        s->a->changed[s->a->at[i]] = true;
    for (size_t i = box.b0; i < box.b1; i++)
        s->b->changed[s->b->at[i]] = true;
}

/* Walks from both corners at once until the paths meet: (x, y) to (u, v), relative to the box, is
   the stretch of equal lines where they do. `near` is the walk that takes a step, `far` the other.
   False when the ends lie too far apart. */
static bool find_middle(struct search *s, struct box box, long *x, long *y, long *u, long *v) {
    const uint32_t *a = s->a->kept + box.a0, *b = s->b->kept + box.b0;
    long n = (long)(box.a1 - box.a0), m = (long)(box.b1 - box.b0), delta = n - m;
    long most = (n + m + 1) / 2 < EDITS_MOST ? (n + m + 1) / 2 : EDITS_MOST;
    long middle = EDITS_MOST + 1;
    size_t used = (size_t)(2 * most + 3) * sizeof(long);
    memset(s->forward + middle - most - 1, 0, used);
    memset(s->backward + middle - most - 1, 0, used);
    for (long d = 0; d <= most; d++) {
        for (int back = 0; back < 2; back++) {
            long *near = (back ? s->backward : s->forward) + middle;
            const long *far = (back ? s->forward : s->backward) + middle;
            long low = -(d - 2 * (d > m ? d - m : 0)), high = d - 2 * (d > n ? d - n : 0);
            for (long k = low; k <= high; k += 2) {
                bool down = k == -d || (k != d && near[k - 1] < near[k + 1]);
                long i = down ? near[k + 1] : near[k - 1] + 1, from = i;
                while (i < n && i - k < m &&
                       (back ? a[n - 1 - i] == b[m - 1 - i + k] : a[i] == b[i - k]))
                    i++;
                near[k] = i;
                s->budget -= 1 + i - from;
                long z = delta - k, reach = back ? d : d - 1;
                bool meets = (delta % 2 != 0) == !back && z >= -reach && z <= reach;
                if (!meets || near[k] + far[z] < n)
                    continue;
                *x = back ? n - i : from;
                *y = back ? m - (i - k) : from - k;
                *u = back ? n - from : i;
                *v = back ? m - (from - k) : i - k;
                return true;
            }
        }
        if (s->budget < 0)
            return false;
    }
    return false;
}

static void search(struct search *s) {
    push(s, (struct box){ 0, s->a->kept_count, 0, s->b->kept_count });
    while (s->count) {
        struct box box = s->boxes[--s->count];
        const uint32_t *a = s->a->kept, *b = s->b->kept;
        while (box.a0 < box.a1 && box.b0 < box.b1 && a[box.a0] == b[box.b0])
            box.a0++, box.b0++;
        while (box.a0 < box.a1 && box.b0 < box.b1 && a[box.a1 - 1] == b[box.b1 - 1])
            box.a1--, box.b1--;
        long x, y, u, v;
        if (box.a0 == box.a1 || box.b0 == box.b1 || !find_middle(s, box, &x, &y, &u, &v)) {
            mark(s, box);
            continue;
        }
        push(s, (struct box){ box.a0, box.a0 + (size_t)x, box.b0, box.b0 + (size_t)y });
        push(s, (struct box){ box.a0 + (size_t)u, box.a1, box.b0 + (size_t)v, box.b1 });
    }
}

/* ---- printing ---- */

static void print_line(struct stream *out, const char *sign, const char *style, struct str line) {
    bool ends = line.len && line.at[line.len - 1] == '\n';
    struct str text = str_slice(line, 0, line.len - ends);
    if (style && out->color) {
        stream_text(out, "\033[");
        stream_text(out, style);
        stream_text(out, "m");
    }
    stream_text(out, sign);
    stream_put(out, text);
    if (style && out->color)
        stream_text(out, "\033[0m");
    stream_text(out, ends ? "\n" : "\n\\ No newline at end of file\n");
}

/* An empty stretch names the line before it. */
static void print_header(struct stream *out, size_t a, size_t a_count, size_t b, size_t b_count) {
    char line[128];
    int len = snprintf(line, sizeof line, "@@ -%zu,%zu +%zu,%zu @@", a + (a_count > 0), a_count,
                       b + (b_count > 0), b_count);
    stream_styled(out, STYLE_CYAN, (struct str){ line, (size_t)len });
    stream_text(out, "\n");
}

static void print_hunk(struct stream *out, const struct side *a, const struct side *b,
                       struct box box) {
    print_header(out, box.a0, box.a1 - box.a0, box.b0, box.b1 - box.b0);
    size_t i = box.a0, j = box.b0;
    while (i < box.a1 || j < box.b1) {
        if (i < box.a1 && a->changed[i])
            print_line(out, "-", STYLE_RED, a->lines[i++]);
        else if (j < box.b1 && b->changed[j])
            print_line(out, "+", STYLE_GREEN, b->lines[j++]);
        else
            print_line(out, " ", NULL, a->lines[i++]), j++;
    }
}

static void print_hunks(struct stream *out, const struct side *a, const struct side *b) {
    size_t i = 0, j = 0;
    while (i < a->count || j < b->count) {
        if (i < a->count && j < b->count && !a->changed[i] && !b->changed[j]) {
            i++, j++;
            continue;
        }
        size_t lead = i < CONTEXT ? i : CONTEXT, quiet = 0;
        if (j < lead)
            lead = j;
        struct box box = { .a0 = i - lead, .b0 = j - lead };
        while (i < a->count || j < b->count) { /* changes closer than two contexts share a hunk */
            if (i < a->count && a->changed[i])
                i++, quiet = 0;
            else if (j < b->count && b->changed[j])
                j++, quiet = 0;
            else if (quiet == 2 * CONTEXT)
                break;
            else
                i++, j++, quiet++;
        }
        size_t surplus = quiet > CONTEXT ? quiet - CONTEXT : 0;
        i -= surplus;
        j -= surplus;
        box.a1 = i;
        box.b1 = j;
        print_hunk(out, a, b, box);
    }
}

static void print_replaced(struct stream *out, struct str before, struct str after) {
    print_header(out, 0, count_lines(before), 0, count_lines(after));
    while (before.len)
        print_line(out, "-", STYLE_RED, next_line(&before));
    while (after.len)
        print_line(out, "+", STYLE_GREEN, next_line(&after));
}

static void print_compared(struct stream *out, struct str before, struct str after) {
    struct arena arena = { 0 };
    struct table numbers = { .arena = &arena };
    struct side a = { 0 }, b = { 0 };
    number_lines(&a, &arena, &numbers, before);
    number_lines(&b, &arena, &numbers, after);
    keep_common(&a, &b, &arena, numbers.count);
    keep_common(&b, &a, &arena, numbers.count);
    struct search s = { .arena = &arena, .a = &a, .b = &b, .budget = BUDGET };
    s.forward = arena_array(&arena, long, 2 * EDITS_MOST + 3);
    s.backward = arena_array(&arena, long, 2 * EDITS_MOST + 3);
    search(&s);
    print_hunks(out, &a, &b);
    arena_free(&arena);
}

/* A name with control characters would break the lines of the header. */
static void print_name(struct stream *out, const char *sign, const char *name) {
    char line[4200];
    int len = snprintf(line, sizeof line, "%s%s", sign, name);
    if (len < 0)
        return;
    if ((size_t)len >= sizeof line)
        len = (int)sizeof line - 1;
    for (int i = 0; i < len; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = '?';
    stream_styled(out, STYLE_BOLD, (struct str){ line, (size_t)len });
    stream_text(out, "\n");
}

void diff_print(struct stream *out, const char *name, struct str before, struct str after) {
    if (str_eq(before, after))
        return;
    print_name(out, "--- a/", name);
    print_name(out, "+++ b/", name);
    if (count_lines(before) > LINES_MOST || count_lines(after) > LINES_MOST)
        print_replaced(out, before, after);
    else
        print_compared(out, before, after);
}
