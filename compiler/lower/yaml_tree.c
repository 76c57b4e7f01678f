/* libyaml's events → located tree. It knows no limits, counts code points and forgets scalars'
   places inside anchors and tags: all that is made good here. */
#include "lower/yaml_tree.h"

#include "lower/text_check.h"
#include "lower/yaml_errors.h"

#include <yaml.h>

/* ---- code points → bytes ---- */

enum { STRIDE = 64 }; /* code points between two remembered places */

struct marks {
    struct str text;
    uint32_t *offsets; /* NULL while the text is ASCII: then the two are the same, but for a BOM */
    size_t count, bom;
};

static bool begins_character(char c) {
    return ((unsigned char)c & 0xc0) != 0x80;
}

static struct marks marks_new(struct arena *arena, struct str text) {
    struct marks m = { .text = text, .bom = str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0 };
    size_t characters = 0;
    for (size_t i = m.bom; i < text.len; i++)
        characters += begins_character(text.at[i]);
    if (characters == text.len - m.bom)
        return m;
    m.offsets = arena_array(arena, uint32_t, characters / STRIDE + 1);
    characters = 0;
    for (size_t i = m.bom; i < text.len; i++)
        if (begins_character(text.at[i]) && characters++ % STRIDE == 0)
            m.offsets[m.count++] = (uint32_t)i;
    return m;
}

static size_t marks_offset(const struct marks *m, size_t index) {
    if (!m->offsets)
        return index + m->bom < m->text.len ? index + m->bom : m->text.len;
    if (index / STRIDE >= m->count)
        return m->text.len;
    size_t at = m->offsets[index / STRIDE];
    for (size_t left = index % STRIDE; left > 0 && at < m->text.len; left--)
        do
            at++;
        while (at < m->text.len && !begins_character(m->text.at[at]));
    return at;
}

/* ---- the tree under construction ---- */

struct frame {
    struct tree *node;
    struct tree_entry *last;
    struct tree *key; /* mapping: read, and waiting for its value */
    uint64_t size;    /* with aliases followed */
    uint32_t height;
};

struct reader {
    yaml_parser_t parser;
    struct tree_file *file;
    struct diags *diags;
    struct marks marks;
    struct frame stack[TREE_DEEPEST];
    size_t depth;
    uint64_t expansions;
    bool stop, broken;
};

static size_t offset(const struct reader *r, yaml_mark_t mark) {
    return marks_offset(&r->marks, mark.index);
}

static struct span event_span(const struct reader *r, const yaml_event_t *event) {
    return span_of(r->file->source, offset(r, event->start_mark), offset(r, event->end_mark));
}

static void give_up(struct reader *r) {
    r->stop = r->broken = true;
}

static struct tree *parent_of(const struct reader *r) {
    return r->depth ? r->stack[r->depth - 1].node : NULL;
}

/* Hands a complete node to what it stands in. */
static void deliver(struct reader *r, struct tree *node, uint64_t size, uint32_t height) {
    if (r->depth == 0) {
        r->file->root = node;
        return;
    }
    struct frame *f = &r->stack[r->depth - 1];
    f->size += size;
    if (height > f->height)
        f->height = height;
    if (f->node->kind == TREE_MAPPING && !f->key) {
        f->key = node;
        return;
    }
    f->last = tree_append(f->node, f->last, f->key, node);
    f->key = NULL;
}

/* Blanks and line ends; YAML 1.1 ends lines with U+0085, U+2028 and U+2029, too. */
static size_t blank_length(struct str text, size_t at) {
    if (strchr(" \t\r\n", text.at[at]))
        return 1;
    struct str rest = str_from(text, at);
    if (str_starts(rest, STR("\xc2\x85")))
        return 2;
    bool separator = str_starts(rest, STR("\xe2\x80\xa8")) || str_starts(rest, STR("\xe2\x80\xa9"));
    return separator ? 3 : 0;
}

static bool ends_line(struct str text, size_t at) {
    return blank_length(text, at) > 0 && text.at[at] != ' ' && text.at[at] != '\t';
}

