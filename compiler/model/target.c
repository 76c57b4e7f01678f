/* Targets. Whether a name is a service of the compose file or a host elsewhere is not visible in
   the text; here it is only taken apart. */
#include "model/target.h"

#include "model/port.h"
#include "support/cidr.h"

/* No variable is longer; the limit keeps a text of nothing but "${" from costing quadratic time. */
#define VARIABLE_MAX 1024

/* The end of the `${…}` that begins at `at`; `at` itself when there is none. */
static size_t variable_end(struct str text, size_t at) {
    if (at + 1 >= text.len || text.at[at] != '$' || text.at[at + 1] != '{')
        return at;
    size_t close = str_find(str_slice(text, at, at + VARIABLE_MAX), '}');
    return close == STR_NONE ? at : at + close + 1;
}

/* The first `c` outside of run-time variables. */
static size_t find_outside(struct str text, char c, size_t at) {
    if (str_find(text, '$') == STR_NONE) {
        size_t hit = str_find(str_from(text, at), c);
        return hit == STR_NONE ? STR_NONE : at + hit;
    }
    while (at < text.len) {
        size_t end = variable_end(text, at);
        if (end == at && text.at[at] == c)
            return at;
        at = end > at ? end : at + 1;
    }
    return STR_NONE;
}

static bool is_service_char(char c) {
    return char_is_alnum(c) || c == '.' || c == '_' || c == '-';
}

bool target_is_service_name(struct str text) {
    for (size_t i = 0; i < text.len; i++)
        if (!is_service_char(text.at[i]))
            return false;
    return text.len > 0;
}

static size_t char_end(struct str text, size_t at) {
    at++;
    while (at < text.len && ((unsigned char)text.at[at] & 0xc0) == 0x80)
        at++;
    return at;
}

/* Letters beyond ASCII are left to the domain checker, which knows which of them can be a host. */
static struct fault check_name(struct str text, size_t from, size_t to, int error, bool *hole) {
    for (size_t at = from; at < to;) {
        size_t end = text.at[at] == '$' ? variable_end(text, at) : at;
        if (end > at) {
            *hole = true;
            at = end;
        } else if (is_service_char(text.at[at]) || (unsigned char)text.at[at] >= 0x80) {
            at++;
        } else {
            return fault_at(error, at, char_end(text, at));
        }
    }
    return fault_none();
}

static bool looks_like_v4(struct str host) {
    for (size_t i = 0; i < host.len; i++)
        if (!char_is_digit(host.at[i]) && host.at[i] != '.')
            return false;
    return str_find(host, '.') != STR_NONE;
}

static struct fault read_scheme(struct str text, size_t *from, struct target *t) {
    static const struct {
        const char *name;
        enum target_scheme scheme;
    } schemes[] = { { "http", TARGET_HTTP }, { "https", TARGET_HTTPS }, { "h2c", TARGET_H2C } };
    size_t mark = str_find_str(text, STR("://"));
    if (mark == STR_NONE)
        return fault_none();
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (str_eq_nocase(str_slice(text, 0, mark), str_of(schemes[i].name))) {
            t->scheme = schemes[i].scheme;
            *from = mark + 3;
            return fault_none();
        }
    }
    return fault_at(TARGET_SCHEME, 0, mark);
}

static struct fault read_port(struct str text, size_t from, struct target *t) {
    static const int errors[] = {
        [PORT_EMPTY] = TARGET_PORT_MISSING,
        [PORT_NOT_NUMBER] = TARGET_PORT_NOT_NUMBER,
        [PORT_RANGE] = TARGET_PORT_RANGE,
        [PORT_LEADING_ZERO] = TARGET_PORT_ZERO,
    };
    t->port_at = from;
    t->port_text = str_from(text, from);
    if (t->port_text.len && variable_end(t->port_text, 0) == t->port_text.len)
        return fault_none();
    struct fault f = port_parse(t->port_text, &t->port);
    if (f.error == PORT_EMPTY)
        return fault_at(TARGET_PORT_MISSING, from - 1, from);
    return f.error ? fault_at(errors[f.error], from + f.from, from + f.to) : f;
}

