/* Text to bare word, "string", `raw` or heredoc: the scanner's rules read backwards. */
#include "ast/quote.h"

/* ---- bare words ---- */

static bool is_plain(char c) {
    unsigned char u = (unsigned char)c;
    return u > 0x20 && u != 0x7f && !memchr("\"`'()[]{},;|=<>\\#?", c, 19);
}

static char at(struct str s, size_t i) {
    return i < s.len ? s.at[i] : '\0';
}

/* `{name}` at `i`: its length, else 0. */
static size_t interpolation(struct str s, size_t i) {
    size_t end = i + 1;
    if (at(s, i) != '{' || !(char_is_alpha(at(s, end)) || at(s, end) == '_'))
        return 0;
    while (char_is_alnum(at(s, end)) || (at(s, end) && memchr("_.-", at(s, end), 3)))
        end++;
    return at(s, end) == '}' ? end + 1 - i : 0;
}

/* `${NAME:?text}` at `i`, with braces nested once: its length, else 0. */
static size_t variable(struct str s, size_t i) {
    size_t depth = 0;
    if (at(s, i) != '$' || at(s, i + 1) != '{')
        return 0;
    for (size_t end = i + 2; end < s.len && s.at[end] != '\n' && s.at[end]; end++) {
        if (s.at[end] == '{' && ++depth > 1)
            return 0;
        if (s.at[end] == '}' && depth-- == 0)
            return end + 1 - i;
    }
    return 0;
}

/* `[v6]` at `i`, followed by `next` (if any): its length without that, else 0. */
static size_t address(struct str s, size_t i, char next) {
    size_t end = i + 1;
    bool colon = false;
    if (at(s, i) != '[')
        return 0;
    for (; end < s.len && s.at[end] != ']'; end++) {
        char c = char_lower(s.at[end]);
        if (!char_is_digit(c) && !(c >= 'a' && c <= 'f') && c != ':' && c != '.')
            return 0;
        colon |= c == ':';
    }
    return colon && at(s, end) == ']' && (!next || at(s, end + 1) == next) ? end + 1 - i : 0;
}

/* The longest bare word at the start: its length, 0 when none begins there. */
static size_t word_length(struct str s) {
    size_t i = 0;
    bool query = false;
    while (i < s.len) {
        size_t len = interpolation(s, i);
        if (!len)
            len = variable(s, i);
        if (!len && i == 0 && (len = address(s, 0, ':')))
            len++;
        if (!len && i > 0 && s.at[i] == '/' && at(s, i + 1) == '/' && (len = address(s, i + 2, 0)))
            len += 2;
        query |= s.at[i] == '?';
        bool inner = i > 0 && (s.at[i] == '#' || s.at[i] == '\'');
        if (!len && (is_plain(s.at[i]) || inner || s.at[i] == '?' || (query && s.at[i] == '=')))
            len = 1;
        if (!len)
            break;
        i += len;
    }
    if (i > 1 && i < s.len && s.at[i] == '>' && (s.at[i - 1] == '-' || s.at[i - 1] == '='))
        i--;
    return i;
}

/* Characters that look like ASCII ones: the scanner refuses them in words. */
static bool has_lookalike(struct str s) {
    static const char *const looks[] = { "\xc2\xa0", "\xe2\x80", "\xe2\x86\x92", "\xe3\x80\x80",
                                         "\xef\xbb\xbf" };
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        if (str_find_str(s, str_of(looks[i])) != STR_NONE)
            return true;
    return false;
}

bool quote_is_word(struct str text) {
    return text.len && word_length(text) == text.len && !has_lookalike(text);
}

/* ---- quotes ---- */

static bool has_any(struct str s, const char *chars) {
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] && strchr(chars, s.at[i]))
            return true;
    return false;
}

static bool has_control(struct str s) {
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] < 0x20 || s.at[i] == 0x7f)
            return true;
    return false;
}

/* `${…}` at `i`, with braces nested as deep as they are: its length, else 0. */
static size_t placeholder(struct str s, size_t i) {
    size_t depth = 0;
    if (at(s, i) != '$' || at(s, i + 1) != '{')
        return 0;
    for (size_t end = i + 1; end < s.len && s.at[end] != '\n'; end++) {
        depth += s.at[end] == '{';
        if (s.at[end] == '}' && --depth == 0)
            return end + 1 - i;
    }
    return 0;
}

