/* YAML text → located tree. */
#include "lower/yaml_tree.h"

#include "lower/text_check.h"
#include "lower/yaml_readers.h"

struct tree_file *yaml_tree_read(struct arena *arena, struct diags *diags, struct source *source) {
    if (!text_check_yaml(diags, source))
        return NULL;
    struct arena_mark mark = arena_mark(arena);
    struct tree_file *file = yaml_read_quick(arena, source);
    if (file)
        return file;
    arena_back(arena, mark);
    return yaml_read_any(arena, diags, source);
}
