/* Does a compose file have the keys and kinds of value that the Compose specification knows? */
#pragma once

#include "lower/tree.h"

/* Reports every unknown key and wrong kind at its place. */
void compose_check(struct diags *diags, const struct tree *root);
/* For the tests: the rows of compose_keys.def are searched by their order. */
bool compose_keys_are_sorted(void);
/* Is it a key of services? */
bool compose_check_knows(struct str key);

/* For editors: a key, or a word, that may stand below a path of keys ("[]" for an item of a list);
   empty behind the last. */
struct str compose_key_below(const struct str *path, size_t depth, size_t index);
struct str compose_word_below(const struct str *path, size_t depth, size_t index);
