/* UTF-8, read without trust: a byte that belongs to no character stands alone. */
#pragma once

#include "support/buf.h"

#define UTF8_INVALID    UINT32_MAX /* a byte of no character */
#define UTF8_BOM        STR("\xef\xbb\xbf")
#define UTF8_UNREADABLE STR("\xef\xbf\xbd") /* U+FFFD, what is shown instead of such a byte */

/* Reads the character at `at` (before the end of `s`) and gives its length in bytes. Overlong
   forms, surrogates and what lies above U+10FFFF are invalid; each of their bytes counts alone. */
size_t utf8_next(struct str s, size_t at, uint32_t *character);

/* How many bytes from `at` on, up to `to`, are ASCII: a character each. */
size_t utf8_ascii_run(struct str s, size_t at, size_t to);

bool utf8_is_valid(struct str s);

/* Appends the character; it must be one. */
void utf8_add(struct buf *out, uint32_t character);