/* Skips anchor and tag, and what may stand between them and the value. */
static size_t skip_props(struct str text, size_t at, size_t stop) {
    while (at < stop) {
        char c = text.at[at];
        size_t blank = blank_length(text, at);
        const char *ends = c == '!' ? "," : ",?:]}%@`";
        if (blank > 0)
            at += blank;
        else if (c == '#')
            while (at < stop && !ends_line(text, at))
                at++;
        else if (c == '!' || c == '&')
            while (at < stop && blank_length(text, at) == 0 && !strchr(ends, text.at[at]))
                at++;
        else
            break;
    }
    return at < stop ? at : stop;
}

static struct str copy_bytes(struct arena *arena, const yaml_char_t *from) {
    return from ? str_copy(arena, str_of((const char *)from)) : STR("");
}

/* The span of a node with properties begins with them; the node's own begins behind. */
static void take_props(struct reader *r, struct tree *node, const yaml_char_t *anchor,
                       const yaml_char_t *tag) {
    if (!anchor && !tag)
        return;
    struct tree_props *props = arena_new(r->file->arena, struct tree_props);
    const struct source *source = r->file->source;
    props->anchor = copy_bytes(r->file->arena, anchor);
    props->tag = copy_bytes(r->file->arena, tag);
    props->start = node->span.start;
    node->props = props;
    bool block = node->kind != TREE_SCALAR && node->style == TREE_BLOCK;
    size_t stop = block ? source->text.len : node->span.end - source->base;
    node->span.start =
        source->base + (uint32_t)skip_props(source->text, props->start - source->base, stop);
    if (node->span.end < node->span.start)
        node->span.end = node->span.start;
    if (anchor)
        *table_at(r->file->anchors, props->anchor) = node;
}

/* ---- scalars ---- */

static enum tree_style scalar_style(yaml_scalar_style_t style) {
    switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: return TREE_SINGLE;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return TREE_DOUBLE;
    case YAML_LITERAL_SCALAR_STYLE: return TREE_LITERAL;
    case YAML_FOLDED_SCALAR_STYLE: return TREE_FOLDED;
    case YAML_ANY_SCALAR_STYLE:
    case YAML_PLAIN_SCALAR_STYLE: break;
    }
    return TREE_PLAIN;
}

/* Between the quotes; of a block scalar, from the line below its `|` or `>`. */
static struct span content_of(const struct source *source, const struct tree *node) {
    struct span span = node->span;
    if (node->style == TREE_SINGLE || node->style == TREE_DOUBLE)
        return (struct span){ span.start + 1, span.end - 1 };
    if (node->style == TREE_PLAIN)
        return span;
    size_t at = span.start - source->base, stop = span.end - source->base;
    while (at < stop && source->text.at[at] != '\n' && source->text.at[at] != '\r')
        at++;
    if (at < stop)
        at +=
            source->text.at[at] == '\r' && at + 1 < stop && source->text.at[at + 1] == '\n' ? 2 : 1;
    return (struct span){ source->base + (uint32_t)at, span.end };
}

static void read_scalar(struct reader *r, const yaml_event_t *event) {
    const struct source *source = r->file->source;
    struct tree *node = tree_new(r->file, TREE_SCALAR, scalar_style(event->data.scalar.style),
                                 event_span(r, event), parent_of(r));
    take_props(r, node, event->data.scalar.anchor, event->data.scalar.tag);
    node->content = content_of(source, node);
    struct str value = { (const char *)event->data.scalar.value, event->data.scalar.length };
    struct str there = str_slice(source->text, node->content.start - source->base,
                                 node->content.end - source->base);
    node->text = str_eq(there, value) ? there : str_copy(r->file->arena, value);
    if (node->props) {
        node->props->size = 1;
        node->props->height = 1;
    }
    deliver(r, node, 1, 1);
}

/* ---- aliases ---- */

static bool is_open(const struct reader *r, const struct tree *node) {
    for (size_t i = 0; i < r->depth; i++)
        if (r->stack[i].node == node)
            return true;
    return false;
}

static void report_alias(struct reader *r, struct str name, struct span span) {
    struct diag *d = diag_add(r->diags, DIAG_ALIAS, span,
                              "no anchor `&%.*s` stands above this alias", STR_ARG(name));
    diag_effect(r->diags, d, "readers of YAML refuse the file");
    diag_help(r->diags, d, "write `&%.*s` before the value that is meant, or quote the text",
              STR_ARG(name));
}

