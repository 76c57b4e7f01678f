/* Published ports: short syntax as Docker's nat package splits it, and the long one. */
#include "lower/compose_port.h"

#include "lower/tree_place.h"

struct parse {
    struct arena *arena;
    struct diags *diags;
    struct tree *node;
    struct compose_port *port;
    bool failed;
    bool inside; /* of `expose`, which publishes nothing */
};

static struct span part_span(struct parse *p, const struct tree *node, struct str part) {
    struct str text = tree_text(node);
    if (!part.at || part.at < text.at || part.at > text.at + text.len)
        return node->span;
    size_t from = (size_t)(part.at - text.at);
    return part.len ? tree_text_span(p->arena, node, from, from + part.len) : node->span;
}

static void fail(struct parse *p, const struct tree *node, struct str part, const char *what) {
    struct diag *d = diag_add(p->diags, DIAG_COMPOSE_PORT, part_span(p, node, part), "`%.*s` is %s",
                              STR_ARG(part), what);
    diag_effect(p->diags, d, "Compose refuses the file");
    diag_help(p->diags, d,
              p->inside ? "write the port inside the container: \"8080\" or \"8080/udp\""
                        : "write \"HOST:CONTAINER\", \"127.0.0.1:HOST:CONTAINER\" or "
                          "\"HOST:CONTAINER/udp\"");
    p->failed = true;
}

static bool is_variable(struct str part) {
    return str_find(part, '$') != STR_NONE;
}

/* "8000" or "8000-8010"; 0 stands for no port in particular, on the host only. */
static void range(struct parse *p, const struct tree *node, struct str part, bool host,
                  uint16_t *from, uint16_t *to) {
    uint64_t low, high;
    if (is_variable(part)) {
        p->port->unknown = true;
        return;
    }
    size_t dash = str_find(part, '-');
    struct str first = dash == STR_NONE ? part : str_slice(part, 0, dash);
    struct str second = dash == STR_NONE ? part : str_from(part, dash + 1);
    if (!str_to_uint(first, UINT64_MAX, &low) || !str_to_uint(second, UINT64_MAX, &high)) {
        fail(p, node, part, "no port");
        return;
    }
    if (low > 65535 || high > 65535 || (!host && low == 0)) {
        fail(p, node, part, "outside 1-65535");
        return;
    }
    if (high < low) {
        fail(p, node, part, "a range that runs backwards");
        return;
    }
    *from = (uint16_t)low;
    *to = (uint16_t)high;
}

static void protocol(struct parse *p, const struct tree *node, struct str part) {
    static const char *const known[] = { "tcp", "udp", "sctp" };
    if (is_variable(part)) {
        p->port->unknown = true;
        return;
    }
    for (size_t i = 0; i < 3; i++)
        if (str_eq_nocase(part, str_of(known[i]))) {
            p->port->protocol = str_of(known[i]);
            return;
        }
    fail(p, node, part, "no protocol: tcp, udp and sctp are");
}

/* The last `c` outside `${…}` and `[…]`. */
static size_t last_outside(struct str s, char c) {
    size_t depth = 0, hit = STR_NONE;
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '{' || s.at[i] == '[')
            depth++;
        else if ((s.at[i] == '}' || s.at[i] == ']') && depth > 0)
            depth--;
        else if (s.at[i] == c && depth == 0)
            hit = i;
    }
    return hit;
}

static void host_ip(struct parse *p, const struct tree *node, struct str part) {
    bool bracketed = part.len > 2 && part.at[0] == '[' && part.at[part.len - 1] == ']';
    struct str inner = bracketed ? str_slice(part, 1, part.len - 1) : part;
    bool address = inner.len > 0;
    for (size_t i = 0; i < inner.len; i++) {
        char c = char_lower(inner.at[i]);
        address &=
            char_is_digit(c) || c == '.' || (bracketed && (c == ':' || (c >= 'a' && c <= 'f')));
    }
    if (is_variable(part))
        p->port->unknown = true;
    else if (!address && part.len > 0)
        fail(p, node, part, "no IP address");
    p->port->host_ip = inner;
}

