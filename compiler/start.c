/* init: a first file of our language, made of what a compose file publishes, without a question. */
#include "lower/compose_file.h"
#include "session.h"

/* Ports of protocols that are not HTTP: such a service wants a route of its own kind. */
static const struct {
    uint16_t port;
    const char *what;
} others[] = {
    { 22, "SSH" },          { 25, "SMTP" },         { 53, "DNS" },         { 110, "POP3" },
    { 143, "IMAP" },        { 389, "LDAP" },        { 465, "SMTP" },       { 587, "SMTP" },
    { 636, "LDAP" },        { 993, "IMAP" },        { 995, "POP3" },       { 1433, "SQL Server" },
    { 1521, "Oracle" },     { 1883, "MQTT" },       { 2222, "SSH" },       { 3306, "MySQL" },
    { 4222, "NATS" },       { 5432, "PostgreSQL" }, { 5671, "AMQP" },      { 5672, "AMQP" },
    { 6379, "Redis" },      { 8883, "MQTT" },       { 9042, "Cassandra" }, { 9092, "Kafka" },
    { 11211, "memcached" }, { 25565, "Minecraft" }, { 27017, "MongoDB" },
};

static const char *other_protocol(uint16_t port) {
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i].port == port)
            return others[i].what;
    return NULL;
}

/* What well-known images listen on, by the last word of their name: most compose files behind a
   proxy publish nothing. */
static const struct {
    const char *image;
    uint16_t port;
} images[] = {
    { "nginx", 80 },
    { "httpd", 80 },
    { "caddy", 80 },
    { "whoami", 80 },
    { "nextcloud", 80 },
    { "wordpress", 80 },
    { "vaultwarden", 80 },
    { "pgadmin4", 80 },
    { "ghost", 2368 },
    { "grafana", 3000 },
    { "gitea", 3000 },
    { "uptime-kuma", 3001 },
    { "registry", 5000 },
    { "n8n", 5678 },
    { "keycloak", 8080 },
    { "adminer", 8080 },
    { "code-server", 8080 },
    { "jellyfin", 8096 },
    { "home-assistant", 8123 },
    { "portainer-ce", 9000 },
    { "minio", 9000 },
    { "prometheus", 9090 },
    { "postgres", 5432 },
    { "mysql", 3306 },
    { "mariadb", 3306 },
    { "redis", 6379 },
    { "valkey", 6379 },
    { "mongo", 27017 },
    { "eclipse-mosquitto", 1883 },
};

/* "registry.example.com/library/nginx:1.27@sha256:…" → "nginx" */
static struct str image_name(struct str image) {
    size_t slash = str_find_last(image, '/');
    image = str_from(image, slash == STR_NONE ? 0 : slash + 1);
    image = str_slice(image, 0, str_find(image, '@'));
    return str_slice(image, 0, str_find(image, ':'));
}

enum { MOST_PORTS = 20 };

/* What a service listens on, each port once. */
struct listening {
    uint16_t http[MOST_PORTS], tcp[MOST_PORTS], udp[MOST_PORTS];
    size_t https, tcps, udps; /* how many */
    bool unknown;             /* `${…}` hides some */
};

static void put(uint16_t *list, size_t *count, uint16_t port) {
    for (size_t i = 0; i < *count; i++)
        if (list[i] == port)
            return;
    if (*count < MOST_PORTS)
        list[(*count)++] = port;
}

static void read_port(struct listening *l, uint16_t port) {
    if (other_protocol(port))
        put(l->tcp, &l->tcps, port);
    else
        put(l->http, &l->https, port);
}

static void read_image(struct listening *l, const struct compose_service *s) {
    struct str name = image_name(s->image ? tree_text(s->image) : STR(""));
    for (size_t i = 0; i < sizeof images / sizeof *images; i++)
        if (str_is(name, images[i].image))
            read_port(l, images[i].port);
}

static void read_ports(struct listening *l, const struct compose_port *ports) {
    for (const struct compose_port *p = ports; p; p = p->next) {
        if (p->unknown || p->target_from == 0)
            l->unknown = true;
        else if (str_is(p->protocol, "udp"))
            put(l->udp, &l->udps, p->target_from);
        else
            read_port(l, p->target_from);
    }
}

/* TLS ends at the proxy, so of 80 and 443 the plain one is wanted. */
static void drop_tls_ports(struct listening *l) {
    size_t kept = 0;
    for (size_t i = 0; i < l->https && l->https > 1; i++)
        if (l->http[i] != 443 && l->http[i] != 8443)
            l->http[kept++] = l->http[i];
    if (kept)
        l->https = kept;
}