/* False when the alias would repeat more than any file has reason to. */
static bool within_limits(struct reader *r, const struct tree *target, struct span span) {
    r->expansions += target->props->size;
    const struct frame *f = r->depth ? &r->stack[r->depth - 1] : NULL;
    if (r->expansions > TREE_MOST_EXPANSIONS ||
        (f && f->size + target->props->size > TREE_MOST_EXPANSIONS + (uint64_t)r->file->nodes)) {
        struct diag *d = diag_add(r->diags, DIAG_TREE_LIMIT, span,
                                  "the aliases of this file repeat more than 1,000,000 values");
        tree_refuse(r->diags, d, "name fewer or smaller values with aliases");
        return false;
    }
    if (r->depth + target->props->height > TREE_DEEPEST) {
        struct diag *d =
            diag_add(r->diags, DIAG_TREE_LIMIT, span,
                     "values stand inside each other more than %d deep, counting what aliases name",
                     (int)TREE_DEEPEST);
        tree_refuse(r->diags, d, "use fewer aliases inside values that aliases name");
        return false;
    }
    return true;
}

static void read_alias(struct reader *r, const yaml_event_t *event) {
    struct span span = event_span(r, event);
    struct tree *node = tree_new(r->file, TREE_ALIAS, TREE_PLAIN, span, parent_of(r));
    node->alias = copy_bytes(r->file->arena, event->data.alias.anchor);
    struct tree *target = table_get(r->file->anchors, node->alias);
    if (!target) {
        report_alias(r, node->alias, span);
        r->broken = true;
    } else if (is_open(r, target)) {
        struct diag *d =
            diag_add(r->diags, DIAG_ALIAS, span, "`*%.*s` stands inside the value that it names",
                     STR_ARG(node->alias));
        diag_effect(r->diags, d, "the value would have no end");
        diag_help(r->diags, d, "remove the alias, or write the value that is meant in its place");
        r->broken = true;
        target = NULL;
    }
    if (target && !within_limits(r, target, span)) {
        give_up(r);
        return;
    }
    node->target = target;
    if (target)
        deliver(r, node, target->props->size, target->props->height);
    else /* the file is lost; a scalar keeps the rest readable until its end */
        deliver(r, tree_new(r->file, TREE_SCALAR, TREE_PLAIN, span, parent_of(r)), 1, 1);
}

/* ---- collections ---- */

static void open_collection(struct reader *r, const yaml_event_t *event, enum tree_kind kind,
                            bool flow, const yaml_char_t *anchor, const yaml_char_t *tag) {
    struct span span = event_span(r, event);
    if (r->depth == TREE_DEEPEST) {
        struct diag *d =
            diag_add(r->diags, DIAG_TREE_LIMIT, span,
                     "values stand inside each other more than %d deep", (int)TREE_DEEPEST);
        tree_refuse(r->diags, d, "remove levels: no configuration has that many");
        give_up(r);
        return;
    }
    struct tree *node = tree_new(r->file, kind, flow ? TREE_FLOW : TREE_BLOCK, span, parent_of(r));
    take_props(r, node, anchor, tag);
    r->stack[r->depth++] = (struct frame){ .node = node, .size = 1 };
}

/* Columns before the first key or dash. */
static uint32_t indent_of(const struct source *source, uint32_t start) {
    size_t at = start - source->base, from = at;
    uint32_t columns = 0;
    while (from > 0 && source->text.at[from - 1] != '\n' && source->text.at[from - 1] != '\r')
        columns += begins_character(source->text.at[--from]);
    if (from == 0 && str_starts(source->text, STR("\xef\xbb\xbf")))
        columns--;
    return columns;
}

/* libyaml ends a block collection where the next token begins; it ends with its last value. */
static void settle_span(struct reader *r, const struct frame *f, const yaml_event_t *event) {
    const struct source *source = r->file->source;
    struct tree *node = f->node;
    struct str first = str_from(source->text, node->span.start - source->base);
    bool bracketed = node->style == TREE_FLOW && first.len && strchr("[{", first.at[0]);
    if (bracketed)
        node->span.end = source->base + (uint32_t)offset(r, event->end_mark);
    else if (f->last)
        node->span.end = f->last->value->span.end;
    if (node->style == TREE_BLOCK)
        node->indent = indent_of(source, node->span.start);
}

