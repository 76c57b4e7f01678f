/* Links of a chain: declared names, short forms, Traefik's kinds, and what has a form of its own.
 */
#include "model/middleware.h"

#include "model/names.h"
#include "options/readymade.h"

enum { DEEPEST_CHAIN = 200, LONGEST_CHAIN = 1000 };

#define BOTH (MODE_BIT(PROTOCOL_HTTP) | MODE_BIT(PROTOCOL_TCP))
#define HTTP MODE_BIT(PROTOCOL_HTTP)

static struct diags *diags_of(const struct mw_call *c) {
    return scope_diags(c->scope);
}

/* ---- what has a form of its own ---- */

static void no_arguments(struct mw_call *c) {
    const struct value *call = c->value;
    if (call->kind != VALUE_CALL || call->count == 0)
        return;
    diag_add(diags_of(c), DIAG_ARGUMENT_UNKNOWN, call->items[0].span, "`%.*s` takes no arguments",
             STR_ARG(call->text.s));
    c->bad = true;
}

static void read_canonical(struct mw_call *c) {
    c->mw->kind = MW_CANONICAL;
    c->mw->protocols = HTTP;
    no_arguments(c);
}

static void read_plugin(struct mw_call *c) {
    c->mw->type = STR("plugin");
    c->mw->protocols = HTTP;
    mw_call_read_plugin(c);
}

static struct mw *link_of(struct scope *scope, const struct value *value);

/* Chains name each other, so a few lines may stand for millions of links. */
static bool chain_append(struct scope *scope, struct mw_chain *chain, struct mw ***tail,
                         struct mw *mw) {
    chain->length += mw->kind == MW_NAMED ? mw->named->length : 1;
    if (chain->length > LONGEST_CHAIN) {
        struct diag *d =
            diag_add(scope_diags(scope), DIAG_EXPANSION, mw->span,
                     "with this link the chain has more than %d middlewares", LONGEST_CHAIN);
        diag_help(scope_diags(scope), d, "name each middleware once");
        return false;
    }
    chain->protocols &= mw->protocols;
    **tail = mw;
    *tail = &mw->next;
    return true;
}

static void read_chain(struct mw_call *c) {
    const struct value *call = c->value;
    if (call->kind != VALUE_CALL || call->count == 0) {
        struct diag *d = diag_add(diags_of(c), DIAG_ARGUMENT_MISSING, call->text.span,
                                  "`chain` needs middlewares");
        diag_help(diags_of(c), d, "write chain(a, b)");
        c->bad = true;
        return;
    }
    struct mw_chain *chain = arena_new(scope_arena(c->scope), struct mw_chain);
    struct mw **tail = &chain->links;
    chain->span = call->span;
    chain->protocols = BOTH;
    chain->length = 1;
    chain->used = true;
    chain->state = CHAIN_DONE;
    for (size_t i = 0; i < call->count; i++) {
        struct mw *mw = link_of(c->scope, &call->items[i]);
        c->bad |= !mw;
        if (mw && !chain_append(c->scope, chain, &tail, mw)) {
            c->bad = true;
            break;
        }
    }
    c->mw->kind = MW_NAMED;
    c->mw->named = chain;
    c->mw->protocols = chain->protocols;
}

static const struct {
    const char *name;
    void (*read)(struct mw_call *c);
} special_forms[] = {
#define SHORT_FORM(name, http, tcp, by_position, words, example, gist)
#define SPECIAL_FORM(name, function, example, gist) { name, read_##function },
#define NEEDED(kind, options, idle)
#include "model/middlewares.def"
#undef SHORT_FORM
#undef SPECIAL_FORM
#undef NEEDED
};
enum { SPECIAL_FORMS = sizeof special_forms / sizeof *special_forms };

/* ---- names ---- */

const struct option *middleware_kind(enum option_layer layer, struct str name) {
    const struct option *kind = option_child_by_word(option_middlewares(layer), name);
    /* Plugins and chains have forms of their own. */
    return kind && !str_eq(option_name(kind), STR("plugin")) &&
                   !str_eq(option_name(kind), STR("chain"))
               ? kind
               : NULL;
}

