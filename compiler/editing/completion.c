/* What may stand at a place of a file of ours. */
#include "editing/completion.h"

struct itsupc_completion *offer(struct completing *c, enum itsupc_completion_kind kind,
                                struct str label, struct str detail, struct str doc) {
    if (!label.len)
        return NULL;
    c->offered.arena = c->items.arena;
    void **known = table_at(&c->offered, label);
    if (*known)
        return NULL;
    *known = c;
    struct itsupc_completion *item = collect(&c->items);
    *item = (struct itsupc_completion){ .kind = kind,
                                        .label = completion_text(label),
                                        .insert = completion_text(label),
                                        .snippet = { "", 0 },
                                        .detail = completion_text(detail),
                                        .doc = completion_text(doc) };
    return item;
}

/* ---- statements ---- */

/* `let NAME = VALUE` with places to fill in: words in capitals, and what `…` stands for. */
static struct str snippet_of(struct arena *a, struct str form) {
    struct buf out = { .arena = a };
    unsigned number = 0;
    for (size_t i = 0; i < form.len;) {
        struct str rest = str_from(form, i);
        size_t to = i;
        if (str_starts(rest, STR("{ … }"))) {
            buf_text(&out, "{\n\t$0\n\\}");
            i += STR("{ … }").len;
            continue;
        }
        while (to < form.len && char_is_upper(form.at[to]))
            to++;
        bool dots = str_starts(rest, STR("…"));
        if (dots)
            to = i + STR("…").len;
        if (to > i + 1)
            buf_format(&out, "${%u:%.*s}", ++number, STR_ARG(str_slice(form, i, to)));
        else
            buf_add(&out, str_slice(form, i, to = i + 1));
        i = to;
    }
    return buf_str(&out);
}

static void offer_statements(struct completing *c) {
    static const struct {
        struct str word, form, gist;
    } forms[] = {
#define STATEMENT(word, form, gist)                                                                \
    { { word, sizeof word - 1 }, { form, sizeof form - 1 }, { gist, sizeof gist - 1 } },
#include "model/statements.def"
#undef STATEMENT
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct itsupc_completion *item =
            offer(c, ITSUPC_COMPLETES_KEYWORD, forms[i].word, forms[i].form, forms[i].gist);
        if (item)
            item->snippet = completion_text(snippet_of(c->items.arena, forms[i].form));
    }
}

struct str completion_usage(struct arena *a, const struct vocable *v) {
    struct buf out = { .arena = a };
    struct shape shape;
    buf_add(&out, v->name);
    if (shape_parse(v->shape, &shape) && shape.count) {
        buf_char(&out, ' ');
        shape_show(&out, &shape);
    }
    if (v->block != PLACE_NONE)
        buf_text(&out, v->block_needed ? " { … }" : " [{ … }]");
    return buf_str(&out);
}

static bool stands_in(const struct vocable *v, struct setting_of in) {
    bool place =
        vocable_stands_in(v, in.place) || (in.place == PLACE_FILE && v->place == PLACE_PROJECT);
    bool route = v->place == PLACE_ROUTE && in.mode != MODE_UNKNOWN;
    return place && !(route && !(v->modes & MODE_BIT(in.mode)));
}

static void offer_settings(struct completing *c, struct setting_of in) {
    for (size_t i = 0; i < vocable_count; i++) {
        const struct vocable *v = &vocables[i];
        if (!stands_in(v, in))
            continue;
        struct itsupc_completion *item = offer(c, ITSUPC_COMPLETES_SETTING, v->name,
                                               completion_usage(c->items.arena, v), v->gist);
        if (item && v->block != PLACE_NONE && v->block_needed && !v->shape.len)
            item->snippet =
                completion_text(str_format(c->items.arena, "%.*s {\n\t$0\n}", STR_ARG(v->name)));
    }
}

static void offer_schemes(struct completing *c) {
    for (int mode = MODE_UNKNOWN + 1; mode < MODE_COUNT; mode++) {
        struct str scheme = str_format(c->items.arena, "%.*s://", STR_ARG(mode_infos[mode].scheme));
        offer(c, ITSUPC_COMPLETES_KEYWORD, scheme, STR("routing mode"), mode_infos[mode].gist);
    }
}

struct naming {
    struct completing *c;
    enum itsupc_completion_kind kind;
    struct str detail;
    const char *snippet; /* behind the name */
    struct span except;  /* a statement that its own name is not for */
};

