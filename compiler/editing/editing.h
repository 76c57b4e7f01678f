/* Questions about a place in a file, on a session to which files were added and that was not
 * checked.
 */
#pragma once

#include "editing/read.h"
#include "session.h"

/* The file as words, read once a session; NULL when it cannot be read or is of another kind. */
struct reading *editing_of(struct itsupc *s, struct str name);
struct source *editing_source(struct itsupc *s, const char *name);
bool editing_is_language(const char *name);

/* Where a name is declared. */
struct declaration {
    struct reading *reading; /* NULL: it stands in a file of another kind */
    const struct mark *mark;
    struct span span, whole; /* none when there is no place */
    struct str doc;          /* of what comes ready-made */
};
bool declaration_find(struct itsupc *s, struct reading *r, const struct mark *m,
                      struct declaration *out);
/* Every name of a kind that is seen at a place, nearest first; a name may come twice. */
typedef void name_visit(void *context, struct str name, struct span span);
void names_visible(struct itsupc *s, struct reading *r, uint32_t place, enum name_kind kind,
                   name_visit *visit, void *context);
/* The compose file beside a file of ours, or NULL. */
struct stack *editing_stack(struct itsupc *s, struct reading *r);
struct str kind_word(enum name_kind kind); /* "middleware" */

struct itsupc_place editing_place(struct itsupc *s, struct span span);
/* `offset` in the file as a place of the pool. */
static inline uint32_t editing_at(const struct source *source, size_t offset) {
    size_t most = source->text.len;
    return source->base + (uint32_t)(offset < most ? offset : most);
}

/* A list that grows, of things of one size. */
struct collected {
    struct arena *arena;
    char *at;
    size_t count, room, size;
};
void *collect(struct collected *c);

/* ---- completion.c, complete_yaml.c ---- */

struct completing {
    struct itsupc *s;
    struct collected items;
    struct table offered; /* labels */
    struct str typed;     /* what stands before the place already */
};
/* `doc` may be empty. Returns NULL when the label is listed already. */
struct itsupc_completion *offer(struct completing *c, enum itsupc_completion_kind kind,
                                struct str label, struct str detail, struct str doc);
void complete_language(struct completing *c, struct reading *r, size_t offset);
void complete_yaml(struct completing *c, struct source *source, size_t offset);
void complete_option_path(struct completing *c, const struct option *from, struct str typed,
                          bool kebab);

/* ---- hover.c ---- */

void hover_option(struct buf *out, const struct option *o);
void hover_language(struct buf *out, struct itsupc *s, struct reading *r, const struct mark *m);
bool hover_yaml(struct buf *out, struct source *source, size_t offset, struct span *span);
