/* Questions to a whole configuration of Traefik: do a user's expectations hold? */
#include "analysis/expect.h"
#include "tracing.h"

struct itsupc_text itsupc_test(struct itsupc *s, const char *name, struct itsupc_text text,
                               bool json, bool *holds) {
    struct tracing *t = tracing_of(s);
    tracing_build(s);
    struct expectations all = { .arena = &s->arena, .file = str_of(name) };
    struct buf out = { .arena = &s->arena };
    expectations_read(&all, (struct str){ text.at, text.len });
    expectations_judge(&all, &t->proxy, &t->answers);
    *holds = all.failed == 0 && all.count > 0;
    if (json)
        expectations_write_json(&out, &all, &s->sources);
    else
        expectations_write_text(&out, &all, &s->sources);
    return session_text(&out);
}
