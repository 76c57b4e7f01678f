/* One row of `ingress` → one route. */
#pragma once

#include "lower/itsup_project.h"

/* What the rows say about one service of the compose file. */
struct itsup_service {
    struct itsup_service *next;
    struct tree *name, *ip, *dns; /* as first given */
};

struct itsup_rows {
    struct lower *l;
    enum itsup_generation generation;
    struct tree *host; /* of an external project, or NULL */
    bool has_compose;
    const struct secrets *secrets;
    struct diag *spoken; /* the finding about PROXY v2, once for all rows */
    bool homeless;       /* neither host nor compose file, which was told: rows lead nowhere */
    struct itsup_service *services, *last_service;
};

/* NULL when the row was told to be wrong in a way that leaves no route. */
struct node *itsup_row_lower(struct itsup_rows *rows, const struct tree *row);
