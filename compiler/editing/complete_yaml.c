#include "editing/editing.h"
void complete_yaml(struct completing *c, struct source *source, size_t offset) {
    (void)c;
    (void)source;
    (void)offset;
}
bool hover_yaml(struct buf *out, struct source *source, size_t offset, struct span *span) {
    (void)out;
    (void)source;
    (void)offset;
    (void)span;
    return false;
}
