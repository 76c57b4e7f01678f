/* Reading configuration that has no types yet. */
#include "analysis/untyped.h"

#include "options/number.h"
#include "options/value.h"

const struct untyped *untyped_child(const struct untyped *c, struct str key) {
    for (const struct untyped *child = c ? c->first : NULL; child; child = child->next)
        if (child->kind != UNTYPED_NULL && str_eq_nocase(child->key, key))
            return child;
    return NULL;
}

const struct untyped *untyped_get(const struct untyped *c, const char *path) {
    for (struct str rest = str_of(path); c && rest.len;) {
        size_t dot = str_find(rest, '.');
        c = untyped_child(c, str_slice(rest, 0, dot));
        rest = dot == STR_NONE ? STR("") : str_from(rest, dot + 1);
    }
    return c;
}

struct str untyped_text(const struct untyped *c, const char *path) {
    c = untyped_get(c, path);
    return c && c->kind == UNTYPED_TEXT ? c->text : STR("");
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

bool untyped_bool_reads(struct str text) {
    bool value;
    return read_bool(text, &value);
}

bool untyped_bool(const struct untyped *c, const char *path, bool otherwise) {
    bool value;
    return read_bool(untyped_text(c, path), &value) ? value : otherwise;
}

int64_t untyped_int(const struct untyped *c, const char *path, int64_t otherwise) {
    int64_t value;
    return number_int(untyped_text(c, path), &value) ? value : otherwise;
}

bool untyped_is_present(const struct untyped *c) {
    if (!c || c->kind == UNTYPED_NULL)
        return false;
    return c->kind != UNTYPED_TEXT || c->text.len == 0 || str_eq_nocase(c->text, STR("true"));
}

static size_t count_children(const struct untyped *c) {
    size_t count = 0;
    for (const struct untyped *child = c->first; child; child = child->next)
        count += child->kind != UNTYPED_NULL;
    return count;
}

bool untyped_equal(const struct untyped *a, const struct untyped *b) {
    if (!a || !b)
        return !a && !b;
    if (a->kind != b->kind || !str_eq(a->text, b->text) || count_children(a) != count_children(b))
        return false;
    if (a->kind == UNTYPED_LIST) {
        const struct untyped *y = b->first;
        for (const struct untyped *x = a->first; x && y; x = x->next, y = y->next)
            if (!untyped_equal(x, y))
                return false;
        return true;
    }
    for (const struct untyped *x = a->first; x; x = x->next)
        if (x->kind != UNTYPED_NULL && !untyped_equal(x, untyped_child(b, x->key)))
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

struct strs untyped_texts(const struct untyped *c, const char *path, struct arena *a) {
    struct strs all = { 0 };
    c = untyped_get(c, path);
    if (!c)
        return all;
    if (c->kind == UNTYPED_LIST) {
        size_t count = 0, room = 1; /* as strs_add leaves it */
        for (const struct untyped *item = c->first; item; item = item->next)
            count += item->kind == UNTYPED_TEXT;
        while (room < count)
            room *= 2;
        all.at = arena_bytes(a, room * sizeof *all.at);
        for (const struct untyped *item = c->first; item; item = item->next)
            if (item->kind == UNTYPED_TEXT)
                all.at[all.count++] = item->text;
        return all;
    }
    struct str rest = c->text, item;
    while (option_list_next(&rest, &item))
        strs_add(&all, a, item);
    return all;
}
