/* What lies where: the paths of a command line → the programs in them, their project and compose
   file. */
#include "driver/workspace.h"

#include "driver/args.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

const char *workspace_path(const struct workspace *ws, const char *name) {
    if (!*ws->root || *name == '/')
        return name;
    size_t above = strlen(ws->root), below = strlen(name) + 1;
    char *path = arena_bytes(ws->arena, above + below);
    memcpy(path, ws->root, above);
    memcpy(path + above, name, below);
    return path;
}

static const char *folder_path(const struct workspace *ws, const char *folder) {
    return *folder ? workspace_path(ws, folder) : *ws->root ? ws->root : ".";
}

/* A large tree has two for each project, so that they lie close together. */
static const char *join(struct workspace *ws, const char *folder, const char *name) {
    size_t above = strlen(folder), below = strlen(name), between = above > 0;
    char *path = pool_text(&ws->pool, above + between + below);
    memcpy(path, folder, above);
    if (between)
        path[above] = '/';
    memcpy(path + above + between, name, below);
    return path;
}

/* ---- the disk, and what is open in an editor ---- */

/* The part of an open file's name below `folder`; the empty text when it lies elsewhere. */
static struct str below(const char *open, const char *folder) {
    struct str name = str_of(open), above = str_of(folder);
    if (above.len == 0)
        return name;
    if (!str_starts(name, above) || name.len <= above.len + 1 || name.at[above.len] != '/')
        return STR("");
    return str_from(name, above.len + 1);
}

static enum fs_kind open_kind(const struct workspace *ws, const char *name) {
    enum fs_kind kind = FS_MISSING;
    for (size_t i = 0; kind == FS_MISSING && i < ws->open.count; i++)
        if (strcmp(ws->open.at[i], name) == 0)
            kind = FS_FILE;
        else if (below(ws->open.at[i], name).len)
            kind = FS_FOLDER;
    return kind;
}

static enum fs_kind kind_of(const struct workspace *ws, const char *name) {
    enum fs_kind kind = fs_kind(folder_path(ws, name));
    return kind == FS_MISSING ? open_kind(ws, name) : kind;
}

/* To what was listed; sorted, each once. */
static void add_open(const struct workspace *ws, const char *folder, struct names *names) {
    size_t on_disk = names->count;
    for (size_t i = 0; i < ws->open.count; i++) {
        struct str part = below(ws->open.at[i], folder);
        part = str_slice(part, 0, str_find(part, '/'));
        bool fresh = part.len && part.at[0] != '.';
        for (size_t n = 0; fresh && n < names->count; n++)
            fresh = !str_is(part, names->at[n]);
        if (fresh)
            names_add(names, ws->arena, str_copy(ws->arena, part).at);
    }
    if (names->count > on_disk)
        names_sort(names);
}

/* Sorted, each once. */
static bool list(const struct workspace *ws, const char *folder, struct names *names) {
    bool listed = fs_list(ws->arena, folder_path(ws, folder), names);
    add_open(ws, folder, names);
    return listed || names->count;
}

/* "./a//b/" → "a/b". ".." stays: behind a symlink it is not what the text suggests. */
static const char *tidy(struct arena *arena, const char *path) {
    char *out = arena_alloc(arena, strlen(path) + 2), *to = out;
    if (*path == '/')
        *to++ = '/';
    for (struct str rest = str_of(path); rest.len;) {
        size_t slash = str_find(rest, '/');
        struct str part = str_slice(rest, 0, slash);
        rest = slash == STR_NONE ? STR("") : str_from(rest, slash + 1);
        if (part.len == 0 || str_is(part, "."))
            continue;
        if (to > out && to[-1] != '/')
            *to++ = '/';
        memcpy(to, part.at, part.len);
        to += part.len;
    }
    return out;
}

