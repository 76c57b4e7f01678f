/* What YAML and JSON readers want to know before they read: is this text at all? */
#pragma once

#include "source/diag.h"

/* Each reports the first offence at its exact byte and answers false. */
bool text_check_utf8(struct diags *diags, const struct source *source);
/* UTF-8, the characters that YAML allows, and no layout that its scanner needs minutes for. */
bool text_check_yaml(struct diags *diags, const struct source *source);
