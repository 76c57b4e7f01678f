/* Templates: parameters with types, and the values that an instance gives them. */
#include "model/template.h"

#include "model/domain.h"
#include "model/http.h"
#include "model/port.h"
#include "model/slug.h"
#include "support/nearest.h"

/* ---- ranges ---- */

bool range_looks_like(struct str text) {
    return str_find_str(text, STR("..")) != STR_NONE;
}

static bool parse_int(struct str text, int64_t *out) {
    bool negative = text.len > 1 && text.at[0] == '-';
    uint64_t value;
    if (!str_to_uint(negative ? str_from(text, 1) : text, INT64_MAX, &value))
        return false;
    *out = negative ? -(int64_t)value : (int64_t)value;
    return true;
}

bool range_parse(struct scope *scope, const struct text *text, int64_t *low, int64_t *high) {
    struct diags *diags = scope_diags(scope);
    size_t dots = str_find_str(text->s, STR(".."));
    bool reads = dots != STR_NONE && parse_int(str_slice(text->s, 0, dots), low) &&
                 parse_int(str_from(text->s, dots + 2), high);
    if (text->sample)
        return reads && *low <= *high;
    if (!reads) {
        struct diag *d = diag_add(diags, DIAG_RANGE, text->span,
                                  "`%.*s` is no range of whole numbers", STR_ARG(text->s));
        diag_help(diags, d, "write the first and the last number: 1..9999");
        return false;
    }
    if (*low > *high) {
        struct diag *d = diag_add(diags, DIAG_RANGE, text->span, "the range `%.*s` holds nothing",
                                  STR_ARG(text->s));
        diag_help(diags, d, "write the smaller number first: %lld..%lld", (long long)*high,
                  (long long)*low);
        return false;
    }
    return true;
}

/* ---- parameter types ---- */

enum param_kind {
#define PARAM_TYPE(name, word, sample) PARAM_##name,
#include "model/param_types.def"
#undef PARAM_TYPE
};

static const struct {
    const char *word;
    enum param_kind kind;
    const char *sample; /* what stands in while no instance is known */
} param_types[] = {
#define PARAM_TYPE(name, word, sample) { word, PARAM_##name, sample },
#include "model/param_types.def"
#undef PARAM_TYPE
};
enum { PARAM_TYPES = sizeof param_types / sizeof *param_types, MOST_PARAMS = 256 };

struct param_type {
    enum param_kind kind;
    const char *sample;
    bool ranged, unique, bad;
    int64_t low, high;
    size_t limit; /* of a slug */
};

static void tell_type(struct diags *diags, struct span span, struct str word) {
    struct nearest near = { .wanted = word, .effort = &diags->hints };
    for (size_t i = 0; i < PARAM_TYPES; i++)
        nearest_offer(&near, str_of(param_types[i].word));
    struct diag *d =
        diag_add(diags, DIAG_PARAMETER, span, "`%.*s` is no parameter type", STR_ARG(word));
    if (near.best.len)
        diag_suggest(diags, d, span, near.best);
    else
        diag_help(diags, d,
                  "the types are int, label, slug(N), domain, host, port, path and string");
}

static bool slug_limit(struct scope *scope, struct node_call *call, struct param_type *type) {
    struct diags *diags = scope_diags(scope);
    struct node *first = call->args.head;
    uint64_t limit;
    if (first && !first->next && first->kind == NODE_WORD &&
        str_to_uint(node_text(first)->text, 63, &limit) && limit >= 1) {
        type->limit = (size_t)limit;
        return true;
    }
    struct diag *d = diag_add(diags, DIAG_PARAMETER, call->base.span,
                              "a slug has a length from 1 to 63, such as slug(20)");
    diag_effect(diags, d, "a label of a host name has at most 63 characters");
    return false;
}

