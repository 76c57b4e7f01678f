/* YAML as people write it, in one pass over the bytes: mappings and lists by indentation and
   between brackets, scalars, comments, anchors, aliases. Tags, complex keys, directives, several
   documents, tabs between words and everything that is wrong are not read here. What is here
   follows libyaml 0.2.5, whose rules about where a scalar or a key ends are not always those of the
   standard. */
#include "lower/yaml_quick.h"

#include "lower/yaml_readers.h"
#include "support/utf8.h"

enum { LONGEST_KEY = 1000 }; /* bytes; libyaml gives up after 1024 characters */

/* ---- between words ---- */

bool quick_line_end(struct quick *q) {
    if (*q->at == '\r' && (++q->at == q->end || *q->at != '\n'))
        return false; /* a bare CR */
    q->line = ++q->at;
    return true;
}

static bool skip_blanks(struct quick *q) {
    for (;;) {
        quick_spaces(q);
        if (q->at == q->end)
            return true;
        char c = *q->at;
        if (c == '#') {
            if (q->at != q->line && q->at[-1] != ' ')
                return false;
            while (q->at < q->end && *q->at != '\n' && *q->at != '\r')
                q->at++;
        } else if (c == '\n' || c == '\r') {
            if (!quick_line_end(q))
                return false;
        } else {
            return c != '\t';
        }
    }
}

/* `---`, `...` and directives stand in the first column; so may a list's `-`. */
static bool may_be_marker(const struct quick *q) {
    if (q->at != q->line || q->at == q->end)
        return false;
    return *q->at == '%' || *q->at == '.' || (*q->at == '-' && !quick_blank(q, q->at + 1));
}

bool quick_skip(struct quick *q) {
    return skip_blanks(q) && !may_be_marker(q);
}

/* A value ended at `stop`: nothing but a comment may follow on its line. A scalar without quotes
   may have looked for its end on a later one already. */
static bool end_line(struct quick *q, const char *stop) {
    if (q->line <= stop) {
        quick_spaces(q);
        if (q->at < q->end && *q->at != '\n' && *q->at != '\r' && *q->at != '#')
            return false;
    }
    return quick_skip(q);
}

/* ---- handing on ---- */

static uint32_t place(const struct quick *q, const char *at) {
    return q->build->file->source->base + (uint32_t)(at - q->text);
}

static struct span span(const struct quick *q, const char *from, const char *to) {
    return (struct span){ place(q, from), place(q, to) };
}

static bool give_scalar(struct quick *q, const struct quick_scalar *s, struct tree_props *props) {
    struct yaml_scalar scalar = { s->style, span(q, s->start, s->stop),
                                  span(q, s->inside, s->outside), s->value };
    yaml_build_scalar(q->build, &scalar, props);
    return q->build->file->nodes < q->build->most;
}

static bool give_nothing(struct quick *q, const char *at) {
    struct quick_scalar s = { TREE_PLAIN, at, at, at, at, { at, 0 } };
    return give_scalar(q, &s, NULL);
}

static bool open_collection(struct quick *q, enum tree_kind kind, enum tree_style style,
                            const char *start, struct tree_props *props) {
    uint32_t indent = style == TREE_BLOCK ? (uint32_t)(start - q->line) : 0;
    yaml_build_open(q->build, kind, style, span(q, start, start), indent, props);
    return !q->build->broken && q->build->file->nodes < q->build->most;
}

/* ---- anchors and aliases ---- */

/* The name behind `&` or `*`; a blank follows, or what ends a value between brackets. */
static bool read_name(struct quick *q, bool brackets, struct str *name) {
    const char *from = ++q->at;
    while (q->at < q->end && (char_is_alnum(*q->at) || *q->at == '_' || *q->at == '-'))
        q->at++;
    *name = (struct str){ from, (size_t)(q->at - from) };
    bool ends = brackets && q->at < q->end && strchr(",]}", *q->at);
    return name->len > 0 && (ends || quick_blank(q, q->at));
}

static bool read_alias(struct quick *q, bool brackets) {
    const char *start = q->at;
    struct str name;
    if (!read_name(q, brackets, &name))
        return false;
    yaml_build_alias(q->build, name, span(q, start, q->at));
    return !q->build->broken && q->build->file->nodes < q->build->most;
}

static struct tree_props *read_anchor(struct quick *q) {
    const char *start = q->at;
    struct str name;
    if (!read_name(q, false, &name))
        return NULL;
    struct tree_props *props = arena_new(q->build->file->arena, struct tree_props);
    *props = (struct tree_props){ .anchor = name, .tag = STR(""), .start = place(q, start) };
    return props;
}

