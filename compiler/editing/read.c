/* Word by word: what each one is, and what may stand at the end. */
#include "editing/read.h"

#include "model/middleware.h"
#include "model/target.h"

struct reader {
    struct reading *r;
    const struct word *at;
    struct span scope; /* of names declared at hand; none in the file itself */
    size_t depth;
    bool ended; /* what may stand at the end is known */
    struct wanted want;
};

/* ---- words ---- */

/* What closes brackets that are open at the end stands there by no one's will. */
static bool is_end(const struct reader *p, const struct word *w) {
    uint32_t end = p->r->source->base + (uint32_t)p->r->source->text.len;
    return w->kind == WORD_END ||
           (w->made && w->span.start == w->span.end && w->span.end <= end &&
            w[1].kind == WORD_END) ||
           (w->made && w->span.start == w->span.end && is_end(p, w + 1));
}

static const struct word *peek(struct reader *p) {
    if (!p->ended && is_end(p, p->at)) {
        p->ended = true;
        p->r->wanted = p->want;
    }
    return p->at;
}

static bool is_mark(const struct word *w, char mark) {
    return w->kind == WORD_MARK && w->mark == mark;
}

static bool is_text(const struct word *w) {
    return w->kind == WORD_PLAIN || w->kind == WORD_PATTERN || w->kind == WORD_STRING ||
           w->kind == WORD_RAW || w->kind == WORD_HEREDOC;
}

static bool ends_statement(const struct word *w) {
    return w->kind == WORD_SEP || w->kind == WORD_END || is_mark(w, '}');
}

static const struct word *take(struct reader *p) {
    const struct word *w = p->at;
    if (w->kind != WORD_END)
        p->at++;
    return w;
}

static void want(struct reader *p, struct wanted wanted) {
    p->want = wanted;
}

/* ---- marks ---- */

static struct mark *add_mark(struct reader *p, struct mark mark) {
    struct reading *r = p->r;
    if (r->count == r->room) {
        size_t room = r->room ? r->room * 2 : 64;
        struct mark *marks = arena_array(r->arena, struct mark, room);
        if (r->count)
            memcpy(marks, r->marks, r->count * sizeof *marks);
        r->marks = marks;
        r->room = room;
    }
    r->marks[r->count] = mark;
    return &r->marks[r->count++];
}

static struct piece_of_outline *add_piece(struct reader *p, enum role role,
                                          const struct word *name) {
    struct reading *r = p->r;
    if (r->outline_count == r->outline_room) {
        size_t room = r->outline_room ? r->outline_room * 2 : 32;
        struct piece_of_outline *list = arena_array(r->arena, struct piece_of_outline, room);
        if (r->outline_count)
            memcpy(list, r->outline, r->outline_count * sizeof *list);
        r->outline = list;
        r->outline_room = room;
    }
    struct piece_of_outline *piece = &r->outline[r->outline_count++];
    *piece = (struct piece_of_outline){ .depth = p->depth,
                                        .role = role,
                                        .span = name->span,
                                        .name_span = name->span,
                                        .name = name->text };
    return piece;
}

static bool is_name_char(char c) {
    return char_is_alnum(c) || c == '_' || c == '-' || c == '.';
}

/* `{name}` inside a word, string or heredoc; `${NAME}` is another's. */
static void mark_names(struct reader *p, const struct word *w) {
    if (!w->braces && w->kind != WORD_HEREDOC)
        return;
    for (size_t i = 0; i < w->text.len; i++) {
        if (w->text.at[i] == '\\') {
            i++;
            continue;
        }
        if (w->text.at[i] != '{' || (i && w->text.at[i - 1] == '$'))
            continue;
        size_t from = i + 1, to = from;
        while (to < w->text.len && is_name_char(w->text.at[to]))
            to++;
        if (to < w->text.len && w->text.at[to] == '}' && to > from)
            add_mark(p, (struct mark){ .role = ROLE_VARIABLE,
                                       .kind = NAME_VALUE,
                                       .span = span_slice(w->span, from, to),
                                       .name = str_slice(w->text, from, to) });
    }
}

