/* Names of Traefik's objects that YAML files declare and say: keys and values of its files, labels.
 */
#pragma once

#include "editing/yaml.h"

struct yaml_name {
    struct str below; /* "http.middlewares" */
    struct str name;  /* without @provider */
    struct span span;
    bool defines, in_labels; /* in_labels: the object it means is one of labels */
};
struct yaml_names {
    struct yaml_name *list;
    size_t count;
};
struct yaml_names yaml_names_of(struct itsupc *s, struct source *source);
/* The one at a place, or NULL. */
const struct yaml_name *yaml_name_at(const struct yaml_names *names, uint32_t place);
bool yaml_same(const struct yaml_name *a, const struct yaml_name *b);
/* "http.middlewares", for what names such an object; empty for other options. */
struct str yaml_objects(const struct option *o);

/* The service of the compose file beside an itsUP file that a row names. */
bool yaml_service(struct itsupc *s, struct source *source, uint32_t place, struct span *out);
