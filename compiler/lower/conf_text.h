/* Texts of Traefik's configuration: parts of scalars, each byte leading back, and how the language
   writes them. */
#pragma once

#include "lower/lower.h"

/* Does the text lie in the source itself, and not beside a tree that goes? */
bool conf_stands_in(const struct source *source, struct str text);
/* A scalar as it stands; it reads no variables. Nothing of it points into the tree. */
struct node *conf_text(struct arena *a, const struct tree *scalar);
struct untyped;
/* The same of a text of such a file, `source`. */
struct node *conf_written(struct arena *a, const struct source *source, const struct untyped *c);
/* Its bytes [from, to). */
struct node *conf_part(struct arena *a, struct node *text, size_t from, size_t to);
/* The same text for another list. */
struct node *conf_copy(struct arena *a, struct node *text);
/* What Docker Compose makes of it: `$$` is a `$`, and `$NAME` becomes `${NAME}`. Such a text has
   variables when `has_braces` is set; a literal `${` then stays `$${`. */
struct node *conf_of_compose(struct arena *a, struct node *text);
/* What a template of Go makes of `{{…}}` is as unknown as a variable: `${TEMPLATE}`. */
struct node *conf_of_template(struct arena *a, struct node *text);
/* A text of ours about that place. */
struct node *conf_made(struct arena *a, struct str text, struct span span);

struct str conf_str(const struct node *text); /* empty for NULL */
bool conf_has_variable(const struct node *text);

/* The same as a value in the language: variables stay variables, the rest is literal. */
struct node *conf_word(struct arena *a, struct node *text);
/* The same of a text that was joined in an arena of the moment. */
struct node *conf_word_kept(struct arena *a, struct node *text);
/* Texts in a row as one: parts of ours, which point at `span`, and parts as they were written. */
struct conf_join {
    struct arena *arena;
    struct buf out;
    struct piece *pieces;
    size_t count, room;
    bool variable;
};
struct conf_join conf_join(struct arena *a);
void conf_join_made(struct conf_join *j, struct str text, struct span span);
void conf_join_text(struct conf_join *j, struct node *text);
void conf_join_part(struct conf_join *j, struct node *text, size_t from, size_t to);
struct node *conf_join_end(struct conf_join *j, struct span span);
