/* What a written value means: escapes, indentation and interpolation, with the way back to the
 * source. */
#include "model/value.h"

#include "model/program.h"
#include "support/buf.h"
#include "support/nearest.h"
#include "support/utf8.h"

/* ---- texts and places ---- */

struct text text_made(struct str s, struct span span) {
    return (struct text){ .s = s, .span = span, .inner = 0 };
}

struct span text_span(const struct text *t, size_t from, size_t to) {
    if (t->pieces) {
        const struct piece *first = t->pieces;
        while (first[1].at <= from && first[1].at != UINT32_MAX)
            first++;
        const struct piece *last = first;
        while (last[1].at < to && last[1].at != UINT32_MAX)
            last++;
        struct span a =
            first->whole ? first->span : span_slice(first->span, from - first->at, to - first->at);
        struct span b = last == first ? a
                        : last->whole ? last->span
                                      : span_slice(last->span, 0, to - last->at);
        return span_join(a, b);
    }
    if (t->inner == 0)
        return t->span;
    return (struct span){ t->inner + (uint32_t)from, t->inner + (uint32_t)to };
}

struct text text_slice(const struct text *t, size_t from, size_t to) {
    struct text part = { .s = str_slice(t->s, from, to),
                         .span = text_span(t, from, to),
                         .quoted = t->quoted,
                         .compose = t->compose,
                         .sample = t->sample };
    if (!t->pieces)
        part.inner = t->inner ? t->inner + (uint32_t)from : 0;
    for (uint32_t i = 0; i < t->placeholder_count; i++) {
        const struct placeholder *p = &t->placeholders[i];
        if (p->at >= from && p->at < to)
            part.placeholder_count++;
    }
    return part;
}

/* ---- bounds ---- */

enum {
    LONGEST_TEXT = 1024 * 1024,        /* that interpolation may make */
    HEAVIEST_VALUE = 64 * 1024 * 1024, /* of all texts in a list, ITEM_WEIGHT for each item */
    ITEM_WEIGHT = 64,
};

static size_t value_weight(const struct value *value) {
    return value->kind == VALUE_TEXT ? ITEM_WEIGHT + value->text.s.len
                                     : ITEM_WEIGHT + value->weight;
}

static void tell_heavy(struct scope *scope, struct span span) {
    if (scope->program->heavy)
        return;
    scope->program->heavy = true;
    struct diag *d = diag_add(scope_diags(scope), DIAG_EXPANSION, span,
                              "this value grows beyond %d MiB", HEAVIEST_VALUE / 1024 / 1024);
    diag_help(scope_diags(scope), d, "do not double a list in steps; write what is needed");
}

/* ---- cooking ---- */

/* A text while it grows, with the pieces that lead back. */
struct cook {
    struct scope *scope;
    struct buf out;
    struct piece *pieces;
    size_t piece_count, piece_room;
    struct placeholder *placeholders;
    size_t placeholder_count, placeholder_room;
    bool sample, bad;
};

static void *grow_list(struct arena *a, void *list, size_t count, size_t *room, size_t size) {
    if (count < *room)
        return list;
    *room = *room ? *room * 2 : 8;
    void *grown = arena_alloc(a, *room * size);
    return count ? memcpy(grown, list, count * size) : grown;
}

static void add_piece(struct cook *c, struct span span, bool whole) {
    c->pieces =
        grow_list(c->out.arena, c->pieces, c->piece_count, &c->piece_room, sizeof *c->pieces);
    c->pieces[c->piece_count++] = (struct piece){ (uint32_t)c->out.len, whole, span };
}

static void add_plain(struct cook *c, struct str s, struct span span) {
    if (s.len == 0)
        return;
    add_piece(c, span, false);
    buf_add(&c->out, s);
}

static void add_whole(struct cook *c, struct str s, struct span span) {
    add_piece(c, span, true);
    buf_add(&c->out, s);
}

static void add_placeholder(struct cook *c, struct str s, struct span span) {
    c->placeholders = grow_list(c->out.arena, c->placeholders, c->placeholder_count,
                                &c->placeholder_room, sizeof *c->placeholders);
    c->placeholders[c->placeholder_count++] =
        (struct placeholder){ (uint32_t)c->out.len, (uint32_t)s.len };
    add_plain(c, s, span);
}

