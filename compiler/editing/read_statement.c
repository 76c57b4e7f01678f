/* Statement by statement: routes, declarations, settings with their blocks. */
#include "editing/reader.h"

static void read_body(struct reader *p, struct setting_of in);

static struct setting_of inside(struct setting_of in, const struct vocable *v) {
    struct setting_of out = { .place = v ? v->block : PLACE_NONE, .mode = in.mode };
    out.routes = out.place == PLACE_PROJECT;
    return out;
}

/* A block with a scope of its own. */
static struct span read_block(struct reader *p, struct setting_of in) {
    const struct word *open = reader_take(p);
    struct span kept = p->scope;
    size_t first = p->r->count;
    p->depth++;
    read_body(p, in);
    p->depth--;
    const struct word *close = reader_peek(p);
    struct span body = { open->span.start, close->span.end };
    if (word_is_mark(close, '}'))
        reader_take(p);
    /* Names are seen in the innermost block around them. */
    for (size_t i = first; i < p->r->count; i++)
        if (p->r->marks[i].defines && span_is_none(p->r->marks[i].scope) &&
            p->r->marks[i].kind <= NAME_TEMPLATE)
            p->r->marks[i].scope = body;
    p->scope = kept;
    return body;
}

static void finish(struct reader *p, size_t piece, struct span body) {
    const struct word *last = p->at - 1;
    struct piece_of_outline *o = &p->r->outline[piece];
    o->span.end = last->span.end > o->span.end ? last->span.end : o->span.end;
    o->body = body;
}

/* What is left of a statement that does not read. */
static void skip_statement(struct reader *p, struct setting_of in) {
    while (!word_ends(reader_peek(p))) {
        const struct word *w = p->at;
        if (word_is_mark(w, '{')) {
            read_block(p, in);
        } else {
            reader_take(p);
            if (word_is_text(w))
                reader_mark_text(p, w, reader_role(w), in);
        }
    }
}

static enum mode mode_of(struct str pattern, enum mode outer) {
    size_t slashes = str_find_str(pattern, STR("://"));
    return slashes == STR_NONE ? outer : mode_find(str_slice(pattern, 0, slashes));
}

static void read_targets(struct reader *p) {
    for (;;) {
        reader_want(p, (struct wanted){ .want = WANT_TARGET });
        const struct word *w = reader_peek(p);
        if (word_ends(w) || word_is_mark(w, '{') || word_is_mark(w, '|') || word_is_mark(w, '~'))
            return;
        reader_take(p);
        if (word_is_text(w) && text_is_number(w->text) && str_ends(w->text, STR("%")))
            reader_mark_word(p, w, ROLE_NUMBER);
        else if (word_is_text(w))
            reader_mark_target(p, w);
        else if (w->kind == WORD_KEYWORD)
            reader_mark_word(p, w, ROLE_KEYWORD);
        if (word_is_text(w) && !word_is_mark(p->at, ',')) /* only a percentage may follow */
            reader_want(p, (struct wanted){ 0 });
        if (word_is_text(w) && !word_is_mark(p->at, ','))
            reader_peek(p);
    }
}

static void read_route(struct reader *p, struct setting_of in) {
    size_t piece = p->r->outline_count;
    struct span body = { 0, 0 };
    bool leads = false;
    reader_piece(p, ROLE_PATTERN, p->at);
    in.mode = mode_of(p->at->text, in.mode);
    reader_want(p, (struct wanted){ 0 });
    while (!word_ends(reader_peek(p))) {
        const struct word *w = reader_take(p);
        if (word_is_mark(w, '|')) {
            reader_chain(p, in, 0);
        } else if (word_is_mark(w, '>')) {
            const struct word *first = p->at;
            read_targets(p);
            leads = true;
            if (p->at > first) {
                struct span span = { first->span.start, p->at[-1].span.end };
                p->r->outline[piece].detail = source_text(p->r->sources, span);
            }
        } else if (word_is_mark(w, '~')) {
            leads = true;
            p->r->outline[piece].detail = word_is_text(p->at) ? p->at->text : STR("");
        } else if (word_is_mark(w, '{')) {
            p->at--;
            struct setting_of block = { PLACE_ROUTE, !leads, in.mode, NULL };
            body = read_block(p, block);
        } else if (word_is_text(w)) {
            reader_mark_text(p, w, leads ? reader_role(w) : ROLE_PATTERN, in);
            p->r->marks[p->r->count - 1].in = in;
        }
        reader_want(p, (struct wanted){ 0 });
    }
    finish(p, piece, body);
}

