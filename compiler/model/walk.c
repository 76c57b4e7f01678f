/* Through the statements of a file: projects, groups, loops and template instances, down to the
 * routes. */
#include "model/walk.h"

#include "model/domain.h"
#include "model/names.h"
#include "model/template.h"
#include "support/cidr.h"
#include "support/nearest.h"

enum {
    DEEPEST_WALK = 100,
    MOST_STATEMENTS = 4000000, /* that loops and templates repeat */
};

static struct diags *diags_of(const struct walk *walk) {
    return walk->scope->program->diags;
}

/* ---- projects ---- */

static struct project *project_new(struct program *program, struct str name, struct span span) {
    struct project *project = arena_new(program->arena, struct project);
    project->name = name;
    project->span = span;
    if (program->last_project)
        program->last_project->next = project;
    else
        program->model->projects = project;
    program->last_project = project;
    return project;
}

/* The project of that name; made when it is new. Names meet in the form that objects are named
 * after. */
static struct project *project_at(struct program *program, struct str name, struct span span) {
    struct str normal = names_normal(program->arena, name);
    struct project **slot = (struct project **)table_at(&program->projects, normal);
    if (!*slot) {
        *slot = project_new(program, name, span);
    } else if (!str_eq((*slot)->name, name)) {
        struct diag *d =
            diag_add(program->diags, DIAG_NAME_TAKEN, span,
                     "the projects `%.*s` and `%.*s` give their objects the same names",
                     STR_ARG((*slot)->name), STR_ARG(name));
        diag_note_at(program->diags, d, (*slot)->span, "the other one is here");
        diag_effect(program->diags, d,
                    "Traefik would drop objects that two projects define differently");
    }
    return *slot;
}

static bool check_project_name(const struct walk *walk, const struct text *name) {
    struct fault fault = names_check_project(name->s);
    if (fault.error == NAMES_OK)
        return true;
    diag_add(diags_of(walk), DIAG_NAME_SYNTAX, text_span(name, fault.from, fault.to),
             "`%.*s` is no project name: %s", STR_ARG(name->s), names_error_text(fault.error));
    return false;
}

static void check_at(const struct walk *walk, struct project *project, const struct text *host) {
    struct cidr ip;
    struct domain domain;
    struct str canonical = host->s;
    struct fault as_ip = cidr_parse_ip(host->s, &ip);
    if (as_ip.error == CIDR_OK) {
        canonical = cidr_address_text(walk->scope->program->arena, &ip);
    } else if (!text_has_placeholder(host) && !host->sample) {
        struct fault fault = domain_parse(walk->scope->program->arena, host->s, NULL, 0, &domain);
        if (fault.error != DOMAIN_OK || domain.is_wildcard) {
            struct diag *d =
                diag_add(diags_of(walk), DIAG_DOMAIN, text_span(host, fault.from, fault.to),
                         "`%.*s` is no host: %s", STR_ARG(host->s),
                         fault.error == DOMAIN_IP ? cidr_error_text(as_ip.error)
                                                  : domain_error_text(fault.error));
            diag_help(diags_of(walk), d,
                      "write an address or a name: project NAME at 192.168.1.10");
            project->at = STR("192.0.2.1"); /* so that nobody misses it */
            project->at_span = host->span;
            return;
        }
        canonical = domain.name;
    }
    project->at = str_copy(walk->scope->program->arena, canonical);
    project->at_span = host->span;
}

