/* The user's compose text plus our insertions, nothing else changed. */
#pragma once

#include "ir/compose_edit.h"
#include "source/diag.h"
#include "source/outline.h"

/* Reads a compose text anew; NULL when Compose would refuse it. */
typedef struct outline *outline_reader(struct arena *arena, struct str text);

struct splice_reader {
    outline_reader *read;
    /* Was this very result read before? May be NULL. */
    bool (*knows)(void *context, struct str text);
    void *context;
};

/* False after a finding, and then nothing is to be written. What comes out was read again and says
   what the file said, and the edits. Twice gives the same: what is there is not added again. */
bool compose_splice(struct arena *arena, struct diags *diags, const struct outline *outline,
                    const struct compose_edits *edits, const struct splice_reader *reader,
                    struct str *out);