static void close_collection(struct reader *r, const yaml_event_t *event) {
    struct frame f = r->stack[--r->depth];
    settle_span(r, &f, event);
    if (f.node->kind == TREE_MAPPING && !r->broken)
        tree_close_mapping(r->diags, f.node);
    if (f.node->props) {
        f.node->props->size = f.size > UINT32_MAX ? UINT32_MAX : (uint32_t)f.size;
        f.node->props->height = f.height + 1;
    }
    deliver(r, f.node, f.size, f.height + 1);
}

/* ---- events ---- */

static void read_document(struct reader *r, const yaml_event_t *event) {
    if (!r->file->root)
        return;
    struct diag *d = diag_add(r->diags, DIAG_DOCUMENTS, event_span(r, event),
                              "a second document begins here, and a file holds one");
    diag_effect(r->diags, d, "some programs read the first, some join them, some refuse the file");
    diag_help(r->diags, d, "remove the `---`, or give each document a file of its own");
    give_up(r);
}

static void read_event(struct reader *r, const yaml_event_t *event) {
    if (r->file->nodes >= TREE_MOST_NODES) {
        struct diag *d = diag_add(r->diags, DIAG_TREE_LIMIT, event_span(r, event),
                                  "more than 1,000,000 values in one file");
        tree_refuse(r->diags, d, "split the file");
        give_up(r);
        return;
    }
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT: read_document(r, event); break;
    case YAML_ALIAS_EVENT: read_alias(r, event); break;
    case YAML_SCALAR_EVENT: read_scalar(r, event); break;
    case YAML_SEQUENCE_START_EVENT:
        open_collection(r, event, TREE_SEQUENCE,
                        event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE,
                        event->data.sequence_start.anchor, event->data.sequence_start.tag);
        break;
    case YAML_MAPPING_START_EVENT:
        open_collection(r, event, TREE_MAPPING,
                        event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE,
                        event->data.mapping_start.anchor, event->data.mapping_start.tag);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: close_collection(r, event); break;
    case YAML_STREAM_END_EVENT: r->stop = true; break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT: break;
    }
}

static void report_memory(struct diags *diags, const struct source *source) {
    struct diag *d = diag_add(diags, DIAG_TREE_LIMIT, span_of(source, 0, 0),
                              "no memory is left to read this file");
    tree_refuse(diags, d, "split the file, or run where there is more memory");
}

static void report_problem(struct reader *r) {
    const yaml_parser_t *p = &r->parser;
    give_up(r);
    if (p->error == YAML_MEMORY_ERROR) {
        report_memory(r->diags, r->file->source);
        return;
    }
    /* A context whose mark was never set has no words either. */
    yaml_error_report(r->diags, r->file->source,
                      (struct yaml_trouble){ .problem = p->problem ? p->problem : "",
                                             .at = offset(r, p->problem_mark),
                                             .has_context = p->context != NULL,
                                             .context = offset(r, p->context_mark) });
}

static void read_all(struct reader *r) {
    while (!r->stop) {
        yaml_event_t event;
        if (!yaml_parser_parse(&r->parser, &event)) {
            report_problem(r);
            return;
        }
        read_event(r, &event);
        yaml_event_delete(&event);
    }
}

struct tree_file *yaml_tree_read(struct arena *arena, struct diags *diags, struct source *source) {
    if (!text_check_yaml(diags, source))
        return NULL;
    struct reader *r = arena_new(arena, struct reader);
    r->file = tree_file_new(arena, source);
    r->diags = diags;
    r->marks = marks_new(arena, source->text);
    if (!yaml_parser_initialize(&r->parser)) {
        report_memory(diags, source);
        return NULL;
    }
    yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
    struct str text = str_from(source->text, r->marks.bom);
    yaml_parser_set_input_string(&r->parser, (const unsigned char *)(text.at ? text.at : ""),
                                 text.len);
    read_all(r);
    yaml_parser_delete(&r->parser);
    if (r->broken)
        return NULL;
    if (!r->file->root) {
        r->file->empty = true;
        r->file->root = tree_new(r->file, TREE_SCALAR, TREE_PLAIN, span_of(source, 0, 0), NULL);
    }
    return r->file;
}
