/* Checks in time that goes with the edited file, also in a tree of thousands of projects.

   A project is checked with the shared files of its tree and those projects that claim something in
   common with it (itsupc_claims): about others it can have no finding. What its neighbours are told
   may change with it; they are checked in the same way when the editor is quiet. Only a change of
   what is shared asks for a check of the whole tree, which waits for quiet, too. */
#include "driver/lsp/world.h"

#include "driver/fs.h"
#include "driver/lsp/around.h"
#include "driver/lsp/publish.h"
#include "driver/report.h"

#include <time.h>

enum { QUIET = 300 /* milliseconds */, FEW_MEMBERS = 64 };

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* ---- sessions ---- */

struct overlay {
    struct server *server;
    const struct workspace *ws;
    struct arena *arena;
};

static enum itsupc_load load(void *context, const char *name, struct itsupc *session,
                             struct itsupc_text *text) {
    struct overlay *o = context;
    const char *path = workspace_path(o->ws, name), *reason = NULL;
    const struct document *open = documents_at(&o->server->documents, path);
    struct str whole = open ? open->lines.text : STR("");
    (void)session;
    enum itsupc_load result = open ? ITSUPC_LOADED : fs_read(o->arena, path, &whole, &reason);
    if (reason)
        whole = str_of(reason);
    *text = (struct itsupc_text){ whole.at ? whole.at : "", whole.len };
    return result;
}

enum purpose { FOR_CHECK, FOR_QUESTIONS };

static struct itsupc *session_new(struct server *s, const struct workspace *ws,
                                  enum purpose purpose, struct arena *arena) {
    struct workspace *copy = arena_copy(arena, ws, sizeof *ws);
    struct overlay *o = arena_new(arena, struct overlay);
    struct run run = *s->run;
    copy->arena = run.arena = arena;
    *o = (struct overlay){ s, copy, arena };
    struct itsupc *session = report_session(&run, copy, (struct itsupc_loader){ o, load });
    if (session && purpose == FOR_CHECK)
        itsupc_only_checks(session);
    return session;
}

static struct itsupc *session_all(struct server *s, struct root *root, enum purpose purpose,
                                  struct arena *arena) {
    struct itsupc *session = session_new(s, &root->ws, purpose, arena);
    struct workspace ws = root->ws;
    ws.arena = arena;
    if (session)
        workspace_add(&ws, session);
    return session;
}

struct itsupc *root_session_all(struct server *s, struct root *root, struct arena *arena) {
    return session_all(s, root, FOR_QUESTIONS, arena);
}

struct itsupc *root_check_all(struct server *s, struct root *root, struct arena *arena) {
    return session_all(s, root, FOR_CHECK, arena);
}

/* ---- one project of a tree ---- */

static struct itsupc *session_around(struct server *s, struct root *root, const struct around *a,
                                     enum purpose purpose, struct arena *arena) {
    struct itsupc *session = session_new(s, &root->ws, purpose, arena);
    struct itsupc_tree tree = *root->tree;
    struct itsupc_project *projects = arena_array(arena, struct itsupc_project, a->count + 1);
    for (size_t i = 0; i < a->count; i++)
        projects[i] = root->tree->projects[a->list[i]];
    tree.projects = projects;
    tree.project_count = a->count;
    if (!session)
        return NULL;
    for (const struct obstacle *o = root->ws.obstacles; o; o = o->next)
        itsupc_add_failed(session, o->name, o->why, o->reason);
    itsupc_add_tree(session, &tree);
    for (size_t i = 0; i < root->ws.unread.count; i++) {
        const struct member *m = root_member(root, root->ws.unread.at[i]);
        if (!m || around_holds(a, member_index(root, m)))
            itsupc_add_unread(session, root->ws.unread.at[i]);
    }
    return session;
}

static void add_marks(struct root *root, struct around *a) {
    for (size_t i = 0; i < root->mark_count; i++)
        around_include(a, root->marks[i]);
}

