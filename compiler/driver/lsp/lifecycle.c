/* The beginning, the end, and what the editor has open. */
#include "driver/lsp/methods.h"
#include "driver/lsp/publish.h"

/* ---- initialize ---- */

static void add_folder(struct server *s, struct str uri) {
    const char *path = uri_path(&s->arena, uri);
    size_t len = path ? strlen(path) : 0;
    while (len > 1 && path[len - 1] == '/')
        len--;
    if (path)
        names_add(&s->folders, &s->arena, str_copy(&s->arena, (struct str){ path, len }).at);
}

static void remove_folder(struct server *s, struct str uri) {
    struct names kept = { 0 };
    const char *path = uri_path(&s->arena, uri);
    for (size_t i = 0; i < s->folders.count; i++)
        if (!path || strcmp(s->folders.at[i], path) != 0)
            names_add(&kept, &s->arena, s->folders.at[i]);
    s->folders = kept;
}

static void read_folders(struct server *s, const struct json_value *params) {
    const struct json_value *list = json_get(params, "workspaceFolders");
    for (const struct json_value *f = json_is(list, JSON_ARRAY) ? list->first : NULL; f;
         f = f->next)
        add_folder(s, json_text(json_get(f, "uri")));
    if (!s->folders.count)
        add_folder(s, json_text(json_get(params, "rootUri")));
}

static bool holds(const struct json_value *list, const char *word) {
    for (const struct json_value *v = json_is(list, JSON_ARRAY) ? list->first : NULL; v;
         v = v->next)
        if (str_is(json_text(v), word))
            return true;
    return false;
}

static void read_abilities(struct server *s, const struct json_value *client) {
    static const struct {
        const char *path;
        size_t at;
    } flags[] = {
#define FLAG(path, member) { path, offsetof(struct abilities, member) }
        FLAG("textDocument.publishDiagnostics.versionSupport", versions),
        FLAG("textDocument.publishDiagnostics.relatedInformation", related),
        FLAG("workspace.didChangeWatchedFiles.dynamicRegistration", watches),
        FLAG("textDocument.completion.completionItem.snippetSupport", snippets),
        FLAG("textDocument.documentSymbol.hierarchicalDocumentSymbolSupport", nested_symbols),
        FLAG("workspace.workspaceEdit.documentChanges", document_changes),
#undef FLAG
    };
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        *(bool *)((char *)&s->abilities + flags[i].at) =
            json_true(json_path(client, flags[i].path));
    s->abilities.markdown =
        holds(json_path(client, "textDocument.hover.contentFormat"), "markdown");
    s->abilities.action_objects =
        json_path(client, "textDocument.codeAction.codeActionLiteralSupport") != NULL;
    if (holds(json_path(client, "general.positionEncodings"), "utf-8"))
        s->documents.encoding = ENCODING_UTF8;
}

static void write_capabilities(struct json *w, const struct server *s) {
    json_object(w);
    json_member(w, "positionEncoding",
                s->documents.encoding == ENCODING_UTF8 ? STR("utf-8") : STR("utf-16"));
    json_key(w, "textDocumentSync");
    json_object(w);
    json_member_bool(w, "openClose", true);
    json_member_number(w, "change", 2);
    json_member_bool(w, "save", true);
    json_object_end(w);
    write_features(w);
    json_key(w, "workspace");
    json_object(w);
    json_key(w, "workspaceFolders");
    json_object(w);
    json_member_bool(w, "supported", true);
    json_member_bool(w, "changeNotifications", true);
    json_object_end(w);
    json_object_end(w);
    json_object_end(w);
}

void on_initialize(struct request *r) {
    struct server *s = r->server;
    if (s->state != SERVER_NEW) {
        request_refuse(r, RPC_INVALID, "initialize was asked for before");
        return;
    }
    if (!json_is(r->params, JSON_OBJECT)) {
        request_refuse(r, RPC_BAD_PARAMS, "params is no object");
        return;
    }
    s->state = SERVER_READY;
    read_folders(s, r->params);
    read_abilities(s, json_get(r->params, "capabilities"));
    s->abilities.suggests =
        str_starts(json_text(json_path(r->params, "clientInfo.name")), STR("Visual Studio Code"));
    json_object(r->out);
    json_key(r->out, "capabilities");
    write_capabilities(r->out, s);
    json_key(r->out, "serverInfo");
    json_object(r->out);
    json_member(r->out, "name", STR("itsupc"));
    json_member(r->out, "version", str_of(itsupc_version()));
    json_object_end(r->out);
    json_object_end(r->out);
}

