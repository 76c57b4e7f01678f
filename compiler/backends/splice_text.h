/* The ways in which a value grows inside a compose file, all of them by insertion: one more entry,
   a new key, or a new value with the old one left before it as a comment. */
#pragma once

#include "backends/insertions.h"
#include "source/outline.h"

/* What is written below a key: texts are YAML already, on one line. */
struct splice_entry {
    struct splice_entry *next;
    struct str key;               /* of a mapping */
    struct str value;             /* empty: nothing behind the colon */
    struct splice_entry *options; /* instead of a value: a mapping */
    struct str comment; /* a line above it, where it has a line of its own; may be empty */
};

struct splice_value {
    bool map;
    struct splice_entry *first, *last;
};

enum splice_rank { RANK_OPTIONS, RANK_VALUE, RANK_BODY, RANK_NETWORKS, RANK_ROOT };

struct splice {
    struct arena *arena;
    struct diags *diags;
    const struct outline *o;
    struct insertions insertions;
    bool open_told; /* that nothing can be added at the file's end */
};

struct splice_entry *splice_entry_new(struct splice *s, struct splice_value *value, struct str key,
                                      struct str text);

/* Each is false when the place does not allow it. */
bool splice_append(struct splice *s, const struct outline_place *place, struct splice_value value,
                   enum splice_rank rank);
bool splice_supersede(struct splice *s, const struct outline_place *place,
                      struct splice_value value);
/* A key and its value as the last entry of a mapping; `body` may be nothing yet, or an alias. The
   first new key of such a mapping is told to be it. */
bool splice_key(struct splice *s, const struct outline_place *body, struct str key,
                struct splice_value value, bool first, enum splice_rank rank);
/* Behind the last call of splice_key for one mapping. */
void splice_close(struct splice *s, const struct outline_place *body, enum splice_rank rank);
