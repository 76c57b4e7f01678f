/* Labels as a tree: `traefik.http.routers.web.tls.domains[0].main=a` (paerser's rules). */
#include "analysis/untyped.h"

#include <stdlib.h>

/* The deepest option has about ten names; a label of thousands of dots is no option. */
enum { SEGMENTS_MOST = 64 };

static int by_key(const void *a, const void *b) {
    return str_cmp(((const struct untyped_label *)a)->key, ((const struct untyped_label *)b)->key);
}

static bool starts_nocase(struct str s, struct str prefix) {
    return s.len >= prefix.len && str_eq_nocase(str_slice(s, 0, prefix.len), prefix);
}

static bool is_wanted(struct str key, const char *const *roots) {
    for (; *roots; roots++)
        if (starts_nocase(key, str_of(*roots)))
            return true;
    return false;
}

static struct untyped_fault fault_of(struct arena *a, const struct untyped_label *label,
                                     const char *what, struct str which) {
    return (struct untyped_fault){ true, label->key_span,
                                   str_format(a, "%s%.*s", what, STR_ARG(which)) };
}

static struct untyped *child_at(struct arena *a, struct untyped *parent, struct str key,
                                const struct untyped_label *label) {
    struct untyped **end = &parent->first;
    for (; *end; end = &(*end)->next)
        if (str_eq_nocase((*end)->key, key))
            return *end;
    struct untyped *made = untyped_new(a, UNTYPED_MAP, key, label->value_span);
    made->key_span = label->key_span;
    *end = made;
    return made;
}

/* One label into the tree; `x[n]` is item `[n]` of the list x. */
static struct untyped_fault add(struct arena *a, struct untyped *root,
                                const struct untyped_label *label) {
    struct untyped *at = root;
    size_t count = 0;
    for (struct str rest = label->key; rest.at;) {
        size_t dot = str_find(rest, '.');
        struct str segment = str_slice(rest, 0, dot);
        rest = dot == STR_NONE ? (struct str){ NULL, 0 } : str_from(rest, dot + 1);
        if (count++ == 0) {
            if (!str_is(segment, "traefik"))
                return fault_of(a, label, "the first word is `traefik`, in small letters, not ",
                                segment);
            continue;
        }
        if (segment.len == 0 || segment.at[0] == '[' || count > SEGMENTS_MOST)
            return fault_of(a, label, "a name is missing in ", label->key);
        size_t bracket = segment.at[segment.len - 1] == ']' ? str_find(segment, '[') : STR_NONE;
        at = child_at(a, at, str_slice(segment, 0, bracket), label);
        if (bracket != STR_NONE) {
            at->kind = UNTYPED_LIST;
            at = child_at(a, at, str_from(segment, bracket), label);
        }
    }
    at->kind = UNTYPED_TEXT;
    at->text = label->value;
    at->span = label->value_span;
    return (struct untyped_fault){ 0 };
}

/* The numbers of a list only group: its order is that of the sorted labels. */
static void forget_numbers(struct untyped *c) {
    for (struct untyped *child = c->first; child; child = child->next) {
        if (c->kind == UNTYPED_LIST)
            child->key = STR("");
        forget_numbers(child);
    }
}

struct untyped *untyped_from_labels(struct arena *a, struct untyped_label *labels, size_t count,
                                    const char *const *roots, struct untyped_fault *fault) {
    struct untyped *root = untyped_new(a, UNTYPED_MAP, STR(""), (struct span){ 0, 0 });
    *fault = (struct untyped_fault){ 0 };
    if (count)
        qsort(labels, count, sizeof *labels, by_key);
    for (size_t i = 0; i < count; i++) {
        if (!is_wanted(labels[i].key, roots))
            continue;
        *fault = add(a, root, &labels[i]);
        if (fault->wrong)
            return NULL;
    }
    forget_numbers(root);
    return root;
}
