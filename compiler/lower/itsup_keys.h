/* What itsUP's own files may say, and in which of its generations. */
#pragma once

#include "lower/lower.h"

enum itsup_generation {
    ITSUP_UNKNOWN,
    ITSUP_ONE,
    ITSUP_TWO,
    ITSUP_THREE,
};

enum itsup_key {
#define KEY(table, name, key, kind, nullable, generations, before) KEY_##table##_##name,
#include "lower/itsup_keys.def"
#undef KEY
    ITSUP_KEYS,
};

enum itsup_table {
    ITSUP_PROJECT,
    ITSUP_ROW,
    ITSUP_CERT,
    ITSUP_INFRA,
    ITSUP_DASHBOARD,
    ITSUP_VERSIONS,
    ITSUP_CROWDSEC,
    ITSUP_PLUGINS,
    ITSUP_PLUGIN_CROWDSEC,
    ITSUP_FIRST,
    ITSUP_FIRST_ACME,
    ITSUP_FIRST_TRAEFIK,
    ITSUP_FIRST_MIDDLEWARE,
    ITSUP_FIRST_RATE,
    ITSUP_FIRST_HEADERS,
    ITSUP_TABLES,
};

struct field_table itsup_table(enum itsup_table table);

struct str itsup_key_name(enum itsup_key key);

/* Reads a mapping by one of the tables. */
void itsup_fields(struct lower *l, enum itsup_table table, enum itsup_generation generation,
                  const struct tree *map, struct fields *out);

/* The mapping that is the whole file; NULL after telling that it is empty or something else. */
struct tree *itsup_root(struct lower *l, const struct tree_file *file, const char *help);
