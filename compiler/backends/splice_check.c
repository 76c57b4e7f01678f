/* A spliced file that was read again, compared with the file and the edits. */
#include "backends/splice_check.h"

#include "support/table.h"

static const struct outline_item *find(const struct outline_item *item, struct str key) {
    while (item && !str_eq(item->key, key))
        item = item->next;
    return item;
}

/* Traefik's own keys, one of which may stand there otherwise spelt. */
static const struct outline_item *find_nocase(const struct outline_item *item, struct str key) {
    while (item && !str_eq_nocase(item->key, key))
        item = item->next;
    return item;
}

static bool same_item(const struct outline_item *a, const struct outline_item *b) {
    return str_eq(a->key, b->key) && a->has_value == b->has_value && str_eq(a->value, b->value);
}

static size_t entries(const struct splice_value *value) {
    size_t count = 0;
    for (const struct splice_entry *e = value->first; e; e = e->next)
        count++;
    return count;
}

/* Those of the file first, in their order and unchanged; gives the first of the others. NULL in
   `rest` also when there is none. */
static bool old_items(const struct outline_items *before, const struct outline_item *now,
                      bool networks, const struct outline_item **rest) {
    for (const struct outline_item *was = before->first; was; was = was->next, now = now->next)
        if (!now || !same_item(was, now) || (!networks && was->digest != now->digest))
            return false;
    *rest = now;
    return true;
}

static struct table by_key(struct arena *a, const struct outline_item *item) {
    struct table table = { .arena = a };
    for (; item; item = item->next)
        *table_at(&table, item->key) = (void *)item;
    return table;
}

/* By key: a service's own keys come before those that it inherits. */
static bool all_items(const struct outline_items *before, const struct table *after) {
    for (const struct outline_item *was = before->first; was; was = was->next) {
        const struct outline_item *now = table_get(after, was->key);
        if (!now || !same_item(was, now))
            return false;
    }
    return true;
}

/* Where a block scalar ends the file, new entries stand above those of the file. */
static bool old_list(const struct service_plan *sp, int k, const struct outline_items *after) {
    const struct outline_key *was = sp->service->keys[k];
    const struct outline_item *now = after->first, *rest;
    if (old_items(&was->items, now, false, &rest))
        return true;
    for (size_t i = entries(&sp->keys[k].gained); i > 0 && now; i--)
        now = now->next;
    return was->place.open && old_items(&was->items, now, false, &rest);
}

static const char *check_labels(struct arena *a, const struct service_plan *sp,
                                const struct outline_service *after) {
    const struct key_plan *p = &sp->keys[OUTLINE_LABELS];
    const struct outline_items *was = &sp->service->keys[OUTLINE_LABELS]->items;
    const struct outline_items *now = &after->keys[OUTLINE_LABELS]->items;
    if (now->count != was->count + entries(&p->gained))
        return "the number of labels";
    bool map = after->keys[OUTLINE_LABELS]->place.form == OUTLINE_MAP;
    struct table table = by_key(a, now->first);
    if (map ? !all_items(was, &table) : !old_list(sp, OUTLINE_LABELS, now))
        return "a label that was there";
    for (const struct compose_label *l = sp->edit ? sp->edit->labels : NULL; l; l = l->next) {
        struct str key = map ? l->key : splice_dollar(a, l->key);
        const struct outline_item *item = table_get(&table, key);
        if (!item)
            item = find_nocase(now->first, key);
        if (!item)
            item = find(after->extended.first, key);
        if (!item)
            item = find(sp->service->extended.first, key);
        if (!item || !str_eq(item->value, splice_dollar(a, l->value)))
            return "a new label";
    }
    return NULL;
}