/* The text of a binding put in the middle of a word, its own placeholders kept. */
static void add_text(struct cook *c, const struct text *t, struct span span) {
    size_t base = c->out.len;
    for (uint32_t i = 0; i < t->placeholder_count; i++) {
        c->placeholders = grow_list(c->out.arena, c->placeholders, c->placeholder_count,
                                    &c->placeholder_room, sizeof *c->placeholders);
        struct placeholder p = t->placeholders[i];
        p.at += (uint32_t)base;
        c->placeholders[c->placeholder_count++] = p;
    }
    c->sample |= t->sample;
    add_whole(c, t->s, span);
}

static struct binding *look_up(struct scope *scope, struct str name, struct span span) {
    struct binding *binding = scope_find(scope, name);
    if (binding) {
        binding->used = true;
        return binding;
    }
    if (program_lost(scope, name))
        return NULL;
    struct diags *diags = scope_diags(scope);
    struct diag *d = diag_add(diags, DIAG_VARIABLE_UNKNOWN, span, "nothing here is called `%.*s`",
                              STR_ARG(name));
    struct nearest near = { .wanted = name, .effort = &diags->hints };
    scope_offer_names(scope, &near);
    if (near.best.len)
        diag_suggest(diags, d, span_slice(span, 1, 1 + name.len), near.best);
    else
        diag_help(
            diags, d,
            "declare it: let %.*s = …; a block of one word has blanks inside: { %.*s }; text with "
            "braces goes between backticks",
            STR_ARG(name), STR_ARG(name));
    return NULL;
}

static void interpolate(struct cook *c, struct str name, struct span span) {
    struct binding *binding = look_up(c->scope, name, span);
    if (!binding) {
        c->bad = true;
        return;
    }
    struct value value = binding_value(binding);
    if (value.kind == VALUE_BAD) {
        c->bad = true;
    } else if (value.kind == VALUE_TEXT) {
        if (c->out.len + value.text.s.len > LONGEST_TEXT) {
            struct diag *d =
                diag_add(scope_diags(c->scope), DIAG_EXPANSION, span,
                         "here the text grows beyond %d MiB", LONGEST_TEXT / 1024 / 1024);
            diag_help(scope_diags(c->scope), d, "no text of a configuration is that long");
            c->bad = true;
        } else if (!program_afford(c->scope->program, value.text.s.len, span)) {
            c->bad = true;
        } else {
            add_text(c, &value.text, span);
        }
    } else {
        struct diags *diags = scope_diags(c->scope);
        struct diag *d = diag_add(diags, DIAG_INTERPOLATE_LIST, span,
                                  "`%.*s` is a list and cannot stand inside a word", STR_ARG(name));
        diag_note_at(diags, d, binding->span, "declared here");
        diag_help(diags, d, "use it where a list is expected, or loop over it with `for`");
        c->bad = true;
    }
}

static bool is_name_char(char ch, bool first) {
    return char_is_alpha(ch) || ch == '_' ||
           (!first && (char_is_digit(ch) || ch == '.' || ch == '-'));
}

/* The length of `{name}` at s[at], or 0. */
static size_t braces_at(struct str s, size_t at) {
    size_t i = at + 1;
    if (i >= s.len || !is_name_char(s.at[i], true))
        return 0;
    while (i < s.len && is_name_char(s.at[i], false))
        i++;
    return i < s.len && s.at[i] == '}' ? i + 1 - at : 0;
}

/* The length of `${…}` at s[at], or 0. */
static size_t placeholder_at(struct str s, size_t at) {
    if (at + 1 >= s.len || s.at[at] != '$' || s.at[at + 1] != '{')
        return 0;
    size_t depth = 0;
    for (size_t i = at + 1; i < s.len && s.at[i] != '\n'; i++) {
        if (s.at[i] == '{')
            depth++;
        else if (s.at[i] == '}' && --depth == 0)
            return i + 1 - at;
    }
    return 0;
}

