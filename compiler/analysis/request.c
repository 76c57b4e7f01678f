/* The way of a request through Go's HTTP server and Traefik's entry point, up to the routers:
   net/url's paths, pkg/server/server_entrypoint_tcp.go and withRoutingPath of pkg/muxer/http. */
#include "analysis/request.h"

#include "support/buf.h"

static const struct {
    const char *name, *port;
} schemes[SCHEMES] = {
    [SCHEME_HTTP] = { "http", "80" }, [SCHEME_HTTPS] = { "https", "443" },
    [SCHEME_TCP] = { "tcp", "" },     [SCHEME_TLS] = { "tls", "" },
    [SCHEME_PG] = { "pg", "" },       [SCHEME_UDP] = { "udp", "" },
};

const char *scheme_name(enum scheme scheme) {
    return schemes[scheme].name;
}

/* "host:port", "[::1]:port": where the port begins, or STR_NONE. */
static size_t port_at(struct str authority) {
    size_t colon = str_find_last(authority, ':'), bracket = str_find_last(authority, ']');
    if (colon == STR_NONE || (bracket != STR_NONE && bracket > colon))
        return STR_NONE;
    return colon + 1;
}

struct str request_port(const struct request *r) {
    size_t at = port_at(r->authority);
    return at == STR_NONE ? str_of(schemes[r->scheme].port) : str_from(r->authority, at);
}

/* A server name is what a TLS client would send: no address, no brackets, no dot at the end. */
static struct str sni_of(struct str authority) {
    size_t port = port_at(authority);
    struct str host = port == STR_NONE ? authority : str_slice(authority, 0, port - 1);
    struct cidr address;
    if (str_starts(host, STR("[")) || !cidr_parse_ip(host, &address).error)
        return STR("");
    while (str_ends(host, STR(".")))
        host.len--;
    return host;
}

struct str request_read_url(struct request *r, struct str url) {
    size_t colon = str_find_str(url, STR("://"));
    r->url = url;
    bool known = false;
    for (size_t i = 0; i < SCHEMES && colon != STR_NONE; i++)
        if (str_eq_nocase(str_slice(url, 0, colon), str_of(schemes[i].name))) {
            r->scheme = (enum scheme)i;
            known = true;
        }
    if (!known)
        return STR("a URL begins with http://, https://, tcp://, tls://, pg:// or udp://");
    struct str rest = str_from(url, colon + 3);
    size_t end = 0;
    while (end < rest.len && !strchr("/?#", rest.at[end]))
        end++;
    r->authority = str_slice(rest, 0, end);
    size_t user = str_find_last(r->authority, '@');
    if (user != STR_NONE)
        r->authority = str_from(r->authority, user + 1);
    r->target = str_from(rest, end);
    if (!r->has_host)
        r->host = r->authority;
    if (!r->has_sni)
        r->sni = sni_of(r->authority);
    return STR("");
}

/* ---- what matchers compare with ---- */

