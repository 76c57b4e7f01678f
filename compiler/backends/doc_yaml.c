/* Trees of configuration as YAML for Traefik: every value of the type that its option has. */
#include "backends/backend.h"
#include "support/yaml_writer.h"

/* ---- setting ---- */

static bool is_number(struct str text) {
    size_t i = text.len && text.at[0] == '-', dots = 0;
    if (i == text.len || text.len > 18)
        return false;
    if (text.at[i] == '0' && i + 1 < text.len && text.at[i + 1] != '.')
        return false;
    for (; i < text.len; i++) {
        dots += text.at[i] == '.';
        if (!char_is_digit(text.at[i]) && (text.at[i] != '.' || i + 1 == text.len))
            return false;
    }
    return dots < 2 && char_is_digit(text.at[text.at[0] == '-']);
}

static bool is_truth(struct str text) {
    return str_is(text, "true") || str_is(text, "false");
}

/* Numbers and truth values are written as such only where the option is one. */
static bool is_plain(const struct option *o, struct str text) {
    if (!o)
        return is_truth(text) || is_number(text);
    switch (o->type) {
    case OPTION_BOOL:
    case OPTION_OBJECT:
    case OPTION_NAMES:
    case OPTION_OBJECT_OR_EMPTY: return is_truth(text);
    case OPTION_INT:
    case OPTION_FLOAT:
    case OPTION_BYTES:
    case OPTION_PORT:
    case OPTION_PERCENT: return is_number(text);
    case OPTION_STATUS: return o->shape == OPTION_ONE && is_number(text);
    case OPTION_ANY: return is_truth(text) || is_number(text);
    default: return false; /* texts, whatever they look like */
    }
}

static void set_text(struct doc *c, const struct option *o, struct str text) {
    c->kind = DOC_TEXT;
    c->first = c->last = NULL;
    c->text = text;
    c->plain = is_plain(o, text);
}

void doc_set(struct emission *e, struct doc *at, const struct option *root,
             const struct ir_option *option) {
    const struct option *o = root ? option_find_below(root, option->path).option : NULL;
    struct doc *c = doc_at(e->arena, at, option->path);
    c->span = option->span;
    bool list = option->list || option->texts.count != 1 || (o && o->shape == OPTION_LIST);
    if (!list) {
        if (c->kind == DOC_MAP && c->first && str_is(option->texts.list[0], "true"))
            return; /* `true` says no more than what stands below it */
        set_text(c, o, option->texts.list[0]);
        return;
    }
    c->kind = DOC_LIST;
    c->first = c->last = NULL;
    for (size_t i = 0; i < option->texts.count; i++)
        set_text(doc_add(e->arena, c, STR(""), DOC_TEXT), o, option->texts.list[i]);
}

/* ---- writing ---- */

struct writing {
    struct emission *e;
    bool compose; /* which expands variables itself, and knows empty mappings */
    struct yaml w;
};

static void write_value(struct writing *out, const struct doc *c);