static bool is_number(struct str text) {
    return text.len && (char_is_digit(text.at[0]));
}

static enum role role_of_text(const struct word *w) {
    if (w->kind == WORD_RAW)
        return ROLE_REGEX;
    return w->kind == WORD_PLAIN && is_number(w->text) ? ROLE_NUMBER : ROLE_TEXT;
}

static void mark_text(struct reader *p, const struct word *w, enum role role,
                      struct setting_of in) {
    add_mark(p, (struct mark){ .role = role, .span = w->span, .name = w->text, .in = in });
    if (w->kind != WORD_RAW)
        mark_names(p, w);
}

static void mark_word(struct reader *p, const struct word *w, enum role role) {
    add_mark(p, (struct mark){ .role = role, .span = w->span, .name = w->text });
}

static struct mark *mark_name(struct reader *p, const struct word *w, enum role role,
                              enum name_kind kind, bool defines) {
    return add_mark(p, (struct mark){ .role = role,
                                      .kind = kind,
                                      .defines = defines,
                                      .span = w->span,
                                      .name = w->text,
                                      .scope = defines ? p->scope : (struct span){ 0, 0 } });
}

/* ---- values ---- */

static void read_list(struct reader *p, struct wanted wanted);

/* A bare word may be the name of a list. */
static void read_value(struct reader *p, struct wanted wanted) {
    want(p, wanted);
    const struct word *w = peek(p);
    if (is_mark(w, '[')) {
        read_list(p, wanted);
    } else if (is_text(w)) {
        take(p);
        if (w->kind == WORD_PLAIN && !w->braces && !is_number(w->text))
            add_mark(p, (struct mark){ .role = ROLE_TEXT,
                                       .kind = NAME_VALUE,
                                       .span = w->span,
                                       .name = w->text,
                                       .owner = wanted.owner });
        else
            mark_text(p, w, role_of_text(w), wanted.in);
    }
    want(p, (struct wanted){ 0 });
}

static void read_list(struct reader *p, struct wanted wanted) {
    take(p);
    while (peek(p)->kind != WORD_END && !is_mark(peek(p), ']')) {
        const struct word *w = p->at;
        if (is_text(w) && is_mark(w + 1, '=')) { /* [X-Foo="bar"] */
            mark_word(p, take(p), ROLE_ARGUMENT);
            take(p);
        }
        const struct word *before = p->at;
        read_value(p, wanted);
        want(p, wanted);
        if (p->at == before)
            take(p);
    }
    if (is_mark(peek(p), ']'))
        take(p);
}

/* ---- chains ---- */

static void read_chain(struct reader *p, struct setting_of in, char end);

/* Behind the `(` of a middleware or template. */
static void read_arguments(struct reader *p, struct wanted wanted) {
    bool nested = str_is(wanted.owner, "chain") && wanted.want == WANT_ARGUMENT;
    take(p);
    want(p, wanted);
    while (peek(p)->kind != WORD_END && !is_mark(peek(p), ')')) {
        const struct word *w = p->at, *before = p->at;
        if (nested) {
            read_chain(p, wanted.in, ')');
        } else if (is_text(w) && is_mark(w + 1, '=')) {
            add_mark(p, (struct mark){ .role = ROLE_ARGUMENT,
                                       .span = w->span,
                                       .name = w->text,
                                       .owner = wanted.owner,
                                       .in = wanted.in });
            take(p);
            take(p);
            struct wanted value = wanted;
            value.want = WANT_VALUE;
            value.argument = w->text;
            read_value(p, value);
        } else if (is_text(w) && w->kind == WORD_PLAIN && !w->braces && !is_number(w->text)) {
            take(p);
            add_mark(p, (struct mark){ .role = ROLE_ARGUMENT,
                                       .kind = NAME_VALUE,
                                       .span = w->span,
                                       .name = w->text,
                                       .owner = wanted.owner,
                                       .in = wanted.in });
        } else {
            read_value(p, wanted);
        }
        if (is_mark(peek(p), ',')) {
            take(p);
            wanted.position++;
        } else if (p->at == before) {
            take(p);
        }
        want(p, wanted);
    }
    if (is_mark(peek(p), ')'))
        take(p);
    want(p, (struct wanted){ 0 });
}

