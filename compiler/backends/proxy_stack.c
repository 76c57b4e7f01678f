/* proxy/docker-compose.yml: the ready-made proxy's own containers. */
#include "backends/backend.h"

/* Its text is no program: the services are told with the stack alone. */
static void add_origins(struct emission *e) {
    struct doc *doc = e->mapping ? e->yaml(e->context, e->ir->proxy_compose) : NULL;
    struct doc *services = doc ? doc_get(doc, STR("services")) : NULL;
    for (struct doc *c = services ? services->first : NULL; c; c = c->next)
        origin_add(e, str_format(e->arena, "services.%.*s", STR_ARG(c->key)), (struct span){ 0, 0 })
            ->kind = "stack";
}

static void run(struct emission *e) {
    if (!e->ir->proxy_compose.len)
        return;
    add_origins(e);
    emission_add(e, STR("proxy/docker-compose.yml"),
                 raw_compose(e, e->ir->proxy_raws, e->ir->proxy_compose, true, NULL));
}

const struct backend backend_proxy_stack = { "proxy_stack", "proxy",
                                             "the ready-made proxy's compose file", run,
                                             .asked = false };
