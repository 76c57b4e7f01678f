/* A rule taken apart into what the language has words for: hosts, one path, conditions; the rest
   stays a `match`. */
#pragma once

#include "lower/conf_text.h"
#include "options/rule.h"

struct rule_words {
    struct nodes hosts;    /* texts; none: any host */
    bool any_host;         /* the rule itself says `*` */
    struct node *path;     /* "/api", "/api/", "/api$", or NULL */
    struct nodes settings; /* `where …`, `match "…"` */
    bool broken;           /* the rule does not read: it stays whole, for the model to tell */
};

/* Does it read, and mean, the same as a rule of Traefik 3 and of Traefik 2? */
bool rule_is_of_both(struct arena *aside, const struct node *text, enum rule_layer layer);

/* `version` of Traefik; 0: the newest. Hosts and path lie in `aside`: patterns are joined of them.
   `plain`: without TLS, where a rule has no server names. */
struct rule_words rule_words(struct lower *l, struct arena *aside, struct node *text,
                             enum rule_layer layer, bool plain, uint32_t version);