static void read_link(struct reader *p, struct setting_of in) {
    want(p, (struct wanted){ .want = WANT_LINK, .in = in });
    const struct word *w = peek(p);
    if (w->kind != WORD_PLAIN && w->kind != WORD_PATTERN)
        return;
    take(p);
    struct mark *m = mark_name(p, w, ROLE_MIDDLEWARE, NAME_MIDDLEWARE, false);
    m->in = in;
    bool call = is_mark(p->at, '(');
    want(p, (struct wanted){ 0 });
    if (call)
        read_arguments(p, (struct wanted){ .want = WANT_ARGUMENT, .in = in, .owner = w->text });
    bool plugin = str_is(w->text, "plugin") && call && is_text(w + 2);
    if (plugin)
        for (size_t i = p->r->count; i-- > 0;)
            if (p->r->marks[i].span.start == w[2].span.start) {
                p->r->marks[i].kind = NAME_PLUGIN;
                p->r->marks[i].role = ROLE_NAME;
            }
}

/* Links parted by `|` or `,` up to `end` (0: the end of the statement, an arrow or a block). */
static void read_chain(struct reader *p, struct setting_of in, char end) {
    for (;;) {
        const struct word *before = p->at;
        read_link(p, in);
        const struct word *w = peek(p);
        if (is_mark(w, '|') || is_mark(w, ',')) {
            take(p);
            want(p, (struct wanted){ .want = WANT_LINK, .in = in });
            peek(p);
            continue;
        }
        if (ends_statement(w) || (end && is_mark(w, end)) || is_mark(w, '{') || is_mark(w, '>') ||
            is_mark(w, '~'))
            return;
        if (p->at == before)
            take(p);
    }
}

/* ---- settings ---- */

static enum name_kind kind_of_type(enum type_kind type) {
    static const struct {
        enum type_kind type;
        enum name_kind kind;
    } kinds[] = {
        { TYPE_RESOLVER_REF, NAME_RESOLVER },
        { TYPE_ENTRYPOINT_REF, NAME_ENTRYPOINT },
        { TYPE_TLS_REF, NAME_TLS },
        { TYPE_PLUGIN_REF, NAME_PLUGIN },
        { TYPE_MIDDLEWARE_REF, NAME_MIDDLEWARE },
        { TYPE_PROJECT_REF, NAME_PROJECT },
        { TYPE_SERVICE_NAME, NAME_SERVICE },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].type == type)
            return kinds[i].kind;
    return NAME_NONE;
}

/* Settings whose first value is a name that they declare. */
static enum name_kind declared_by(const struct vocable *v) {
    static const struct {
        int id;
        enum name_kind kind;
    } kinds[] = {
        { SETTING_FILE_TLS, NAME_TLS },
        { SETTING_PROXY_RESOLVER, NAME_RESOLVER },
        { SETTING_PROXY_ENTRYPOINT, NAME_ENTRYPOINT },
        { SETTING_PROXY_PLUGIN, NAME_PLUGIN },
        { SETTING_FILE_PROJECT, NAME_PROJECT },
    };
    for (size_t i = 0; v && i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].id == v->id)
            return kinds[i].kind;
    return NAME_NONE;
}

static void mark_target(struct reader *p, const struct word *w) {
    struct target target;
    mark_text(p, w, ROLE_TARGET, (struct setting_of){ 0 });
    struct mark *m = &p->r->marks[p->r->count - 1];
    while (m->role != ROLE_TARGET)
        m--;
    if (w->kind != WORD_PLAIN || target_parse(w->text, &target).error == TARGET_PROVIDER)
        return;
    /* Also what is not finished: `web`, `web:`. */
    size_t colon = str_find(w->text, ':'), slashes = str_find_str(w->text, STR("://"));
    size_t from = slashes == STR_NONE ? 0 : slashes + 3;
    colon = str_find(str_from(w->text, from), ':');
    struct str service = str_slice(w->text, from, colon == STR_NONE ? w->text.len : from + colon);
    if (!service.len || str_find(service, '@') != STR_NONE || str_find(service, '{') != STR_NONE)
        return;
    m->kind = NAME_SERVICE;
    m->name = service;
    m->span = span_slice(w->span, from, from + service.len);
}