/* One escape of a string at s[at] == '\\'; its length. Escapes that do not exist were told by the
 * scanner. */
static size_t escape(struct cook *c, struct str s, size_t at, struct span base) {
    if (at + 1 >= s.len)
        return 1;
    struct buf one = { .arena = c->out.arena };
    size_t len = 2;
    switch (s.at[at + 1]) {
    case 'n': buf_char(&one, '\n'); break;
    case 'r': buf_char(&one, '\r'); break;
    case 't': buf_char(&one, '\t'); break;
    case 'u': {
        uint32_t cp = 0;
        size_t i = at + 3;
        for (; i < s.len && s.at[i] != '}' && i < at + 10; i++) {
            char h = char_lower(s.at[i]);
            cp = cp * 16 + (uint32_t)(char_is_digit(h) ? h - '0' : h - 'a' + 10);
        }
        len = i + 1 - at;
        utf8_add(&one, cp <= 0x10ffff ? cp : 0xfffd);
        break;
    }
    case '$': /* of a variable that is none */
        len += placeholder_at(s, at + 1) ? placeholder_at(s, at + 1) - 1 : 0;
        buf_add(&one, str_slice(s, at + 1, at + len));
        break;
    default: buf_char(&one, s.at[at + 1]); break;
    }
    add_whole(c, buf_str(&one), span_slice(base, at, at + len));
    return len;
}

/* Where a text stands: at `base` byte for byte, or as the pieces of a word from YAML or JSON say.
 */
struct stretch {
    struct str s;
    struct span base;
    const struct node_text *node; /* NULL but for such words */
};

static struct span stretch_span(const struct stretch *t, size_t from, size_t to) {
    return t->node ? node_text_span(t->node, from, to) : span_slice(t->base, from, to);
}

static void add_stretch(struct cook *c, const struct stretch *t, size_t from, size_t to) {
    if (!t->node) {
        add_plain(c, str_slice(t->s, from, to), span_slice(t->base, from, to));
        return;
    }
    for (const struct piece *p = t->node->pieces; p->at != UINT32_MAX && p->at < to; p++) {
        size_t start = p->at < from ? from : p->at, end = p[1].at < to ? p[1].at : to;
        if (start >= end)
            continue;
        add_piece(c, node_text_span(t->node, start, end), p->whole);
        buf_add(&c->out, str_slice(t->s, start, end));
    }
}

/* In a heredoc a backslash only protects what it stands before. */
static void cook_text(struct cook *c, const struct stretch *t, enum node_kind kind) {
    struct str s = t->s;
    size_t plain = 0, i = 0;
    while (i < s.len && !c->bad) {
        char ch = s.at[i];
        size_t len = 0;
        if (ch == '\\' && kind == NODE_STRING) {
            add_stretch(c, t, plain, i);
            i += escape(c, s, i, t->base);
            plain = i;
            continue;
        }
        if (ch == '\\' && kind == NODE_HEREDOC) {
            size_t kept = placeholder_at(s, i + 1);
            if (kept == 0 && i + 1 < s.len && s.at[i + 1] == '{')
                kept = braces_at(s, i + 1);
            if (kept) {
                add_stretch(c, t, plain, i);
                add_stretch(c, t, i + 1, i + 1 + kept);
                i += 1 + kept;
                plain = i;
                continue;
            }
        }
        if (ch == '$' && (len = placeholder_at(s, i)) > 0) {
            add_stretch(c, t, plain, i);
            add_placeholder(c, str_slice(s, i, i + len), stretch_span(t, i, i + len));
        } else if (ch == '{' && (len = braces_at(s, i)) > 0) {
            add_stretch(c, t, plain, i);
            interpolate(c, str_slice(s, i + 1, i + len - 1), stretch_span(t, i, i + len));
        } else {
            i++;
            continue;
        }
        i += len;
        plain = i;
    }
    if (!c->bad)
        add_stretch(c, t, plain, s.len);
}

