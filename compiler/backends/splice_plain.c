/* Compose files that anything can be added to, whatever it is. */
#include "backends/compose_splice.h"

/* Nothing in it that labels, networks and dns may contradict, or cannot be put into. */
static bool is_plain_key(const struct outline_service *s, int k) {
    const struct outline_key *key = &s->keys[k];
    if (key->place.form == OUTLINE_ABSENT)
        return true;
    if (key->place.where != OUTLINE_OWN || key->place.form == OUTLINE_ODD || key->place.anchors ||
        key->uses)
        return false;
    for (const struct outline_item *i = key->items.first; i; i = i->next)
        if (k == OUTLINE_LABELS ? str_starts(i->key, STR("traefik.")) : i->options != NULL)
            return false;
    return true;
}

bool compose_is_plain(const struct outline *o, size_t services) {
    size_t count = 0;
    for (const struct outline_service *s = o->services; s; s = s->next, count++) {
        if (s->body.where != OUTLINE_OWN || s->body.form != OUTLINE_MAP)
            return false;
        for (int k = 0; k < OUTLINE_KEYS; k++)
            if (!is_plain_key(s, k))
                return false;
    }
    return !o->ends_open && span_is_none(o->services_odd) && count == services;
}