static void mark_project_ref(struct reader *p, const struct word *w, const struct vocable *v) {
    size_t slash = str_find(w->text, '/');
    struct mark *m = mark_name(p, w, ROLE_NAME, NAME_PROJECT, false);
    m->setting = v;
    m->name = str_slice(w->text, 0, slash);
    m->span = span_slice(w->span, 0, m->name.len);
    if (slash == STR_NONE)
        return;
    m = mark_name(p, w, ROLE_TARGET, NAME_SERVICE, false);
    m->owner = str_slice(w->text, 0, slash);
    m->name = str_from(w->text, slash + 1);
    m->span = span_slice(w->span, slash + 1, w->text.len);
}

static bool has_choice(struct str choices, struct str word) {
    struct str choice;
    while (shape_choice(&choices, &choice))
        if (str_eq(choice, word))
            return true;
    return false;
}

static void mark_setting_value(struct reader *p, const struct word *w,
                               const struct shape_value *value, const struct vocable *v,
                               struct setting_of in) {
    enum name_kind kind = value && !value->choices.len ? kind_of_type(value->type) : NAME_NONE;
    size_t first = p->r->count;
    if (value && value->choices.len && has_choice(value->choices, w->text))
        mark_word(p, w, ROLE_CHOICE);
    else if (kind == NAME_PROJECT)
        mark_project_ref(p, w, v);
    else if (kind != NAME_NONE)
        mark_name(p, w, kind == NAME_SERVICE ? ROLE_TARGET : ROLE_NAME, kind, false);
    else if (value && !value->choices.len && value->type == TYPE_TARGET)
        mark_target(p, w);
    else
        mark_text(p, w, role_of_text(w), in);
    for (size_t i = first; i < p->r->count; i++) {
        p->r->marks[i].setting = v;
        p->r->marks[i].in = in;
    }
}

/* Where the words behind a setting stand in its shape. */
struct following {
    const struct vocable *v;
    struct shape shape;
    bool known;
    size_t item, value; /* the next value that stands without a word */
    const struct shape_item *pair;
    size_t pair_value;
    uint32_t used;
    const struct shape_value *list; /* a list that a comma goes on with */
};

static const struct shape_value *expected(struct following *f) {
    if (f->pair && f->pair_value < f->pair->value_count)
        return &f->pair->values[f->pair_value];
    for (size_t i = f->item; f->known && i < f->shape.count; i++)
        if (f->shape.items[i].kind == SHAPE_VALUE)
            return &f->shape.items[i].values[0];
    return NULL;
}

static void advance(struct following *f) {
    if (f->pair && f->pair_value < f->pair->value_count) {
        f->pair_value++;
        return;
    }
    while (f->item < f->shape.count && f->shape.items[f->item].kind != SHAPE_VALUE)
        f->item++;
    if (f->item < f->shape.count) {
        f->used |= 1u << f->item;
        f->item++;
    }
}

static struct wanted wanted_rest(struct following *f, struct setting_of in) {
    struct wanted w = { .want = WANT_REST, .setting = f->v, .in = in, .used = f->used };
    const struct shape_value *value = f->list ? f->list : expected(f);
    w.has_value = value != NULL;
    if (value)
        w.value = *value;
    w.more = !f->list && (!f->pair || f->pair_value >= f->pair->value_count);
    return w;
}

/* A word of the shape that stands where it may: a pair begins, or a flag. */
static bool take_shape_word(struct reader *p, struct following *f, const struct word *w) {
    const struct shape_item *item =
        f->known && w->kind == WORD_PLAIN && !(f->pair && f->pair_value < f->pair->value_count)
            ? shape_word(&f->shape, w->text)
            : NULL;
    if (!item)
        return false;
    struct mark m = { .role = ROLE_FLAG, .span = w->span, .name = w->text, .setting = f->v };
    add_mark(p, m);
    f->used |= 1u << (item - f->shape.items);
    f->pair = item->kind == SHAPE_PAIR ? item : NULL;
    f->pair_value = 0;
    return true;
}

