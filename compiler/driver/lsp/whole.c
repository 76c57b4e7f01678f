/* A check of all of a root: here, or of a large tree on the side. */
#include "driver/lsp/around.h"
#include "driver/lsp/publish.h"
#include "driver/lsp/world.h"

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

/* What a check of the whole found, here or on the side. */
struct whole {
    struct harvest h;
    const struct itsupc_claim *claims;
    size_t claim_count;
    size_t rehearses;
};

/* What was edited meanwhile is known better by now. */
static void take_whole(struct server *s, struct root *root, struct whole *w) {
    for (const struct harvested *f = w->h.first; f; f = f->next) {
        struct member *m = root_member(root, f->name);
        if (!m || !m->touched)
            publish_file(s, root, f->name, f);
    }
    publish_rest(s, root, &w->h);
    root->errors = 0;
    if (root->tree)
        claims_take_all(root, w->claims, w->claim_count);
    for (const struct harvested *f = w->h.first; f; f = f->next) {
        struct member *m = f->count ? root_member(root, f->name) : NULL;
        if (m && m->touched)
            continue;
        root->errors += f->errors;
        if (m) {
            m->errors += f->errors;
            member_remember(m, f->name);
        }
    }
    root->rehearses = w->rehearses > 0;
    root->whole = true;
    root->waiting_count = 0;
}

/* The session must live on for what it holds. */
static bool check_now(struct server *s, struct root *root, struct arena *arena, struct whole *w) {
    struct itsupc *session = root_check_all(s, root, arena);
    *w = (struct whole){ .h = { .server = s, .root = root, .session = session, .arena = arena } };
    if (!session)
        return false;
    itsupc_rehearse(session);
    harvest_findings(&w->h);
    w->rehearses = itsupc_rehearses(session);
    w->claim_count = itsupc_claims(session, &w->claims);
    return true;
}

void world_check_whole(struct server *s, struct root *root) {
    struct arena arena = { 0 };
    struct whole w;
    root->wants_whole = false;
    for (struct document *d = s->documents.first; d; d = d->next)
        if (d->root == root && d->dirty) {
            d->due = true;
            d->dirty = false;
        }
    if (check_now(s, root, &arena, &w)) {
        take_whole(s, root, &w);
        keep_existing(s, root, w.h.session);
        itsupc_free(w.h.session);
    }
    arena_free(&arena);
}

/* ---- the same on the side ---- */

enum { MANY_MEMBERS = 200 };

static void write_whole(struct server *s, struct root *root, struct buf *out) {
    struct arena arena = { 0 };
    struct whole w;
    size_t files = 0;
    if (!check_now(s, root, &arena, &w))
        return;
    for (const struct harvested *f = w.h.first; f; f = f->next)
        files++;
    job_put_count(out, w.rehearses);
    job_put_count(out, files);
    for (const struct harvested *f = w.h.first; f; f = f->next) {
        job_put(out, str_of(f->name));
        job_put_count(out, f->errors);
        job_put_count(out, f->count);
        for (size_t i = 0; i < f->count; i++)
            job_put(out, f->items[i]);
    }
    job_put_count(out, w.claim_count);
    for (size_t i = 0; i < w.claim_count; i++) {
        job_put(out, str_of(w.claims[i].project));
        job_put(out, str_of_text(w.claims[i].what));
    }
}

static bool read_files(struct str *rest, struct harvest *h) {
    size_t files, count, errors;
    struct str name, item;
    if (!job_get_count(rest, &files))
        return false;
    while (files--) {
        if (!job_get(rest, &name) || !job_get_count(rest, &errors) || !job_get_count(rest, &count))
            return false;
        struct harvested *f = harvest_file(h, str_copy(h->arena, name).at);
        f->errors = errors;
        while (count--) {
            if (!job_get(rest, &item))
                return false;
            harvest_item(h, f, item);
        }
    }
    return true;
}

static bool read_claims(struct str *rest, struct whole *w) {
    struct str project = { 0 }, what;
    const char *name = "";
    if (!job_get_count(rest, &w->claim_count) || w->claim_count > rest->len)
        return false;
    struct itsupc_claim *list = arena_array(w->h.arena, struct itsupc_claim, w->claim_count + 1);
    w->claims = list;
    for (size_t i = 0; i < w->claim_count; i++) {
        if (!job_get(rest, &project) || !job_get(rest, &what))
            return false;
        if (!str_is(project, name)) /* those of one project share its name */
            name = str_copy(w->h.arena, project).at;
        list[i] = (struct itsupc_claim){ name, { what.at, what.len } };
    }
    return true;
}

void world_take_job(struct server *s) {
    struct root *root = s->job.root;
    struct arena arena = { 0 };
    struct whole w = { .h = { .server = s, .root = root, .arena = &arena } };
    struct str rest = buf_str(&s->job.in);
    bool good =
        job_get_count(&rest, &w.rehearses) && read_files(&rest, &w.h) && read_claims(&rest, &w);
    if (good) {
        take_whole(s, root, &w);
        world_disturb_touched(root);
    }
    job_stop(&s->job);
    arena_free(&arena);
    if (!good)
        world_check_whole(s, root);
}

bool world_is_large(const struct root *root) {
    return root->tree && root->tree->project_count > MANY_MEMBERS;
}

void world_begin_whole(struct server *s, struct root *root) {
    bool large = world_is_large(root);
    if (s->job.root == root)
        job_stop(&s->job);
    for (size_t i = 0; large && i < root->tree->project_count; i++)
        root->members[i].touched = false;
    if (large && !s->job.root && job_start(&s->job, s, root, write_whole))
        root->wants_whole = false;
    else if (!large || !s->job.root)
        world_check_whole(s, root);
}
