/* The part of a source line that fits a terminal, and the columns in it where a span stands. */
#pragma once

#include "source/source.h"

struct quote {
    struct str text;           /* as the source has it; show it with width_add_visible */
    bool cut_left, cut_right;  /* a "…" of one column stands for what is missing */
    size_t mark_from, mark_to; /* columns as shown, the "…" included; at least one apart */
};

/* `from` and `to` are bytes of the line, `room` the columns there are. The start of the span is
   always in view, and its end when the room allows. */
struct quote quote_line(struct str line, size_t from, size_t to, size_t room);
