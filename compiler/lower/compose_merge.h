/* A key of a service that is a mapping, over all layers of the service. */
#pragma once

#include "lower/compose_file.h"

/* Mappings are joined key by key, lists grow, all else is replaced. The tree of a single layer
   comes back as it is; NULL when no layer has a mapping there. */
struct tree *compose_service_merged(struct compose *c, const struct compose_service *service,
                                    struct str key);
