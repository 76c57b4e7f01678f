/* Configuration before it has types, while it is built. */
#include "source/untyped.h"

struct untyped *untyped_new(struct arena *a, enum untyped_kind kind, struct str key,
                            struct span span) {
    struct untyped *c = arena_new(a, struct untyped);
    *c = (struct untyped){ .kind = kind, .key = key, .span = span, .key_span = span };
    return c;
}

struct untyped **untyped_put(struct untyped **end, struct untyped *child) {
    *end = child;
    return &child->next;
}