void middleware_offer(struct scope *scope, struct nearest *near) {
    static const enum option_layer layers[] = { OPTION_HTTP, OPTION_TCP };
    program_offer(scope, DECLARED_MIDDLEWARE, near);
    for (size_t i = 0; i < short_form_count; i++)
        nearest_offer(near, short_forms[i].name);
    for (size_t i = 0; i < SPECIAL_FORMS; i++)
        nearest_offer(near, str_of(special_forms[i].name));
    for (size_t i = 0; i < 2; i++)
        for (const struct option *o = option_first_child(option_middlewares(layers[i])); o;
             o = option_next_sibling(o))
            nearest_offer(near, option_name_kebab(scope_arena(scope), option_name(o)));
}

static void tell_unknown(struct scope *scope, const struct text *name, bool called) {
    struct diags *diags = scope_diags(scope);
    struct diag *d = diag_add(diags, DIAG_MIDDLEWARE_UNKNOWN, name->span,
                              "no middleware is called `%.*s`", STR_ARG(name->s));
    struct nearest near = { .wanted = name->s, .effort = &diags->hints };
    middleware_offer(scope, &near);
    if (near.best.len && name->inner && !name->pieces)
        diag_suggest(diags, d, text_span(name, 0, name->s.len), near.best);
    else if (near.best.len)
        diag_help(diags, d, "did you mean `%.*s`?", STR_ARG(near.best));
    else if (called)
        diag_help(diags, d, "`itsupc help middlewares` lists what can be called");
    else
        diag_help(diags, d,
                  "declare it: middleware %.*s = …; or write %.*s@file if it stands in a file",
                  STR_ARG(name->s), STR_ARG(name->s));
}

/* ---- links ---- */

static struct mw *link_declared(struct scope *scope, struct declared *declared,
                                const struct value *value, struct mw *mw) {
    if (value->kind == VALUE_CALL) {
        struct diag *d = diag_add(scope_diags(scope), DIAG_ARGUMENT_UNKNOWN, value->span,
                                  "`%.*s` is a declared middleware and takes no arguments",
                                  STR_ARG(value->text.s));
        diag_note_at(scope_diags(scope), d, declared->span, "declared here");
        diag_help(scope_diags(scope), d, "write %.*s", STR_ARG(value->text.s));
        return NULL;
    }
    struct mw_chain *chain = check_chain(declared);
    if (!chain)
        return NULL;
    chain->used = true;
    declared->used = true;
    mw->kind = MW_NAMED;
    mw->named = chain;
    mw->protocols = chain->protocols;
    return mw;
}

static struct mw *link_call(struct mw_call *c) {
    struct str name = c->value->text.s;
    for (size_t i = 0; i < SPECIAL_FORMS; i++)
        if (str_is(name, special_forms[i].name)) {
            special_forms[i].read(c);
            return c->bad ? NULL : c->mw;
        }
    c->form = short_form_find(name);
    c->http = middleware_kind(OPTION_HTTP, c->form ? c->form->http : name);
    c->tcp = middleware_kind(OPTION_TCP, c->form ? c->form->tcp : name);
    if (!c->http && !c->tcp && c->value->kind == VALUE_TEXT &&
        readymade_find(c->scope->program->stack, READYMADE_MIDDLEWARE, name)) {
        c->mw->kind = MW_OTHER;
        c->mw->name = str_format(scope_arena(c->scope), "%.*s@file", STR_ARG(name));
        c->mw->protocols = HTTP;
        return c->mw;
    }
    if (!c->http && !c->tcp) {
        tell_unknown(c->scope, &c->value->text, c->value->kind == VALUE_CALL);
        return NULL;
    }
    c->mw->protocols = (c->http ? HTTP : 0) | (c->tcp ? MODE_BIT(PROTOCOL_TCP) : 0);
    c->mw->type = c->http ? option_name(c->http) : (struct str){ 0 };
    c->mw->tcp_type = c->tcp ? option_name(c->tcp) : (struct str){ 0 };
    if (str_is(name, "strip") && (c->value->kind == VALUE_TEXT || c->value->count == 0)) {
        c->mw->kind = MW_STRIP_OWN;
        return c->mw;
    }
    mw_call_read(c);
    return c->bad ? NULL : c->mw;
}

