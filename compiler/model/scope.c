/* Names and what they stand for, seen from one place of one file. */
#include "model/scope.h"

#include "model/program.h"
#include "support/nearest.h"

enum { DEEPEST_VALUE = 200, MANY_BINDINGS = 8 };

struct arena *scope_arena(const struct scope *scope) {
    return scope->program->arena;
}

struct arena *scope_scratch(const struct scope *scope) {
    /* A let's value is kept for the statements that come later. */
    return scope->program->depth ? scope->program->arena : &scope->program->scratch;
}

struct diags *scope_diags(const struct scope *scope) {
    return scope->program->diags;
}

struct scope *scope_new(struct scope *outer) {
    struct scope *scope = arena_new(outer->program->arena, struct scope);
    scope->outer = outer;
    scope->unit = outer->unit;
    scope->program = outer->program;
    return scope;
}

static struct binding *own_binding(const struct scope *scope, struct str name) {
    if (scope->index)
        return table_get(scope->index, name);
    for (struct binding *b = scope->bindings; b; b = b->next)
        if (str_eq(b->name, name))
            return b;
    return NULL;
}

struct binding *scope_bind(struct scope *scope, struct str name, struct span span) {
    struct binding *binding = arena_new(scope->program->arena, struct binding);
    binding->name = name;
    binding->span = span;
    binding->scope = scope;
    binding->next = scope->bindings;
    scope->bindings = binding;
    scope->binding_count++;
    if (!scope->index && scope->binding_count > MANY_BINDINGS) {
        scope->index = arena_new(scope->program->arena, struct table);
        scope->index->arena = scope->program->arena;
        for (struct binding *b = scope->bindings; b; b = b->next)
            *table_at(scope->index, b->name) = b;
    } else if (scope->index) {
        *table_at(scope->index, name) = binding;
    }
    return binding;
}

static struct binding *unit_binding(const struct unit *unit, struct str name) {
    struct binding *binding = own_binding(unit->scope, name);
    for (struct import *i = unit->imports; i && !binding; i = i->next)
        if (i->alias.len == 0)
            binding = own_binding(i->unit->scope, name);
    return binding;
}

struct binding *scope_find(struct scope *scope, struct str name) {
    for (struct scope *s = scope; s->outer; s = s->outer) {
        struct binding *binding = own_binding(s, name);
        if (binding)
            return binding;
    }
    struct unit *unit = scope->unit;
    size_t dot = str_find(name, '.');
    if (dot != STR_NONE) {
        struct str alias = str_slice(name, 0, dot);
        for (struct import *i = unit->imports; i; i = i->next)
            if (i->alias.len && str_eq(i->alias, alias))
                return i->unit ? unit_binding(i->unit, str_from(name, dot + 1)) : NULL;
    }
    struct binding *binding = unit_binding(unit, name);
    return binding ? binding : table_get(&scope->program->shared, name);
}

struct value binding_value(struct binding *binding) {
    if (binding->state == BINDING_DONE)
        return binding->value;
    struct program *program = binding->scope->program;
    if (binding->state == BINDING_BUSY) {
        struct diag *d = diag_add(program->diags, DIAG_LET_CYCLE, binding->span,
                                  "`%.*s` contains itself", STR_ARG(binding->name));
        diag_help(program->diags, d, "write one of the values out");
        binding->state = BINDING_DONE;
        binding->value = (struct value){ .kind = VALUE_BAD, .span = binding->span };
        return binding->value;
    }
    if (program->depth == DEEPEST_VALUE) {
        struct diag *d = diag_add(program->diags, DIAG_EXPANSION, binding->span,
                                  "values refer to each other more than %d deep", DEEPEST_VALUE);
        diag_help(program->diags, d, "write the innermost value out");
        return (struct value){ .kind = VALUE_BAD, .span = binding->span };
    }
    binding->state = BINDING_BUSY;
    program->depth++;
    struct value value = value_of(binding->scope, binding->node);
    program->depth--;
    if (binding->state == BINDING_BUSY) /* else a circle was told on the way */
        binding->value = value;
    binding->state = BINDING_DONE;
    return binding->value;
}

void scope_offer_names(struct scope *scope, struct nearest *near) {
    for (struct scope *s = scope; s; s = s->outer)
        for (struct binding *b = s->bindings; b && nearest_spend(near, 0); b = b->next)
            nearest_offer(near, b->name);
    for (struct import *i = scope->unit->imports; i; i = i->next)
        for (struct binding *b = i->unit ? i->unit->scope->bindings : NULL;
             b && nearest_spend(near, 0); b = b->next)
            nearest_offer(near, i->alias.len == 0
                                    ? b->name
                                    : str_format(scope->program->arena, "%.*s.%.*s",
                                                 STR_ARG(i->alias), STR_ARG(b->name)));
    for (struct binding *b = scope->program->shared_list; b && nearest_spend(near, 0);
         b = b->next_shared)
        nearest_offer(near, b->name);
}