static void offer_name(void *context, struct str name, struct span span) {
    struct naming *n = context;
    (void)span;
    struct itsupc_completion *item = offer(n->c, n->kind, name, n->detail, STR(""));
    if (item && n->snippet)
        item->snippet =
            completion_text(str_format(n->c->items.arena, "%.*s%s", STR_ARG(name), n->snippet));
}

void offer_names(struct completing *c, struct reading *r, uint32_t place, enum name_kind kind,
                 const char *snippet) {
    struct naming n = { c, ITSUPC_COMPLETES_NAME, kind_word(kind), snippet, { 0, 0 } };
    names_visible(c->s, r, place, kind, offer_name, &n);
}

static void offer_statement(struct completing *c, struct reading *r, uint32_t place,
                            const struct wanted *w) {
    bool group = w->in.place == PLACE_ROUTE;
    bool routes = w->in.place == PLACE_FILE || (w->in.routes && !group);
    if (routes) {
        offer_schemes(c);
        offer_statements(c);
        offer_names(c, r, place, NAME_TEMPLATE, "($1)");
    }
    offer_settings(c, w->in);
}

/* ---- the place ---- */

static bool ends_word(char c) {
    return strchr(" \t\r\n()[]{},;|=<>\"`", c) != NULL;
}

/* The `{` of an interpolation that is being written at `offset`; STR_NONE when it is none. A block
   begins with a blank before and behind it. */
static size_t interpolation(struct str text, size_t offset) {
    size_t at = offset;
    while (at && (char_is_alnum(text.at[at - 1]) || strchr("_-.", text.at[at - 1])))
        at--;
    bool open = at > 1 && text.at[at - 1] == '{' && text.at[at - 2] != '$';
    return open && !strchr(" \t\n", text.at[at - 2]) ? at : STR_NONE;
}

static bool in_string(const struct reading *r, uint32_t place) {
    for (const struct word *w = r->words; w->kind != WORD_END && w->span.start < place; w++)
        if ((w->kind == WORD_STRING || w->kind == WORD_RAW || w->kind == WORD_HEREDOC) &&
            place > w->span.start && place < w->span.end)
            return true;
    for (const struct comment *k = r->comments; k && k->span.start < place; k = k->next) {
        struct span behind = { k->span.start, place };
        if (str_find(source_text(r->sources, behind), '\n') == STR_NONE)
            return true;
    }
    return false;
}

void complete_language(struct completing *c, struct reading *r, size_t offset) {
    struct str text = r->source->text;
    uint32_t place = editing_at(r->source, offset);
    size_t brace = interpolation(text, offset);
    if (brace != STR_NONE) {
        c->typed = str_slice(text, brace, offset);
        offer_names(c, r, place, NAME_VALUE, NULL);
        return;
    }
    if (in_string(r, place))
        return;
    size_t from = offset;
    while (from && !ends_word(text.at[from - 1]))
        from--;
    c->typed = str_slice(text, from, offset);
    struct source *before = source_add(&c->s->sources, r->source->name, str_slice(text, 0, from));
    struct reading so_far;
    if (!before)
        return;
    editing_read(&so_far, c->items.arena, before, &c->s->sources);
    const struct wanted *w = &so_far.wanted;
    switch (w->want) {
    case WANT_NOTHING: return;
    case WANT_STATEMENT: offer_statement(c, r, place, w); return;
    case WANT_LINK: offer_links(c, r, place, w->in); return;
    case WANT_ARGUMENT: offer_arguments(c, r, place, w); return;
    case WANT_VALUE: offer_value(c, r, place, w); return;
    case WANT_TARGET: offer_targets(c, r); return;
    case WANT_REST: offer_rest(c, r, place, w); return;
    case WANT_TYPE: offer_types(c); return;
    case WANT_CALL_ARGUMENT: offer_parameters(c, r, place, w); return;
    }
}

size_t itsupc_complete(struct itsupc *s, const char *file, size_t offset,
                       const struct itsupc_completion **list, struct itsupc_place *replaces) {
    struct completing c = {
        .s = s, .items = { .arena = &s->arena, .size = sizeof(struct itsupc_completion) }
    };
    struct source *source = editing_source(s, file);
    *list = NULL;
    if (!source)
        return 0;
    if (offset > source->text.len)
        offset = source->text.len;
    struct reading *r = editing_is_language(file) ? editing_of(s, str_of(file)) : NULL;
    if (r)
        complete_language(&c, r, offset);
    else
        complete_yaml(&c, source, offset);
    *replaces = (struct itsupc_place){ file, offset - c.typed.len, offset };
    *list = (const struct itsupc_completion *)c.items.at;
    return c.items.count;
}