static struct str text_of(struct writing *out, struct str text, struct span span) {
    if (!out->compose)
        return text_for_traefik(out->e, text, span);
    if (str_find(text, IR_VARIABLE) == STR_NONE)
        return text;
    char *plain = arena_copy(out->e->arena, text.at, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (plain[i] == IR_VARIABLE)
            plain[i] = '$';
    return (struct str){ plain, text.len };
}

static void write_scalar(struct writing *out, const struct doc *c) {
    struct str text = text_of(out, c->text, c->span);
    if (c->plain)
        yaml_plain(&out->w, text);
    else
        yaml_text(&out->w, text);
}

/* Where an object comes from, and what the user said to it. */
static void write_comments(struct writing *out, const struct doc *c) {
    struct str place = c->object ? emission_place(out->e, c->span) : STR("");
    struct str over = c->object ? emission_place(out->e, c->over) : STR("");
    if (place.len && over.len && !str_eq(place, over))
        place = str_format(out->e->arena, "%.*s, %.*s", STR_ARG(place), STR_ARG(over));
    if (place.len)
        yaml_comment(&out->w, place);
    if (c->notes.len)
        yaml_comment(&out->w, c->notes);
}

static void write_entry(struct writing *out, const struct doc *k) {
    yaml_key_text(&out->w, out->compose ? text_of(out, k->key, k->span) : k->key);
    write_value(out, k);
}

static void write_lines(struct writing *out, const struct doc_lines *lines) {
    if (out->w.out->len && out->w.out->at[out->w.out->len - 1] != '\n')
        buf_char(out->w.out, '\n');
    for (; lines; lines = lines->next)
        buf_add(out->w.out, lines->text);
}

static void write_map(struct writing *out, const struct doc *c) {
    for (const struct doc *k = c->first; k; k = k->next) {
        if (k->kind == DOC_READY) {
            write_lines(out, k->lines);
            continue;
        }
        if (!out->w.item)
            write_comments(out, k);
        write_entry(out, k);
    }
}

static void write_list(struct writing *out, const struct doc *c) {
    yaml_in(&out->w);
    for (const struct doc *item = c->first; item; item = item->next) {
        if (item->notes.len && (item->kind == DOC_TEXT || item->first))
            yaml_comment(&out->w, item->notes);
        if (item->kind == DOC_MAP && item->first) {
            yaml_item(&out->w);
            write_map(out, item);
            yaml_out(&out->w);
        } else if (item->kind == DOC_TEXT) {
            struct str text = text_of(out, item->text, item->span.end ? item->span : c->span);
            if (item->plain)
                yaml_entry_plain(&out->w, text);
            else
                yaml_entry(&out->w, text);
        }
    }
    yaml_out(&out->w);
}

static void write_value(struct writing *out, const struct doc *c) {
    if (c->kind != DOC_TEXT && !c->first) {
        yaml_plain(&out->w, c->kind == DOC_MAP ? STR("{}") : STR("[]"));
        return;
    }
    switch (c->kind) {
    case DOC_TEXT: write_scalar(out, c); break;
    case DOC_LIST: write_list(out, c); break;
    case DOC_MAP:
        yaml_in(&out->w);
        write_map(out, c);
        yaml_out(&out->w);
        break;
    case DOC_READY: break; /* in mappings alone: see write_map */
    }
}

/* What is there by being there says one of its defaults: an empty mapping would be refused in
   places, and `true` is known to Traefik alone. */
static void fill_empty(struct emission *e, struct doc *at, const struct option *o) {
    for (struct doc *c = at->first; c; c = c->next) {
        const struct option *of = !o ? NULL : at->kind == DOC_LIST ? o : option_child(o, c->key);
        if (c->kind != DOC_TEXT) {
            fill_empty(e, c, of);
            continue;
        }
        if (!of || of->type != OPTION_OBJECT_OR_EMPTY || !str_is(c->text, "true"))
            continue;
        const struct option *child = option_first_child(of);
        while (child && (child->shape != OPTION_ONE || !child->fallback.len ||
                         option_state_in(child, e->ir->version) != OPTION_CURRENT))
            child = option_next_sibling(child);
        if (!child)
            continue;
        c->kind = DOC_MAP;
        c->text = (struct str){ 0 };
        set_text(doc_add(e->arena, c, option_name(child), DOC_TEXT), child, child->fallback);
    }
}

/* What this Traefik does not know yet, the outermost of it. */
static void tell_versions(struct emission *e, const struct doc *at, const struct option *o,
                          struct span span) {
    for (const struct doc *c = at->first; o && c; c = c->next) {
        const struct option *of = at->kind == DOC_LIST ? o : option_child(o, c->key);
        struct span here = span_is_none(c->span) ? span : c->span;
        if (!emission_tell_version(e, of, here))
            tell_versions(e, c, of, here);
    }
}

/* Traefik reads its dynamic files as Go templates first: `{{` must come out of one as itself. */
static struct str escape_template(struct arena *a, struct str text) {
    if (str_find_str(text, STR("{{")) == STR_NONE)
        return text;
    struct buf out = { .arena = a };
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == '{' && i + 1 < text.len && text.at[i + 1] == '{') {
            buf_text(&out, "{{`{{`}}");
            i++;
        } else {
            buf_char(&out, text.at[i]);
        }
    return buf_str(&out);
}

void doc_complete(struct emission *e, struct doc *doc, bool dynamic) {
    const struct option *top = option_top(dynamic ? OPTION_DYNAMIC : OPTION_STATIC);
    fill_empty(e, doc, top);
    tell_versions(e, doc, top, (struct span){ 0, 0 });
    origin_add_doc(e, doc);
}

struct str doc_text(struct emission *e, const struct doc *doc) {
    struct buf out = { .arena = e->arena };
    struct writing writing = { .e = e, .w.out = &out };
    write_map(&writing, doc);
    return buf_str(&out);
}

struct doc_entry doc_entry(struct emission *e, const struct doc *c, unsigned depth) {
    struct buf place = { .arena = e->arena }, text = { .arena = e->arena };
    struct writing writing = { .e = e, .w = { .out = &place, .depth = depth } };
    write_comments(&writing, c);
    writing.w.out = &text;
    write_entry(&writing, c);
    if (text.len && text.at[text.len - 1] != '\n')
        buf_char(&text, '\n');
    return (struct doc_entry){ buf_str(&place), buf_str(&text) };
}

/* How long the lines are that are there already. */
static size_t ready_length(const struct doc *doc) {
    size_t length = 0;
    for (const struct doc *c = doc->first; c; c = c->next) {
        for (const struct doc_lines *l = c->lines; l; l = l->next)
            length += l->text.len;
        length += ready_length(c);
    }
    return length;
}

struct str doc_yaml(struct emission *e, struct doc *doc, const char *head, bool dynamic) {
    struct buf out = { .arena = e->arena };
    struct writing writing = { .e = e, .w.out = &out };
    doc_complete(e, doc, dynamic);
    size_t ready = ready_length(doc);
    if (ready)
        buf_reserve(&out, ready + ready / 8);
    yaml_comment(&writing.w, str_of(head));
    write_map(&writing, doc);
    return dynamic ? escape_template(e->arena, buf_str(&out)) : buf_str(&out);
}

struct str doc_compose(struct emission *e, struct doc *doc) {
    struct buf out = { .arena = e->arena };
    struct writing writing = { .e = e, .compose = true, .w.out = &out };
    write_map(&writing, doc);
    return buf_str(&out);
}
