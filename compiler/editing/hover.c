/* What a word means, and what a name stands for. */
#include "editing/editing.h"
#include "model/middleware.h"
#include "model/services.h"
#include "options/value.h"

void hover_option(struct buf *out, const struct option *o) {
    struct arena *a = out->arena;
    struct str type = option_type_text(a, o);
    buf_format(out, "```\n%.*s", STR_ARG(o->path));
    if (!option_first_child(o))
        buf_format(out, ": %.*s", STR_ARG(type));
    buf_format(out, "\n```\n%.*s\n", STR_ARG(o->doc));
    if (o->fallback.len)
        buf_format(out, "\nDefault: `%.*s`.\n", STR_ARG(o->fallback));
    else if (o->fallback_note.len)
        buf_format(out, "\nDefault: %.*s.\n", STR_ARG(o->fallback_note));
    for (uint8_t i = 0; i < o->choice_count; i++)
        buf_format(out, "%s`%.*s`%s", i ? ", " : "\nOne of ", STR_ARG(o->choices[i]),
                   i + 1 == o->choice_count ? ".\n" : "");
    if (o->since)
        buf_format(out, "\nSince Traefik %.*s.\n", STR_ARG(option_version_text(a, o->since)));
    if (o->deprecated)
        buf_format(out, "\nDeprecated since Traefik %.*s.\n",
                   STR_ARG(option_version_text(a, o->deprecated)));
}

static void setting(struct buf *out, const struct vocable *v) {
    struct shape shape;
    buf_format(out, "```itsup\n%.*s", STR_ARG(v->name));
    if (shape_parse(v->shape, &shape) && shape.count) {
        buf_char(out, ' ');
        shape_show(out, &shape);
    }
    if (v->block != PLACE_NONE)
        buf_text(out, v->block_needed ? " { … }" : " [{ … }]");
    buf_format(out, "\n```\n%.*s\n", STR_ARG(v->gist));
    bool told[TYPE_COUNT] = { false };
    for (size_t i = 0; i < shape.count; i++)
        for (size_t n = 0; n < shape.items[i].value_count; n++) {
            const struct shape_value *value = &shape.items[i].values[n];
            bool plain = value->type == TYPE_WORD || value->type == TYPE_STRING;
            if (value->choices.len || plain || told[value->type])
                continue;
            told[value->type] = true;
            buf_format(out, "\n`<%.*s>`: %.*s\n", STR_ARG(value->name),
                       STR_ARG(type_infos[value->type].gist));
        }
}

static const struct option *kind_for(struct str owner, struct setting_of in) {
    const struct short_form *form = short_form_find(owner);
    bool tcp = in.mode != MODE_UNKNOWN && mode_infos[in.mode].protocol == PROTOCOL_TCP;
    const struct option *kind = tcp ? middleware_kind(OPTION_TCP, form ? form->tcp : owner)
                                    : middleware_kind(OPTION_HTTP, form ? form->http : owner);
    return kind ? kind : middleware_kind(OPTION_TCP, form ? form->tcp : owner);
}

static void options_of(struct buf *out, const struct option *kind) {
    bool first = true;
    for (const struct option *o = option_first_child(kind); o; o = option_next_sibling(o)) {
        if (o->any_name)
            continue;
        struct str name = option_name_kebab(out->arena, option_name(o));
        buf_format(out, "%s`%.*s`", first ? "\nOptions: " : ", ", STR_ARG(name));
        first = false;
    }
    if (!first)
        buf_text(out, ".\n");
}

static bool special(struct buf *out, struct str name) {
    size_t before = out->len;
#define SHORT_FORM(word, http, tcp, by_position, words, example, gist)
#define SPECIAL_FORM(word, function, example, gist)                                                \
    if (str_is(name, word))                                                                        \
        buf_format(out, "```itsup\n%s\n```\n%s\n", example, gist);
#define NEEDED(kind, options, idle)
#include "model/middlewares.def"
#undef SHORT_FORM
#undef SPECIAL_FORM
#undef NEEDED
    return out->len > before;
}

static void middleware(struct buf *out, struct str name, struct setting_of in) {
    const struct short_form *form = short_form_find(name);
    const struct option *kind = kind_for(name, in);
    if (special(out, name))
        return;
    if (form)
        buf_format(out, "```itsup\n%.*s\n```\n%.*s\n", STR_ARG(form->example), STR_ARG(form->gist));
    if (kind && !form)
        buf_format(out, "```itsup\n%.*s(…)\n```\n%.*s\n", STR_ARG(name), STR_ARG(kind->doc));
    if (kind) {
        buf_format(out, "\nTraefik: `%.*s`.\n", STR_ARG(kind->path));
        options_of(out, kind);
    }
}

static void argument(struct buf *out, const struct mark *m) {
    const struct short_form *form = short_form_find(m->owner);
    const struct option *kind = kind_for(m->owner, m->in);
    struct str path = m->name, flag;
    if (form)
        short_form_word(form, m->name, &path, &flag);
    const struct option *o = kind ? option_child_by_word(kind, path) : NULL;
    if (!o && kind)
        o = option_find_below(kind, path).option;
    if (o)
        hover_option(out, o);
}

