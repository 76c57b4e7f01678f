/* Compose's templates (compose-go's template and dotenv packages). */
#include "lower/compose_env.h"

#include "support/buf.h"

enum { DEEPEST = 16 }; /* of defaults in defaults */

static bool is_name_char(char c, bool first) {
    return char_is_alpha(c) || c == '_' || (!first && char_is_digit(c));
}

static size_t name_len(struct str s) {
    size_t len = 0;
    while (len < s.len && is_name_char(s.at[len], len == 0))
        len++;
    return len;
}

bool compose_env_find(const struct compose_env *e, struct str name, struct str *value) {
    for (const char *const *at = e->environment; at && *at; at++)
        if (strncmp(*at, name.at, name.len) == 0 && (*at)[name.len] == '=') {
            *value = str_of(*at + name.len + 1);
            return true;
        }
    const struct str *known = table_get(&e->values, name);
    if (known)
        *value = *known;
    return known || (e->find && e->find(e->context, name, value));
}

/* ---- ${…} ---- */

static struct str expand(const struct compose_env *e, struct str text, struct span at, int depth);

static void miss(const struct compose_env *e, struct str name, struct span at, bool required) {
    if (e->missing)
        e->missing(e->context, name, at, required);
}

/* What stands behind the name: `:-default`. */
static struct str substitute(const struct compose_env *e, struct str whole, struct str name,
                             struct str rest, struct span at, int depth) {
    struct str value = STR("");
    bool set = compose_env_find(e, name, &value);
    bool empty_counts = str_starts(rest, STR(":"));
    rest = str_from(rest, empty_counts);
    bool present = set && (!empty_counts || value.len);
    char kind = rest.len ? rest.at[0] : '\0';
    if (e->keep && !set && kind != '-')
        return whole;
    struct str other = str_from(rest, rest.len > 0);
    switch (kind) {
    case '-': return present ? value : expand(e, other, at, depth + 1);
    case '+': return present ? expand(e, other, at, depth + 1) : STR("");
    case '?':
        if (!present)
            miss(e, name, at, true);
        return value;
    default:
        if (!set)
            miss(e, name, at, false);
        return value;
    }
}

static bool is_operator(struct str rest) {
    rest = str_from(rest, str_starts(rest, STR(":")));
    return rest.len && strchr("-+?", rest.at[0]);
}

/* Behind "${": where the } stands that closes it. Each { opens, too, whatever stands around it, and
   what follows it is not looked at; where none closes, the last } of the line does. */
static size_t closing(struct str s) {
    size_t open = 1, eol = str_find(s, '\n');
    s = str_slice(s, 0, eol);
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '}' && --open == 0)
            return i;
        if (s.at[i] == '{') {
            open++;
            i++;
        }
    }
    return str_find_last(s, '}');
}

/* One of the forms at the beginning of `s`, which is a $: how much of it was read, 0 for none.
   Where no brace closes, `barren` says how far there is none: it is looked for once. */
static size_t take(const struct compose_env *e, struct buf *out, struct str s, struct span at,
                   int depth, size_t *barren) {
    struct str rest = str_from(s, 1);
    if (str_starts(rest, STR("$"))) {
        buf_char(out, '$');
        return 2;
    }
    bool braced = str_starts(rest, STR("{"));
    size_t len = name_len(str_from(rest, braced));
    struct str name = str_slice(rest, braced, braced + len);
    if (!len)
        return 0;
    if (!braced) {
        buf_add(out, substitute(e, str_slice(s, 0, 1 + len), name, STR(""), at, depth));
        return 1 + len;
    }
    struct str next = str_from(rest, 1 + len);
    if (*barren || !next.len || (next.at[0] != '}' && !is_operator(next)))
        return 0; /* Compose refuses it, which `check` tells */
    size_t close = closing(str_from(rest, 1));
    if (close == STR_NONE) {
        size_t eol = str_find(s, '\n');
        *barren = eol == STR_NONE ? s.len : eol;
        return 0;
    }
    struct str behind = str_slice(rest, 1 + len, 1 + close);
    buf_add(out, substitute(e, str_slice(s, 0, close + 3), name, behind, at, depth));
    return close + 3;
}

