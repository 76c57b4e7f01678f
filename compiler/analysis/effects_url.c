/* Middlewares that redirect or change the path (pkg/middlewares). */
#include "analysis/effects_walk.h"
#include "options/options.h"
#include "support/cidr.h"
#include "support/regex_program.h"

/* ---- redirections ---- */

static struct str url_of(const struct walk *w, struct str scheme, struct str port) {
    return str_format(w->arena, "%.*s://%.*s%.*s%.*s", STR_ARG(scheme), STR_ARG(w->host),
                      STR_ARG(port), STR_ARG(w->view->uri));
}

static int hex_of(char c) {
    if (char_is_digit(c))
        return c - '0';
    c = char_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Brackets stand around the address of an IPv6 alone. */
static bool is_literal(struct str inner) {
    struct cidr address;
    size_t zone = str_find(inner, '%');
    return !cidr_parse_ip(str_slice(inner, 0, zone), &address).error && address.bits == 128;
}

/* What net/url takes as a host: escapes of ASCII are not, nor a port that is no number. */
static bool is_authority(struct str s) {
    size_t user = str_find_last(s, '@');
    struct str host = user == STR_NONE ? s : str_from(s, user + 1);
    size_t open = str_find_last(host, '['), close = str_find_last(host, ']');
    if (open != STR_NONE &&
        (open > 0 || close == STR_NONE || !is_literal(str_slice(host, 1, close))))
        return false;
    struct str port = open == 0 ? str_from(host, close + 1) : host;
    size_t colon = str_find(port, ':');
    if (open == 0 && port.len && colon != 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        bool escape = s.at[i] == '%' && !str_is(str_slice(s, i, i + 3), "%25");
        if (escape && (i + 2 >= s.len || hex_of(s.at[i + 1]) < 8 || hex_of(s.at[i + 2]) < 0))
            return false;
        if ((unsigned char)s.at[i] <= ' ' || strchr("<>\"\\^`{|}\x7f", s.at[i]))
            return false;
    }
    for (size_t i = colon == STR_NONE ? port.len : colon + 1; i < port.len; i++)
        if (!char_is_digit(port.at[i]))
            return false;
    return true;
}

static bool is_url(struct str s) {
    size_t scheme = str_find_str(s, STR("://"));
    struct str rest = scheme == STR_NONE ? s : str_from(s, scheme + 3);
    size_t end = 0;
    while (end < rest.len && !strchr("/?#", rest.at[end]))
        end++;
    struct str path = str_slice(rest, end, str_find(rest, '?'));
    for (size_t i = 0; i < path.len; i++)
        if (path.at[i] == '%' &&
            (i + 2 >= path.len || hex_of(path.at[i + 1]) < 0 || hex_of(path.at[i + 2]) < 0))
            return false;
    return scheme == STR_NONE || is_authority(str_slice(rest, 0, end));
}

static void redirect_to(struct walk *w, const struct untyped *c, struct str location) {
    bool permanent = untyped_bool(c, "permanent", false);
    bool get = str_is(w->view->input.method, "GET");
    effects_end(w, get ? (permanent ? 301 : 302) : (permanent ? 308 : 307), "");
    w->out->location = location;
    effects_tell(w, "redirects to %.*s (%d)", STR_ARG(location), w->out->status);
}

static bool is_usual(struct str scheme, struct str port) {
    return (str_is(scheme, "http") && str_is(port, "80")) ||
           (str_is(scheme, "https") && str_is(port, "443"));
}

/* A Host header whose port is no number gives no URL that Go could read again. */
static bool has_bad_port(const struct walk *w) {
    for (size_t i = 1; i < w->port.len; i++)
        if (!char_is_digit(w->port.at[i]))
            return true;
    return false;
}

/* A redirection to where the request is already makes its URL anew from the text. */
static void stay(struct walk *w) {
    size_t mark = str_find(w->view->uri, '?');
    url_path_set(w->arena, str_slice(w->view->uri, 0, mark), &w->view->path);
    w->view->query = mark == STR_NONE ? STR("") : str_from(w->view->uri, mark);
}

void effect_redirect_scheme(struct walk *w, const struct untyped *c) {
    if (has_bad_port(w)) {
        effects_end(w, 502, "the redirection fails: the Host header's port is no number");
        return;
    }
    struct str scheme = untyped_text(c, "scheme"), port = untyped_text(c, "port");
    port = port.len && !is_usual(scheme, port) ? str_format(w->arena, ":%.*s", STR_ARG(port))
                                               : STR("");
    struct str old_port =
        w->port.len && is_usual(w->scheme, str_from(w->port, 1)) ? STR("") : w->port;
    struct str location = url_of(w, scheme, port);
    if (str_eq(url_of(w, w->scheme, old_port), location))
        stay(w);
    else
        redirect_to(w, c, location);
}

void effect_redirect_regex(struct walk *w, const struct untyped *c) {
    struct fault fault;
    struct regex_program *program = regex_compile(w->arena, untyped_text(c, "regex"), &fault);
    struct str old = url_of(w, w->scheme, w->port);
    if (!program || regex_match(program, old, w->arena) != REGEX_YES) {
        effects_tell(w, "lets %.*s pass: it redirects what matches `%.*s`", STR_ARG(old),
                     STR_ARG(untyped_text(c, "regex")));
        return;
    }
    struct str location = regex_replace(program, old, untyped_text(c, "replacement"), w->arena);
    if (location.at && !is_url(location))
        effects_end(w, 502, "the redirection fails: what it makes of the URL is none");
    else if (location.at && str_eq(old, location))
        stay(w);
    else if (location.at)
        redirect_to(w, c, location);
}

/* ---- paths ---- */

static void set_uri(struct walk *w) {
    struct str path = url_path_escaped(w->arena, &w->view->path);
    struct str query = str_is(w->view->query, "?") ? STR("") : w->view->query;
    w->view->escaped = path;
    w->view->input.path = url_path_routing(w->arena, path);
    w->view->uri = effects_joined(w->arena, path.len ? path : STR("/"), query);
}

static bool version_from(const struct walk *w, const char *text) {
    uint32_t version = 0;
    return option_version_parse(str_of(text), &version) && w->proxy->version >= version;
}

/* A path that is another one when it is cleaned is refused, since 3.7.3. */
static bool is_clean(struct walk *w) {
    struct str before = w->view->path.path;
    if (!before.len || !version_from(w, "3.7.3"))
        return true;
    if (url_path_join(w->arena, &w->view->path) && str_eq(before, w->view->path.path))
        return true;
    effects_end(w, 400, "what is left of the path is not clean");
    return false;
}

static void change_path(struct walk *w, struct url_path path) {
    struct str before = w->view->uri;
    w->view->path = path;
    if (!is_clean(w))
        return;
    set_uri(w);
    effects_tell(w, "makes %.*s of the path %.*s", STR_ARG(w->view->uri), STR_ARG(before));
}

static struct str with_slash(struct arena *a, struct str s) {
    return !s.len || s.at[0] == '/' ? s : effects_joined(a, STR("/"), s);
}

/* How much of the written path are the first `len` decoded bytes. */
static size_t written_len(struct str raw, size_t len) {
    size_t i = 0;
    for (size_t n = 0; n < len && i < raw.len; n++)
        i += raw.at[i] == '%' && i + 2 < raw.len ? 3 : 1;
    return i;
}

static void strip(struct walk *w, struct str prefix, bool force) {
    struct url_path rest = { str_from(w->view->path.path, prefix.len), w->view->path.raw };
    if (rest.raw.len)
        rest.raw = str_from(rest.raw, written_len(rest.raw, prefix.len));
    struct str *parts[] = { &rest.path, &rest.raw };
    for (size_t i = 0; i < 2; i++) {
        if (force && (i == 0 || w->view->path.raw.len))
            *parts[i] = effects_joined(w->arena, STR("/"),
                                       str_from(*parts[i], str_starts(*parts[i], STR("/"))));
        else
            *parts[i] = with_slash(w->arena, *parts[i]);
    }
    change_path(w, rest);
}

void effect_strip_prefix(struct walk *w, const struct untyped *c) {
    struct strs prefixes = untyped_texts(c, "prefixes", w->arena);
    for (size_t i = 0; i < prefixes.count; i++)
        if (str_starts(w->view->path.path, str_trim(prefixes.at[i]))) {
            strip(w, str_trim(prefixes.at[i]), untyped_bool(c, "forceSlash", false));
            return;
        }
    effects_tell(w, "leaves the path alone: it begins with none of its prefixes");
}

void effect_strip_prefix_regex(struct walk *w, const struct untyped *c) {
    struct strs regexes = untyped_texts(c, "regex", w->arena);
    for (size_t i = 0; i < regexes.count; i++) {
        struct fault fault;
        struct regex_program *p = regex_compile(w->arena, str_trim(regexes.at[i]), &fault);
        size_t *found = p ? arena_array(w->arena, size_t, 2 * regex_captures(p)) : NULL;
        if (!p || regex_find(p, w->view->path.path, 0, found, w->arena) != REGEX_YES ||
            found[1] == found[0])
            continue;
        /* The text that matched somewhere counts when it is also where the path begins. */
        struct str prefix = str_slice(w->view->path.path, found[0], found[1]);
        if (!str_starts(w->view->path.path, prefix))
            continue;
        strip(w, prefix, false);
        return;
    }
    effects_tell(w, "leaves the path alone: none of its expressions matches where it begins");
}

void effect_add_prefix(struct walk *w, const struct untyped *c) {
    struct str prefix = untyped_text(c, "prefix"), before = w->view->uri;
    w->view->path.path = with_slash(w->arena, effects_joined(w->arena, prefix, w->view->path.path));
    if (w->view->path.raw.len)
        w->view->path.raw = with_slash(w->arena, str_format(w->arena, "%.*s%.*s", STR_ARG(prefix),
                                                            STR_ARG(w->view->path.raw)));
    set_uri(w);
    effects_tell(w, "makes %.*s of the path %.*s", STR_ARG(w->view->uri), STR_ARG(before));
}

/* The new path as it is written: Go keeps it so, though it could be shorter. */
static bool replace_by(struct walk *w, struct str written) {
    struct url_path made = { .raw = written };
    if (!url_unescape(w->arena, written, false, &made.path)) {
        effects_end(w, 500, "the new path has a % without two hexadecimal digits");
        return false;
    }
    w->view->path = made;
    return true;
}

void effect_replace_path(struct walk *w, const struct untyped *c) {
    if (!replace_by(w, untyped_text(c, "path")))
        return;
    struct str before = w->view->uri;
    set_uri(w);
    effects_tell(w, "makes %.*s of the path %.*s", STR_ARG(w->view->uri), STR_ARG(before));
}

void effect_replace_path_regex(struct walk *w, const struct untyped *c) {
    struct fault fault;
    struct regex_program *p = regex_compile(w->arena, str_trim(untyped_text(c, "regex")), &fault);
    struct str now =
        w->view->path.raw.len ? w->view->path.raw : url_path_escaped(w->arena, &w->view->path);
    if (!p || regex_match(p, now, w->arena) != REGEX_YES) {
        effects_tell(w, "leaves the path alone: it does not match");
        return;
    }
    struct str new = regex_replace(p, now, str_trim(untyped_text(c, "replacement")), w->arena);
    if (new.at && replace_by(w, new))
        change_path(w, w->view->path);
}
