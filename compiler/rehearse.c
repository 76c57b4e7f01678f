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

/* In our language: the YAML of an itsUP tree is there to override, and is never told to. */
static bool says_raw(const struct itsupc *s, int id) {
    for (const struct setting *p = s->program.model->settings.head; p; p = p->next) {
        struct source *source = source_at(&s->sources, p->span.start);
        if (p->vocable->id == id && (!source || str_ends(source->name, STR(".itsup"))))
            return true;
    }
    return false;
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

/* Routers that somebody wrote as labels of the compose file. */
static bool has_hand_router(const struct stack *stack) {
    static const char head[] = "traefik.http.routers.";
    const struct hand_label *l = stack ? stack->hand : NULL;
    while (l && !str_eq_nocase(str_slice(l->key, 0, sizeof head - 1), str_of(head)))
        l = l->next;
    return l;
}

/* Rules with conditions, priorities, TLS options, labels of others: what the model sees the
   requests of only in part. */
bool session_is_lintable(struct itsupc *s) {
    static const int ids[] = { SETTING_ROUTE_WHERE, SETTING_ROUTE_MATCH,    SETTING_ROUTE_TLS,
                               SETTING_ROUTE_RAW,   SETTING_ROUTE_PRIORITY, SETTING_ROUTE_CERT };
    const struct model *model = s->program.model;
    /* Rows of itsUP have a certificate and none of the others. */
    size_t count = sizeof ids / sizeof *ids - (s->program.world == IR_TREE);
    if (says_raw(s, SETTING_FILE_RAW) || says_raw(s, SETTING_PROXY_RAW))
        return true;
    for (const struct project *p = model->projects; p; p = p->next) {
        if (p->disabled)
            continue;
        if (has_hand_router(p->stack))
            return true;
        for (size_t i = 0; i < count; i++)
            if (says_in(p, ids[i]))
                return true;
        for (const struct route *r = p->routes; r; r = r->next)
            if (r->conditions || (r->stack && r->stack != p->stack && has_hand_router(r->stack)))
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
    if (s->program.world == IR_GUESTS || says_raw(s, SETTING_FILE_RAW) ||
        says_raw(s, SETTING_PROXY_RAW) || says(model->settings.head, SETTING_ROUTE_PRIORITY))
        return true;
    for (const struct project *p = model->projects; p; p = p->next)
        if (says(p->settings.head, SETTING_PROJECT_RAW) || says_in(p, SETTING_ROUTE_RAW) ||
            says_in(p, SETTING_ROUTE_PRIORITY) ||
            (p->stack && p->stack->outline && !p->stack->outline->plain))
            return true;
    return false;
}

static void forget(void *context, struct str path, struct str text) {
    (void)context, (void)path, (void)text;
}

bool itsupc_rehearses(struct itsupc *s) {
    return !s->program.exhausted && !program_is_existing(&s->program) &&
           (session_is_lintable(s) || is_worth_it(s));
}

void itsupc_rehearse(struct itsupc *s) {
    session_check(s);
    bool ours = !s->program.exhausted && !program_is_existing(&s->program) && session_goes_on(s);
    bool lintable = ours && session_is_lintable(s), worth = ours && is_worth_it(s);
    if (lintable || worth) {
        struct emission e = session_emission(s);
        e.variable = some_value;
        e.rehearsal = true;
        e.put = forget;
        e.last = &e.first;
        e.ir = session_decided(s);
        if (e.ir) {
            backends_start(&e);
            if (worth)
                backends_run(&e, NULL);
            if (lintable && session_goes_on(s))
                session_lint_workspace(s, &e);
        }
    }
    session_finish(s);
}
