/* Text as roff, for the pages of the manual. */
#pragma once

#include "support/buf.h"

/* One line of prose: `code` is bold, *(remarks)* are italic, and nothing in it is a request. */
void roff_prose(struct buf *out, struct str text);
/* The text as it stands, for what a user types. */
void roff_literal(struct buf *out, struct str text);
/* .SH or .SS with its words. */
void roff_heading(struct buf *out, const char *macro, struct str words);
/* The Markdown of the reference: headings, items, fences and paragraphs. */
void roff_markdown(struct buf *out, struct str text);