/* The blanks that every line of a heredoc with something in it begins with. */
static size_t common_indent(struct str s) {
    size_t common = STR_NONE;
    for (size_t at = 0; at < s.len;) {
        size_t i = at;
        while (i < s.len && (s.at[i] == ' ' || s.at[i] == '\t'))
            i++;
        size_t end = i;
        while (end < s.len && s.at[end] != '\n')
            end++;
        bool blank = i == end || (i + 1 == end && s.at[i] == '\r');
        if (!blank && i - at < common)
            common = i - at;
        at = end + 1;
    }
    return common == STR_NONE ? 0 : common;
}

/* Starts on the line below the quotes; the last line is dropped when only the closing quotes are on
 * it. */
static void cook_heredoc(struct cook *c, const struct node_text *node) {
    struct str s = node->text;
    size_t first = str_find(s, '\n');
    size_t told = first != STR_NONE && first > 0 && s.at[first - 1] == '\r' ? first - 1 : first;
    if (first == STR_NONE || str_trim(str_slice(s, 0, first)).len) {
        struct span where = first == STR_NONE
                                ? node->base.span
                                : (struct span){ node->inner, node->inner + (uint32_t)told };
        struct diag *d =
            diag_add(scope_diags(c->scope), DIAG_HEREDOC_OPEN, where,
                     "the text of a heredoc starts on the line below its opening quotes");
        diag_help(scope_diags(c->scope), d, "break the line after the opening quotes");
        c->bad = true;
        return;
    }
    size_t at = first + 1, end = s.len;
    size_t last = str_find_last(s, '\n');
    if (last != STR_NONE && str_trim(str_from(s, last)).len == 0)
        end = last + 1;
    if (end < at)
        end = at;
    size_t indent = common_indent(str_slice(s, at, end));
    while (at < end && !c->bad) {
        size_t stop = at;
        while (stop < end && s.at[stop] != '\n')
            stop++;
        size_t from = at;
        for (size_t n = 0; n < indent && from < stop && (s.at[from] == ' ' || s.at[from] == '\t');
             n++)
            from++;
        size_t to = stop > from && s.at[stop - 1] == '\r' ? stop - 1 : stop;
        struct span span = { node->inner + (uint32_t)from, node->inner + (uint32_t)to };
        struct stretch line = { str_slice(s, from, to), span, NULL };
        cook_text(c, &line, NODE_HEREDOC);
        if (stop < end)
            add_whole(c, STR("\n"), span_slice(span, to - from, to - from));
        at = stop + 1;
    }
}

static struct text finish(struct cook *c, const struct node_text *node) {
    struct text t = { .s = buf_str(&c->out),
                      .span = node->base.span,
                      .placeholders = c->placeholders,
                      .placeholder_count = (uint32_t)c->placeholder_count,
                      .quoted = node->base.kind != NODE_WORD,
                      .sample = c->sample };
    c->pieces =
        grow_list(c->out.arena, c->pieces, c->piece_count, &c->piece_room, sizeof *c->pieces);
    c->pieces[c->piece_count] = (struct piece){ UINT32_MAX, true, node->base.span };
    t.pieces = c->piece_count ? c->pieces : NULL;
    return t;
}

/* ---- nodes to values ---- */

static struct value text_value(struct node *node, struct text text) {
    return (struct value){ .kind = VALUE_TEXT, .span = node->span, .text = text, .node = node };
}

static struct value bad_value(struct node *node) {
    return (struct value){ .kind = VALUE_BAD, .span = node->span, .node = node };
}

/* Texts of YAML and JSON keep their `${X}` as the language's own do; nothing else in them is read.
 */
static void find_placeholders(struct scope *scope, struct text *t) {
    struct cook c = { .out = { .arena = scope_arena(scope) } };
    for (size_t i = 0, len; i + 3 < t->s.len; i += len ? len : 1) {
        len = placeholder_at(t->s, i);
        if (!len)
            continue;
        c.placeholders = grow_list(c.out.arena, c.placeholders, c.placeholder_count,
                                   &c.placeholder_room, sizeof *c.placeholders);
        c.placeholders[c.placeholder_count++] = (struct placeholder){ (uint32_t)i, (uint32_t)len };
    }
    t->placeholders = c.placeholders;
    t->placeholder_count = (uint32_t)c.placeholder_count;
}