static struct str lower_trimmed(struct arena *a, struct str s) {
    s = str_trim(s);
    char *at = arena_alloc(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        at[i] = char_lower(s.at[i]);
    return (struct str){ at, s.len };
}

/* The Host header without port and brackets (requestdecorator.parseHost, net.SplitHostPort). */
static struct str host_of(struct str addr) {
    size_t colon = str_find_last(addr, ':');
    if (colon == STR_NONE)
        return addr;
    if (str_starts(addr, STR("["))) {
        size_t close = str_find(addr, ']');
        bool last = close != STR_NONE && close + 1 == addr.len;
        if (last || (close != STR_NONE && close + 1 == colon))
            return str_slice(addr, 1, close);
        return addr;
    }
    return str_find(addr, ':') == colon ? str_slice(addr, 0, colon) : addr;
}

struct test_input request_connection(struct arena *a, const struct request *r, bool tls) {
    struct test_input in = { .scratch = a };
    if (tls) {
        in.sni = lower_trimmed(a, r->sni);
        in.alpn = r->alpn;
    }
    in.has_client = r->ip.len && !cidr_parse_ip(r->ip, &in.client).error;
    return in;
}

/* ---- net/url ---- */

static int hex_of(char c) {
    if (char_is_digit(c))
        return c - '0';
    c = char_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* %XX becomes the byte, and with `plus` a + a blank; false for a % without two digits. */
static bool unescape(struct arena *a, struct str s, bool plus, struct str *out) {
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

struct path {
    struct str path, raw; /* raw: empty when the usual encoding of `path` is what was sent */
};

static bool path_set(struct arena *a, struct str text, struct path *out) {
    if (!unescape(a, text, false, &out->path))
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

/* URL.EscapedPath. */
static struct str path_escaped(struct arena *a, const struct path *p) {
    struct str plain;
    if (p->raw.len && is_valid_encoding(p->raw) && unescape(a, p->raw, false, &plain) &&
        str_eq(plain, p->path))
        return p->raw;
    return str_is(p->path, "*") ? p->path : escape(a, p->path);
}

/* Escapes of letters, digits and -._~ are undone, others written in capitals (normalizePath). */
static struct str normalize(struct arena *a, struct str raw) {
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

/* path.Join of one path, its slash at the end kept: URL.JoinPath(). */
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

/* Escapes are undone but for those of characters that mean something in a URL. */
static struct str routing_path(struct arena *a, struct str escaped) {
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

/* ---- query and headers ---- */

static struct test_pair **add_pair(struct arena *a, struct test_pair **tail, struct str key,
                                   struct str value) {
    *tail = arena_new(a, struct test_pair);
    **tail = (struct test_pair){ .key = key, .value = value };
    return &(*tail)->next;
}

/* url.ParseQuery; what it calls an error is left out, as URL.Query does. */
static struct test_pair *read_query(struct arena *a, struct str query) {
    struct test_pair *first = NULL, **tail = &first;
    while (query.len) {
        size_t amp = str_find(query, '&');
        struct str part = str_slice(query, 0, amp), key, value;
        query = amp == STR_NONE ? STR("") : str_from(query, amp + 1);
        if (!part.len || str_find(part, ';') != STR_NONE)
            continue;
        size_t equals = str_find(part, '=');
        if (unescape(a, str_slice(part, 0, equals), true, &key) &&
            unescape(a, equals == STR_NONE ? STR("") : str_from(part, equals + 1), true, &value))
            tail = add_pair(a, tail, key, value);
    }
    return first;
}

/* textproto.CanonicalMIMEHeaderKey; the Host header is no header to matchers. */
static struct test_pair *read_headers(struct arena *a, const struct test_pair *sent) {
    struct test_pair *first = NULL, **tail = &first;
    for (; sent; sent = sent->next) {
        char *at = arena_alloc(a, sent->key.len + 1);
        for (size_t i = 0; i < sent->key.len; i++) {
            char c = char_lower(sent->key.at[i]);
            bool word = i == 0 || at[i - 1] == '-';
            at[i] = word && char_is_lower(c) ? (char)(c - 'a' + 'A') : c;
        }
        struct str key = { at, sent->key.len };
        if (!str_is(key, "Host"))
            tail = add_pair(a, tail, key, str_trim(sent->value));
    }
    return first;
}

/* ---- the whole ---- */

/* httpguts.ValidHostHeader: the letters that net/http takes in a Host header. */
static bool is_host(struct str s) {
    for (size_t i = 0; i < s.len; i++)
        if (!char_is_alnum(s.at[i]) && (!s.at[i] || !strchr("!$%&'()*+,-.:;=[]_~", s.at[i])))
            return false;
    return true;
}

static bool is_token(struct str s) {
    for (size_t i = 0; i < s.len; i++)
        if (!char_is_alnum(s.at[i]) && (!s.at[i] || !strchr("!#$%&'*+-.^_`|~", s.at[i])))
            return false;
    return s.len > 0;
}

static bool is_clean_target(struct str s) {
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] <= ' ' || s.at[i] == 0x7f)
            return false;
    return true;
}

void request_view(struct arena *a, const struct request *r, bool sanitize, bool routing,
                  struct http_view *out) {
    *out = (struct http_view){ .input = request_connection(a, r, false) };
    struct test_input *in = &out->input;
    in->host = lower_trimmed(a, host_of(r->host));
    in->method = r->method.len ? r->method : STR("GET");
    in->headers = read_headers(a, r->headers);
    struct buf sent = { .arena = a };
    if (!str_starts(r->target, STR("/")))
        buf_char(&sent, '/');
    buf_add(&sent, r->target);
    struct str target = buf_str(&sent);
    size_t mark = str_find(target, '?');
    struct str query = mark == STR_NONE ? STR("") : str_from(target, mark + 1);
    struct path path;
    in->query = read_query(a, query);
    if (!is_host(r->host)) {
        out->refused = STR("the Host header holds what no host has");
        return;
    }
    if (!is_token(in->method)) {
        out->refused = STR("the method is no word");
        return;
    }
    if (!is_clean_target(target)) {
        out->refused = STR("the URL holds a blank or a control character");
        return;
    }
    if (!path_set(a, str_slice(target, 0, mark), &path)) {
        out->refused = STR("a % in the path is followed by no two hexadecimal digits");
        return;
    }
    if (str_find(path.raw, '#') != STR_NONE) {
        out->refused = STR("the path holds a #; clients cut it off before they send the request");
        return;
    }
    if (path.raw.len)
        path.raw = normalize(a, path.raw);
    if (sanitize && !path_set(a, clean(a, path_escaped(a, &path)), &path)) {
        out->refused = STR("the path cannot be cleaned");
        return;
    }
    out->escaped = path_escaped(a, &path);
    in->path = routing ? routing_path(a, out->escaped) : path.path;
    struct buf uri = { .arena = a };
    buf_add(&uri, out->escaped);
    if (mark != STR_NONE)
        buf_add(&uri, str_from(target, mark));
    out->uri = buf_str(&uri);
}
