/* A question about a place: a session that holds the file, and places of its files. */
#include "driver/lsp/question.h"

#include "driver/lsp/world.h"

typedef struct itsupc *session_of(struct server *s, struct root *root, const char *name,
                                  struct arena *arena);

static struct itsupc *all_of_it(struct server *s, struct root *root, const char *name,
                                struct arena *arena) {
    (void)name;
    return root_session_all(s, root, arena);
}

static bool open(struct question *q, struct request *r, session_of *of) {
    struct server *s = r->server;
    struct document *d = r->document;
    *q = (struct question){ .request = r, .lines = { .arena = r->arena } };
    if (!d->root)
        d->root = root_of(s, d);
    q->root = d->root;
    if (!q->root) {
        q->name = d->path;
        q->session = world_text_session(s, d, &q->arena);
        return q->session != NULL;
    }
    root_look(s, q->root);
    q->name = root_name(q->root, d->path);
    q->session = of(s, q->root, q->name, &q->arena);
    return q->session != NULL;
}

bool question_open(struct question *q, struct request *r) {
    return open(q, r, root_session_wide);
}

bool question_open_part(struct question *q, struct request *r) {
    return open(q, r, root_session);
}

bool question_open_all(struct question *q, struct request *r) {
    return open(q, r, all_of_it);
}

void question_close(struct question *q) {
    if (q->session)
        itsupc_free(q->session);
    arena_free(&q->arena);
}

const struct lines *question_lines(struct question *q, const char *name) {
    struct lines **slot = (struct lines **)table_at(&q->lines, str_of(name));
    struct itsupc_text text = { "", 0 };
    if (!*slot) {
        itsupc_source(q->session, name, &text);
        *slot = arena_new(q->request->arena, struct lines);
        **slot = lines_of(q->request->arena, (struct str){ text.at, text.len },
                          q->request->server->documents.encoding);
    }
    return *slot;
}

struct str question_uri(struct question *q, const char *name) {
    const char *path = q->root ? workspace_path(&q->root->ws, name) : name;
    const struct document *open_one = documents_at(&q->request->server->documents, path);
    return open_one ? open_one->uri : path_uri(q->request->arena, path);
}

void question_location(struct question *q, const struct itsupc_place *at) {
    struct json *w = q->request->out;
    json_member(w, "uri", question_uri(q, at->file));
    member_range(w, "range", question_lines(q, at->file), at->start, at->end);
}