/* ---- between brackets ---- */

static bool bracket_node(struct quick *q);

/* Behind an entry: at the next one, or at the bracket that closes. */
static bool next_in_brackets(struct quick *q, char close) {
    if (!quick_skip(q) || q->at == q->end)
        return false;
    if (*q->at == close)
        return true;
    if (*q->at != ',')
        return false;
    q->at++;
    return quick_skip(q) && q->at < q->end;
}

static bool bracket_key(struct quick *q) {
    const char *line = q->line;
    struct quick_scalar key;
    if (!quick_scalar(q, -1, true, &key) || q->line != line)
        return false;
    quick_spaces(q);
    if (q->at == q->end || *q->at != ':' || q->at - key.start > LONGEST_KEY)
        return false;
    q->at++;
    return give_scalar(q, &key, NULL);
}

static bool bracket_entry(struct quick *q, bool map) {
    if (!map)
        return bracket_node(q);
    if (!bracket_key(q) || !quick_skip(q) || q->at == q->end)
        return false;
    return *q->at == ',' || *q->at == '}' ? give_nothing(q, q->at) : bracket_node(q);
}

static bool bracket_collection(struct quick *q, struct tree_props *props) {
    bool map = *q->at == '{';
    char close = map ? '}' : ']';
    if (!open_collection(q, map ? TREE_MAPPING : TREE_SEQUENCE, TREE_FLOW, q->at, props))
        return false;
    q->at++;
    if (!quick_skip(q) || q->at == q->end)
        return false;
    while (*q->at != close)
        if (!bracket_entry(q, map) || !next_in_brackets(q, close))
            return false;
    q->at++;
    yaml_build_close(q->build, place(q, q->at));
    return true;
}

static bool bracket_node(struct quick *q) {
    struct quick_scalar s;
    switch (*q->at) {
    case '[':
    case '{': return bracket_collection(q, NULL);
    case '*': return read_alias(q, true);
    default: return quick_scalar(q, -1, true, &s) && give_scalar(q, &s, NULL);
    }
}

/* ---- by indentation ---- */

static bool block_node(struct quick *q, ptrdiff_t indent, struct tree_props *props, bool fresh);

static ptrdiff_t column(const struct quick *q) {
    return q->at == q->end ? -1 : q->at - q->line;
}

static bool at_dash(const struct quick *q) {
    return *q->at == '-' && quick_blank(q, q->at + 1);
}

static bool block_sequence(struct quick *q, struct tree_props *props, bool in_mapping);

/* What stands behind a key's `:` or a list's `-`; `indent` is their collection's. */
static bool entry_value(struct quick *q, ptrdiff_t indent, bool behind_key) {
    const char *mark = q->at;
    struct tree_props *props = NULL;
    quick_spaces(q);
    if (q->at < q->end && *q->at == '&') {
        props = read_anchor(q);
        if (!props)
            return false;
        quick_spaces(q);
    }
    if (q->at < q->end && *q->at != '\n' && *q->at != '\r' && *q->at != '#')
        return block_node(q, indent, props, !behind_key && !props);
    if (!end_line(q, q->at))
        return false;
    if (column(q) > indent)
        return block_node(q, indent, props, true);
    if (behind_key && column(q) == indent && at_dash(q))
        return block_sequence(q, props, true);
    return !props && give_nothing(q, mark);
}

/* A list below a key may have its dashes under the key. */
static bool block_sequence(struct quick *q, struct tree_props *props, bool in_mapping) {
    ptrdiff_t indent = column(q);
    if (!open_collection(q, TREE_SEQUENCE, TREE_BLOCK, q->at, props))
        return false;
    do {
        if (!at_dash(q)) {
            if (!in_mapping)
                return false;
            break;
        }
        q->at++;
        if (!entry_value(q, indent, false))
            return false;
    } while (column(q) == indent);
    if (column(q) > indent)
        return false;
    yaml_build_close(q->build, 0);
    return true;
}

/* A scalar was read on `line`: is it a key? Then `at` comes to stand behind its colon. */
static bool ends_key(struct quick *q, const char *line, const struct quick_scalar *s) {
    if (q->line != line)
        return false;
    quick_spaces(q);
    if (q->at == q->end || *q->at != ':' || !quick_blank(q, q->at + 1) ||
        q->at - s->start > LONGEST_KEY)
        return false;
    q->at++;
    return true;
}

