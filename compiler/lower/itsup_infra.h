/* itsUP's files about the proxy itself → what a person would have written into proxy.itsup. */
#pragma once

#include "lower/itsup_keys.h"
#include "lower/secrets.h"

/* Each may be NULL when it is not there (or could not be read, which was told). */
struct itsup_infra_files {
    const struct tree_file *itsup;       /* projects/itsup.yml; generations 2 and 3 */
    const struct tree_file *traefik;     /* projects/traefik.yml */
    const struct tree_file *middlewares; /* projects/middlewares.yml; generation 3 */
};

/* NULL when no file is there. What the overrides say in YAML that the language has words for
   becomes words, so that its names are known; the rest stays YAML, as `raw static` and `raw
   dynamic`. */
struct ast *itsup_infra_lower(struct diags *diags, const struct itsup_infra_files *files,
                              enum itsup_generation generation, struct lower_losses *losses);

/* Tells `${NAME}` in the overrides that nothing gives a value, and needed secrets that are missing.
   `given` holds what the secrets files, the environment and --env-file say. */
void itsup_infra_secrets(struct diags *diags, const struct itsup_infra_files *files,
                         enum itsup_generation generation, const struct secrets *given);
