/* The services that a project's compose file declares, and whether routes lead to them. */
#pragma once

#include "model/program.h"

struct service {
    struct str name;
    struct span span;
    struct span own_network; /* its `network_mode`, when that keeps it off the proxy's network */
};

/* What the model needs of one compose file. */
struct stack {
    struct str file; /* as messages call it */
    struct service *services;
    size_t count;
    struct table index; /* by name → struct service */
    bool incomplete; /* a part of it could not be read: names may be missing without being wrong */
};

void check_services(struct program *program);