/* The statement that declares it, as it is written; of one with a block its head. */
static void source_of(struct buf *out, struct itsupc *s, struct span whole) {
    struct str text = source_text(&s->sources, whole);
    size_t block = str_find(text, '\n');
    struct source *source = source_at(&s->sources, whole.start);
    if (!text.len || !source)
        return;
    text = str_slice(text, 0, block);
    buf_format(out, "```itsup\n%.*s%s\n```\n%.*s\n", STR_ARG(text), block == STR_NONE ? "" : " …",
               STR_ARG(source->name));
}

static void service(struct buf *out, struct itsupc *s, struct reading *r, const struct mark *m) {
    struct declaration d;
    struct stack *stack = editing_stack(s, r);
    if (!declaration_find(s, r, m, &d))
        return;
    struct source *file = source_at(&s->sources, d.span.start);
    buf_format(out, "`%.*s` is a service of %.*s.\n", STR_ARG(m->name),
               STR_ARG(file ? file->name : STR("a compose file")));
    const struct service *found = stack ? table_get(&stack->index, m->name) : NULL;
    bool first = true;
    for (const uint16_t *port = found ? found->ports : NULL; port && *port; port++) {
        buf_format(out, "%s%u", first ? "\nIt listens on " : ", ", *port);
        first = false;
    }
    if (!first)
        buf_text(out, ".\n");
}

static void value_of_type(struct buf *out, const struct mark *m) {
    if (m->setting)
        setting(out, m->setting);
}

static void pattern(struct buf *out, const struct mark *m) {
    if (m->in.mode == MODE_UNKNOWN)
        return;
    const struct mode_info *mode = &mode_infos[m->in.mode];
    buf_format(out, "`%.*s://`: %.*s.\n", STR_ARG(mode->scheme), STR_ARG(mode->gist));
}

static void keyword(struct buf *out, const struct mark *m) {
#define STATEMENT(word, form, gist)                                                                \
    if (str_is(m->name, word))                                                                     \
        buf_format(out, "```itsup\n%s\n```\n%s\n", form, gist);
#include "model/statements.def"
#undef STATEMENT
}

void hover_language(struct buf *out, struct itsupc *s, struct reading *r, const struct mark *m) {
    struct declaration d;
    bool known = m->kind != NAME_SERVICE && declaration_find(s, r, m, &d);
    if (known && !span_is_none(d.whole)) {
        buf_format(out, "%.*s `%.*s`\n", STR_ARG(kind_word(m->kind)), STR_ARG(m->name));
        source_of(out, s, d.whole);
        return;
    }
    if (known) {
        buf_format(out, "%.*s `%.*s`\n", STR_ARG(kind_word(m->kind)), STR_ARG(m->name));
        return;
    }
    if (m->kind == NAME_SERVICE) {
        service(out, s, r, m);
        return;
    }
    static void (*const by_role[ROLE_COUNT])(struct buf * out, const struct mark *m) = {
        [ROLE_KEYWORD] = keyword,    [ROLE_PATTERN] = pattern,      [ROLE_SETTING] = value_of_type,
        [ROLE_FLAG] = value_of_type, [ROLE_CHOICE] = value_of_type, [ROLE_ARGUMENT] = argument,
        [ROLE_NAME] = value_of_type, [ROLE_TEXT] = value_of_type,   [ROLE_NUMBER] = value_of_type,
    };
    if (m->role == ROLE_MIDDLEWARE)
        middleware(out, m->name, m->in);
    else if (by_role[m->role])
        by_role[m->role](out, m);
}

/* A code in a comment that silences it: its page. */
static bool code(struct buf *out, struct reading *r, uint32_t place, struct span *span) {
    const struct comment *k = r->comments;
    while (k && !(k->span.start <= place && place <= k->span.end))
        k = k->next;
    if (!k)
        return false;
    struct str text = source_text(r->sources, k->span);
    size_t at = place - k->span.start, from = at, to = at;
    while (from && char_is_alnum(text.at[from - 1]))
        from--;
    while (to < text.len && char_is_alnum(text.at[to]))
        to++;
    struct str word = str_copy(out->arena, str_slice(text, from, to));
    const char *page = word.len ? itsupc_page(word.at) : NULL;
    *span = span_slice(k->span, from, to);
    if (page)
        buf_text(out, page);
    return page != NULL;
}

struct itsupc_text itsupc_hover(struct itsupc *s, const char *file, size_t offset,
                                struct itsupc_place *place) {
    struct buf out = { .arena = &s->arena };
    struct source *source = editing_source(s, file);
    struct reading *r = source && editing_is_language(file) ? editing_of(s, source->name) : NULL;
    const struct mark *m = r ? mark_at(r, editing_at(source, offset)) : NULL;
    struct span span = { 0, 0 };
    if (m) {
        hover_language(&out, s, r, m);
        span = m->span;
    } else if (r) {
        code(&out, r, editing_at(source, offset), &span);
    } else if (source) {
        hover_yaml(&out, source, offset, &span);
    }
    *place = editing_place(s, span);
    return session_text(&out);
}