static bool is_condition(const struct vocable *v) {
    return v && v->id == SETTING_ROUTE_WHERE;
}

static void read_rest(struct reader *p, struct following *f, struct setting_of in) {
    enum name_kind declares = declared_by(f->v);
    for (bool first = true;; first = false) {
        want(p, wanted_rest(f, in));
        const struct word *w = peek(p);
        if (ends_statement(w) || is_mark(w, '{'))
            return;
        if (is_mark(w, ',')) {
            take(p);
            continue;
        }
        if (is_mark(w, '[')) {
            read_list(p, (struct wanted){ .want = WANT_VALUE, .in = in });
            continue;
        }
        if (!is_text(w)) {
            mark_word(p, take(p), ROLE_OPERATOR);
            continue;
        }
        const struct shape_value *value = f->list ? f->list : expected(f);
        take(p);
        if (!f->list && take_shape_word(p, f, w))
            continue;
        bool call = is_mark(p->at, '(');
        if (first && declares != NAME_NONE && w->kind == WORD_PLAIN && !w->braces) {
            struct mark *m = mark_name(p, w, ROLE_NAME, declares, true);
            m->setting = f->v;
            advance(f);
        } else if (is_condition(f->v)) {
            bool head = f->item == 0 && value && has_choice(value->choices, w->text);
            mark_text(p, w, head ? ROLE_CHOICE : role_of_text(w), in);
            if (head)
                advance(f);
        } else {
            bool link = value && !value->choices.len && value->type == TYPE_MIDDLEWARE_REF;
            mark_setting_value(p, w, value, f->v, in);
            if (link)
                p->r->marks[p->r->count - 1].role = ROLE_MIDDLEWARE;
            if (!f->list)
                advance(f);
            if (call && link)
                read_arguments(
                    p, (struct wanted){ .want = WANT_ARGUMENT, .in = in, .owner = w->text });
        }
        f->list = value && value->list && is_mark(peek(p), ',') ? value : NULL;
    }
}

/* ---- statements ---- */

static void read_body(struct reader *p, struct setting_of in);

static struct setting_of inside(struct setting_of in, const struct vocable *v) {
    struct setting_of out = { .place = v ? v->block : PLACE_NONE, .mode = in.mode };
    out.routes = out.place == PLACE_PROJECT;
    return out;
}

/* A block with a scope of its own. */
static struct span read_block(struct reader *p, struct setting_of in) {
    const struct word *open = take(p);
    struct span kept = p->scope;
    size_t first = p->r->count;
    p->depth++;
    read_body(p, in);
    p->depth--;
    const struct word *close = peek(p);
    struct span body = { open->span.start, close->span.end };
    if (is_mark(close, '}'))
        take(p);
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
    while (!ends_statement(peek(p))) {
        const struct word *w = p->at;
        if (is_mark(w, '{')) {
            read_block(p, in);
        } else {
            take(p);
            if (is_text(w))
                mark_text(p, w, role_of_text(w), in);
        }
    }
}

static enum mode mode_of(struct str pattern, enum mode outer) {
    size_t slashes = str_find_str(pattern, STR("://"));
    return slashes == STR_NONE ? outer : mode_find(str_slice(pattern, 0, slashes));
}

static void read_targets(struct reader *p) {
    for (;;) {
        want(p, (struct wanted){ .want = WANT_TARGET });
        const struct word *w = peek(p);
        if (ends_statement(w) || is_mark(w, '{') || is_mark(w, '|') || is_mark(w, '~'))
            return;
        take(p);
        if (is_text(w) && is_number(w->text) && str_ends(w->text, STR("%")))
            mark_word(p, w, ROLE_NUMBER);
        else if (is_text(w))
            mark_target(p, w);
        else if (w->kind == WORD_KEYWORD)
            mark_word(p, w, ROLE_KEYWORD);
        if (is_text(w) && !is_mark(p->at, ',')) /* only a percentage may follow */
            want(p, (struct wanted){ 0 });
        if (is_text(w) && !is_mark(p->at, ','))
            peek(p);
    }
}