static struct param_type read_type(struct scope *scope, struct node_param *param) {
    struct diags *diags = scope_diags(scope);
    struct param_type type = { .kind = PARAM_STRING, .sample = "sample", .limit = 63 };
    if (!param->type)
        return type;
    bool call = param->type->kind == NODE_CALL;
    struct str word = call ? node_call(param->type)->name : node_text(param->type)->text;
    size_t i = 0;
    while (i < PARAM_TYPES && !str_is(word, param_types[i].word))
        i++;
    if (i == PARAM_TYPES) {
        tell_type(diags, call ? node_call(param->type)->name_span : param->type->span, word);
        type.bad = true;
        return type;
    }
    type.kind = param_types[i].kind;
    type.sample = param_types[i].sample;
    if (call && type.kind != PARAM_SLUG) {
        diag_add(diags, DIAG_PARAMETER, param->type->span, "the type %s takes no length",
                 param_types[i].word);
        type.bad = true;
    } else if (call) {
        type.bad = !slug_limit(scope, node_call(param->type), &type);
    } else if (type.kind == PARAM_SLUG) {
        struct diag *d =
            diag_add(diags, DIAG_PARAMETER, param->type->span, "a slug needs its greatest length");
        diag_help(diags, d, "write slug(20)");
        type.bad = true;
    }
    if (!param->range || type.bad)
        return type;
    struct text range = { .s = node_text(param->range)->text,
                          .span = param->range->span,
                          .inner = param->range->span.start };
    if (type.kind == PARAM_SLUG && str_is(range.s, "unique")) {
        type.unique = true;
        if (type.limit < 8) {
            diag_add(
                diags, DIAG_PARAMETER, param->base.span,
                "a unique slug needs a length of 8 or more: 7 of it are a dash and 6 hex digits");
            type.bad = true;
        }
    } else if (type.kind == PARAM_INT || type.kind == PARAM_PORT) {
        type.ranged = range_parse(scope, &range, &type.low, &type.high);
        type.bad = !type.ranged;
    } else {
        struct diag *d = diag_add(diags, DIAG_PARAMETER, param->range->span,
                                  "`%.*s` does not belong behind this type", STR_ARG(range.s));
        diag_help(diags, d, "a range goes with int, `unique` with slug(N)");
        type.bad = true;
    }
    return type;
}

/* ---- values for parameters ---- */

static void tell_value(struct scope *scope, const struct text *text, struct node_param *param,
                       const char *why) {
    struct diags *diags = scope_diags(scope);
    struct diag *d =
        diag_add(diags, DIAG_PARAMETER_VALUE, text->span, "`%.*s` is no value for `%.*s`: %s",
                 STR_ARG(text->s), STR_ARG(param->name), why);
    diag_note_at(diags, d, param->base.span, "the parameter is declared here");
}

static bool fit_int(struct scope *scope, struct node_param *param, const struct param_type *type,
                    struct text *text) {
    int64_t value;
    if (!parse_int(text->s, &value)) {
        tell_value(scope, text, param, "it is no whole number");
        return false;
    }
    if (type->ranged && (value < type->low || value > type->high)) {
        tell_value(scope, text, param,
                   str_format(scope_arena(scope), "it is outside %lld..%lld", (long long)type->low,
                              (long long)type->high)
                       .at);
        return false;
    }
    /* 007 and 7 must not give two names to one thing. */
    text->s = str_format(scope_arena(scope), "%lld", (long long)value);
    return true;
}

static bool fit_label(struct scope *scope, struct node_param *param, struct text *text) {
    struct domain domain;
    if (str_find(text->s, '.') != STR_NONE) {
        tell_value(scope, text, param, "a label holds no dot");
        return false;
    }
    struct fault fault = domain_parse(scope_arena(scope), text->s, NULL, 0, &domain);
    if (fault.error != DOMAIN_OK || domain.is_wildcard) {
        tell_value(scope, text, param, domain_error_text(fault.error));
        return false;
    }
    text->s = domain.name;
    return true;
}

static bool fit_domain(struct scope *scope, struct node_param *param, struct text *text) {
    struct domain domain;
    struct fault fault = domain_parse(scope_arena(scope), text->s, NULL, 0, &domain);
    if (fault.error != DOMAIN_OK) {
        tell_value(scope, text, param, domain_error_text(fault.error));
        return false;
    }
    text->s = domain.name;
    return true;
}

