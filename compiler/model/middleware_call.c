/* The arguments of a middleware's call: by position, by the words of a short form, by the names of
   the option table. */
#include "model/middleware.h"
#include "model/names.h"
#include "model/typed_option.h"
#include "model/units.h"
#include "options/value.h"

#include <inttypes.h>

#define S(literal)                                                                                 \
    { "" literal, sizeof(literal) - 1 }

const struct short_form short_forms[] = {
#define SHORT_FORM(name, http, tcp, by_position, words, example, gist)                             \
    { S(name), S(http), S(tcp), S(by_position), S(words), S(example), S(gist) },
#define SPECIAL_FORM(name, function, example, gist)
#define NEEDED(kind, options, idle)
#include "model/middlewares.def"
#undef SHORT_FORM
#undef SPECIAL_FORM
#undef NEEDED
};
const size_t short_form_count = sizeof short_forms / sizeof *short_forms;

static const struct {
    struct str kind, options;
    bool idle;
} needed[] = {
#define SHORT_FORM(name, http, tcp, by_position, words, example, gist)
#define SPECIAL_FORM(name, function, example, gist)
#define NEEDED(kind, options, idle) { S(kind), S(options), idle },
#include "model/middlewares.def"
#undef SHORT_FORM
#undef SPECIAL_FORM
#undef NEEDED
};

const struct short_form *short_form_find(struct str name) {
    for (size_t i = 0; i < short_form_count; i++)
        if (str_eq(short_forms[i].name, name))
            return &short_forms[i];
    return NULL;
}

/* The next blank-separated piece. */
static bool next_piece(struct str *rest, struct str *piece) {
    *rest = str_trim(*rest);
    if (rest->len == 0)
        return false;
    size_t blank = str_find(*rest, ' ');
    *piece = str_slice(*rest, 0, blank);
    *rest = blank == STR_NONE ? (struct str){ 0 } : str_from(*rest, blank);
    return true;
}

bool short_form_word(const struct short_form *form, struct str word, struct str *path,
                     struct str *flag) {
    struct str rest = form->words, piece;
    while (next_piece(&rest, &piece)) {
        size_t equals = str_find(piece, '='), colon = str_find(piece, ':');
        if (!str_eq(str_slice(piece, 0, equals), word))
            continue;
        *path = str_slice(piece, equals + 1, colon);
        *flag = colon == STR_NONE ? (struct str){ 0 } : str_from(piece, colon + 1);
        return true;
    }
    return false;
}

static struct diags *diags_of(const struct mw_call *c) {
    return scope_diags(c->scope);
}

static struct arena *arena_of(const struct mw_call *c) {
    return scope_arena(c->scope);
}

static struct str called(const struct mw_call *c) {
    return c->value->text.s;
}

/* ---- storing ---- */

enum { MOST_OPTIONS = 1000 };

static struct mw_option *add_option(struct mw_call *c, struct str path, struct span span) {
    for (struct mw_option *o = c->mw->options; o; o = o->next)
        if (str_eq(o->path, path)) {
            struct diag *d = diag_add(diags_of(c), DIAG_ARGUMENT_TWICE, span,
                                      "`%.*s` is given twice", STR_ARG(path));
            if (o->count)
                diag_note_at(diags_of(c), d, o->texts[0].span, "first given here");
            diag_help(diags_of(c), d, "remove one of them");
            c->bad = true;
            return NULL;
        }
    if (++c->option_count > MOST_OPTIONS) {
        diag_add(diags_of(c), DIAG_EXPANSION, c->value->span, "`%.*s` has more than %d options",
                 STR_ARG(called(c)), MOST_OPTIONS);
        c->bad = true;
        return NULL;
    }
    struct mw_option *o = arena_new(arena_of(c), struct mw_option);
    o->path = path;
    *c->tail = o;
    c->tail = &o->next;
    return o;
}

static void set_texts(struct mw_call *c, struct str path, const struct text *texts, size_t count,
                      bool list, struct span span) {
    struct mw_option *o = add_option(c, path, span);
    if (!o)
        return;
    o->texts = arena_copy(arena_of(c), texts, count * sizeof *texts);
    o->count = count;
    o->list = list;
}

