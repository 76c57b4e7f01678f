/* Run-time variables in the form that Compose interpolates, and a cautious search for credentials
   in clear text: it must stay silent on host names, digests of images and ordinary words. */
#include "model/secret.h"

static bool is_name_start(char c) {
    return char_is_alpha(c) || c == '_';
}

static size_t name_end(struct str text, size_t from) {
    while (from < text.len && (is_name_start(text.at[from]) || char_is_digit(text.at[from])))
        from++;
    return from;
}

bool secret_is_name(struct str text) {
    return text.len && is_name_start(text.at[0]) && name_end(text, 0) == text.len;
}

/* Compose lets a default hold further variables, so braces are counted. */
static size_t closing_brace(struct str text, size_t at) {
    size_t depth = 1;
    for (; at < text.len; at++) {
        if (text.at[at] == '{' && text.at[at - 1] == '$')
            depth++;
        else if (text.at[at] == '}' && --depth == 0)
            return at;
    }
    return STR_NONE;
}

static size_t find_start(struct str text, size_t at) {
    for (; at + 1 < text.len; at++) {
        if (text.at[at] != '$')
            continue;
        if (text.at[at + 1] == '{')
            return at;
        if (text.at[at + 1] == '$')
            at++;
    }
    return STR_NONE;
}

bool secret_next(struct str text, size_t at, struct secret *out, struct fault *fault) {
    *fault = fault_none();
    size_t from = find_start(text, at);
    if (from == STR_NONE)
        return false;
    size_t start = from + 2, end = closing_brace(text, start);
    if (end == STR_NONE) {
        *fault = fault_at(SECRET_OPEN, from, text.len);
        return false;
    }
    size_t stop = name_end(text, start);
    struct secret s = { .from = from, .to = end + 1, .name = str_slice(text, start, stop) };
    if (stop == end) {
        s.form = SECRET_PLAIN;
    } else if (stop + 1 < end && text.at[stop] == ':' &&
               (text.at[stop + 1] == '-' || text.at[stop + 1] == '?')) {
        s.form = text.at[stop + 1] == '-' ? SECRET_DEFAULT : SECRET_REQUIRED;
        s.text = str_slice(text, stop + 2, end);
    } else {
        bool known = text.at[stop] == ':' || text.at[stop] == '-' || text.at[stop] == '?' ||
                     text.at[stop] == '+';
        int error = known && stop > start ? SECRET_FORM : SECRET_NAME;
        *fault = fault_at(error, from, end + 1);
        return false;
    }
    if (!secret_is_name(s.name)) {
        *fault = fault_at(s.name.len ? SECRET_NAME : SECRET_NAME_EMPTY, from, end + 1);
        return false;
    }
    *out = s;
    return true;
}

bool secret_present(struct str text) {
    struct secret s;
    struct fault f = fault_none();
    for (size_t at = 0;; at = f.to) {
        if (secret_next(text, at, &s, &f))
            return true;
        if (!f.error)
            return false;
    }
}

static const char *const hash_marks[] = { "$apr1$", "$2y$", "$2a$",  "$2b$",   "$1$",
                                          "$5$",    "$6$",  "{SHA}", "{SSHA}", "$argon2id$" };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_hash_char(char c) {
    return char_is_alnum(c) || c == '.' || c == '/' || c == '$' || c == '+' || c == '=';
}

static bool is_hash_at(struct str value, size_t at, size_t *to) {
    for (size_t i = 0; i < COUNT(hash_marks); i++) {
        struct str mark = str_of(hash_marks[i]);
        if (!str_starts(str_from(value, at), mark))
            continue;
        size_t end = at + mark.len;
        while (end < value.len && is_hash_char(value.at[end]))
            end++;
        *to = end;
        return end - at - mark.len >= 8;
    }
    return false;
}

/* In Compose text the dollars of a hash stand doubled; the search reads them as one. */
static bool find_hash(struct str value, size_t *from, size_t *to) {
    for (size_t at = 0; at < value.len; at++) {
        if (value.at[at] != '$' && value.at[at] != '{')
            continue;
        if (is_hash_at(value, at, to)) {
            *from = at;
            return true;
        }
        if (at + 1 < value.len && value.at[at] == '$' && value.at[at + 1] == '$') {
            static const char *const kinds[] = { "apr1", "2y", "2a", "2b", "1", "5", "6" };
            for (size_t i = 0; i < COUNT(kinds); i++) {
                struct str rest = str_from(value, at + 2), kind = str_of(kinds[i]);
                if (str_starts(rest, kind) && str_starts(str_from(rest, kind.len), STR("$$"))) {
                    *from = at;
                    *to = at + 2 + kind.len + 2;
                    while (*to < value.len && is_hash_char(value.at[*to]))
                        ++*to;
                    return true;
                }
            }
        }
    }
    return false;
}

static bool names_credential(struct str key) {
    static const char *const words[] = { "password",   "passwd",        "secret",     "token",
                                         "apikey",     "api-key",       "api_key",    "lapikey",
                                         "lapi-key",   "lapi_key",      "credential", "private-key",
                                         "privatekey", "authorization", "auth-key" };
    /* `users-file`, `tokenFile`: the value is a path. `tokenUrl`: an address. */
    static const char *const harmless[] = { "file", "path", "url", "name", "header" };
    char lower[128];
    size_t len = key.len < sizeof lower ? key.len : sizeof lower;
    for (size_t i = 0; i < len; i++)
        lower[i] = char_lower(key.at[i]);
    struct str k = { lower, len };
    for (size_t i = 0; i < COUNT(harmless); i++)
        if (str_ends(k, str_of(harmless[i])))
            return false;
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_find_str(k, str_of(words[i])) != STR_NONE)
            return true;
    return false;
}

/* A long word with letters and digits and no more structure than base64 or hexadecimal has. */
static bool looks_random(struct str word) {
    size_t digits = 0, letters = 0;
    for (size_t i = 0; i < word.len; i++) {
        digits += char_is_digit(word.at[i]);
        letters += char_is_alpha(word.at[i]);
    }
    return word.len >= 20 && digits >= 2 && letters >= 2;
}

static bool is_token_char(char c) {
    return char_is_alnum(c) || c == '+' || c == '/' || c == '=' || c == '_' || c == '-';
}

enum secret_literal secret_find_literal(struct str key, struct str value, size_t *from,
                                        size_t *to) {
    if (find_hash(value, from, to))
        return SECRET_LITERAL_HASH;
    /* An absolute path is what a `*-file` option or a mounted secret holds. */
    if (!names_credential(key) || str_starts(value, STR("/")))
        return SECRET_LITERAL_NONE;
    for (size_t at = 0; at < value.len;) {
        size_t end = at;
        while (end < value.len && is_token_char(value.at[end]))
            end++;
        bool variable = at >= 2 && value.at[at - 1] == '{' && value.at[at - 2] == '$';
        if (!variable && looks_random(str_slice(value, at, end))) {
            *from = at;
            *to = end;
            return SECRET_LITERAL_TOKEN;
        }
        at = end + 1;
    }
    return SECRET_LITERAL_NONE;
}

const char *secret_error_text(int error) {
    static const char *const texts[] = { SECRET_ERRORS(FAULT_PHRASE) };
    return texts[error];
}
