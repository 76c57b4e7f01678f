/* YAML that users add to what is generated: `raw static """…"""` → trees that are merged in last.
 */
#include "ir/ir.h"
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
    size_t nodes; /* aliases may repeat a part without measure */
};

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
        read_node(r, doc_add(r->arena, to, marked(r->arena, tree_key(e)), DOC_TEXT), tree_value(e));
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
    while (rest.len) {
        size_t end = str_find(rest, '\n');
        add_pair(s, labels, str_slice(rest, 0, end));
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
    struct reading r = { .arena = &s->arena };
    raw->doc = doc_new(&s->arena, DOC_MAP);
    read_node(&r, raw->doc, file->root);
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