static void set_made(struct mw_call *c, const char *path, struct str value, struct span span) {
    struct text text = text_made(value, span);
    set_texts(c, str_of(path), &text, 1, false, span);
}

/* ---- one option of the table ---- */

static void set_by_table(struct mw_call *c, const struct option *o, struct str path,
                         const struct value *value);

/* `[X-Foo=bar, X-Bar=baz]` below an option: keys of a map, or options of an object. */
static void set_members(struct mw_call *c, const struct option *o, struct str path,
                        const struct value *list) {
    for (size_t i = 0; i < list->count; i++) {
        const struct value *arg = &list->items[i];
        if (arg->kind == VALUE_BAD)
            c->bad = true;
        if (arg->kind == VALUE_BAD)
            continue;
        if (arg->kind != VALUE_ARG) {
            struct diag *d = diag_add(diags_of(c), DIAG_VALUE_KIND, arg->span,
                                      "`%.*s` holds `name=value`", STR_ARG(path));
            diag_help(diags_of(c), d, "write %.*s=[name=value, …]", STR_ARG(option_name(o)));
            c->bad = true;
            continue;
        }
        struct str canonical;
        struct option_miss_place miss;
        const struct option *child =
            option_by_words(arena_of(c), o, arg->text.s, &canonical, &miss);
        if (!child) {
            struct diag *d =
                diag_add(diags_of(c), DIAG_ARGUMENT_UNKNOWN, arg->text.span,
                         "`%.*s` has no option `%.*s`", STR_ARG(path), STR_ARG(arg->text.s));
            struct str best = option_child_nearest(o, arg->text.s);
            diag_suggest(diags_of(c), d, arg->text.span,
                         best.len ? option_name_kebab(arena_of(c), best) : best);
            c->bad = true;
            continue;
        }
        struct str whole = str_format(arena_of(c), "%.*s.%.*s", STR_ARG(path), STR_ARG(canonical));
        set_by_table(c, child, whole, &arg->items[0]);
    }
}

static bool check_key(struct mw_call *c, const struct option *o, struct str path,
                      struct span span) {
    if (!o->any_name || !str_eq(c->mw->type, STR("headers")))
        return true;
    struct text key = text_made(str_from(path, str_find_last(path, '.') + 1), span), out;
    return check_type(c->scope, TYPE_HEADER_NAME, &key, &out);
}

static void set_by_table(struct mw_call *c, const struct option *o, struct str path,
                         const struct value *value) {
    if (value->kind == VALUE_BAD) {
        c->bad = true;
        return;
    }
    if (!check_key(c, o, path, value->span)) {
        c->bad = true;
        return;
    }
    if (value->kind == VALUE_ARG) {
        struct value one = { .kind = VALUE_LIST, .span = value->span, .count = 1 };
        one.items = (struct value *)(uintptr_t)value;
        set_members(c, o, path, &one);
        return;
    }
    bool members = option_first_child(o) && value->kind == VALUE_LIST;
    if (members) {
        set_members(c, o, path, value);
        return;
    }
    bool list = o->shape == OPTION_LIST;
    struct value all = list ? value_as_list(c->scope, *value) : *value;
    const struct value *items = list ? all.items : &all;
    size_t count = list ? all.count : 1, good = 0;
    struct text *texts = arena_array(arena_of(c), struct text, count);
    for (size_t i = 0; i < count; i++) {
        struct text text;
        if (value_text(c->scope, &items[i], option_type_gist(o->type), &text) &&
            option_check_text(c->scope, o, &text, &texts[good])) {
            size_t dot = str_find_last(path, '.');
            if (dot != STR_NONE && !str_eq(str_from(path, dot + 1), option_name(o)))
                option_check_credential(c->scope, str_from(path, dot + 1), &texts[good]);
            good++;
        }
    }
    c->bad |= good < count;
    set_texts(c, path, texts, good, list, value->span);
}

