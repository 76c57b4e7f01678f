/* From a located tree to the AST. */
#include "lower/lower.h"

#include "ast/format.h"
#include "lower/tree_place.h"
#include "lower/yaml_comments.h"
#include "support/nearest.h"

void lower_begin(struct lower *l, struct arena *arena, struct diags *diags,
                 const struct tree_file *file, struct lower_losses *losses) {
    *l = (struct lower){ .arena = arena,
                         .diags = diags,
                         .source = file->source,
                         .comments = file->comments,
                         .losses = losses };
    if (file->root && !file->json)
        l->comments = yaml_comments_read(arena, diags, file);
}

void lower_start(struct lower *l, struct diags *diags, const struct tree_file *file,
                 struct lower_losses *losses) {
    lower_begin(l, file->arena, diags, file, losses);
}

void lower_lose(struct lower *l, const struct tree *value, const char *reason) {
    if (!l->losses || !value)
        return;
    struct str path = tree_path(l->arena, value);
    if (!path.len) /* a value without a key, which was told */
        return;
    struct lower_loss *loss = arena_new(l->arena, struct lower_loss);
    *loss = (struct lower_loss){ NULL, value->span, path, reason };
    if (l->losses->last)
        l->losses->last->next = loss;
    else
        l->losses->first = loss;
    l->losses->last = loss;
}

/* ---- kinds ---- */

bool lower_bool(const struct tree *scalar, bool *out) {
    static const char *const words[][2] = { { "false", "true" }, { "no", "yes" }, { "off", "on" },
                                            { "0", "1" },        { "n", "y" },    { "f", "t" } };
    if (!tree_is(scalar, TREE_SCALAR))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (int value = 0; value < 2; value++)
            if (str_eq_nocase(tree_text(scalar), str_of(words[i][value]))) {
                *out = value;
                return true;
            }
    return false;
}

static bool kind_fits(const struct tree *node, enum field_kind kind) {
    bool ignored, scalar = tree_is(node, TREE_SCALAR);
    enum tree_scalar what = tree_scalar_kind(node);
    switch (kind) {
    case FIELD_TEXT: return scalar && what == SCALAR_TEXT;
    case FIELD_NUMBER:
    case FIELD_SCALAR: return scalar && what != SCALAR_NULL && what != SCALAR_BOOL;
    case FIELD_BOOL: return lower_bool(node, &ignored);
    case FIELD_TEXTS:
    case FIELD_MAPS: return tree_is(node, TREE_SEQUENCE);
    case FIELD_MAP: return tree_is(node, TREE_MAPPING);
    case FIELD_ANY: return true;
    }
    return false;
}

static const char *kind_name(enum field_kind kind) {
    switch (kind) {
    case FIELD_TEXT: return "text";
    case FIELD_NUMBER: return "a number";
    case FIELD_BOOL: return "true or false";
    case FIELD_SCALAR: return "text or a number";
    case FIELD_TEXTS:
    case FIELD_MAPS: return "a list";
    case FIELD_MAP: return "a mapping";
    case FIELD_ANY: break;
    }
    return "a value";
}

static void offer_quotes(struct lower *l, struct diag *d, const struct tree *node) {
    struct str quoted = str_format(l->arena, "\"%.*s\"", STR_ARG(tree_text(node)));
    diag_help(l->diags, d, "put it in quotes: %.*s", STR_ARG(quoted));
    diag_fix_replace(l->diags, d, false, node->span, quoted);
}

bool lower_kind(struct lower *l, const struct tree *node, struct str key, enum field_kind kind) {
    node = tree_resolve(node);
    if (kind_fits(node, kind))
        return true;
    struct diag *d = diag_add(l->diags, DIAG_FIELD_KIND, node->span, "`%.*s` must be %s, not %s",
                              STR_ARG(key), kind_name(kind), tree_kind_name(node));
    diag_effect(l->diags, d, "what it should say is not known");
    bool scalar = node->kind == TREE_SCALAR;
    if (tree_is_null(node))
        diag_help(l->diags, d, "write a value, or remove the key");
    else if (kind == FIELD_TEXT && scalar)
        offer_quotes(l, d, node);
    else if (kind == FIELD_TEXTS && scalar)
        diag_help(l->diags, d, "write a list: [%.*s]", STR_ARG(tree_text(node)));
    else if (kind == FIELD_BOOL && scalar)
        diag_help(l->diags, d, "write true or false");
    else
        diag_help(l->diags, d, "write %s", kind_name(kind));
    return false;
}

static bool items_fit(struct lower *l, const struct tree *list, struct str key,
                      enum field_kind kind) {
    bool good = true;
    for (const struct tree_entry *e = tree_entries(list); e; e = e->next) {
        const struct tree *item = tree_value(e);
        if (kind_fits(item, kind))
            continue;
        good = false;
        struct diag *d =
            diag_add(l->diags, DIAG_FIELD_KIND, item->span, "an item of `%.*s` must be %s, not %s",
                     STR_ARG(key), kind_name(kind), tree_kind_name(item));
        diag_effect(l->diags, d, "what it should say is not known");
        if (kind == FIELD_TEXT && item->kind == TREE_SCALAR && !tree_is_null(item))
            offer_quotes(l, d, item);
        else
            diag_help(l->diags, d, "write %s, or remove the item", kind_name(kind));
    }
    return good;
}