static bool is_callable(struct str name) {
    for (size_t i = 0; i < SPECIAL_FORMS; i++)
        if (str_is(name, special_forms[i].name))
            return true;
    return short_form_find(name) || middleware_kind(OPTION_HTTP, name) ||
           middleware_kind(OPTION_TCP, name);
}

static struct mw *link_of(struct scope *scope, const struct value *value) {
    struct mw *mw = arena_new(scope_arena(scope), struct mw);
    struct text name, out;
    mw->span = value->span;
    if (value->kind == VALUE_CALL)
        name = value->text;
    else if (!value_text(scope, value, "a middleware", &name))
        return NULL;
    if (str_find(name.s, '@') == STR_NONE && !is_callable(name.s) &&
        !program_find(scope, DECLARED_MIDDLEWARE, name.s) && program_lost(scope, name.s))
        return NULL;
    if (!check_type(scope, TYPE_MIDDLEWARE_REF, &name, &out))
        return NULL;
    mw->name = out.s;
    if (str_find(out.s, '@') != STR_NONE) {
        mw->kind = MW_OTHER;
        mw->protocols = BOTH;
        if (value->kind != VALUE_CALL)
            return mw;
        diag_add(scope_diags(scope), DIAG_ARGUMENT_UNKNOWN, value->span,
                 "`%.*s` is declared elsewhere and takes no arguments", STR_ARG(out.s));
        return NULL;
    }
    struct declared *declared = program_find(scope, DECLARED_MIDDLEWARE, out.s);
    struct mw_call call = { .scope = scope, .value = value, .mw = mw, .tail = &mw->options };
    struct value bare = { .kind = VALUE_TEXT, .span = value->span, .text = name };
    if (value->kind != VALUE_CALL)
        call.value = &bare;
    if (declared && !(value->kind == VALUE_CALL && is_callable(out.s)))
        return link_declared(scope, declared, call.value, mw);
    if (name.sample && value->kind != VALUE_CALL) {
        mw->kind = MW_OTHER;
        mw->protocols = BOTH;
        return mw;
    }
    mw->kind = MW_INLINE;
    mw->name = (struct str){ 0 };
    return link_call(&call);
}

struct mw *check_link(struct scope *scope, struct node *link) {
    struct value value = value_of(scope, link);
    return value.kind == VALUE_BAD ? NULL : link_of(scope, &value);
}

/* ---- chains ---- */

static void tell_cycle(struct program *program, struct declared *declared, struct mw_chain *chain) {
    struct buf path = { .arena = program->arena };
    struct mw_chain *c = program->model->building;
    buf_format(&path, "%.*s", STR_ARG(chain->name));
    for (; c && c != chain; c = c->outer) {
        struct str so_far = buf_str(&path);
        struct buf longer = { .arena = program->arena };
        buf_format(&longer, "%.*s | %.*s", STR_ARG(c->name), STR_ARG(so_far));
        path = longer;
    }
    struct str circle = buf_str(&path);
    struct diag *d = diag_add(program->diags, DIAG_MIDDLEWARE_CYCLE, declared->span,
                              "`%.*s` contains itself: %.*s", STR_ARG(chain->name),
                              STR_ARG(text_quote(program->arena, circle)));
    for (c = program->model->building; c && c != chain; c = c->outer)
        diag_note_at(program->diags, d, c->span, "by way of `%.*s`", STR_ARG(c->name));
    diag_effect(program->diags, d, "Traefik would disable every router that uses it");
}

static void build_chain(struct declared *declared, struct mw_chain *chain) {
    struct mw **tail = &chain->links;
    for (struct node *n = node_let(declared->node)->links.head; n; n = n->next) {
        struct mw *mw = check_link(declared->scope, n);
        if (!mw)
            continue;
        if (chain->protocols && !(chain->protocols & mw->protocols)) {
            struct program *program = declared->scope->program;
            struct diag *d =
                diag_add(program->diags, DIAG_MIDDLEWARE_MODE, mw->span,
                         "`%.*s` mixes middlewares of HTTP and TCP", STR_ARG(chain->name));
            diag_help(program->diags, d, "no route could use it; make two of it");
        }
        if (!chain_append(declared->scope, chain, &tail, mw))
            return;
    }
}

