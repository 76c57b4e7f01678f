/* Which of itsUP's generations a tree is written for, told by what its files hold. */
#pragma once

#include "lower/itsup_keys.h"

struct generation_mark {
    struct span span;
    const char *what; /* "`traefikDomain`"; NULL when there is no such mark */
};

/* Start it zeroed, show it the files in any order, then ask. The first mark of each generation is
   kept. */
struct generation_marks {
    struct generation_mark of[ITSUP_THREE + 1];
    struct generation_mark infra; /* projects/itsup.yml is there */
    struct generation_mark plugins;
};

void generation_see_infra(struct generation_marks *m, const struct tree_file *file);
void generation_see_override(struct generation_marks *m, const struct tree_file *file);
/* A routing file, by the name it has in its project's folder. `file` may be NULL for
   itsup-project.yml, whose name says enough, `source` not. */
void generation_see_routing(struct generation_marks *m, struct str name,
                            const struct source *source, const struct tree_file *file);
/* `stack itsup N` of proxy.itsup. */
void generation_see_stack(struct generation_marks *m, enum itsup_generation n, struct span span);

/* Does any file say that there is an itsUP at all? */
bool generation_is_marked(const struct generation_marks *m);
/* Marks of two generations are told. Never UNKNOWN. */
enum itsup_generation generation_decide(struct diags *diags, const struct generation_marks *m);

/* The names that a routing file may have in that generation, the first one winning;
 * NULL-terminated. */
const char *const *generation_routing_names(enum itsup_generation generation);

/* Two files for the same (`what`: "the project"): of our language and of YAML, an error; or under
   the new and the old name. */
void generation_tell_twice(struct diags *diags, const char *what, const struct source *language,
                           const struct source *yaml);
void generation_tell_shadowed(struct diags *diags, const struct source *used,
                              const struct source *unused);
/* ingress.yml in a tree of generation 3, the first of `count`. */
void generation_tell_old(struct diags *diags, const struct source *source, size_t count);
