/* Small helpers of everyone who reads or makes IR. */
#include "ir/ir.h"

const char *const ir_protocol_names[] = { "http", "tcp", "udp" };

struct str ir_slug(struct arena *arena, struct str text) {
    struct buf out = { .arena = arena };
    for (size_t i = 0; i < text.len; i++) {
        char c = char_lower(text.at[i]);
        bool good = char_is_alnum(c) || c == '_';
        if (good || (out.len && out.at[out.len - 1] != '-'))
            buf_char(&out, good ? c : '-');
    }
    while (out.len && out.at[out.len - 1] == '-')
        out.len--;
    return buf_str(&out);
}

struct ir_option *ir_option_add(struct arena *arena, struct ir_option **list, struct span span,
                                struct str path, struct str text) {
    struct ir_option *o = arena_new(arena, struct ir_option);
    o->span = span;
    o->path = path;
    o->texts.list = arena_copy(arena, &text, sizeof text);
    o->texts.count = 1;
    while (*list)
        list = &(*list)->next;
    *list = o;
    return o;
}

struct ir_option *ir_option_find(struct ir_option *list, const char *path) {
    for (; list; list = list->next)
        if (str_is(list->path, path))
            return list;
    return NULL;
}
