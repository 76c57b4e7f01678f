/* Where an expression matches, with its groups: Pike's machine, in which the order of the ways is
   the order in which Go would try them. And replacing by what was found. */
#include "support/buf.h"
#include "support/regex_code.h"

struct ways { /* in the order of preference; each with its own places */
    uint32_t *at, *index;
    size_t *places;
    size_t count;
};

struct finder {
    const struct regex_program *program;
    size_t width; /* places of one way */
    struct ways now, next;
    struct frame { /* to go on at `at`, or (at NONE) to put a place back */
        uint32_t at;
        size_t slot, old;
    } * stack;
    size_t *places; /* of the way at hand */
    uint32_t before, after;
    size_t spent;
};

enum { MEMORY_MOST = 4 * 1000 * 1000 }; /* places of all ways together */
#define NONE UINT32_MAX

static bool is_new(const struct ways *w, uint32_t at) {
    return w->index[at] >= w->count || w->at[w->index[at]] != at;
}

/* All that can be reached from `start` without a character, best first. */
static void enter(struct finder *f, struct ways *w, uint32_t start, size_t position) {
    size_t depth = 0;
    f->stack[depth++] = (struct frame){ .at = start };
    while (depth) {
        struct frame frame = f->stack[--depth];
        if (frame.at == NONE) {
            f->places[frame.slot] = frame.old;
            continue;
        }
        if (!is_new(w, frame.at))
            continue;
        size_t index = w->count++;
        w->index[frame.at] = (uint32_t)index;
        w->at[index] = frame.at;
        f->spent++;
        const struct instruction *i = &f->program->code[frame.at];
        switch (i->op) {
        case OP_JUMP: f->stack[depth++] = (struct frame){ .at = i->x }; break;
        case OP_SPLIT:
            f->stack[depth++] = (struct frame){ .at = i->y };
            f->stack[depth++] = (struct frame){ .at = i->x };
            break;
        case OP_SAVE:
            f->stack[depth++] = (struct frame){ NONE, i->x, f->places[i->x] };
            f->places[i->x] = position;
            f->stack[depth++] = (struct frame){ .at = frame.at + 1 };
            break;
        case OP_ASSERT:
            if (regex_holds(i->x, f->before, f->after))
                f->stack[depth++] = (struct frame){ .at = frame.at + 1 };
            break;
        case OP_RUNE:
        case OP_FOLD:
        case OP_CLASS:
        case OP_ANY:
        case OP_NOT_NEWLINE:
        case OP_MATCH:
            memcpy(w->places + index * f->width, f->places, f->width * sizeof *f->places);
            break;
        }
    }
}

static struct ways ways_new(struct arena *a, size_t count, size_t width) {
    return (struct ways){ arena_array(a, uint32_t, count), arena_array(a, uint32_t, count),
                          arena_array(a, size_t, count * width), 0 };
}

size_t regex_captures(const struct regex_program *p) {
    return p->captures;
}

/* The character before `at`: the last one that begins there and ends here. */
static uint32_t rune_before(struct str text, size_t at) {
    size_t len, from = at > 4 ? at - 4 : 0;
    for (; from < at; from++) {
        uint32_t rune = regex_rune_at(text, from, &len);
        if (from + len == at)
            return rune;
    }
    return REGEX_NOTHING;
}

