/* Which files belong together. */
#include "driver/lsp/roots.h"

#include "driver/fs.h"
#include "driver/lsp/publish.h"
#include "driver/lsp/world.h"

enum { MOST_FOLDERS = 200 };

/* ---- names ---- */

static bool is_below(const char *path, const char *folder) {
    return str_starts(str_of(path), str_of(folder));
}

const char *root_name(const struct root *root, const char *path) {
    return is_below(path, root->folder) ? path + strlen(root->folder) : path;
}

struct member *root_member(struct root *root, const char *name) {
    struct str rest = str_of(name), projects = STR("projects/");
    size_t slash =
        str_starts(rest, projects) ? str_find(str_from(rest, projects.len), '/') : STR_NONE;
    if (slash == STR_NONE || !root->tree)
        return NULL;
    return table_get(&root->by_name, str_slice(rest, projects.len, projects.len + slash));
}

/* ---- what lies in a root ---- */

static struct names open_below(struct server *s, struct root *root) {
    struct names open = { 0 };
    for (const struct document *d = s->documents.first; d; d = d->next)
        if (is_below(d->path, root->folder))
            names_add(&open, &root->arena,
                      str_copy(&root->arena, str_of(root_name(root, d->path))).at);
    return open;
}

/* The first project with a routing file of each generation: they decide how all others are read. */
static void find_marks(struct root *root) {
    root->mark_count = 0;
    for (size_t kind = 0; kind < 3; kind++)
        for (size_t i = 0; i < root->tree->project_count; i++)
            if (root->tree->projects[i].routing[kind]) {
                root->marks[root->mark_count++] = i;
                break;
            }
}

static void add_members(struct root *root) {
    size_t count = root->tree->project_count;
    root->members = arena_array(&root->arena, struct member, count + 1);
    root->by_name = root->claimed = (struct table){ .arena = &root->arena };
    for (size_t i = 0; i < count; i++) {
        struct member *m = &root->members[i];
        m->name = root->tree->projects[i].name;
        m->prefix = str_format(&root->arena, "projects/%s/", m->name);
        *table_at(&root->by_name, str_of(m->name)) = m;
    }
    find_marks(root);
}

static void forget_members(struct server *s, struct root *root) {
    if (s->job.root == root)
        job_stop(&s->job);
    for (size_t i = 0; root->tree && i < root->tree->project_count; i++) {
        arena_free(&root->members[i].arena);
        arena_free(&root->members[i].shown);
    }
    root->members = NULL;
    root->tree = NULL;
    root->waiting_count = 0;
}

static bool is_folder_of(const struct server *s, const char *folder) {
    for (size_t i = 0; i < s->folders.count; i++)
        if (strncmp(s->folders.at[i], folder, strlen(folder) - 1) == 0 &&
            strlen(s->folders.at[i]) == strlen(folder) - 1)
            return true;
    return false;
}

void root_look(struct server *s, struct root *root) {
    if (root->found)
        return;
    forget_members(s, root);
    arena_free(&root->arena);
    root->arena = (struct arena){ 0 };
    struct names open = open_below(s, root);
    /* A folder that is no workspace of the editor may be anyone's home. */
    workspace_find_folder(&root->ws, &root->arena, root->folder, &open,
                          is_folder_of(s, root->folder) ? MOST_FOLDERS : 1);
    root->tree = root->ws.trees ? &root->ws.trees->files : NULL;
    if (root->tree)
        add_members(root);
    root->found = true;
    root->whole = false;
    root->wants_whole = true;
}

static struct root *root_at(struct server *s, struct str folder) {
    for (struct root *root = s->roots; root; root = root->next)
        if (str_is(folder, root->folder))
            return root;
    struct root *root = arena_new(&s->arena, struct root);
    root->folder = str_copy(&s->arena, folder).at;
    root->next = s->roots;
    s->roots = root;
    return root;
}

static bool holds_programs(const struct root *root) {
    return root->ws.programs || root->ws.trees;
}

/* ---- which root a file belongs to ---- */

static struct str folder_of(const char *path) {
    struct str whole = str_of(path);
    return str_slice(whole, 0, str_find_last(whole, '/') + 1);
}

/* The editor's folder that holds the file, with "/" at its end; empty when none does. */
static struct str folder_around(const struct server *s, const char *path) {
    struct str best = { 0 };
    for (size_t i = 0; i < s->folders.count; i++) {
        struct str folder = str_of(s->folders.at[i]);
        if (str_starts(str_of(path), folder) && path[folder.len] == '/' && folder.len >= best.len)
            best = str_slice(str_of(path), 0, folder.len + 1);
    }
    return best;
}

