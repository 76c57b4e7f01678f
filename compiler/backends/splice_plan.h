/* What each service of a compose file gains, and who must get a value of its own so that it does
   not gain it, too. */
#pragma once

#include "backends/splice_text.h"
#include "ir/compose_edit.h"
#include "source/diag.h"

struct key_plan {
    bool write;   /* something is written at this key */
    bool gains;   /* more than what it has by now */
    bool rewrite; /* a value of its own, with what it has repeated */
    bool replace; /* … and what it has not repeated */
    bool map;     /* of a value written anew */
    struct splice_value gained;
    struct option_plan {
        struct option_plan *next;
        const struct outline_item *item; /* an attachment that is there */
        struct splice_value options;     /* whole new ones */
        struct splice_value names;       /* more network aliases */
    } * options;
};

struct service_plan {
    const struct outline_service *service;
    const struct compose_service_edit *edit;
    struct key_plan keys[OUTLINE_KEYS];
};

struct splice_plan {
    struct splice *s;
    struct service_plan *services;
    size_t count;
    struct splice_value networks; /* to declare */
    bool own_networks;            /* the top level needs networks of its own */
};

extern const char *const splice_key_names[OUTLINE_KEYS];
struct str splice_dollar(struct arena *arena, struct str text); /* as Compose shall read it */

/* False after a finding. */
bool splice_plan(struct splice_plan *plan, const struct compose_edits *edits);
bool splice_plan_gains(struct splice_plan *plan, struct service_plan *service);
bool splice_plan_networks(struct splice_plan *plan, const struct compose_edits *edits);
