/* What a process that helps with a build (parts.h) tells of its artefacts. */
#pragma once

#include "support/buf.h"

struct note {
    enum { NOTE_SAME, NOTE_NEW, NOTE_DIFFERS, NOTE_END } kind;
    struct str path, text; /* the text is told where it differs */
    unsigned char hash[32];
};

void notes_add(struct buf *notes, const struct note *note);
/* Takes the next one, which points into them; false behind the last, and where they are cut off. */
bool notes_next(struct str *notes, struct note *note);
/* Are they all there? */
bool notes_end(struct str notes);