static struct value word_value(struct scope *scope, struct node *node) {
    struct node_text *n = node_text(node);
    if (!n->has_braces && node->kind != NODE_HEREDOC) {
        struct text t = { .s = n->text,
                          .span = node->span,
                          .inner = n->inner,
                          .pieces = n->pieces,
                          .quoted = node->kind != NODE_WORD };
        if (node->free_form)
            find_placeholders(scope, &t);
        return text_value(node, t);
    }
    if (node->kind == NODE_WORD && n->text.at[0] == '{' && braces_at(n->text, 0) == n->text.len) {
        struct binding *binding =
            look_up(scope, str_slice(n->text, 1, n->text.len - 1), node->span);
        struct value value = binding ? binding_value(binding) : bad_value(node);
        value.span = node->span;
        if (value.kind == VALUE_TEXT) {
            /* The value is someone else's text: whatever is wrong with it, it is wrong here. */
            value.text.span = node->span;
            value.text.pieces = NULL;
            value.text.inner = 0;
        }
        value.node = node;
        return value;
    }
    struct cook cook = { .scope = scope, .out = { .arena = scope_arena(scope) } };
    struct stretch all = { n->text,
                           { n->inner, n->inner + (uint32_t)n->text.len },
                           n->pieces ? n : NULL };
    if (node->kind == NODE_HEREDOC)
        cook_heredoc(&cook, n);
    else
        cook_text(&cook, &all, (enum node_kind)node->kind);
    if (cook.bad)
        return bad_value(node);
    struct text made = finish(&cook, n);
    made.compose = node->free_form;
    return text_value(node, made);
}

static struct value many(struct scope *scope, struct node *node, enum value_kind kind,
                         struct nodes nodes) {
    struct value value = { .kind = kind, .span = node->span, .node = node };
    size_t count = nodes_count(nodes);
    if (!program_afford(scope->program, count * sizeof value, node->span))
        return bad_value(node);
    value.items = arena_array(scope_scratch(scope), struct value, count);
    for (struct node *n = nodes.head; n; n = n->next) {
        value.items[value.count] = value_of(scope, n);
        value.weight += value_weight(&value.items[value.count++]);
        if (value.weight > HEAVIEST_VALUE) {
            tell_heavy(scope, n->span);
            return bad_value(node);
        }
    }
    return value;
}

static struct text name_text(struct str name, struct span span) {
    return (struct text){ .s = name, .span = span, .inner = span.start };
}

struct value value_of(struct scope *scope, struct node *node) {
    switch ((enum node_kind)node->kind) {
    case NODE_WORD:
    case NODE_STRING:
    case NODE_RAW:
    case NODE_HEREDOC: return word_value(scope, node);
    case NODE_LIST: return many(scope, node, VALUE_LIST, node_list(node)->items);
    case NODE_CALL: {
        struct node_call *call = node_call(node);
        struct value value = many(scope, node, VALUE_CALL, call->args);
        value.text = name_text(call->name, call->name_span);
        return value;
    }
    case NODE_ARG: {
        struct node_arg *arg = node_arg(node);
        struct value value = many(scope, node, VALUE_ARG, (struct nodes){ arg->value, arg->value });
        value.text = name_text(arg->name, arg->name_span);
        return value;
    }
    case NODE_ROUTE:
    case NODE_SETTING:
    case NODE_LET:
    case NODE_MIDDLEWARE:
    case NODE_TEMPLATE:
    case NODE_FOR:
    case NODE_BROKEN:
    case NODE_BLOCK:
    case NODE_POOL:
    case NODE_TARGET:
    case NODE_PARAM: break;
    }
    return bad_value(node);
}

/* The lists inside a list, laid out flat. A bare word that names a list is that list, but not
   inside itself. */
struct flat {
    struct value *items; /* NULL while they are counted */
    size_t count, weight;
};

static void flatten(struct flat *f, struct scope *scope, const struct value *value);

