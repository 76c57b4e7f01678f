/* net/url and path.Join, as far as routing needs them. */
#include "analysis/url_path.h"

#include "support/buf.h"

static int hex_of(char c) {
    if (char_is_digit(c))
        return c - '0';
    c = char_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool url_unescape(struct arena *a, struct str s, bool plus, struct str *out) {
    char *at = arena_alloc(a, s.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == '%') {
            if (i + 2 >= s.len || hex_of(s.at[i + 1]) < 0 || hex_of(s.at[i + 2]) < 0)
                return false;
            c = (char)(hex_of(s.at[i + 1]) << 4 | hex_of(s.at[i + 2]));
            i += 2;
        } else if (plus && c == '+') {
            c = ' ';
        }
        at[len++] = c;
    }
    *out = (struct str){ at, len };
    return true;
}

/* Of a path: url.shouldEscape with encodePath. */
static bool must_escape(char c) {
    return !char_is_alnum(c) && (c == '\0' || !strchr("-_.~$&+,/:;=@", c));
}

static void escape_byte(struct buf *out, char c) {
    static const char digits[] = "0123456789ABCDEF";
    buf_char(out, '%');
    buf_char(out, digits[(unsigned char)c >> 4]);
    buf_char(out, digits[(unsigned char)c & 15]);
}

static struct str escape(struct arena *a, struct str path) {
    struct buf out = { .arena = a };
    for (size_t i = 0; i < path.len; i++)
        if (must_escape(path.at[i]))
            escape_byte(&out, path.at[i]);
        else
            buf_char(&out, path.at[i]);
    return buf_str(&out);
}

bool url_path_set(struct arena *a, struct str text, struct url_path *out) {
    if (!url_unescape(a, text, false, &out->path))
        return false;
    out->raw = str_eq(escape(a, out->path), text) ? STR("") : text;
    return true;
}

static bool is_valid_encoding(struct str s) {
    for (size_t i = 0; i < s.len; i++)
        if (must_escape(s.at[i]) && (s.at[i] == '\0' || !strchr("!'()*,;[]%", s.at[i])))
            return false;
    return true;
}

struct str url_path_escaped(struct arena *a, const struct url_path *p) {
    struct str plain;
    if (p->raw.len && is_valid_encoding(p->raw) && url_unescape(a, p->raw, false, &plain) &&
        str_eq(plain, p->path))
        return p->raw;
    return str_is(p->path, "*") ? p->path : escape(a, p->path);
}

struct str url_path_normal(struct arena *a, struct str raw) {
    struct buf out = { .arena = a };
    for (size_t i = 0; i < raw.len; i++) {
        if (raw.at[i] != '%') {
            buf_char(&out, raw.at[i]);
            continue;
        }
        char c = (char)(hex_of(raw.at[i + 1]) << 4 | hex_of(raw.at[i + 2]));
        if (char_is_alnum(c) || (c && strchr("-._~", c)))
            buf_char(&out, c);
        else
            escape_byte(&out, c);
        i += 2;
    }
    return buf_str(&out);
}

/* path.Join of one path, its slash at the end kept. */
static struct str clean(struct arena *a, struct str path) {
    struct buf out = { .arena = a };
    buf_reserve(&out, path.len + 2);
    for (size_t i = 0; i < path.len;) {
        size_t from = i;
        while (i < path.len && path.at[i] != '/')
            i++;
        struct str part = str_slice(path, from, i);
        while (i < path.len && path.at[i] == '/')
            i++;
        if (part.len == 0 || str_is(part, "."))
            continue;
        if (str_is(part, "..")) {
            while (out.len && out.at[--out.len] != '/')
                ;
            continue;
        }
        buf_char(&out, '/');
        buf_add(&out, part);
    }
    if (out.len == 0 || (str_ends(path, STR("/")) && out.at[out.len - 1] != '/'))
        buf_char(&out, '/');
    return buf_str(&out);
}

bool url_path_join(struct arena *a, struct url_path *p) {
    return url_path_set(a, clean(a, url_path_escaped(a, p)), p);
}

struct str url_path_routing(struct arena *a, struct str escaped) {
    struct buf out = { .arena = a };
    for (size_t i = 0; i < escaped.len; i++) {
        if (escaped.at[i] != '%' || i + 2 >= escaped.len) {
            buf_char(&out, escaped.at[i]);
            continue;
        }
        char c = (char)(hex_of(escaped.at[i + 1]) << 4 | hex_of(escaped.at[i + 2]));
        if (c && strchr(":/?#[]@!$&'()*+,;=%", c))
            buf_add(&out, str_slice(escaped, i, i + 3));
        else
            buf_char(&out, c);
        i += 2;
    }
    return buf_str(&out);
}
