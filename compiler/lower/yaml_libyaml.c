/* libyaml's events → located tree. It counts code points and forgets values' places behind anchors
   and tags: that is made good here. */
#include "lower/tree_build.h"
#include "lower/yaml_build.h"
#include "lower/yaml_errors.h"
#include "lower/yaml_readers.h"

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

struct reader {
    yaml_parser_t parser;
    struct yaml_build build;
    struct source *source;
    struct marks marks;
};

static size_t offset(const struct reader *r, yaml_mark_t mark) {
    return marks_offset(&r->marks, mark.index);
}

static struct span event_span(const struct reader *r, const yaml_event_t *event) {
    return span_of(r->source, offset(r, event->start_mark), offset(r, event->end_mark));
}

/* ---- anchors and tags ---- */

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

/* What stands before a value; its event's span begins there, and is made the value's own. */
static struct tree_props *props_of(const struct reader *r, const yaml_char_t *anchor,
                                   const yaml_char_t *tag, bool block, struct span *span) {
    if (!anchor && !tag)
        return NULL;
    struct arena *arena = r->build.file->arena;
    struct tree_props *props = arena_new(arena, struct tree_props);
    props->anchor = copy_bytes(arena, anchor);
    props->tag = copy_bytes(arena, tag);
    props->start = span->start;
    struct str text = r->source->text;
    size_t stop = block ? text.len : span->end - r->source->base;
    size_t at = skip_props(text, span->start - r->source->base, stop);
    span->start = r->source->base + (uint32_t)at;
    if (span->end < span->start)
        span->end = span->start;
    return props;
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
static struct span content_of(const struct source *source, enum tree_style style,
                              struct span span) {
    if (style == TREE_SINGLE || style == TREE_DOUBLE)
        return (struct span){ span.start + 1, span.end - 1 };
    if (style == TREE_PLAIN)
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
    const struct source *source = r->source;
    struct yaml_scalar s = { .style = scalar_style(event->data.scalar.style),
                             .span = event_span(r, event) };
    struct tree_props *props =
        props_of(r, event->data.scalar.anchor, event->data.scalar.tag, false, &s.span);
    s.content = content_of(source, s.style, s.span);
    struct str value = { (const char *)event->data.scalar.value, event->data.scalar.length };
    struct str there =
        str_slice(source->text, s.content.start - source->base, s.content.end - source->base);
    s.text = str_eq(there, value) ? there : str_copy(r->build.file->arena, value);
    yaml_build_scalar(&r->build, &s, props);
}

/* ---- collections ---- */

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

static void open_collection(struct reader *r, const yaml_event_t *event, enum tree_kind kind,
                            bool flow, const yaml_char_t *anchor, const yaml_char_t *tag) {
    struct span span = event_span(r, event);
    struct tree_props *props = props_of(r, anchor, tag, !flow, &span);
    yaml_build_open(&r->build, kind, flow ? TREE_FLOW : TREE_BLOCK, span,
                    flow ? 0 : indent_of(r->source, span.start), props);
}

/* libyaml ends a block collection where the next token begins, and so a mapping of one key without
   brackets inside a list in brackets: they end with their last value. */
static void close_collection(struct reader *r, const yaml_event_t *event) {
    const struct tree *node = r->build.top->node;
    struct str first = str_from(r->source->text, node->span.start - r->source->base);
    bool bracketed = node->style == TREE_FLOW && first.len && strchr("[{", first.at[0]);
    yaml_build_close(&r->build,
                     bracketed ? r->source->base + (uint32_t)offset(r, event->end_mark) : 0);
}

/* ---- events ---- */

static void read_document(struct reader *r, const yaml_event_t *event) {
    if (!r->build.file->root)
        return;
    struct diag *d = diag_add(r->build.diags, DIAG_DOCUMENTS, event_span(r, event),
                              "a second document begins here, and a file holds one");
    diag_effect(r->build.diags, d,
                "some programs read the first, some join them, some refuse the file");
    diag_help(r->build.diags, d, "remove the `---`, or give each document a file of its own");
    r->build.stop = r->build.broken = true;
}

static void read_event(struct reader *r, const yaml_event_t *event) {
    if (!yaml_build_room(&r->build, event_span(r, event)))
        return;
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT: read_document(r, event); break;
    case YAML_ALIAS_EVENT:
        yaml_build_alias(&r->build, copy_bytes(r->build.file->arena, event->data.alias.anchor),
                         event_span(r, event));
        break;
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
    case YAML_STREAM_END_EVENT: r->build.stop = true; break;
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
    r->build.stop = r->build.broken = true;
    if (p->error == YAML_MEMORY_ERROR) {
        report_memory(r->build.diags, r->source);
        return;
    }
    /* A context whose mark was never set has no words either. */
    yaml_error_report(r->build.diags, r->source,
                      (struct yaml_trouble){ .problem = p->problem ? p->problem : "",
                                             .at = offset(r, p->problem_mark),
                                             .has_context = p->context != NULL,
                                             .context = offset(r, p->context_mark) });
}

static void read_all(struct reader *r) {
    while (!r->build.stop) {
        yaml_event_t event;
        if (!yaml_parser_parse(&r->parser, &event)) {
            report_problem(r);
            return;
        }
        read_event(r, &event);
        yaml_event_delete(&event);
    }
}

struct tree_file *yaml_read_any(struct arena *arena, struct diags *diags, struct source *source,
                                size_t most) {
    struct reader *r = arena_new(arena, struct reader);
    r->source = source;
    yaml_build_start(&r->build, arena, diags, source, most);
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
    return yaml_build_finish(&r->build);
}