struct mw_chain *check_chain(struct declared *declared) {
    struct program *program = declared->scope->program;
    struct model *model = program->model;
    struct mw_chain *chain = declared->made;
    if (chain && chain->state == CHAIN_BUSY)
        tell_cycle(program, declared, chain);
    if (chain)
        return chain->state == CHAIN_BUSY ? NULL : chain;
    if (program->depth >= DEEPEST_CHAIN) {
        diag_add(program->diags, DIAG_EXPANSION, declared->span,
                 "middlewares name each other more than %d deep", DEEPEST_CHAIN);
        return NULL;
    }
    chain = arena_new(program->arena, struct mw_chain);
    declared->made = chain;
    chain->name = declared->name;
    chain->span = declared->span;
    chain->protocols = BOTH;
    chain->length = 1;
    chain->state = CHAIN_BUSY;
    chain->outer = model->building;
    model->building = chain;
    program->depth++;
    build_chain(declared, chain);
    program->depth--;
    model->building = chain->outer;
    chain->state = CHAIN_DONE;
    if (model->last_chain)
        model->last_chain->next = chain;
    else
        model->chains = chain;
    model->last_chain = chain;
    return chain;
}

/* ---- modes ---- */

/* The link inside a named chain that the protocol does not have. */
static const struct mw *culprit(const struct mw *link, unsigned bit, size_t depth) {
    if (link->kind != MW_NAMED || depth == DEEPEST_CHAIN)
        return link;
    for (const struct mw *mw = link->named->links; mw; mw = mw->next)
        if (!(mw->protocols & bit))
            return culprit(mw, bit, depth + 1);
    return link;
}

static const char *name_of(const struct mw *mw) {
    switch (mw->kind) {
    case MW_STRIP_OWN: return "strip";
    case MW_CANONICAL: return "canonical";
    case MW_INLINE:
    case MW_NAMED:
    case MW_OTHER: break;
    }
    return NULL;
}

/* An option that TCP's middleware of that kind does not have. */
static struct str http_only_option(const struct mw *mw) {
    const struct option *tcp = mw->tcp_type.len ? middleware_kind(OPTION_TCP, mw->tcp_type) : NULL;
    for (const struct mw_option *o = mw->options; tcp && o; o = o->next)
        if (!option_find_below(tcp, o->path).option)
            return o->path;
    return (struct str){ 0 };
}

void check_link_mode(struct scope *scope, const struct mw *link, enum mode mode) {
    if (mode == MODE_UNKNOWN)
        return;
    struct diags *diags = scope_diags(scope);
    struct str scheme = mode_infos[mode].scheme;
    unsigned bit = MODE_BIT(mode_infos[mode].protocol);
    if (link->protocols & bit)
        return;
    if (mode_infos[mode].protocol == PROTOCOL_UDP) {
        struct diag *d =
            diag_add(diags, DIAG_MIDDLEWARE_MODE, link->span, "udp:// routes have no middlewares");
        diag_help(diags, d, "leave it out; guard the port with a firewall");
        return;
    }
    const struct mw *mw = culprit(link, bit, 0);
    const char *fixed = name_of(mw);
    struct str name = fixed              ? str_of(fixed)
                      : mw->type.len     ? mw->type
                      : mw->tcp_type.len ? mw->tcp_type
                                         : mw->name;
    struct diag *d =
        diag_add(diags, DIAG_MIDDLEWARE_MODE, link->span,
                 "`%.*s` is no middleware of %.*s:// routes", STR_ARG(name), STR_ARG(scheme));
    if (mw != link)
        diag_note_at(diags, d, mw->span, "it stands here");
    struct str option = http_only_option(mw);
    if (option.len)
        diag_help(diags, d, "TCP has it without `%.*s`", STR_ARG(option));
    else if (bit == MODE_BIT(PROTOCOL_TCP))
        diag_help(diags, d, "TCP has `allow` and `in-flight` only");
    else
        diag_help(diags, d, "it is for TCP; HTTP has `in-flight`");
}
