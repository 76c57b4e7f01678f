/* Both readers of YAML over any text: what the quick one takes, libyaml takes and reads the same.
 */
#include "lower/text_check.h"
#include "tests/same_tree.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool readable(struct arena *arena, struct str text) {
    struct sources sources = { .arena = arena };
    struct diags diags = { .arena = arena, .sources = &sources };
    return text_check_yaml(&diags, source_add(&sources, STR("input"), text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = { 0 };
    struct str text = { (const char *)data, size };
    struct tree_difference d;
    if (size > 0 && readable(&arena, text) && readers_compare(&arena, text, &d) == READERS_DIFFER) {
        fprintf(stderr, "%s at %u\n", d.what, (unsigned)d.at);
        abort();
    }
    arena_free(&arena);
    return 0;
}
