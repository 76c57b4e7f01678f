/* Checks: of the part that an edit touched at once, of the rest when the editor is quiet. */
#pragma once

#include "driver/lsp/roots.h"

void world_check(struct server *s, struct root *root, struct document *d);
/* A text that is no file. */
void world_check_text(struct server *s, struct document *d);
/* Looks at what lies in the root, unless that is known. */
void root_look(struct server *s, struct root *root);
/* A session of a text that is no file. */
struct itsupc *world_text_session(struct server *s, struct document *d, struct arena *arena);
