/* The lints over a workspace: what it is built into is laid out as Traefik would read it, without
   becoming text, so that each finding stands at the line that it comes from. */
#include "backends/backend.h"
#include "lint/rule.h"
#include "tracing.h"

/* The `$` of a variable as everyone writes it. */
static struct str shown(struct arena *a, struct str text) {
    if (str_find(text, IR_VARIABLE) == STR_NONE)
        return text;
    char *out = arena_copy(a, text.at, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (out[i] == IR_VARIABLE)
            out[i] = '$';
    return (struct str){ out, text.len };
}

/* What has no place of its own stands where the thing around it does. */
static struct untyped *from_doc(struct arena *a, const struct doc *doc, struct span around) {
    static const enum untyped_kind kinds[] = {
        [DOC_MAP] = UNTYPED_MAP, [DOC_LIST] = UNTYPED_LIST, [DOC_TEXT] = UNTYPED_TEXT
    };
    struct span span = !span_is_none(doc->over)   ? doc->over
                       : !span_is_none(doc->span) ? doc->span
                                                  : around;
    struct untyped *c = untyped_new(a, kinds[doc->kind], shown(a, doc->key), span);
    c->text = shown(a, doc->text);
    struct untyped **end = &c->first;
    for (const struct doc *child = doc->first; child; child = child->next)
        end = untyped_put(end, from_doc(a, child, span));
    return c;
}

/* ---- containers ---- */

static size_t count_pairs(const struct ir_pair *pairs) {
    size_t count = 0;
    for (; pairs; pairs = pairs->next)
        count++;
    return count;
}

static struct proxy_container *container_of(struct proxy_container *first, struct str name) {
    for (struct proxy_container *c = first; c; c = c->next)
        if (str_eq(c->name, name))
            return c;
    return NULL;
}

/* What stands in its compose file matters where it has labels for Traefik, or Traefik itself. */
static void read_compose(struct itsupc *s, const struct ir_stack *stack) {
    struct source *source =
        stack->file.len ? session_source(s, stack->file, (struct span){ 0, 0 }) : NULL;
    if (source && (stack->hand || str_find_str(source->text, STR("traefik")) != STR_NONE))
        tracing_add_compose(s, source, NULL, stack->project);
}

/* The labels that a container gains, behind those that it has. */
static void add_labels(struct itsupc *s, struct proxy_container *c, const struct ir_pair *pairs) {
    size_t most = c->label_count + count_pairs(pairs);
    struct untyped_label *all = arena_array(&s->arena, struct untyped_label, most + 1);
    if (c->label_count)
        memcpy(all, c->labels, c->label_count * sizeof *all);
    for (; pairs; pairs = pairs->next)
        all[c->label_count++] =
            (struct untyped_label){ shown(&s->arena, pairs->key), shown(&s->arena, pairs->value),
                                    pairs->span, pairs->span, false };
    c->labels = c->own_labels = all;
    c->own_label_count = c->label_count;
}

static void add_stack(struct itsupc *s, struct emission *e, const struct ir_stack *stack) {
    struct tracing *t = tracing_of(s);
    struct proxy_container **first = t->last_container;
    read_compose(s, stack);
    for (const struct ir_container *c = stack->containers; c; c = c->next) {
        const struct ir_pair *pairs = c->labelled || c->enabled ? labels_of(e, c) : NULL;
        struct proxy_container *known = pairs ? container_of(*first, c->name) : NULL;
        if (pairs && !known) {
            known = arena_new(&s->arena, struct proxy_container);
            *known = (struct proxy_container){
                .name = c->name, .host = c->name, .project = stack->project, .span = c->span
            };
            *t->last_container = known;
            t->last_container = &known->next;
            t->has_containers = true;
        }
        if (known)
            add_labels(s, known, pairs);
    }
}

/* ---- all of it ---- */

/* Containers whose labels nobody enabled are none of ours: the proxy that is built leaves them out.
 */
static void lay_out(struct itsupc *s, struct emission *e) {
    struct tracing *t = tracing_of(s);
    struct arena *a = &s->arena;
    struct file_set *set = tracing_add_set(s, 1);
    struct span none = { 0, 0 };
    t->always = true;
    t->version = e->ir->version;
    struct untyped *files = from_doc(a, file_provider_tree(e), none);
    set->files[set->count++] = (struct proxy_file){ STR("the file provider"), files };
    for (const struct ir_stack *stack = e->ir->stacks; stack; stack = stack->next)
        add_stack(s, e, stack);
    if (e->ir->has_proxy) {
        t->has_static = true;
        t->base = from_doc(a, e->ir->statics, none);
    }
    t->flags = NULL;
}

void session_lint_workspace(struct itsupc *s, struct emission *e) {
    struct tracing *kept = s->tracing;
    struct diags quiet = { .arena = &s->arena, .sources = &s->sources };
    s->tracing = NULL;
    struct tracing *t = tracing_of(s);
    t->diags = &quiet;
    lay_out(s, e);
    tracing_build(s);
    struct lint l = { .proxy = &t->proxy,
                      .diags = &s->diags,
                      .arena = &s->arena,
                      .scratch = &t->answers,
                      .containers = t->containers,
                      .is_ours = true };
    if (t->proxies < 2)
        lint_run(&l);
    session_end_tracing(s);
    s->tracing = kept;
}
