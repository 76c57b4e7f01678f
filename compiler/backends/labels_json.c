/* labels.json: the labels of every service of every compose file, for programs. Values are as a
   compose file has them: a plain `$` is written twice, a variable stays one. */
#include "backends/backend.h"
#include "support/json_writer.h"

static void add_container(struct json *w, struct arena *a, const struct ir_container *c,
                          const struct ir_pair *labels) {
    struct table keys = { .arena = a };
    json_key_str(w, c->name);
    json_object(w);
    for (const struct ir_pair *p = labels; p; p = p->next) {
        void **said = table_at(&keys, p->key);
        if (*said)
            continue;
        *said = (void *)p;
        json_key_str(w, text_for_compose(a, p->key));
        json_string(w, text_for_compose(a, p->value));
    }
    json_object_end(w);
}

static void run(struct emission *e) {
    struct buf out = { .arena = e->arena };
    struct json w = { .out = &out, .indent = 2 };
    json_object(&w);
    for (const struct ir_stack *s = e->ir->stacks; s; s = s->next) {
        bool any = false;
        for (const struct ir_container *c = s->containers; c; c = c->next) {
            const struct ir_pair *labels = labels_of(e, c);
            if (!labels)
                continue;
            if (!any) {
                json_key_str(&w, s->file);
                json_object(&w);
            }
            any = true;
            add_container(&w, e->arena, c, labels);
        }
        if (any)
            json_object_end(&w);
    }
    json_object_end(&w);
    buf_char(&out, '\n');
    emission_add(e, STR("labels.json"), buf_str(&out));
}

const struct backend backend_labels_json = { "labels_json", "labels",
                                             "the labels of every service, for programs", run,
                                             .asked = true };
