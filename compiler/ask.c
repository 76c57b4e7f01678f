/* Questions to a whole configuration of Traefik: do a user's expectations hold, what is
   not as in another one, and who reaches what? */
#include "analysis/compare.h"
#include "analysis/expect.h"
#include "analysis/graph.h"
#include "analysis/story.h"
#include "ir/ir.h"
#include "tracing.h"

static void tell_failed(struct itsupc *s, struct source *source, const struct expectation *e) {
    struct str line = source_line(&s->sources, source, e->line);
    size_t from = (size_t)(line.at - source->text.at);
    struct str got = e->wrong.len ? e->wrong : e->got;
    struct diag *d = diag_add(&s->diags, DIAG_EXPECTATION, span_of(source, from, from + line.len),
                              "this expectation does not hold");
    diag_effect(&s->diags, d, e->wrong.len ? "%.*s" : "instead %.*s", STR_ARG(got));
    if (e->hint.len)
        diag_help(&s->diags, d, "%.*s", STR_ARG(e->hint));
    if (!span_is_none(e->source))
        diag_note_at(&s->diags, d, e->source, "declared here");
}

/* The failed lines as findings, for reports that know nothing else. */
static void tell_expectations(struct itsupc *s, const struct expectations *all, struct str text) {
    struct source *source = session_add_source(s, all->file, text);
    for (const struct expectation *e = all->first; source && e; e = e->next)
        if (!e->holds)
            tell_failed(s, source, e);
    if (source && !all->count)
        diag_add(&s->diags, DIAG_EXPECTATION, span_of(source, 0, 0), "this file expects nothing");
}

struct itsupc_text itsupc_test(struct itsupc *s, const char *name, struct itsupc_text text,
                               bool json, bool tell, bool *holds) {
    struct tracing *t = tracing_of(s);
    tracing_build(s);
    struct expectations all = { .arena = &s->arena, .file = str_of(name) };
    struct buf out = { .arena = &s->arena };
    expectations_read(&all, (struct str){ text.at, text.len });
    expectations_judge(&all, &t->proxy, &t->answers);
    *holds = all.failed == 0 && all.count > 0;
    if (tell)
        tell_expectations(s, &all, (struct str){ text.at, text.len });
    if (json)
        expectations_write_json(&out, &all, &s->sources);
    else
        expectations_write_text(&out, &all, &s->sources);
    return session_text(&out);
}

struct itsupc_text itsupc_diff(struct itsupc *before, struct itsupc *after, bool json, bool *same) {
    struct tracing *old = tracing_of(before), *new = tracing_of(after);
    tracing_build(before);
    tracing_build(after);
    struct comparison c = { .arena = &after->arena };
    struct buf out = { .arena = &after->arena };
    compare(&c, &old->proxy, &new->proxy);
    *same = !c.added && !c.removed && !c.changed;
    if (json)
        comparison_write_json(&out, &c, &before->sources, &after->sources);
    else
        comparison_write_text(&out, &c, &before->sources, &after->sources);
    return session_text(&out);
}

struct itsupc_text itsupc_graph(struct itsupc *s, const char *form) {
    static const struct {
        const char *name;
        void (*write)(struct buf *, const struct graph *);
    } forms[] = { { "dot", graph_write_dot },
                  { "mermaid", graph_write_mermaid },
                  { "json", graph_write_json },
                  { "svg", graph_write_svg } };
    struct tracing *t = tracing_of(s);
    struct graph g = { .arena = &s->arena };
    struct buf out = { .arena = &s->arena };
    tracing_build(s);
    graph_add_proxy(&g, &t->proxy);
    for (const struct ir_project *p = s->ir ? s->ir->projects : NULL; p; p = p->next)
        for (size_t i = 0; i < p->egress.count; i++)
            graph_add(&g, VERTEX_PROJECT, p->name, VERTEX_EGRESS, p->egress.list[i]);
    graph_sort(&g);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (str_is(str_of(form), forms[i].name))
            forms[i].write(&out, &g);
    return session_text(&out);
}

struct itsupc_text itsupc_explain(struct itsupc *s, const char *router, bool *found) {
    struct tracing *t = tracing_of(s);
    struct buf out = { .arena = &s->arena };
    tracing_build(s);
    *found = story_write(&out, &t->proxy, str_of(router), &s->sources);
    return session_text(&out);
}
