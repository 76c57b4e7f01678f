/* One instance of a template, and the forms that `itsupc expand` prints it in. */
#pragma once

#include "backends/backend.h"

enum instance_kind {
#define INSTANCE(name, word, write) INSTANCE_##name,
#include "backends/instance_forms.def"
#undef INSTANCE
};

struct instance_form {
    enum instance_kind kind;
    bool no_proxy; /* for a machine without Traefik: a port of its own instead of labels */
    bool (*port_taken)(void *context, unsigned port);
    void *context;
};

struct instance {
    struct ir *ir;          /* cut down to the instance */
    struct ir_stack *stack; /* of its containers */
    struct str name, url, network;
    struct str publish;     /* without a proxy: "127.0.0.1:20123:3000" */
    struct ir_pair *labels; /* of the one container */
};

/* After the passes; the emission's IR becomes the instance's. False after telling what cannot be
   said in this form. */
bool instance_find(struct emission *e, struct ir_stack *stack, const struct instance_form *form,
                   struct instance *it);
void instance_write(struct emission *e, const struct instance *it, enum instance_kind kind,
                    struct buf *out);
bool instance_kind_find(struct str word, enum instance_kind *kind);

/* In file_provider.c: all of the emission's IR as one document. */
struct str file_provider_document(struct emission *e, const char *head);
