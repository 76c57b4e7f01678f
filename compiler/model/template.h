/* Templates: parameters with types, and the values that an instance gives them. */
#pragma once

#include "model/program.h"

/* A new scope with the template's parameters bound: to the call's arguments, to defaults, or to
   stand-ins when `call` is NULL. NULL when something was told to be wrong. */
struct scope *template_bind(struct declared *declared, struct scope *caller,
                            struct node_call *call);
/* Judges the declaration itself: types, ranges, defaults. */
void template_check(struct declared *declared);
/* "preview(project=12)", for messages. */
struct str template_instance_name(struct scope *bound, struct declared *declared);

/* `A..B` as whole numbers; false (told) when it does not read or holds nothing. */
bool range_parse(struct scope *scope, const struct text *text, int64_t *low, int64_t *high);
bool range_looks_like(struct str text);
