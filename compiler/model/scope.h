/* Names and what they stand for, seen from one place of one file. */
#pragma once

#include "model/value.h"
#include "support/table.h"

struct program;
struct unit;

/* `let NAME = VALUE`, a template's parameter or a loop's variable. */
struct binding {
    struct binding *next;
    struct binding *next_shared; /* among the names that every file of the program sees */
    struct str name;
    struct span span;
    struct node *node;   /* a let's value, evaluated when first asked for */
    struct scope *scope; /* where that value is read */
    struct value value;
    enum { BINDING_NEW, BINDING_BUSY, BINDING_DONE } state;
    bool used;
    bool open; /* its list is being laid out */
};

struct scope {
    struct scope *outer; /* NULL for a file's own scope */
    struct unit *unit;   /* the file */
    struct program *program;
    struct binding *bindings;
    size_t binding_count;
    struct table *index;     /* of bindings, when there are many */
    struct table declared;   /* middlewares, templates …: see program.h */
    struct table lost;       /* names that a broken statement was to declare */
    struct project *project; /* whose block it is, or NULL */
};

/* Everything of one check run; see program.h for what it holds. */
struct arena *scope_arena(const struct scope *scope);
/* For what is needed only while the statement at hand is read; inside a `let` it is the arena. */
struct arena *scope_scratch(const struct scope *scope);
struct diags *scope_diags(const struct scope *scope);

struct scope *scope_new(struct scope *outer);
struct binding *scope_bind(struct scope *scope, struct str name, struct span span);
/* The binding of a plain or dotted name (`sso.domain`), or NULL; nothing is told. */
struct binding *scope_find(struct scope *scope, struct str name);
/* The binding's value; evaluated now if it never was. A circle is told once and gives VALUE_BAD. */
struct value binding_value(struct binding *binding);
/* Offers every name that could stand in `{…}` here. */
struct nearest;
void scope_offer_names(struct scope *scope, struct nearest *near);
