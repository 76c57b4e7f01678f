/* Between the readers of the proxy's files: the statements that they make. */
#pragma once

#include "lower/itsup_infra.h"

struct infra {
    enum itsup_generation generation;
    struct diags *diags;
    struct lower_losses *losses;
    struct nodes proxy, rest; /* inside the `proxy` block, and behind it */
    struct span start;        /* of the first file */
};

/* `stack itsup N { … }` of itsup.yml, of generation 1's traefik.yml, and generation 2's `plugins`.
 */
struct infra_stack {
    struct node *dashboard, *router, *images[2], *crowdsec;
    struct span span;
    struct comment *tail; /* of the file: they hang on nothing */
};
void stack_read(struct infra *in, const struct tree_file *file, struct infra_stack *stack);
void stack_read_first(struct infra *in, const struct tree_file *file, struct infra_stack *stack);
void stack_read_plugins(struct infra *in, struct lower *l, const struct tree_entry *plugins,
                        struct infra_stack *stack);
struct node *stack_node(struct infra *in, struct lower *l, const struct infra_stack *stack);

void static_read(struct infra *in, const struct tree_file *file, struct infra_stack *stack);
void dynamic_read(struct infra *in, const struct tree_file *file);

/* ---- options in words: false, and nothing made, when a part has none ---- */
struct option;
bool words_plain(const struct tree *node);
bool words_plain_list(const struct tree *list);
/* `option PATH VALUE` for each value below an entry. */
bool words_options(struct lower *l, const struct option *above, const struct tree_entry *e,
                   struct nodes *list);
bool words_log(struct lower *l, const struct tree_entry *e, struct nodes *list);
/* `entrypoint NAME ADDRESS { … }`; without one of its own, the address is the stack's. */
bool words_entrypoint(struct lower *l, const struct option *above, const struct tree_entry *entry,
                      struct str readymade, struct nodes *list);

/* ---- YAML that stays YAML, written anew at another depth, each byte leading back ---- */
struct raw {
    struct lower *l;
    struct join join;
    size_t open; /* how many of the headers above the next entry are written */
};
/* `entry` of some mapping, below the keys `path[0..depth)`. Forget `open` when the path changes. */
void raw_entry(struct raw *raw, const struct str *path, size_t depth,
               const struct tree_entry *entry);
/* `raw KIND """…"""`; NULL when nothing was written. */
struct node *raw_node(struct raw *raw, const char *kind);