/* An option by its path in our words or in Traefik's; protocols without it are out. */
static bool set_path(struct mw_call *c, struct str words, const struct value *value) {
    struct str canonical = { 0 }, in_tcp;
    struct option_miss_place miss;
    const struct option *http =
        c->http ? option_by_words(arena_of(c), c->http, words, &canonical, &miss) : NULL;
    const struct option *tcp =
        c->tcp ? option_by_words(arena_of(c), c->tcp, words, &in_tcp, &miss) : NULL;
    if (!http && !tcp)
        return false;
    if (!http)
        c->mw->protocols &= ~MODE_BIT(PROTOCOL_HTTP);
    if (!tcp)
        c->mw->protocols &= ~MODE_BIT(PROTOCOL_TCP);
    set_by_table(c, http ? http : tcp, http ? canonical : in_tcp, value);
    return true;
}

/* ---- the functions of the table ---- */

static bool one_text(struct mw_call *c, const struct value *value, enum type_kind type,
                     struct text *out) {
    struct text text;
    bool good = value_text(c->scope, value, type_infos[type].expected.at, &text) &&
                check_type(c->scope, type, &text, out);
    c->bad |= !good;
    return good;
}

static void set_rate(struct mw_call *c, const struct value *value) {
    struct text text;
    struct rate rate;
    if (!one_text(c, value, TYPE_RATE, &text))
        return;
    if (rate_parse(text.s, &rate).error) { /* a placeholder: Traefik counts per second */
        set_texts(c, STR("average"), &text, 1, false, text.span);
        return;
    }
    struct duration period = { rate.period * 1000000000 };
    set_made(c, "average", str_format(arena_of(c), "%" PRIu64, rate.average), text.span);
    set_made(c, "period", duration_text(arena_of(c), period), text.span);
}

static void set_per(struct mw_call *c, const struct value *value) {
    struct text text;
    if (!one_text(c, value, TYPE_WORD, &text))
        return;
    if (str_is(text.s, "ip"))
        set_made(c, "sourceCriterion.ipStrategy.depth", STR("0"), text.span);
    else if (str_is(text.s, "host"))
        set_made(c, "sourceCriterion.requestHost", STR("true"), text.span);
    else if (one_text(c, value, TYPE_HEADER_NAME, &text))
        set_texts(c, STR("sourceCriterion.requestHeaderName"), &text, 1, false, text.span);
}

/* Traefik counts seconds here, without a unit. */
static void set_hsts(struct mw_call *c, const struct value *value) {
    struct text text;
    struct duration duration;
    uint64_t seconds;
    if (!one_text(c, value, TYPE_DURATION, &text))
        return;
    if (duration_parse(text.s, &duration).error == UNITS_OK && duration_seconds(duration, &seconds))
        text.s = str_format(arena_of(c), "%" PRIu64, seconds);
    set_texts(c, STR("stsSeconds"), &text, 1, false, text.span);
}

static void set_service(struct mw_call *c, const struct value *value) {
    struct text text;
    if (one_text(c, value, TYPE_TARGET, &text))
        set_texts(c, STR("service"), &text, 1, false, text.span);
}

static void set_status(struct mw_call *c, const struct value *value) {
    struct value list = value_as_list(c->scope, *value);
    struct text *texts = arena_array(arena_of(c), struct text, list.count);
    size_t good = 0;
    for (size_t i = 0; i < list.count; i++)
        good += one_text(c, &list.items[i], TYPE_STATUS_RANGE, &texts[good]);
    set_texts(c, STR("status"), texts, good, true, value->span);
}

static const struct {
    const char *name;
    void (*set)(struct mw_call *c, const struct value *value);
} setters[] = {
    { "@rate", set_rate },       { "@per", set_per },       { "@hsts", set_hsts },
    { "@service", set_service }, { "@status", set_status },
};

static void set(struct mw_call *c, struct str path, const struct value *value) {
    if (value->kind == VALUE_BAD) {
        c->bad = true;
        return;
    }
    for (size_t i = 0; i < sizeof setters / sizeof *setters; i++)
        if (str_is(path, setters[i].name)) {
            setters[i].set(c, value);
            return;
        }
    set_path(c, path, value);
}

/* ---- arguments ---- */

