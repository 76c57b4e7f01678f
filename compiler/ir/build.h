/* Between the files that turn the typed model into the IR; nobody else includes it. */
#pragma once

#include "ir/ir.h"
#include "model/conflicts.h"

struct build {
    struct arena *arena;
    struct program *program;
    struct entries entries;
    struct ir *ir;
    struct table stacks; /* by file → ir_stack */
};

/* ---- build.c ---- */

/* A text as the IR has it: the `$` of its variables marked. */
struct str build_text(struct build *b, const struct text *text);
/* The same for a text whose every `${` is a variable: host names, paths, targets. */
struct str build_name(struct build *b, struct str s);
struct ir_texts build_texts(struct build *b, const struct text *texts, size_t count);
struct ir_setting *build_settings(struct build *b, const struct setting *list);
struct ir_middleware **build_links(struct build *b, struct ir_middleware **tail,
                                   const struct mw *links);
struct ir_raw *build_raw(struct build *b, const struct setting *setting);

/* ---- build_paths.c ---- */

enum build_object {
    BUILD_ROUTER,
    BUILD_SERVICE,
    BUILD_TRANSPORT,
    BUILD_TCP_SERVICE,
    BUILD_TCP_TRANSPORT,
    BUILD_TLS_OPTIONS,
    BUILD_STATIC,
};
/* Adds what one setting means for that object. */
void build_options(struct build *b, const struct setting *setting, enum build_object object,
                   struct ir_option **list);

/* ---- build_route.c, build_stack.c, build_static.c ---- */

struct ir_router *build_route(struct build *b, const struct route *route,
                              struct ir_project *project);
struct ir_stack *build_stack(struct build *b, struct stack *stack, struct ir_project *owner);
struct ir_container *build_container(const struct ir_stack *stack, struct str name);
void build_services(struct build *b, const struct project *from, struct ir_project *to);
void build_static(struct build *b);
