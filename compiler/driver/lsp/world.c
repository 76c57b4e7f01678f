/* Checks in time that goes with the edited file, also in a tree of thousands of projects.

   A project is checked with the shared files of its tree and those projects that claim something in
   common with it (itsupc_claims): about others it can have no finding. What its neighbours are told
   may change with it; they are checked in the same way when the editor is quiet. Only a change of
   what is shared asks for a check of the whole tree, which waits for quiet, too. */
#include "driver/lsp/world.h"

#include "driver/fs.h"
#include "driver/lsp/publish.h"
#include "driver/report.h"

#include <stdlib.h>
#include <time.h>

enum { QUIET = 300 /* milliseconds */, MOST_AROUND = 48, MOST_CLAIMANTS = 64 };

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

static struct itsupc *session_new(struct server *s, const struct workspace *ws,
                                  struct arena *arena) {
    struct workspace *copy = arena_copy(arena, ws, sizeof *ws);
    struct overlay *o = arena_new(arena, struct overlay);
    struct run run = *s->run;
    copy->arena = run.arena = arena;
    *o = (struct overlay){ s, copy, arena };
    return report_session(&run, copy, (struct itsupc_loader){ o, load });
}

static struct itsupc *session_whole(struct server *s, struct root *root, struct arena *arena) {
    struct itsupc *session = session_new(s, &root->ws, arena);
    struct workspace ws = root->ws;
    ws.arena = arena;
    if (session)
        workspace_add(&ws, session);
    return session;
}

/* ---- who is around a project ---- */

struct claimants {
    size_t list[MOST_CLAIMANTS];
    size_t count;
};

struct around { /* indexes of projects, in order, each once */
    size_t list[MOST_AROUND + 4];
    size_t count;
};

static bool holds(const struct around *a, size_t index) {
    for (size_t i = 0; i < a->count; i++)
        if (a->list[i] == index)
            return true;
    return false;
}

static void include(struct around *a, size_t index) {
    if (holds(a, index) || a->count == sizeof a->list / sizeof *a->list)
        return;
    size_t at = a->count++;
    for (; at && a->list[at - 1] > index; at--)
        a->list[at] = a->list[at - 1];
    a->list[at] = index;
}

static size_t index_of(const struct root *root, const struct member *m) {
    return (size_t)(m - root->members);
}

static void include_claimants(const struct root *root, struct around *a, struct str key) {
    const struct claimants *c = table_get(&root->claimed, key);
    for (size_t i = 0; c && i < c->count && a->count < MOST_AROUND; i++)
        include(a, c->list[i]);
}

/* Projects that it reaches for, and those that these reach for: circles are found so. */
static void include_reached(struct root *root, struct around *a, const struct member *m,
                            size_t depth) {
    struct str reaches = STR("reaches ");
    char key[512];
    for (size_t i = 0; i < m->claim_count && depth < 16; i++) {
        if (!str_starts(m->claims[i], reaches))
            continue;
        struct str name = str_from(m->claims[i], reaches.len);
        int len = snprintf(key, sizeof key, "project %.*s", STR_ARG(name));
        const struct claimants *c = table_get(
            &root->claimed, (struct str){ key, (size_t)len < sizeof key ? (size_t)len : 0 });
        for (size_t n = 0; c && n < c->count && a->count < MOST_AROUND; n++)
            if (!holds(a, c->list[n])) {
                include(a, c->list[n]);
                include_reached(root, a, &root->members[c->list[n]], depth + 1);
            }
    }
}

static void include_neighbours(struct root *root, struct around *a, const struct member *m) {
    include(a, index_of(root, m));
    for (size_t i = 0; i < m->claim_count; i++)
        if (!str_starts(m->claims[i], STR("reaches ")))
            include_claimants(root, a, m->claims[i]);
    include_reached(root, a, m, 0);
}

/* ---- which files of a member have findings ---- */

static void forget_findings(struct member *m) {
    arena_free(&m->shown);
    m->shown = (struct arena){ 0 };
    m->findings = (struct names){ 0 };
}

static void remember_finding(struct member *m, const char *file) {
    names_add(&m->findings, &m->shown, str_copy(&m->shown, str_of(file)).at);
}

/* ---- claims ---- */

static void claim(struct root *root, struct member *m, struct str key) {
    struct claimants **slot = (struct claimants **)table_at(&root->claimed, key);
    if (!*slot)
        *slot = arena_new(&root->arena, struct claimants);
    struct claimants *c = *slot;
    for (size_t i = 0; i < c->count; i++)
        if (c->list[i] == index_of(root, m))
            return;
    if (c->count < MOST_CLAIMANTS)
        c->list[c->count++] = index_of(root, m);
}