static void read_route(struct reader *p, struct setting_of in) {
    size_t piece = p->r->outline_count;
    struct span body = { 0, 0 };
    bool leads = false;
    add_piece(p, ROLE_PATTERN, p->at);
    in.mode = mode_of(p->at->text, in.mode);
    want(p, (struct wanted){ 0 });
    while (!ends_statement(peek(p))) {
        const struct word *w = take(p);
        if (is_mark(w, '|')) {
            read_chain(p, in, 0);
        } else if (is_mark(w, '>')) {
            const struct word *first = p->at;
            read_targets(p);
            leads = true;
            if (p->at > first) {
                struct span span = { first->span.start, p->at[-1].span.end };
                p->r->outline[piece].detail = source_text(p->r->sources, span);
            }
        } else if (is_mark(w, '~')) {
            leads = true;
            p->r->outline[piece].detail = is_text(p->at) ? p->at->text : STR("");
        } else if (is_mark(w, '{')) {
            p->at--;
            struct setting_of block = { PLACE_ROUTE, !leads, in.mode, NULL };
            body = read_block(p, block);
        } else if (is_text(w)) {
            mark_text(p, w, leads ? role_of_text(w) : ROLE_PATTERN, in);
            p->r->marks[p->r->count - 1].in = in;
        }
        want(p, (struct wanted){ 0 });
    }
    finish(p, piece, body);
}

static void read_let(struct reader *p) {
    mark_word(p, take(p), ROLE_KEYWORD);
    want(p, (struct wanted){ 0 });
    const struct word *w = peek(p);
    if (w->kind != WORD_PLAIN)
        return;
    size_t piece = p->r->outline_count;
    add_piece(p, ROLE_VARIABLE, w)->kind = NAME_VALUE;
    struct mark *m = mark_name(p, take(p), ROLE_VARIABLE, NAME_VALUE, true);
    size_t at = (size_t)(m - p->r->marks);
    if (is_mark(peek(p), '=')) {
        take(p);
        read_value(p, (struct wanted){ .want = WANT_VALUE });
    }
    finish(p, piece, (struct span){ 0, 0 });
    p->r->marks[at].whole = (struct span){ w[-1].span.start, p->at[-1].span.end };
}

static void read_middleware(struct reader *p, struct setting_of in) {
    const struct word *start = take(p);
    mark_word(p, start, ROLE_KEYWORD);
    want(p, (struct wanted){ 0 });
    const struct word *w = peek(p);
    if (w->kind != WORD_PLAIN)
        return;
    size_t piece = p->r->outline_count, at = p->r->count;
    add_piece(p, ROLE_MIDDLEWARE, w)->kind = NAME_MIDDLEWARE;
    mark_name(p, take(p), ROLE_MIDDLEWARE, NAME_MIDDLEWARE, true);
    if (is_mark(peek(p), '=')) {
        take(p);
        in.mode = MODE_UNKNOWN;
        read_chain(p, in, 0);
    }
    finish(p, piece, (struct span){ 0, 0 });
    p->r->marks[at].whole = (struct span){ start->span.start, p->at[-1].span.end };
}