static void read_let(struct reader *p) {
    reader_mark_word(p, reader_take(p), ROLE_KEYWORD);
    reader_want(p, (struct wanted){ 0 });
    const struct word *w = reader_peek(p);
    if (w->kind != WORD_PLAIN)
        return;
    size_t piece = p->r->outline_count;
    reader_piece(p, ROLE_VARIABLE, w)->kind = NAME_VALUE;
    struct mark *m = reader_mark_name(p, reader_take(p), ROLE_VARIABLE, NAME_VALUE, true);
    size_t at = (size_t)(m - p->r->marks);
    if (word_is_mark(reader_peek(p), '=')) {
        reader_take(p);
        reader_value(p, (struct wanted){ .want = WANT_VALUE });
    }
    finish(p, piece, (struct span){ 0, 0 });
    p->r->marks[at].whole = (struct span){ w[-1].span.start, p->at[-1].span.end };
}

static void read_middleware(struct reader *p, struct setting_of in) {
    const struct word *start = reader_take(p);
    reader_mark_word(p, start, ROLE_KEYWORD);
    reader_want(p, (struct wanted){ 0 });
    const struct word *w = reader_peek(p);
    if (w->kind != WORD_PLAIN)
        return;
    size_t piece = p->r->outline_count, at = p->r->count;
    reader_piece(p, ROLE_MIDDLEWARE, w)->kind = NAME_MIDDLEWARE;
    reader_mark_name(p, reader_take(p), ROLE_MIDDLEWARE, NAME_MIDDLEWARE, true);
    if (word_is_mark(reader_peek(p), '=')) {
        reader_take(p);
        in.mode = MODE_UNKNOWN;
        reader_chain(p, in, 0);
    }
    finish(p, piece, (struct span){ 0, 0 });
    p->r->marks[at].whole = (struct span){ start->span.start, p->at[-1].span.end };
}

/* `(id int 1..9999, branch slug(20) = "main")` */
static void read_parameters(struct reader *p) {
    bool name = true;
    reader_take(p);
    for (size_t nested = 1; nested && !word_ends(reader_peek(p));) {
        const struct word *w = reader_take(p);
        nested += word_is_mark(w, '(');
        nested -= word_is_mark(w, ')');
        if (word_is_mark(w, ',') && nested == 1) {
            name = true;
            reader_want(p, (struct wanted){ 0 });
        } else if (word_is_text(w) && name) {
            reader_mark_name(p, w, ROLE_PARAMETER, NAME_VALUE, true);
            name = false;
            reader_want(p, (struct wanted){ .want = WANT_TYPE });
        } else if (word_is_text(w)) {
            bool type = p->want.want == WANT_TYPE;
            reader_mark_text(p, w, type ? ROLE_TYPE : reader_role(w), (struct setting_of){ 0 });
            reader_want(p, (struct wanted){ 0 });
        } else if (word_is_mark(w, '=')) {
            reader_want(p, (struct wanted){ .want = WANT_VALUE });
        }
    }
}

/* What parameters and loop variables are seen in: their statement. */
static void close_scope(struct reader *p, size_t first, const struct word *start) {
    struct span whole = { start->span.start, p->at[-1].span.end };
    for (size_t i = first; i < p->r->count; i++) {
        struct mark *m = &p->r->marks[i];
        if (m->defines && m->kind == NAME_VALUE && span_is_none(m->scope))
            m->scope = whole;
    }
}