/* ---- fields ---- */

/* Gives the row that is meant, or the number of rows. */
static size_t tell_unknown(struct lower *l, struct field_table table, unsigned version,
                           const struct tree_entry *entry) {
    struct str key = tree_key(entry);
    struct nearest near = { .wanted = key };
    size_t meant = 0;
    for (size_t i = 0; i < table.count; i++) {
        if (!(table.rows[i].versions & version)) {
            if (!str_eq(table.rows[i].key, key))
                continue;
            struct diag *d =
                diag_add(l->diags, DIAG_FIELD_UNKNOWN, entry->key->span,
                         "this generation of itsUP does not read `%.*s`", STR_ARG(key));
            diag_effect(l->diags, d, "itsUP would drop it silently");
            if (table.rows[i].before)
                diag_help(l->diags, d, "%s", table.rows[i].before);
            return table.count;
        }
        nearest_offer(&near, table.rows[i].key);
    }
    struct diag *d = diag_add(l->diags, DIAG_FIELD_UNKNOWN, entry->key->span,
                              "there is no key `%.*s` here", STR_ARG(key));
    diag_effect(l->diags, d, "itsUP would drop it silently");
    if (near.best.len) {
        diag_suggest(l->diags, d, entry->key->span, near.best);
        while (
            !((table.rows[meant].versions & version) && str_eq(table.rows[meant].key, near.best)))
            meant++;
        return meant;
    }
    struct buf known = { .arena = l->arena };
    for (size_t i = 0; i < table.count; i++)
        if (table.rows[i].versions & version)
            buf_format(&known, "%s%.*s", known.len ? ", " : "", STR_ARG(table.rows[i].key));
    diag_help(l->diags, d, "the keys here are %.*s", STR_ARG(buf_str(&known)));
    return table.count;
}

static void field_read(struct lower *l, const struct field *field, size_t i,
                       struct tree_entry *entry, struct fields *out) {
    struct tree *value = tree_value(entry);
    if (out->entry[i])
        return; /* given twice, which the tree told; the first counts */
    out->entry[i] = entry;
    if (field->nullable && tree_is_null(value) && value->kind == TREE_SCALAR)
        return;
    bool good = lower_kind(l, value, field->key, field->kind);
    if (good && field->kind == FIELD_TEXTS)
        good = items_fit(l, value, field->key, FIELD_TEXT);
    if (good && field->kind == FIELD_MAPS)
        items_fit(l, value, field->key, FIELD_MAP); /* the other rows are read all the same */
    out->bad[i] = !good;
    out->at[i] = good ? value : NULL;
}

static bool is_known(struct field_table table, unsigned version, struct str key) {
    for (size_t i = 0; i < table.count; i++)
        if ((table.rows[i].versions & version) && str_eq(table.rows[i].key, key))
            return true;
    return false;
}

void fields_read(struct lower *l, struct field_table table, unsigned version,
                 const struct tree *map, struct fields *out) {
    size_t slips = 0;
    *out = (struct fields){ .first = table.first };
    for (struct tree_entry *e = tree_entries(map); e; e = e->next) {
        struct str key = tree_key(e);
        size_t i = 0;
        while (i < table.count &&
               !((table.rows[i].versions & version) && str_eq(table.rows[i].key, key)))
            i++;
        if (i == table.count)
            slips++;
        else
            field_read(l, &table.rows[i], i, e, out);
    }
    if (!slips)
        return;
    for (struct tree_entry *e = tree_entries(map); e; e = e->next) {
        if (is_known(table, version, tree_key(e)))
            continue;
        size_t meant = tell_unknown(l, table, version, e);
        if (meant < table.count && !out->entry[meant])
            out->bad[meant] = out->slip[meant] = true; /* that it is missing is no second mistake */
    }
}

struct tree *fields_get(const struct fields *f, size_t field) {
    return f->at[field - f->first];
}

const struct tree_entry *fields_entry(const struct fields *f, size_t field) {
    return f->entry[field - f->first];
}

bool fields_bad(const struct fields *f, size_t field) {
    return f->bad[field - f->first];
}

bool fields_slip(const struct fields *f, size_t field) {
    return f->slip[field - f->first];
}

bool fields_bool(const struct fields *f, size_t field, bool otherwise) {
    bool value = otherwise;
    if (fields_get(f, field))
        lower_bool(fields_get(f, field), &value);
    return value;
}

struct span fields_key_span(const struct fields *f, size_t field, const struct tree *map) {
    if (f->entry[field - f->first])
        return f->entry[field - f->first]->key->span;
    const struct tree_entry *first = tree_entries(map);
    return first && first->key ? first->key->span : map->span;
}

