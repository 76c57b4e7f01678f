/* What each project takes or names that another one may, too: the keys by which the checks of
   model/ compare projects with each other. A check that compares by something new adds it here. */
#include "model/conflicts.h"
#include "model/names.h"
#include "model/services.h"
#include "session.h"
#include "support/cidr.h"

struct claims {
    struct itsupc *s;
    struct itsupc_claim *list;
    size_t count, room;
    const char *project; /* at hand */
};

static void add(struct claims *c, const char *kind, struct str what) {
    struct str key = str_format(&c->s->arena, "%s %.*s", kind, STR_ARG(what));
    if (c->count == c->room) {
        size_t room = c->room ? c->room * 2 : 64;
        struct itsupc_claim *list = arena_array(&c->s->arena, struct itsupc_claim, room);
        if (c->count)
            memcpy(list, c->list, c->count * sizeof *list);
        c->list = list;
        c->room = room;
    }
    c->list[c->count++] = (struct itsupc_claim){ c->project, { key.at, key.len } };
}

static void add_port(struct claims *c, unsigned port) {
    add(c, "port", str_format(&c->s->arena, "%u", port));
}

static void add_links(struct claims *c, const struct mw *links) {
    for (const struct mw *mw = links; mw; mw = mw->next)
        if (mw->kind == MW_OTHER)
            add(c, "object", str_slice(mw->name, 0, str_find_last(mw->name, '@')));
}

static void add_raw_keys(struct claims *c, const struct setting *list) {
    for (const struct setting *s = list; s; s = s->next) {
        struct str text = str_is(s->vocable->name, "raw") ? setting_word(s, "text") : STR("");
        while (text.len) {
            size_t end = str_find(text, '\n');
            struct str line = str_trim(str_slice(text, 0, end));
            text = end == STR_NONE ? STR("") : str_from(text, end + 1);
            if (str_find(line, ':') != STR_NONE)
                add(c, "object", str_slice(line, 0, str_find(line, ':')));
        }
        add_links(c, s->links);
        add_raw_keys(c, s->children);
    }
}

static void add_route(struct claims *c, const struct route *r) {
    for (const struct host *h = r->hosts; h; h = h->next)
        add(c, "host", h->name);
    if (r->hostport)
        add_port(c, r->hostport);
    add_links(c, r->links);
    add_raw_keys(c, r->settings);
}

static void add_address(struct claims *c, const struct text *text) {
    struct cidr address;
    if (cidr_parse_ip(text->s, &address).error == CIDR_OK)
        add(c, "address", cidr_address_text(&c->s->arena, &address));
}

static void add_setting(struct claims *c, const struct setting *s) {
    const struct setting *ip = settings_find(s->children, SETTING_SERVICE_IP);
    for (size_t i = 0; ip && ip->slot_count && i < ip->slots[0].count; i++)
        add_address(c, &ip->slots[0].texts[i]);
    if (s->vocable->id != SETTING_PROJECT_EGRESS || !s->slot_count)
        return;
    for (size_t i = 0; i < s->slots[0].count; i++) {
        struct str to = s->slots[0].texts[i].s;
        add(c, "reaches", names_normal(&c->s->arena, str_slice(to, 0, str_find(to, '/'))));
    }
}

static void add_stack(struct claims *c, const struct stack *stack) {
    for (const struct published *p = stack ? stack->published : NULL; p; p = p->next)
        for (unsigned port = p->from; port <= p->to; port++)
            add_port(c, port);
}

static void add_project(struct claims *c, const struct project *p) {
    struct str normal = names_normal(&c->s->arena, p->name);
    c->project = str_copy(&c->s->arena, p->name).at;
    add(c, "project", normal);
    for (const struct setting *s = p->settings.head; s; s = s->next)
        add_setting(c, s);
    add_raw_keys(c, p->settings.head);
    add_stack(c, p->stack);
    for (const struct route *r = p->disabled ? NULL : p->routes; r; r = r->next)
        add_route(c, r);
}

size_t itsupc_claims(struct itsupc *s, const struct itsupc_claim **list) {
    struct claims c = { .s = s };
    for (const struct project *p = s->program.model->projects; p; p = p->next)
        if (p->name.len)
            add_project(&c, p);
    for (const struct declared *d = s->program.all_declared; d; d = d->next) {
        c.project = d->unit->project.len ? str_copy(&s->arena, d->unit->project).at : "";
        struct str name = source_text(&s->sources, d->span); /* the tree that had it is gone */
        if (d->unit->project.len == 0 && d->used)
            add(&c, "used", name);
        if (d->unit->project.len && d->kind == DECLARED_MIDDLEWARE)
            add(&c, "object", name);
    }
    *list = c.list;
    return c.count;
}
