/* The way of a request through Go's HTTP server and Traefik's entry point, up to the routers:
   pkg/server/server_entrypoint_tcp.go and withRoutingPath of pkg/muxer/http. */
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

/* ---- query and headers ---- */

struct test_pair **test_pair_add(struct arena *a, struct test_pair **tail, struct str key,
                                 struct str value) {
    *tail = arena_new(a, struct test_pair);
    **tail = (struct test_pair){ .key = key, .value = value };
    return &(*tail)->next;
}

/* url.ParseQuery; what it calls an error is left out, as URL.Query does. A semicolon parts as &
   does (http.AllowQuerySemicolons), unless it was encoded before. */
static struct test_pair *read_query(struct arena *a, struct str query) {
    struct test_pair *first = NULL, **tail = &first;
    while (query.len) {
        size_t amp = 0;
        while (amp < query.len && !strchr("&;", query.at[amp]))
            amp++;
        amp = amp == query.len ? STR_NONE : amp;
        struct str part = str_slice(query, 0, amp), key, value;
        query = amp == STR_NONE ? STR("") : str_from(query, amp + 1);
        if (!part.len)
            continue;
        size_t equals = str_find(part, '=');
        if (url_unescape(a, str_slice(part, 0, equals), true, &key) &&
            url_unescape(a, equals == STR_NONE ? STR("") : str_from(part, equals + 1), true,
                         &value))
            tail = test_pair_add(a, tail, key, value);
    }
    return first;
}

/* textproto.CanonicalMIMEHeaderKey. */
struct str request_header_name(struct arena *a, struct str name) {
    char *at = arena_alloc(a, name.len + 1);
    for (size_t i = 0; i < name.len; i++) {
        char c = char_lower(name.at[i]);
        bool word = i == 0 || at[i - 1] == '-';
        at[i] = word && char_is_lower(c) ? (char)(c - 'a' + 'A') : c;
    }
    return (struct str){ at, name.len };
}

/* The Host header is no header to matchers. */
static struct test_pair *read_headers(struct arena *a, const struct test_pair *sent, bool bare) {
    struct test_pair *first = NULL, **tail = &first;
    for (; sent; sent = sent->next) {
        struct str key = request_header_name(a, sent->key);
        if (!str_is(key, "Host") && !(bare && str_find(key, '_') != STR_NONE))
            tail = test_pair_add(a, tail, key, str_trim(sent->value));
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

static bool has_underscore(const struct test_pair *headers) {
    while (headers && str_find(headers->key, '_') == STR_NONE)
        headers = headers->next;
    return headers != NULL;
}

static struct str semicolons_encoded(struct arena *a, struct str target, size_t from) {
    struct buf out = { .arena = a };
    for (size_t i = 0; i < target.len; i++)
        if (i > from && target.at[i] == ';')
            buf_text(&out, "%3B");
        else
            buf_char(&out, target.at[i]);
    return buf_str(&out);
}

static struct str with_ampersands(struct arena *a, struct str query) {
    struct buf out = { .arena = a };
    for (size_t i = 0; i < query.len; i++)
        buf_char(&out, query.at[i] == ';' ? '&' : query.at[i]);
    return buf_str(&out);
}

void request_view(struct arena *a, const struct request *r, const struct http_rules *rules,
                  struct http_view *out) {
    *out = (struct http_view){ .input = request_connection(a, r, false) };
    struct test_input *in = &out->input;
    in->host = lower_trimmed(a, host_of(r->host));
    in->method = r->method.len ? r->method : STR("GET");
    in->headers = read_headers(a, r->headers, rules->underscores == UNDERSCORES_DELETED);
    struct buf sent = { .arena = a };
    if (!str_starts(r->target, STR("/")))
        buf_char(&sent, '/');
    buf_add(&sent, r->target);
    struct str target = buf_str(&sent);
    size_t mark = str_find(target, '?');
    if (rules->encode_semicolons && mark != STR_NONE)
        target = semicolons_encoded(a, target, mark);
    struct str query = mark == STR_NONE ? STR("") : str_from(target, mark + 1);
    in->query = read_query(a, query);
    if (!is_host(r->host)) {
        out->refused = STR("the Host header holds what no host has");
        return;
    }
    if (!is_token(in->method)) {
        out->refused = STR("the method is no word");
        return;
    }
    if (rules->underscores == UNDERSCORES_REJECTED && has_underscore(in->headers)) {
        out->refused = STR("a header has a _ in its name, which the entry point rejects");
        return;
    }
    if (!is_clean_target(target)) {
        out->refused = STR("the URL holds a blank or a control character");
        out->malformed = true;
        return;
    }
    if (!url_path_set(a, str_slice(target, 0, mark), &out->path)) {
        out->refused = STR("a % in the path is followed by no two hexadecimal digits");
        out->malformed = true;
        return;
    }
    if (str_find(out->path.raw, '#') != STR_NONE) {
        out->refused = STR("the path holds a #; clients cut it off before they send the request");
        return;
    }
    if (out->path.raw.len)
        out->path.raw = url_path_normal(a, out->path.raw);
    if (rules->sanitize && !url_path_join(a, &out->path)) {
        out->refused = STR("the path cannot be cleaned");
        return;
    }
    out->escaped = url_path_escaped(a, &out->path);
    in->path = rules->routing_path ? url_path_routing(a, out->escaped) : out->path.path;
    struct buf uri = { .arena = a };
    buf_add(&uri, out->escaped);
    if (mark != STR_NONE)
        buf_add(&uri, str_from(target, mark));
    out->uri = buf_str(&uri);
    out->query = mark == STR_NONE ? STR("") : with_ampersands(a, str_from(target, mark));
}
