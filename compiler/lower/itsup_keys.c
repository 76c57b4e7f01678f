/* What itsUP's own files may say: the table made from itsup_keys.def. */
#include "lower/itsup_keys.h"

enum {
    ONE = 1 << ITSUP_ONE,
    TWO = 1 << ITSUP_TWO,
    THREE = 1 << ITSUP_THREE,
    ALL = ONE | TWO | THREE,
};

static const struct field rows[ITSUP_KEYS] = {
#define KEY(table, name, key, kind, nullable, generations, before)                                 \
    { { key, sizeof key - 1 }, FIELD_##kind, nullable, generations, before },
#include "lower/itsup_keys.def"
#undef KEY
};

static const uint8_t tables[ITSUP_KEYS] = {
#define KEY(table, name, key, kind, nullable, generations, before) ITSUP_##table,
#include "lower/itsup_keys.def"
#undef KEY
};

struct field_table itsup_table(enum itsup_table table) {
    struct field_table out = { 0 };
    while (out.first < ITSUP_KEYS && tables[out.first] != table)
        out.first++;
    while (out.first + out.count < ITSUP_KEYS && tables[out.first + out.count] == table)
        out.count++;
    out.rows = &rows[out.first];
    return out;
}

struct str itsup_key_name(enum itsup_key key) {
    return rows[key].key;
}

void itsup_fields(struct lower *l, enum itsup_table table, enum itsup_generation generation,
                  const struct tree *map, struct fields *out) {
    fields_read(l, itsup_table(table), 1u << generation, map, out);
}

struct tree *itsup_root(struct lower *l, const struct tree_file *file, const char *help) {
    struct span start = { file->source->base, file->source->base };
    struct tree *root = tree_resolve(file->root);
    if (root->kind == TREE_MAPPING)
        return root;
    if (file->empty || tree_is_null(root)) {
        struct diag *d = diag_add(l->diags, DIAG_ITSUP_EMPTY, start, "the file says nothing");
        diag_effect(l->diags, d, "itsUP stops here");
        diag_help(l->diags, d, "%s", help);
        return NULL;
    }
    struct diag *d = diag_add(l->diags, DIAG_FIELD_KIND, root->span,
                              "the file must be a mapping of keys, not %s", tree_kind_name(root));
    diag_effect(l->diags, d, "itsUP stops here");
    diag_help(l->diags, d, "%s", help);
    return NULL;
}
