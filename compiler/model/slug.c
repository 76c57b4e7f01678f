/* Slugs. The run-time library and the generated bindings repeat this rule byte by byte, so lower
   case is ASCII only: a locale or a Unicode version must not change a host name. */
#include "model/slug.h"

#include "support/sha256.h"

#define UNIQUE_LENGTH 7 /* "-" and six digits */

/* Bytes that continue a code point add nothing: its first byte has already become the dash, and
   runs of dashes are squeezed anyway. */
static struct str squeezed(struct arena *a, struct str text) {
    char *out = arena_alloc(a, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = char_lower(text.at[i]);
        if (char_is_lower(c) || char_is_digit(c))
            out[len++] = c;
        else if (len && out[len - 1] != '-')
            out[len++] = '-';
    }
    return (struct str){ out, len };
}

static struct str cut(struct str s, size_t limit) {
    s = str_slice(s, 0, limit);
    while (s.len && s.at[s.len - 1] == '-')
        s.len--;
    return s;
}

struct fault slug_make(struct arena *a, struct str text, size_t limit, bool unique,
                       struct str *slug) {
    struct str whole = squeezed(a, text);
    struct str result = cut(whole, limit);
    if (!result.len)
        return fault_at(SLUG_EMPTY, 0, text.len);
    if (unique && !str_eq_nocase(result, text)) {
        if (limit <= UNIQUE_LENGTH)
            return fault_at(SLUG_TOO_SHORT, 0, text.len);
        char hex[65];
        sha256_hex(text, hex);
        struct str base = cut(whole, limit - UNIQUE_LENGTH);
        result = str_format(a, "%.*s-%.6s", STR_ARG(base), hex);
    }
    *slug = str_copy(a, result);
    return fault_none();
}

const char *slug_error_text(int error) {
    static const char *const texts[] = { SLUG_ERRORS(FAULT_PHRASE) };
    return texts[error];
}
