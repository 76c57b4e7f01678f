/* What each project takes or names that another one may, too: the keys by which the checks of
   model/ compare projects with each other. A check that compares by something new adds it here. */
#include "claims.h"

#include "model/conflicts.h"
#include "model/names.h"
#include "model/services.h"
#include "support/cidr.h"

#include <stdio.h>

struct walk {
    struct itsupc *s;
    claim_taker take;
    void *context;
};

static void add(struct walk *w, enum claim kind, struct str what) {
    w->take(w->context, kind, what);
}

static void add_port(struct walk *w, enum claim kind, unsigned port) {
    char text[16];
    int len = snprintf(text, sizeof text, "%u", port);
    add(w, kind, (struct str){ text, (size_t)len });
}

static void add_links(struct walk *w, const struct mw *links) {
    for (const struct mw *mw = links; mw; mw = mw->next)
        if (mw->kind == MW_OTHER)
            add(w, CLAIM_OBJECT, str_slice(mw->name, 0, str_find_last(mw->name, '@')));
}

static void add_raw_keys(struct walk *w, const struct setting *list) {
    for (const struct setting *s = list; s; s = s->next) {
        struct str text = str_is(s->vocable->name, "raw") ? setting_word(s, "text") : STR("");
        while (text.len) {
            size_t end = str_find(text, '\n');
            struct str line = str_trim(str_slice(text, 0, end));
            text = end == STR_NONE ? STR("") : str_from(text, end + 1);
            if (str_find(line, ':') != STR_NONE)
                add(w, CLAIM_OBJECT, str_slice(line, 0, str_find(line, ':')));
        }
        add_links(w, s->links);
        add_raw_keys(w, s->children);
    }
}

static void add_route(struct walk *w, const struct route *r) {
    for (const struct host *h = r->hosts; h; h = h->next)
        add(w, CLAIM_HOST, h->name);
    if (r->hostport)
        add_port(w, r->mode == MODE_UDP ? CLAIM_UDP_PORT : CLAIM_PORT, r->hostport);
    add_links(w, r->links);
    add_raw_keys(w, r->settings);
}

static void add_address(struct walk *w, const struct text *text) {
    struct cidr address;
    if (cidr_parse_ip(text->s, &address).error == CIDR_OK)
        add(w, CLAIM_ADDRESS, cidr_address_text(&w->s->arena, &address));
}

static void add_setting(struct walk *w, const struct setting *s) {
    const struct setting *ip = settings_find(s->children, SETTING_SERVICE_IP);
    for (size_t i = 0; ip && ip->slot_count && i < ip->slots[0].count; i++)
        add_address(w, &ip->slots[0].texts[i]);
    if (s->vocable->id != SETTING_PROJECT_EGRESS || !s->slot_count)
        return;
    for (size_t i = 0; i < s->slots[0].count; i++) {
        struct str to = s->slots[0].texts[i].s;
        add(w, CLAIM_REACHES, names_normal(&w->s->arena, str_slice(to, 0, str_find(to, '/'))));
    }
}

static void add_stack(struct walk *w, const struct stack *stack) {
    for (const struct published *p = stack ? stack->published : NULL; p; p = p->next)
        for (unsigned port = p->from; port <= p->to; port++)
            add_port(w, p->udp ? CLAIM_UDP_PUBLISHED : CLAIM_PUBLISHED, port);
}

void claims_of(struct itsupc *s, const struct project *p, claim_taker take, void *context) {
    struct walk walk = { s, take, context }, *w = &walk;
    struct str normal = names_normal(&w->s->arena, p->name);
    add(w, CLAIM_PROJECT, normal);
    for (const struct setting *setting = p->settings.head; setting; setting = setting->next)
        add_setting(w, setting);
    add_raw_keys(w, p->settings.head);
    add_stack(w, p->stack);
    for (const struct route *r = p->disabled ? NULL : p->routes; r; r = r->next)
        add_route(w, r);
}

/* ---- for editors: as texts ---- */

static const char *const words[] = {
    [CLAIM_HOST] = "host",      [CLAIM_PORT] = "port",          [CLAIM_UDP_PORT] = "port",
    [CLAIM_PUBLISHED] = "port", [CLAIM_UDP_PUBLISHED] = "port", [CLAIM_ADDRESS] = "address",
    [CLAIM_OBJECT] = "object",  [CLAIM_PROJECT] = "project",    [CLAIM_REACHES] = "reaches",
    [CLAIM_USED] = "used",
};

struct claims {
    struct itsupc *s;
    struct itsupc_claim *list;
    size_t count, room;
    const char *project; /* at hand */
};

static void list_claim(void *context, enum claim kind, struct str what) {
    struct claims *c = context;
    struct str key = str_format(&c->s->arena, "%s %.*s", words[kind], STR_ARG(what));
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

size_t itsupc_claims(struct itsupc *s, const struct itsupc_claim **list) {
    struct claims c = { .s = s };
    for (const struct project *p = s->program.model->projects; p; p = p->next) {
        if (!p->name.len)
            continue;
        c.project = str_copy(&s->arena, p->name).at;
        claims_of(s, p, list_claim, &c);
    }
    for (const struct declared *d = s->program.all_declared; d; d = d->next) {
        c.project = d->unit->project.len ? str_copy(&s->arena, d->unit->project).at : "";
        struct str name = source_text(&s->sources, d->span); /* the tree that had it is gone */
        if (d->unit->project.len == 0 && d->used)
            list_claim(&c, CLAIM_USED, name);
        if (d->unit->project.len && d->kind == DECLARED_MIDDLEWARE)
            list_claim(&c, CLAIM_OBJECT, name);
    }
    *list = c.list;
    return c.count;
}