static struct str kind_of(const struct mw_call *c) {
    return option_name(c->http ? c->http : c->tcp);
}

static void tell_unknown(struct mw_call *c, const struct text *name) {
    struct diag *d =
        diag_add(diags_of(c), DIAG_ARGUMENT_UNKNOWN, name->span, "`%.*s` has no argument `%.*s`",
                 STR_ARG(called(c)), STR_ARG(name->s));
    c->bad = true;
    struct nearest near = { .wanted = name->s, .effort = &diags_of(c)->hints };
    if (c->form) {
        struct str rest = c->form->words, piece;
        while (next_piece(&rest, &piece))
            nearest_offer(&near, str_slice(piece, 0, str_find(piece, '=')));
    }
    const struct option *layers[] = { c->http, c->tcp };
    for (size_t i = 0; i < 2; i++) {
        const struct option *o = layers[i] ? option_first_child(layers[i]) : NULL;
        for (; o; o = option_next_sibling(o))
            nearest_offer(&near, option_name_kebab(arena_of(c), option_name(o)));
    }
    if (near.best.len) {
        diag_suggest(diags_of(c), d, name->span, near.best);
    } else if (c->form) {
        diag_help(diags_of(c), d, "write it as in %.*s; `itsupc help %.*s` lists its arguments",
                  STR_ARG(c->form->example), STR_ARG(c->form->name));
    } else {
        diag_help(diags_of(c), d, "`itsupc help %.*s` lists its arguments", STR_ARG(called(c)));
    }
}

static void read_named(struct mw_call *c, const struct value *arg) {
    struct str path, flag;
    const struct value *value = &arg->items[0];
    if (c->form && short_form_word(c->form, arg->text.s, &path, &flag)) {
        set(c, path, value);
        return;
    }
    if (set_path(c, arg->text.s, value))
        return;
    bool header = str_is(c->mw->type, "headers") && char_is_upper(arg->text.s.at[0]);
    if (!header) {
        tell_unknown(c, &arg->text);
        return;
    }
    struct text name = arg->text, out;
    if (check_type(c->scope, TYPE_HEADER_NAME, &name, &out))
        set_path(c, str_format(arena_of(c), "customResponseHeaders.%.*s", STR_ARG(out.s)), value);
    else
        c->bad = true;
}

/* A bare word that is a flag: of the form, or an option that is true or false. */
static bool read_flag(struct mw_call *c, const struct value *value) {
    struct str path, flag;
    if (value->kind != VALUE_TEXT || value->text.quoted)
        return false;
    struct value yes = { .kind = VALUE_TEXT, .span = value->span, .node = value->node };
    yes.text = text_made(STR("true"), value->text.span);
    if (c->form && short_form_word(c->form, value->text.s, &path, &flag) && flag.len) {
        yes.text.s = flag;
        return set_path(c, path, &yes);
    }
    struct str canonical;
    struct option_miss_place miss;
    const struct option *layers[] = { c->http, c->tcp };
    for (size_t i = 0; i < 2; i++) {
        const struct option *o =
            layers[i] ? option_by_words(arena_of(c), layers[i], value->text.s, &canonical, &miss)
                      : NULL;
        if (o && (o->type == OPTION_BOOL || o->type == OPTION_OBJECT_OR_EMPTY))
            return set_path(c, value->text.s, &yes);
    }
    return false;
}

static void tell_extra(struct mw_call *c, const struct value *value) {
    struct str path, flag;
    if (value->kind == VALUE_TEXT && !value->text.quoted && c->form &&
        short_form_word(c->form, value->text.s, &path, &flag)) {
        struct diag *d = diag_add(diags_of(c), DIAG_ARGUMENT_MISSING, value->span,
                                  "`%.*s` needs a value", STR_ARG(value->text.s));
        diag_help(diags_of(c), d, "write %.*s=…", STR_ARG(value->text.s));
        c->bad = true;
        return;
    }
    if (value->kind == VALUE_TEXT && !value->text.quoted) {
        tell_unknown(c, &value->text);
        return;
    }
    struct diag *d =
        diag_add(diags_of(c), DIAG_ARGUMENT_UNKNOWN, value->span,
                 "`%.*s` takes no further argument without a name", STR_ARG(called(c)));
    if (c->form)
        diag_help(diags_of(c), d, "write it as in %.*s", STR_ARG(c->form->example));
    c->bad = true;
}

