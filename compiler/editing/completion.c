/* What may stand at a place of a file of ours. */
#include "editing/editing.h"
#include "model/middleware.h"
#include "model/services.h"
#include "options/value.h"

static struct itsupc_text text_of(struct str s) {
    return (struct itsupc_text){ s.at ? s.at : "", s.len };
}

struct itsupc_completion *offer(struct completing *c, enum itsupc_completion_kind kind,
                                struct str label, struct str detail, struct str doc) {
    if (!label.len)
        return NULL;
    for (size_t i = 0; i < c->items.count; i++) {
        struct itsupc_text known = ((struct itsupc_completion *)c->items.at)[i].label;
        if (str_eq((struct str){ known.at, known.len }, label))
            return NULL;
    }
    struct itsupc_completion *item = collect(&c->items);
    *item = (struct itsupc_completion){ .kind = kind,
                                        .label = text_of(label),
                                        .insert = text_of(label),
                                        .snippet = { "", 0 },
                                        .detail = text_of(detail),
                                        .doc = text_of(doc) };
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
            item->snippet = text_of(snippet_of(c->items.arena, forms[i].form));
    }
}

static struct str usage_of(struct arena *a, const struct vocable *v) {
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
        struct itsupc_completion *item =
            offer(c, ITSUPC_COMPLETES_SETTING, v->name, usage_of(c->items.arena, v), v->gist);
        if (item && v->block != PLACE_NONE && v->block_needed && !v->shape.len)
            item->snippet =
                text_of(str_format(c->items.arena, "%.*s {\n\t$0\n}", STR_ARG(v->name)));
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
        item->snippet = text_of(str_format(n->c->items.arena, "%.*s%s", STR_ARG(name), n->snippet));
}