static bool next_key(struct quick *q, ptrdiff_t indent, struct quick_scalar *key) {
    const char *line = q->line;
    return !at_dash(q) && quick_scalar(q, indent, false, key) && ends_key(q, line, key);
}

/* Its first key was read. */
static bool block_mapping(struct quick *q, struct quick_scalar *key, struct tree_props *props) {
    ptrdiff_t indent = key->start - q->line;
    if (!open_collection(q, TREE_MAPPING, TREE_BLOCK, key->start, props))
        return false;
    for (;;) {
        if (!give_scalar(q, key, NULL) || !entry_value(q, indent, true))
            return false;
        if (column(q) != indent)
            break;
        if (!next_key(q, indent, key))
            return false;
    }
    if (column(q) > indent)
        return false;
    yaml_build_close(q->build, 0);
    return true;
}

/* An anchor on a line of its own, or before a value. */
static bool anchored_node(struct quick *q, ptrdiff_t indent) {
    struct tree_props *props = read_anchor(q);
    if (!props)
        return false;
    quick_spaces(q);
    if (q->at < q->end && *q->at != '\n' && *q->at != '\r' && *q->at != '#')
        return block_node(q, indent, props, false);
    return end_line(q, q->at) && column(q) > indent && block_node(q, indent, props, true);
}

static bool scalar_node(struct quick *q, ptrdiff_t indent, struct tree_props *props, bool fresh) {
    const char *line = q->line;
    struct quick_scalar s;
    if (!quick_scalar(q, indent, false, &s))
        return false;
    if (fresh && ends_key(q, line, &s))
        return block_mapping(q, &s, props);
    return give_scalar(q, &s, props) && end_line(q, s.stop);
}

/* `indent`: of the collection around. `fresh`: a mapping or list may begin here, because nothing
   but dashes stands before it on its line. */
static bool block_node(struct quick *q, ptrdiff_t indent, struct tree_props *props, bool fresh) {
    struct quick_scalar s;
    switch (*q->at) {
    case '&': return !props && anchored_node(q, indent);
    case '*': return !props && read_alias(q, false) && end_line(q, q->at);
    case '[':
    case '{': return bracket_collection(q, props) && end_line(q, q->at);
    case '|':
    case '>':
        return quick_block_scalar(q, indent, &s) && give_scalar(q, &s, props) && quick_skip(q);
    case '-':
        if (at_dash(q))
            return fresh && block_sequence(q, props, false);
        break;
    default: break;
    }
    return scalar_node(q, indent, props, fresh);
}

/* ---- the file ---- */

/* U+0085, U+2028, U+2029 end lines in libyaml, and it has an opinion about U+FEFF. */
static bool has_odd_characters(struct str text) {
    for (size_t i = 0; (i += utf8_ascii_run(text, i, text.len)) < text.len; i++) {
        struct str rest = str_from(text, i);
        if (str_starts(rest, STR("\xc2\x85")) || str_starts(rest, STR("\xe2\x80\xa8")) ||
            str_starts(rest, STR("\xe2\x80\xa9")) || str_starts(rest, STR("\xef\xbb\xbf")))
            return true;
    }
    return false;
}

/* The line `---` above everything. */
static bool skip_start(struct quick *q) {
    if (!skip_blanks(q))
        return false;
    struct str rest = { q->at, (size_t)(q->end - q->at) };
    if (q->at != q->line || !str_starts(rest, STR("---")))
        return !may_be_marker(q);
    q->at += 3;
    return quick_blank(q, q->at) && end_line(q, q->at) && q->at < q->end;
}

static bool read_document(struct quick *q) {
    if (!skip_start(q))
        return false;
    return q->at == q->end || (block_node(q, -1, NULL, true) && q->at == q->end);
}

struct tree_file *yaml_read_quick(struct arena *arena, struct source *source, size_t most) {
    struct diags none = { .arena = arena };
    struct yaml_build build;
    struct str text = source->text;
    struct quick q = { .build = &build };
    yaml_build_start(&build, arena, &none, source, most);
    q.text = text.at ? text.at : "";
    q.end = q.text + text.len;
    q.at = q.line = str_starts(text, STR("\xef\xbb\xbf")) ? q.text + 3 : q.text;
    if (has_odd_characters(str_from(text, (size_t)(q.at - q.text))) || !read_document(&q))
        return NULL;
    return none.first ? NULL : yaml_build_finish(&build);
}
