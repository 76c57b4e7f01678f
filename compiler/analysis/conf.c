/* Reading configuration that has no types yet. */
#include "analysis/conf.h"

#include "options/number.h"
#include "options/value.h"

struct conf *conf_new(struct arena *a, enum conf_kind kind, struct str key, struct span span) {
    struct conf *c = arena_new(a, struct conf);
    *c = (struct conf){ .kind = kind, .key = key, .span = span, .key_span = span };
    return c;
}

void conf_add(struct conf *parent, struct conf *child) {
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
}

const struct conf *conf_child(const struct conf *c, struct str key) {
    for (const struct conf *child = c ? c->first : NULL; child; child = child->next)
        if (child->kind != CONF_NULL && str_eq_nocase(child->key, key))
            return child;
    return NULL;
}

const struct conf *conf_get(const struct conf *c, const char *path) {
    for (struct str rest = str_of(path); c && rest.len;) {
        size_t dot = str_find(rest, '.');
        c = conf_child(c, str_slice(rest, 0, dot));
        rest = dot == STR_NONE ? STR("") : str_from(rest, dot + 1);
    }
    return c;
}

struct str conf_text(const struct conf *c, const char *path) {
    c = conf_get(c, path);
    return c && c->kind == CONF_TEXT ? c->text : STR("");
}

/* Go's strconv.ParseBool. */
static bool read_bool(struct str text, bool *out) {
    static const char *const yes[] = { "1", "t", "T", "true", "TRUE", "True" };
    static const char *const no[] = { "0", "f", "F", "false", "FALSE", "False" };
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        *out = str_is(text, yes[i]);
        if (*out || str_is(text, no[i]))
            return true;
    }
    return false;
}

bool conf_bool_reads(struct str text) {
    bool value;
    return read_bool(text, &value);
}

bool conf_bool(const struct conf *c, const char *path, bool otherwise) {
    bool value;
    return read_bool(conf_text(c, path), &value) ? value : otherwise;
}

int64_t conf_int(const struct conf *c, const char *path, int64_t otherwise) {
    int64_t value;
    return number_int(conf_text(c, path), &value) ? value : otherwise;
}

bool conf_is_present(const struct conf *c) {
    if (!c || c->kind == CONF_NULL)
        return false;
    return c->kind != CONF_TEXT || c->text.len == 0 || str_eq_nocase(c->text, STR("true"));
}

static size_t count_children(const struct conf *c) {
    size_t count = 0;
    for (const struct conf *child = c->first; child; child = child->next)
        count += child->kind != CONF_NULL;
    return count;
}

bool conf_equal(const struct conf *a, const struct conf *b) {
    if (!a || !b)
        return !a && !b;
    if (a->kind != b->kind || !str_eq(a->text, b->text) || count_children(a) != count_children(b))
        return false;
    if (a->kind == CONF_LIST) {
        const struct conf *y = b->first;
        for (const struct conf *x = a->first; x && y; x = x->next, y = y->next)
            if (!conf_equal(x, y))
                return false;
        return true;
    }
    for (const struct conf *x = a->first; x; x = x->next)
        if (x->kind != CONF_NULL && !conf_equal(x, conf_child(b, x->key)))
            return false;
    return true;
}

void strs_add(struct strs *s, struct arena *a, struct str text) {
    if ((s->count & (s->count - 1)) == 0) {
        struct str *at = arena_array(a, struct str, s->count ? 2 * s->count : 1);
        if (s->count)
            memcpy(at, s->at, s->count * sizeof *at);
        s->at = at;
    }
    s->at[s->count++] = text;
}

struct strs conf_texts(const struct conf *c, const char *path, struct arena *a) {
    struct strs all = { 0 };
    c = conf_get(c, path);
    if (!c)
        return all;
    if (c->kind == CONF_LIST) {
        for (const struct conf *item = c->first; item; item = item->next)
            if (item->kind == CONF_TEXT)
                strs_add(&all, a, item->text);
        return all;
    }
    struct str rest = c->text, item;
    while (option_list_next(&rest, &item))
        strs_add(&all, a, item);
    return all;
}
