/* Semantic tokens, symbols and folds. */
#include "editing/yaml.h"

#include <stdlib.h>

const struct itsupc_role itsupc_roles[] = {
#define ROLE(name, token, modifiers) { token },
#include "editing/roles.def"
#undef ROLE
    { NULL },
};

static int by_place(const void *a, const void *b) {
    const struct itsupc_token *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end > y->end ? -1 : x->end < y->end;
}

static void add_token(struct collected *c, const struct source *source, struct span span,
                      enum role role, bool defines) {
    *(struct itsupc_token *)collect(c) =
        (struct itsupc_token){ span.start - source->base, span.end - source->base, (unsigned)role,
                               defines };
}

/* Tokens may not overlap: what stands inside another parts it. */
static size_t flatten(struct itsupc *s, const struct itsupc_token *in, size_t count,
                      const struct itsupc_token **out) {
    struct collected c = { .arena = &s->arena, .size = sizeof *in };
    for (size_t i = 0; i < count; i++) {
        size_t from = in[i].start, n = i + 1;
        for (; n < count && in[n].start < in[i].end; n++) {
            if (in[n].start > from) {
                struct itsupc_token *t = collect(&c);
                *t = in[i];
                t->start = from;
                t->end = in[n].start;
            }
            *(struct itsupc_token *)collect(&c) = in[n];
            from = in[n].end;
        }
        if (from < in[i].end) {
            struct itsupc_token *t = collect(&c);
            *t = in[i];
            t->start = from;
        }
        i = n - 1;
    }
    *out = (const struct itsupc_token *)c.at;
    return c.count;
}

/* A bare word as a value is a name only where one is declared. */
static enum role role_of(struct itsupc *s, struct reading *r, const struct mark *m) {
    struct declaration d;
    if (m->kind == NAME_VALUE && m->role == ROLE_TEXT && declaration_find(s, r, m, &d))
        return ROLE_VARIABLE;
    return m->role;
}

size_t itsupc_tokens(struct itsupc *s, const char *file, const struct itsupc_token **list) {
    struct collected c = { .arena = &s->arena, .size = sizeof(struct itsupc_token) };
    struct reading *r = editing_is_language(file) ? editing_of(s, str_of(file)) : NULL;
    *list = NULL;
    if (!r)
        return 0;
    for (size_t i = 0; i < r->count; i++)
        if (r->marks[i].span.end > r->marks[i].span.start)
            add_token(&c, r->source, r->marks[i].span, role_of(s, r, &r->marks[i]),
                      r->marks[i].defines);
    for (const struct comment *k = r->comments; k; k = k->next)
        add_token(&c, r->source, k->span, ROLE_COMMENT, false);
    for (const struct word *w = r->words; w->kind != WORD_END; w++)
        if (w->kind == WORD_MARK && !w->made && strchr("|>~", w->mark))
            add_token(&c, r->source, w->span, ROLE_OPERATOR, false);
    if (c.count)
        qsort(c.at, c.count, c.size, by_place);
    return flatten(s, (const struct itsupc_token *)c.at, c.count, list);
}

/* ---- symbols ---- */

static enum itsupc_symbol_kind symbol_kind(const struct piece_of_outline *o) {
    static const enum itsupc_symbol_kind kinds[ROLE_COUNT] = {
        [ROLE_PATTERN] = ITSUPC_SYMBOL_ROUTE,         [ROLE_VARIABLE] = ITSUPC_SYMBOL_VALUE,
        [ROLE_MIDDLEWARE] = ITSUPC_SYMBOL_MIDDLEWARE, [ROLE_TEMPLATE] = ITSUPC_SYMBOL_TEMPLATE,
        [ROLE_SETTING] = ITSUPC_SYMBOL_SETTING,       [ROLE_KEYWORD] = ITSUPC_SYMBOL_SETTING,
    };
    return kinds[o->role];
}

/* Where what stands below a key ends: before the next one that is no deeper. */
static uint32_t end_of(const struct yaml_keys *keys, size_t i) {
    struct span last = keys->list[i].value_span;
    size_t n = i + 1;
    for (; n < keys->count && keys->list[n].depth > keys->list[i].depth; n++)
        last = keys->list[n].value_span;
    uint32_t end = keys->list[i].key_span.end;
    return last.end > end ? last.end : end;
}

enum { DEEPEST_SYMBOL = 6 };

/* Keys with something below them, and names of a list's items. */
static size_t yaml_symbols(struct itsupc *s, struct source *source,
                           const struct itsupc_symbol **list) {
    struct collected c = { .arena = &s->arena, .size = sizeof(struct itsupc_symbol) };
    struct yaml_keys keys = yaml_keys_of(&s->arena, source);
    for (size_t i = 0; i < keys.count; i++) {
        const struct yaml_key *k = &keys.list[i];
        if (!k->key.len || k->depth > DEEPEST_SYMBOL)
            continue;
        struct itsupc_symbol *out = collect(&c);
        struct span whole = { k->key_span.start, end_of(&keys, i) };
        out->depth = k->depth;
        out->whole = editing_place(s, whole);
        out->name_place = editing_place(s, k->key_span);
        out->name = (struct itsupc_text){ k->key.at, k->key.len };
        out->detail = (struct itsupc_text){ k->value.at ? k->value.at : "", k->value.len };
    }
    *list = (const struct itsupc_symbol *)c.at;
    return c.count;
}