/* The name of a path given: relative to the current folder where it lies below it. */
static const char *name_of(struct workspace *ws, const char *path) {
    const char *name = tidy(ws->arena, path);
    char here[4096];
    if (*name != '/' || !getcwd(here, sizeof here))
        return name;
    size_t len = strlen(here);
    if (strncmp(name, here, len) != 0 || (name[len] != '/' && name[len]))
        return name;
    return name[len] ? name + len + 1 : "";
}

/* ---- findings about paths ---- */

void workspace_obstacle(struct workspace *ws, const char *name, enum itsupc_load why,
                        const char *reason) {
    struct obstacle *o = arena_new(ws->arena, struct obstacle);
    if (!*name) /* the workspace itself */
        name = *ws->root ? tidy(ws->arena, ws->root) : ".";
    *o = (struct obstacle){ NULL, name, why, reason };
    *ws->last_obstacle = o;
    ws->last_obstacle = &o->next;
}

static void add_unlisted(struct workspace *ws, const char *name) {
    bool denied = errno == EACCES || errno == EPERM;
    workspace_obstacle(ws, name, denied ? ITSUPC_DENIED : ITSUPC_FAILED, strerror(errno));
}

/* ---- programs ---- */

/* The Compose specification's names, in its order. */
static const char *const compose_names[] = { "compose.yaml", "compose.yml", "docker-compose.yaml",
                                             "docker-compose.yml" };

static const char *compose_beside(struct workspace *ws, const char *folder) {
    for (size_t i = 0; i < sizeof compose_names / sizeof *compose_names; i++) {
        const char *name = join(ws, folder, compose_names[i]);
        if (kind_of(ws, name) != FS_MISSING)
            return name;
    }
    return NULL;
}

static struct program *add_program(struct workspace *ws) {
    struct program *p = arena_new(ws->arena, struct program);
    *ws->last_program = p;
    ws->last_program = &p->next;
    return p;
}

/* False when another path brought the file already. */
static bool is_new(struct workspace *ws, const char *file) {
    if (ws->alone)
        return true;
    void **seen = table_at(&ws->seen, str_of(file));
    bool new = *seen == NULL;
    *seen = ws;
    return new;
}

static void add_file(struct workspace *ws, const char *file, const char *project,
                     const char *compose) {
    if (!is_new(ws, file))
        return;
    struct program *p = add_program(ws);
    names_add(&p->files, ws->arena, file);
    p->project = project;
    p->compose = compose;
}

static bool is_folder(enum fs_kind kind) {
    return kind == FS_FOLDER || kind == FS_LINKED_FOLDER;
}

static bool is_source(const char *name) {
    return str_ends(str_of(name), STR(".itsup"));
}

/* secrets/NAME.txt; NAME.enc.txt is encrypted and never read. */
static void find_secrets(struct workspace *ws, const char *folder, struct itsupc_tree *tree) {
    const char *secrets = join(ws, folder, "secrets");
    struct names all = { 0 }, plain = { 0 };
    if (!is_folder(kind_of(ws, secrets)))
        return;
    if (!list(ws, secrets, &all)) {
        add_unlisted(ws, secrets);
        return;
    }
    bool encrypted = false, plainly = false;
    for (size_t i = 0; i < all.count; i++) {
        struct str name = str_of(all.at[i]);
        encrypted |= str_is(name, "itsup.enc.txt");
        plainly |= str_is(name, "itsup.txt");
        if (str_ends(name, STR(".txt")) && !str_ends(name, STR(".enc.txt")))
            names_add(&plain, ws->arena, join(ws, secrets, all.at[i]));
    }
    tree->secrets = plain.at;
    tree->secret_count = plain.count;
    if (encrypted && !plainly)
        tree->encrypted = join(ws, secrets, "itsup.enc.txt");
}

/* ---- itsUP trees: the folder of each project is listed once ---- */

/* A folder that is being looked at. */
struct place {
    const char *name, *path; /* in the workspace, on the disk */
    struct folder listing;
    struct arena *scratch;
};

