/* What a service gains: the edits without what is there already. What is there and differs is told.
 */
#include "backends/backend.h"
#include "backends/splice_plan.h"
#include "support/table.h"
#include "support/yaml_writer.h"

const char *const splice_key_names[OUTLINE_KEYS] = { "labels", "networks", "dns" };

struct str splice_dollar(struct arena *arena, struct str text) {
    return text_for_compose(arena, text);
}

static struct str scalar(struct splice *s, struct str text) {
    struct buf out = { .arena = s->arena };
    yaml_scalar(&out, text);
    return buf_str(&out);
}

static const struct outline_item *find(const struct outline_item *item, struct str key) {
    while (item && !str_eq(item->key, key))
        item = item->next;
    return item;
}

static struct diag *differs(struct splice *s, struct span there, struct span wanted,
                            struct str what, struct str service) {
    struct diag *d = diag_add(s->diags, DIAG_COMPOSE_DIFFERS, there,
                              "`%.*s` of the service `%.*s` has another value here", STR_ARG(what),
                              STR_ARG(service));
    if (!span_is_none(wanted))
        diag_note_at(s->diags, d, wanted, "this asks for it");
    return d;
}

/* ---- labels ---- */

static bool is_map(const struct key_plan *p, const struct outline_key *key) {
    return p->rewrite && key->place.form != OUTLINE_MAP ? p->map : key->place.form == OUTLINE_MAP;
}

/* What is there and what was added so far, by key. */
struct known {
    struct table there, added;
};

/* Traefik reads its keys without regard to case. */
static struct str label_key(struct arena *a, struct str key) {
    static const char ours[] = "traefik.";
    if (!str_eq_nocase(str_slice(key, 0, sizeof ours - 1), str_of(ours)))
        return key;
    char *lower = arena_copy(a, key.at, key.len);
    for (size_t i = 0; i < key.len; i++)
        lower[i] = char_lower(lower[i]);
    return (struct str){ lower, key.len };
}

/* Of two by one name in a list the last one counts, and any before what is extended. */
static struct known known_labels(struct arena *scratch, const struct outline_service *service) {
    struct known known = { .there.arena = scratch, .added.arena = scratch };
    const struct outline_item *lists[] = { service->keys[OUTLINE_LABELS]->items.first,
                                           service->extended.first };
    for (int i = 0; i < 2; i++)
        for (const struct outline_item *item = lists[i]; item; item = item->next) {
            void **slot = table_at(&known.there, label_key(scratch, item->key));
            if (!*slot || i == 0)
                *slot = (void *)item;
        }
    return known;
}

static bool has_label(struct splice *s, struct service_plan *sp, struct known *known,
                      const struct compose_label *label, struct str key, struct str value,
                      bool *wrong) {
    const struct outline_item *item =
        known->there.count ? table_get(&known->there, label_key(known->there.arena, key)) : NULL;
    if (item) {
        if (str_eq(item->value, value))
            return true;
        *wrong = true;
        struct diag *d = differs(s, item->span, label->span, label->key, sp->service->name);
        diag_effect(s->diags, d, "it says `%.*s`, and `%.*s` is wanted", STR_ARG(item->value),
                    STR_ARG(value));
        diag_help(s->diags, d, "remove this label, or the route that asks for the other value");
        return true;
    }
    void **slot = table_at(&known->added, label->key);
    const struct compose_label *before = *slot;
    *slot = (void *)label;
    return before && str_eq(before->value, label->value);
}