/* `project NAME [at HOST] { … }`, or `project at HOST { … }` in a project's own folder. */
static void walk_project(const struct walk *walk, struct node_setting *setting) {
    struct program *program = walk->scope->program;
    struct diags *diags = program->diags;
    struct node *arg = setting->args.head;
    struct text words[3];
    size_t count = 0;
    for (; arg; arg = arg->next) {
        struct value value = value_of(walk->scope, arg);
        if (count == 3) {
            struct diag *d = diag_add(diags, DIAG_ARGUMENT_UNKNOWN, arg->span,
                                      "a project has a name and a host, nothing more");
            diag_help(diags, d, "write project NAME at HOST { … }");
            return;
        }
        if (!value_text(walk->scope, &value, "a project's name", &words[count++]))
            return;
    }
    bool at_first = count == 2 && str_is(words[0].s, "at") && !words[0].quoted;
    bool at_second = count == 3 && str_is(words[1].s, "at") && !words[1].quoted;
    if (count == 0 || (count == 2 && !at_first) || (count == 3 && !at_second)) {
        struct diag *d = diag_add(diags, DIAG_ARGUMENT_MISSING, setting->name_span,
                                  "a project has a name, and `at` before its host");
        diag_help(diags, d, "write project NAME { … } or project NAME at HOST { … }");
        return;
    }
    if (walk->project && walk->project->span.end && !at_first && walk->scope->outer) {
        struct diag *d = diag_add(diags, DIAG_SETTING_PLACE, setting->name_span,
                                  "a project stands inside another one");
        diag_help(diags, d, "close the outer block first");
        return;
    }
    struct walk inside = *walk;
    if (at_first && !walk->project) {
        struct diag *d =
            diag_add(diags, DIAG_ARGUMENT_MISSING, setting->name_span,
                     "this project has no name: the file stands in no project's folder");
        diag_help(diags, d, "write project NAME at %.*s { … }", STR_ARG(words[1].s));
        return;
    }
    if (!at_first) {
        if (!check_project_name(walk, &words[0]))
            return;
        struct str name = str_copy(program->arena, words[0].s);
        inside.project = project_at(program, name, words[0].span);
        if (inside.project->declared && !walk->sample) {
            struct diag *d = diag_add(diags, DIAG_NAME_TAKEN, words[0].span,
                                      "the project `%.*s` is declared twice", STR_ARG(name));
            diag_note_at(diags, d, inside.project->span, "first declared here");
            diag_help(diags, d, "put all its routes into one block");
        }
        inside.project->declared = true;
        inside.project->span = words[0].span;
    }
    if (count > 1)
        check_at(walk, inside.project, &words[count - 1]);
    if (!setting->block)
        return;
    inside.scope = scope_new(walk->scope);
    inside.scope->project = inside.project;
    inside.place = PLACE_PROJECT;
    program_declare(inside.scope, setting->block->body);
    inside.project->stack = walk->scope->unit->stack;
    walk_body(&inside, setting->block->body);
}

/* ---- instances and loops ---- */

static bool is_too_deep(const struct walk *walk, struct span span) {
    if (walk->depth < DEEPEST_WALK)
        return false;
    diag_add(diags_of(walk), DIAG_EXPANSION, span,
             "templates and loops stand inside each other more than %d deep", DEEPEST_WALK);
    return true;
}

void walk_call(const struct walk *walk, struct declared *declared, struct node_call *call) {
    struct program *program = walk->scope->program;
    declared->used = true;
    for (const struct walk *w = walk; w; w = w->outer)
        if (w->template == declared) {
            struct diag *d =
                diag_add(program->diags, DIAG_TEMPLATE_CYCLE, call->name_span,
                         "the template `%.*s` instantiates itself", STR_ARG(call->name));
            diag_note_at(program->diags, d, declared->span, "declared here");
            return;
        }
    if (is_too_deep(walk, call->base.span) || !program_spend(program, 1, call->base.span))
        return;
    struct walk inside = *walk;
    inside.scope = template_bind(declared, walk->scope, call);
    if (!inside.scope)
        return;
    inside.outer = walk;
    inside.template = declared;
    inside.depth++;
    if (walk->instance.len == 0)
        inside.instance = template_instance_name(inside.scope, declared);
    struct node_template *t = node_template(declared->node);
    program_declare(inside.scope, t->block->body);
    walk_body(&inside, t->block->body);
}

static void walk_instance(const struct walk *walk, struct node_call *call) {
    struct program *program = walk->scope->program;
    struct declared *declared = program_find(walk->scope, DECLARED_TEMPLATE, call->name);
    if (!declared && program_lost(walk->scope, call->name))
        return;
    if (!declared) {
        struct nearest near = { .wanted = call->name, .effort = &program->diags->hints };
        program_offer(walk->scope, DECLARED_TEMPLATE, &near);
        struct diag *d = diag_add(program->diags, DIAG_TEMPLATE_UNKNOWN, call->name_span,
                                  "no template is called `%.*s`", STR_ARG(call->name));
        if (near.best.len)
            diag_suggest(program->diags, d, call->name_span, near.best);
        else
            diag_help(program->diags, d, "declare it: template %.*s(…) { … }", STR_ARG(call->name));
        return;
    }
    walk_call(walk, declared, call);
}

