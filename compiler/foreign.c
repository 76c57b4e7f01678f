/* Files that other systems read: told by their content, sorted into sets, one tree each. */
#include "ir/ir.h"
#include "lower/traefik.h"
#include "lower/untyped_tree.h"
#include "session.h"

bool foreign_is(struct itsupc *s, struct source *source) {
    static const char *const endings[] = { ".yml", ".yaml", ".json", ".toml", ".template" };
    if (str_ends(source->name, STR(".itsup")))
        return false;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (str_ends(source->name, str_of(endings[i])))
            return true;
    struct diags quiet = { .arena = &s->trees, .sources = &s->sources };
    unsigned part;
    struct tree_file *file = import_tree(&s->trees, &quiet, source);
    return file && importer_find(file, &part);
}

static struct str folder_of(struct str name) {
    size_t slash = str_find_last(name, '/');
    return str_slice(name, 0, slash == STR_NONE ? 0 : slash + 1);
}

static bool are_one(const struct import_file *a, const struct import_file *b) {
    return a->importer == b->importer && a->importer->together &&
           (a->importer->everywhere ||
            str_eq(folder_of(a->tree->source->name), folder_of(b->tree->source->name)));
}

/* The Compose specification's names, in its order. */
static bool has_compose(struct itsupc *s, struct str name) {
    static const char *const names[] = { "compose.yaml", "compose.yml", "docker-compose.yaml",
                                         "docker-compose.yml" };
    struct itsupc_text text;
    if (str_starts(name, STR("<"))) /* standard input: what lies beside it is not in view */
        return true;
    for (size_t i = 0; s->options.loader.load && i < sizeof names / sizeof *names; i++) {
        struct str beside = str_format(&s->arena, "%.*s%s", STR_ARG(folder_of(name)), names[i]);
        if (s->options.loader.load(s->options.loader.context, beside.at, s, &text) !=
            ITSUPC_MISSING)
            return true;
    }
    return false;
}

/* The files about the proxy of the same tree: they alone may say which generation a project's file
   is of. Their own mistakes are not told here. */
static void look_around(struct itsupc *s, struct import_facts *facts, struct str name,
                        bool beside) {
    static const char *const names[] = { "itsup.yml", "traefik.yml" };
    struct str folder = folder_of(name);
    struct str above = beside       ? folder
                       : folder.len ? folder_of(str_slice(folder, 0, folder.len - 1))
                                    : STR("../");
    struct diags quiet = { .arena = &s->trees, .sources = &s->sources };
    struct itsupc_text text;
    for (size_t i = 0; s->options.loader.load && i < sizeof names / sizeof *names; i++) {
        struct str path = str_format(&s->arena, "%.*s%s", STR_ARG(above), names[i]);
        if (table_get(&s->files_read, path) ||
            s->options.loader.load(s->options.loader.context, path.at, s, &text) != ITSUPC_LOADED)
            continue;
        struct source *source = source_add(&s->sources, path, (struct str){ text.at, text.len });
        struct import_file file = { .tree = source ? import_tree(&s->yaml, &quiet, source) : NULL };
        file.importer = file.tree ? importer_find(file.tree, &file.part) : NULL;
        if (file.importer && file.importer->look && !file.importer->project)
            file.importer->look(facts, &file);
    }
}

/* The next line, and what follows it. */
static struct str line_of(struct str *text) {
    size_t end = str_find(*text, '\n');
    struct str line = str_slice(*text, 0, end);
    *text = end == STR_NONE ? STR("") : str_from(*text, end + 1);
    return line;
}

/* `key:`, or the first name of `[key.name]`. */
static struct str key_of_line(struct str line) {
    bool table = str_starts(line, STR("["));
    size_t end = 0;
    line = str_from(line, table);
    while (end < line.len && !strchr(table ? ".]" : ":", line.at[end]))
        end++;
    return str_slice(line, 0, end == line.len ? 0 : end);
}

/* A line begins with a key that no file of the file provider has at its top: it is a static file or
   a compose file, and no template. */
static bool is_read_as_it_is(struct str text) {
    while (text.len) {
        struct str key = key_of_line(line_of(&text));
        if (str_is(key, "services") || (key.len && option_child(option_top(OPTION_STATIC), key)))
            return true;
    }
    return false;
}

/* Files of the file provider are Go templates before they are YAML. What only then reads as YAML
   cannot be judged. */
static bool is_template(struct itsupc *s, struct source *source) {
    struct diags quiet = { .arena = &s->trees, .sources = &s->sources };
    if (str_find_str(source->text, STR("{{")) == STR_NONE || is_read_as_it_is(source->text) ||
        import_tree(&s->trees, &quiet, source))
        return false;
    struct str text = source->text;
    size_t at = str_find_str(text, STR("{{"));
    struct diag *d = diag_add(&s->diags, DIAG_GO_TEMPLATE, span_of(source, at, at + 2),
                              "this file is a Go template, which is not judged");
    diag_effect(&s->diags, d, "Traefik reads what the template makes of it");
    return true;
}

