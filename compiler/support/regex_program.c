/* From the tree of a regular expression to instructions, and a machine that runs them on all
   positions at once (Thompson's construction, Pike's machine without captures). */
#include "support/regex_code.h"
#include "support/regex_unicode.h"
#include "support/utf8.h"

/* ---- classes ---- */

static bool item_holds(const struct regex_item *item, uint32_t rune) {
    if (item->unicode)
        return regex_unicode_has(item->unicode, rune);
    if (!item->ascii)
        return rune >= item->from && rune <= item->to;
    for (size_t i = 0; i < REGEX_RANGES_MOST && (i == 0 || item->ascii[i].to); i++)
        if (rune >= item->ascii[i].from && rune <= item->ascii[i].to)
            return true;
    return false;
}

static bool class_holds(const struct regex_node *class, uint32_t rune) {
    for (size_t i = 0; i < class->item_count; i++) {
        const struct regex_item *item = &class->items[i];
        bool holds = item_holds(item, rune);
        if (class->fold)
            for (uint32_t r = regex_fold_next(rune); r != rune && !holds; r = regex_fold_next(r))
                holds = item_holds(item, r);
        if (holds != item->negated)
            return !class->negated;
    }
    return class->negated;
}

static uint32_t class_add(struct regex_program *p, const struct regex_node *node) {
    if (p->class_count == p->class_room) {
        size_t room = p->class_room ? 2 * p->class_room : 4;
        struct class *classes = arena_array(p->arena, struct class, room);
        if (p->class_count)
            memcpy(classes, p->classes, p->class_count * sizeof *classes);
        p->classes = classes;
        p->class_room = room;
    }
    struct class *class = &p->classes[p->class_count];
    *class = (struct class){ .node = node };
    for (uint32_t rune = 0; rune < 0x80; rune++)
        if (class_holds(node, rune))
            class->ascii[rune / 32] |= UINT32_C(1) << rune % 32;
    return (uint32_t)p->class_count++;
}

/* ---- compiling; the recursion is as deep as the tree, at most 1000 ---- */

static size_t emit(struct regex_program *p, enum op op, size_t x, size_t y) {
    if (p->count == p->room) {
        size_t room = p->room ? 2 * p->room : 16;
        struct instruction *code = arena_array(p->arena, struct instruction, room);
        if (p->count)
            memcpy(code, p->code, p->count * sizeof *code);
        p->code = code;
        p->room = room;
    }
    p->code[p->count] = (struct instruction){ op, (uint32_t)x, (uint32_t)y };
    return p->count++;
}

static void compile(struct regex_program *p, const struct regex_node *n);

static void compile_literal(struct regex_program *p, const struct regex_node *n) {
    for (size_t i = 0; i < n->rune_count; i++) {
        uint32_t rune = n->runes[i];
        bool fold = n->fold && regex_fold_next(rune) != rune;
        if (fold) /* the smallest of the letter's characters stands for all */
            for (uint32_t r = regex_fold_next(rune), start = rune; r != start;
                 r = regex_fold_next(r))
                rune = r < rune ? r : rune;
        emit(p, fold ? OP_FOLD : OP_RUNE, rune, 0);
    }
}

/* A fork into the part that follows and what lies behind; the latter is filled in by fork_end. */
static size_t fork_begin(struct regex_program *p, size_t chain) {
    return emit(p, OP_SPLIT, p->count + 1, chain);
}

static void fork_end(struct regex_program *p, size_t split, bool lazy) {
    struct instruction *i = &p->code[split];
    i->y = (uint32_t)p->count;
    if (lazy) {
        i->y = i->x;
        i->x = (uint32_t)p->count;
    }
}

/* As deep as the tree. */
static bool is_nullable(const struct regex_node *n) {
    if (n->kind == REGEX_REPEAT)
        return n->min == 0 || is_nullable(n->first);
    if (n->kind == REGEX_LITERAL)
        return n->rune_count == 0;
    if (n->kind == REGEX_CLASS || n->kind == REGEX_ANY || n->kind == REGEX_ANY_NOT_NEWLINE)
        return false;
    bool any = false, all = true;
    for (const struct regex_node *c = n->first; c; c = c->next) {
        bool one = is_nullable(c);
        any = any || one;
        all = all && one;
    }
    return n->kind == REGEX_ALTERNATE ? any : all;
}

/* Once, then back to the beginning or on. */
static void compile_plus(struct regex_program *p, const struct regex_node *n) {
    size_t start = p->count;
    compile(p, n->first);
    size_t next = p->count + 1;
    emit(p, OP_SPLIT, n->lazy ? next : start, n->lazy ? start : next);
}

