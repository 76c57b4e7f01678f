/* Questions about a word: what may stand here, what it means, where it is declared and named. */
#include "driver/fs.h"
#include "driver/lsp/methods.h"
#include "driver/lsp/question.h"

#include <unistd.h>

static void markdown(struct json *w, const char *key, struct server *s, struct str text) {
    json_key(w, key);
    json_object(w);
    json_member(w, "kind", s->abilities.markdown ? STR("markdown") : STR("plaintext"));
    json_member(w, "value", text);
    json_object_end(w);
}

/* ---- completion ---- */

enum { MOST_ITEMS = 1000 };

static void write_item(struct question *q, const struct itsupc_completion *item, size_t number,
                       const struct itsupc_place *replaces) {
    static const int kinds[] = {
        [ITSUPC_COMPLETES_KEYWORD] = 14, [ITSUPC_COMPLETES_SETTING] = 10,
        [ITSUPC_COMPLETES_VALUE] = 20,   [ITSUPC_COMPLETES_MIDDLEWARE] = 3,
        [ITSUPC_COMPLETES_ARGUMENT] = 5, [ITSUPC_COMPLETES_NAME] = 6,
        [ITSUPC_COMPLETES_SERVICE] = 9,  [ITSUPC_COMPLETES_FILE] = 17,
    };
    struct json *w = q->request->out;
    struct server *s = q->request->server;
    bool snippet = s->abilities.snippets && item->snippet.len;
    char order[24];
    snprintf(order, sizeof order, "%05zu", number);
    json_object(w);
    json_member(w, "label", str_of_text(item->label));
    json_member_number(w, "kind", (size_t)kinds[item->kind]);
    json_member(w, "sortText", str_of(order));
    json_member(w, "filterText", str_of_text(item->label));
    if (item->detail.len)
        json_member(w, "detail", str_of_text(item->detail));
    if (item->doc.len)
        markdown(w, "documentation", s, str_of_text(item->doc));
    if (snippet)
        json_member_number(w, "insertTextFormat", 2);
    json_key(w, "textEdit");
    json_object(w);
    member_range(w, "range", &q->request->document->lines, replaces->start, replaces->end);
    json_member(w, "newText", str_of_text(snippet ? item->snippet : item->insert));
    json_object_end(w);
    if (item->more && s->abilities.suggests) {
        json_key(w, "command");
        json_object(w);
        json_member(w, "title", STR("complete further"));
        json_member(w, "command", STR("editor.action.triggerSuggest"));
        json_object_end(w);
    }
    json_object_end(w);
}

void on_completion(struct request *r) {
    struct question q;
    const struct itsupc_completion *list = NULL;
    struct itsupc_place replaces = { 0 };
    size_t count = 0;
    if (question_open(&q, r))
        count = itsupc_complete(q.session, q.name, r->offset, &list, &replaces);
    /* Of very many those that begin with what is typed, and again when more is. */
    struct str typed = str_slice(r->document->lines.text, replaces.start, replaces.end);
    bool many = count > MOST_ITEMS;
    json_object(r->out);
    json_member_bool(r->out, "isIncomplete", many);
    json_key(r->out, "items");
    json_array(r->out);
    size_t written = 0;
    for (size_t i = 0; i < count && written < MOST_ITEMS; i++) {
        if (many && !str_starts(str_of_text(list[i].label), typed))
            continue;
        write_item(&q, &list[i], i, &replaces);
        written++;
    }
    json_array_end(r->out);
    json_object_end(r->out);
    question_close(&q);
}

/* ---- hover ---- */

/* What a route becomes, when the place is in its head. */
static struct str route_story(struct request *r) {
    struct buf out = { .arena = r->arena };
    struct question q;
    const struct itsupc_route *list = NULL;
    size_t count = question_open_part(&q, r) ? itsupc_routes_of(q.session, q.name, &list) : 0;
    for (size_t i = 0; i < count; i++)
        if (list[i].place.start <= r->offset && r->offset <= list[i].place.end)
            buf_format(&out, "%s```yaml\n%.*s```\n", out.len ? "\n" : "",
                       STR_ARG(str_of_text(list[i].labels)));
    question_close(&q);
    return buf_str(&out);
}

void on_hover(struct request *r) {
    struct question q;
    struct itsupc_place place;
    struct itsupc_text text = { "", 0 };
    bool route = false;
    if (question_open(&q, r)) {
        text = itsupc_hover(q.session, q.name, r->offset, &place);
        route = itsupc_is_route(q.session, q.name, r->offset);
    }
    struct str story = route ? route_story(r) : STR("");
    if (text.len || story.len) {
        struct buf all = { .arena = r->arena };
        buf_add(&all, str_of_text(text));
        buf_text(&all, text.len && story.len ? "\n" : "");
        buf_add(&all, story);
        json_object(r->out);
        markdown(r->out, "contents", r->server, buf_str(&all));
        if (text.len && *place.file)
            member_range(r->out, "range", &r->document->lines, place.start, place.end);
        json_object_end(r->out);
    }
    question_close(&q);
}

/* ---- the call around a place ---- */

void on_signature(struct request *r) {
    struct question q;
    struct itsupc_signature sig;
    struct json *w = r->out;
    if (question_open(&q, r) && itsupc_signature(q.session, q.name, r->offset, &sig)) {
        json_object(w);
        json_key(w, "signatures");
        json_array(w);
        json_object(w);
        json_member(w, "label", str_of_text(sig.label));
        if (sig.doc.len)
            markdown(w, "documentation", r->server, str_of_text(sig.doc));
        json_key(w, "parameters");
        json_array(w);
        for (size_t i = 0; i < sig.count; i++) {
            json_object(w);
            json_member(w, "label", str_of_text(sig.parameters[i]));
            json_object_end(w);
        }
        json_array_end(w);
        json_object_end(w);
        json_array_end(w);
        json_member_number(w, "activeSignature", 0);
        json_member_number(w, "activeParameter", sig.active);
        json_object_end(w);
    }
    question_close(&q);
}

