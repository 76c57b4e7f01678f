/* Between the checker of settings and the few settings that are more than their shape. */
#pragma once

#include "model/check.h"
#include "model/shape.h"
#include "model/types.h"

/* One setting while it is judged. */
struct settle {
    struct scope *scope;
    enum place_kind place;
    enum mode mode;
    const struct setting *owner; /* the setting whose block this stands in, or NULL */
    struct node_setting *node;
    struct setting *made;
    struct shape shape;
};

struct setting_rule {
    /* Reads the arguments instead of the shape; NULL for the shape. */
    bool (*read)(struct settle *s);
    /* Judges what the shape could not; only for settings that are right so far. */
    bool (*judge)(struct settle *s);
    /* The same once the block is read. */
    bool (*finish)(struct settle *s);
};
const struct setting_rule *setting_rule_of(int id); /* NULL for most */

/* Slots as a rule makes them, by hand. */
void settle_slots(struct settle *s, size_t count, const char *const *names);
void settle_fill(struct settle *s, size_t index, const struct text *texts, size_t count);
/* A node's texts, each judged by a type: one text, or a list when `list`. */
bool settle_texts(struct settle *s, struct node *node, enum type_kind type, bool list,
                  struct text **texts, size_t *count);
/* "write: health <path> …" */
void settle_usage(struct settle *s, struct diag *d);
/* Whether this node is exactly that bare word. */
bool node_is_word(const struct node *node, struct str word);
