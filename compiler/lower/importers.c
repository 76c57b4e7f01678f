/* Which importer fits a file: told by what stands at its top, by its name when that is not enough.
 */
#include "lower/importer.h"
#include "lower/json_tree.h"
#include "lower/toml_tree.h"
#include "lower/tree_build.h"
#include "lower/yaml_tree.h"
#include "source/untyped.h"

#define IMPORTER(name) extern const struct importer importer_##name;
#include "lower/importers.def"
#undef IMPORTER

const struct importer *const importers[] = {
#define IMPORTER(name) &importer_##name,
#include "lower/importers.def"
#undef IMPORTER
    NULL,
};

struct tree_file *import_tree(struct arena *arena, struct diags *diags, struct source *source) {
    struct str text = str_trim(source->text);
    bool yaml = str_ends(source->name, STR(".yml")) || str_ends(source->name, STR(".yaml"));
    bool json = str_ends(source->name, STR(".json"));
    if (str_ends(source->name, STR(".toml")))
        return toml_tree_read(arena, diags, source);
    if (json || (!yaml && str_starts(text, STR("{"))))
        return json_tree_read(arena, diags, source);
    return yaml_tree_read_most(arena, diags, source, tree_most_plain(source));
}

bool import_fits(struct diags *diags, const struct tree_file *file) {
    if (file->nodes <= TREE_MOST_NODES)
        return true;
    tree_tell_nodes(diags, span_of(file->source, 0, 0), TREE_MOST_NODES);
    return false;
}

struct str import_base_name(const struct tree_file *file) {
    struct str name = file->source->name;
    size_t slash = str_find_last(name, '/');
    return str_from(name, slash == STR_NONE ? 0 : slash + 1);
}

static bool has_key(const struct tree_file *file, struct str key) {
    for (const struct untyped *c = file->root ? NULL : file->conf->first; c; c = c->next)
        if (str_eq(c->key, key))
            return true;
    return tree_find(file->root, key) != NULL;
}

bool import_has_key(const struct tree_file *file, const char *const *keys) {
    for (; *keys; keys++)
        if (has_key(file, str_of(*keys)))
            return true;
    return false;
}

enum import_fit import_fit_of(bool keys, bool name) {
    return keys && name ? FIT_BOTH : keys ? FIT_KEYS : name ? FIT_NAME : FIT_NONE;
}

const struct importer *importer_find(const struct tree_file *file, unsigned *part) {
    const struct importer *best = NULL;
    enum import_fit best_fit = FIT_NONE;
    for (size_t i = 0; importers[i]; i++) {
        unsigned which = 0;
        enum import_fit fit = importers[i]->fit(file, &which);
        if (fit <= best_fit)
            continue;
        best = importers[i];
        best_fit = fit;
        *part = which;
    }
    return best;
}

void importer_tell_unknown(struct diags *diags, const struct tree_file *file) {
    struct str name = file->source->name;
    const struct tree_entry *first = tree_entries(file->root);
    struct span at = first && first->key ? first->key->span : span_of(file->source, 0, 0);
    struct diag *d = diag_add(diags, DIAG_KIND_UNKNOWN, at,
                              "nothing in `%.*s` says what kind of file it is", STR_ARG(name));
    struct buf known = { .arena = diags->arena };
    for (size_t i = 0; importers[i]; i++)
        buf_format(&known, "%s%s", i ? "; " : "", importers[i]->gist);
    diag_help(diags, d, "the kinds are told by their keys: %.*s", STR_ARG(buf_str(&known)));
}
