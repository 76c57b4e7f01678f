/* proxy/docker-compose.yml: the ready-made proxy's own containers. */
#include "backends/backend.h"

static void run(struct emission *e) {
    if (e->ir->proxy_compose.len)
        emission_add(e, STR("proxy/docker-compose.yml"),
                     raw_compose(e, e->ir->proxy_raws, e->ir->proxy_compose));
}

const struct backend backend_proxy_stack = { "proxy_stack", "proxy",
                                             "the ready-made proxy's compose file", run };