/* Who knows the file beyond doubt; NULL when nobody does. */
static const struct importer *sure_of(const struct tree_file *tree) {
    for (size_t i = 0; importers[i]; i++)
        if (importers[i]->sure && importers[i]->sure(tree))
            return importers[i];
    return NULL;
}

/* Some importer, which is most likely the one that will read it, needs no tree. */
static bool is_plain(const struct tree_file *tree) {
    for (size_t i = 0; importers[i]; i++)
        if (importers[i]->plain && importers[i]->plain(tree))
            return true;
    return false;
}

/* The tree of a file that is mostly read without it goes at once. */
static bool read_import(struct itsupc *s, struct diags *diags, struct source *source,
                        struct import_file *file, bool only_sure) {
    struct arena_mark mark = arena_mark(&s->yaml);
    struct tree_file *tree = import_tree(&s->yaml, diags, source);
    *file = (struct import_file){ .tree = tree };
    bool plain = tree && is_plain(tree);
    bool good = tree && (!only_sure || sure_of(tree)) && (plain || import_fits(diags, tree));
    if (good)
        file->importer = importer_find(tree, &file->part);
    /* A text with findings is read once more, to tell them, by those who want its tree. */
    if (good && plain && (only_sure ? !diags->count && !diags->allows : file->importer != NULL))
        file->tree = untyped_file(&s->arena, &s->diags, tree);
    if (!good || file->tree != tree)
        arena_back(&s->yaml, mark);
    return good;
}

static struct import_file *read_file(struct itsupc *s, struct source *source) {
    struct import_file *file = table_get(&s->trees_read, source->name);
    if (!file) {
        file = arena_new(&s->arena, struct import_file);
        if (is_template(s, source) || !read_import(s, &s->diags, source, file, false))
            return NULL;
        if (!file->importer)
            importer_tell_unknown(&s->diags, file->tree);
    }
    if (file->importer && file->importer->project)
        file->has_compose = has_compose(s, source->name);
    return file->importer ? file : NULL;
}

/* Existing configurations are looked at once more as a whole: what Traefik makes of them. */
static struct existing *remember(struct itsupc *s, const struct import_file *files) {
    struct existing *system = arena_new(&s->arena, struct existing);
    struct existing_file **last = &system->files;
    for (; files; files = files->next) {
        struct existing_file *f = arena_new(&s->arena, struct existing_file);
        *f = (struct existing_file){ .source = files->tree->source, .tree = files->tree };
        f->kind = files->part == TRAEFIK_COMPOSE   ? EXISTING_COMPOSE
                  : files->part == TRAEFIK_DYNAMIC ? EXISTING_DYNAMIC
                  : files->part == TRAEFIK_STATIC  ? EXISTING_STATIC
                                                   : EXISTING_OTHER;
        *last = f;
        last = &f->next;
    }
    system->next = s->existing;
    s->existing = system;
    return system;
}

struct gathered {
    struct itsupc *session;
    struct existing *system;
    bool alone; /* there is nothing but this system */
};

/* What else is wanted of its files is read while their trees are there. */
static void gathered(void *context) {
    struct gathered *g = context;
    session_lint_gather(g->session, g->system);
    for (struct existing_file *f = g->system->files; f; f = f->next)
        f->tree = NULL;
    if (g->alone && !g->session->yaml_shared)
        arena_free(&g->session->yaml);
}

static struct foreign *lower(struct itsupc *s, struct import_job *job, bool alone) {
    const struct importer *importer = job->files->importer;
    struct foreign *out = arena_new(&s->trees, struct foreign);
    struct gathered g = { .session = s, .alone = alone };
    out->existing = str_is(str_of(importer->name), "traefik");
    out->name = job->files->tree->source->name;
    out->project = importer->project;
    out->guests = importer->guests;
    if (out->existing)
        g.system = remember(s, job->files);
    if (out->existing && !job->losses) {
        job->gathered = gathered;
        job->context = &g;
    }
    s->yaml_shared = s->yaml_shared || !out->existing;
    out->ast = importer->read(job);
    return out;
}

