/* What stands in a file: symbols, folds, semantic tokens. */
#include "driver/lsp/methods.h"
#include "driver/lsp/question.h"

#include <stdlib.h>

static const int symbol_kinds[] = {
    [ITSUPC_SYMBOL_SETTING] = 7,     /* property */
    [ITSUPC_SYMBOL_ROUTE] = 11,      /* interface */
    [ITSUPC_SYMBOL_VALUE] = 14,      /* constant */
    [ITSUPC_SYMBOL_MIDDLEWARE] = 12, /* function */
    [ITSUPC_SYMBOL_TEMPLATE] = 5,    /* class */
};

static void symbol_head(struct json *w, const struct itsupc_symbol *symbol) {
    json_object(w);
    json_member(w, "name", str_of_text(symbol->name));
    json_member_number(w, "kind", (size_t)symbol_kinds[symbol->kind]);
}

/* Symbols from `i` on that stand at `depth`; the index behind them. */
static size_t write_nested(struct question *q, const struct itsupc_symbol *list, size_t i,
                           size_t count, size_t depth) {
    struct json *w = q->request->out;
    const struct lines *lines = &q->request->document->lines;
    json_array(w);
    while (i < count && list[i].depth >= depth) {
        symbol_head(w, &list[i]);
        if (list[i].detail.len)
            json_member(w, "detail", str_of_text(list[i].detail));
        member_range(w, "range", lines, list[i].whole.start, list[i].whole.end);
        member_range(w, "selectionRange", lines, list[i].name_place.start, list[i].name_place.end);
        size_t below = i + 1;
        if (below < count && list[below].depth > list[i].depth) {
            json_key(w, "children");
            below = write_nested(q, list, below, count, list[i].depth + 1);
        }
        json_object_end(w);
        i = below;
    }
    json_array_end(w);
    return i;
}

static void write_symbol(struct question *q, const struct itsupc_symbol *symbol) {
    struct json *w = q->request->out;
    symbol_head(w, symbol);
    json_key(w, "location");
    json_object(w);
    question_location(q, &symbol->name_place);
    json_object_end(w);
    json_object_end(w);
}

void on_symbols(struct request *r) {
    struct question q;
    const struct itsupc_symbol *list = NULL;
    size_t count = 0;
    if (question_open(&q, r))
        count = itsupc_symbols(q.session, q.name, &list);
    if (r->server->abilities.nested_symbols) {
        write_nested(&q, list, 0, count, 0);
    } else {
        json_array(r->out);
        for (size_t i = 0; i < count; i++)
            write_symbol(&q, &list[i]);
        json_array_end(r->out);
    }
    question_close(&q);
}

/* ---- of all files of ours ---- */

enum { MOST_SYMBOLS = 1000 };

/* Each letter of the query in order, case aside. */
static bool fits(struct str name, struct str query) {
    size_t at = 0;
    for (size_t i = 0; i < name.len && at < query.len; i++)
        at += char_lower(name.at[i]) == char_lower(query.at[at]);
    return at == query.len;
}

static size_t file_symbols(struct question *q, const char *name, struct str query, size_t room) {
    const struct itsupc_symbol *list;
    size_t count = itsupc_symbols(q->session, name, &list), told = 0;
    for (size_t i = 0; i < count && told < room; i++)
        if (fits(str_of_text(list[i].name), query)) {
            write_symbol(q, &list[i]);
            told++;
        }
    return told;
}

void on_workspace_symbols(struct request *r) {
    struct str query = json_text(json_get(r->params, "query"));
    size_t room = MOST_SYMBOLS;
    json_array(r->out);
    for (struct root *root = r->server->roots; root; root = root->next) {
        if (!root->found)
            continue;
        struct question q = { .request = r, .root = root, .lines = { .arena = r->arena } };
        q.session = root_session_all(r->server, root, &q.arena);
        const char *const *files;
        size_t count = q.session ? itsupc_language_files(q.session, &files) : 0;
        for (size_t i = 0; i < count && room; i++)
            room -= file_symbols(&q, files[i], query, room);
        question_close(&q);
    }
    json_array_end(r->out);
}

/* ---- folds ---- */