size_t itsupc_symbols(struct itsupc *s, const char *file, const struct itsupc_symbol **list) {
    struct source *source = editing_is_language(file) ? NULL : editing_source(s, file);
    if (source)
        return yaml_symbols(s, source, list);
    struct reading *r = editing_is_language(file) ? editing_of(s, str_of(file)) : NULL;
    struct itsupc_symbol *out =
        arena_array(&s->arena, struct itsupc_symbol, r ? r->outline_count + 1 : 1);
    *list = out;
    for (size_t i = 0; r && i < r->outline_count; i++) {
        const struct piece_of_outline *o = &r->outline[i];
        out[i] =
            (struct itsupc_symbol){ .depth = o->depth,
                                    .kind = symbol_kind(o),
                                    .whole = editing_place(s, o->span),
                                    .name_place = editing_place(s, o->name_span),
                                    .name = { o->name.at, o->name.len },
                                    .detail = { o->detail.at ? o->detail.at : "", o->detail.len } };
    }
    return r ? r->outline_count : 0;
}

static void add_fold(struct itsupc *s, struct collected *c, struct span span, bool comment,
                     bool closed) {
    *(struct itsupc_fold *)collect(c) =
        (struct itsupc_fold){ editing_place(s, span), comment, closed };
}

/* Blocks, and comments that stand together. */
size_t itsupc_folds(struct itsupc *s, const char *file, const struct itsupc_fold **list) {
    struct collected c = { .arena = &s->arena, .size = sizeof(struct itsupc_fold) };
    struct source *source = editing_is_language(file) ? NULL : editing_source(s, file);
    struct yaml_keys keys = source ? yaml_keys_of(&s->arena, source) : (struct yaml_keys){ 0 };
    for (size_t i = 0; i < keys.count; i++)
        if (keys.list[i].key.len)
            add_fold(s, &c, (struct span){ keys.list[i].key_span.start, end_of(&keys, i) }, false,
                     false);
    struct reading *r = editing_is_language(file) ? editing_of(s, str_of(file)) : NULL;
    struct span open[64];
    size_t depth = 0;
    for (const struct word *w = r ? r->words : NULL; w && w->kind != WORD_END; w++) {
        bool opens = w->kind == WORD_MARK && strchr("{[(", w->mark);
        bool closes = w->kind == WORD_MARK && strchr("}])", w->mark);
        if (opens && depth < sizeof open / sizeof *open)
            open[depth++] = w->span;
        else if (closes && depth)
            add_fold(s, &c, (struct span){ open[--depth].start, w->span.end }, false, true);
        else if (w->kind == WORD_HEREDOC)
            add_fold(s, &c, w->span, false, true);
    }
    for (const struct comment *k = r ? r->comments : NULL, *last; k; k = last->next) {
        for (last = k; last->next; last = last->next) {
            struct str between =
                source_text(&s->sources, (struct span){ last->span.end, last->next->span.start });
            size_t line = str_find(between, '\n');
            if (str_trim(between).len || line == STR_NONE ||
                str_find(str_from(between, line + 1), '\n') != STR_NONE)
                break;
        }
        if (last != k)
            add_fold(s, &c, (struct span){ k->span.start, last->span.end }, true, false);
    }
    *list = (const struct itsupc_fold *)c.at;
    return c.count;
}

/* ---- what is around a place ---- */

static void add_around(struct itsupc *s, struct collected *c, struct span span, uint32_t place) {
    if (!span_is_none(span) && span.start <= place && place <= span.end)
        *(struct itsupc_place *)collect(c) = editing_place(s, span);
}

static int by_size(const void *a, const void *b) {
    const struct itsupc_place *x = a, *y = b;
    size_t first = x->end - x->start, second = y->end - y->start;
    return (first > second) - (first < second);
}

size_t itsupc_around(struct itsupc *s, const char *file, size_t offset,
                     const struct itsupc_place **list) {
    struct collected c = { .arena = &s->arena, .size = sizeof(struct itsupc_place) };
    struct source *source = editing_source(s, file);
    struct reading *r = source && editing_is_language(file) ? editing_of(s, source->name) : NULL;
    uint32_t place = source ? editing_at(source, offset) : 0;
    struct yaml_keys keys =
        source && !r ? yaml_keys_of(&s->arena, source) : (struct yaml_keys){ 0 };
    for (size_t i = 0; r && i < r->count; i++)
        add_around(s, &c, r->marks[i].span, place);
    for (size_t i = 0; r && i < r->outline_count; i++) {
        add_around(s, &c, r->outline[i].span, place);
        add_around(s, &c, r->outline[i].body, place);
    }
    for (size_t i = 0; i < keys.count; i++) {
        add_around(s, &c, keys.list[i].value_span, place);
        add_around(s, &c, (struct span){ keys.list[i].key_span.start, end_of(&keys, i) }, place);
    }
    if (source)
        add_around(s, &c, span_of(source, 0, source->text.len), place);
    if (c.count)
        qsort(c.at, c.count, c.size, by_size);
    *list = (const struct itsupc_place *)c.at;
    return c.count;
}