struct foreign *foreign_read(struct itsupc *s, struct source *const *sources, size_t count,
                             struct lower_losses *losses) {
    struct import_facts facts = { .plain_http = s->options.traefik_mode &&
                                                str_is(str_of(s->options.traefik_mode), "http") };
    struct import_file *files = NULL, **last = &files;
    struct diags quiet = { .arena = &s->trees, .sources = &s->sources };
    bool looked = false;
    for (size_t i = 0; i < count; i++) {
        struct import_file *file = read_file(s, sources[i]);
        if (!file)
            continue;
        if (file->importer->look)
            file->importer->look(&facts, file);
        bool around = file->importer->project || file->importer->beside;
        if (around && !looked)
            look_around(s, &facts, sources[i]->name, file->importer->beside);
        looked |= around;
        *last = file;
        last = &file->next;
    }
    for (struct import_file *f = files; f; f = f->next) {
        const struct importer *other =
            f->importer->instead ? f->importer->instead(&facts, f) : NULL;
        if (other && other->fit(f->tree, &f->part) != FIT_NONE)
            f->importer = other;
        if (!f->tree->root && !f->importer->plain) /* it is another's after all */
            f->tree = import_tree(&s->yaml, &quiet, f->tree->source);
    }
    struct foreign *first = NULL, **end = &first;
    while (files) {
        struct lower_loader loader = { .context = s, .load = session_load_part };
        struct import_job job = { .arena = &s->trees,
                                  .keep = &s->arena,
                                  .diags = &s->diags,
                                  .facts = &facts,
                                  .losses = losses,
                                  .loader = &loader,
                                  .version = s->program.traefik,
                                  .listed = s->listed };
        struct import_file *lead = files, **taken = &job.files, **kept = &files;
        for (struct import_file *f = files, *next; f; f = next) {
            next = f->next;
            bool mine = f == lead || are_one(f, lead);
            *(mine ? taken : kept) = f;
            *(mine ? &taken : &kept) = &f->next;
        }
        *taken = *kept = NULL;
        *end = lower(s, &job, !first && !files);
        end = &(*end)->next;
    }
    return first;
}

/* ---- into the program ---- */

static void add_sources(struct itsupc *s, struct source *const *sources, size_t count,
                        const char *project, struct stack *stack) {
    struct foreign *f = foreign_read(s, sources, count, NULL);
    for (; f; f = f->next) {
        if (f->guests)
            s->program.world = IR_GUESTS;
        struct str of = f->project ? str_copy(&s->arena, str_of(project)) : STR("");
        program_add(&s->program, f->name, of, f->ast, stack)->existing = f->existing;
    }
}

/* A file that does not read, and that Traefik would read: told by the words at its line starts, and
   below them. What another program's templates make of theirs is not known. */
static bool is_broken_existing(struct str name, struct str text) {
    static const char *const fixed[] = { "entrypoints", "certificatesresolvers" };
    static const char *const dynamic[] = { "http", "tcp", "udp" };
    static const char *const below[] = { "routers", "services", "middlewares" };
    bool compose = str_find_str(str_from(name, folder_of(name).len), STR("compose")) != STR_NONE;
    bool top = false, template = str_find_str(text, STR("{{")) != STR_NONE;
    if (str_find_str(text, STR("{%")) != STR_NONE)
        return false;
    while (text.len) {
        struct str line = line_of(&text), key = key_of_line(line), inner = str_trim(line);
        if (str_starts(inner, STR("[")))
            inner =
                str_from(inner, str_find(inner, '.') == STR_NONE ? 0 : str_find(inner, '.') + 1);
        for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
            if (!template && str_eq_nocase(key, str_of(fixed[i])))
                return true;
        if (compose && str_is(key, "services"))
            return true;
        for (size_t i = 0; i < sizeof dynamic / sizeof *dynamic; i++)
            top = top || str_eq_nocase(key, str_of(dynamic[i]));
        for (size_t i = 0; top && i < sizeof below / sizeof *below; i++)
            if (str_starts(inner, str_of(below[i])))
                return true;
    }
    return false;
}

/* A file without mistakes is read once. */
static bool is_existing(struct itsupc *s, struct source *source) {
    struct diags quiet = { .arena = &s->trees, .sources = &s->sources };
    struct import_file file;
    bool sure = read_import(s, &quiet, source, &file, true);
    s->trees_read.arena = &s->arena;
    if (sure && !quiet.count && !quiet.allows)
        *table_at(&s->trees_read, source->name) = arena_copy(&s->arena, &file, sizeof file);
    return sure || (!file.tree && is_broken_existing(source->name, source->text));
}

bool itsupc_add_existing(struct itsupc *s, const char *const *names, size_t count) {
    struct source **sources = arena_array(&s->trees, struct source *, count + 1);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        struct itsupc_text text;
        struct str name = str_copy(&s->arena, str_of(names[i]));
        if (!s->options.loader.load ||
            s->options.loader.load(s->options.loader.context, name.at, s, &text) != ITSUPC_LOADED)
            continue;
        struct source *source = source_add(&s->sources, name, (struct str){ text.at, text.len });
        if (!source || !is_existing(s, source))
            continue;
        *table_at(&s->files_read, name) = source;
        sources[found++] = source;
        s->program.written += text.len;
        s->files++;
    }
    s->listed = true;
    add_sources(s, sources, found, NULL, NULL);
    s->listed = false;
    return found > 0;
}

void itsupc_add_set(struct itsupc *s, const char *const *names, size_t count, const char *project,
                    const char *compose) {
    struct source **sources = arena_array(&s->trees, struct source *, count + 1);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        struct source *source = session_source(s, str_of(names[i]), (struct span){ 0, 0 });
        if (source && foreign_is(s, source))
            sources[found++] = source;
        else if (source)
            itsupc_add(s, names[i], project, compose);
    }
    struct stack *stack =
        compose && found ? session_stack(s, str_of(compose), (struct span){ 0, 0 }) : NULL;
    add_sources(s, sources, found, project, stack);
}
