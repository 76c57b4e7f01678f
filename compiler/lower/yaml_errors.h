/* libyaml's complaints in plain sentences, at the byte they are about. */
#pragma once

#include "source/diag.h"

struct yaml_trouble {
    const char *problem; /* libyaml's words */
    size_t at;           /* byte offsets in the file */
    bool has_context;
    size_t context; /* where the construct began, if known */
};

void yaml_error_report(struct diags *diags, const struct source *source, struct yaml_trouble t);
