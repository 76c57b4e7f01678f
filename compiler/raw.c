/* YAML that users add to what is generated: `raw static """…"""` → trees that are merged in last.
 */
#include "ir/ir.h"
#include "lower/yaml_comments.h"
#include "lower/yaml_tree.h"
#include "session.h"

/* What stands as `${NAME}` in YAML is a variable, as it is in our own texts. */
static struct str marked(struct arena *a, struct str text) {
    char *out = arena_copy(a, text.at, text.len);
    for (size_t i = 0; i + 1 < text.len; i++)
        if (out[i] == '$' && out[i + 1] == '{')
            out[i] = IR_VARIABLE;
    return (struct str){ out, text.len };
}

struct reading {
    struct arena *arena;
    struct ir_raw *raw;
    struct source *source; /* the text alone, without the file around it */
    struct sources *sources;
    struct comment *comments; /* that no key has taken yet */
    size_t nodes;             /* aliases may repeat a part without measure */
};

/* Where a place in the text stands in the user's file: line by line, since lines lose their
   indentation on the way. */
static struct span place_of(struct reading *r, struct span in_text) {
    struct place place = source_place(r->sources, in_text.start);
    if (!place.line || !r->raw->lines)
        return r->raw->span;
    uint32_t start = r->raw->lines[place.line - 1];
    struct source *file = source_at(r->sources, start);
    size_t line = place.offset;
    while (line && r->source->text.at[line - 1] != '\n')
        line--;
    size_t from = start - file->base + place.offset - line, to = from + in_text.end - in_text.start;
    return to <= file->text.len ? span_of(file, from, to) : (struct span){ start, start + 1 };
}

/* The comments up to the end of the line on which a key, or its one-line value, ends. */
static struct str take_notes(struct reading *r, uint32_t place) {
    size_t at = place - r->source->base;
    while (at < r->source->text.len && r->source->text.at[at] != '\n')
        at++;
    struct buf out = { .arena = r->arena };
    for (struct comment *c = yaml_comments_take(&r->comments, r->source->base + (uint32_t)at); c;
         c = c->next) {
        buf_text(&out, out.len ? "\n" : "");
        buf_add(&out, str_trim(str_from(c->text, 1)));
    }
    return buf_str(&out);
}

static void read_node(struct reading *r, struct doc *to, const struct tree *node);

static void read_entry(struct reading *r, struct doc *to, const struct tree_entry *e) {
    struct doc *c = doc_add(r->arena, to, marked(r->arena, tree_key(e)), DOC_TEXT);
    const struct tree *value = e->value;
    const struct tree *first = e->key ? e->key : value;
    bool flat = value && (value->kind == TREE_SCALAR || value->style == TREE_FLOW);
    if (first && first->file->source == r->source) {
        c->span = place_of(r, first->span);
        if (e->key || value->kind == TREE_SCALAR)
            c->notes = take_notes(r, flat ? value->span.end : first->span.end);
    }
    read_node(r, c, value);
    /* A comment cannot stand behind a dash: that of the first key stands before it. */
    if (!e->key && c->kind == DOC_MAP && c->first) {
        c->notes = c->first->notes;
        c->first->notes = (struct str){ 0 };
    }
}

static void read_node(struct reading *r, struct doc *to, const struct tree *node) {
    node = tree_resolve(node);
    if (!node || ++r->nodes > TREE_MOST_EXPANSIONS)
        return;
    if (node->kind == TREE_SCALAR) {
        to->kind = DOC_TEXT;
        to->text = marked(r->arena, tree_text(node));
        to->plain = tree_scalar_kind(node) != SCALAR_TEXT;
        if (tree_is_null(node))
            to->text = STR("null");
        return;
    }
    to->kind = node->kind == TREE_MAPPING ? DOC_MAP : DOC_LIST;
    for (const struct tree_entry *e = tree_entries(node); e; e = e->next)
        read_entry(r, to, e);
}

/* Which keys are names of objects: the third of `http.routers.NAME`, and so on. */
static void mark_objects(struct doc *doc, size_t depth) {
    for (struct doc *c = doc->first; c; c = c->next) {
        if (depth > 1)
            mark_objects(c, depth - 1);
        else
            c->object = c->kind != DOC_TEXT;
    }
}

static void mark_static(struct doc *doc) {
    static const struct {
        const char *key;
        size_t depth;
    } sections[] = {
        { "entryPoints", 1 },
        { "certificatesResolvers", 1 },
        { "providers", 1 },
        { "experimental", 2 },
    };
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        struct doc *section = doc_get(doc, str_of(sections[i].key));
        if (section)
            mark_objects(section, sections[i].depth);
    }
}