/* What may match nothing is (x+)?, as in Go: the order of preference differs from x*. */
static void compile_star(struct regex_program *p, const struct regex_node *n) {
    size_t split = fork_begin(p, 0);
    if (is_nullable(n->first)) {
        compile_plus(p, n);
    } else {
        compile(p, n->first);
        emit(p, OP_JUMP, split, 0);
    }
    fork_end(p, split, n->lazy);
}

static void compile_repeat(struct regex_program *p, const struct regex_node *n) {
    if (n->max == REGEX_NO_LIMIT) {
        for (int i = 1; i < n->min; i++)
            compile(p, n->first);
        if (n->min)
            compile_plus(p, n);
        else
            compile_star(p, n);
        return;
    }
    for (int i = 0; i < n->min; i++)
        compile(p, n->first);
    /* Each further turn may be the last; all lead behind the repetition. */
    size_t first = p->count, last = 0;
    for (int i = n->min; i < n->max; i++) {
        last = fork_begin(p, last);
        compile(p, n->first);
    }
    if (n->max > n->min)
        for (size_t at = last;;) {
            size_t before = p->code[at].y;
            fork_end(p, at, n->lazy);
            if (at == first)
                break;
            at = before;
        }
}

static void compile_alternate(struct regex_program *p, const struct regex_node *n) {
    size_t jumps = 0; /* the chain of jumps to the end, 0 being its end: no jump comes first */
    for (const struct regex_node *c = n->first; c; c = c->next) {
        if (!c->next) {
            compile(p, c);
            break;
        }
        size_t split = emit(p, OP_SPLIT, p->count + 1, 0);
        compile(p, c);
        jumps = emit(p, OP_JUMP, jumps, 0);
        p->code[split].y = (uint32_t)p->count;
    }
    while (jumps) {
        size_t before = p->code[jumps].x;
        p->code[jumps].x = (uint32_t)p->count;
        jumps = before;
    }
}

static void compile(struct regex_program *p, const struct regex_node *n) {
    switch (n->kind) {
    case REGEX_EMPTY: return;
    case REGEX_LITERAL: compile_literal(p, n); return;
    case REGEX_CLASS: emit(p, OP_CLASS, class_add(p, n), 0); return;
    case REGEX_ANY: emit(p, OP_ANY, 0, 0); return;
    case REGEX_ANY_NOT_NEWLINE: emit(p, OP_NOT_NEWLINE, 0, 0); return;
    case REGEX_BEGIN_LINE:
    case REGEX_END_LINE:
    case REGEX_BEGIN_TEXT:
    case REGEX_END_TEXT:
    case REGEX_WORD_BOUNDARY:
    case REGEX_NO_WORD_BOUNDARY: emit(p, OP_ASSERT, n->kind, 0); return;
    case REGEX_CAPTURE:
        p->names[n->capture] = n->name;
        emit(p, OP_SAVE, 2 * (size_t)n->capture, 0);
        compile(p, n->first);
        emit(p, OP_SAVE, 2 * (size_t)n->capture + 1, 0);
        return;
    case REGEX_REPEAT: compile_repeat(p, n); return;
    case REGEX_CONCAT:
        for (const struct regex_node *c = n->first; c; c = c->next)
            compile(p, c);
        return;
    case REGEX_ALTERNATE: compile_alternate(p, n); return;
    }
}

struct regex_program *regex_compile(struct arena *a, struct str pattern, struct fault *fault) {
    struct regex re;
    *fault = regex_parse(a, pattern, &re);
    if (fault->error)
        return NULL;
    struct regex_program *p = arena_new(a, struct regex_program);
    p->arena = a;
    p->anchored = regex_is_anchored_start(&re);
    p->captures = (size_t)re.captures + 1;
    p->names = arena_array(a, struct str, p->captures);
    compile(p, re.root);
    emit(p, OP_MATCH, 0, 0);
    return p;
}

/* ---- running ---- */

struct places { /* a set of instructions; `at` is dense, `index` says where in it */
    uint32_t *at, *index;
    size_t count;
};

struct machine {
    const struct regex_program *program;
    struct places now, next;
    uint32_t *stack;
    struct str text;
    size_t at;
    uint32_t before, after; /* the characters around `at`; REGEX_NOTHING at the ends */
    size_t spent;
};

static bool is_word(uint32_t rune) {
    return rune < 0x80 && (char_is_alnum((char)rune) || rune == '_');
}