/* An itsUP tree: the file lies below its projects/. */
static struct root *tree_around(struct server *s, const char *path) {
    struct str whole = str_of(path), rest = whole;
    size_t at;
    for (size_t from = 0; (at = str_find_str(rest, STR("/projects/"))) != STR_NONE;
         rest = str_from(whole, from)) {
        struct root *root = root_at(s, str_slice(whole, 0, from + at + 1));
        from += at + 1;
        root_look(s, root);
        if (root->tree)
            return root;
    }
    return NULL;
}

static bool holds_language(struct server *s, struct str folder) {
    struct arena arena = { 0 };
    struct names names = { 0 };
    bool found = false;
    (void)s;
    fs_list(&arena, str_copy(&arena, folder).at, &names);
    for (size_t i = 0; i < names.count && !found; i++)
        found = str_ends(str_of(names.at[i]), STR(".itsup"));
    arena_free(&arena);
    return found;
}

static bool has_read(struct server *s, struct root *root, const char *path) {
    struct arena arena = { 0 };
    struct itsupc_text text;
    struct itsupc *session = root_session(s, root, root_name(root, path), &arena);
    bool found = session && itsupc_source(session, root_name(root, path), &text);
    if (session)
        itsupc_free(session);
    arena_free(&arena);
    return found;
}

/* A folder above whose files read this one: by importing it, say. */
static struct root *reader_above(struct server *s, const char *path) {
    struct str top = folder_around(s, path), own = folder_of(path);
    for (size_t at = top.len; top.len && at < own.len;) {
        struct str folder = str_slice(own, 0, at);
        if (holds_language(s, folder)) {
            struct root *root = root_at(s, folder);
            root_look(s, root);
            if (has_read(s, root, path))
                return root;
        }
        at += str_find(str_from(own, at), '/') + 1;
    }
    return NULL;
}

struct root *root_of(struct server *s, const struct document *d) {
    if (*d->path != '/')
        return NULL;
    struct root *root = tree_around(s, d->path);
    if (!root)
        root = reader_above(s, d->path);
    if (root)
        return root;
    struct root *own = root_at(s, folder_of(d->path));
    struct str top = folder_around(s, d->path);
    root_look(s, own);
    if (holds_programs(own) || !top.len || str_is(top, own->folder))
        return own;
    root = root_at(s, top);
    root_look(s, root);
    return !holds_programs(root) && has_read(s, root, d->path) ? root : own;
}

/* ---- what changes ---- */

void roots_check(struct server *s, struct document *d) {
    d->dirty = false;
    d->due = true;
    if (!d->root)
        d->root = root_of(s, d);
    if (d->root) {
        root_look(s, d->root);
        world_check(s, d->root, d);
    } else {
        world_check_text(s, d);
    }
}

void roots_check_dirty(struct server *s) {
    for (struct document *d = s->documents.first; d; d = d->next)
        if (d->dirty)
            roots_check(s, d);
}

void roots_forget(struct server *s, const char *path) {
    for (struct root *root = s->roots; root; root = root->next) {
        if (path && !is_below(path, root->folder))
            continue;
        root->found = false;
        for (struct document *d = s->documents.first; d; d = d->next)
            if (d->root == root) {
                d->root = NULL;
                d->dirty = true;
            }
    }
}

void roots_seen(struct server *s, struct document *d) {
    if (*d->path == '/' && fs_kind(d->path) == FS_MISSING)
        roots_forget(s, d->path);
}

/* What is open counts as the editor has it. */
void roots_changed(struct server *s, const char *path, bool same_place) {
    if (!same_place) {
        roots_forget(s, path);
        return;
    }
    if (documents_at(&s->documents, path))
        return;
    for (struct root *root = s->roots; root; root = root->next)
        if (root->found && is_below(path, root->folder))
            root->wants_whole = true;
}

static bool is_used(const struct server *s, const struct root *root) {
    for (const struct document *d = s->documents.first; d; d = d->next)
        if (d->root == root)
            return true;
    return false;
}

void roots_close(struct server *s, const struct document *d) {
    struct root *root = d->root;
    if (fs_kind(d->path) == FS_MISSING)
        roots_forget(s, d->path);
    if (root && !is_used(s, root)) {
        publish_forget(s, root);
        root->found = false;
    } else if (root) {
        root->wants_whole = true;
    }
}

void roots_free(struct server *s) {
    for (struct root *root = s->roots; root; root = root->next) {
        forget_members(s, root);
        arena_free(&root->arena);
    }
}