/* The file's name if it is there, else NULL. */
static const char *listed(struct workspace *ws, const struct place *at, const char *file) {
    bool there = folder_kind(&at->listing, at->path, file) != FS_MISSING;
    if (!there && !ws->open.count)
        return NULL;
    const char *name = join(ws, at->name, file);
    return there || open_kind(ws, name) != FS_MISSING ? name : NULL;
}

/* … and no other path brought it. */
static const char *listed_new(struct workspace *ws, const struct place *at, const char *file) {
    const char *name = listed(ws, at, file);
    return name && is_new(ws, name) ? name : NULL;
}

/* Files of our language that a tree has no use for, unless something imports them. */
static void note_unread(struct workspace *ws, const struct place *at, const char *used) {
    struct names names = { 0 };
    folder_ending(&at->listing, at->scratch, ".itsup", &names);
    for (size_t i = 0; i < names.count; i++)
        if (strcmp(names.at[i], used) != 0)
            names_add(&ws->unread, ws->arena, join(ws, at->name, names.at[i]));
}

/* False when the folder holds nothing that makes it a project. */
static bool find_project(struct workspace *ws, const struct place *at, struct itsupc_project *p) {
    static const char *const names[] = { "traefik.yml", "ingress.yml", "itsup-project.yml" };
    bool found = false;
    for (size_t i = 0; i < sizeof compose_names / sizeof *compose_names && !p->compose; i++)
        p->compose = listed(ws, at, compose_names[i]);
    p->language = listed_new(ws, at, "ingress.itsup");
    for (size_t i = 0; i < 3; i++) {
        p->routing[i] = listed_new(ws, at, names[i]);
        found |= p->routing[i] != NULL;
    }
    found |= p->compose || p->language;
    if (found)
        note_unread(ws, at, "ingress.itsup");
    return found;
}

static void find_projects(struct workspace *ws, struct tree *tree, const struct names *names) {
    struct arena scratch = { 0 };
    struct listings listings = { .pool = &ws->pool, .known = { .arena = ws->arena } };
    struct itsupc_project *list = arena_array(ws->arena, struct itsupc_project, names->count + 1);
    size_t count = 0;
    tree->folders = arena_array(ws->arena, uint32_t, names->count + 1);
    for (size_t i = 0; i < names->count; i++) {
        struct str folder = str_format(&scratch, "%s%.*s%s", *tree->above.at == '/' ? "" : ws->root,
                                       STR_ARG(tree->above), names->at[i]);
        const char *name = folder.at + (*tree->above.at == '/' ? 0 : strlen(ws->root));
        tree->folders[count] = folder_keep(&listings, folder.at);
        struct place at = { name, folder.at, folder_kept(&ws->pool, tree->folders[count]),
                            &scratch };
        list[count] = (struct itsupc_project){ .name = NULL };
        if (find_project(ws, &at, &list[count]))
            list[count++].name = join(ws, "", names->at[i]);
        arena_reset(&scratch);
    }
    arena_free(&scratch);
    tree->files.projects = list;
    tree->files.project_count = count;
}

/* projects/ with the proxy's files and a folder for each project. False when there is none. */
static bool find_tree_with(struct workspace *ws, const char *folder, struct arena *scratch) {
    struct place at = { .name = join(ws, folder, "projects"), .scratch = scratch };
    at.path = workspace_path(ws, at.name);
    if (!is_folder(kind_of(ws, at.name)))
        return false;
    if (!folder_read(&at.listing, scratch, at.path) && !ws->open.count) {
        add_unlisted(ws, at.name);
        return true;
    }
    struct tree tree = { .files = { .proxy = listed_new(ws, &at, "proxy.itsup"),
                                    .infra = listed_new(ws, &at, "itsup.yml"),
                                    .traefik = listed_new(ws, &at, "traefik.yml"),
                                    .middlewares = listed_new(ws, &at, "middlewares.yml") },
                         .above = str_format(ws->arena, "%s/", at.name) };
    struct names names = { 0 };
    folder_folders(&at.listing, scratch, at.path, &names);
    add_open(ws, at.name, &names);
    find_projects(ws, &tree, &names);
    const struct itsupc_tree *f = &tree.files;
    if (!f->proxy && !f->infra && !f->traefik && !f->middlewares && !f->project_count)
        return false;
    find_secrets(ws, folder, &tree.files);
    note_unread(ws, &at, "proxy.itsup");
    struct place above = { .name = folder, .path = folder_path(ws, folder), .scratch = scratch };
    if (folder_read(&above.listing, scratch, above.path))
        note_unread(ws, &above, "");
    *ws->last_tree = arena_new(ws->arena, struct tree);
    **ws->last_tree = tree;
    ws->last_tree = &(*ws->last_tree)->next;
    return true;
}