bool regex_holds(uint32_t kind, uint32_t before, uint32_t after) {
    switch (kind) {
    case REGEX_BEGIN_LINE: return before == REGEX_NOTHING || before == '\n';
    case REGEX_END_LINE: return after == REGEX_NOTHING || after == '\n';
    case REGEX_BEGIN_TEXT: return before == REGEX_NOTHING;
    case REGEX_END_TEXT: return after == REGEX_NOTHING;
    case REGEX_WORD_BOUNDARY: return is_word(before) != is_word(after);
    default: return is_word(before) == is_word(after);
    }
}

bool regex_takes(const struct regex_program *p, const struct instruction *i, uint32_t rune) {
    const struct class *class;
    switch (i->op) {
    case OP_RUNE: return i->x == rune;
    case OP_FOLD:
        for (uint32_t r = i->x, start = r;;) {
            if (r == rune)
                return true;
            r = regex_fold_next(r);
            if (r == start)
                return false;
        }
    case OP_CLASS:
        class = &p->classes[i->x];
        return rune < 0x80 ? class->ascii[rune / 32] >> rune % 32 & 1
                           : class_holds(class->node, rune);
    case OP_ANY: return true;
    case OP_NOT_NEWLINE: return rune != '\n';
    case OP_ASSERT:
    case OP_SPLIT:
    case OP_JUMP:
    case OP_SAVE:
    case OP_MATCH: return false;
    }
    return false;
}

static bool place_is_new(struct places *set, uint32_t at) {
    if (set->index[at] < set->count && set->at[set->index[at]] == at)
        return false;
    set->index[at] = (uint32_t)set->count;
    set->at[set->count++] = at;
    return true;
}

/* Follows jumps from `start`; true when a match is reached. */
static bool enter(struct machine *m, struct places *set, uint32_t start) {
    size_t depth = 0;
    m->stack[depth++] = start;
    while (depth) {
        uint32_t at = m->stack[--depth];
        if (!place_is_new(set, at))
            continue;
        const struct instruction *i = &m->program->code[at];
        m->spent++;
        switch (i->op) {
        case OP_MATCH: return true;
        case OP_JUMP: m->stack[depth++] = i->x; break;
        case OP_SAVE: m->stack[depth++] = at + 1; break;
        case OP_SPLIT:
            m->stack[depth++] = i->y;
            m->stack[depth++] = i->x;
            break;
        case OP_ASSERT:
            if (regex_holds(i->x, m->before, m->after))
                m->stack[depth++] = at + 1;
            break;
        case OP_RUNE:
        case OP_FOLD:
        case OP_CLASS:
        case OP_ANY:
        case OP_NOT_NEWLINE: break;
        }
    }
    return false;
}

uint32_t regex_rune_at(struct str text, size_t at, size_t *len) {
    uint32_t rune;
    *len = 0;
    if (at >= text.len)
        return REGEX_NOTHING;
    *len = utf8_next(text, at, &rune);
    return rune == UTF8_INVALID ? 0xfffd : rune;
}

static struct places places_new(struct arena *a, size_t count) {
    return (struct places){ arena_array(a, uint32_t, count), arena_array(a, uint32_t, count), 0 };
}

enum regex_answer regex_match(const struct regex_program *p, struct str text,
                              struct arena *scratch) {
    struct machine m = { .program = p, .text = text, .before = REGEX_NOTHING };
    m.now = places_new(scratch, p->count);
    m.next = places_new(scratch, p->count);
    m.stack = arena_array(scratch, uint32_t, 2 * p->count + 2);
    for (size_t len;; m.at += len) {
        m.after = regex_rune_at(text, m.at, &len);
        /* Those that came here by a character wait for their assertions, which need `after`. */
        m.next.count = 0;
        for (size_t i = 0; i < m.now.count; i++)
            if (enter(&m, &m.next, m.now.at[i]))
                return REGEX_YES;
        if ((m.at == 0 || !p->anchored) && enter(&m, &m.next, 0))
            return REGEX_YES;
        if (m.after == REGEX_NOTHING || (m.next.count == 0 && p->anchored))
            return REGEX_NO;
        if (m.spent > REGEX_STEPS_MOST)
            return REGEX_UNKNOWN;
        m.now.count = 0;
        for (size_t i = 0; i < m.next.count; i++)
            if (regex_takes(p, &p->code[m.next.at[i]], m.after))
                place_is_new(&m.now, m.next.at[i] + 1);
        m.before = m.after;
    }
}
