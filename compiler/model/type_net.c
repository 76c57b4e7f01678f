/* Names and addresses of hosts, ports, and what is made of them. */
#include "model/domain.h"
#include "model/port.h"
#include "model/types.h"
#include "support/cidr.h"

/* ---- host names ---- */

enum wild { PLAIN, WILD, ANY };

static bool is_wildcard_error(int error) {
    return error == DOMAIN_WILDCARD_ALONE || error == DOMAIN_WILDCARD_PLACE ||
           error == DOMAIN_WILDCARD_HERE;
}

static bool check_domain(struct type_check *c, enum wild wild) {
    const struct text *t = c->text;
    struct domain_hole *holes = NULL;
    size_t count = 0;
    if (wild == ANY && str_is(t->s, "*"))
        return true;
    if (t->placeholder_count)
        holes = arena_array(scope_arena(c->scope), struct domain_hole, t->placeholder_count);
    for (uint32_t i = 0; i < t->placeholder_count; i++)
        holes[count++] = (struct domain_hole){ t->placeholders[i].at,
                                               t->placeholders[i].at + t->placeholders[i].len };
    struct domain domain;
    struct fault f = domain_parse(scope_arena(c->scope), t->s, holes, count, &domain);
    if (f.error)
        return type_refuse(c, is_wildcard_error(f.error) ? DIAG_WILDCARD : DIAG_DOMAIN, f,
                           "host name", domain_error_text(f.error));
    if (domain.is_wildcard && wild == PLAIN)
        return type_refuse(c, DIAG_WILDCARD, fault_at(1, 0, 1), "host name",
                           domain_error_text(DOMAIN_WILDCARD_HERE));
    if (domain.is_wildcard && domain_is_public_suffix_like(domain.name)) {
        struct diag *d = type_tell(c, DIAG_WILDCARD, 0, 0,
                                   "`%.*s` reaches over names of many owners", STR_ARG(t->s));
        diag_help(scope_diags(c->scope), d, "write a wildcard below a domain of your own");
        return type_end(c);
    }
    c->out->s = domain.name;
    return true;
}

bool type_check_domain(struct type_check *c) {
    return check_domain(c, PLAIN);
}

bool type_check_domain_or_wildcard(struct type_check *c) {
    return check_domain(c, WILD);
}

bool type_check_host_or_any(struct type_check *c) {
    return check_domain(c, ANY);
}

bool type_check_host(struct type_check *c) {
    struct cidr ip;
    if (cidr_parse_ip(c->text->s, &ip).error)
        return check_domain(c, PLAIN);
    c->out->s = cidr_address_text(scope_arena(c->scope), &ip);
    return true;
}

/* ---- addresses ---- */

bool type_check_ip(struct type_check *c) {
    struct cidr ip;
    struct fault f = cidr_parse_ip(c->text->s, &ip);
    if (f.error)
        return type_refuse(c, DIAG_IP, f, "IP address", cidr_error_text(f.error));
    c->out->s = cidr_address_text(scope_arena(c->scope), &ip);
    return true;
}

bool type_check_cidr(struct type_check *c) {
    struct arena *a = scope_arena(c->scope);
    struct cidr range;
    struct fault f = cidr_parse(c->text->s, &range);
    if (f.error)
        return type_refuse(c, DIAG_CIDR, f, "address range", cidr_error_text(f.error));
    struct cidr network = cidr_network(&range);
    c->out->s = range.has_length ? cidr_text(a, &network) : cidr_address_text(a, &range);
    bool wide = cidr_has_host_bits(&range);
    if (!wide && !range.zeros)
        return true;
    struct diag *d =
        type_tell(c, DIAG_CIDR_HOST_BITS, 0, 0,
                  wide ? "`%.*s` has host bits set" : "the length of `%.*s` begins with a zero",
                  STR_ARG(c->text->s));
    diag_effect(scope_diags(c->scope), d,
                wide ? "Traefik takes the whole range %.*s" : "it is read as %.*s",
                STR_ARG(c->out->s));
    diag_help(scope_diags(c->scope), d, "write %.*s%s", STR_ARG(c->out->s),
              wide ? ", or leave the length out for one host" : "");
    if (c->text->inner && !c->text->pieces)
        diag_fix_replace(scope_diags(c->scope), d, true, text_span(c->text, 0, c->text->s.len),
                         c->out->s);
    return true;
}

/* ---- ports ---- */

/* The port in the bytes from `at` on. */
static bool check_port(struct type_check *c, struct str digits, size_t at) {
    uint16_t port;
    struct fault f = fault_moved(port_parse(digits, &port), at);
    if (!f.error)
        return true;
    if (f.error == PORT_RANGE) {
        struct str shown = text_quote(scope_arena(c->scope), digits);
        type_tell(c, DIAG_PORT_RANGE, f.from, f.to, "port %.*s is outside 1-65535", STR_ARG(shown));
        return type_end(c);
    }
    return type_refuse(c, DIAG_PORT, f, at ? "address" : "port", port_error_text(f.error));
}