/* All arguments without a name, from items[at] on, as one list. */
static struct value rest_of(struct mw_call *c, size_t at) {
    const struct value *call = c->value;
    struct value list = { .kind = VALUE_LIST, .span = call->items[at].span };
    list.items = arena_array(scope_scratch(c->scope), struct value, call->count - at);
    for (size_t i = at; i < call->count; i++)
        if (call->items[i].kind != VALUE_ARG) {
            list.items[list.count++] = call->items[i];
            list.span = span_join(list.span, call->items[i].span);
        }
    return list;
}

static bool has_option(const struct mw *mw, struct str name) {
    for (const struct mw_option *o = mw->options; o; o = o->next)
        if (str_eq(o->path, name) || (str_starts(o->path, name) && o->path.at[name.len] == '.'))
            return true;
    return false;
}

static void check_needed(struct mw_call *c) {
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (!str_eq(needed[i].kind, kind_of(c)))
            continue;
        struct str rest = needed[i].options;
        bool there = false;
        while (rest.len && !there) {
            size_t bar = str_find(rest, '|');
            there = has_option(c->mw, str_slice(rest, 0, bar));
            rest = bar == STR_NONE ? (struct str){ 0 } : str_from(rest, bar + 1);
        }
        if (there)
            continue;
        struct str first = str_slice(needed[i].options, 0, str_find(needed[i].options, '|'));
        struct str word = option_name_kebab(arena_of(c), first);
        struct diag *d = diag_add(diags_of(c), DIAG_ARGUMENT_MISSING, c->value->text.span,
                                  "`%.*s` needs `%.*s`", STR_ARG(called(c)), STR_ARG(word));
        if (source_is_foreign(diags_of(c)->sources, c->value->text.span.start))
            diag_help(diags_of(c), d, "add `%.*s` below `%.*s`", STR_ARG(first),
                      STR_ARG(kind_of(c)));
        else if (c->form)
            diag_help(diags_of(c), d, "write %.*s", STR_ARG(c->form->example));
        else
            diag_help(diags_of(c), d, "write %.*s(%.*s=…)", STR_ARG(called(c)), STR_ARG(word));
        if (needed[i].idle) {
            diag_level(diags_of(c), d, LEVEL_WARNING);
            diag_effect(diags_of(c), d, "Traefik takes it, and it does nothing");
            continue;
        }
        c->bad = true;
        return;
    }
    const struct option *o = c->http ? c->http : c->tcp;
    if (c->mw->options || o->type == OPTION_OBJECT_OR_EMPTY || c->bad)
        return;
    struct diag *d = diag_add(diags_of(c), DIAG_ARGUMENT_MISSING, c->value->text.span,
                              "`%.*s` says nothing", STR_ARG(called(c)));
    diag_effect(diags_of(c), d, "Traefik would refuse the middleware and disable the router");
    if (c->form)
        diag_help(diags_of(c), d, "write it as in %.*s", STR_ARG(c->form->example));
    c->bad = true;
}

void mw_call_read(struct mw_call *c) {
    struct str rest = c->form ? c->form->by_position : (struct str){ 0 }, piece;
    const struct value *call = c->value;
    size_t count = call->kind == VALUE_CALL ? call->count : 0;
    for (size_t i = 0; i < count; i++) {
        const struct value *value = &call->items[i];
        struct str after = rest;
        if (value->kind == VALUE_BAD) {
            c->bad = true;
            next_piece(&rest, &piece);
        } else if (value->kind == VALUE_ARG) {
            read_named(c, value);
        } else if (read_flag(c, value)) {
            continue;
        } else if (next_piece(&after, &piece)) {
            rest = after;
            bool all = str_find_str(piece, STR("...")) != STR_NONE;
            struct value list = all ? rest_of(c, i) : *value;
            struct str path = piece;
            while (path.len && (path.at[path.len - 1] == '.' || path.at[path.len - 1] == '?'))
                path.len--;
            set(c, path, &list);
            for (size_t n = i; all && n < count; n++)
                if (call->items[n].kind == VALUE_ARG)
                    read_named(c, &call->items[n]);
            if (all)
                break;
        } else {
            tell_extra(c, value);
        }
    }
    if (!c->bad)
        check_needed(c);
}

