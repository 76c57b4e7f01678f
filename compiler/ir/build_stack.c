/* Compose files and the services in them, as the IR knows them. */
#include "ir/build.h"
#include "model/services.h"

static struct ir_network *add_network(struct build *b, struct ir_network **tail, struct str key) {
    struct ir_network *n = arena_new(b->arena, struct ir_network);
    n->key = key;
    *tail = n;
    return n;
}

/* The key under which the compose file knows the proxy's network; Docker's name of it. */
static void find_proxy_network(struct build *b, const struct stack *from, struct ir_stack *to) {
    struct str network = b->ir->network;
    if (network.len == 0)
        return;
    const struct stack_network *found = NULL;
    for (const struct stack_network *n = from->networks; n; n = n->next)
        if (str_eq(n->name, network)) {
            found = n;
            break;
        }
    for (const struct stack_network *n = from->networks; n && !found; n = n->next)
        if (str_eq(n->key, network))
            found = n;
    struct ir_network *made = add_network(b, &to->proxy, found ? found->key : network);
    made->declared = found != NULL;
    made->external = !found || found->external;
    made->name = network;
    if (found)
        made->name = found->name.len ? found->name
                                     : str_format(b->arena, "%.*s_%.*s", STR_ARG(from->project),
                                                  STR_ARG(found->key));
}

/* What Docker calls the network that all services share when nothing says otherwise. */
static struct str usual_network(struct build *b, const struct stack *from) {
    const struct stack_network *n = from->networks;
    if (!from->project.len || (n && n->next))
        return n && !n->next ? n->name : STR("");
    if (n && n->name.len)
        return n->name;
    return str_format(b->arena, "%.*s_%.*s", STR_ARG(from->project),
                      STR_ARG(n ? n->key : STR("default")));
}

static struct str lower(struct arena *a, struct str text) {
    char *out = arena_copy(a, text.at, text.len);
    for (size_t i = 0; i < text.len; i++)
        out[i] = char_lower(out[i]);
    return (struct str){ out, text.len };
}

/* The next word of a key, without case; names keep theirs only for messages. */
static struct str cut_word(struct build *b, struct str *key) {
    size_t dot = str_find(*key, '.');
    struct str word = str_slice(*key, 0, dot);
    *key = dot == STR_NONE ? STR("") : str_from(*key, dot + 1);
    return lower(b->arena, word);
}

static void add_hand(struct build *b, const struct stack *from, struct ir_stack *to) {
    for (const struct hand_label *l = from->hand; l; l = l->next) {
        struct str key = l->key;
        struct ir_hand *made = arena_new(b->arena, struct ir_hand);
        made->span = l->span;
        made->on = table_get(&to->index, l->service);
        made->value = l->value;
        cut_word(b, &key);
        struct str protocol = cut_word(b, &key);
        made->field = protocol; /* `enable` */
        for (int p = IR_HTTP; p <= IR_UDP; p++)
            if (str_is(protocol, ir_protocol_names[p])) {
                made->protocol = (enum ir_protocol)p;
                made->kind = cut_word(b, &key);
                made->name = cut_word(b, &key);
                made->field = lower(b->arena, key);
            }
        made->next = to->hand;
        to->hand = made;
    }
}

struct ir_stack *build_stack(struct build *b, struct stack *stack, struct ir_project *owner) {
    struct ir_stack **known = (struct ir_stack **)table_at(&b->stacks, stack->file);
    if (*known)
        return *known;
    struct ir_stack *made = arena_new(b->arena, struct ir_stack);
    *known = made;
    made->span = stack->start;
    made->file = stack->file;
    made->outline = stack->outline;
    made->project = stack->project;
    made->owner = owner;
    made->index.arena = b->arena;
    struct ir_container **tail = &made->containers;
    for (size_t i = 0; i < stack->count; i++) {
        const struct service *from = &stack->services[i];
        struct ir_container *c = arena_new(b->arena, struct ir_container);
        c->span = from->span;
        c->name = from->name;
        c->stack = made;
        c->has_networks = from->has_networks;
        c->has_dns = from->has_dns;
        c->elsewhere = from->elsewhere;
        c->flags = (struct ir_texts){ from->flags, from->flag_count };
        c->flags_span = from->flags_span;
        c->own_network = !span_is_none(from->own_network);
        c->last_network = &c->networks;
        c->last_labelled = &c->labelled;
        *table_at(&made->index, c->name) = c;
        *tail = c;
        tail = &c->next;
    }
    add_hand(b, stack, made);
    made->usual = usual_network(b, stack);
    find_proxy_network(b, stack, made);
    *b->ir->last_stack = made;
    b->ir->last_stack = &made->next;
    return made;
}

struct ir_container *build_container(const struct ir_stack *stack, struct str name) {
    return stack ? table_get(&stack->index, name) : NULL;
}

/* `service NAME { ip …; dns … }` and `egress`. */
void build_services(struct build *b, const struct project *from, struct ir_project *to) {
    for (const struct setting *s = from->settings.head; s; s = s->next) {
        if (s->vocable->id == SETTING_PROJECT_EGRESS && s->slot_count) {
            struct ir_texts more = build_texts(b, s->slots[0].texts, s->slots[0].count);
            struct str *all = arena_array(b->arena, struct str, to->egress.count + more.count);
            for (size_t i = 0; i < to->egress.count; i++)
                all[i] = to->egress.list[i];
            for (size_t i = 0; i < more.count; i++)
                all[to->egress.count + i] = more.list[i];
            to->egress = (struct ir_texts){ all, to->egress.count + more.count };
            to->egress_span = s->span;
        }
        if (s->vocable->id != SETTING_PROJECT_SERVICE)
            continue;
        struct ir_container *c = build_container(to->stack, setting_word(s, "service"));
        for (const struct setting *child = s->children; c && child; child = child->next) {
            const struct slot *slot = child->slot_count ? &child->slots[0] : NULL;
            if (child->vocable->id == SETTING_SERVICE_IP && slot) {
                c->ips = build_texts(b, slot->texts, slot->count);
                c->ips_span = child->span;
            } else if (child->vocable->id == SETTING_SERVICE_DNS && slot) {
                c->dns = build_texts(b, slot->texts, slot->count);
                c->own_dns = true;
            }
        }
    }
}