/* ---- nodes ---- */

struct node *lower_word(struct lower *l, struct str text, struct span span) {
    struct node *node = ast_text(l->arena, NODE_WORD, span, text, 0);
    /* Our bytes stand nowhere in the file. */
    struct piece *pieces = arena_array(l->arena, struct piece, 2);
    pieces[0] = (struct piece){ .at = 0, .whole = true, .span = span };
    pieces[1] = (struct piece){ .at = UINT32_MAX, .whole = true };
    node_text(node)->pieces = pieces;
    return node;
}

/* `${X}` in it, and no `{x}`: a word of the language means the same. */
static bool is_variable_word(const struct node_text *text) {
    if (text->pieces || str_find_str(text->text, STR("${")) == STR_NONE ||
        !format_is_word(text->text))
        return false;
    for (size_t i = 0; i < text->text.len; i++)
        if (text->text.at[i] == '{' && (i == 0 || text->text.at[i - 1] != '$'))
            return false;
    return true;
}

struct node *lower_text(struct lower *l, const struct tree *scalar) {
    struct node *node = tree_ast_text(l->arena, tree_resolve(scalar));
    struct node_text *text = node_text(node);
    if (is_variable_word(text)) {
        node->kind = NODE_WORD;
        node->free_form = false;
        text->has_braces = true;
    }
    return node;
}

struct node *lower_list(struct lower *l, const struct tree *list) {
    struct nodes items = { 0 };
    for (const struct tree_entry *e = tree_entries(list); e; e = e->next)
        items = nodes_append(items, lower_text(l, tree_value(e)));
    return ast_list(l->arena, tree_resolve(list)->span, items, true);
}

struct node *lower_setting(struct lower *l, const char *name, struct span span, struct nodes args,
                           struct node *block) {
    struct span whole = args.tail ? span_join(span, args.tail->span) : span;
    struct node_text word = { .base = { .kind = NODE_WORD, .span = span }, .text = str_of(name) };
    return ast_setting(l->arena, whole, &word.base, args, block);
}

struct node *lower_setting_one(struct lower *l, const char *name, struct span span,
                               struct node *arg) {
    return lower_setting(l, name, span, (struct nodes){ arg, arg }, NULL);
}

struct node *lower_block(struct lower *l, struct span span, struct nodes body, bool one_line) {
    struct node *block = ast_block(l->arena, span, body);
    block->one_line = one_line;
    return block;
}

/* ---- joined texts ---- */

static void piece_add(struct join *j, uint32_t at, bool whole, struct span span) {
    if (j->count == j->room) {
        size_t room = j->room ? j->room * 2 : 8;
        struct piece *pieces = arena_array(j->l->arena, struct piece, room);
        if (j->count)
            memcpy(pieces, j->pieces, j->count * sizeof *pieces);
        j->pieces = pieces;
        j->room = room;
    }
    j->pieces[j->count++] = (struct piece){ at, whole, span };
}

static struct buf *join_out(struct join *j) {
    j->out.arena = j->l->arena;
    return &j->out;
}

void join_word(struct join *j, struct str text, struct span span) {
    piece_add(j, (uint32_t)j->out.len, true, span);
    buf_add(join_out(j), text);
}

void join_source(struct join *j, struct span span) {
    if (span.start == span.end)
        return;
    piece_add(j, (uint32_t)j->out.len, false, span);
    buf_add(join_out(j), str_slice(j->l->source->text, span.start - j->l->source->base,
                                   span.end - j->l->source->base));
}

void join_slice(struct join *j, const struct tree *scalar, size_t from, size_t to) {
    scalar = tree_resolve(scalar);
    const struct piece *pieces = tree_pieces(j->l->arena, scalar);
    struct str text = str_slice(scalar->text, from, to);
    if (text.len == 0)
        return;
    if (!pieces) {
        piece_add(j, (uint32_t)j->out.len, false, span_slice(scalar->content, from, to));
    } else {
        struct node_text *node = node_text(tree_ast_text(j->l->arena, scalar));
        for (; pieces->at != UINT32_MAX; pieces++) {
            size_t end = pieces[1].at == UINT32_MAX ? scalar->text.len : pieces[1].at;
            size_t start = pieces->at < from ? from : pieces->at;
            end = end > to ? to : end;
            if (start < end)
                piece_add(j, (uint32_t)(j->out.len + start - from), pieces->whole,
                          node_text_span(node, start, end));
        }
    }
    buf_add(join_out(j), text);
}

void join_scalar(struct join *j, const struct tree *scalar) {
    join_slice(j, scalar, 0, tree_text(scalar).len);
}

struct node *join_node(struct join *j, struct span span) {
    piece_add(j, UINT32_MAX, true, span);
    struct str text = buf_str(&j->out);
    struct node *node = ast_text(j->l->arena, NODE_RAW, span, text, 0);
    node->free_form = true;
    node_text(node)->pieces = j->pieces;
    return node;
}
