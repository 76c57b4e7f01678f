/* What may stand behind a word: middlewares, their arguments, targets, values. */
#include "editing/completion.h"
#include "model/middleware.h"
#include "model/services.h"
#include "options/value.h"

/* ---- middlewares ---- */

static bool is_tcp(struct setting_of in) {
    return in.mode != MODE_UNKNOWN && mode_infos[in.mode].protocol == PROTOCOL_TCP;
}

static void offer_middleware(struct completing *c, struct str name, struct str detail,
                             struct str doc, bool arguments) {
    struct itsupc_completion *item = offer(c, ITSUPC_COMPLETES_MIDDLEWARE, name, detail, doc);
    if (item && arguments)
        item->snippet = completion_text(str_format(c->items.arena, "%.*s($1)", STR_ARG(name)));
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

void offer_links(struct completing *c, struct reading *r, uint32_t place, struct setting_of in) {
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
        item->insert = completion_text(str_format(c->items.arena, "%.*s=", STR_ARG(name)));
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
            item->insert = completion_text(str_format(a, "%.*s.", STR_ARG(label)));
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

void offer_arguments(struct completing *c, struct reading *r, uint32_t place,
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

void offer_value(struct completing *c, struct reading *r, uint32_t place, const struct wanted *w) {
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

void offer_targets(struct completing *c, struct reading *r) {
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

/* Files of ours in this folder or below that are in view. */
static void offer_files(struct completing *c, const struct reading *r) {
    struct str own = r->source->name;
    struct str folder = str_slice(own, 0, str_find_last(own, '/') + 1);
    for (size_t i = 0; i < c->s->sources.count; i++) {
        struct str name = c->s->sources.list[i]->name;
        if (str_ends(name, STR(".itsup")) && str_starts(name, folder) && !str_eq(name, own))
            offer(c, ITSUPC_COMPLETES_FILE, str_from(name, folder.len), STR(""), STR(""));
    }
}

void offer_rest(struct completing *c, struct reading *r, uint32_t place, const struct wanted *w) {
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
    if (w->setting->id == SETTING_FILE_IMPORT)
        offer_files(c, r);
    if (str_is(w->setting->name, "resolver") && w->setting->place == PLACE_ROUTE)
        offer(c, ITSUPC_COMPLETES_VALUE, STR("none"), STR(""), w->setting->gist);
    for (size_t i = 0; w->more && i < shape.count; i++)
        if (shape.items[i].kind != SHAPE_VALUE && !(w->used >> i & 1))
            offer(c, ITSUPC_COMPLETES_VALUE, shape.items[i].word,
                  completion_usage(c->items.arena, w->setting), w->setting->gist);
}

void offer_types(struct completing *c) {
#define PARAM_TYPE(name, word, sample)                                                             \
    offer(c, ITSUPC_COMPLETES_VALUE, STR(word), STR("parameter type"), STR(""));
#include "model/param_types.def"
#undef PARAM_TYPE
}

/* The parameters that a template declares. */
void offer_parameters(struct completing *c, struct reading *r, uint32_t place,
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