static struct itsupc *session_of(struct server *s, struct root *root, const char *name, bool wide,
                                 struct arena *arena) {
    struct member *m = root_member(root, name);
    struct around a = { .count = 0 };
    if (!root->tree || (wide && root->tree->project_count <= FEW_MEMBERS))
        return root_session_all(s, root, arena);
    if (m && wide)
        around_neighbours(root, &a, m);
    else if (m)
        around_include(&a, member_index(root, m));
    add_marks(root, &a);
    return session_around(s, root, &a, FOR_QUESTIONS, arena);
}

struct itsupc *root_session(struct server *s, struct root *root, const char *name,
                            struct arena *arena) {
    return session_of(s, root, name, false, arena);
}

struct itsupc *root_session_wide(struct server *s, struct root *root, const char *name,
                                 struct arena *arena) {
    return session_of(s, root, name, true, arena);
}

/* Those of the member's files; what it had before and has no more is clean. */
static void publish_member(struct server *s, struct root *root, struct member *m,
                           const struct harvest *h) {
    struct arena arena = { 0 };
    struct names before = { 0 };
    for (size_t i = 0; i < m->findings.count; i++)
        names_add(&before, &arena, str_copy(&arena, str_of(m->findings.at[i])).at);
    member_forget(m);
    root->errors -= m->errors;
    m->errors = 0;
    for (const struct harvested *f = h->first; f; f = f->next) {
        if (!f->count || !str_starts(str_of(f->name), m->prefix))
            continue;
        m->errors += f->errors;
        root->errors += f->errors;
        publish_file(s, root, f->name, f);
        member_remember(m, f->name);
    }
    for (size_t i = 0; i < before.count; i++) {
        const struct harvested *f = table_get(&h->files, str_of(before.at[i]));
        if (!f || !f->count)
            publish_file(s, root, before.at[i], NULL);
    }
    for (struct document *d = s->documents.first; d; d = d->next)
        if (d->root == root && d->due && root_member(root, root_name(root, d->path)) == m)
            publish_file(s, root, root_name(root, d->path), NULL);
    arena_free(&arena);
}

/* What is found in files that all share depends on others, too: a change of it is looked at as a
   whole. */
static uint64_t shared_findings(struct root *root, const struct harvest *h) {
    uint64_t sum = 0;
    for (const struct harvested *f = h->first; f; f = f->next)
        for (size_t i = 0; !root_member(root, f->name) && i < f->count; i++)
            sum += str_hash(f->items[i]);
    return sum;
}

static void wait_for(struct root *root, size_t index) {
    struct member *m = &root->members[index];
    if (m->waits)
        return;
    if (root->waiting_count == sizeof root->waiting / sizeof *root->waiting) {
        root->wants_whole = true;
        return;
    }
    m->waits = true;
    root->waiting[root->waiting_count++] = index;
}

/* Neighbours before and after, and those that reach for it. */
static void disturb(struct root *root, struct member *m, const struct around *neighbours) {
    struct around a = *neighbours;
    around_reaching(root, &a, m);
    for (size_t i = 0; i < a.count; i++)
        if (a.list[i] != member_index(root, m))
            wait_for(root, a.list[i]);
}

static void check_member(struct server *s, struct root *root, struct member *m, bool edited) {
    struct around neighbours = { .count = 0 };
    uint64_t uses = 0;
    m->touched = s->job.root == root;
    for (int round = 0; round < 3; round++) {
        struct arena arena = { 0 };
        around_neighbours(root, &neighbours, m);
        struct around a = neighbours;
        add_marks(root, &a);
        struct itsupc *session = session_around(s, root, &a, FOR_CHECK, &arena);
        if (!session)
            return;
        struct harvest h = { .server = s, .root = root, .session = session, .arena = &arena };
        const struct itsupc_claim *list;
        if (root->errors == m->errors) /* one error anywhere, and nothing is built */
            itsupc_rehearse(session);
        else
            itsupc_check(session);
        size_t count = itsupc_claims(session, &list), around = neighbours.count;
        bool changed = claims_take(root, m, list, count);
        uses = claims_uses(list, count);
        if (changed)
            around_neighbours(root, &neighbours, m);
        bool last = neighbours.count == around || round == 2;
        if (last) {
            harvest_findings(&h);
            publish_member(s, root, m, &h);
            uses += shared_findings(root, &h);
            root->rehearses |= itsupc_rehearses(session);
        }
        itsupc_free(session);
        arena_free(&arena);
        if (last)
            break;
    }
    if ((m->known && m->uses != uses) || (edited && root->rehearses))
        root->wants_whole = true;
    m->known = true;
    m->uses = uses;
    if (edited && root->whole)
        disturb(root, m, &neighbours);
}

