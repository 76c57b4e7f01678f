/* What only shows when the artefacts are made: a priority that others are above, raw text that says
   otherwise, a label that is there already. `check` tells it as `build` does, and writes nothing.
 */
#include "backends/backend.h"
#include "model/services.h"
#include "session.h"

/* A run-time variable has some value by the time that it counts. */
static bool some_value(void *context, struct str name, struct str *value) {
    (void)context;
    (void)name;
    *value = STR("x");
    return true;
}

static bool says(const struct setting *list, int id) {
    for (; list; list = list->next)
        if (list->vocable->id == id || says(list->children, id))
            return true;
    return false;
}

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

static bool is_plain(const struct stack *stack) {
    const struct outline *o = stack->outline;
    size_t count = 0;
    if (!o)
        return true;
    for (const struct outline_service *s = o->services; s; s = s->next, count++) {
        if (s->body.where != OUTLINE_OWN || s->body.form != OUTLINE_MAP)
            return false;
        for (int k = 0; k < OUTLINE_KEYS; k++)
            if (!is_plain_key(s, k))
                return false;
    }
    return !o->ends_open && span_is_none(o->services_odd) && count == stack->count;
}

static bool says_in(const struct project *p, int route_id) {
    for (const struct route *r = p->routes; r; r = r->next)
        if (says(r->settings, route_id))
            return true;
    return false;
}

static bool has_stack(const struct project *p) {
    const struct route *r = p->routes;
    while (r && !r->stack)
        r = r->next;
    return p->stack || r;
}

/* Rules with conditions, and TLS options: what the model sees the requests of only in part. */
bool session_is_lintable(struct itsupc *s) {
    static const int ids[] = { SETTING_ROUTE_WHERE, SETTING_ROUTE_MATCH, SETTING_ROUTE_TLS,
                               SETTING_ROUTE_RAW, SETTING_ROUTE_CERT };
    const struct model *model = s->program.model;
    if (says(model->settings.head, SETTING_FILE_RAW) ||
        says(model->settings.head, SETTING_PROXY_RAW))
        return true;
    for (const struct project *p = model->projects; p; p = p->next) {
        if (p->disabled)
            continue;
        for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
            if (says_in(p, ids[i]))
                return true;
        for (const struct route *r = p->routes; r; r = r->next)
            if (r->conditions)
                return true;
    }
    return false;
}

/* A tree of many projects is made only when something in it asks for it: most have nothing that
   shows no sooner. */
static bool is_worth_it(struct itsupc *s) {
    enum { NEWEST = 3007001 }; /* which has every option that we write */
    const struct model *model = s->program.model;
    if (ir_version(&s->program) < NEWEST)
        return true;
    for (const struct project *p = model->projects; p; p = p->next)
        if (s->program.world != IR_TREE && has_stack(p))
            return true;
    if (s->program.world == IR_GUESTS || says(model->settings.head, SETTING_FILE_RAW) ||
        says(model->settings.head, SETTING_PROXY_RAW) ||
        says(model->settings.head, SETTING_ROUTE_PRIORITY))
        return true;
    for (const struct project *p = model->projects; p; p = p->next)
        if (says(p->settings.head, SETTING_PROJECT_RAW) || says_in(p, SETTING_ROUTE_RAW) ||
            says_in(p, SETTING_ROUTE_PRIORITY) || (p->stack && !is_plain(p->stack)))
            return true;
    return false;
}

void itsupc_rehearse(struct itsupc *s) {
    session_check(s);
    bool ours = !s->program.exhausted && !program_is_existing(&s->program) && session_goes_on(s);
    bool lintable = ours && session_is_lintable(s);
    if (ours && (lintable || is_worth_it(s))) {
        struct emission e = session_emission(s);
        e.variable = some_value;
        e.rehearsal = true;
        e.last = &e.first;
        e.ir = session_decided(s);
        if (e.ir)
            backends_run(&e, NULL);
        if (e.ir && lintable && session_goes_on(s))
            session_lint_workspace(s, &e);
    }
    session_finish(s);
}