static bool find_tree(struct workspace *ws, const char *folder) {
    struct arena scratch = { 0 };
    bool found = find_tree_with(ws, folder, &scratch);
    arena_free(&scratch);
    return found;
}

/* Phoenix's files: its guests, and what stands beside them. False when there are no guests. */
static bool find_guests(struct workspace *ws, const char *folder) {
    struct names names = { 0 };
    struct program *p = NULL;
    bool found = false;
    if (!list(ws, folder, &names))
        return false; /* told by find_repo */
    for (size_t i = 0; i < names.count; i++) {
        struct str name = str_of(names.at[i]);
        found |= str_starts(name, STR("phoenix_")) && str_ends(name, STR("_configs.json"));
    }
    for (size_t i = 0; found && i < names.count; i++) {
        struct str name = str_of(names.at[i]);
        const char *file = join(ws, folder, names.at[i]);
        bool guests = str_starts(name, STR("phoenix_")) && str_ends(name, STR("_configs.json"));
        if ((guests || str_is(name, "phoenix_hypervisor_config.json") ||
             str_is(name, "traefik.yml.template")) &&
            is_new(ws, file)) {
            p = p ? p : add_program(ws);
            p->set = true;
            names_add(&p->files, ws->arena, file);
        }
    }
    return found;
}

/* A file of another system; those of one folder are told apart together. */
static void add_to_set(struct workspace *ws, const char *file, const char *folder,
                       const char *project) {
    if (!is_new(ws, file))
        return;
    struct program *p = ws->programs;
    while (p && !(p->set && p->folder && strcmp(p->folder, folder) == 0))
        p = p->next;
    if (!p) {
        p = add_program(ws);
        p->set = true;
        p->folder = folder;
        p->project = project;
        p->compose = project ? compose_beside(ws, folder) : NULL;
    }
    names_add(&p->files, ws->arena, file);
}

/* All *.itsup of one folder: one program. */
static bool find_repo(struct workspace *ws, const char *folder) {
    struct names names = { 0 };
    if (!list(ws, folder, &names)) {
        add_unlisted(ws, folder);
        return true;
    }
    struct program *p = NULL;
    bool found = false;
    for (size_t i = 0; i < names.count; i++) {
        const char *name = join(ws, folder, names.at[i]);
        if (!is_source(name))
            continue;
        if (is_folder(kind_of(ws, name))) {
            names_add(&ws->passed, ws->arena, name);
            continue;
        }
        found = true;
        if (!is_new(ws, name))
            continue;
        if (!p) {
            p = add_program(ws);
            p->compose = compose_beside(ws, folder);
        }
        names_add(&p->files, ws->arena, name);
    }
    return found;
}