static void offer_names(struct completing *c, struct reading *r, uint32_t place,
                        enum name_kind kind, const char *snippet) {
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

/* ---- middlewares ---- */

static bool is_tcp(struct setting_of in) {
    return in.mode != MODE_UNKNOWN && mode_infos[in.mode].protocol == PROTOCOL_TCP;
}

static void offer_middleware(struct completing *c, struct str name, struct str detail,
                             struct str doc, bool arguments) {
    struct itsupc_completion *item = offer(c, ITSUPC_COMPLETES_MIDDLEWARE, name, detail, doc);
    if (item && arguments)
        item->snippet = text_of(str_format(c->items.arena, "%.*s($1)", STR_ARG(name)));
}

static void offer_kinds(struct completing *c, enum option_layer layer) {
    for (const struct option *o = option_first_child(option_middlewares(layer)); o;
         o = option_next_sibling(o)) {
        if (middleware_kind(layer, option_name(o)) != o)
            continue;
        offer_middleware(c, option_name_kebab(c->items.arena, option_name(o)), STR("Traefik's own"),
                         o->doc, option_first_child(o) != NULL);
    }
}

static void offer_links(struct completing *c, struct reading *r, uint32_t place,
                        struct setting_of in) {
    offer_names(c, r, place, NAME_MIDDLEWARE, NULL);
    for (size_t i = 0; i < short_form_count; i++) {
        const struct short_form *f = &short_forms[i];
        if (is_tcp(in) ? f->tcp.len : f->http.len)
            offer_middleware(c, f->name, f->example, f->gist,
                             str_find(f->example, '(') != STR_NONE);
    }
    if (!is_tcp(in)) {
#define SHORT_FORM(name, http, tcp, by_position, words, example, gist)
#define SPECIAL_FORM(name, function, example, gist)                                                \
    offer_middleware(c, STR(name), STR(example), STR(gist),                                        \
                     str_find(STR(example), '(') != STR_NONE);
#define NEEDED(kind, options, idle)
#include "model/middlewares.def"
#undef SHORT_FORM
#undef SPECIAL_FORM
#undef NEEDED
        offer_kinds(c, OPTION_HTTP);
    } else {
        offer_kinds(c, OPTION_TCP);
    }
}

static const struct option *kind_of_call(struct str owner, struct setting_of in) {
    const struct short_form *form = short_form_find(owner);
    enum option_layer layer = is_tcp(in) ? OPTION_TCP : OPTION_HTTP;
    struct str name = form ? (layer == OPTION_TCP ? form->tcp : form->http) : owner;
    const struct option *kind = middleware_kind(layer, name);
    return kind ? kind : middleware_kind(OPTION_TCP, name);
}

/* `=` behind what takes a value. */
static void offer_argument(struct completing *c, struct str name, struct str type, struct str doc,
                           bool value) {
    struct itsupc_completion *item = offer(c, ITSUPC_COMPLETES_ARGUMENT, name, type, doc);
    if (item && value)
        item->insert = text_of(str_format(c->items.arena, "%.*s=", STR_ARG(name)));
}

void complete_option_path(struct completing *c, const struct option *from, struct str typed,
                          bool kebab) {
    struct arena *a = c->items.arena;
    size_t dot = str_find_last(typed, '.');
    const struct option *at = from;
    struct str prefix = dot == STR_NONE ? STR("") : str_slice(typed, 0, dot + 1);
    for (struct str rest = str_slice(prefix, 0, dot); at && rest.len;) {
        size_t end = str_find(rest, '.');
        struct str segment = str_slice(rest, 0, end);
        struct str name = str_slice(segment, 0, str_find(segment, '['));
        at = kebab ? option_child_by_word(at, name) : option_child(at, name);
        rest = end == STR_NONE ? STR("") : str_from(rest, end + 1);
    }
    for (const struct option *o = at ? option_first_child(at) : NULL; o;
         o = option_next_sibling(o)) {
        if (o->any_name || o->ineffective)
            continue;
        struct str name = kebab ? option_name_kebab(a, option_name(o)) : option_name(o);
        struct str label =
            str_format(a, "%.*s%.*s%s", STR_ARG(prefix), STR_ARG(name), o->indexed ? "[0]" : "");
        bool leaf = !option_first_child(o);
        struct itsupc_completion *item = offer(c, ITSUPC_COMPLETES_ARGUMENT, label,
                                               leaf ? option_type_text(a, o) : STR(""), o->doc);
        if (item && !leaf) {
            item->insert = text_of(str_format(a, "%.*s.", STR_ARG(label)));
            item->more = true;
        }
    }
}

static void offer_form_words(struct completing *c, const struct short_form *form,
                             const struct option *kind) {
    struct str rest = form->words;
    while ((rest = str_trim(rest)).len) {
        size_t blank = str_find(rest, ' '), equals = str_find(rest, '=');
        struct str word = str_slice(rest, 0, equals), path, flag;
        rest = blank == STR_NONE ? STR("") : str_from(rest, blank);
        if (!short_form_word(form, word, &path, &flag))
            continue;
        const struct option *o = kind ? option_child_by_word(kind, path) : NULL;
        offer_argument(c, word, o && !flag.len ? option_type_text(c->items.arena, o) : STR("flag"),
                       o ? o->doc : STR(""), !flag.len);
    }
}

static void offer_arguments(struct completing *c, struct reading *r, uint32_t place,
                            const struct wanted *w) {
    const struct short_form *form = short_form_find(w->owner);
    const struct option *kind = kind_of_call(w->owner, w->in);
    if (str_is(w->owner, "plugin") && w->position == 0)
        offer_names(c, r, place, NAME_PLUGIN, NULL);
    if (str_is(w->owner, "chain"))
        offer_links(c, r, place, w->in);
    if (form)
        offer_form_words(c, form, kind);
    if (kind && str_find(c->typed, '.') != STR_NONE)
        complete_option_path(c, kind, c->typed, true);
    for (const struct option *o = kind ? option_first_child(kind) : NULL; o;
         o = option_next_sibling(o)) {
        struct str name = option_name_kebab(c->items.arena, option_name(o));
        if (o->any_name || o->ineffective)
            continue;
        offer_argument(c, name,
                       option_first_child(o) ? STR("options") : option_type_text(c->items.arena, o),
                       o->doc, true);
    }
    offer_names(c, r, place, NAME_VALUE, NULL);
}

/* ---- values ---- */

static void offer_choices(struct completing *c, struct str choices, struct str doc) {
    struct str choice;
    while (shape_choice(&choices, &choice))
        offer(c, ITSUPC_COMPLETES_VALUE, choice, STR(""), doc);
}

static void offer_option_values(struct completing *c, struct reading *r, uint32_t place,
                                const struct option *o) {
    static const struct {
        enum option_ref ref;
        enum name_kind kind;
    } refs[] = {
        { OPTION_REF_ENTRYPOINT, NAME_ENTRYPOINT },
        { OPTION_REF_ENTRYPOINT_OR_PORT, NAME_ENTRYPOINT },
        { OPTION_REF_CERT_RESOLVER, NAME_RESOLVER },
        { OPTION_REF_TLS_OPTIONS, NAME_TLS },
    };
    for (uint8_t i = 0; i < o->choice_count; i++)
        offer(c, ITSUPC_COMPLETES_VALUE, o->choices[i], STR(""), o->doc);
    if (o->type == OPTION_BOOL) {
        offer(c, ITSUPC_COMPLETES_VALUE, STR("true"), STR(""), o->doc);
        offer(c, ITSUPC_COMPLETES_VALUE, STR("false"), STR(""), o->doc);
    }
    for (size_t i = 0; r && o->type == OPTION_REF && i < sizeof refs / sizeof *refs; i++)
        if (refs[i].ref == o->ref)
            offer_names(c, r, place, refs[i].kind, NULL);
}

static void offer_value(struct completing *c, struct reading *r, uint32_t place,
                        const struct wanted *w) {
    const struct short_form *form = short_form_find(w->owner);
    const struct option *kind = kind_of_call(w->owner, w->in);
    struct str path = w->argument, flag;
    if (form && !short_form_word(form, w->argument, &path, &flag))
        path = w->argument;
    const struct option *o = kind ? option_find_below(kind, path).option : NULL;
    if (!o && kind)
        o = option_child_by_word(kind, path);
    if (o)
        offer_option_values(c, r, place, o);
    offer_names(c, r, place, NAME_VALUE, NULL);
}

static void offer_targets(struct completing *c, struct reading *r) {
    struct arena *a = c->items.arena;
    struct stack *stack = editing_stack(c->s, r);
    size_t slashes = str_find_str(c->typed, STR("://"));
    struct str scheme = slashes == STR_NONE ? STR("") : str_slice(c->typed, 0, slashes + 3);
    for (size_t i = 0; stack && i < stack->count; i++) {
        const struct service *service = &stack->services[i];
        struct str detail = str_format(a, "service of %.*s", STR_ARG(stack->file));
        for (const uint16_t *port = service->ports; port && *port; port++)
            offer(c, ITSUPC_COMPLETES_SERVICE,
                  str_format(a, "%.*s%.*s:%u", STR_ARG(scheme), STR_ARG(service->name), *port),
                  detail, STR(""));
        struct itsupc_completion *item =
            service->ports && *service->ports
                ? NULL
                : offer(c, ITSUPC_COMPLETES_SERVICE,
                        str_format(a, "%.*s%.*s:", STR_ARG(scheme), STR_ARG(service->name)), detail,
                        STR(""));
        (void)item;
    }
#define INTERNAL(name, gist)                                                                       \
    offer(c, ITSUPC_COMPLETES_SERVICE, STR(name), STR("Traefik"), STR(gist));
#include "editing/internal.def"
#undef INTERNAL
}

static void offer_services(struct completing *c, struct reading *r) {
    struct stack *stack = editing_stack(c->s, r);
    for (size_t i = 0; stack && i < stack->count; i++)
        offer(c, ITSUPC_COMPLETES_SERVICE, stack->services[i].name,
              str_format(c->items.arena, "service of %.*s", STR_ARG(stack->file)), STR(""));
}

/* `PROJECT/SERVICE` of those projects that are in view. */
static void offer_projects(struct completing *c, struct reading *r) {
    struct stack *own = editing_stack(c->s, r);
    for (struct unit *u = c->s->program.units; u; u = u->next)
        for (size_t i = 0; u->stack && u->stack != own && u->project.len && i < u->stack->count;
             i++)
            offer(c, ITSUPC_COMPLETES_SERVICE,
                  str_format(c->items.arena, "%.*s/%.*s", STR_ARG(u->project),
                             STR_ARG(u->stack->services[i].name)),
                  STR("service of another project"), STR(""));
}

static void offer_route_options(struct completing *c, struct setting_of in) {
    static const char *const layers[] = {
        [PROTOCOL_HTTP] = "http", [PROTOCOL_TCP] = "tcp", [PROTOCOL_UDP] = "udp"
    };
    const char *layer =
        layers[in.mode == MODE_UNKNOWN ? PROTOCOL_HTTP : mode_infos[in.mode].protocol];
    static const char *const parts[] = { "routers", "services" };
    for (size_t i = 0; i < 2; i++) {
        struct str path = str_format(c->items.arena, "%s.%s.x", layer, parts[i]);
        const struct option *o = option_find(OPTION_DYNAMIC, path).option;
        if (o)
            complete_option_path(c, o, c->typed, false);
    }
}

static void offer_typed(struct completing *c, struct reading *r, uint32_t place,
                        const struct wanted *w) {
    static const struct {
        enum type_kind type;
        enum name_kind kind;
    } names[] = {
        { TYPE_RESOLVER_REF, NAME_RESOLVER },
        { TYPE_ENTRYPOINT_REF, NAME_ENTRYPOINT },
        { TYPE_TLS_REF, NAME_TLS },
        { TYPE_PLUGIN_REF, NAME_PLUGIN },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].type == w->value.type)
            offer_names(c, r, place, names[i].kind, NULL);
    if (w->value.type == TYPE_MIDDLEWARE_REF)
        offer_links(c, r, place, w->in);
    if (w->value.type == TYPE_TARGET)
        offer_targets(c, r);
    if (w->value.type == TYPE_SERVICE_NAME)
        offer_services(c, r);
    if (w->value.type == TYPE_PROJECT_REF)
        offer_projects(c, r);
    if (w->value.type == TYPE_BOOL)
        offer_choices(c, STR("true|false"), STR(""));
}

