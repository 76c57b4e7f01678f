/* NAME@file where a ready-made proxy is in view: then all dynamic files are ours, and every name in
   them is known. */
#include "model/provided.h"

#include "options/readymade.h"
#include "support/nearest.h"

struct provided {
    struct program *program;
    struct table known;
};

static struct str name_of(const struct mw *mw) {
    size_t at = str_find_last(mw->name, '@');
    return at != STR_NONE && str_is(str_from(mw->name, at), "@file") ? str_slice(mw->name, 0, at)
                                                                     : STR("");
}

/* ---- the names that our files will hold ---- */

/* Every key of `raw dynamic` text may be one: what it says is not read, only merged. */
static void add_keys(struct table *known, struct str text) {
    while (text.len) {
        size_t end = str_find(text, '\n');
        struct str line = str_trim(str_slice(text, 0, end));
        text = end == STR_NONE ? STR("") : str_from(text, end + 1);
        size_t colon = str_find(line, ':');
        if (colon != STR_NONE && colon > 0)
            *table_at(known, str_slice(line, 0, colon)) = known;
    }
}

static void add_raw(struct table *known, const struct setting *list) {
    for (const struct setting *s = list; s; s = s->next) {
        if (str_is(s->vocable->name, "raw") && str_is(setting_word(s, "kind"), "dynamic"))
            add_keys(known, setting_word(s, "text"));
        add_raw(known, s->children);
    }
}

static void add_all(struct provided *p) {
    struct program *program = p->program;
    for (size_t i = 0; i < readymade_count; i++)
        if (readymades[i].kind == READYMADE_MIDDLEWARE &&
            readymades[i].generations >> program->stack & 1)
            *table_at(&p->known, readymades[i].name) = p;
    for (const struct declared *d = program->all_declared; d; d = d->next)
        if (d->kind == DECLARED_MIDDLEWARE)
            *table_at(&p->known, d->name) = p;
    add_raw(&p->known, program->model->settings.head);
    for (const struct project *project = program->model->projects; project;
         project = project->next) {
        add_raw(&p->known, project->settings.head);
        for (const struct route *r = project->routes; r; r = r->next)
            add_raw(&p->known, r->settings);
    }
}

/* ---- who names them ---- */

static void tell(struct program *program, const struct mw *mw, struct str name) {
    struct diags *diags = program->diags;
    struct diag *d = diag_add(diags, DIAG_MIDDLEWARE_UNKNOWN, mw->span,
                              "no file declares a middleware called `%.*s`", STR_ARG(name));
    struct nearest near = { .wanted = name, .effort = &diags->hints };
    for (size_t i = 0; i < readymade_count; i++)
        if (readymades[i].kind == READYMADE_MIDDLEWARE &&
            readymades[i].generations >> program->stack & 1)
            nearest_offer(&near, readymades[i].name);
    for (const struct declared *c = program->all_declared; c && nearest_spend(&near, 64);
         c = c->next)
        if (c->kind == DECLARED_MIDDLEWARE)
            nearest_offer(&near, c->name);
    diag_effect(diags, d, "Traefik would not make the router");
    if (near.best.len && mw->span.end - mw->span.start == mw->name.len)
        diag_suggest(diags, d, span_slice(mw->span, 0, name.len), near.best);
    else if (near.best.len)
        diag_help(diags, d, "did you mean `%.*s@file`?", STR_ARG(near.best));
    else
        diag_help(diags, d, "declare it: middleware %.*s = …", STR_ARG(name));
}

static void check_links(struct provided *p, const struct mw *links) {
    for (const struct mw *mw = links; mw; mw = mw->next) {
        struct str name = mw->kind == MW_OTHER ? name_of(mw) : STR("");
        if (name.len && !table_get(&p->known, name))
            tell(p->program, mw, name);
    }
}

static void check_list(struct provided *p, const struct setting *list) {
    for (const struct setting *s = list; s; s = s->next) {
        check_links(p, s->links);
        check_list(p, s->children);
    }
}

void check_provided(struct program *program) {
    struct arena scratch = { 0 };
    struct provided p = { program, { .arena = &scratch } };
    if (program->stack < 2)
        return;
    add_all(&p);
    check_list(&p, program->model->settings.head);
    for (const struct mw_chain *c = program->model->chains; c; c = c->next)
        check_links(&p, c->links);
    for (const struct project *project = program->model->projects; project; project = project->next)
        for (const struct route *r = project->routes; r; r = r->next)
            check_links(&p, r->links);
    arena_free(&scratch);
}