/* A service's name as the first label of a host. */
static struct str label_of(struct arena *arena, struct str name) {
    struct buf out = { .arena = arena };
    for (size_t i = 0; i < name.len && out.len < 40; i++) {
        char c = char_lower(name.at[i]);
        if (char_is_alnum(c))
            buf_char(&out, c);
        else if (out.len && out.at[out.len - 1] != '-')
            buf_char(&out, '-');
    }
    while (out.len && out.at[out.len - 1] == '-')
        out.len--;
    return out.len ? buf_str(&out) : STR("app");
}

static bool has_traefik_labels(const struct compose_service *service) {
    for (const struct compose_pair *p = service->labels.first; p; p = p->next)
        if (str_starts(p->key, STR("traefik.")))
            return true;
    return false;
}

static void comment(struct buf *out, struct str name, const char *text) {
    buf_text(out, "# ");
    buf_add(out, name);
    buf_format(out, ": %s\n", text);
}

/* A database behind the proxy is seldom meant to be reached through it. */
static void kept_inside(struct buf *out, struct str name, const char *what, const char *mode,
                        unsigned port) {
    struct str text = str_format(
        out->arena,
        "%s, so no route; for one, write %s://:%u -> %.*s:%u, and keep it out of `ports:`", what,
        mode, port, STR_ARG(name), port);
    comment(out, name, text.at);
}

/* Routes of one service; what cannot be known, or would clash with what Docker publishes, is a
   comment with the words to type. */
static void service_routes(struct buf *out, const struct compose_service *s) {
    struct listening l = { 0 };
    struct str label = label_of(out->arena, s->name);
    if (has_traefik_labels(s)) {
        comment(out, s->name, "has labels of Traefik, which `itsupc import` reads");
        return;
    }
    if (compose_network_mode(s).len) {
        comment(out, s->name, "has no network of its own; it is reached by an address of its host");
        return;
    }
    read_ports(&l, s->ports);
    read_ports(&l, s->expose);
    if (l.https + l.tcps + l.udps == 0 && !l.unknown)
        read_image(&l, s);
    drop_tls_ports(&l);
    for (size_t i = 0; i < l.https; i++) {
        buf_format(out, "https://%.*s", STR_ARG(label));
        if (i)
            buf_format(out, "-%u", l.http[i]);
        buf_format(out, ".{domain} -> %.*s:%u\n", STR_ARG(s->name), l.http[i]);
    }
    for (size_t i = 0; i < l.tcps; i++)
        kept_inside(out, s->name, other_protocol(l.tcp[i]), "tcp", l.tcp[i]);
    for (size_t i = 0; i < l.udps; i++)
        kept_inside(out, s->name, "UDP", "udp", l.udp[i]);
    if (l.https + l.tcps + l.udps == 0) {
        struct str text =
            str_format(out->arena, "%s; write https://%.*s.example.com -> %.*s:PORT",
                       l.unknown ? "its ports are variables" : "its port is not known",
                       STR_ARG(label), STR_ARG(s->name));
        comment(out, s->name, text.at);
    }
}

static bool is_found_by_itself(struct str name) {
    static const char *const names[] = { "compose.yaml", "compose.yml", "docker-compose.yaml",
                                         "docker-compose.yml" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(name, names[i]))
            return true;
    return false;
}

struct itsupc_text itsupc_start(struct itsupc *s, const char *name) {
    struct source *source = session_source(s, str_of(name), (struct span){ 0, 0 });
    struct compose *compose = source ? session_compose(s, source) : NULL;
    if (!compose)
        return (struct itsupc_text){ NULL, 0 };
    struct buf routes = { .arena = &s->arena }, out = { .arena = &s->arena };
    for (const struct compose_service *c = compose->services; c; c = c->next)
        if (c->body)
            service_routes(&routes, c);
    size_t slash = str_find_last(source->name, '/');
    struct str file = slash == STR_NONE ? source->name : str_from(source->name, slash + 1);
    buf_format(&out, "# The services of %.*s as routes; `itsupc check` judges them.\n",
               STR_ARG(file));
    if (!is_found_by_itself(file))
        buf_format(&out, "import compose \"%.*s\"\n\n", STR_ARG(file));
    if (str_find_str(buf_str(&routes), STR("\nhttps://")) != STR_NONE ||
        str_starts(buf_str(&routes), STR("https://")))
        buf_text(&out, "let domain = example.com # write your own\n\n");
    buf_add(&out, buf_str(&routes));
    arena_reset(&s->compose);
    return itsupc_format(s, "ingress.itsup", session_text(&out));
}