/* Judges a value by the parameter's type and makes it canonical. */
static bool fit(struct scope *scope, struct node_param *param, const struct param_type *type,
                struct value *value) {
    struct text text;
    if (type->kind == PARAM_STRING && value->kind == VALUE_LIST)
        return true; /* a parameter without a type takes a list as well */
    if (!value_text(scope, value, "a template's argument", &text))
        return false;
    *value = (struct value){
        .kind = VALUE_TEXT, .span = value->span, .text = text, .node = value->node
    };
    struct text *t = &value->text;
    if (t->sample || text_has_placeholder(t))
        return true;
    struct path path;
    uint16_t port;
    struct fault fault;
    switch (type->kind) {
    case PARAM_STRING: return true;
    case PARAM_INT: return fit_int(scope, param, type, t);
    case PARAM_LABEL: return fit_label(scope, param, t);
    case PARAM_HOST:
    case PARAM_DOMAIN: return fit_domain(scope, param, t);
    case PARAM_SLUG:
        fault = slug_make(scope_arena(scope), t->s, type->limit, type->unique, &t->s);
        if (fault.error == SLUG_OK)
            return true;
        {
            struct diags *diags = scope_diags(scope);
            struct diag *d = diag_add(diags, DIAG_SLUG_EMPTY, t->span,
                                      "the slug of `%.*s` is empty", STR_ARG(text.s));
            diag_effect(diags, d, "the host name would end in a dash or hold an empty label");
            diag_help(diags, d, "use a value with a letter from a to z or a digit in it");
        }
        return false;
    case PARAM_PORT:
        fault = port_parse(t->s, &port);
        if (fault.error == PORT_OK && type->ranged)
            return fit_int(scope, param, type, t);
        if (fault.error != PORT_OK)
            tell_value(scope, t, param, port_error_text(fault.error));
        return fault.error == PORT_OK;
    case PARAM_PATH:
        fault = path_parse(t->s, &path);
        if (fault.error != HTTP_OK)
            tell_value(scope, t, param, http_error_text(fault.error));
        return fault.error == HTTP_OK;
    }
    return false;
}

/* ---- binding ---- */

static struct node_param *find_param(struct node_template *t, struct str name) {
    for (struct node *n = t->params.head; n; n = n->next)
        if (str_eq(node_param(n)->name, name))
            return node_param(n);
    return NULL;
}

static bool too_many(struct scope *scope, const struct nodes *list, const char *what) {
    struct node *n = list->head;
    for (size_t i = 0; n && i < MOST_PARAMS; i++)
        n = n->next;
    if (n)
        diag_add(scope_diags(scope), DIAG_EXPANSION, n->span, "a template has at most %d %s",
                 MOST_PARAMS, what);
    return n;
}

void template_check(struct declared *declared) {
    struct node_template *t = node_template(declared->node);
    struct scope *scope = declared->scope;
    struct diags *diags = scope_diags(scope);
    if (too_many(scope, &t->params, "parameters"))
        return;
    for (struct node *n = t->params.head; n; n = n->next) {
        struct node_param *param = node_param(n);
        program_name_value(scope->program, param->name, param->name_span);
        struct node_param *first = find_param(t, param->name);
        if (first != param) {
            struct diag *d =
                diag_add(diags, DIAG_NAME_TAKEN, param->name_span,
                         "the parameter `%.*s` is declared twice", STR_ARG(param->name));
            diag_note_at(diags, d, first->name_span, "first declared here");
        }
        struct param_type type = read_type(scope, param);
        if (param->value && !type.bad) {
            struct value value = value_of(scope, param->value);
            fit(scope, param, &type, &value);
        }
    }
}

static void bind_sample(struct scope *scope, struct node_param *param,
                        const struct param_type *type) {
    struct binding *b = scope_bind(scope, param->name, param->name_span);
    struct str text = type->ranged ? str_format(scope_arena(scope), "%lld", (long long)type->low)
                                   : str_of(type->sample);
    b->value = (struct value){ .kind = VALUE_TEXT, .span = param->name_span };
    b->value.text = text_made(text, param->name_span);
    b->value.text.sample = true;
    b->state = BINDING_DONE;
}

/* The call's argument for a parameter, by name or by position; NULL when it has none. */
static struct node *argument(struct node_call *call, struct node_param *param, size_t position) {
    size_t at = 0;
    for (struct node *n = call->args.head; n; n = n->next) {
        if (n->kind == NODE_ARG) {
            if (str_eq(node_arg(n)->name, param->name))
                return node_arg(n)->value;
        } else if (at++ == position) {
            return n;
        }
    }
    return NULL;
}