static struct fault read_v6(struct str text, size_t from, struct target *t) {
    size_t close = find_outside(text, ']', from);
    if (close == STR_NONE)
        return fault_at(TARGET_BRACKET, from, text.len);
    struct cidr ip;
    t->kind = TARGET_IP;
    t->is_v6 = true;
    t->host_at = from + 1;
    t->host = str_slice(text, from + 1, close);
    struct fault f = cidr_parse_ip(t->host, &ip);
    if (f.error || ip.bits != 128)
        return fault_at(TARGET_ADDRESS, from + 1, close > from + 1 ? close : close + 1);
    if (close + 1 == text.len)
        return t->scheme ? fault_none() : fault_at(TARGET_PORT_MISSING, from, text.len);
    if (text.at[close + 1] != ':')
        return fault_at(TARGET_CHARACTER, close + 1, char_end(text, close + 1));
    return read_port(text, close + 2, t);
}

static struct fault read_host(struct str text, size_t from, struct target *t) {
    size_t colon = find_outside(text, ':', from);
    size_t to = colon == STR_NONE ? text.len : colon;
    struct cidr ip;
    t->host_at = from;
    t->host = str_slice(text, from, to);
    if (colon != STR_NONE && find_outside(text, ':', colon + 1) != STR_NONE &&
        !cidr_parse_ip(str_from(text, from), &ip).error)
        return fault_at(TARGET_BRACKETS, from, text.len);
    if (from == to) {
        if (t->scheme || colon == STR_NONE)
            return fault_at(TARGET_HOST_EMPTY, from > 0 ? from - 1 : 0,
                            to < text.len ? to + 1 : to);
        t->kind = TARGET_HOME;
        return read_port(text, colon + 1, t);
    }
    struct fault f = check_name(text, from, to, TARGET_HOST, &t->host_has_hole);
    if (f.error)
        return f;
    t->kind = TARGET_SERVICE;
    if (looks_like_v4(t->host)) {
        t->kind = TARGET_IP;
        f = cidr_parse_ip(t->host, &ip);
        if (f.error)
            return fault_at(TARGET_ADDRESS, from + f.from, from + f.to);
    }
    if (colon != STR_NONE)
        return read_port(text, colon + 1, t);
    return t->scheme ? fault_none() : fault_at(TARGET_PORT_MISSING, from, text.len);
}

static struct fault read_provided(struct str text, size_t at_sign, struct target *t) {
    bool hole = false;
    t->kind = TARGET_PROVIDED;
    t->host = str_slice(text, 0, at_sign);
    t->provider_at = at_sign + 1;
    t->provider = str_from(text, at_sign + 1);
    if (!t->host.len)
        return fault_at(TARGET_NAME, 0, 1);
    if (!t->provider.len)
        return fault_at(TARGET_PROVIDER, at_sign, text.len);
    struct fault f = check_name(text, 0, at_sign, TARGET_NAME, &t->host_has_hole);
    return f.error ? f : check_name(text, at_sign + 1, text.len, TARGET_PROVIDER, &hole);
}

static struct fault parse(struct str text, struct target *t) {
    size_t from = 0;
    if (!text.len)
        return fault_at(TARGET_EMPTY, 0, 0);
    struct fault f = read_scheme(text, &from, t);
    if (f.error)
        return f;
    size_t at_sign = find_outside(text, '@', 0), slash = find_outside(text, '/', from);
    if (at_sign != STR_NONE)
        return t->scheme ? fault_at(TARGET_CHARACTER, at_sign, at_sign + 1)
                         : read_provided(text, at_sign, t);
    if (slash != STR_NONE) {
        /* `http://host/` says no more than `http://host`. */
        if (!t->scheme || slash + 1 < text.len)
            return fault_at(TARGET_PATH, slash, text.len);
        text = str_slice(text, 0, slash);
    }
    bool v6 = from < text.len && text.at[from] == '[';
    return v6 ? read_v6(text, from, t) : read_host(text, from, t);
}

struct fault target_parse(struct str text, struct target *out) {
    *out = (struct target){ 0 };
    struct fault f = parse(text, out);
    if (f.error)
        out->kind = TARGET_UNKNOWN;
    return f;
}

const char *target_error_text(int error) {
    static const char *const texts[] = { TARGET_ERRORS(FAULT_PHRASE) };
    return texts[error];
}
