/* What changes or adorns a text: formatting, fixes, hints, lenses. */
#include "driver/lsp/methods.h"
#include "driver/lsp/publish.h"
#include "driver/lsp/question.h"

/* ---- formatting ---- */

/* One edit, from the first line that differs to the last one. */
static void write_difference(struct json *w, const struct lines *lines, struct str new) {
    struct str old = lines->text;
    size_t head = 0, tail = 0;
    while (head < old.len && head < new.len &&old.at[head] == new.at[head])
        head++;
    if (head == old.len && head == new.len)
        return;
    while (head && old.at[head - 1] != '\n')
        head--;
    while (tail < old.len - head &&
           tail < new.len - head &&old.at[old.len - tail - 1] == new.at[new.len - tail - 1])
        tail++;
    while (tail && old.at[old.len - tail - 1] != '\n')
        tail--;
    json_object(w);
    member_range(w, "range", lines, head, old.len - tail);
    json_member(w, "newText", str_slice(new, head, new.len - tail));
    json_object_end(w);
}

void on_formatting(struct request *r) {
    struct document *d = r->document;
    struct itsupc_options options = { .folder = "" };
    if (!str_ends(str_of(d->path), STR(".itsup")) && *d->path == '/')
        return;
    struct itsupc *session = itsupc_new(&options);
    struct itsupc_text text = { d->lines.text.at, d->lines.text.len };
    struct itsupc_text laid_out = itsupc_format(session, d->path, text);
    json_array(r->out);
    write_difference(r->out, &d->lines, str_of_text(laid_out));
    json_array_end(r->out);
    itsupc_free(session);
}

/* ---- fixes ---- */

/* A value that came as JSON, written again. */
static void write_again(struct json *w, const struct json_value *v) {
    switch (v->kind) {
    case JSON_NULL: json_null(w); return;
    case JSON_BOOL: json_bool(w, v->truth); return;
    case JSON_STRING: json_string(w, v->text); return;
    case JSON_NUMBER: {
        uint64_t number = 0;
        json_uint(v, INT64_MAX, &number);
        json_number(w, (int64_t)number);
        return;
    }
    case JSON_ARRAY: json_array(w); break;
    case JSON_OBJECT: json_object(w); break;
    }
    for (const struct json_value *m = v->first; m; m = m->next) {
        if (v->kind == JSON_OBJECT)
            json_key_str(w, m->key);
        write_again(w, m);
    }
    if (v->kind == JSON_OBJECT)
        json_object_end(w);
    else
        json_array_end(w);
}

struct fixing {
    struct request *r;
    struct position from, to; /* what the editor asks about */
};

static bool is_before(struct position a, struct position b) {
    return a.line != b.line ? a.line < b.line : a.character < b.character;
}

static bool touches(const struct fixing *f, const struct json_value *range) {
    struct position from, to;
    return read_position(json_get(range, "start"), &from) &&
           read_position(json_get(range, "end"), &to) && !is_before(to, f->from) &&
           !is_before(f->to, from);
}

/* {"changes":{uri:[edit]}} of edits that carry their file. */
static void write_changes(struct json *w, const struct json_value *edits) {
    json_key(w, "edit");
    json_object(w);
    json_key(w, "changes");
    json_object(w);
    for (const struct json_value *e = edits->first; e; e = e->next) {
        struct str uri = json_text(json_get(e, "uri"));
        bool first = true;
        for (const struct json_value *before = edits->first; before != e; before = before->next)
            first &= !str_eq(json_text(json_get(before, "uri")), uri);
        if (!first)
            continue;
        json_key_str(w, uri);
        json_array(w);
        for (const struct json_value *other = e; other; other = other->next) {
            if (!str_eq(json_text(json_get(other, "uri")), uri))
                continue;
            json_object(w);
            json_key(w, "range");
            write_again(w, json_get(other, "range"));
            json_member(w, "newText", json_text(json_get(other, "newText")));
            json_object_end(w);
        }
        json_array_end(w);
    }
    json_object_end(w);
    json_object_end(w);
}

static void write_fix(struct fixing *f, const struct json_value *finding,
                      const struct json_value *fix, bool preferred) {
    struct json *w = f->r->out;
    json_object(w);
    json_member(w, "title", json_text(json_get(fix, "title")));
    json_member(w, "kind", STR("quickfix"));
    if (preferred)
        json_member_bool(w, "isPreferred", true);
    json_key(w, "diagnostics");
    json_array(w);
    write_again(w, finding);
    json_array_end(w);
    write_changes(w, json_get(fix, "edits"));
    json_object_end(w);
}

static void write_fixes(struct fixing *f, const struct json_value *finding) {
    const struct json_value *fixes = json_path(finding, "data.fixes");
    if (!touches(f, json_get(finding, "range")))
        return;
    for (const struct json_value *fix = fixes ? fixes->first : NULL; fix; fix = fix->next)
        write_fix(f, finding, fix, fix == fixes->first && json_true(json_get(fix, "safe")));
}

/* Texts as fixes make them stand before those of the editor while more is looked for. */
static void stand_in(struct request *r, const char *path, struct str text) {
    struct documents *all = &r->server->documents;
    struct document *d = documents_at(all, path);
    if (!d || !d->stands_in) {
        d = arena_new(r->arena, struct document);
        d->path = str_copy(r->arena, str_of(path)).at;
        d->stands_in = true;
        d->next = all->first;
        all->first = d;
    }
    d->lines.text = str_copy(r->arena, text);
}

