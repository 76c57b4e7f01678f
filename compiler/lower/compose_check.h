/* Does a compose file have the keys and kinds of value that the Compose specification knows? */
#pragma once

#include "lower/tree.h"

/* Reports every unknown key and wrong kind at its place. */
void compose_check(struct diags *diags, const struct tree *root);
/* For the tests: the rows of compose_keys.def are searched by their order. */
bool compose_keys_are_sorted(void);
/* Is it a key of services? */
bool compose_check_knows(struct str key);

/* Every key that may stand below a path of keys ("[]" for an item of a list), for editors. */
void compose_keys_each(const struct str *path, size_t depth,
                       void (*visit)(void *context, struct str key), void *context);