static void read_template(struct reader *p, struct setting_of in) {
    const struct word *start = reader_take(p), *w;
    reader_mark_word(p, start, ROLE_KEYWORD);
    reader_want(p, (struct wanted){ 0 });
    w = reader_peek(p);
    if (w->kind != WORD_PLAIN)
        return;
    size_t piece = p->r->outline_count, at = p->r->count;
    struct span body = { 0, 0 };
    reader_piece(p, ROLE_TEMPLATE, w)->kind = NAME_TEMPLATE;
    reader_mark_name(p, reader_take(p), ROLE_TEMPLATE, NAME_TEMPLATE, true);
    size_t first = p->r->count;
    if (word_is_mark(reader_peek(p), '('))
        read_parameters(p);
    reader_want(p, (struct wanted){ 0 });
    if (word_is_mark(reader_peek(p), '{'))
        body = read_block(p, in);
    close_scope(p, first, start);
    finish(p, piece, body);
    p->r->marks[at].whole = (struct span){ start->span.start, p->at[-1].span.end };
}

static void read_call(struct reader *p, struct setting_of in) {
    const struct word *w = reader_take(p);
    reader_mark_name(p, w, ROLE_TEMPLATE, NAME_TEMPLATE, false)->in = in;
    reader_arguments(p, (struct wanted){ .want = WANT_CALL_ARGUMENT, .in = in, .owner = w->text });
}

static void read_for(struct reader *p, struct setting_of in) {
    const struct word *start = reader_take(p);
    size_t first = p->r->count, piece = p->r->outline_count;
    struct span body = { 0, 0 };
    reader_mark_word(p, start, ROLE_KEYWORD);
    reader_piece(p, ROLE_KEYWORD, start);
    if (word_is_text(reader_peek(p)))
        reader_mark_name(p, reader_take(p), ROLE_PARAMETER, NAME_VALUE, true);
    if (reader_peek(p)->kind == WORD_KEYWORD)
        reader_mark_word(p, reader_take(p), ROLE_KEYWORD);
    reader_value(p, (struct wanted){ .want = WANT_VALUE });
    reader_want(p, (struct wanted){ 0 });
    if (word_is_mark(reader_peek(p), '{'))
        body = read_block(p, in);
    else if (word_is_text(reader_peek(p)) && word_is_mark(p->at + 1, '('))
        read_call(p, in);
    close_scope(p, first, start);
    finish(p, piece, body);
}

/* What `option PATH` is relative to, by the place where it stands. */
static const struct option *options_of(const struct vocable *v, struct setting_of in) {
    static const struct {
        enum place_kind place;
        enum option_tree tree;
        const char *path;
    } places[] = {
        { PLACE_PROXY, OPTION_STATIC, "" },
        { PLACE_ENTRYPOINT, OPTION_STATIC, "entryPoints.x" },
        { PLACE_RESOLVER, OPTION_STATIC, "certificatesResolvers.x.acme" },
        { PLACE_DNS01, OPTION_STATIC, "certificatesResolvers.x.acme.dnsChallenge" },
        { PLACE_PROVIDER, OPTION_STATIC, "providers" },
        { PLACE_TLS, OPTION_DYNAMIC, "tls.options.x" },
    };
    (void)v;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (places[i].place == in.place)
            return *places[i].path ? option_find(places[i].tree, str_of(places[i].path)).option
                                   : option_top(places[i].tree);
    return NULL;
}

