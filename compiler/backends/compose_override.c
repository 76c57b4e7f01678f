/* compose.ingress.yml: what a single repo's compose file gains, as an override beside it. */
#include "backends/backend.h"
#include "support/yaml_writer.h"

struct override {
    struct emission *e;
    struct yaml w;
    struct str last_place;
};

static struct str compose_text(struct override *o, struct str text) {
    return text_for_compose(o->e->arena, text);
}

/* One comment for the labels that come from one line. */
static void add_place(struct override *o, struct span span) {
    struct str place = emission_place(o->e, span);
    if (place.len && !str_eq(place, o->last_place))
        yaml_comment(&o->w, place);
    o->last_place = place;
}

static void add_labels(struct override *o, const struct ir_pair *labels) {
    if (!labels)
        return;
    yaml_key(&o->w, "labels");
    yaml_in(&o->w);
    o->last_place = STR("");
    for (const struct ir_pair *p = labels; p; p = p->next) {
        add_place(o, p->span);
        yaml_entry(&o->w, compose_text(o, str_format(o->e->arena, "%.*s=%.*s", STR_ARG(p->key),
                                                     (int)p->value.len, p->value.at)));
    }
    yaml_out(&o->w);
}

/* With an address the mapping form, which Compose merges with a list just as well. */
static void add_networks(struct override *o, const struct ir_container *c) {
    if (!c->networks)
        return;
    bool mapping = c->ips.count > 0;
    yaml_key(&o->w, "networks");
    yaml_in(&o->w);
    if (!c->has_networks && mapping) {
        yaml_key(&o->w, "default");
        yaml_in(&o->w);
        yaml_key(&o->w, "priority"); /* Docker's own default: an empty mapping says nothing */
        yaml_plain(&o->w, STR("0"));
        yaml_out(&o->w);
    } else if (!c->has_networks) {
        yaml_entry(&o->w, STR("default"));
    }
    for (const struct ir_network *n = c->networks; n; n = n->next) {
        if (!mapping) {
            yaml_entry(&o->w, n->key);
            continue;
        }
        yaml_key_text(&o->w, n->key);
        yaml_in(&o->w);
        for (size_t i = 0; i < c->ips.count; i++) {
            bool v6 = str_find(c->ips.list[i], ':') != STR_NONE;
            yaml_key(&o->w, v6 ? "ipv6_address" : "ipv4_address");
            yaml_text(&o->w, compose_text(o, c->ips.list[i]));
        }
        yaml_out(&o->w);
    }
    yaml_out(&o->w);
}

static void add_service(struct override *o, const struct ir_container *c) {
    const struct ir_pair *labels = labels_of(o->e, c);
    if (!labels && !c->networks && !c->dns.count)
        return;
    if (!o->w.depth) {
        yaml_key(&o->w, "services");
        yaml_in(&o->w);
    }
    yaml_key_text(&o->w, c->name);
    yaml_in(&o->w);
    add_labels(o, labels);
    add_networks(o, c);
    if (c->dns.count) {
        yaml_key(&o->w, "dns");
        yaml_in(&o->w);
        for (size_t i = 0; i < c->dns.count; i++)
            yaml_entry(&o->w, compose_text(o, c->dns.list[i]));
        yaml_out(&o->w);
    }
    yaml_out(&o->w);
}

static void add_declared(struct override *o, const struct ir_network *list) {
    bool any = false;
    for (const struct ir_network *n = list; n; n = n->next) {
        if (n->declared)
            continue;
        if (!any) {
            yaml_key(&o->w, "networks");
            yaml_in(&o->w);
        }
        any = true;
        yaml_key_text(&o->w, n->key);
        yaml_in(&o->w);
        if (n->external) {
            yaml_key(&o->w, "external");
            yaml_plain(&o->w, STR("true"));
        } else {
            yaml_key(&o->w, "name");
            yaml_text(&o->w, n->name);
        }
        yaml_out(&o->w);
    }
    if (any)
        yaml_out(&o->w);
}

static struct str beside(struct arena *a, struct str file, const char *name) {
    size_t slash = str_find_last(file, '/');
    if (slash == STR_NONE)
        return str_of(name);
    return str_format(a, "%.*s/%s", (int)slash, file.at, name);
}

static void emit_stack(struct emission *e, struct arena *scratch, const struct ir_stack *s) {
    struct emission aside = emission_aside(e, scratch);
    struct buf out = { .arena = scratch };
    struct override o = { .e = &aside, .w.out = &out };
    for (const struct ir_container *c = s->containers; c; c = c->next)
        add_service(&o, c);
    if (!out.len && !s->raws)
        return;
    yaml_out(&o.w);
    add_declared(&o, s->networks);
    struct buf text = { .arena = scratch };
    buf_format(&text, "# Written by itsupc: docker compose -f %.*s -f compose.ingress.yml up\n",
               STR_ARG(str_from(s->file, str_find_last(s->file, '/') + 1)));
    buf_add(&text, buf_str(&out));
    origin_add_stack(e, s);
    emission_add(e, beside(scratch, s->file, "compose.ingress.yml"),
                 raw_compose(&aside, s->raws, buf_str(&text), false, NULL));
}

static void run(struct emission *e) {
    struct arena scratch = { 0 };
    if (e->ir->world == IR_TREE)
        return;
    for (const struct ir_stack *s = e->ir->stacks; s; s = s->next) {
        emit_stack(e, &scratch, s);
        arena_reset(&scratch);
    }
    arena_free(&scratch);
}

const struct backend backend_compose_override = { "compose_override", "override",
                                                  "a single repo's compose.ingress.yml", run,
                                                  .asked = false };
