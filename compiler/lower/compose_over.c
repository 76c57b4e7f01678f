#include "lower/compose_over.h"

#include "support/table.h"

/* "app/compose" of "app/compose.yml". */
static struct str stem_of(struct str name) {
    static const char *const endings[] = { ".yml", ".yaml", ".json" };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (str_ends(name, str_of(endings[i])))
            return str_slice(name, 0, name.len - strlen(endings[i]));
    return name;
}

/* The stem of "app/compose.prod.yml" up to each dot of its name, the first one first. */
static size_t base_of(const struct table *stems, struct str stem, size_t at) {
    size_t slash = str_find_last(stem, '/');
    for (size_t i = slash == STR_NONE ? 1 : slash + 2; i < stem.len; i++) {
        const size_t *found = stem.at[i] == '.' ? table_get(stems, str_slice(stem, 0, i)) : NULL;
        if (found)
            return *found;
    }
    return at;
}

size_t *compose_over_bases(struct arena *a, const struct str *names, size_t count) {
    struct table stems = { .arena = a };
    size_t *places = arena_array(a, size_t, count + 1), *bases = arena_array(a, size_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        void **slot = table_at(&stems, stem_of(names[i]));
        places[i] = i;
        *slot = *slot ? *slot : &places[i];
    }
    for (size_t i = 0; i < count; i++)
        bases[i] = base_of(&stems, stem_of(names[i]), i);
    return bases;
}

/* compose.ingress.yml is what a build makes of a repository. */
static bool is_read_by_itself(struct str name, struct str base) {
    struct str variant = str_from(stem_of(name), stem_of(base).len);
    return str_is(variant, ".override") || str_is(variant, ".ingress");
}

void compose_over_link(struct arena *a, struct tree_file **files, size_t count, bool listed) {
    struct str *names = arena_array(a, struct str, count + 1);
    struct tree_file **last = arena_array(a, struct tree_file *, count + 1);
    size_t *variants = arena_array(a, size_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        names[i] = files[i]->source->name;
        last[i] = files[i];
    }
    const size_t *bases = compose_over_bases(a, names, count);
    for (size_t i = 0; i < count; i++)
        variants[bases[i]] += bases[i] != i && !is_read_by_itself(names[i], names[bases[i]]);
    for (size_t i = 0; i < count; i++) {
        size_t base = bases[i];
        if (base == i ||
            (listed && variants[base] > 1 && !is_read_by_itself(names[i], names[base])))
            continue;
        last[base]->over = files[i];
        last[base] = files[i];
        files[i]->is_over = true;
    }
}