/* One round of fixes: false when there is nothing more to fix, or it would do harm. */
static bool fix_round(struct request *r, size_t *unreadable) {
    struct question q;
    const struct itsupc_file *files = NULL;
    size_t count = 0;
    if (question_open_part(&q, r)) {
        itsupc_rehearse(q.session);
        size_t fixes = itsupc_fixes(q.session), now = itsupc_unreadable(q.session);
        bool *chosen = arena_array(r->arena, bool, fixes + 1);
        memset(chosen, true, fixes);
        count = fixes && now <= *unreadable ? itsupc_fixed(q.session, chosen, &files) : 0;
        *unreadable = now;
    }
    for (size_t i = 0; i < count; i++) {
        const char *path = q.root ? workspace_path(&q.root->ws, files[i].name) : files[i].name;
        stand_in(r, path, str_of_text(files[i].text));
    }
    question_close(&q);
    return count > 0;
}

/* What `check --fix` would make of the document. */
static struct str fixed_text(struct request *r) {
    enum { MOST_ROUNDS = 20 };
    struct documents *all = &r->server->documents;
    struct document *own = all->first;
    size_t unreadable = SIZE_MAX;
    for (int round = 0; round < MOST_ROUNDS && fix_round(r, &unreadable); round++)
        ;
    struct str text = documents_at(all, r->document->path)->lines.text;
    all->first = own;
    return text;
}

static void write_fix_all(struct fixing *f) {
    struct json *w = f->r->out;
    struct str text = fixed_text(f->r);
    if (str_eq(text, f->r->document->lines.text))
        return;
    json_object(w);
    json_member(w, "title", STR("fix all that itsupc can"));
    json_member(w, "kind", STR("source.fixAll.itsupc"));
    json_key(w, "edit");
    json_object(w);
    json_key(w, "changes");
    json_object(w);
    json_key_str(w, f->r->document->uri);
    json_array(w);
    write_difference(w, &f->r->document->lines, text);
    json_array_end(w);
    json_object_end(w);
    json_object_end(w);
    json_object_end(w);
}

/* Whether the editor asks for actions of that kind; without a list it does for all. */
static bool asks_for(const struct request *r, const char *kind) {
    const struct json_value *only = json_path(r->params, "context.only");
    if (!json_is(only, JSON_ARRAY))
        return true;
    for (const struct json_value *k = only->first; k; k = k->next) {
        struct str asked = json_text(k), have = str_of(kind);
        if (str_starts(have, asked) && (have.len == asked.len || have.at[asked.len] == '.'))
            return true;
    }
    return false;
}

void on_actions(struct request *r) {
    struct fixing f = { .r = r };
    struct str *items;
    const char *why;
    if (!read_position(json_path(r->params, "range.start"), &f.from) ||
        !read_position(json_path(r->params, "range.end"), &f.to)) {
        request_refuse(r, RPC_BAD_PARAMS, "params.range is no range");
        return;
    }
    if (!r->server->abilities.action_objects)
        return;
    json_array(r->out);
    size_t count = published(r->server, r->document->path, r->arena, &items);
    bool some = false;
    for (size_t i = 0; i < count; i++) {
        const struct json_value *finding = json_read(r->arena, items[i], &why);
        some |= json_path(finding, "data.fixes") != NULL;
        if (finding && asks_for(r, "quickfix"))
            write_fixes(&f, finding);
    }
    if (some && asks_for(r, "source.fixAll.itsupc"))
        write_fix_all(&f);
    json_array_end(r->out);
}

/* ---- what routes become ---- */

static size_t routes_of(struct question *q, struct request *r, const struct itsupc_route **list) {
    *list = NULL;
    return question_open_part(q, r) ? itsupc_routes_of(q->session, q->name, list) : 0;
}

/* Behind each route: where it listens and who obtains its certificate. */
void on_hints(struct request *r) {
    struct question q;
    const struct itsupc_route *list;
    const struct lines *lines = &r->document->lines;
    size_t count = routes_of(&q, r, &list);
    struct position from = { 0, 0 }, to = { SIZE_MAX, 0 };
    read_position(json_path(r->params, "range.start"), &from);
    read_position(json_path(r->params, "range.end"), &to);
    json_array(r->out);
    for (size_t i = 0; i < count; i++) {
        struct position at = lines_position(lines, list[i].place.end);
        if (!list[i].hint.len || is_before(at, from) || is_before(to, at))
            continue;
        json_object(r->out);
        json_key(r->out, "position");
        write_position(r->out, lines, list[i].place.end);
        json_member(r->out, "label", str_of_text(list[i].hint));
        json_member_bool(r->out, "paddingLeft", true);
        json_object_end(r->out);
    }
    json_array_end(r->out);
    question_close(&q);
}

void on_lenses(struct request *r) {
    struct question q;
    const struct itsupc_route *list;
    size_t count = routes_of(&q, r, &list);
    json_array(r->out);
    for (size_t i = 0; i < count; i++) {
        if (!list[i].url.len)
            continue;
        json_object(r->out);
        member_range(r->out, "range", &r->document->lines, list[i].place.start, list[i].place.end);
        json_key(r->out, "command");
        json_object(r->out);
        json_member(r->out, "title", STR("trace"));
        json_member(r->out, "command", STR("itsupc.trace"));
        json_key(r->out, "arguments");
        json_array(r->out);
        json_string(r->out, str_of_text(list[i].url));
        json_array_end(r->out);
        json_object_end(r->out);
        json_object_end(r->out);
    }
    json_array_end(r->out);
    question_close(&q);
}
