/* What many parts of an existing configuration become: settings, options by their path, durations,
   and YAML where the language has no words. */
#include "lower/traefik.h"
#include "lower/yaml_comments.h"
#include "support/yaml_writer.h"

struct node *traefik_setting(struct lower *l, const char *name, struct node *value) {
    struct node *arg = conf_word(l->arena, value);
    return lower_setting_one(l, name, value->span, arg);
}

static struct node *with_unit(struct arena *a, struct node *text, struct str unit) {
    struct str s = conf_str(text);
    for (size_t i = 0; i < s.len; i++)
        if (!char_is_digit(s.at[i]))
            return text;
    struct conf_join j = conf_join(a);
    conf_join_text(&j, text);
    conf_join_made(&j, unit, text->span);
    return s.len ? conf_join_end(&j, text->span) : text;
}

struct node *traefik_duration(struct arena *a, struct node *text) {
    return with_unit(a, text, STR("s"));
}

struct node *traefik_size(struct arena *a, struct node *text) {
    return with_unit(a, text, STR("B"));
}

static const struct conf *top_of(const struct conf *c) {
    while (c->parent)
        c = c->parent;
    return c;
}

/* ---- comments ---- */

/* Where the line of a place starts. */
static uint32_t line_start(const struct source *source, uint32_t at) {
    while (at > source->base && source->text.at[at - source->base - 1] != '\n')
        at--;
    return at;
}

void traefik_comments(struct lower *l, struct node *node, const struct conf *c) {
    struct comment **from = NULL, **slot = &l->comments;
    const struct source *source = l->source;
    if (c->key.start < source->base || c->key.start > source->base + source->text.len)
        return;
    uint32_t line = line_start(source, c->key.start), end = 0;
    /* The last run of comment lines without a gap that ends right above. */
    enum { MOST_EFFORT = 50000000 }; /* many comments and many names cost their product */
    for (; *slot && (*slot)->span.start < line; slot = &(*slot)->next) {
        if (++l->effort > MOST_EFFORT)
            return;
        bool joined = from && line_start(source, (*slot)->span.start) == end + 1;
        if (!(*slot)->own_line)
            from = NULL;
        else if (!joined)
            from = slot;
        end = (*slot)->span.end;
    }
    if (!from || end + 1 != line)
        return;
    struct comment *taken = *from;
    *from = *slot;
    *slot = NULL;
    yaml_comments_hang(l->arena, source, node, 0, taken);
}

bool traefik_has_dot(const struct conf *c) {
    bool own = c->option->any_name || c->option->type == OPTION_ANY;
    return own && str_find(c->name, '.') != STR_NONE;
}

/* A list has no word: an option takes one text. */
static struct node *one_text(const struct conf *c) {
    return c->values.head == c->values.tail ? c->values.head : NULL;
}

struct nodes traefik_options(struct traefik *t, struct lower *l, struct nodes body, struct conf *c,
                             struct str path) {
    struct arena *a = l->arena;
    if (c->used || c->bad)
        return body;
    c->used = true;
    struct node *value = c->values.head && !traefik_has_dot(c) ? one_text(c) : NULL;
    if (value) {
        if (c->option->type == OPTION_DURATION)
            value = traefik_duration(a, value);
        struct nodes args = nodes_append((struct nodes){ 0 }, lower_word(l, path, c->key));
        args = nodes_append(args, conf_word(a, value));
        body = nodes_append(body, lower_setting(l, "option", c->key, args, NULL));
    } else if (c->values.head && option_top(OPTION_STATIC) == top_of(c)->option) {
        struct traefik_rest *rest = arena_new(t->arena, struct traefik_rest);
        rest->conf = c;
        *t->last_rest = rest;
        t->last_rest = &rest->next;
    } else if (c->values.head || (c->present && !c->first)) {
        traefik_lose(t, c, "the language cannot say this here");
    }
    for (struct conf *child = c->first; child; child = child->next) {
        bool index = str_starts(child->name, STR("["));
        body = traefik_options(t, l, body, child,
                               path.len ? str_format(a, "%.*s%s%.*s", STR_ARG(path),
                                                     index ? "" : ".", STR_ARG(child->name))
                                        : child->name);
    }
    return body;
}

/* ---- YAML ---- */

static bool is_list(const struct conf *c) {
    return c->first && str_starts(c->first->name, STR("["));
}

static void write_value(struct yaml *w, const struct conf *c, struct node *value) {
    enum option_type type = c->option->type;
    bool plain = type == OPTION_BOOL || type == OPTION_INT || type == OPTION_FLOAT ||
                 type == OPTION_BYTES || type == OPTION_PORT || type == OPTION_PERCENT;
    if (plain && !conf_has_variable(value))
        yaml_plain(w, conf_str(value));
    else
        yaml_text(w, conf_str(value));
}

static void write_conf(struct yaml *w, struct arena *a, struct conf *c) {
    c->used = true;
    if (c->option->shape == OPTION_LIST && (c->values.head || c->present)) {
        yaml_list(w);
        NODES_EACH(value, c->values)
        yaml_list_text(w, conf_str(value), value == c->values.head);
        yaml_list_end(w);
        return;
    }
    if (c->values.head) {
        write_value(w, c, c->values.head);
        return;
    }
    if (!c->first) {
        yaml_plain(w, STR("{}"));
        return;
    }
    bool list = is_list(c);
    yaml_in(w);
    for (struct conf *child = c->first; child; child = child->next) {
        if (list && !child->first)
            continue; /* an empty item says nothing */
        if (list) {
            yaml_item(w);
            for (struct conf *item = child->first; item; item = item->next) {
                yaml_key(w, str_copy(a, item->name).at);
                write_conf(w, a, item);
            }
            yaml_out(w);
        } else {
            yaml_key(w, str_copy(a, child->name).at);
            write_conf(w, a, child);
        }
    }
    yaml_out(w);
}

/* From the top down to `c`, then all below it. Neighbours share what stands above them. */
static void write_path(struct yaml *w, struct arena *a, struct conf *c, struct conf *before) {
    struct conf *chain[16], *old[16];
    size_t depth = 0, known = 0, same = 0;
    for (struct conf *at = c; at->parent && depth < 16; at = at->parent)
        chain[depth++] = at;
    for (struct conf *at = before; at && at->parent && known < 16; at = at->parent)
        old[known++] = at;
    while (same + 1 < depth && same + 1 < known &&
           str_eq(chain[depth - 1 - same]->name, old[known - 1 - same]->name))
        same++;
    for (size_t i = known ? known - 1 : 0; i > same; i--)
        yaml_out(w);
    for (size_t i = same; i < depth; i++) {
        yaml_key(w, str_copy(a, chain[depth - 1 - i]->name).at);
        if (i + 1 < depth)
            yaml_in(w);
    }
    write_conf(w, a, c);
}

struct node *traefik_raw(struct lower *l, const char *kind, struct conf *const *list,
                         size_t count) {
    struct buf out = { .arena = l->arena };
    struct yaml w = { .out = &out };
    struct conf *before = NULL;
    for (size_t i = 0; i < count; i++) {
        write_path(&w, l->arena, list[i], before);
        before = list[i];
    }
    if (!before)
        return NULL;
    struct span span = list[0]->key;
    struct nodes args = nodes_append((struct nodes){ 0 }, lower_word(l, str_of(kind), span));
    struct node *text = conf_made(l->arena, buf_str(&out), span);
    args = nodes_append(args, text);
    return lower_setting(l, "raw", span, args, NULL);
}