void on_folds(struct request *r) {
    struct question q;
    const struct itsupc_fold *list = NULL;
    size_t count = 0;
    const struct lines *lines = &r->document->lines;
    if (question_open(&q, r))
        count = itsupc_folds(q.session, q.name, &list);
    json_array(r->out);
    for (size_t i = 0; i < count; i++) {
        struct position from = lines_position(lines, list[i].place.start);
        struct position to = lines_position(lines, list[i].place.end);
        size_t last = list[i].closed && to.line ? to.line - 1 : to.line;
        if (last <= from.line)
            continue;
        json_object(r->out);
        json_member_number(r->out, "startLine", from.line);
        json_member_number(r->out, "endLine", last);
        if (list[i].comment)
            json_member(r->out, "kind", STR("comment"));
        json_object_end(r->out);
    }
    json_array_end(r->out);
    question_close(&q);
}

/* ---- what is around places ---- */

/* The smallest part, and as its parent the next larger one. */
static void write_around(struct json *w, const struct lines *lines, const struct itsupc_place *list,
                         size_t count) {
    size_t depth = 0;
    for (size_t i = 0; i < count; i++) {
        bool same = i && list[i].start == list[i - 1].start && list[i].end == list[i - 1].end;
        bool around =
            i == 0 || (list[i].start <= list[i - 1].start && list[i].end >= list[i - 1].end);
        if (same || !around || depth > 100)
            continue;
        if (depth++)
            json_key(w, "parent");
        json_object(w);
        member_range(w, "range", lines, list[i].start, list[i].end);
    }
    while (depth--)
        json_object_end(w);
}

void on_selection(struct request *r) {
    const struct json_value *places = json_get(r->params, "positions");
    const struct lines *lines = &r->document->lines;
    struct question q;
    bool open = question_open(&q, r);
    json_array(r->out);
    for (const struct json_value *p = json_is(places, JSON_ARRAY) ? places->first : NULL; p;
         p = p->next) {
        struct position at = { 0, 0 };
        const struct itsupc_place *list = NULL;
        read_position(p, &at);
        size_t offset = lines_offset(lines, at);
        struct itsupc_place whole = { q.name, 0, lines->text.len };
        size_t count = open ? itsupc_around(q.session, q.name, offset, &list) : 0;
        write_around(r->out, lines, count ? list : &whole, count ? count : 1);
    }
    json_array_end(r->out);
    question_close(&q);
}

/* ---- semantic tokens ---- */

struct tokens {
    struct json *w;
    const struct lines *lines;
    struct position last;
};

static void token_on_line(struct tokens *t, size_t start, size_t end,
                          const struct itsupc_token *k) {
    struct position from = lines_position(t->lines, start), to = lines_position(t->lines, end);
    if (to.line != from.line || to.character <= from.character)
        return;
    size_t lines = from.line - t->last.line;
    json_number(t->w, (int64_t)lines);
    json_number(t->w, (int64_t)(lines ? from.character : from.character - t->last.character));
    json_number(t->w, (int64_t)(to.character - from.character));
    json_number(t->w, k->role);
    json_number(t->w, k->defines ? 1 : 0);
    t->last = from;
}

/* Line by line: few editors take a token that spans lines. */
static void token(struct tokens *t, const struct itsupc_token *k) {
    struct str text = t->lines->text;
    for (size_t from = k->start; from < k->end;) {
        size_t to = from;
        while (to < k->end && text.at[to] != '\n' && text.at[to] != '\r')
            to++;
        token_on_line(t, from, to, k);
        while (to < k->end && (text.at[to] == '\n' || text.at[to] == '\r'))
            to++;
        from = to;
    }
}

void on_tokens(struct request *r) {
    struct question q;
    const struct itsupc_token *list = NULL;
    struct position from = { 0, 0 }, to = { SIZE_MAX, 0 };
    const struct json_value *range = json_get(r->params, "range");
    struct tokens t = { .w = r->out, .lines = &r->document->lines };
    size_t count = 0;
    if (range && (!read_position(json_get(range, "start"), &from) ||
                  !read_position(json_get(range, "end"), &to))) {
        request_refuse(r, RPC_BAD_PARAMS, "params.range is no range");
        return;
    }
    size_t start = lines_offset(t.lines, from), end = lines_offset(t.lines, to);
    if (question_open(&q, r))
        count = itsupc_tokens(q.session, q.name, &list);
    json_object(r->out);
    json_key(r->out, "data");
    json_array(r->out);
    for (size_t i = 0; i < count; i++)
        if (list[i].end > start && list[i].start < end)
            token(&t, &list[i]);
    json_array_end(r->out);
    json_object_end(r->out);
    question_close(&q);
}
