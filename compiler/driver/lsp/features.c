/* What the server can do beside telling findings. */
#include "driver/lsp/server.h"

void write_features(struct json *w) {
    (void)w;
}