/* Asks to be told of files that change outside the editor. */
void on_initialized(struct request *r) {
    static const char *const globs[] = { "**/*.itsup", "**/*.{yml,yaml,json}", "**/secrets/*.txt",
                                         "**/.env" };
    struct buf out = { .arena = r->arena };
    if (!r->server->abilities.watches)
        return;
    struct json w = send_begin(r->server, &out, "client/registerCapability", true);
    json_object(&w);
    json_key(&w, "registrations");
    json_array(&w);
    json_object(&w);
    json_member(&w, "id", STR("files"));
    json_member(&w, "method", STR("workspace/didChangeWatchedFiles"));
    json_key(&w, "registerOptions");
    json_object(&w);
    json_key(&w, "watchers");
    json_array(&w);
    for (size_t i = 0; i < sizeof globs / sizeof *globs; i++) {
        json_object(&w);
        json_member(&w, "globPattern", str_of(globs[i]));
        json_object_end(&w);
    }
    json_array_end(&w);
    json_object_end(&w);
    json_object_end(&w);
    json_array_end(&w);
    json_object_end(&w);
    send_end(r->server, &w);
}

void on_shutdown(struct request *r) {
    r->server->state = SERVER_SHUT;
    r->server->asked_to_stop = true;
}

void on_exit_note(struct request *r) {
    r->server->state = SERVER_GONE;
}

void on_ignored(struct request *r) {
    (void)r;
}

/* ---- documents ---- */

static int64_t version_of(const struct json_value *document) {
    uint64_t version = 0;
    json_uint(json_get(document, "version"), INT64_MAX, &version);
    return (int64_t)version;
}

void on_open(struct request *r) {
    const struct json_value *document = json_get(r->params, "textDocument");
    const struct json_value *uri = json_get(document, "uri"), *text = json_get(document, "text");
    if (!json_is(uri, JSON_STRING) || !json_is(text, JSON_STRING))
        return;
    struct document *d =
        documents_open(&r->server->documents, uri->text, version_of(document), text->text);
    roots_seen(r->server, d);
}

/* An edit that does not read leaves the text as it is. */
void on_change(struct request *r) {
    const struct json_value *document = json_get(r->params, "textDocument");
    const struct json_value *changes = json_get(r->params, "contentChanges");
    struct document *d =
        documents_find(&r->server->documents, json_text(json_get(document, "uri")));
    if (!d || !json_is(changes, JSON_ARRAY))
        return;
    for (const struct json_value *c = changes->first; c; c = c->next)
        document_change(&r->server->documents, d, c);
    d->version = version_of(document);
}

void on_close(struct request *r) {
    struct document *d = r->document;
    roots_close(r->server, d);
    documents_close(&r->server->documents, d);
}

void on_save(struct request *r) {
    r->document->dirty = true;
}

/* ---- the disk ---- */

void on_files(struct request *r) {
    const struct json_value *changes = json_get(r->params, "changes");
    for (const struct json_value *c = json_is(changes, JSON_ARRAY) ? changes->first : NULL; c;
         c = c->next) {
        const char *path = uri_path(r->arena, json_text(json_get(c, "uri")));
        uint64_t type = 0;
        json_uint(json_get(c, "type"), 3, &type);
        if (path)
            roots_changed(r->server, path, type == 2);
    }
}

void on_folders(struct request *r) {
    const struct json_value *added = json_path(r->params, "event.added");
    const struct json_value *removed = json_path(r->params, "event.removed");
    for (const struct json_value *f = json_is(removed, JSON_ARRAY) ? removed->first : NULL; f;
         f = f->next)
        remove_folder(r->server, json_text(json_get(f, "uri")));
    for (const struct json_value *f = json_is(added, JSON_ARRAY) ? added->first : NULL; f;
         f = f->next)
        add_folder(r->server, json_text(json_get(f, "uri")));
    roots_forget(r->server, NULL);
}