static void unclaim(struct root *root, struct member *m) {
    for (size_t n = 0; n < m->claim_count; n++) {
        struct claimants *c = table_get(&root->claimed, m->claims[n]);
        for (size_t i = 0; c && i < c->count; i++)
            if (c->list[i] == index_of(root, m))
                c->list[i--] = c->list[--c->count];
    }
    m->claim_count = 0;
}

/* Sets the claims of a member to those that the session tells. False when they are as they were. */
static bool take_claims(struct root *root, struct member *m, const struct itsupc_claim *list,
                        size_t count) {
    size_t own = 0, same = 0;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].project, m->name) != 0)
            continue;
        same += own < m->claim_count && str_eq(m->claims[own], str_of_text(list[i].what));
        own++;
    }
    if (own == m->claim_count && same == own)
        return false;
    unclaim(root, m);
    arena_free(&m->arena);
    m->arena = (struct arena){ 0 };
    m->claims = arena_array(&m->arena, struct str, own + 1);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].project, m->name) != 0)
            continue;
        struct str key = str_copy(&root->arena, str_of_text(list[i].what));
        m->claims[m->claim_count++] = key;
        claim(root, m, key);
    }
    return true;
}

static uint64_t uses_of(const struct itsupc_claim *list, size_t count) {
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        if (!*list[i].project)
            sum += str_hash(str_of_text(list[i].what));
    return sum;
}

static void take_all_claims(struct root *root, struct itsupc *session) {
    const struct itsupc_claim *list;
    size_t count = itsupc_claims(session, &list);
    for (size_t i = 0; i < root->tree->project_count; i++) {
        struct member *m = &root->members[i];
        arena_free(&m->arena);
        m->arena = (struct arena){ 0 };
        m->claim_count = 0;
        m->claims = NULL;
        m->known = m->waits = false;
        forget_findings(m);
    }
    root->claimed = (struct table){ .arena = &root->arena };
    for (size_t from = 0, to; from < count; from = to) {
        struct member *m = table_get(&root->by_name, str_of(list[from].project));
        for (to = from; to < count && list[to].project == list[from].project; to++)
            ;
        if (!m)
            continue;
        struct str *claims = arena_array(&m->arena, struct str, m->claim_count + to - from);
        if (m->claim_count)
            memcpy(claims, m->claims, m->claim_count * sizeof *claims);
        m->claims = claims;
        for (size_t i = from; i < to; i++) {
            claims[m->claim_count] = str_copy(&root->arena, str_of_text(list[i].what));
            claim(root, m, claims[m->claim_count++]);
        }
    }
}

/* ---- all of a root ---- */

/* Of the many YAML files of a folder, those that were taken for Traefik's, and what is open. */
static void keep_existing(struct server *s, struct root *root, struct itsupc *session) {
    struct names kept = { 0 };
    struct itsupc_text text;
    for (size_t i = 0; i < root->ws.existing.count; i++) {
        const char *name = root->ws.existing.at[i];
        if (itsupc_source(session, name, &text) ||
            documents_at(&s->documents, workspace_path(&root->ws, name)))
            names_add(&kept, &root->arena, name);
    }
    root->ws.existing = kept;
}

static void check_whole(struct server *s, struct root *root) {
    struct arena arena = { 0 };
    struct itsupc *session = session_whole(s, root, &arena);
    root->wants_whole = false;
    if (!session)
        return;
    struct harvest h = { .server = s, .root = root, .session = session, .arena = &arena };
    itsupc_check(session);
    harvest_findings(&h);
    for (const struct harvested *f = h.first; f; f = f->next)
        publish_file(s, root, f->name, f);
    publish_rest(s, root, &h);
    if (root->tree)
        take_all_claims(root, session);
    keep_existing(s, root, session);
    for (const struct harvested *f = h.first; f; f = f->next) {
        struct member *m = f->count ? root_member(root, f->name) : NULL;
        if (m)
            remember_finding(m, f->name);
    }
    for (struct document *d = s->documents.first; d; d = d->next)
        if (d->root == root && d->dirty) {
            publish_file(s, root, root_name(root, d->path),
                         table_get(&h.files, str_of(root_name(root, d->path))));
            d->dirty = false;
        }
    root->whole = true;
    root->waiting_count = 0;
    itsupc_free(session);
    arena_free(&arena);
}

/* ---- one project of a tree ---- */

static struct itsupc *session_around(struct server *s, struct root *root, const struct around *a,
                                     struct arena *arena) {
    struct itsupc *session = session_new(s, &root->ws, arena);
    struct itsupc_tree tree = *root->tree;
    struct itsupc_project *projects = arena_array(arena, struct itsupc_project, a->count + 1);
    for (size_t i = 0; i < a->count; i++)
        projects[i] = root->tree->projects[a->list[i]];
    tree.projects = projects;
    tree.project_count = a->count;
    if (session)
        itsupc_add_tree(session, &tree);
    return session;
}