/* A file named alone: it belongs to a project if it lies where a tree has it. */
static void find_file(struct workspace *ws, const char *name, enum workspace_mode mode) {
    struct str folder = str_of(name);
    size_t slash = str_find_last(folder, '/');
    folder = slash == STR_NONE ? STR("") : str_slice(folder, 0, slash ? slash : 1);
    const char *project = NULL;
    bool language = is_source(name);
    if (!language || str_ends(str_of(name), STR("/ingress.itsup"))) {
        size_t above = str_find_last(folder, '/');
        struct str upper = str_slice(folder, 0, above == STR_NONE ? 0 : above);
        if (str_is(upper, "projects") || str_ends(upper, STR("/projects")))
            project = str_copy(ws->arena, str_from(folder, above + 1)).at;
    }
    if (mode != WORKSPACE_PROGRAMS && mode != WORKSPACE_CHECK)
        add_file(ws, name, NULL, NULL);
    else if (!language)
        add_to_set(ws, name, project ? str_copy(ws->arena, folder).at : "", project);
    else if (ws->whole_folders && !project)
        find_repo(ws, str_copy(ws->arena, folder).at);
    else
        add_file(ws, name, project, compose_beside(ws, str_copy(ws->arena, folder).at));
}

/* Every *.itsup below a folder, breadth first. Linked folders are not entered: they may lead
   outside, or round in a circle. */
static bool find_below(struct workspace *ws, const char *folder) {
    struct names folders = { 0 };
    bool found = false;
    names_add(&folders, ws->arena, folder);
    for (size_t i = 0; i < folders.count; i++) {
        const char *at = folders.at[i];
        struct names names = { 0 };
        if (!list(ws, at, &names)) {
            add_unlisted(ws, at);
            found = true;
        }
        for (size_t j = 0; j < names.count; j++) {
            const char *name = join(ws, at, names.at[j]);
            enum fs_kind kind = kind_of(ws, name);
            if (kind == FS_FOLDER) {
                names_add(&folders, ws->arena, name);
            } else if (is_source(name) && kind != FS_LINKED_FOLDER) {
                add_file(ws, name, NULL, NULL);
                found = true;
            }
        }
    }
    return found;
}

enum { MOST_FOLDERS = 1000, MOST_EXISTING = 10000, MOST_IN_EDITOR = 500 };

/* YAML and TOML below a folder, breadth first; hidden folders and other people's packages are not
 * entered.
 */
static bool find_existing(struct workspace *ws, const char *folder) {
    struct names folders = { 0 };
    names_add(&folders, ws->arena, folder);
    for (size_t i = 0; i < folders.count && i < ws->most_folders; i++) {
        struct names names = { 0 };
        if (!list(ws, folders.at[i], &names))
            continue;
        for (size_t j = 0; j < names.count && ws->existing.count < ws->most_existing; j++) {
            struct str base = str_of(names.at[j]);
            if (str_starts(base, STR(".")) || str_is(base, "node_modules"))
                continue;
            const char *name = join(ws, folders.at[i], names.at[j]);
            enum fs_kind kind = kind_of(ws, name);
            bool known = str_ends(base, STR(".yml")) || str_ends(base, STR(".yaml")) ||
                         str_ends(base, STR(".toml"));
            if (kind == FS_FOLDER)
                names_add(&folders, ws->arena, name);
            else if (known && kind == FS_FILE && is_new(ws, name))
                names_add(&ws->existing, ws->arena, name);
        }
    }
    return ws->existing.count > 0;
}

static void find_folder(struct workspace *ws, const char *name, const char *given,
                        enum workspace_mode mode) {
    if (mode == WORKSPACE_NAMED) {
        workspace_obstacle(ws, name, ITSUPC_NOT_A_FILE, NULL);
        return;
    }
    bool found = mode == WORKSPACE_FILES ? find_below(ws, name) : find_tree(ws, name);
    if (!found && (mode == WORKSPACE_PROGRAMS || mode == WORKSPACE_CHECK)) {
        found = find_repo(ws, name);
        found |= find_guests(ws, name);
    }
    if (!found && mode == WORKSPACE_CHECK && find_existing(ws, name)) {
        ws->existing_of = given;
        return;
    }
    if (!found)
        names_add(&ws->barren, ws->arena, given);
}

