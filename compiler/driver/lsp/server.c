/* The loop: messages in order, each answered by its row of methods.def; checks when none waits. */
#include "driver/args.h"
#include "driver/lsp/methods.h"
#include "driver/lsp/publish.h"

enum needs { NOTE = 1, ANYTIME = 2, DOCUMENT = 4, POSITION = 8, CHECKED = 16 };

static const struct method {
    const char *name;
    unsigned needs;
    void (*run)(struct request *r);
} methods[] = {
#define METHOD(name, needs, function) { name, needs, function },
#include "driver/lsp/methods.def"
#undef METHOD
};

static const struct method *method_find(struct str name) {
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (str_is(name, methods[i].name))
            return &methods[i];
    return NULL;
}

/* ---- messages of ours ---- */

struct json send_begin(struct server *s, struct buf *out, const char *method, bool request) {
    struct json w = { .out = out };
    json_object(&w);
    json_member(&w, "jsonrpc", STR("2.0"));
    if (request) {
        char id[32];
        snprintf(id, sizeof id, "itsupc-%llu", (unsigned long long)++s->requests);
        json_member(&w, "id", str_of(id));
    }
    json_member(&w, "method", str_of(method));
    json_key(&w, "params");
    return w;
}

void send_end(struct server *s, struct json *w) {
    json_object_end(w);
    wire_send(&s->wire, buf_str(w->out));
}

/* ---- answers ---- */

bool request_refuse(struct request *r, enum rpc_error error, const char *why) {
    r->error = error;
    r->why = why;
    return false;
}

static void answer_id(struct json *w, const struct json_value *id) {
    json_key(w, "id");
    if (json_is(id, JSON_NUMBER)) {
        buf_add(w->out, id->text);
        w->keyed = false;
        w->comma = w->filled = true;
    } else if (json_is(id, JSON_STRING)) {
        json_string(w, id->text);
    } else {
        json_null(w);
    }
}

static void answer_error(struct server *s, struct arena *arena, const struct json_value *id,
                         enum rpc_error error, const char *why) {
    struct buf out = { .arena = arena };
    struct json w = { .out = &out };
    json_object(&w);
    json_member(&w, "jsonrpc", STR("2.0"));
    answer_id(&w, id);
    json_key(&w, "error");
    json_object(&w);
    json_key(&w, "code");
    json_number(&w, error);
    json_member(&w, "message", str_of(why ? why : "this cannot be answered"));
    json_object_end(&w);
    json_object_end(&w);
    wire_send(&s->wire, buf_str(&out));
}

/* ---- one message ---- */

/* Whether the editor has taken the question back, or changed the text that it is about: messages
   that came since tell. */
static enum rpc_error overtaken(const struct server *s, const struct json_value *id,
                                const struct json_value *params) {
    struct str uri = json_text(json_path(params, "textDocument.uri"));
    for (const struct message *m = s->wire.first; m; m = m->next) {
        struct str method = json_text(json_get(m->root, "method"));
        const struct json_value *theirs = json_path(m->root, "params.id");
        if (str_is(method, "$/cancelRequest") && theirs && theirs->kind == id->kind &&
            str_eq(theirs->text, id->text))
            return RPC_CANCELLED;
        if (uri.len && str_is(method, "textDocument/didChange") &&
            str_eq(json_text(json_path(m->root, "params.textDocument.uri")), uri))
            return RPC_MODIFIED;
    }
    return 0;
}

/* False when there is nothing to run: the document is not open, or the request is refused. */
static bool prepare(struct request *r, unsigned needs) {
    struct position at;
    const struct json_value *uri = json_path(r->params, "textDocument.uri");
    if ((needs & DOCUMENT) && !json_is(uri, JSON_STRING))
        return request_refuse(r, RPC_BAD_PARAMS, "params.textDocument.uri is missing");
    r->document = uri ? documents_find(&r->server->documents, json_text(uri)) : NULL;
    if ((needs & POSITION) && !read_position(json_get(r->params, "position"), &at))
        return request_refuse(r, RPC_BAD_PARAMS, "params.position is no position");
    if ((needs & DOCUMENT) && !r->document)
        return false;
    if (needs & POSITION)
        r->offset = lines_offset(&r->document->lines, at);
    if (needs & CHECKED)
        roots_check_dirty(r->server);
    return true;
}

