/* Pieces of HTTP. The refused characters are those that would break out of Traefik's backticks or
   that no request line can carry. */
#include "model/http.h"

#include "model/domain.h"
#include "model/port.h"
#include "model/target.h"
#include "support/buf.h"
#include "support/cidr.h"

static int hex_value(char c) {
    if (char_is_digit(c))
        return c - '0';
    c = char_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The value of the escape "%66" that begins at `at`; -1 when it is none. */
static int escape_at(struct str text, size_t at) {
    if (at + 2 >= text.len || text.at[at] != '%')
        return -1;
    int high = hex_value(text.at[at + 1]), low = hex_value(text.at[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* No variable is longer; the limit keeps a text of nothing but "${" from costing quadratic time. */
#define VARIABLE_MAX 1024

/* The end of the `${…}` that begins at `at`; `at` itself when there is none. */
static size_t variable_end(struct str text, size_t at) {
    if (at + 1 >= text.len || text.at[at] != '$' || text.at[at + 1] != '{')
        return at;
    size_t depth = 0;
    size_t stop = text.len - at > VARIABLE_MAX ? at + VARIABLE_MAX : text.len;
    for (size_t i = at + 1; i < stop; i++) {
        if (text.at[i] == '{')
            depth++;
        else if (text.at[i] == '}' && --depth == 0)
            return i + 1;
    }
    return at;
}

/* The length of the UTF-8 sequence at `at`, 0 when it is broken, overlong or a surrogate. */
static size_t utf8_length(struct str text, size_t at) {
    unsigned char c = (unsigned char)text.at[at];
    size_t len = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
    if (!len || at + len > text.len)
        return 0;
    for (size_t i = 1; i < len; i++)
        if (((unsigned char)text.at[at + i] & 0xc0) != 0x80)
            return 0;
    unsigned char next = len > 1 ? (unsigned char)text.at[at + 1] : 0;
    bool wrong = (c == 0xe0 && next < 0xa0) || (c == 0xed && next > 0x9f) ||
                 (c == 0xf0 && next < 0x90) || (c == 0xf4 && next > 0x8f);
    return wrong ? 0 : len;
}

static struct fault check_path_char(struct str text, size_t at, size_t *next) {
    unsigned char c = (unsigned char)text.at[at];
    *next = at + 1;
    switch (c) {
    case '`': return fault_at(HTTP_PATH_BACKTICK, at, at + 1);
    case ' ': return fault_at(HTTP_PATH_SPACE, at, at + 1);
    case '?': return fault_at(HTTP_PATH_QUERY, at, text.len);
    case '#': return fault_at(HTTP_PATH_FRAGMENT, at, text.len);
    case '%':
        *next = at + 3;
        if (escape_at(text, at) < 0)
            return fault_at(HTTP_PATH_ESCAPE, at, text.len - at < 3 ? text.len : at + 3);
        return fault_none();
    case '$':
        *next = variable_end(text, at);
        if (*next == at)
            return fault_at(HTTP_PATH_DOLLAR, at, at + 1);
        return fault_none();
    default: break;
    }
    if (c < 0x20 || c == 0x7f)
        return fault_at(HTTP_PATH_CONTROL, at, at + 1);
    size_t len = utf8_length(text, at);
    if (!len)
        return fault_at(HTTP_PATH_UTF8, at, at + 1);
    *next = at + len;
    return fault_none();
}

struct fault path_parse(struct str text, struct path *out) {
    if (text.len == 0 || str_is(text, "/")) {
        *out = (struct path){ PATH_ANY, text };
        return fault_none();
    }
    if (text.at[0] != '/')
        return fault_at(HTTP_PATH_START, 0, 1);
    bool exact = text.at[text.len - 1] == '$';
    struct str plain = exact ? str_slice(text, 0, text.len - 1) : text;
    for (size_t at = 0, next; at < plain.len; at = next) {
        struct fault f = check_path_char(plain, at, &next);
        if (f.error)
            return f;
    }
    enum path_kind kind = plain.at[plain.len - 1] == '/' ? PATH_BELOW : PATH_SEGMENT;
    *out = (struct path){ exact ? PATH_EXACT : kind, plain };
    return fault_none();
}

static bool is_unreserved(int c) {
    return c < 0x80 && c > 0 && (char_is_alnum((char)c) || strchr("-._~", c));
}

/* What Traefik decodes before it routes: an escape of a character that is neither reserved nor a
   percent sign. The rest of the escapes stays as it was sent. */
static bool is_needless_escape(struct str text, size_t at) {
    return is_unreserved(escape_at(text, at));
}

static struct str decoded(struct arena *a, struct str text) {
    struct buf b = { .arena = a };
    for (size_t at = 0; at < text.len;) {
        size_t end = variable_end(text, at);
        if (end > at) {
            buf_add(&b, str_slice(text, at, end));
            at = end;
        } else if (is_needless_escape(text, at)) {
            buf_char(&b, (char)escape_at(text, at));
            at += 3;
        } else {
            buf_char(&b, text.at[at++]);
        }
    }
    return buf_str(&b);
}

static size_t segment_end(struct str text, size_t from) {
    while (from < text.len && text.at[from] != '/') {
        size_t end = variable_end(text, from);
        from = end > from ? end : from + 1;
    }
    return from;
}

/* RFC 3986 5.2.4 with empty segments dropped as well. */
struct str path_normal(struct arena *a, struct str text) {
    struct str plain = decoded(a, text);
    if (!plain.len)
        return plain;
    char *out = arena_alloc(a, plain.len + 1);
    size_t len = 0, at = 0;
    bool folder = false;
    while (at < plain.len) {
        size_t from = at + (plain.at[at] == '/'), end = segment_end(plain, from);
        struct str segment = str_slice(plain, from, end);
        folder = !segment.len || str_is(segment, ".") || str_is(segment, "..");
        if (str_is(segment, "..")) {
            while (len && out[--len] != '/')
                ;
        } else if (!folder) {
            out[len++] = '/';
            memcpy(out + len, segment.at, segment.len);
            len += segment.len;
        }
        at = end;
    }
    if (folder || !len)
        out[len++] = '/';
    return (struct str){ out, len };
}

bool path_find_dead(struct str text, size_t *from, size_t *to) {
    for (size_t at = 0; at < text.len;) {
        size_t end = variable_end(text, at);
        if (end > at) {
            at = end;
            continue;
        }
        if (is_needless_escape(text, at)) {
            *from = at;
            *to = at + 3;
            return true;
        }
        if (text.at[at] == '/') {
            size_t stop = segment_end(text, at + 1);
            struct str segment = str_slice(text, at + 1, stop);
            bool empty = !segment.len && stop < text.len;
            if (empty || str_is(segment, ".") || str_is(segment, "..")) {
                *from = at;
                *to = stop < text.len ? stop + 1 : stop;
                return true;
            }
        }
        at++;
    }
    return false;
}

bool url_is_absolute(struct str text) {
    size_t colon = str_find(text, ':');
    if (colon == STR_NONE || colon == 0 || !char_is_alpha(text.at[0]))
        return false;
    for (size_t i = 1; i < colon; i++)
        if (!char_is_alnum(text.at[i]) && !strchr("+-.", text.at[i]))
            return false;
    return str_starts(str_from(text, colon), STR("://"));
}

static struct fault check_url_tail(struct str text, size_t from) {
    for (size_t at = from; at < text.len;) {
        unsigned char c = (unsigned char)text.at[at];
        size_t end = variable_end(text, at), len = utf8_length(text, at);
        if (end > at) {
            at = end;
            continue;
        }
        if (c <= 0x20 || c == 0x7f || !len || strchr("`\"<>\\^{|}", c))
            return fault_at(HTTP_URL_CHARACTER, at, at + 1);
        if (c == '%' && escape_at(text, at) < 0)
            return fault_at(HTTP_PATH_ESCAPE, at, text.len - at < 3 ? text.len : at + 3);
        at += len;
    }
    return fault_none();
}

/* Run-time variables in the host, given to the domain checker as holes. */
#define URL_HOLES 16
static struct fault check_host(struct arena *a, struct str host, bool *is_ip) {
    struct domain_hole holes[URL_HOLES];
    size_t count = 0;
    for (size_t at = 0; at < host.len && count < URL_HOLES;) {
        size_t end = variable_end(host, at);
        if (end > at)
            holes[count++] = (struct domain_hole){ at, end };
        at = end > at ? end : at + 1;
    }
    struct cidr ip;
    struct domain name;
    if (!cidr_parse_ip(host, &ip).error) {
        *is_ip = true;
        return fault_none();
    }
    struct fault f = domain_parse(a, host, holes, count, &name);
    if (f.error == DOMAIN_IP)
        return fault_at(HTTP_URL_IP, f.from, f.to);
    bool of_docker = f.error == DOMAIN_UNDERSCORE || f.error == DOMAIN_HYPHEN_34;
    if (of_docker && target_is_service_name(host))
        return fault_none(); /* `auth_server`: no name of the web, and one of a container */
    if (f.error || name.is_wildcard)
        return fault_at(HTTP_URL_DOMAIN, f.error ? f.from : 0, f.error ? f.to : 1);
    return fault_none();
}

static struct fault read_authority(struct arena *a, struct str text, size_t from, size_t to,
                                   struct url *u) {
    struct str part = str_slice(text, from, to);
    size_t at_sign = str_find_last(part, '@'), colon;
    if (at_sign != STR_NONE)
        return fault_at(HTTP_URL_USER, from, from + at_sign + 1);
    u->host_at = from;
    if (part.len && part.at[0] == '[') {
        size_t close = str_find(part, ']');
        struct cidr ip;
        if (close == STR_NONE)
            return fault_at(HTTP_URL_BRACKET, from, to);
        u->host = str_slice(part, 1, close);
        u->host_at = from + 1;
        u->is_ip = true;
        struct fault f = cidr_parse_ip(u->host, &ip);
        if (f.error || ip.bits != 128)
            return fault_at(HTTP_URL_IP, from + 1, from + close);
        colon = close + 1 < part.len ? close + 1 : STR_NONE;
        if (colon != STR_NONE && part.at[colon] != ':')
            return fault_at(HTTP_URL_CHARACTER, from + colon, to);
    } else {
        size_t at = 0;
        while (at < part.len && part.at[at] != ':') {
            size_t end = variable_end(part, at);
            at = end > at ? end : at + 1;
        }
        colon = at < part.len ? at : STR_NONE;
        u->host = str_slice(part, 0, at);
        if (!u->host.len)
            return fault_at(HTTP_URL_HOST, from, to > from ? to : from);
        struct fault f = check_host(a, u->host, &u->is_ip);
        if (f.error)
            return fault_moved(f, from);
    }
    if (colon != STR_NONE) {
        u->port_at = from + colon + 1;
        struct str port = str_from(part, colon + 1);
        bool variable = port.len && variable_end(port, 0) == port.len;
        if (!variable && port_parse(port, &u->port).error)
            return fault_at(HTTP_URL_PORT, port.len ? u->port_at : u->port_at - 1, to);
    }
    return fault_none();
}

struct fault url_parse(struct arena *a, struct str text, struct url *out) {
    *out = (struct url){ 0 };
    size_t from = 0;
    if (str_eq_nocase(str_slice(text, 0, 7), STR("http://")))
        from = 7;
    else if (str_eq_nocase(str_slice(text, 0, 8), STR("https://")))
        from = 8;
    else
        return fault_at(HTTP_URL_SCHEME, 0, text.len);
    out->is_https = from == 8;
    size_t end = from;
    while (end < text.len && !strchr("/?#", text.at[end])) {
        size_t stop = variable_end(text, end);
        end = stop > end ? stop : end + 1;
    }
    struct fault f = read_authority(a, text, from, end, out);
    if (f.error)
        return f;
    f = check_url_tail(text, end);
    if (f.error)
        return f;
    size_t hash = str_find(str_from(text, end), '#');
    size_t stop = hash == STR_NONE ? text.len : end + hash;
    size_t mark = str_find(str_slice(text, end, stop), '?');
    size_t path_end = mark == STR_NONE ? stop : end + mark;
    out->path_at = end;
    out->path = str_slice(text, end, path_end);
    out->query_at = path_end < stop ? path_end + 1 : stop;
    out->query = str_slice(text, out->query_at, stop);
    out->fragment = str_from(text, hash == STR_NONE ? text.len : stop + 1);
    return fault_none();
}

struct fault status_parse(struct str text, unsigned *out) {
    uint64_t value;
    if (!text.len || !str_to_uint(text, UINT64_MAX, &value) || text.at[0] == '0')
        return fault_at(HTTP_STATUS_NOT_NUMBER, 0, text.len);
    if (value < 100 || value > 599)
        return fault_at(HTTP_STATUS_RANGE, 0, text.len);
    *out = (unsigned)value;
    return fault_none();
}

struct fault status_range_parse(struct str text, struct status_range *out) {
    size_t dash = str_find(text, '-');
    struct fault f = status_parse(str_slice(text, 0, dash), &out->first);
    if (f.error)
        return f;
    out->last = out->first;
    if (dash == STR_NONE)
        return f;
    f = fault_moved(status_parse(str_from(text, dash + 1), &out->last), dash + 1);
    if (!f.error && out->last < out->first)
        return fault_at(HTTP_STATUS_ORDER, 0, text.len);
    return f.error ? f : fault_none();
}

static bool is_token_char(char c) {
    return c && (char_is_alnum(c) || strchr("!#$%&'*+-.^_`|~", c));
}

/* A backtick is a legal token character, but it would end the string in Traefik's rule. */
struct fault header_name_check(struct str text) {
    if (!text.len)
        return fault_at(HTTP_NAME_EMPTY, 0, 0);
    for (size_t i = 0; i < text.len; i++) {
        if (!is_token_char(text.at[i]) || text.at[i] == '`') {
            size_t len = utf8_length(text, i);
            return fault_at(HTTP_NAME_CHARACTER, i, i + (len ? len : 1));
        }
    }
    return fault_none();
}

struct fault method_check(struct str text) {
    struct fault f = header_name_check(text);
    for (size_t i = 0; !f.error && i < text.len; i++)
        if (char_is_lower(text.at[i]))
            f = fault_at(HTTP_METHOD_CASE, 0, text.len);
    return f;
}

const char *http_error_text(int error) {
    static const char *const texts[] = { HTTP_ERRORS(FAULT_PHRASE) };
    return texts[error];
}
