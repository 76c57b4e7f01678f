/* What the values of `${NAME}` make of hosts, paths, conditions and targets in the files of
   Traefik: they are held to what those may say. No value is shown. */
#include "backends/backend.h"
#include "model/domain.h"
#include "model/http.h"
#include "model/target.h"
#include "session.h"

struct given {
    struct itsupc *s;
    struct emission e; /* its findings are told elsewhere: what has no value at all */
    struct diags quiet;
    struct arena scratch;
};

static bool has_variable(struct str text) {
    return str_find(text, IR_VARIABLE) != STR_NONE;
}

/* False when it holds none, or one without a value. */
static bool expanded(struct given *g, struct str text, struct str *out) {
    if (!has_variable(text))
        return false;
    size_t told = g->quiet.count;
    *out = text_for_traefik(&g->e, text, (struct span){ 0, 0 });
    return g->quiet.count == told;
}

static void tell(struct given *g, enum diag_code code, struct span span, struct str text,
                 const char *what, const char *why) {
    char *shown = arena_copy(&g->s->arena, text.at, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (shown[i] == IR_VARIABLE)
            shown[i] = '$';
    struct diag *d =
        diag_add(&g->s->diags, code, span, "`%.*s`, with the value given, is no %s: %s",
                 (int)text.len, shown, what, why);
    diag_effect(&g->s->diags, d, "Traefik would refuse it, or read something else");
    diag_help(&g->s->diags, d, "give another value in the environment, --env-file or secrets");
}

static void see_host(struct given *g, struct span span, struct str text) {
    struct str host;
    struct domain domain;
    if (!expanded(g, text, &host))
        return;
    struct fault f = domain_parse(&g->scratch, host, NULL, 0, &domain);
    int error = f.error;
    if (!error && domain.is_wildcard && !str_starts(text, STR("*.")))
        error = DOMAIN_WILDCARD_HERE;
    if (!error && !str_eq_nocase(domain.name, host))
        error = DOMAIN_CHARACTER; /* an international one would have to become its A-label */
    if (error)
        tell(g, DIAG_DOMAIN, span, text, "host name", domain_error_text(error));
}

static void see_path(struct given *g, struct span span, struct str text) {
    struct str whole;
    struct path path;
    if (!expanded(g, text, &whole))
        return;
    struct fault f = path_parse(whole, &path);
    if (f.error)
        tell(g, DIAG_PATH, span, text, "path", http_error_text(f.error));
}

/* Rules quote with backticks, or with `"` what holds one. */
static void see_quoted(struct given *g, struct span span, struct str text) {
    struct str value;
    if (!expanded(g, text, &value))
        return;
    bool quotes = str_find(text, '`') != STR_NONE;
    bool fits = quotes ? str_find(value, '"') == STR_NONE && str_find(value, '\\') == STR_NONE
                       : str_find(value, '`') == STR_NONE;
    if (!fits)
        tell(g, DIAG_RULE, span, text, "text of a rule",
             "it holds a character that ends or changes the quoted text around it");
}

static void see_router(struct given *g, const struct ir_router *r) {
    for (size_t i = 0; i < r->hosts.count; i++)
        see_host(g, r->span, r->hosts.list[i]);
    see_path(g, r->span, r->path);
    for (const struct ir_condition *c = r->conditions; c; c = c->next) {
        see_quoted(g, r->span, c->key);
        for (size_t i = 0; i < c->texts.count; i++)
            see_quoted(g, r->span, c->texts.list[i]);
    }
}

static void see_target(struct given *g, const struct ir_target *t) {
    struct str host = t->host, port = t->port, whole;
    if (t->container || t->provided.len || (!has_variable(host) && !has_variable(port)))
        return;
    struct target target;
    struct str text = str_format(&g->scratch, t->is_v6 ? "[%.*s]:%.*s" : "%.*s:%.*s", STR_ARG(host),
                                 STR_ARG(port.len ? port : STR("80")));
    if (!expanded(g, text, &whole))
        return;
    struct fault f = target_parse(whole, &target);
    if (f.error)
        tell(g, DIAG_TARGET, t->span, t->address, "target", target_error_text(f.error));
}

void given_check_hosts(struct itsupc *s, const struct ir *ir) {
    struct given g = { .s = s, .e = session_emission(s) };
    g.quiet = (struct diags){ .arena = &g.scratch, .sources = &s->sources };
    g.e.diags = &g.quiet;
    g.e.arena = &g.scratch;
    for (const struct ir_project *p = ir->projects; p; p = p->next)
        for (const struct ir_router *r = p->disabled ? NULL : p->routers; r; r = r->next)
            if ((r->place == IR_FILE || r->spawned) && !r->of)
                see_router(&g, r);
    for (const struct ir_service *service = ir->services; service; service = service->next)
        for (const struct ir_target *t = service->targets; t && service->place == IR_FILE;
             t = t->next)
            see_target(&g, t);
    arena_free(&g.scratch);
}
