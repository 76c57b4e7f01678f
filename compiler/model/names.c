/* Names. Traefik splits label keys at dots and compares names without case, hence the narrow
   alphabet and the normal form. */
#include "model/names.h"

static bool is_name_char(char c) {
    return char_is_alnum(c) || c == '-' || c == '_';
}

/* The bytes of one code point, so that a caret never cuts a letter in two. */
static size_t char_end(struct str text, size_t at) {
    at++;
    while (at < text.len && ((unsigned char)text.at[at] & 0xc0) == 0x80)
        at++;
    return at;
}

static struct fault check(struct str text, bool dots, int character, size_t limit) {
    if (!text.len)
        return fault_at(NAMES_EMPTY, 0, 0);
    for (size_t i = 0; i < text.len; i++) {
        if (is_name_char(text.at[i]))
            continue;
        if (text.at[i] != '.' || !dots)
            return fault_at(character, i, char_end(text, i));
        if (i + 1 < text.len && text.at[i + 1] == '.')
            return fault_at(NAMES_DOTS, i, i + 2);
        if (i == 0 || i + 1 == text.len)
            return fault_at(NAMES_DOT_END, i, i + 1);
    }
    if (text.len > limit)
        return fault_at(NAMES_TOO_LONG, limit, text.len);
    return fault_none();
}

struct fault names_check_project(struct str text) {
    return check(text, true, NAMES_PROJECT_CHARACTER, NAMES_MAX);
}

struct fault names_check_object(struct str text) {
    return check(text, false, NAMES_CHARACTER, NAMES_MAX);
}

struct fault names_check_value(struct str text) {
    struct fault f = names_check_object(text);
    if (!f.error && !char_is_alpha(text.at[0]) && text.at[0] != '_')
        f = fault_at(NAMES_START, 0, 1);
    return f;
}

struct fault names_check_qualified(struct str text) {
    struct fault f = check(text, true, NAMES_CHARACTER, SIZE_MAX);
    for (size_t from = 0; !f.error && from < text.len;) {
        struct str rest = str_from(text, from);
        size_t dot = str_find(rest, '.');
        struct str part = str_slice(rest, 0, dot);
        f = fault_moved(names_check_object(part), from);
        from += part.len + 1;
    }
    return f;
}

struct str names_normal(struct arena *a, struct str name) {
    char *out = arena_alloc(a, name.len + 1);
    for (size_t i = 0; i < name.len; i++)
        out[i] = name.at[i] == '.' ? '-' : char_lower(name.at[i]);
    return (struct str){ out, name.len };
}

const char *names_error_text(int error) {
    static const char *const texts[] = { NAMES_ERRORS(FAULT_PHRASE) };
    return texts[error];
}
