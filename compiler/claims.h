/* What a project takes or names that another one may, too. */
#pragma once

#include "session.h"

enum claim {
    CLAIM_HOST,
    CLAIM_PORT,      /* that a route listens on: of TCP, */
    CLAIM_UDP_PORT,  /* of UDP */
    CLAIM_PUBLISHED, /* … or a compose file publishes, likewise */
    CLAIM_UDP_PUBLISHED,
    CLAIM_ADDRESS,
    CLAIM_OBJECT,  /* of Traefik, by its name without a provider */
    CLAIM_PROJECT, /* its own name */
    CLAIM_REACHES, /* another's */
    CLAIM_USED,    /* of a shared file: what it declares, and somebody uses */
};

typedef void (*claim_taker)(void *context, enum claim kind, struct str what);
/* The text need not stay. */
void claims_of(struct itsupc *s, const struct project *p, claim_taker take, void *context);
