/* YAML text → located tree. */
#include "lower/yaml_tree.h"

#include "lower/text_check.h"
#include "lower/yaml_readers.h"

struct tree_file *yaml_tree_read(struct arena *arena, struct diags *diags, struct source *source) {
    if (!text_check_yaml(diags, source))
        return NULL;
    struct tree_file *file = yaml_read_quick(arena, source);
    return file ? file : yaml_read_any(arena, diags, source);
}
