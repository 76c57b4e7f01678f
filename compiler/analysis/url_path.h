/* Paths of URLs as Go's net/url keeps them: decoded, and as they were written where that says more.
 */
#pragma once

#include "support/str.h"

struct url_path {
    struct str path, raw; /* raw: empty when the usual encoding of `path` is what was written */
};

/* Reads the written form; false when a % is followed by no two hexadecimal digits. */
bool url_path_set(struct arena *a, struct str text, struct url_path *out);
struct str url_path_escaped(struct arena *a, const struct url_path *p); /* URL.EscapedPath */
/* URL.JoinPath(): `.`, `..` and empty parts are gone, the slash at the end stays. */
bool url_path_join(struct arena *a, struct url_path *p);
/* Escapes of letters, digits and -._~ are undone, others written in capitals. */
struct str url_path_normal(struct arena *a, struct str raw);
/* Escapes are undone but for those of characters that mean something in a URL. */
struct str url_path_routing(struct arena *a, struct str escaped);
/* %XX becomes the byte, and with `plus` a + a blank; false for a % without two digits. */
bool url_unescape(struct arena *a, struct str s, bool plus, struct str *out);
