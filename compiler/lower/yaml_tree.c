/* YAML text → located tree. */
#include "lower/yaml_tree.h"

#include "lower/text_check.h"
#include "lower/yaml_readers.h"

struct tree_file *yaml_tree_read_most(struct arena *arena, struct diags *diags,
                                      struct source *source, size_t most) {
    if (!text_check_yaml(diags, source))
        return NULL;
    struct arena_mark mark = arena_mark(arena);
    struct tree_file *file = yaml_read_quick(arena, source, most);
    if (file)
        return file;
    arena_back(arena, mark);
    return yaml_read_any(arena, diags, source, most);
}

struct tree_file *yaml_tree_read(struct arena *arena, struct diags *diags, struct source *source) {
    return yaml_tree_read_most(arena, diags, source, TREE_MOST_NODES);
}