static bool gain_labels(struct splice_plan *plan, struct service_plan *sp) {
    struct splice *s = plan->s;
    struct key_plan *p = &sp->keys[OUTLINE_LABELS];
    bool map = is_map(p, sp->service->keys[OUTLINE_LABELS]), wrong = false;
    if (!sp->edit->labels)
        return true;
    struct arena scratch = { 0 };
    struct known known = known_labels(&scratch, sp->service);
    struct str place = STR("");
    for (const struct compose_label *l = sp->edit->labels; l; l = l->next) {
        struct str value = splice_dollar(s->arena, l->value);
        struct str key = map ? l->key : splice_dollar(s->arena, l->key);
        if (has_label(s, sp, &known, l, key, value, &wrong))
            continue;
        struct str comment = str_eq(l->place, place) ? STR("") : l->place;
        place = l->place;
        if (map) {
            splice_entry_new(s, &p->gained, scalar(s, l->key), scalar(s, value))->comment = comment;
            continue;
        }
        struct buf item = { .arena = s->arena };
        buf_reserve(&item, key.len + value.len + 1);
        buf_add(&item, key);
        buf_char(&item, '=');
        buf_add(&item, value);
        struct buf quoted = { .arena = s->arena };
        yaml_quoted(&quoted, buf_str(&item)); /* a plain scalar holds no `=` */
        splice_entry_new(s, &p->gained, STR(""), buf_str(&quoted))->comment = comment;
    }
    arena_free(&scratch);
    p->gains = p->gained.first != NULL;
    return !wrong;
}

/* ---- networks ---- */

static bool wants_options(const struct compose_join *join) {
    return join->ipv4_address.len > 0 || join->aliases.count > 0;
}

static struct str alias_list(struct splice *s, const struct ir_texts *texts,
                             const struct outline_item *there) {
    struct buf out = { .arena = s->arena };
    buf_char(&out, '[');
    for (const struct outline_item *n = there; n; n = n->next) {
        if (out.len > 1)
            buf_text(&out, ", ");
        buf_add(&out, n->item);
    }
    for (size_t i = 0; i < texts->count; i++) {
        struct str name = splice_dollar(s->arena, texts->list[i]);
        if (find(there, name))
            continue;
        if (out.len > 1)
            buf_text(&out, ", ");
        yaml_scalar(&out, name);
    }
    buf_char(&out, ']');
    return buf_str(&out);
}

static void add_options(struct splice *s, struct splice_value *options,
                        const struct compose_join *join) {
    if (join->ipv4_address.len)
        splice_entry_new(s, options, STR("ipv4_address"),
                         scalar(s, splice_dollar(s->arena, join->ipv4_address)));
    if (join->aliases.count)
        splice_entry_new(s, options, STR("aliases"), alias_list(s, &join->aliases, NULL));
}

static bool place_error(struct splice *s, struct span span, struct str service, const char *what) {
    struct diag *d =
        diag_add(s->diags, DIAG_COMPOSE_PLACE, span,
                 "the `%s` of the service `%.*s` cannot be added to here", what, STR_ARG(service));
    diag_help(s->diags, d, "write them out as a list or a mapping of this service alone");
    return false;
}

/* More options for an attachment that is there. */
static bool gain_options(struct splice_plan *plan, struct service_plan *sp,
                         const struct compose_join *join, const struct outline_item *item) {
    struct splice *s = plan->s;
    struct key_plan *p = &sp->keys[OUTLINE_NETWORKS];
    const struct outline_item *address = find(item->options, STR("ipv4_address"));
    const struct outline_item *aliases = find(item->options, STR("aliases"));
    struct option_plan *o = arena_new(s->arena, struct option_plan);
    o->item = item;
    struct str ipv4 = splice_dollar(s->arena, join->ipv4_address);
    if (ipv4.len && !address)
        splice_entry_new(s, &o->options, STR("ipv4_address"), scalar(s, ipv4));
    if (ipv4.len && address && !str_eq(address->value, ipv4)) {
        struct diag *d =
            differs(s, address->span, join->span, STR("ipv4_address"), sp->service->name);
        diag_effect(s->diags, d, "it says `%.*s`, and `%.*s` is wanted", STR_ARG(address->value),
                    STR_ARG(ipv4));
        return false;
    }
    if (join->aliases.count && !aliases)
        splice_entry_new(s, &o->options, STR("aliases"), alias_list(s, &join->aliases, NULL));
    for (size_t i = 0; aliases && i < join->aliases.count; i++) {
        struct str name = splice_dollar(s->arena, join->aliases.list[i]);
        if (!find(aliases->options, name))
            splice_entry_new(s, &o->names, STR(""), scalar(s, name));
    }
    if (!o->options.first && !o->names.first)
        return true;
    bool own = item->place.where == OUTLINE_OWN &&
               (!aliases || !o->names.first || aliases->place.where == OUTLINE_OWN);
    if (!own || item->place.form == OUTLINE_ODD)
        p->rewrite = true;
    o->next = p->options;
    p->options = o;
    p->gains = true;
    return true;
}

