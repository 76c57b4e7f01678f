/* The static configuration as flags of a command, and as TRAEFIK_… variables. */
#include "lower/traefik.h"

#define REFUSED "Traefik refuses to start"

static struct conf_reader reader(struct traefik *t, struct lower *l, enum conf_source source) {
    if (!t->fixed) {
        t->fixed = conf_new(&t->confs, OPTION_STATIC);
        t->fixed_lower = l;
    }
    return (struct conf_reader){ .l = l,
                                 .confs = &t->confs,
                                 .source = source,
                                 .tree = OPTION_STATIC,
                                 .version = t->version,
                                 .effect = REFUSED };
}

static bool is_flag(struct str s) {
    return str_starts(s, STR("-")) && s.len > 2;
}

/* A flag without a value is true: `--ping`, `--providers.docker`. */
static bool takes_bare(struct str path) {
    struct option_lookup found = option_find(OPTION_STATIC, path);
    return !found.option || found.option->type == OPTION_BOOL ||
           found.option->type == OPTION_OBJECT || found.option->type == OPTION_OBJECT_OR_EMPTY ||
           found.option->type == OPTION_NAMES;
}

/* ---- words of a command ---- */

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n';
}

/* A command in one text is parted at blanks; quotes hold words together, as in a shell. */
static struct nodes split(struct arena *a, struct node *text) {
    struct str s = conf_str(text);
    struct nodes words = { 0 };
    for (size_t at = 0; at < s.len;) {
        struct conf_join j = conf_join(a);
        size_t from = at;
        char quote = 0;
        for (; at < s.len && (quote || !is_blank(s.at[at])); at++) {
            char c = s.at[at];
            if (quote ? c != quote : c != '"' && c != '\'')
                continue;
            conf_join_part(&j, text, from, at);
            from = at + 1;
            quote = quote ? 0 : c;
        }
        conf_join_part(&j, text, from, at);
        struct span span = node_text_span(node_text(text), from < at ? from : 0, at);
        bool whole = j.count < 2;
        if (j.out.len)
            words =
                nodes_append(words, whole ? conf_part(a, text, from, at) : conf_join_end(&j, span));
        while (at < s.len && is_blank(s.at[at]))
            at++;
    }
    return words;
}

static struct nodes words_of(struct arena *a, const struct compose_texts *flags) {
    struct nodes words = { 0 };
    for (const struct compose_text *f = flags->first; f; f = f->next) {
        if (!f->node || f->node->kind != TREE_SCALAR)
            continue;
        struct node *text = conf_of_compose(a, conf_text(a, f->node));
        if (f->node->parent && f->node->parent->kind == TREE_SEQUENCE)
            words = nodes_append(words, conf_copy(a, text));
        else
            return split(a, text);
    }
    return words;
}

const struct node *traefik_read_flags(struct traefik *t, struct lower *l,
                                      const struct compose_texts *flags) {
    const struct node *first = NULL;
    struct conf_reader r = reader(t, l, CONF_FLAG);
    struct arena *a = t->arena;
    for (struct node *text = words_of(a, flags).head; text; text = text->next) {
        struct str s = conf_str(text);
        if (!is_flag(s))
            continue; /* "traefik", or the value of the flag before */
        size_t from = str_starts(s, STR("--")) ? 2 : 1, equals = str_find(s, '=');
        struct node *path = conf_part(a, text, from, equals == STR_NONE ? s.len : equals);
        struct node *value;
        if (str_eq_nocase(conf_str(path), STR("configFile")))
            continue;
        if (equals != STR_NONE) {
            value = conf_part(a, text, equals + 1, s.len);
        } else if (text->next && !is_flag(conf_str(text->next)) && !takes_bare(conf_str(path))) {
            text = text->next;
            value = conf_copy(a, text);
        } else {
            value = conf_made(a, STR("true"), text->span);
        }
        conf_set(&r, t->fixed, path, value);
        first = first ? first : text;
    }
    return first;
}

/* TRAEFIK_ENTRYPOINTS_WEB_ADDRESS: `_` parts the words, all in small letters then. */
void traefik_read_environment(struct traefik *t, struct lower *l, const struct compose_pairs *pairs,
                              const struct node *flags) {
    for (const struct compose_pair *p = pairs->first; p; p = p->next) {
        struct arena *a = t->arena;
        if (!str_eq_nocase(str_slice(p->key, 0, 8), STR("TRAEFIK_")) || p->key.len == 8)
            continue;
        struct conf_reader r = reader(t, l, CONF_ENV);
        char *path = arena_alloc(a, p->key.len);
        size_t len = p->key.len - 8;
        for (size_t i = 0; i < len; i++)
            path[i] = p->key.at[8 + i] == '_' ? '.' : char_lower(p->key.at[8 + i]);
        struct node *key = conf_made(a, (struct str){ path, len }, p->key_span);
        /* What does not begin with an option at the top is another program's. */
        struct str top = str_slice(conf_str(key), 0, str_find(conf_str(key), '.'));
        if (!option_child(option_top(OPTION_STATIC), top) || str_eq_nocase(top, STR("configfile")))
            continue;
        if (flags) {
            struct diag *d = diag_add(t->diags, DIAG_LABEL_IGNORED, p->key_span,
                                      "this variable is not read: the command has flags");
            diag_note_at(t->diags, d, flags->span, "the first one is here");
            diag_effect(t->diags, d,
                        "Traefik takes its static configuration from one source alone");
            diag_help(t->diags, d, "write it as a flag, too");
            return;
        }
        struct node *value = p->has_value ? conf_made(a, str_copy(a, p->value), p->value_span)
                                          : conf_made(a, STR("true"), p->span);
        if (p->has_value && p->value_span.end - p->value_span.start == p->value.len) {
            node_text(value)->pieces = NULL;
            node_text(value)->inner = p->value_span.start;
        }
        conf_set(&r, t->fixed, key, conf_of_compose(a, value));
    }
}