static void offer_rest(struct completing *c, struct reading *r, uint32_t place,
                       const struct wanted *w) {
    struct shape shape;
    if (!w->setting || !shape_parse(w->setting->shape, &shape))
        return;
    bool option = str_is(w->setting->name, "option");
    if (w->has_value && w->value.choices.len)
        offer_choices(c, w->value.choices, w->setting->gist);
    else if (option && w->has_value && str_is(w->value.name, "path") && w->in.options)
        complete_option_path(c, w->in.options, c->typed, false);
    else if (option && w->has_value && str_is(w->value.name, "path"))
        offer_route_options(c, w->in);
    else if (w->has_value)
        offer_typed(c, r, place, w);
    if (str_is(w->setting->name, "resolver") && w->setting->place == PLACE_ROUTE)
        offer(c, ITSUPC_COMPLETES_VALUE, STR("none"), STR(""), w->setting->gist);
    for (size_t i = 0; w->more && i < shape.count; i++)
        if (shape.items[i].kind != SHAPE_VALUE && !(w->used >> i & 1))
            offer(c, ITSUPC_COMPLETES_VALUE, shape.items[i].word,
                  usage_of(c->items.arena, w->setting), w->setting->gist);
}

static void offer_types(struct completing *c) {
#define PARAM_TYPE(name, word, sample)                                                             \
    offer(c, ITSUPC_COMPLETES_VALUE, STR(word), STR("parameter type"), STR(""));
#include "model/param_types.def"
#undef PARAM_TYPE
}

/* The parameters that a template declares. */
static void offer_parameters(struct completing *c, struct reading *r, uint32_t place,
                             const struct wanted *w) {
    struct mark call = { .kind = NAME_TEMPLATE, .name = w->owner, .span = { place, place } };
    struct declaration d;
    if (!declaration_find(c->s, r, &call, &d) || !d.reading)
        return;
    for (size_t i = 0; i < d.reading->count; i++) {
        const struct mark *m = &d.reading->marks[i];
        if (m->defines && m->role == ROLE_PARAMETER && m->scope.start == d.whole.start)
            offer_argument(c, m->name, STR("parameter"), STR(""), true);
    }
    offer_names(c, r, place, NAME_VALUE, NULL);
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