static void add_marks(struct root *root, struct around *a) {
    for (size_t i = 0; i < root->mark_count; i++)
        include(a, root->marks[i]);
}

struct itsupc *root_session_all(struct server *s, struct root *root, struct arena *arena) {
    return session_whole(s, root, arena);
}

struct itsupc *root_session(struct server *s, struct root *root, const char *name,
                            struct arena *arena) {
    struct member *m = root_member(root, name);
    struct around a = { .count = 0 };
    if (!root->tree)
        return session_whole(s, root, arena);
    if (m)
        include(&a, index_of(root, m));
    add_marks(root, &a);
    return session_around(s, root, &a, arena);
}

/* Those of the member's files; what it had before and has no more is clean. */
static void publish_member(struct server *s, struct root *root, struct member *m,
                           const struct harvest *h) {
    struct arena arena = { 0 };
    struct names before = { 0 };
    for (size_t i = 0; i < m->findings.count; i++)
        names_add(&before, &arena, str_copy(&arena, str_of(m->findings.at[i])).at);
    forget_findings(m);
    for (const struct harvested *f = h->first; f; f = f->next) {
        if (!f->count || !str_starts(str_of(f->name), m->prefix))
            continue;
        publish_file(s, root, f->name, f);
        remember_finding(m, f->name);
    }
    for (size_t i = 0; i < before.count; i++) {
        const struct harvested *f = table_get(&h->files, str_of(before.at[i]));
        if (!f || !f->count)
            publish_file(s, root, before.at[i], NULL);
    }
    arena_free(&arena);
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
    char key[512];
    int len = snprintf(key, sizeof key, "reaches %s", m->name);
    include_claimants(root, &a, (struct str){ key, (size_t)len < sizeof key ? (size_t)len : 0 });
    for (size_t i = 0; i < a.count; i++)
        if (a.list[i] != index_of(root, m))
            wait_for(root, a.list[i]);
}

static void check_member(struct server *s, struct root *root, struct member *m, bool edited) {
    struct around neighbours = { .count = 0 };
    uint64_t uses = 0;
    for (int round = 0; round < 3; round++) {
        struct arena arena = { 0 };
        include_neighbours(root, &neighbours, m);
        struct around a = neighbours;
        add_marks(root, &a);
        struct itsupc *session = session_around(s, root, &a, &arena);
        if (!session)
            return;
        struct harvest h = { .server = s, .root = root, .session = session, .arena = &arena };
        const struct itsupc_claim *list;
        itsupc_check(session);
        size_t count = itsupc_claims(session, &list), around = neighbours.count;
        bool changed = take_claims(root, m, list, count);
        uses = uses_of(list, count);
        if (changed)
            include_neighbours(root, &neighbours, m);
        bool last = neighbours.count == around || round == 2;
        if (last) {
            harvest_findings(&h);
            publish_member(s, root, m, &h);
            for (struct document *d = s->documents.first; d; d = d->next)
                if (d->root == root && d->dirty && root_member(root, root_name(root, d->path)) == m)
                    publish_file(s, root, root_name(root, d->path),
                                 table_get(&h.files, str_of(root_name(root, d->path))));
        }
        itsupc_free(session);
        arena_free(&arena);
        if (last)
            break;
    }
    if (m->known && m->uses != uses)
        root->wants_whole = true;
    m->known = true;
    m->uses = uses;
    if (edited && root->whole)
        disturb(root, m, &neighbours);
}

/* ---- when ---- */

void world_check(struct server *s, struct root *root, struct document *d) {
    struct member *m = root_member(root, root_name(root, d->path));
    if (!root->tree) {
        check_whole(s, root);
        if (d->dirty) /* it was in no finding */
            publish_file(s, root, root_name(root, d->path), NULL);
        return;
    }
    if (m)
        check_member(s, root, m, true);
    else
        root->wants_whole = true;
    root->quiet_at = now() + (root->whole ? QUIET : 0);
}

static const struct root loose = { .folder = "", .ws = { .root = "" } };

struct itsupc *world_text_session(struct server *s, struct document *d, struct arena *arena) {
    struct itsupc *session = session_new(s, &loose.ws, arena);
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
    itsupc_check(session);
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
    for (struct root *root = s->roots; root; root = root->next) {
        if (!root->found || (!root->wants_whole && !root->waiting_count))
            continue;
        uint64_t at = now();
        if (at < root->quiet_at) {
            int left = (int)(root->quiet_at - at);
            next = next < 0 || left < next ? left : next;
        } else if (root->wants_whole) {
            check_whole(s, root);
        } else {
            check_waiting(s, root);
        }
    }
    return next;
}