static void check_lengths(struct parse *p) {
    const struct compose_port *port = p->port;
    int host = port->to - port->from, inside = port->target_to - port->target_from;
    if (p->failed || port->unknown || port->from == 0 || inside == 0 || host == inside)
        return;
    fail(p, p->node, tree_text(p->node), "a pair of port ranges of different lengths");
}

static void parse_short(struct parse *p) {
    struct str text = tree_text(p->node), rest = text;
    size_t slash = last_outside(rest, '/');
    if (slash != STR_NONE) {
        protocol(p, p->node, str_from(rest, slash + 1));
        rest = str_slice(rest, 0, slash);
    }
    size_t colon = last_outside(rest, ':');
    struct str target = colon == STR_NONE ? rest : str_from(rest, colon + 1);
    range(p, p->node, target, false, &p->port->target_from, &p->port->target_to);
    if (colon == STR_NONE)
        return;
    rest = str_slice(rest, 0, colon);
    colon = last_outside(rest, ':');
    struct str published = colon == STR_NONE ? rest : str_from(rest, colon + 1);
    if (published.len) {
        p->port->published_span = part_span(p, p->node, published);
        range(p, p->node, published, true, &p->port->from, &p->port->to);
    }
    if (colon != STR_NONE)
        host_ip(p, p->node, str_slice(rest, 0, colon));
}

static void parse_long(struct parse *p) {
    struct tree *target = tree_get(p->node, STR("target"));
    struct tree *published = tree_get(p->node, STR("published"));
    struct tree *ip = tree_get(p->node, STR("host_ip")),
                *proto = tree_get(p->node, STR("protocol"));
    if (!target) {
        struct diag *d =
            diag_add(p->diags, DIAG_COMPOSE_PORT, p->node->span, "a port without `target`");
        diag_effect(p->diags, d, "Compose refuses the file");
        diag_help(p->diags, d, "add `target: PORT`, the port inside the container");
        p->failed = true;
        return;
    }
    range(p, target, tree_text(target), false, &p->port->target_from, &p->port->target_to);
    if (published && tree_text(published).len) {
        p->port->published_span = published->span;
        range(p, published, tree_text(published), true, &p->port->from, &p->port->to);
    }
    if (ip)
        host_ip(p, ip, tree_text(ip));
    if (proto)
        protocol(p, proto, tree_text(proto));
}

static struct parse begin(struct arena *arena, struct diags *diags, struct tree *node) {
    struct parse p = { .arena = arena, .diags = diags, .node = tree_resolve(node) };
    p.port = arena_new(arena, struct compose_port);
    p.port->node = p.node;
    p.port->span = p.port->published_span = p.node->span;
    p.port->protocol = STR("tcp");
    return p;
}

struct compose_port *compose_port_parse(struct arena *arena, struct diags *diags,
                                        struct tree *node) {
    struct parse p = begin(arena, diags, node);
    if (p.node->kind == TREE_SEQUENCE || (p.node->kind == TREE_SCALAR && p.node->text.len == 0))
        return NULL; /* reported as a wrong kind */
    if (p.node->kind == TREE_MAPPING)
        parse_long(&p);
    else
        parse_short(&p);
    check_lengths(&p);
    return p.failed ? NULL : p.port;
}

struct compose_port *compose_expose_parse(struct arena *arena, struct diags *diags,
                                          struct tree *node) {
    struct parse p = begin(arena, diags, node);
    if (p.node->kind != TREE_SCALAR || p.node->text.len == 0)
        return NULL;
    p.inside = true;
    struct str rest = p.node->text;
    size_t slash = last_outside(rest, '/');
    if (slash != STR_NONE) {
        protocol(&p, p.node, str_from(rest, slash + 1));
        rest = str_slice(rest, 0, slash);
    }
    range(&p, p.node, rest, false, &p.port->target_from, &p.port->target_to);
    return p.failed ? NULL : p.port;
}

bool compose_port_same(const struct compose_port *a, const struct compose_port *b) {
    return !a->unknown && !b->unknown && str_eq(a->host_ip, b->host_ip) &&
           str_eq(a->protocol, b->protocol) && a->from == b->from && a->to == b->to &&
           a->target_from == b->target_from && a->target_to == b->target_to;
}
