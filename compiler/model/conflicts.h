/* What no single route shows: two that want one port or the same requests, and certificates. */
#pragma once

#include "model/program.h"

/* An entry point as the proxy block (or the lack of one) gives it. */
struct entry {
    struct entry *next;
    struct str name;
    uint16_t port;
    bool is_udp, is_default;
    bool readymade; /* of the stack, and not written */
    bool redirects; /* by itself: routes need no redirect of their own */
    struct span span;
};

struct entries {
    struct entry *list, *last;
    struct table names;
    bool assumed; /* no proxy in view: web :80 and websecure :443 */
};

struct entries entries_of(struct program *program);
/* The one for routes of that mode that name no port; NULL when there is none. */
const struct entry *entry_of_mode(const struct entries *entries, enum mode mode);
/* Where a route listens: its own entry point, its port, or the one that its mode says; 0 when
 * unknown. */
uint16_t route_port(const struct program *program, const struct entries *entries,
                    const struct route *route);
/* A setting of the route, of the groups around it, or of its mode's defaults. */
const struct setting *route_setting(const struct program *program, const struct route *route,
                                    int id);

/* Once more when the model has gained `defaults`: what was said before holds. */
void model_index_defaults(struct model *model);
void check_conflicts(struct program *program);
void check_certificates(struct program *program);