static void add_join(struct splice *s, struct key_plan *p, const struct compose_join *join) {
    struct str name = join->network;
    if (!p->map)
        name = splice_dollar(s->arena, name);
    struct splice_entry *e = splice_entry_new(s, &p->gained, p->map ? scalar(s, name) : STR(""),
                                              p->map ? STR("") : scalar(s, name));
    struct splice_value options = { .map = true };
    add_options(s, &options, join);
    e->options = options.first;
}

static bool joined_before(const struct service_plan *sp, const struct compose_join *join) {
    for (const struct compose_join *j = sp->edit->joins; j != join; j = j->next)
        if (str_eq(j->network, join->network))
            return true;
    return false;
}

static bool network_mode_error(struct splice *s, const struct service_plan *sp, struct span span) {
    struct diag *d = diag_add(s->diags, DIAG_COMPOSE_NETWORK_MODE, sp->service->network_mode,
                              "the service `%.*s` has a `network_mode` and is to join a network",
                              STR_ARG(sp->service->name));
    diag_effect(s->diags, d, "Compose refuses a service with both");
    diag_help(s->diags, d, "remove `network_mode`, or route to the host by its address");
    if (!span_is_none(span))
        diag_note_at(s->diags, d, span, "this asks for it");
    return false;
}

static bool gain_networks(struct splice_plan *plan, struct service_plan *sp) {
    struct splice *s = plan->s;
    struct key_plan *p = &sp->keys[OUTLINE_NETWORKS];
    const struct outline_key *key = sp->service->keys[OUTLINE_NETWORKS];
    const struct compose_join *joins = sp->edit->joins;
    if (!joins)
        return true;
    if (!span_is_none(sp->service->network_mode))
        return network_mode_error(s, sp, joins->span);
    bool options = false, names_default = false, right = true;
    for (const struct compose_join *j = joins; j; j = j->next) {
        options |= wants_options(j);
        names_default |= str_is(j->network, "default");
    }
    bool list = key->place.form == OUTLINE_LIST;
    p->map = key->place.form == OUTLINE_MAP || options;
    if (list && options)
        p->rewrite = true;
    if (sp->edit->keep_default && !sp->service->has_networks && !names_default)
        add_join(s, p, &(struct compose_join){ .network = STR("default") });
    for (const struct compose_join *j = joins; j; j = j->next) {
        const struct outline_item *item = find(key->items.first, j->network);
        if (joined_before(sp, j))
            continue;
        if (!item)
            add_join(s, p, j);
        else if (wants_options(j))
            right &= gain_options(plan, sp, j, item);
    }
    p->gains |= p->gained.first != NULL;
    if (!p->gains)
        p->rewrite = false;
    return right;
}

/* ---- dns ---- */

static bool same_addresses(const struct outline_key *key, const struct ir_texts *texts) {
    size_t i = 0;
    for (const struct outline_item *item = key->items.first; item; item = item->next, i++)
        if (i >= texts->count || !str_eq(item->key, texts->list[i]))
            return false;
    return i == texts->count;
}