static bool all_exist(struct run *run, const struct names *paths) {
    bool exist = true;
    for (size_t i = 0; i < paths->count; i++) {
        if (strcmp(paths->at[i], "-") == 0 || fs_kind(paths->at[i]) != FS_MISSING)
            continue;
        run_say(run, "%s does not exist", *paths->at[i] ? paths->at[i] : "\"\"");
        exist = false;
    }
    return exist;
}

static void find_path(struct workspace *ws, const char *path, bool alone,
                      enum workspace_mode mode) {
    if (strcmp(path, "-") == 0) {
        ws->takes_stdin = true;
        return;
    }
    enum fs_kind kind = fs_kind(path);
    const char *name = name_of(ws, path);
    switch (kind) {
    case FS_FOLDER:
    case FS_LINKED_FOLDER:
        if (alone && *name) { /* the folder given is the workspace */
            ws->root = strcmp(name, "/") == 0 ? name : str_format(ws->arena, "%s/", name).at;
            name = "";
        }
        find_folder(ws, name, path, mode);
        return;
    case FS_FILE: find_file(ws, name, mode); return;
    case FS_OTHER: workspace_obstacle(ws, name, ITSUPC_NOT_A_FILE, NULL); return;
    case FS_MISSING:
        workspace_obstacle(ws, name, ITSUPC_MISSING, NULL);
        return; /* gone since asked */
    case FS_UNKNOWN: add_unlisted(ws, name); return;
    }
}

bool workspace_find(struct run *run, struct workspace *ws, const struct names *paths,
                    enum workspace_mode mode) {
    *ws = (struct workspace){ .arena = run->arena, .root = "" };
    ws->alone = paths->count <= 1;
    ws->seen.arena = ws->pool.arena = run->arena;
    ws->progress = &run->progress;
    ws->whole_folders = args_given(run->args, FLAG_FOLDER);
    ws->most_folders = MOST_FOLDERS;
    ws->most_existing = MOST_EXISTING;
    ws->last_program = &ws->programs;
    ws->last_tree = &ws->trees;
    ws->last_obstacle = &ws->obstacles;
    if (!all_exist(run, paths))
        return false;
    if (paths->count == 0)
        find_path(ws, ".", true, mode);
    for (size_t i = 0; i < paths->count; i++)
        find_path(ws, paths->at[i], paths->count == 1, mode);
    return true;
}

void workspace_find_folder(struct workspace *ws, struct arena *arena, const char *folder,
                           const struct names *open, size_t most_folders) {
    *ws = (struct workspace){ .arena = arena, .root = folder };
    ws->open = *open;
    ws->most_folders = most_folders;
    ws->most_existing = MOST_IN_EDITOR;
    ws->alone = true;
    ws->pool.arena = arena;
    ws->last_program = &ws->programs;
    ws->last_tree = &ws->trees;
    ws->last_obstacle = &ws->obstacles;
    find_folder(ws, "", folder, WORKSPACE_CHECK);
}

void workspace_warn(struct run *run, const struct workspace *ws) {
    if (args_given(run->args, FLAG_QUIET))
        return;
    for (size_t i = 0; i < ws->barren.count; i++)
        run_say(run, "warning: no ingress files in %s", ws->barren.at[i]);
    for (size_t i = 0; i < ws->passed.count; i++)
        run_say(run, "warning: %s is a folder, and passed over", ws->passed.at[i]);
}

static void add_stdin(struct workspace *ws, struct itsupc *session) {
    struct str text;
    const char *reason = NULL;
    enum itsupc_load load = fs_read_stdin(ws->arena, &text, &reason);
    if (load == ITSUPC_LOADED)
        itsupc_add_text(session, STDIN_NAME, (struct itsupc_text){ text.at, text.len });
    else
        itsupc_add_failed(session, STDIN_NAME, load, reason);
}

