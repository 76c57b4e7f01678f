/* What Traefik's decoder refuses: names that no option has, and values of another type. It looks at
   types alone; what a value means is judged when routers and middlewares are made. */
#include "analysis/untyped.h"
#include "options/number.h"
#include "options/value.h"

struct check {
    struct arena *arena;
    enum untyped_place place;
    struct untyped_fault fault;
};

static bool refuse(struct check *k, struct span span, struct str message) {
    k->fault = (struct untyped_fault){ true, span, message };
    return false;
}

static bool refuse_kind(struct check *k, const struct untyped *c, const struct option *o,
                        const char *wanted) {
    struct str name = option_name(o);
    return refuse(k, c->span, str_format(k->arena, "`%.*s` takes %s", STR_ARG(name), wanted));
}

/* What Go's decoder reads into the option's type; everything else is text to it. */
static bool text_fits(const struct option *o, struct str text) {
    int64_t number;
    double real;
    switch (o->type) {
    case OPTION_BOOL: return untyped_bool_reads(text);
    case OPTION_INT:
    case OPTION_BYTES:
    case OPTION_PERCENT: return number_int(text, &number);
    case OPTION_FLOAT: return number_float(text, &real);
    case OPTION_DURATION: return number_duration(text, &number);
    default: return true;
    }
}

static bool check_one(struct check *k, const struct untyped *c, const struct option *o) {
    if (c->kind == UNTYPED_NULL || o->type == OPTION_ANY)
        return true;
    if (c->kind != UNTYPED_TEXT || c->first)
        return refuse_kind(k, c, o, "one value");
    if (!text_fits(o, c->text))
        return refuse_kind(k, c, o, option_type_gist(o->type));
    return true;
}

/* A row of a map is the value of one of its keys, so it is one value, too. */
static bool check_leaf(struct check *k, const struct untyped *c, const struct option *o) {
    if (o->shape != OPTION_LIST)
        return check_one(k, c, o);
    if (c->kind == UNTYPED_TEXT && !c->first)
        return true;
    if (c->kind != UNTYPED_LIST && o->type != OPTION_ANY)
        return refuse_kind(k, c, o, "a list");
    for (const struct untyped *item = c->first; item; item = item->next)
        if (!check_one(k, item, o))
            return false;
    return true;
}

static bool check_object(struct check *k, struct untyped *c, const struct option *o);

static bool check_node(struct check *k, struct untyped *c, const struct option *o) {
    if (c->kind == UNTYPED_NULL)
        return true;
    /* A switch such as `failover.healthCheck` has no options at all. */
    bool is_switch = o->type == OPTION_OBJECT_OR_EMPTY && !option_first_child(o);
    if (!is_switch && (!option_first_child(o) || o->shape == OPTION_MAP))
        return check_leaf(k, c, o);
    if (o->indexed) {
        for (struct untyped *item = c->first; item; item = item->next)
            if (item->kind != UNTYPED_NULL && !check_object(k, item, o))
                return false;
        return true;
    }
    bool empty = true;
    for (const struct untyped *child = c->first; child; child = child->next)
        empty = empty && child->kind == UNTYPED_NULL;
    if (empty && !o->any_name && o->type != OPTION_OBJECT_OR_EMPTY)
        return refuse_kind(k, c, o, "options below it, and none is there");
    return check_object(k, c, o);
}

/* `servers` is a file's word; labels write `server`, which files do not know. */
static bool is_elsewhere(const struct check *k, const struct option *o) {
    struct str name = option_name(o);
    return k->place == UNTYPED_IN_LABELS
               ? str_is(name, "servers")
               : !(o->places & OPTION_IN_FILE) && !(o->places & OPTION_IN_STATIC) && o->listed;
}

static bool check_object(struct check *k, struct untyped *c, const struct option *o) {
    struct untyped **at = &c->first;
    while (*at) {
        struct untyped *child = *at;
        const struct option *below = option_child(o, child->key);
        if (!below || is_elsewhere(k, below)) {
            struct str best = option_child_nearest(o, child->key);
            return refuse(k, child->key_span,
                          str_format(k->arena, "there is no option `%.*s`%s%.*s%s",
                                     STR_ARG(child->key), best.len ? "; is `" : "", STR_ARG(best),
                                     best.len ? "` meant?" : ""));
        }
        if (!check_node(k, child, below))
            return false;
        /* Labels of options that only files have are read, and then forgotten. */
        bool dropped = k->place == UNTYPED_IN_LABELS && below->listed &&
                       !(below->places & (OPTION_IN_LABELS | OPTION_DEFAULT_STORE));
        if (dropped)
            *at = child->next;
        else
            at = &child->next;
    }
    return true;
}

struct untyped_fault untyped_check(struct arena *a, struct untyped *c, const struct option *o,
                                   enum untyped_place place) {
    struct check k = { .arena = a, .place = place };
    /* At the top Traefik looks for the names it knows and at nothing else. */
    for (struct untyped *child = c->first; child && !k.fault.wrong; child = child->next) {
        const struct option *below = option_child(o, child->key);
        if (below)
            check_node(&k, child, below);
        else if (place == UNTYPED_IN_LABELS)
            refuse(&k, child->key_span,
                   str_format(a, "there is no option `%.*s`", STR_ARG(child->key)));
    }
    return k.fault;
}