static bool gain_dns(struct splice_plan *plan, struct service_plan *sp) {
    struct splice *s = plan->s;
    struct key_plan *p = &sp->keys[OUTLINE_DNS];
    const struct outline_key *key = sp->service->keys[OUTLINE_DNS];
    const struct ir_texts *texts = &sp->edit->dns;
    if (texts->count == 0 || same_addresses(key, texts))
        return true;
    if (sp->service->has_dns || !span_is_none(sp->service->network_mode)) {
        if (!sp->edit->dns_replaces)
            return true;
        if (key->items.count == 0 && sp->service->has_dns) {
            differs(s, sp->service->extends_span, sp->edit->dns_span, STR("dns"),
                    sp->service->name);
            return false;
        }
    }
    for (size_t i = 0; i < texts->count; i++)
        splice_entry_new(s, &p->gained, STR(""),
                         scalar(s, splice_dollar(s->arena, texts->list[i])));
    p->gains = true;
    p->replace = p->rewrite = key->items.count > 0;
    return true;
}

/* ---- all ---- */

bool splice_plan_gains(struct splice_plan *plan, struct service_plan *sp) {
    bool labels = gain_labels(plan, sp), networks = gain_networks(plan, sp);
    bool right = gain_dns(plan, sp) && labels && networks;
    for (int k = 0; k < OUTLINE_KEYS; k++) {
        const struct outline_place *place = &sp->service->keys[k]->place;
        struct key_plan *p = &sp->keys[k];
        if (k != OUTLINE_NETWORKS)
            p->map = place->form == OUTLINE_MAP;
        p->gained.map = p->map;
        p->write |= p->gains;
        if (p->gains && place->form == OUTLINE_ODD)
            right = place_error(plan->s, place->value, sp->service->name, splice_key_names[k]);
    }
    return right;
}

bool splice_plan_networks(struct splice_plan *plan, const struct compose_edits *edits) {
    struct splice *s = plan->s;
    const struct outline_key *key = &s->o->networks;
    bool right = true;
    plan->networks.map = true;
    for (const struct compose_network_edit *n = edits->networks; n; n = n->next) {
        const struct outline_item *item = find(key->items.first, n->key);
        if (item) {
            const struct outline_item *external = find(item->options, STR("external"));
            const struct outline_item *name = find(item->options, STR("name"));
            bool is_external = external && !str_is(external->value, "false");
            struct str real = name ? name->value : STR("");
            if (is_external == n->external &&
                (str_eq(real, splice_dollar(s->arena, n->name)) ||
                 (is_external && (n->name.len == 0 ? str_eq(real, n->key)
                                                   : real.len == 0 && str_eq(n->name, n->key)))))
                continue;
            struct diag *d =
                diag_add(s->diags, DIAG_COMPOSE_DIFFERS, item->span,
                         "the network `%.*s` is declared otherwise here", STR_ARG(n->key));
            diag_help(s->diags, d,
                      n->external ? "declare it as `external: true`, or rename it" : "rename it");
            if (!span_is_none(n->span))
                diag_note_at(s->diags, d, n->span, "this asks for it");
            right = false;
            continue;
        }
        struct splice_value options = { .map = true };
        if (n->name.len)
            splice_entry_new(s, &options, STR("name"), scalar(s, splice_dollar(s->arena, n->name)));
        if (n->external)
            splice_entry_new(s, &options, STR("external"), STR("true"));
        splice_entry_new(s, &plan->networks, scalar(s, n->key), STR(""))->options = options.first;
    }
    if (plan->networks.first && key->place.form != OUTLINE_ABSENT &&
        key->place.form != OUTLINE_NOTHING && key->place.form != OUTLINE_MAP) {
        struct diag *d = diag_add(s->diags, DIAG_COMPOSE_PLACE, key->place.value,
                                  "`networks` cannot be added to here");
        diag_help(s->diags, d, "write a mapping of names below it");
        right = false;
    }
    return right;
}
