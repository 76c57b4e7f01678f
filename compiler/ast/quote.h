/* Text that comes from elsewhere (YAML, JSON), written so that the language reads it back. */
#pragma once

#include "support/buf.h"

enum quote_place {
    QUOTE_NEVER, /* a word is all that may stand there */
    QUOTE_TEXT,  /* a word or a "string" */
    QUOTE_VALUE, /* any value */
};

enum quoted {
    QUOTED_WORD,
    QUOTED_STRING,
    QUOTED_RAW,
    QUOTED_HEREDOC,
};

/* Writes `text`, which is final but for its `${X}` (a `{x}` in it is no interpolation), in the
   plainest form that the place allows. A heredoc's lines are indented by two more than `indent`. */
enum quoted quote_choose(struct buf *out, struct str text, enum quote_place place, size_t indent);

/* A heredoc of whole lines, which get their indentation here. */
void quote_heredoc(struct buf *out, struct str lines, size_t indent);

/* True when the scanner reads `text` as one bare word. */
bool quote_is_word(struct str text);