/* ---- when ---- */

void world_disturb_touched(struct root *root) {
    for (size_t i = 0; i < root->tree->project_count; i++) {
        struct member *m = &root->members[i];
        struct around neighbours = { .count = 0 };
        if (!m->touched)
            continue;
        m->touched = false;
        around_neighbours(root, &neighbours, m);
        disturb(root, m, &neighbours);
    }
}

/* A file that all projects share: by itself at once, with all of them later. */
static void check_shared(struct server *s, struct root *root, const char *name) {
    struct arena arena = { 0 };
    struct itsupc *session = root_session(s, root, name, &arena);
    struct harvest h = { .server = s, .root = root, .session = session, .arena = &arena };
    root->wants_whole = true;
    if (!session)
        return;
    itsupc_check(session);
    harvest_findings(&h);
    publish_file(s, root, name, table_get(&h.files, str_of(name)));
    itsupc_free(session);
    arena_free(&arena);
}

static bool is_on_disk(const struct document *d) {
    struct arena arena = { 0 };
    struct str text;
    bool same =
        fs_read(&arena, d->path, &text, NULL) == ITSUPC_LOADED && str_eq(text, d->lines.text);
    arena_free(&arena);
    return same;
}

void world_check(struct server *s, struct root *root, struct document *d) {
    const char *name = root_name(root, d->path);
    struct member *m = root_member(root, name);
    if (!root->tree) {
        world_check_whole(s, root);
        return;
    }
    if (m && !m->known && root->whole && !is_on_disk(d))
        root->wants_whole = true;
    if (m)
        check_member(s, root, m, true);
    else if (world_is_large(root))
        check_shared(s, root, name);
    else
        root->wants_whole = true;
    root->quiet_at = now() + (root->whole && (m || world_is_large(root)) ? QUIET : 0);
}

static const struct root loose = { .folder = "", .ws = { .root = "" } };

struct itsupc *world_text_session(struct server *s, struct document *d, struct arena *arena) {
    struct itsupc *session = session_new(s, &loose.ws, FOR_QUESTIONS, arena);
    struct itsupc_text text = { d->lines.text.at, d->lines.text.len };
    if (session)
        itsupc_add_text(session, d->path, text);
    return session;
}

void world_check_text(struct server *s, struct document *d) {
    struct arena arena = { 0 };
    struct itsupc *session = world_text_session(s, d, &arena);
    struct harvest h = { .server = s, .root = &loose, .session = session, .arena = &arena };
    if (!session)
        return;
    itsupc_rehearse(session);
    harvest_findings(&h);
    publish_file(s, &loose, d->path, table_get(&h.files, str_of(d->path)));
    itsupc_free(session);
    arena_free(&arena);
}

static void check_waiting(struct server *s, struct root *root) {
    while (root->waiting_count) {
        struct member *m = &root->members[root->waiting[--root->waiting_count]];
        m->waits = false;
        check_member(s, root, m, false);
    }
}

int roots_rest(struct server *s) {
    int next = -1;
    if (s->job.root && job_read(&s->job))
        world_take_job(s);
    for (struct root *root = s->roots; root; root = root->next) {
        if (!root->found || (!root->wants_whole && !root->waiting_count))
            continue;
        uint64_t at = now();
        if (at < root->quiet_at) {
            int left = (int)(root->quiet_at - at);
            next = next < 0 || left < next ? left : next;
        } else if (root->wants_whole) {
            world_begin_whole(s, root);
        } else {
            check_waiting(s, root);
        }
    }
    return next;
}