bool type_check_port(struct type_check *c) {
    struct str s = c->text->s;
    if (s.len > 1 && s.at[0] == ':')
        return type_refuse_for(c, DIAG_PORT, fault_at(1, 0, 1), "port",
                               "it stands without a colon here", true, str_from(s, 1));
    return check_port(c, s, 0);
}

/* Where the colon before the port stands; STR_NONE when there is none. */
static size_t port_colon(struct str s) {
    size_t bracket = str_find_last(s, ']'), colon = str_find_last(s, ':');
    if (colon == STR_NONE || (bracket != STR_NONE && colon < bracket))
        return STR_NONE;
    return colon;
}

/* The address inside brackets or before the colon; the canonical text goes to `out`. */
static bool check_listener(struct type_check *c, struct str host, struct str *out) {
    bool bracketed = host.len > 1 && host.at[0] == '[' && host.at[host.len - 1] == ']';
    struct str inside = bracketed ? str_slice(host, 1, host.len - 1) : host;
    struct cidr ip;
    struct fault f = cidr_parse_ip(inside, &ip);
    if (f.error)
        return type_refuse(c, DIAG_IP, fault_moved(f, bracketed), "address",
                           cidr_error_text(f.error));
    if ((ip.bits == 128) != bracketed)
        return type_refuse(c, DIAG_IP, fault_at(1, 0, host.len), "address",
                           bracketed ? "only an IPv6 address stands in brackets"
                                     : "an IPv6 address stands in brackets, such as [::]:443");
    struct arena *a = scope_arena(c->scope);
    struct str text = cidr_address_text(a, &ip);
    *out = bracketed ? str_format(a, "[%.*s]", STR_ARG(text)) : text;
    return true;
}

bool type_check_address(struct type_check *c) {
    struct str s = c->text->s, protocol = { 0 }, host = { 0 };
    size_t slash = str_find(s, '/');
    if (slash != STR_NONE) {
        protocol = str_from(s, slash + 1);
        s = str_slice(s, 0, slash);
        if (!str_is(protocol, "udp") && !str_is(protocol, "tcp"))
            return type_refuse(c, DIAG_CHOICE, fault_at(1, slash + 1, c->text->s.len), "address",
                               "behind the / stands `tcp` or `udp`");
    }
    size_t colon = port_colon(s);
    if (colon == STR_NONE) {
        uint16_t port;
        struct str instead = port_parse(s, &port).error == PORT_OK
                                 ? str_format(scope_arena(c->scope), ":%.*s", STR_ARG(c->text->s))
                                 : (struct str){ 0 };
        return instead.len
                   ? type_refuse_for(c, DIAG_PORT, fault_none(), "address",
                                     "a colon stands before the port", true, instead)
                   : type_refuse(c, DIAG_PORT, fault_none(), "address", "the port is missing");
    }
    if (colon > 0 && !check_listener(c, str_slice(s, 0, colon), &host))
        return false;
    if (!check_port(c, str_from(s, colon + 1), colon + 1))
        return false;
    c->out->s = str_format(scope_arena(c->scope), "%.*s:%.*s%s", STR_ARG(host),
                           STR_ARG(str_from(s, colon + 1)), str_is(protocol, "udp") ? "/udp" : "");
    return true;
}

bool type_check_hostport(struct type_check *c) {
    struct str s = c->text->s, host;
    size_t colon = port_colon(s);
    if (colon == STR_NONE || colon == 0)
        return type_refuse(c, DIAG_PORT, fault_none(), "address",
                           colon == 0 ? "the host is missing" : "the port is missing");
    if (!check_port(c, str_from(s, colon + 1), colon + 1))
        return false;
    host = str_slice(s, 0, colon);
    bool numeric = host.at[0] == '[' || str_find(host, ':') != STR_NONE;
    for (size_t i = 0; i < host.len && !numeric; i++)
        if (!char_is_digit(host.at[i]) && host.at[i] != '.')
            break;
        else if (i + 1 == host.len)
            numeric = true;
    if (numeric) {
        if (!check_listener(c, host, &host))
            return false;
    } else {
        struct domain domain;
        struct fault f = domain_parse(scope_arena(c->scope), host, NULL, 0, &domain);
        /* Names inside a container network may hold underscores. */
        if (f.error && f.error != DOMAIN_UNDERSCORE)
            return type_refuse(c, DIAG_DOMAIN, f, "address", domain_error_text(f.error));
        if (!f.error)
            host = domain.name;
    }
    c->out->s = str_format(scope_arena(c->scope), "%.*s:%.*s", STR_ARG(host),
                           STR_ARG(str_from(s, colon + 1)));
    return true;
}