/* ---- plugins ---- */

static void set_free(struct mw_call *c, struct str path, const struct value *value);

static void set_free_list(struct mw_call *c, struct str path, const struct value *list) {
    bool named = list->count > 0, nested = list->count > 0;
    for (size_t i = 0; i < list->count; i++) {
        named &= list->items[i].kind == VALUE_ARG;
        nested &= list->items[i].kind == VALUE_LIST;
    }
    for (size_t i = 0; i < list->count && (named || nested); i++) {
        const struct value *item = &list->items[i];
        if (named)
            set_free(c, str_format(arena_of(c), "%.*s.%.*s", STR_ARG(path), STR_ARG(item->text.s)),
                     &item->items[0]);
        else
            set_free(c, str_format(arena_of(c), "%.*s[%zu]", STR_ARG(path), i), item);
    }
    if (named || nested)
        return;
    struct value flat = value_as_list(c->scope, *list);
    struct text *texts = arena_array(arena_of(c), struct text, flat.count);
    size_t good = 0;
    for (size_t i = 0; i < flat.count; i++) {
        struct text text;
        if (value_text(c->scope, &flat.items[i], "one value", &text))
            check_type(c->scope, TYPE_STRING, &text, &texts[good++]);
    }
    c->bad |= good < flat.count;
    set_texts(c, path, texts, good, true, list->span);
}

/* A plugin's options are its own business: any name, any value. */
static void set_free(struct mw_call *c, struct str path, const struct value *value) {
    struct value named =
        value->kind == VALUE_TEXT && !value->text.quoted ? value_as_list(c->scope, *value) : *value;
    bool by_name = named.kind == VALUE_LIST && (value->kind == VALUE_LIST || named.count != 1 ||
                                                !str_eq(named.items[0].text.s, value->text.s));
    if (by_name) {
        set_free_list(c, path, value->kind == VALUE_LIST ? value : &named);
        return;
    }
    struct text text, out;
    size_t dot = str_find_last(path, '.');
    if (!value_text(c->scope, value, "one value", &text) ||
        !check_type(c->scope, TYPE_STRING, &text, &out)) {
        c->bad = true;
        return;
    }
    option_check_credential(c->scope, dot == STR_NONE ? path : str_from(path, dot + 1), &text);
    set_texts(c, path, &out, 1, false, value->span);
}

void mw_call_read_plugin(struct mw_call *c) {
    const struct value *call = c->value;
    bool named = call->kind == VALUE_CALL && call->count > 0 && call->items[0].kind != VALUE_ARG;
    if (!named) {
        struct diag *d = diag_add(diags_of(c), DIAG_ARGUMENT_MISSING, call->text.span,
                                  "`plugin` needs the plugin's name");
        diag_help(diags_of(c), d, "write plugin(NAME, option=value)");
        c->bad = true;
        return;
    }
    struct text name;
    if (!one_text(c, &call->items[0], TYPE_PLUGIN_REF, &name))
        return;
    c->mw->name = name.s;
    for (size_t i = 1; i < call->count; i++) {
        const struct value *item = &call->items[i];
        if (item->kind == VALUE_ARG) {
            set_free(c, str_copy(arena_of(c), item->text.s), &item->items[0]);
        } else if (item->kind == VALUE_TEXT && !item->text.quoted) {
            struct value yes = { .kind = VALUE_TEXT, .span = item->span };
            yes.text = text_made(STR("true"), item->text.span);
            set_free(c, str_copy(arena_of(c), item->text.s), &yes);
        } else {
            c->bad = true;
            if (item->kind != VALUE_BAD)
                diag_add(diags_of(c), DIAG_ARGUMENT_UNKNOWN, item->span,
                         "a plugin's options have names: name=value");
        }
    }
}
