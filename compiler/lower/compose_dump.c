/* The model of a compose file as JSON: what stands in compose_file.h, without the places. */
#include "lower/compose_dump.h"

#include "support/json_writer.h"

/* Scalars by their text, but for null. */
static void dump_tree(struct json *w, const struct tree *node) {
    node = tree_resolve(node);
    switch ((enum tree_kind)node->kind) {
    case TREE_SCALAR:
        if (tree_is_null(node))
            json_null(w);
        else
            json_string(w, node->text);
        break;
    case TREE_SEQUENCE:
        json_array(w);
        for (struct tree_entry *e = tree_entries(node); e; e = e->next)
            dump_tree(w, e->value);
        json_array_end(w);
        break;
    case TREE_MAPPING:
        json_object(w);
        for (struct tree_entry *e = tree_entries(node); e; e = e->next) {
            json_key_str(w, tree_key(e));
            dump_tree(w, e->value);
        }
        json_object_end(w);
        break;
    case TREE_ALIAS: break; /* looked through */
    }
}

static void member_tree(struct json *w, const char *key, const struct tree *node) {
    if (!node)
        return;
    json_key(w, key);
    dump_tree(w, node);
}

static void member_text(struct json *w, const char *key, struct str text) {
    if (text.len)
        json_member(w, key, text);
}

static void dump_texts(struct json *w, const char *key, const struct compose_texts *texts) {
    if (!texts->first)
        return;
    json_key(w, key);
    json_array(w);
    for (const struct compose_text *t = texts->first; t; t = t->next)
        json_string(w, t->text);
    json_array_end(w);
}

static void dump_pairs(struct json *w, const char *key, const struct compose_pairs *pairs) {
    if (!pairs->first)
        return;
    json_key(w, key);
    json_object(w);
    for (const struct compose_pair *p = pairs->first; p; p = p->next) {
        json_key_str(w, p->key);
        if (p->has_value)
            json_string(w, p->value);
        else
            json_null(w);
    }
    json_object_end(w);
}

static void dump_attachments(struct json *w, const struct compose_attachment *a) {
    json_key(w, "networks");
    json_object(w);
    for (; a; a = a->next) {
        json_key_str(w, a->network);
        json_object(w);
        member_tree(w, "ipv4_address", a->ipv4_address);
        member_tree(w, "ipv6_address", a->ipv6_address);
        dump_texts(w, "aliases", &a->aliases);
        json_object_end(w);
    }
    json_object_end(w);
}

static void dump_range(struct json *w, const char *key, unsigned from, unsigned to) {
    json_key(w, key);
    json_array(w);
    json_number(w, from);
    json_number(w, to);
    json_array_end(w);
}

static void dump_ports(struct json *w, const char *key, const struct compose_port *p) {
    if (!p)
        return;
    json_key(w, key);
    json_array(w);
    for (; p; p = p->next) {
        json_object(w);
        member_text(w, "host_ip", p->host_ip);
        json_member(w, "protocol", p->protocol);
        dump_range(w, "published", p->from, p->to);
        dump_range(w, "target", p->target_from, p->target_to);
        if (p->unknown)
            json_member_bool(w, "unknown", true);
        json_object_end(w);
    }
    json_array_end(w);
}

static void dump_mounts(struct json *w, const struct compose_mount *m) {
    if (!m)
        return;
    json_key(w, "volumes");
    json_array(w);
    for (; m; m = m->next) {
        json_object(w);
        json_member(w, "type", m->type);
        member_text(w, "source", m->source);
        json_member(w, "target", m->target);
        json_member_bool(w, "read_only", m->read_only);
        json_object_end(w);
    }
    json_array_end(w);
}

static void dump_dependencies(struct json *w, const struct compose_dependency *d) {
    if (!d)
        return;
    json_key(w, "depends_on");
    json_object(w);
    for (; d; d = d->next) {
        json_key_str(w, d->service);
        json_object(w);
        member_tree(w, "condition", d->condition);
        json_member_bool(w, "required", !d->optional);
        json_object_end(w);
    }
    json_object_end(w);
}

static void dump_service(struct json *w, const struct compose_service *s) {
    json_key_str(w, s->name);
    json_object(w);
    member_tree(w, "image", s->image);
    member_tree(w, "container_name", s->container_name);
    member_tree(w, "network_mode", s->network_mode);
    member_tree(w, "restart", s->restart);
    dump_pairs(w, "labels", &s->labels);
    dump_pairs(w, "environment", &s->environment);
    if (s->has_networks)
        dump_attachments(w, s->networks);
    dump_ports(w, "ports", s->ports);
    dump_ports(w, "expose", s->expose);
    dump_mounts(w, s->volumes);
    dump_dependencies(w, s->depends_on);
    dump_texts(w, "dns", &s->dns);
    dump_texts(w, "profiles", &s->profiles);
    dump_texts(w, "env_file", &s->env_files);
    dump_texts(w, "command", &s->command);
    member_tree(w, "healthcheck", s->healthcheck);
    member_tree(w, "deploy", s->deploy);
    json_object_end(w);
}

static void dump_networks(struct json *w, const struct compose_network *n) {
    json_key(w, "networks");
    json_object(w);
    for (; n; n = n->next) {
        json_key_str(w, n->name);
        json_object(w);
        json_member_bool(w, "external", n->external);
        member_text(w, "name", n->real_name);
        dump_texts(w, "subnets", &n->subnets);
        json_object_end(w);
    }
    json_object_end(w);
}

static void dump_items(struct json *w, const char *key, const struct compose_item *i) {
    json_key(w, key);
    json_object(w);
    for (; i; i = i->next) {
        json_key_str(w, i->name);
        json_object(w);
        json_member_bool(w, "external", i->external);
        json_object_end(w);
    }
    json_object_end(w);
}

void compose_dump(struct buf *out, const struct compose *c) {
    struct json w = { .out = out, .indent = 2 };
    json_object(&w);
    member_text(&w, "name", c->name);
    json_member_bool(&w, "incomplete", c->incomplete);
    json_key(&w, "services");
    json_object(&w);
    for (const struct compose_service *s = c->services; s; s = s->next)
        dump_service(&w, s);
    json_object_end(&w);
    dump_networks(&w, c->networks);
    dump_items(&w, "volumes", c->volumes);
    dump_items(&w, "secrets", c->secrets);
    dump_items(&w, "configs", c->configs);
    json_object_end(&w);
    buf_char(out, '\n');
}
