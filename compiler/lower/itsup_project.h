/* A project's routing file (traefik.yml, ingress.yml, itsup-project.yml) → what a person would have
   written into its ingress.itsup. */
#pragma once

#include "lower/itsup_keys.h"
#include "lower/secrets.h"

struct itsup_project_facts {
    enum itsup_generation generation;
    bool has_compose;              /* a compose file lies beside it */
    const struct secrets *secrets; /* what `${NAME}` may stand for in Traefik's files; or NULL */
};

/* Never NULL. What only YAML can get wrong is told; the rest is the model's to judge, whose
   findings then stand at the YAML's own bytes. */
struct ast *itsup_project_lower(struct diags *diags, const struct tree_file *file,
                                const struct itsup_project_facts *facts,
                                struct lower_losses *losses);
