/* Existing configurations once more, as what Traefik would make of them, for the lints. */
#include "lint/rule.h"
#include "lower/untyped_tree.h"
#include "tracing.h"

/* Files that are read as one folder: all in it or below it. */
static bool is_one_folder(const struct existing *system) {
    struct str shortest = { 0 };
    for (int turn = 0; turn < 2; turn++)
        for (const struct existing_file *f = system->files; f; f = f->next) {
            size_t slash = str_find_last(f->source->name, '/');
            struct str folder = str_slice(f->source->name, 0, slash == STR_NONE ? 0 : slash + 1);
            if (f->kind != EXISTING_DYNAMIC)
                continue;
            if (turn == 0 && (!shortest.at || folder.len < shortest.len))
                shortest = folder;
            if (turn == 1 && !str_starts(folder, shortest))
                return false;
        }
    return true;
}

/* What cannot be one system, or is of a kind that is not modelled, is left alone. */
static bool is_clear(const struct existing *system) {
    size_t fixed = 0;
    for (const struct existing_file *f = system->files; f; f = f->next) {
        fixed += f->kind == EXISTING_STATIC;
        if (f->kind == EXISTING_OTHER)
            return false;
    }
    return fixed < 2 && is_one_folder(system);
}

/* The project of a compose file that does not say: its folder's name. */
static struct str project_of(struct itsupc *s, struct str path) {
    size_t slash = str_find_last(path, '/');
    if (slash == STR_NONE)
        return str_of(s->options.folder);
    struct str folder = str_slice(path, 0, slash);
    size_t above = str_find_last(folder, '/');
    return above == STR_NONE ? folder : str_from(folder, above + 1);
}

static void read_files(struct itsupc *s, const struct existing *system) {
    struct tracing *t = tracing_of(s);
    size_t count = 0;
    for (const struct existing_file *f = system->files; f; f = f->next)
        count += f->kind == EXISTING_DYNAMIC;
    struct file_set *set = count ? tracing_add_set(s, count) : NULL;
    for (const struct existing_file *f = system->files; f; f = f->next) {
        if (f->kind == EXISTING_STATIC) {
            t->has_static = true;
            t->base = untyped_of_file(&s->arena, f->tree);
        } else if (f->kind == EXISTING_DYNAMIC) {
            tracing_add_tree(s, set, f->tree);
        } else if (!f->tree->is_over) {
            tracing_add_compose_tree(s, f->tree, project_of(s, f->source->name));
        }
    }
}

void session_lint_gather(struct itsupc *s, struct existing *system) {
    struct tracing *kept = s->tracing;
    if (system->read)
        return;
    system->read = true;
    if (!is_clear(system))
        return;
    s->tracing = NULL;
    tracing_of(s)->always = true;
    read_files(s, system);
    system->tracing = s->tracing;
    s->tracing = kept;
}

void session_lint_read(struct itsupc *s) {
    for (struct existing *system = s->existing; system; system = system->next)
        session_lint_gather(s, system);
}

static void lint(struct itsupc *s, struct tracing *t) {
    struct diags quiet = { .arena = &s->arena, .sources = &s->sources };
    t->diags = &quiet;
    tracing_build(s);
    const struct untyped *files = untyped_get(t->base, "providers.file");
    struct lint l = { .proxy = &t->proxy,
                      .diags = &s->diags,
                      .arena = &s->arena,
                      .scratch = &t->answers,
                      .containers = t->containers,
                      .flags = t->flags,
                      .faultless = !s->diags.errors,
                      .is_folder = untyped_text(files, "directory").len > 0 };
    const struct untyped *docker =
        untyped_child(untyped_child(t->base, STR("providers")), t->proxy.docker);
    if (t->proxies < 2 && !untyped_text(docker, "constraints").len)
        lint_run(&l);
}

void session_lint(struct itsupc *s) {
    struct tracing *kept = s->tracing;
    for (const struct existing *system = s->existing; system; system = system->next) {
        if (!system->tracing)
            continue;
        s->tracing = system->tracing;
        lint(s, system->tracing);
        session_end_tracing(s);
    }
    s->tracing = kept;
}
