/* The call that is being written: a middleware's or a template's. */
#include "editing/editing.h"
#include "model/middleware.h"

static struct itsupc_text text_of(struct str s) {
    return (struct itsupc_text){ s.at ? s.at : "", s.len };
}

/* The parts between the brackets of `name(a, b=[c, d])`. */
static const struct itsupc_text *parts_of(struct arena *a, struct str label, size_t *count) {
    struct collected c = { .arena = a, .size = sizeof(struct itsupc_text) };
    size_t from = str_find(label, '(') + 1, nested = 0;
    for (size_t i = from; i < label.len; i++) {
        char at = label.at[i];
        bool ends = nested == 0 && (at == ',' || at == ')');
        nested += at == '(' || at == '[';
        nested -= nested && (at == ')' || at == ']');
        if (!ends)
            continue;
        *(struct itsupc_text *)collect(&c) = text_of(str_trim(str_slice(label, from, i)));
        from = i + 1;
    }
    *count = c.count;
    return (const struct itsupc_text *)c.at;
}

/* Behind `name=` the parameter of that name, else the one in this place. */
static size_t active_of(const struct itsupc_signature *sig, const struct wanted *w) {
    for (size_t i = 0; w->argument.len && i < sig->count; i++) {
        struct str part = { sig->parameters[i].at, sig->parameters[i].len };
        struct str name = str_slice(part, 0, str_find(part, '='));
        if (str_eq(str_slice(name, 0, str_find(name, ' ')), w->argument))
            return i;
    }
    return w->argument.len || w->position > sig->count ? sig->count : w->position;
}

/* `name(option=, …)` of a kind under its own name. */
static struct str kind_label(struct arena *a, struct str owner, const struct option *kind) {
    struct buf out = { .arena = a };
    bool first = true;
    buf_format(&out, "%.*s(", STR_ARG(owner));
    for (const struct option *o = option_first_child(kind); o; o = option_next_sibling(o)) {
        if (o->any_name || o->ineffective)
            continue;
        struct str name = option_name_kebab(a, option_name(o));
        buf_format(&out, "%s%.*s=…", first ? "" : ", ", STR_ARG(name));
        first = false;
    }
    buf_char(&out, ')');
    return buf_str(&out);
}

static bool middleware(struct itsupc *s, struct str owner, struct itsupc_signature *out) {
    const struct short_form *form = short_form_find(owner);
    const struct option *kind = middleware_kind(OPTION_HTTP, owner);
    if (!kind)
        kind = middleware_kind(OPTION_TCP, owner);
    if (!form && !kind)
        return false;
    out->label = text_of(form ? form->example : kind_label(&s->arena, owner, kind));
    out->doc = text_of(form ? form->gist : kind->doc);
    return true;
}

/* The head of its statement: `preview(project int, branch slug(20) = "main")`. */
static bool template(struct itsupc *s, struct reading *r, uint32_t place, struct str owner,
                     struct itsupc_signature *out) {
    struct mark call = { .kind = NAME_TEMPLATE, .name = owner, .span = { place, place } };
    struct declaration d;
    if (!declaration_find(s, r, &call, &d) || !d.mark)
        return false;
    struct str text = source_text(&s->sources, (struct span){ d.span.start, d.whole.end });
    text = str_slice(text, 0, str_find(text, '{'));
    out->label = text_of(str_trim(text));
    out->doc = text_of(STR(""));
    return str_find(text, '(') != STR_NONE;
}

bool itsupc_signature(struct itsupc *s, const char *file, size_t offset,
                      struct itsupc_signature *out) {
    struct reading *r = editing_is_language(file) ? editing_of(s, str_of(file)) : NULL;
    struct reading so_far;
    if (!r)
        return false;
    struct str text = str_slice(r->source->text, 0, offset);
    struct source *before = source_add(&s->sources, r->source->name, text);
    if (!before)
        return false;
    editing_read(&so_far, &s->arena, before, &s->sources);
    const struct wanted *w = &so_far.wanted;
    uint32_t place = editing_at(r->source, offset);
    *out = (struct itsupc_signature){ 0 };
    if (!w->owner.len || !(middleware(s, w->owner, out) || template(s, r, place, w->owner, out)))
        return false;
    out->parameters =
        parts_of(&s->arena, (struct str){ out->label.at, out->label.len }, &out->count);
    out->active = active_of(out, w);
    return true;
}