/* Names that no parameter has, arguments given twice, and more arguments than parameters. */
static bool check_arguments(struct scope *caller, struct declared *declared,
                            struct node_call *call) {
    struct node_template *t = node_template(declared->node);
    struct diags *diags = scope_diags(caller);
    size_t params = nodes_count(t->params), position = 0;
    bool good = true;
    for (struct node *n = call->args.head; n; n = n->next) {
        if (n->kind != NODE_ARG) {
            if (position++ < params)
                continue;
            struct diag *d = diag_add(diags, DIAG_ARGUMENT_UNKNOWN, n->span,
                                      "the template `%.*s` takes %zu argument%s", STR_ARG(t->name),
                                      params, params == 1 ? "" : "s");
            diag_note_at(diags, d, t->name_span, "declared here");
            return false;
        }
        struct node_arg *arg = node_arg(n);
        struct node_param *param = find_param(t, arg->name);
        if (!param) {
            struct nearest near = { .wanted = arg->name, .effort = &diags->hints };
            for (struct node *p = t->params.head; p; p = p->next)
                nearest_offer(&near, node_param(p)->name);
            struct diag *d = diag_add(diags, DIAG_ARGUMENT_UNKNOWN, arg->name_span,
                                      "the template `%.*s` has no parameter `%.*s`",
                                      STR_ARG(t->name), STR_ARG(arg->name));
            diag_suggest(diags, d, arg->name_span, near.best);
            diag_note_at(diags, d, t->name_span, "declared here");
            good = false;
            continue;
        }
        size_t before = 0;
        for (struct node *p = t->params.head; p != &param->base; p = p->next)
            before++;
        if (argument(call, param, before) != arg->value) {
            diag_add(diags, DIAG_ARGUMENT_TWICE, arg->name_span, "`%.*s` is given twice",
                     STR_ARG(arg->name));
            good = false;
        }
    }
    return good;
}

struct scope *template_bind(struct declared *declared, struct scope *caller,
                            struct node_call *call) {
    struct node_template *t = node_template(declared->node);
    struct scope *bound = scope_new(declared->scope);
    struct diags *diags = scope_diags(bound);
    if (too_many(bound, &t->params, "parameters") ||
        (call && too_many(caller, &call->args, "arguments")))
        return NULL;
    bool good = !call || check_arguments(caller, declared, call);
    size_t position = 0;
    for (struct node *n = t->params.head; n; n = n->next, position++) {
        struct node_param *param = node_param(n);
        struct param_type type = read_type(declared->scope, param);
        if (type.bad) {
            good = false;
            continue;
        }
        if (!call) {
            bind_sample(bound, param, &type);
            continue;
        }
        struct node *given = argument(call, param, position);
        if (!given && !param->value) {
            if (good) {
                struct diag *d = diag_add(diags, DIAG_ARGUMENT_MISSING, call->base.span,
                                          "`%.*s` needs a value for `%.*s`", STR_ARG(t->name),
                                          STR_ARG(param->name));
                diag_note_at(diags, d, param->base.span, "declared here, without a default");
                diag_help(diags, d, "write %.*s(%.*s=…)", STR_ARG(t->name), STR_ARG(param->name));
            }
            good = false;
            continue;
        }
        struct value value =
            given ? value_of(caller, given) : value_of(declared->scope, param->value);
        if (value.kind == VALUE_BAD || !fit(caller, param, &type, &value)) {
            good = false;
            continue;
        }
        struct binding *b = scope_bind(bound, param->name, param->name_span);
        b->value = value;
        b->state = BINDING_DONE;
    }
    return good ? bound : NULL;
}

struct str template_instance_name(struct scope *bound, struct declared *declared) {
    struct node_template *t = node_template(declared->node);
    struct buf out = { .arena = scope_arena(bound) };
    buf_add(&out, t->name);
    buf_char(&out, '(');
    for (struct node *n = t->params.head; n; n = n->next) {
        struct binding *b = scope_find(bound, node_param(n)->name);
        if (n != t->params.head)
            buf_text(&out, ", ");
        buf_add(&out, node_param(n)->name);
        buf_char(&out, '=');
        if (b)
            buf_add(&out, value_show(scope_arena(bound), &b->value));
    }
    buf_char(&out, ')');
    return buf_str(&out);
}
