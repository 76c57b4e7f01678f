/* One instance more than the files hold, as if its call stood where the template is declared. */
#include "model/template.h"
#include "model/walk.h"
#include "support/nearest.h"

/* Templates inside of templates and loops are made anew for each round: nobody can name them. */
static bool is_lasting(const struct declared *declared) {
    const struct scope *scope = declared->scope;
    while (scope->outer && scope->project)
        scope = scope->outer;
    return declared->kind == DECLARED_TEMPLATE && !scope->outer;
}

static void tell_unknown(struct program *program, const struct node_call *call) {
    struct diags *diags = program->diags;
    struct nearest near = { .wanted = call->name, .effort = &diags->hints };
    for (const struct declared *d = program->all_declared; d; d = d->next)
        if (is_lasting(d))
            nearest_offer(&near, d->name);
    struct diag *d = diag_add(diags, DIAG_TEMPLATE_UNKNOWN, call->name_span,
                              "no template is called `%.*s`", STR_ARG(call->name));
    if (near.best.len)
        diag_help(diags, d, "did you mean `%.*s`?", STR_ARG(near.best));
    else
        diag_help(diags, d, "declare it: template %.*s(…) { … }", STR_ARG(call->name));
}

/* The one template of that name in all files; told when there is none, or several. */
static struct declared *find_anywhere(struct program *program, const struct node_call *call) {
    struct declared *found = NULL;
    struct diag *told = NULL;
    for (struct declared *d = program->all_declared; d; d = d->next) {
        if (!is_lasting(d) || !str_eq(d->name, call->name))
            continue;
        if (found && !told) {
            told = diag_add(program->diags, DIAG_TEMPLATE_UNKNOWN, call->name_span,
                            "several templates are called `%.*s`", STR_ARG(call->name));
            diag_note_at(program->diags, told, found->span, "one is declared here");
            diag_help(program->diags, told, "say which: itsupc expand %.*s:%.*s",
                      STR_ARG(found->unit->name), STR_ARG(call->name));
        }
        if (found)
            diag_note_at(program->diags, told, d->span, "another one here");
        found = d;
    }
    return told ? NULL : found;
}

void walk_spawn(struct program *program, struct spawn *spawn) {
    struct node_call *call = spawn->call;
    struct declared *declared;
    if (spawn->unit)
        declared = program_find(spawn->unit->scope, DECLARED_TEMPLATE, call->name);
    else
        declared = find_anywhere(program, call);
    if (!declared) {
        bool lost = spawn->unit && program_lost(spawn->unit->scope, call->name);
        if (!lost)
            tell_unknown(program, call);
        return;
    }
    struct walk walk = { .scope = declared->scope, .place = PLACE_FILE, .spawned = true };
    for (struct scope *s = declared->scope; s && !walk.project; s = s->outer)
        walk.project = s->project;
    if (walk.project)
        walk.place = PLACE_PROJECT;
    else
        walk.project = walk_project_of(program, declared->unit);
    walk_call(&walk, declared, call);
    arena_reset(&program->scratch);
    spawn->made = true;
}