static void walk_item(const struct walk *walk, struct node_for *loop, struct value item) {
    struct walk inside = *walk;
    inside.scope = scope_new(walk->scope);
    inside.depth++;
    struct binding *b = scope_bind(inside.scope, loop->name, loop->name_span);
    b->value = item;
    b->state = BINDING_DONE;
    if (loop->call) {
        walk_instance(&inside, node_call(loop->call));
    } else {
        program_declare(inside.scope, loop->block->body);
        walk_body(&inside, loop->block->body);
    }
}

static struct value number_value(struct arena *a, int64_t number, struct span span) {
    struct value value = { .kind = VALUE_TEXT, .span = span };
    value.text = text_made(str_format(a, "%lld", (long long)number), span);
    return value;
}

static void walk_range(const struct walk *walk, struct node_for *loop, const struct text *text) {
    int64_t low, high;
    if (!range_parse(walk->scope, text, &low, &high))
        return;
    if (walk->sample)
        high = low;
    uint64_t count = (uint64_t)high - (uint64_t)low;
    if (count >= SIZE_MAX || !program_spend(walk->scope->program, (size_t)count + 1, text->span))
        return;
    for (int64_t n = low;; n++) {
        walk_item(walk, loop, number_value(walk->scope->program->arena, n, text->span));
        if (n == high || walk->scope->program->exhausted)
            return;
    }
}

static void walk_for(const struct walk *walk, struct node_for *loop) {
    struct program *program = walk->scope->program;
    if (!program_name_value(program, loop->name, loop->name_span))
        return;
    struct value value = value_of(walk->scope, loop->value);
    if (value.kind == VALUE_BAD || is_too_deep(walk, loop->base.span))
        return;
    if (value.kind == VALUE_TEXT && range_looks_like(value.text.s)) {
        walk_range(walk, loop, &value.text);
        return;
    }
    struct value list = value_as_list(walk->scope, value);
    bool single = value.kind == VALUE_TEXT && list.count == 1 && list.items[0].kind == VALUE_TEXT &&
                  str_eq(list.items[0].text.s, value.text.s);
    if (list.kind == VALUE_BAD)
        return;
    if (value.kind == VALUE_CALL || value.kind == VALUE_ARG || (single && !value.text.sample)) {
        struct diag *d =
            diag_add(program->diags, DIAG_FOR_VALUE, loop->value->span,
                     "`%.*s` is no list to loop over", STR_ARG(value_show(program->arena, &value)));
        diag_help(program->diags, d, "write a list [a, b], a range 1..9, or the name of a list");
        return;
    }
    if (!program_spend(program, list.count, loop->value->span))
        return;
    for (size_t i = 0; i < list.count && !program->exhausted; i++)
        walk_item(walk, loop, list.items[i]);
}

/* ---- statements ---- */

/* What holds for the whole program is said once; defaults once for each mode. */
static bool is_given_twice(const struct walk *walk, const struct setting_list *list,
                           const struct setting *made) {
    bool defaults = made->vocable->id == SETTING_FILE_DEFAULTS;
    if (made->vocable->repeats && !defaults)
        return false;
    for (const struct setting *s = list->head; s; s = s->next) {
        if (s->vocable->id != made->vocable->id ||
            (defaults && !str_eq(setting_word(s, "mode"), setting_word(made, "mode"))))
            continue;
        struct str mode = defaults ? setting_word(made, "mode") : STR("");
        struct diag *d = diag_add(diags_of(walk), DIAG_SETTING_TWICE, made->name_span,
                                  "`%.*s%s%.*s` is given twice", STR_ARG(made->vocable->name),
                                  mode.len ? " " : "", STR_ARG(mode));
        diag_note_at(diags_of(walk), d, s->name_span, "first given here");
        diag_help(diags_of(walk), d, "put all of it into one place");
        return true;
    }
    return false;
}

static void walk_setting(const struct walk *walk, struct node_setting *setting) {
    if (str_is(setting->name, "project")) {
        walk_project(walk, setting);
        return;
    }
    /* A file stands for a project, too: the wrapper may be left out. */
    enum place_kind place = walk->place;
    if (place == PLACE_FILE && !vocable_find(PLACE_FILE, setting->name) &&
        vocable_find(PLACE_PROJECT, setting->name))
        place = PLACE_PROJECT;
    struct setting *made = check_setting(walk->scope, place, MODE_UNKNOWN, &setting->base);
    if (!made || walk->sample)
        return;
    struct setting_list *list =
        place == PLACE_PROJECT ? &walk->project->settings : &walk->scope->program->model->settings;
    if (is_given_twice(walk, list, made))
        return;
    if (made->vocable->id == SETTING_PROJECT_DISABLED)
        walk->project->disabled = true;
    setting_list_append(list, made);
}