enum regex_answer regex_find(const struct regex_program *p, struct str text, size_t from,
                             size_t *places, struct arena *scratch) {
    struct finder f = { .program = p, .width = 2 * p->captures };
    if (p->count > MEMORY_MOST / f.width)
        return REGEX_UNKNOWN;
    f.now = ways_new(scratch, p->count, f.width);
    f.next = ways_new(scratch, p->count, f.width);
    f.stack = arena_array(scratch, struct frame, 3 * p->count + 3);
    f.places = arena_array(scratch, size_t, f.width);
    f.before = rune_before(text, from);
    bool found = false;
    size_t len;
    for (size_t at = from;; at += len) {
        f.after = regex_rune_at(text, at, &len);
        /* `now` holds where ways wait behind the character before; here they go on. */
        f.next.count = 0;
        for (size_t i = 0; i < f.now.count; i++) {
            memcpy(f.places, f.now.places + i * f.width, f.width * sizeof *f.places);
            enter(&f, &f.next, f.now.at[i], at);
        }
        if (!found) {
            for (size_t i = 0; i < f.width; i++)
                f.places[i] = REGEX_UNSET;
            f.places[0] = at;
            enter(&f, &f.next, 0, at);
        }
        f.now.count = 0;
        for (size_t i = 0; i < f.next.count; i++) {
            const struct instruction *in = &p->code[f.next.at[i]];
            if (in->op == OP_MATCH) { /* what comes after it is liked less */
                memcpy(places, f.next.places + i * f.width, f.width * sizeof *places);
                places[1] = at;
                found = true;
                break;
            }
            if (f.after == REGEX_NOTHING || !regex_takes(p, in, f.after))
                continue;
            uint32_t next = f.next.at[i] + 1;
            if (!is_new(&f.now, next))
                continue;
            f.now.index[next] = (uint32_t)f.now.count;
            f.now.at[f.now.count] = next;
            memcpy(f.now.places + f.now.count++ * f.width, f.next.places + i * f.width,
                   f.width * sizeof *places);
        }
        if (f.after == REGEX_NOTHING || (found && f.now.count == 0))
            return found ? REGEX_YES : REGEX_NO;
        if (f.spent > REGEX_STEPS_MOST / f.width)
            return REGEX_UNKNOWN;
        f.before = f.after;
    }
}

/* ---- replacing ---- */

/* A group's number by its digits or its name, of several with one name the first that took part;
   STR_NONE when there is none. */
static size_t group_of(const struct regex_program *p, struct str name, const size_t *places) {
    uint64_t number;
    bool zeros = name.len > 1 && name.at[0] == '0';
    if (!zeros && str_to_uint(name, 100000000, &number))
        return number < p->captures ? (size_t)number : STR_NONE;
    for (size_t i = 0; i < p->captures; i++)
        if (p->names[i].len && str_eq(p->names[i], name) && places[2 * i] != REGEX_UNSET)
            return i;
    return STR_NONE;
}

static bool is_name(char c) {
    return char_is_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

static void expand(struct buf *out, const struct regex_program *p, struct str text,
                   struct str template, const size_t *places) {
    for (size_t dollar; (dollar = str_find(template, '$')) != STR_NONE;) {
        buf_add(out, str_slice(template, 0, dollar));
        template = str_from(template, dollar + 1);
        if (str_starts(template, STR("$"))) {
            buf_char(out, '$');
            template = str_from(template, 1);
            continue;
        }
        bool brace = str_starts(template, STR("{"));
        size_t end = brace;
        while (end < template.len && is_name(template.at[end]))
            end++;
        struct str name = str_slice(template, brace, end);
        if (!name.len || (brace && (end >= template.len || template.at[end] != '}'))) {
            buf_char(out, '$');
            continue;
        }
        size_t group = group_of(p, name, places);
        if (group != STR_NONE && places[2 * group] != REGEX_UNSET)
            buf_add(out, str_slice(text, places[2 * group], places[2 * group + 1]));
        template = str_from(template, end + brace);
    }
    buf_add(out, template);
}

struct str regex_replace(const struct regex_program *p, struct str text, struct str replacement,
                         struct arena *a) {
    struct buf out = { .arena = a };
    size_t *places = arena_array(a, size_t, 2 * p->captures);
    size_t last = 0, at = 0;
    while (at <= text.len) {
        enum regex_answer answer = regex_find(p, text, at, places, a);
        if (answer == REGEX_UNKNOWN)
            return (struct str){ NULL, 0 };
        if (answer == REGEX_NO)
            break;
        buf_add(&out, str_slice(text, last, places[0]));
        /* An empty match right behind another one does not count. */
        if (places[1] > last || places[0] == 0)
            expand(&out, p, text, replacement, places);
        last = places[1];
        size_t len;
        regex_rune_at(text, at, &len);
        at = at + len > last ? at + len : at + 1 > last ? at + 1 : last;
    }
    buf_add(&out, str_from(text, last));
    return buf_str(&out);
}
