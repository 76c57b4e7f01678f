/* Where the parameters of a template stand in the hosts of its routes: all its instances may fit
   one wildcard. */
#include "model/varying.h"

/* The parameter's values are one label, or part of one. */
static bool makes_labels(const struct node_param *param) {
    static const char *const types[] = { "int", "label", "slug" };
    const struct node *type = param->type;
    if (!type)
        return false;
    struct str name = type->kind == NODE_CALL ? ((const struct node_call *)type)->name
                                              : ((const struct node_text *)type)->text;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_is(name, types[i]))
            return true;
    return false;
}

/* The offset of the first of these characters outside of braces, or the text's length. */
static size_t find_plain(struct str text, const char *ends) {
    bool inside = false;
    for (size_t i = 0; i < text.len; i++) {
        inside = text.at[i] == '{' || (inside && text.at[i] != '}');
        if (!inside && strchr(ends, text.at[i]))
            return i;
    }
    return text.len;
}

static bool names(struct str text, struct str name) {
    for (size_t at = 0; at < text.len;) {
        size_t open = str_find(str_from(text, at), '{');
        if (open == STR_NONE)
            return false;
        struct str rest = str_from(text, at + open + 1);
        if (str_starts(rest, name) && rest.len > name.len && rest.at[name.len] == '}')
            return true;
        at += open + 1;
    }
    return false;
}

static enum varying of_host(const struct node_template *template, struct str host) {
    size_t dot = find_plain(host, ".");
    struct str label = str_slice(host, 0, dot), zone = str_from(host, dot);
    enum varying varying = VARYING_NOTHING;
    for (struct node *n = template->params.head; n; n = n->next) {
        const struct node_param *param = node_param(n);
        if (names(zone, param->name) || (names(label, param->name) && !makes_labels(param)))
            return VARYING_MORE;
        if (names(label, param->name))
            varying = VARYING_LABEL;
    }
    return varying;
}

static enum varying of_patterns(const struct node_template *template,
                                const struct node_route *node) {
    enum varying all = VARYING_NOTHING;
    for (struct node *n = node->patterns.head; n; n = n->next) {
        struct str text = node_text(n)->text;
        size_t mark = str_find_str(text, STR("://"));
        struct str host = mark == STR_NONE ? text : str_from(text, mark + 3);
        enum varying one = of_host(template, str_slice(host, 0, find_plain(host, "/:")));
        all = one > all ? one : all;
    }
    return all;
}

enum varying varying_of(const struct walk *walk, const struct node_route *node) {
    if (!walk->template)
        return VARYING_NOTHING;
    const struct node_template *template = node_template(walk->template->node);
    enum varying all = of_patterns(template, node);
    for (const struct group *group = walk->group; group; group = group->outer) {
        enum varying one = of_patterns(template, group->node);
        all = one > all ? one : all;
    }
    return all;
}