void workspace_add(struct workspace *ws, struct itsupc *session) {
    for (struct obstacle *o = ws->obstacles; o; o = o->next)
        itsupc_add_failed(session, o->name, o->why, o->reason);
    for (struct tree *t = ws->trees; t; t = t->next)
        itsupc_add_tree(session, &t->files);
    for (struct program *p = ws->programs; p; p = p->next) {
        if (p->set)
            itsupc_add_set(session, p->files.at, p->files.count, p->project, p->compose);
        else if (p->files.count == 1)
            itsupc_add(session, p->files.at[0], p->project, p->compose);
        else
            itsupc_add_folder(session, p->files.at, p->files.count, p->compose);
    }
    if (ws->existing.count && !itsupc_add_existing(session, ws->existing.at, ws->existing.count) &&
        ws->existing_of)
        names_add(&ws->barren, ws->arena, ws->existing_of);
    if (ws->takes_stdin)
        add_stdin(ws, session);
    for (size_t i = 0; i < ws->unread.count; i++)
        itsupc_add_unread(session, ws->unread.at[i]);
}

/* The listing of the project's folder that holds the file, and the file's own name: of a project
   asked for in order, else by halves. */
static bool find_listing(struct workspace *ws, struct str name, struct folder *listing,
                         const char **file) {
    size_t slash = str_find_last(name, '/');
    for (struct tree *t = slash == STR_NONE ? NULL : ws->trees; t; t = t->next) {
        if (!str_starts(name, t->above) || slash < t->above.len)
            continue;
        struct str project = str_slice(name, t->above.len, slash);
        const struct itsupc_project *list = t->files.projects;
        size_t low = 0, high = t->files.project_count;
        for (size_t try = t->at; low < high; try = low + (high - low) / 2) {
            int order = str_cmp(str_of(list[try].name), project);
            if (order == 0) {
                t->at = try;
                *file = name.at + slash + 1;
                *listing = folder_kept(&ws->pool, t->folders[try]);
                return true;
            }
            low = order < 0 ? try + 1 : low;
            high = order < 0 ? high : try;
        }
    }
    return false;
}

static enum itsupc_load read_file(struct workspace *ws, const char *name, struct str *text,
                                  const char **reason) {
    char room[PATH_MAX];
    struct str above = str_of(*name == '/' ? "" : ws->root), below = str_of(name);
    const char *file, *path = room;
    if (above.len + below.len < sizeof room) {
        memcpy(room, above.at, above.len);
        memcpy(room + above.len, below.at, below.len + 1);
    } else {
        path = workspace_path(ws, name);
    }
    struct folder listing;
    bool listed = find_listing(ws, str_of(name), &listing, &file);
    if (listed && folder_lacks(&listing, file))
        return ITSUPC_MISSING;
    return listed && folder_lists_file(&listing, file)
               ? fs_read_listed(ws->arena, path, text, reason)
               : fs_read(ws->arena, path, text, reason);
}

static enum itsupc_load load(void *context, const char *name, struct itsupc *session,
                             struct itsupc_text *text) {
    struct workspace *ws = context;
    struct str whole = { 0 };
    (void)session; /* our arena outlives it */
    bool piped = ws->takes_stdin && strcmp(name, STDIN_NAME) == 0;
    progress_step(ws->progress, PROGRESS_READ);
    const char *reason = NULL;
    enum itsupc_load result =
        piped ? fs_read_stdin(ws->arena, &whole, &reason) : read_file(ws, name, &whole, &reason);
    if (reason)
        whole = str_of(reason);
    *text = (struct itsupc_text){ whole.at, whole.len };
    return result;
}

const char *workspace_folder(const struct workspace *ws) {
    char path[PATH_MAX];
    if (ws->called)
        return ws->called;
    if (!realpath(*ws->root ? ws->root : ".", path))
        return "";
    return str_copy(ws->arena, str_from(str_of(path), str_find_last(str_of(path), '/') + 1)).at;
}

struct itsupc_loader workspace_loader(struct workspace *ws) {
    return (struct itsupc_loader){ ws, load };
}