/* ---- places ---- */

static void write_places(struct question *q, const struct itsupc_place *list, size_t count) {
    struct json *w = q->request->out;
    json_array(w);
    for (size_t i = 0; i < count; i++) {
        json_object(w);
        question_location(q, &list[i]);
        json_object_end(w);
    }
    json_array_end(w);
}

void on_definition(struct request *r) {
    struct question q;
    const struct itsupc_place *list = NULL;
    size_t count = 0;
    if (question_open(&q, r))
        count = itsupc_definition(q.session, q.name, r->offset, &list);
    write_places(&q, list, count);
    question_close(&q);
}

/* A name that a project declares is seen in its own files alone; others may be named anywhere. */
static bool open_for_name(struct question *q, struct request *r) {
    const struct itsupc_place *list = NULL;
    if (!question_open(q, r))
        return false;
    size_t count = itsupc_definition(q->session, q->name, r->offset, &list);
    if (!q->root || !q->root->tree || (count && root_member(q->root, list[0].file)))
        return true;
    question_close(q);
    return question_open_all(q, r);
}

void on_references(struct request *r) {
    struct question q;
    const struct itsupc_place *list = NULL;
    size_t count = 0;
    bool declaration = json_true(json_path(r->params, "context.includeDeclaration"));
    if (open_for_name(&q, r))
        count = itsupc_references(q.session, q.name, r->offset, declaration, &list);
    write_places(&q, list, count);
    question_close(&q);
}

void on_highlight(struct request *r) {
    struct question q;
    const struct itsupc_place *list = NULL;
    size_t count = 0;
    if (question_open(&q, r))
        count = itsupc_references(q.session, q.name, r->offset, true, &list);
    json_array(r->out);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].file, q.name) != 0)
            continue;
        json_object(r->out);
        member_range(r->out, "range", &r->document->lines, list[i].start, list[i].end);
        json_object_end(r->out);
    }
    json_array_end(r->out);
    question_close(&q);
}

void on_prepare_rename(struct request *r) {
    struct question q;
    struct itsupc_place place;
    if (question_open(&q, r) && itsupc_renamable(q.session, q.name, r->offset, &place))
        write_range(r->out, &r->document->lines, place.start, place.end);
    question_close(&q);
}

/* One file's edits, from `from` on; the index behind them. */
static size_t write_file_edits(struct question *q, const struct itsupc_edit *edits, size_t from,
                               size_t count) {
    struct json *w = q->request->out;
    const char *file = edits[from].place.file;
    size_t i = from;
    json_key_str(w, question_uri(q, file));
    json_array(w);
    for (; i < count && strcmp(edits[i].place.file, file) == 0; i++) {
        json_object(w);
        member_range(w, "range", question_lines(q, file), edits[i].place.start, edits[i].place.end);
        json_member(w, "newText", str_of_text(edits[i].text));
        json_object_end(w);
    }
    json_array_end(w);
    return i;
}

void on_rename(struct request *r) {
    struct question q;
    const struct itsupc_edit *edits = NULL;
    size_t count = 0;
    const struct json_value *to = json_get(r->params, "newName");
    const char *why = "this is no name that can be changed everywhere";
    if (!json_is(to, JSON_STRING)) {
        request_refuse(r, RPC_BAD_PARAMS, "params.newName is missing");
        return;
    }
    if (open_for_name(&q, r))
        why = itsupc_rename(q.session, q.name, r->offset, str_copy(r->arena, to->text).at, &edits,
                            &count);
    if (why) {
        request_refuse(r, RPC_FAILED, why);
    } else {
        json_object(r->out);
        json_key(r->out, "changes");
        json_object(r->out);
        for (size_t i = 0; i < count;)
            i = write_file_edits(&q, edits, i, count);
        json_object_end(r->out);
        json_object_end(r->out);
    }
    question_close(&q);
}

/* The page of a code as it was installed with the program, or lies in its checkout; else empty. */
static struct str page_uri(struct arena *arena, const char *code) {
    static const char *const folders[] = { "share/doc/itsupc/docs/diagnostics",
                                           "docs/diagnostics" };
    char exe[4096];
    ssize_t len = readlink("/proc/self/exe", exe, sizeof exe);
    if (len <= 0 || (size_t)len == sizeof exe)
        return STR("");
    struct str top = { exe, (size_t)len };
    for (int up = 0; up < 2; up++) { /* bin/itsupc, build/itsupc */
        size_t slash = str_find_last(top, '/');
        top = str_slice(top, 0, slash == STR_NONE ? 0 : slash);
    }
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        struct str path = str_format(arena, "%.*s/%s/%s.md", STR_ARG(top), folders[i], code);
        if (fs_kind(path.at) == FS_FILE)
            return path_uri(arena, path.at);
    }
    return STR("");
}

void on_links(struct request *r) {
    struct question q;
    const struct itsupc_link *list = NULL;
    size_t count = 0;
    if (question_open(&q, r))
        count = itsupc_links(q.session, q.name, &list);
    json_array(r->out);
    for (size_t i = 0; i < count; i++) {
        struct str target =
            list[i].target ? question_uri(&q, list[i].target) : page_uri(r->arena, list[i].code);
        if (!target.len)
            continue;
        json_object(r->out);
        member_range(r->out, "range", &r->document->lines, list[i].place.start, list[i].place.end);
        json_member(r->out, "target", target);
        json_object_end(r->out);
    }
    json_array_end(r->out);
    question_close(&q);
}
