/* A list of findings, after diags_finish, in one of the forms of renderers.def. */
#pragma once

#include "source/diag.h"
#include "support/buf.h"

enum { RENDER_MOST = 1000 }; /* findings, where a style does not say how many */

struct render_style {
    bool color;
    unsigned width; /* columns of the terminal; 0 when unknown */
    bool quiet;     /* text: no summary line */
    size_t most;    /* findings to show; 0 means 1000 */
    size_t files;   /* how many were looked at, for the summary */
};

/* What a renderer works on. */
struct render {
    struct buf *out;
    const struct diags *diags;
    struct sources *sources;
    struct render_style style;
    enum diag_level least; /* below this level nothing is shown */
    size_t least_left;     /* and of this level so many still are */
    size_t shown;          /* how many will be in all */
};

struct renderer {
    const char *name;
    bool machine;
    void (*write)(struct render *render);
};

#define RENDERER(name, machine, function) void function(struct render *render);
#include "source/renderers.def"
#undef RENDERER

extern const struct renderer renderers[]; /* ends with a NULL name */
const struct renderer *renderer_find(struct str name);

void render(const struct renderer *renderer, const struct diags *diags, struct render_style style,
            struct buf *out);

/* For renderers: the next finding to show, in order; `d` is the one before, or NULL. Where there
   are more than style.most, errors go before warnings and warnings before notes. */
const struct diag *render_next(struct render *render, const struct diag *d);
/* Is the next finding, of that level, one to show? For renderers that go through all themselves. */
bool render_takes(struct render *render, enum diag_level level);
/* One finding as text. */
void render_text_one(struct buf *out, struct sources *sources, struct render_style style,
                     const struct diag *d);
static inline bool render_is_cut(const struct render *render) {
    return render->shown < render->diags->count;
}

struct str level_name(enum diag_level level); /* "error" */

/* Where a span lies, as all forms tell it: from 1, the end exclusive. "No place" is 1:1 of "". */
struct extent {
    struct str file;
    size_t line, column, end_line, end_column;
    size_t start, end; /* bytes of the file */
};
struct extent extent_of(struct sources *sources, struct span span);
