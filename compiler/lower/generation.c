/* Which of itsUP's generations a tree is written for. */
#include "lower/generation.h"

static struct span start_of(const struct source *source) {
    return (struct span){ source->base, source->base };
}

static void mark(struct generation_mark *mark, struct span span, const char *what) {
    if (!mark->what)
        *mark = (struct generation_mark){ span, what };
}

void generation_see_infra(struct generation_marks *m, const struct tree_file *file) {
    mark(&m->infra, start_of(file->source), "the file itsup.yml");
    struct tree_entry *old = tree_find(file->root, STR("traefik"));
    struct tree_entry *new = tree_find(file->root, STR("traefikDomain"));
    if (old && tree_is(old->value, TREE_MAPPING))
        mark(&m->of[ITSUP_TWO], old->key->span, "`traefik` with a domain below it");
    if (new)
        mark(&m->of[ITSUP_THREE], new->key->span, "`traefikDomain`");
}

void generation_see_override(struct generation_marks *m, const struct tree_file *file) {
    static const char *const first[] = { "domain_suffix", "letsencrypt", "trusted_ips", "traefik",
                                         "middleware" };
    struct tree_entry *plugins = tree_find(file->root, STR("plugins"));
    if (plugins)
        mark(&m->plugins, plugins->key->span, "`plugins`");
    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        struct tree_entry *e = tree_find(file->root, str_of(first[i]));
        if (e)
            mark(&m->of[ITSUP_ONE], e->key->span, "a key that Traefik does not have");
    }
}

void generation_see_routing(struct generation_marks *m, struct str name,
                            const struct source *source, const struct tree_file *file) {
    if (str_is(name, "itsup-project.yml"))
        mark(&m->of[ITSUP_THREE], start_of(source), "the file itsup-project.yml");
    if (!str_is(name, "traefik.yml") || !file)
        return;
    struct tree_entry *rows = tree_find(file->root, STR("ingress"));
    if (rows)
        mark(&m->of[ITSUP_ONE], rows->key->span, "`ingress` in a project's traefik.yml");
}

void generation_see_stack(struct generation_marks *m, enum itsup_generation n, struct span span) {
    mark(&m->of[n], span, "the stack");
}

bool generation_is_marked(const struct generation_marks *m) {
    return m->infra.what || m->plugins.what || m->of[ITSUP_ONE].what || m->of[ITSUP_TWO].what ||
           m->of[ITSUP_THREE].what;
}

enum itsup_generation generation_decide(struct diags *diags, const struct generation_marks *m) {
    struct generation_mark of[ITSUP_THREE + 1];
    memcpy(of, m->of, sizeof of);
    /* Generation 1 has `plugins` in that file, too, but no itsup.yml. */
    if (m->plugins.what && m->infra.what)
        mark(&of[ITSUP_TWO], m->plugins.span, m->plugins.what);
    if (m->infra.what && !of[ITSUP_TWO].what && !of[ITSUP_THREE].what)
        of[ITSUP_THREE] = m->infra;
    enum itsup_generation found = ITSUP_UNKNOWN;
    for (enum itsup_generation n = ITSUP_THREE; n > ITSUP_UNKNOWN; n--) {
        if (!of[n].what)
            continue;
        if (found != ITSUP_UNKNOWN) {
            struct diag *d = diag_add(diags, DIAG_ITSUP_GENERATIONS, of[n].span,
                                      "%s is of generation %d of itsUP, other files of this tree "
                                      "are of generation %d",
                                      of[n].what, n, found);
            diag_note_at(diags, d, of[found].span, "%s is of generation %d", of[found].what, found);
            diag_help(diags, d, "bring all files of the tree to one generation");
            continue;
        }
        found = n;
    }
    return found == ITSUP_UNKNOWN ? ITSUP_THREE : found;
}

const char *const *generation_routing_names(enum itsup_generation generation) {
    static const char *const names[] = { "itsup-project.yml", "ingress.yml", NULL, "traefik.yml",
                                         NULL };
    return generation == ITSUP_ONE ? &names[3] : generation == ITSUP_TWO ? &names[1] : names;
}

void generation_tell_twice(struct diags *diags, const char *what, const struct source *language,
                           const struct source *yaml) {
    struct diag *d =
        diag_add(diags, DIAG_ITSUP_ROUTING_TWICE, start_of(yaml),
                 "%s is described by this file and by %.*s", what, STR_ARG(language->name));
    diag_note_at(diags, d, start_of(language), "the other file is here");
    diag_help(diags, d, "keep one of them");
}

void generation_tell_shadowed(struct diags *diags, const struct source *used,
                              const struct source *unused) {
    struct diag *d = diag_add(diags, DIAG_ITSUP_NO_EFFECT, start_of(unused),
                              "this file has no effect: %.*s is read instead", STR_ARG(used->name));
    diag_help(diags, d, "remove it");
}

void generation_tell_old(struct diags *diags, const struct source *source, size_t count) {
    struct diag *d = diag_add(diags, DIAG_ITSUP_ROUTING_OLD, start_of(source),
                              "this routing file has its old name");
    if (count > 1)
        diag_effect(diags, d, "so have %zu others", count - 1);
    diag_help(diags, d, "rename it to itsup-project.yml");
}