static void flatten_items(struct flat *f, struct scope *scope, const struct value *list) {
    for (size_t i = 0; i < list->count && f->weight <= HEAVIEST_VALUE; i++)
        flatten(f, scope, &list->items[i]);
}

static bool flatten_named(struct flat *f, struct scope *scope, struct binding *binding) {
    struct value list = binding_value(binding);
    if (list.kind != VALUE_LIST || binding->open)
        return false;
    binding->used = binding->open = true;
    flatten_items(f, binding->scope ? binding->scope : scope, &list);
    binding->open = false;
    return true;
}

static void flatten(struct flat *f, struct scope *scope, const struct value *value) {
    if (!f->items)
        f->weight += value->kind == VALUE_LIST ? ITEM_WEIGHT : value_weight(value);
    if (value->kind == VALUE_LIST) {
        flatten_items(f, scope, value);
        return;
    }
    struct value item = *value;
    if (item.kind == VALUE_TEXT && !item.text.quoted && item.node && item.node->kind == NODE_WORD) {
        struct binding *binding = scope_find(scope, item.text.s);
        if (binding && flatten_named(f, scope, binding))
            return;
        if (!binding && table_get(&scope->unit->scope->lost, item.text.s))
            item.kind = VALUE_BAD;
    }
    if (f->items)
        f->items[f->count] = item;
    f->count++;
}

struct value value_as_list(struct scope *scope, struct value value) {
    if (value.kind == VALUE_BAD)
        return value;
    struct flat flat = { 0 };
    struct value bad = { .kind = VALUE_BAD, .span = value.span, .node = value.node };
    flatten(&flat, scope, &value);
    if (flat.weight > HEAVIEST_VALUE) {
        tell_heavy(scope, value.span);
        return bad;
    }
    if (!program_afford(scope->program, flat.count * sizeof value, value.span))
        return bad;
    struct value list = { .kind = VALUE_LIST, .span = value.span, .node = value.node };
    list.items = flat.items = arena_array(scope_scratch(scope), struct value, flat.count);
    list.count = flat.count;
    list.weight = flat.weight;
    flat.count = flat.weight = 0;
    flatten(&flat, scope, &value);
    return list;
}

struct value value_list_of(struct scope *scope, struct node *node) {
    return value_as_list(scope, value_of(scope, node));
}

bool value_text(struct scope *scope, const struct value *value, const char *what,
                struct text *out) {
    switch (value->kind) {
    case VALUE_TEXT: *out = value->text; return true;
    case VALUE_BAD: return false;
    case VALUE_LIST:
        if (value->count == 1 && value->items[0].kind == VALUE_TEXT) {
            *out = value->items[0].text;
            return true;
        }
        diag_add(scope_diags(scope), DIAG_VALUE_KIND, value->span, "a list stands where %s belongs",
                 what);
        return false;
    case VALUE_CALL:
        diag_add(scope_diags(scope), DIAG_VALUE_KIND, value->span, "a call stands where %s belongs",
                 what);
        return false;
    case VALUE_ARG:
        diag_add(scope_diags(scope), DIAG_VALUE_KIND, value->span,
                 "`%.*s = …` stands where %s belongs", STR_ARG(value->text.s), what);
        return false;
    }
    return false;
}

static void show(struct buf *out, const struct value *value) {
    switch (value->kind) {
    case VALUE_BAD: buf_char(out, '?'); break;
    case VALUE_TEXT: buf_add(out, value->text.s); break;
    case VALUE_LIST:
    case VALUE_CALL:
        buf_add(out, value->text.s);
        buf_char(out, value->kind == VALUE_LIST ? '[' : '(');
        for (size_t i = 0; i < value->count; i++) {
            if (i)
                buf_text(out, ", ");
            show(out, &value->items[i]);
        }
        buf_char(out, value->kind == VALUE_LIST ? ']' : ')');
        break;
    case VALUE_ARG:
        buf_add(out, value->text.s);
        buf_char(out, '=');
        show(out, &value->items[0]);
        break;
    }
}

struct str value_show(struct arena *arena, const struct value *value) {
    struct buf out = { .arena = arena };
    show(&out, value);
    return buf_str(&out);
}