static struct str expand(const struct compose_env *e, struct str text, struct span at, int depth) {
    if (depth > DEEPEST || str_find(text, '$') == STR_NONE)
        return text;
    struct buf out = { .arena = e->arena };
    size_t barren = 0;
    for (size_t i = 0; i < text.len;) {
        size_t before = i, ahead = barren;
        size_t taken = text.at[i] == '$' ? take(e, &out, str_from(text, i), at, depth, &ahead) : 0;
        if (!taken)
            buf_char(&out, text.at[i]);
        i += taken ? taken : 1;
        barren = ahead > i - before ? ahead - (i - before) : 0;
    }
    return buf_str(&out);
}

struct str compose_env_expand(const struct compose_env *e, struct str text, struct span at) {
    return expand(e, text, at, 0);
}

void compose_env_expand_tree(const struct compose_env *e, struct tree *node) {
    if (node->kind == TREE_SCALAR)
        node->text = compose_env_expand(e, node->text, node->span);
    if (node->kind != TREE_SEQUENCE && node->kind != TREE_MAPPING)
        return;
    for (struct tree_entry *entry = node->first; entry; entry = entry->next)
        compose_env_expand_tree(e, entry->value);
}

/* ---- .env ---- */

static struct str unquoted(const struct compose_env *e, struct str s) {
    size_t end = 0;
    while (end < s.len && !(s.at[end] == '#' && (end == 0 || strchr(" \t", s.at[end - 1]))))
        end++;
    return compose_env_expand(e, str_trim(str_slice(s, 0, end)), (struct span){ 0, 0 });
}

/* Up to the quote that closes it; in "…" with the usual escapes. */
static struct str quoted(const struct compose_env *e, struct str s, size_t *end) {
    struct buf out = { .arena = e->arena };
    char quote = s.at[0];
    size_t i = 1;
    for (; i < s.len && s.at[i] != quote; i++) {
        static const char from[] = "nrt\"\\", to[] = "\n\r\t\"\\";
        const char *found = quote == '"' && s.at[i] == '\\' && i + 1 < s.len && s.at[i + 1]
                                ? strchr(from, s.at[i + 1])
                                : NULL;
        if (found)
            i++;
        buf_char(&out, found ? to[found - from] : s.at[i]);
    }
    *end = i + 1;
    struct str text = buf_str(&out);
    return quote == '"' ? compose_env_expand(e, text, (struct span){ 0, 0 }) : text;
}

void compose_env_read(struct compose_env *e, struct str text) {
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_from(text, 3);
    while (text.len) {
        size_t end = str_find(text, '\n');
        struct str line = str_trim(str_slice(text, 0, end));
        size_t next = end == STR_NONE ? text.len : end + 1;
        if (str_starts(line, STR("export ")))
            line = str_trim(str_from(line, sizeof "export " - 1));
        size_t len = 0;
        while (len < line.len && (char_is_alnum(line.at[len]) || strchr("_.-", line.at[len])))
            len++;
        struct str name = str_slice(line, 0, len), rest = str_trim(str_from(line, len));
        if (len && rest.len && (rest.at[0] == '=' || rest.at[0] == ':')) {
            struct str value = str_trim(str_from(rest, 1));
            struct str *kept = arena_new(e->arena, struct str);
            if (value.len && strchr("'\"", value.at[0])) {
                /* It may go on over lines. */
                size_t at = (size_t)(value.at - text.at), stop;
                *kept = quoted(e, str_from(text, at), &stop);
                size_t eol =
                    str_find(str_from(text, at + stop < text.len ? at + stop : text.len), '\n');
                next = eol == STR_NONE ? text.len : at + stop + eol + 1;
            } else {
                *kept = str_copy(e->arena, unquoted(e, value));
            }
            *table_at(&e->values, str_copy(e->arena, name)) = kept;
        }
        text = str_from(text, next);
    }
}