static bool has_join(struct arena *a, const struct outline_items *now,
                     const struct compose_join *j) {
    const struct outline_item *item = find(now->first, j->network);
    if (!item)
        return false;
    const struct outline_item *address = find(item->options, STR("ipv4_address"));
    if (j->ipv4_address.len &&
        (!address || !str_eq(address->value, splice_dollar(a, j->ipv4_address))))
        return false;
    const struct outline_item *aliases = find(item->options, STR("aliases"));
    for (size_t i = 0; i < j->aliases.count; i++)
        if (!aliases || !find(aliases->options, splice_dollar(a, j->aliases.list[i])))
            return false;
    return true;
}

static bool same_options(const struct outline_item *was, const struct outline_item *now) {
    for (const struct outline_item *o = was->options; o; o = o->next) {
        const struct outline_item *there = find(now->options, o->key);
        if (!there || (there->digest != o->digest && !str_is(o->key, "aliases")))
            return false;
    }
    return true;
}

static const char *check_networks(struct arena *a, const struct service_plan *sp,
                                  const struct outline_service *after) {
    const struct key_plan *p = &sp->keys[OUTLINE_NETWORKS];
    const struct outline_items *was = &sp->service->keys[OUTLINE_NETWORKS]->items;
    const struct outline_items *now = &after->keys[OUTLINE_NETWORKS]->items;
    size_t implied = was->count == 0 && p->write && !p->gains && !sp->service->has_networks;
    if (now->count != was->count + entries(&p->gained) + implied)
        return "the number of networks";
    for (const struct outline_item *item = was->first; item; item = item->next) {
        const struct outline_item *there = find(now->first, item->key);
        if (!there || !same_options(item, there) ||
            (!p->gains && item->options && there->digest != item->digest))
            return "a network that was there";
    }
    if (implied && !find(now->first, STR("default")))
        return "the default network";
    for (const struct compose_join *j = sp->edit ? sp->edit->joins : NULL; j; j = j->next)
        if (!has_join(a, now, j))
            return "a new network";
    return NULL;
}

static const char *check_dns(const struct service_plan *sp, const struct outline_service *after) {
    const struct key_plan *p = &sp->keys[OUTLINE_DNS];
    const struct outline_items *now = &after->keys[OUTLINE_DNS]->items;
    const struct outline_item *rest = now->first;
    if (!p->replace && !old_items(&sp->service->keys[OUTLINE_DNS]->items, now->first, false, &rest))
        return "a DNS server that was there";
    size_t count = 0;
    for (; rest; rest = rest->next, count++)
        if (!sp->edit || count >= sp->edit->dns.count ||
            !str_eq(rest->key, sp->edit->dns.list[count]))
            return "a DNS server";
    return count == entries(&p->gained) ? NULL : "the number of DNS servers";
}

static const char *check_top(const struct splice_plan *plan, const struct compose_edits *edits,
                             const struct outline *after) {
    const struct outline_items *was = &plan->s->o->networks.items, *now = &after->networks.items;
    if (now->count != was->count + entries(&plan->networks))
        return "the number of declared networks";
    for (const struct outline_item *item = was->first; item; item = item->next) {
        const struct outline_item *there = find(now->first, item->key);
        if (!there || there->digest != item->digest)
            return "a network that was declared";
    }
    for (const struct compose_network_edit *n = edits->networks; n; n = n->next)
        if (!find(now->first, n->key))
            return "a network to declare";
    return NULL;
}

const char *splice_check(struct arena *a, const struct splice_plan *plan,
                         const struct compose_edits *edits, const struct outline *result) {
    if (!result)
        return "the file itself";
    if (result->digest != plan->s->o->digest)
        return "another key of the file";
    const char *wrong = check_top(plan, edits, result);
    const struct outline_service *after = result->services;
    for (size_t i = 0; i < plan->count && !wrong; i++, after = after->next) {
        const struct service_plan *sp = &plan->services[i];
        if (!after || !str_eq(after->name, sp->service->name))
            return "the services";
        if (after->digest != sp->service->digest)
            return "another key of a service";
        wrong = check_labels(a, sp, after);
        if (!wrong)
            wrong = check_networks(a, sp, after);
        if (!wrong)
            wrong = check_dns(sp, after);
    }
    return wrong ? wrong : after ? "the services" : NULL;
}