static void run_note(struct server *s, const struct method *method, struct message *m) {
    struct request r = { .server = s, .arena = &m->arena, .params = json_get(m->root, "params") };
    bool early = s->state == SERVER_NEW || s->state == SERVER_SHUT;
    if (method && (method->needs & NOTE) && (!early || (method->needs & ANYTIME)) &&
        prepare(&r, method->needs))
        method->run(&r);
}

static enum rpc_error may_run(const struct server *s, const struct method *method,
                              const char **why) {
    *why = "no such method";
    if (s->state == SERVER_NEW && !(method && method->needs & ANYTIME)) {
        *why = "initialize comes first";
        return RPC_NOT_INITIALIZED;
    }
    if (s->state == SERVER_SHUT) {
        *why = "the server was shut down";
        return RPC_INVALID;
    }
    return method && !(method->needs & NOTE) ? 0 : RPC_NO_METHOD;
}

static void run_request(struct server *s, const struct method *method, struct message *m,
                        const struct json_value *id) {
    struct buf out = { .arena = &m->arena };
    struct json w = { .out = &out };
    struct request r = {
        .server = s, .arena = &m->arena, .params = json_get(m->root, "params"), .out = &w
    };
    r.error = may_run(s, method, &r.why);
    if (!r.error) {
        r.error = overtaken(s, id, r.params);
        r.why = r.error == RPC_CANCELLED ? "cancelled" : "the document has changed since";
    }
    if (!r.error) {
        json_object(&w);
        json_member(&w, "jsonrpc", STR("2.0"));
        answer_id(&w, id);
        json_key(&w, "result");
        size_t before = out.len;
        if (prepare(&r, method->needs))
            method->run(&r);
        if (!r.error && out.len == before)
            json_null(&w);
        json_object_end(&w);
    }
    if (r.error)
        answer_error(s, &m->arena, id, r.error, r.why);
    else
        wire_send(&s->wire, buf_str(&out));
}

static void handle(struct server *s, struct message *m) {
    const struct json_value *name = json_get(m->root, "method"), *id = json_get(m->root, "id");
    if (!m->root) {
        answer_error(s, &m->arena, NULL, RPC_PARSE, m->why);
    } else if (!json_is(m->root, JSON_OBJECT) ||
               !str_is(json_text(json_get(m->root, "jsonrpc")), "2.0") ||
               (id && id->kind != JSON_NUMBER && id->kind != JSON_STRING && name)) {
        answer_error(s, &m->arena, NULL, RPC_INVALID, "this is no message of JSON-RPC 2.0");
    } else if (name && !json_is(name, JSON_STRING)) {
        answer_error(s, &m->arena, id, RPC_INVALID, "`method` is no text");
    } else if (name) {
        const struct method *method = method_find(json_text(name));
        if (id)
            run_request(s, method, m, id);
        else
            run_note(s, method, m);
    } else if (!id || (!json_get(m->root, "result") && !json_get(m->root, "error"))) {
        answer_error(s, &m->arena, id, RPC_INVALID, "neither `method` nor an answer");
    }
}

enum outcome cmd_lsp(struct run *run) {
    struct server s = { .run = run };
    wire_open(&s.wire, &run->out);
    while (s.state != SERVER_GONE && !run->out.failure) {
        if (!wire_wait(&s.wire, 0, -1)) {
            if (s.wire.ended)
                break;
            roots_check_dirty(&s);
            int rest = roots_rest(&s);
            if (!wire_wait(&s.wire, rest, s.job.root ? s.job.fd : -1))
                continue;
        }
        struct message *m = wire_take(&s.wire);
        handle(&s, m);
        wire_done(m);
    }
    enum outcome outcome = s.asked_to_stop ? OUTCOME_CLEAN : OUTCOME_FINDINGS;
    job_stop(&s.job);
    publish_free(&s);
    roots_free(&s);
    while (s.documents.first)
        documents_close(&s.documents, s.documents.first);
    wire_close(&s.wire);
    arena_free(&s.arena);
    return outcome;
}