static void walk_statement(const struct walk *walk, struct node *node) {
    struct program *program = walk->scope->program;
    if (!program_afford(program, 0, node->span))
        return;
    if (walk->depth && ++program->statements > MOST_STATEMENTS) {
        program_spend(program, SIZE_MAX, node->span);
        return;
    }
    switch ((enum node_kind)node->kind) {
    case NODE_ROUTE: check_route(walk, node_route(node)); return;
    case NODE_SETTING: walk_setting(walk, node_setting(node)); return;
    case NODE_CALL: walk_instance(walk, node_call(node)); return;
    case NODE_FOR: walk_for(walk, node_for(node)); return;
    case NODE_BROKEN:     /* told by the parser; its block's words are not judged */
    case NODE_LET:        /* declared before, and judged where they are used, */
    case NODE_MIDDLEWARE: /* or among the leftovers */
    case NODE_TEMPLATE: return;
    case NODE_WORD:
    case NODE_STRING:
    case NODE_RAW:
    case NODE_HEREDOC:
    case NODE_LIST:
    case NODE_ARG:
    case NODE_BLOCK:
    case NODE_POOL:
    case NODE_TARGET:
    case NODE_PARAM: return;
    }
}

void walk_body(const struct walk *walk, struct nodes body) {
    for (struct node *n = body.head; n && !walk->scope->program->exhausted; n = n->next)
        walk_statement(walk, n);
}

static struct project *unit_project(struct program *program, struct unit *unit) {
    if (unit->project.len == 0)
        return NULL;
    struct project **slot = (struct project **)table_at(
        &program->projects, names_normal(program->arena, unit->project));
    if (*slot && (*slot)->unit && str_eq((*slot)->name, unit->project))
        return *slot;
    struct source *source = unit->ast->source;
    struct span start = { source->base, source->base };
    struct text name = text_made(unit->project, start);
    struct walk walk = { .scope = unit->scope };
    check_project_name(&walk, &name);
    struct project *project = project_at(program, unit->project, start);
    project->unit = unit;
    return project;
}

void walk_enter(struct program *program, struct unit *unit) {
    unit_project(program, unit);
}

struct project *walk_project_of(struct program *program, struct unit *unit) {
    struct project *project = unit_project(program, unit);
    if (project)
        return project;
    /* Routes without a project belong to the compose file beside them. */
    struct str key = { (const char *)&unit->stack, sizeof unit->stack };
    struct project **slot = (struct project **)table_at(&program->nameless, key);
    if (!*slot)
        *slot = project_new(program, STR(""), (struct span){ 0, 0 });
    return *slot;
}

void walk_unit(struct program *program, struct unit *unit) {
    struct walk walk = { .scope = unit->scope, .place = PLACE_FILE };
    walk.project = walk_project_of(program, unit);
    walk.project->stack = unit->stack;
    for (struct node *n = unit->ast->body.head; n && !program->exhausted; n = n->next) {
        walk_statement(&walk, n);
        arena_reset(&program->scratch);
    }
}

/* ---- what nothing used ---- */

/* A project for what is judged but not kept. */
static struct project *loose_project(struct program *program) {
    struct project *project = arena_new(program->arena, struct project);
    project->at = STR("sample");
    return project;
}

static void walk_template_sample(struct declared *declared) {
    struct node_template *t = node_template(declared->node);
    struct walk walk = { .scope = template_bind(declared, declared->scope, NULL),
                         .template = declared,
                         .sample = true,
                         .place = declared->scope->outer || declared->unit->project.len
                                      ? PLACE_PROJECT
                                      : PLACE_FILE };
    if (!walk.scope)
        return;
    walk.project = loose_project(declared->scope->program);
    program_declare(walk.scope, t->block->body);
    walk_body(&walk, t->block->body);
}

void walk_leftovers(struct program *program) {
    if (program->exhausted)
        return;
    for (struct declared *d = program->all_declared; d; d = d->next) {
        if (d->kind == DECLARED_TEMPLATE) {
            template_check(d);
            if (!d->used)
                walk_template_sample(d);
        } else if (d->kind == DECLARED_MIDDLEWARE) {
            check_chain(d);
        }
    }
    for (struct unit *unit = program->units; unit; unit = unit->next)
        for (struct binding *b = unit->scope->bindings; b; b = b->next)
            binding_value(b);
}