/* The same where nothing in it would end a string or a line of one. */
static size_t variable_in_string(struct str s, size_t i) {
    size_t len = placeholder(s, i);
    for (size_t n = 0; n < len; n++)
        if ((unsigned char)s.at[i + n] < 0x20 || memchr("\"\\\x7f", s.at[i + n], 3))
            return 0;
    return len;
}

static bool has_variable(struct str s) {
    for (size_t i = 0; i < s.len; i++)
        if (placeholder(s, i))
            return true;
    return false;
}

/* Every `{` belongs to a variable. */
static bool has_no_names(struct str s) {
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] == '{' && (i == 0 || s.at[i - 1] != '$'))
            return false;
    return true;
}

static void add_string(struct buf *out, struct str s) {
    buf_char(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        size_t variable = variable_in_string(s, i);
        if (variable) {
            buf_add(out, str_slice(s, i, i + variable));
            i += variable - 1;
            continue;
        }
        switch (c) {
        case '\n': buf_text(out, "\\n"); break;
        case '\t': buf_text(out, "\\t"); break;
        case '\r': buf_text(out, "\\r"); break;
        case '"':
        case '\\':
        case '{': buf_format(out, "\\%c", c); break;
        case '$': buf_text(out, at(s, i + 1) == '{' ? "\\$" : "$"); break;
        default:
            if (c < 0x20 || c == 0x7f)
                buf_format(out, "\\u{%x}", c);
            else
                buf_char(out, (char)c);
        }
    }
    buf_char(out, '"');
}

/* Whole lines (one alone only if quotes would spoil it) that begin at the margin and hold nothing
 * that a heredoc would change. */
static bool fits_heredoc(struct str s) {
    bool margin = false;
    if (s.len < 2 || s.at[s.len - 1] != '\n' ||
        (str_find(s, '\n') == s.len - 1 && !has_any(s, "\"{")) || has_any(s, "\\\r") ||
        str_find_str(s, STR("\"\"\"")) != STR_NONE)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        bool starts = i == 0 || s.at[i - 1] == '\n';
        margin |= starts && c != ' ' && c != '\t' && c != '\n';
        if (((unsigned char)c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
            return false;
        /* The fate of blanks on a blank line is not worth knowing. */
        if (c == '\n' && i > 0 && (s.at[i - 1] == ' ' || s.at[i - 1] == '\t'))
            return false;
    }
    return margin;
}

void quote_heredoc(struct buf *out, struct str lines, size_t indent) {
    bool starts = true;
    buf_text(out, "\"\"\"\n");
    for (size_t i = 0; i < lines.len; i++) {
        if (starts && lines.at[i] != '\n')
            buf_repeat(out, ' ', indent + 2);
        starts = lines.at[i] == '\n';
        buf_char(out, lines.at[i]);
    }
    if (!starts)
        buf_char(out, '\n');
    buf_repeat(out, ' ', indent);
    buf_text(out, "\"\"\"");
}

static struct str protect_braces(struct buf *out, struct str s) {
    for (size_t i = 0; i < s.len;) {
        size_t variable = placeholder(s, i), len = variable ? variable : interpolation(s, i);
        if (len && !variable)
            buf_char(out, '\\');
        buf_add(out, str_slice(s, i, i + (len ? len : 1)));
        i += len ? len : 1;
    }
    return buf_str(out);
}

enum quoted quote_choose(struct buf *out, struct str text, enum quote_place place, size_t indent) {
    if (place == QUOTE_NEVER || (quote_is_word(text) && has_no_names(text))) {
        buf_add(out, text);
        return QUOTED_WORD;
    }
    if (place == QUOTE_VALUE && fits_heredoc(text)) {
        struct buf lines = { .arena = out->arena };
        quote_heredoc(out, protect_braces(&lines, text), indent);
        return QUOTED_HEREDOC;
    }
    bool awkward = has_any(text, "\"\\{");
    if (place == QUOTE_VALUE && awkward && !has_variable(text) && !has_control(text) &&
        str_find(text, '`') == STR_NONE) {
        buf_format(out, "`");
        buf_add(out, text);
        buf_format(out, "`");
        return QUOTED_RAW;
    }
    add_string(out, text);
    return QUOTED_STRING;
}
