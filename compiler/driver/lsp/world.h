/* Checks: of the part that an edit touched at once, of the rest when the editor is quiet. */
#pragma once

#include "driver/lsp/roots.h"

void world_check(struct server *s, struct root *root, struct document *d);
/* As root_session_all, for findings alone. */
struct itsupc *root_check_all(struct server *s, struct root *root, struct arena *arena);
void world_check_whole(struct server *s, struct root *root);
/* The same, on the side when the root is large. */
void world_begin_whole(struct server *s, struct root *root);
void world_take_job(struct server *s);
bool world_is_large(const struct root *root);
/* Those around members that were touched meanwhile are to be checked. */
void world_disturb_touched(struct root *root);
/* A text that is no file. */
void world_check_text(struct server *s, struct document *d);
/* Looks at what lies in the root, unless that is known. */
void root_look(struct server *s, struct root *root);
/* A session of a text that is no file. */
struct itsupc *world_text_session(struct server *s, struct document *d, struct arena *arena);
