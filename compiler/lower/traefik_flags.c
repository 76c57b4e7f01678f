/* The static configuration as flags of a command, and as TRAEFIK_… variables. */
#include "lower/traefik.h"

#define REFUSED "Traefik refuses to start"

static struct conf_reader reader(struct traefik *t, struct lower *l, enum conf_source source) {
    if (!t->fixed) {
        t->fixed = conf_new(t->arena, OPTION_STATIC);
        t->fixed_lower = l;
    }
    return (struct conf_reader){
        .l = l, .source = source, .tree = OPTION_STATIC, .version = t->version, .effect = REFUSED
    };
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

void traefik_read_flags(struct traefik *t, struct lower *l, const struct compose_texts *flags) {
    struct conf_reader r = reader(t, l, CONF_FLAG);
    struct arena *a = t->arena;
    for (const struct compose_text *f = flags->first; f; f = f->next) {
        if (!is_flag(f->text) || !f->node)
            continue; /* "traefik", or the value of the flag before */
        struct node *whole = conf_text(a, f->node);
        size_t at = str_find_str(conf_str(whole), f->text);
        if (at == STR_NONE) { /* a command in one line, with quotes inside */
            whole = conf_made(a, f->text, f->node->span);
            at = 0;
        }
        struct node *text = conf_of_compose(a, conf_part(a, whole, at, at + f->text.len));
        struct str s = conf_str(text);
        size_t from = str_starts(s, STR("--")) ? 2 : 1, equals = str_find(s, '=');
        struct node *path = conf_part(a, text, from, equals == STR_NONE ? s.len : equals);
        struct node *value;
        if (str_eq_nocase(conf_str(path), STR("configFile")))
            continue;
        if (equals != STR_NONE) {
            value = conf_part(a, text, equals + 1, s.len);
        } else if (f->next && !is_flag(f->next->text) && !takes_bare(conf_str(path))) {
            f = f->next;
            value = conf_of_compose(a, conf_made(a, f->text, f->node ? f->node->span : text->span));
        } else {
            value = conf_made(a, STR("true"), text->span);
        }
        conf_set(&r, t->fixed, path, value);
    }
}

/* TRAEFIK_ENTRYPOINTS_WEB_ADDRESS: `_` parts the words, all in small letters then. */
void traefik_read_environment(struct traefik *t, struct lower *l,
                              const struct compose_pairs *pairs) {
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
        struct node *value = p->has_value ? conf_made(a, p->value, p->value_span)
                                          : conf_made(a, STR("true"), p->span);
        if (p->has_value && p->value_span.end - p->value_span.start == p->value.len) {
            node_text(value)->pieces = NULL;
            node_text(value)->inner = p->value_span.start;
        }
        conf_set(&r, t->fixed, key, conf_of_compose(a, value));
    }
}
