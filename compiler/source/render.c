/* What the renderers share: their table, which findings are shown, and where those lie. */
#include "source/render.h"

const struct renderer renderers[] = {
#define RENDERER(name, machine, function) { name, machine, function },
#include "source/renderers.def"
#undef RENDERER
    { NULL, false, NULL },
};

const struct renderer *renderer_find(struct str name) {
    for (const struct renderer *r = renderers; r->name; r++)
        if (str_is(name, r->name))
            return r;
    return NULL;
}

struct str level_name(enum diag_level level) {
    switch (level) {
    case LEVEL_NOTE: return STR("note");
    case LEVEL_WARNING: return STR("warning");
    case LEVEL_ERROR: return STR("error");
    }
    return STR("");
}

/* Gives the room to errors first, so that a flood of lints never hides what stops a build. */
static void choose(struct render *render) {
    const struct diags *diags = render->diags;
    const size_t counts[] = { [LEVEL_NOTE] = diags->notes,
                              [LEVEL_WARNING] = diags->warnings,
                              [LEVEL_ERROR] = diags->errors };
    size_t left = render->style.most ? render->style.most : RENDER_MOST;
    for (int level = LEVEL_ERROR; level >= LEVEL_NOTE; level--) {
        size_t here = counts[level] < left ? counts[level] : left;
        render->least = (enum diag_level)level;
        render->least_left = here;
        render->shown += here;
        left -= here;
        if (left == 0)
            return;
    }
}

void render(const struct renderer *renderer, const struct diags *diags, struct render_style style,
            struct buf *out) {
    struct render render = {
        .out = out, .diags = diags, .sources = diags->sources, .style = style
    };
    choose(&render);
    renderer->write(&render);
}

bool render_takes(struct render *render, enum diag_level level) {
    if (level != render->least)
        return level > render->least;
    if (!render->least_left)
        return false;
    render->least_left--;
    return true;
}

const struct diag *render_next(struct render *render, const struct diag *d) {
    for (d = d ? d->next : render->diags->first; d; d = d->next)
        if (render_takes(render, d->level))
            return d;
    return NULL;
}

struct extent extent_of(struct sources *sources, struct span span) {
    struct place from = source_place(sources, span.start), to = source_place(sources, span.end);
    if (span_is_none(span) || !from.source)
        return (struct extent){ STR(""), 1, 1, 1, 1, 0, 0 };
    if (to.source != from.source || to.offset < from.offset)
        to = from;
    return (struct extent){ from.source->name, from.line,   from.column, to.line,
                            to.column,         from.offset, to.offset };
}
