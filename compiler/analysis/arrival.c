/* Where a request arrives: the entry point behind the port of its URL. */
#include "analysis/trace.h"

bool arrival_fits(const struct entry_point *e, enum scheme scheme) {
    return e->assumed || e->udp == (scheme == SCHEME_UDP);
}

static const struct entry_point *on_port(const struct proxy *p, const struct request *r,
                                         struct str port) {
    for (const struct entry_point *e = p->entry_points; e && port.len; e = e->next)
        if (arrival_fits(e, r->scheme) && str_eq(e->port, port))
            return e;
    return NULL;
}

/* Where Docker hands a published port on to; the port itself when it does not. */
static struct str behind(const struct proxy *p, struct str port) {
    for (const struct proxy_port *x = p->ports; x; x = x->next)
        if (str_eq(x->published, port))
            return x->port;
    return port;
}

/* Behind a router or a load balancer the ports are others: then names tell, which people give
   alike, or the only entry point there is. */
static const struct entry_point *by_custom(const struct proxy *p, const struct request *r) {
    static const char *const names[2][3] = { { "web", "http", "web-plain" },
                                             { "websecure", "https", "web-secure" } };
    static const char *const ports[2] = { "8080", "8443" };
    enum scheme scheme = r->scheme;
    bool secure = scheme == SCHEME_HTTPS || scheme == SCHEME_TLS;
    const struct entry_point *only = NULL, *e;
    size_t count = 0;
    for (size_t i = 0; i < 3 && scheme != SCHEME_UDP; i++) {
        e = proxy_entry_point(p, str_of(names[secure][i]));
        if (e && arrival_fits(e, scheme))
            return e;
    }
    for (e = p->entry_points; e; e = e->next)
        if (arrival_fits(e, scheme) && !str_is(e->name, "traefik")) {
            only = e;
            count++;
        }
    e = scheme == SCHEME_UDP ? NULL : on_port(p, r, str_of(ports[secure]));
    return e ? e : count == 1 ? only : NULL;
}

const struct entry_point *arrival_find(const struct proxy *p, const struct request *r) {
    if (r->entry_point.len)
        return proxy_entry_point(p, r->entry_point);
    const struct entry_point *e = on_port(p, r, behind(p, request_port(r)));
    return e ? e : by_custom(p, r);
}
