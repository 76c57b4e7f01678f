/* Which certificate a client is shown: those in files, and those that resolvers get for routers. */
#pragma once

#include "analysis/proxy.h"

struct certificate {
    struct certificate *next;
    struct strs names;   /* in lower case */
    struct str key;      /* the names, sorted; Traefik tries the greatest first */
    struct str resolver; /* who gets it; empty for a file */
    struct str file;     /* as it is named; "inline" when it stands in the configuration */
};

/* Those of files are known when the file can be read; `proxy->read` does it. */
void certificates_add_files(struct proxy *p, const struct untyped *tls);
/* After the tables: what the resolvers are asked for, and the table of names. */
void certificates_build(struct proxy *p);
/* NULL when none is for the name. */
const struct certificate *certificates_find(const struct proxy *p, struct str name,
                                            struct arena *a);
/* Do the TLS options refuse a client whose server name has no certificate? */
bool certificates_strict(const struct proxy *p, struct str options);