static void add_pair(struct itsupc *s, struct doc *labels, struct str line) {
    line = str_trim(line);
    size_t equals = str_find(line, '=');
    if (!line.len || line.at[0] == '#')
        return;
    struct doc *c = doc_add(&s->arena, labels, str_slice(line, 0, equals), DOC_TEXT);
    c->text = equals == STR_NONE ? STR("") : str_from(line, equals + 1);
}

/* Bare `key=value` lines, a list of such texts, or a mapping. */
static bool read_labels(struct itsupc *s, struct ir_raw *raw, const struct tree_file *file) {
    struct doc *labels = doc_new(&s->arena, DOC_MAP);
    raw->doc = labels;
    if (file && tree_is(file->root, TREE_MAPPING))
        return false; /* as any other YAML */
    struct str rest = marked(&s->arena, raw->text);
    if (file && tree_is(file->root, TREE_SEQUENCE)) {
        for (const struct tree_entry *e = tree_entries(file->root); e; e = e->next)
            add_pair(s, labels, marked(&s->arena, tree_text(tree_value(e))));
        return true;
    }
    for (size_t line = 0; rest.len; line++) {
        size_t end = str_find(rest, '\n');
        struct doc *last = labels->last;
        add_pair(s, labels, str_slice(rest, 0, end));
        if (labels->last != last && raw->lines)
            labels->last->span =
                (struct span){ raw->lines[line],
                               raw->lines[line] + (uint32_t)(end == STR_NONE ? rest.len : end) };
        rest = end == STR_NONE ? STR("") : str_from(rest, end + 1);
    }
    return true;
}

static void read_raw(struct itsupc *s, struct ir_raw *raw) {
    struct diags found = { .arena = &s->arena, .sources = &s->sources };
    struct source *source = source_add(&s->sources, STR("<raw>"), raw->text);
    struct tree_file *file = source ? yaml_tree_read(&s->arena, &found, source) : NULL;
    bool labels = str_is(raw->kind, "labels"); /* bare lines need be no YAML */
    if (labels && read_labels(s, raw, found.errors ? NULL : file))
        return;
    if (!file || found.errors) {
        struct diag *d = diag_add(&s->diags, DIAG_RAW, raw->span, "this text is no YAML: %.*s",
                                  STR_ARG(found.first ? found.first->message : STR("too large")));
        diag_effect(&s->diags, d, "it cannot be merged into the generated file");
        return;
    }
    if (!tree_is(file->root, TREE_MAPPING))
        return;
    struct reading r = { .arena = &s->arena, .raw = raw, .source = source, .sources = &s->sources };
    r.comments = yaml_comments_read(file->arena, &found, file);
    raw->doc = doc_new(&s->arena, DOC_MAP);
    read_node(&r, raw->doc, file->root);
    if (str_is(raw->kind, "static"))
        mark_static(raw->doc);
    else
        mark_objects(raw->doc, str_is(raw->kind, "compose") ? 2 : 3);
}

static void read_list(struct itsupc *s, struct ir_raw *list) {
    for (; list; list = list->next)
        read_raw(s, list);
}

void raw_read(struct itsupc *s, struct ir *ir) {
    read_list(s, ir->raws);
    for (struct ir_project *p = ir->projects; p; p = p->next)
        for (struct ir_router *r = p->disabled ? NULL : p->routers; r; r = r->next)
            read_list(s, r->raws);
}

/* A whole text that is generated, comments and all. NULL when it is no mapping. */
struct doc *raw_yaml(struct itsupc *s, struct str text) {
    struct diags found = { .arena = &s->arena, .sources = &s->sources };
    struct source *source = source_add(&s->sources, STR("<generated>"), text);
    struct tree_file *file = source ? yaml_tree_read(&s->arena, &found, source) : NULL;
    if (!file || found.errors || (!file->empty && !tree_is(file->root, TREE_MAPPING)))
        return NULL;
    struct ir_raw *none = arena_new(&s->arena, struct ir_raw);
    struct reading r = {
        .arena = &s->arena, .raw = none, .source = source, .sources = &s->sources
    };
    struct doc *doc = doc_new(&s->arena, DOC_MAP);
    r.comments = yaml_comments_read(file->arena, &found, file);
    read_node(&r, doc, file->root);
    doc->kind = DOC_MAP;
    return doc;
}
