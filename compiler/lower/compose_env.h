/* Variables in compose files, replaced as Compose does before it looks at anything: `$NAME`,
   `${NAME}`,
   `${NAME:-default}`, `${NAME-default}`, `${NAME:?words}`, `${NAME?words}`, `${NAME:+other}`,
   `${NAME+other}`, and `$$` for a dollar sign. */
#pragma once

#include "lower/tree.h"

struct compose_env {
    struct arena *arena;
    const char *const *environment; /* "NAME=value", …, NULL; or NULL. It wins over files. */
    struct table values;            /* of files: name → struct str */
    bool keep;                      /* what has neither a value nor a default stays as written */
    /* More names, after all of these; may be NULL. */
    bool (*find)(void *context, struct str name, struct str *value);
    /* A name without a value; `required` when Compose then refuses the file. May be NULL. */
    void (*missing)(void *context, struct str name, struct span at, bool required);
    void *context;
};

/* Lines of an `.env` file: `NAME=value`, quotes, `export`, remarks. Later lines win. */
void compose_env_read(struct compose_env *e, struct str text);
bool compose_env_find(const struct compose_env *e, struct str name, struct str *value);
struct str compose_env_expand(const struct compose_env *e, struct str text, struct span at);
/* Every value below the node; keys of mappings stay, as Compose leaves them. */
void compose_env_expand_tree(const struct compose_env *e, struct tree *node);
