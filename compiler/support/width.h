/* How many columns of a terminal a text takes, one visible unit at a time. */
#pragma once

#include "support/str.h"

enum glyph_kind {
    GLYPH_PLAIN,
    GLYPH_TAB,
    GLYPH_CONTROL, /* ASCII control: an escape sequence could begin with it */
    GLYPH_HIDDEN,  /* no UTF-8, C1, or a mark that reorders or hides text: never sent to a terminal
                    */
};

/* A character with what joins it: accents, variation selectors, skin tones, emoji after a joiner.
 */
struct glyph {
    enum glyph_kind kind;
    size_t bytes;
    unsigned columns; /* as it should be shown: a tab is 4, a control or hidden mark 1 */
};

/* The glyph at `at`, before the end of `s`. */
struct glyph glyph_next(struct str s, size_t at);

size_t width_of(struct str s);

/* Adds `s` to `b` so that a terminal shows it as text: tabs as blanks, the rest that is no text as
   one visible mark each. */
struct buf;
void width_add_visible(struct buf *b, struct str s);