static void read_setting(struct reader *p, struct setting_of in) {
    const struct word *w = reader_take(p);
    const struct vocable *v = vocable_find(in.place, w->text);
    if (!v && in.place == PLACE_FILE)
        v = vocable_find(PLACE_PROJECT, w->text);
    struct following f = { .v = v };
    size_t piece = p->r->outline_count;
    struct span body = { 0, 0 };
    struct mark mark = { .role = v ? ROLE_SETTING : ROLE_TEXT,
                         .span = w->span,
                         .name = w->text,
                         .setting = v,
                         .in = in };
    size_t at = p->r->count;
    reader_add(p, mark);
    f.known = v && shape_parse(v->shape, &f.shape);
    bool listed = p->depth == 0 || (v && v->block != PLACE_NONE);
    if (listed)
        reader_piece(p, ROLE_SETTING, w);
    in.options = v ? options_of(v, in) : NULL;
    const struct word *first = p->at;
    reader_rest(p, &f, in);
    if (listed && p->at > first) {
        struct span detail = { first->span.start, p->at[-1].span.end };
        p->r->outline[piece].detail = source_text(p->r->sources, detail);
    }
    reader_want(p, (struct wanted){ 0 });
    if (word_is_mark(reader_peek(p), '{')) {
        struct setting_of block = inside(in, v);
        if (v && v->place == PLACE_FILE && v->id == SETTING_FILE_DEFAULTS)
            block.mode = mode_find(first->text);
        body = read_block(p, block);
    }
    if (listed)
        finish(p, piece, body);
    skip_statement(p, in);
    if (at + 1 < p->r->count && p->r->marks[at + 1].defines)
        p->r->marks[at + 1].whole = (struct span){ w->span.start, p->at[-1].span.end };
}

static bool is_keyword(const struct word *w, const char *word) {
    return w->kind == WORD_KEYWORD && str_is(w->text, word);
}

static void read_statement(struct reader *p, struct setting_of in) {
    const struct word *w = p->at;
    if (is_keyword(w, "let"))
        read_let(p);
    else if (is_keyword(w, "middleware"))
        read_middleware(p, in);
    else if (is_keyword(w, "template"))
        read_template(p, in);
    else if (is_keyword(w, "for"))
        read_for(p, in);
    else if (w->kind == WORD_PATTERN)
        read_route(p, in);
    else if (w->kind == WORD_PLAIN && word_is_mark(w + 1, '('))
        read_call(p, in);
    else if (w->kind == WORD_PLAIN)
        read_setting(p, in);
    reader_want(p, (struct wanted){ 0 });
    skip_statement(p, in);
}

static void read_body(struct reader *p, struct setting_of in) {
    for (;;) {
        reader_want(p, (struct wanted){ .want = WANT_STATEMENT, .in = in });
        const struct word *w = reader_peek(p);
        if (w->kind == WORD_END || (word_is_mark(w, '}') && p->depth))
            return;
        if (w->kind == WORD_SEP || word_is_mark(w, '}')) {
            reader_take(p);
            continue;
        }
        const struct word *before = p->at;
        read_statement(p, in);
        if (p->at == before)
            reader_take(p);
    }
}

static void index_names(struct reading *r) {
    r->defined.arena = r->arena;
    for (size_t i = 0; i < r->count; i++) {
        if (!r->marks[i].defines)
            continue;
        void **first = table_at(&r->defined, r->marks[i].name);
        r->marks[i].same = *first;
        *first = &r->marks[i];
    }
}

void editing_read(struct reading *r, struct arena *arena, struct source *source,
                  struct sources *sources) {
    *r = (struct reading){ .arena = arena, .source = source, .sources = sources };
    r->words = parse_words(arena, source, sources, &r->comments);
    struct reader p = { .r = r, .at = r->words };
    read_body(&p, (struct setting_of){ .place = PLACE_FILE, .routes = true });
    index_names(r);
}

/* Of several the narrowest: a name in a word, rather than the word. */
const struct mark *mark_at(const struct reading *r, uint32_t place) {
    const struct mark *best = NULL;
    for (size_t i = 0; i < r->count; i++) {
        const struct mark *m = &r->marks[i];
        if (m->span.start > place || m->span.end < place)
            continue;
        bool narrower = !best || m->span.end - m->span.start < best->span.end - best->span.start;
        if (narrower || (best->span.end == place && m->span.start == place))
            best = m;
    }
    return best;
}