/* `(id int 1..9999, branch slug(20) = "main")` */
static void read_parameters(struct reader *p) {
    bool name = true;
    take(p);
    for (size_t nested = 1; nested && !ends_statement(peek(p));) {
        const struct word *w = take(p);
        nested += is_mark(w, '(');
        nested -= is_mark(w, ')');
        if (is_mark(w, ',') && nested == 1) {
            name = true;
            want(p, (struct wanted){ 0 });
        } else if (is_text(w) && name) {
            mark_name(p, w, ROLE_PARAMETER, NAME_VALUE, true);
            name = false;
            want(p, (struct wanted){ .want = WANT_TYPE });
        } else if (is_text(w)) {
            bool type = p->want.want == WANT_TYPE;
            mark_text(p, w, type ? ROLE_TYPE : role_of_text(w), (struct setting_of){ 0 });
            want(p, (struct wanted){ 0 });
        } else if (is_mark(w, '=')) {
            want(p, (struct wanted){ .want = WANT_VALUE });
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
    const struct word *start = take(p), *w;
    mark_word(p, start, ROLE_KEYWORD);
    want(p, (struct wanted){ 0 });
    w = peek(p);
    if (w->kind != WORD_PLAIN)
        return;
    size_t piece = p->r->outline_count, at = p->r->count;
    struct span body = { 0, 0 };
    add_piece(p, ROLE_TEMPLATE, w)->kind = NAME_TEMPLATE;
    mark_name(p, take(p), ROLE_TEMPLATE, NAME_TEMPLATE, true);
    size_t first = p->r->count;
    if (is_mark(peek(p), '('))
        read_parameters(p);
    want(p, (struct wanted){ 0 });
    if (is_mark(peek(p), '{'))
        body = read_block(p, in);
    close_scope(p, first, start);
    finish(p, piece, body);
    p->r->marks[at].whole = (struct span){ start->span.start, p->at[-1].span.end };
}

static void read_call(struct reader *p, struct setting_of in) {
    const struct word *w = take(p);
    mark_name(p, w, ROLE_TEMPLATE, NAME_TEMPLATE, false)->in = in;
    read_arguments(p, (struct wanted){ .want = WANT_CALL_ARGUMENT, .in = in, .owner = w->text });
}

static void read_for(struct reader *p, struct setting_of in) {
    const struct word *start = take(p);
    size_t first = p->r->count, piece = p->r->outline_count;
    struct span body = { 0, 0 };
    mark_word(p, start, ROLE_KEYWORD);
    add_piece(p, ROLE_KEYWORD, start);
    if (is_text(peek(p)))
        mark_name(p, take(p), ROLE_PARAMETER, NAME_VALUE, true);
    if (peek(p)->kind == WORD_KEYWORD)
        mark_word(p, take(p), ROLE_KEYWORD);
    read_value(p, (struct wanted){ .want = WANT_VALUE });
    want(p, (struct wanted){ 0 });
    if (is_mark(peek(p), '{'))
        body = read_block(p, in);
    else if (is_text(peek(p)) && is_mark(p->at + 1, '('))
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
    const struct word *w = take(p);
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
    add_mark(p, mark);
    f.known = v && shape_parse(v->shape, &f.shape);
    bool listed = p->depth == 0 || (v && v->block != PLACE_NONE);
    if (listed)
        add_piece(p, ROLE_SETTING, w);
    in.options = v ? options_of(v, in) : NULL;
    const struct word *first = p->at;
    read_rest(p, &f, in);
    if (listed && p->at > first) {
        struct span detail = { first->span.start, p->at[-1].span.end };
        p->r->outline[piece].detail = source_text(p->r->sources, detail);
    }
    want(p, (struct wanted){ 0 });
    if (is_mark(peek(p), '{')) {
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
    else if (w->kind == WORD_PLAIN && is_mark(w + 1, '('))
        read_call(p, in);
    else if (w->kind == WORD_PLAIN)
        read_setting(p, in);
    want(p, (struct wanted){ 0 });
    skip_statement(p, in);
}

static void read_body(struct reader *p, struct setting_of in) {
    for (;;) {
        want(p, (struct wanted){ .want = WANT_STATEMENT, .in = in });
        const struct word *w = peek(p);
        if (w->kind == WORD_END || (is_mark(w, '}') && p->depth))
            return;
        if (w->kind == WORD_SEP || is_mark(w, '}')) {
            take(p);
            continue;
        }
        const struct word *before = p->at;
        read_statement(p, in);
        if (p->at == before)
            take(p);
    }
}

void editing_read(struct reading *r, struct arena *arena, struct source *source,
                  struct sources *sources) {
    *r = (struct reading){ .arena = arena, .source = source, .sources = sources };
    r->words = parse_words(arena, source, sources, &r->comments);
    struct reader p = { .r = r, .at = r->words };
    read_body(&p, (struct setting_of){ .place = PLACE_FILE, .routes = true });
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
