/* Middlewares: the table of short forms, and how calls become options. */
#pragma once

#include "model/types.h"
#include "options/options.h"

struct short_form {
    struct str name, http, tcp;
    struct str by_position, words; /* see middlewares.def */
    struct str example, gist;
};
extern const struct short_form short_forms[];
extern const size_t short_form_count;
const struct short_form *short_form_find(struct str name);

/* A call while it is judged. */
struct mw_call {
    struct scope *scope;
    const struct value *value;       /* CALL, or TEXT for a bare name */
    const struct short_form *form;   /* NULL for a kind under its own name */
    const struct option *http, *tcp; /* the kind's nodes of the option table; either may be NULL */
    struct mw *mw;
    struct mw_option **tail;
    size_t option_count;
    bool bad;
};

/* Fills `mw` from the call's arguments. */
void mw_call_read(struct mw_call *c);
/* The arguments of `plugin(NAME, …)`. */
void mw_call_read_plugin(struct mw_call *c);
/* The path and value of "word=path:value" in a form's words; false when the word is not there. */
bool short_form_word(const struct short_form *form, struct str word, struct str *path,
                     struct str *flag);
/* Everything that may be called by a name in a chain. */
void middleware_offer(struct scope *scope, struct nearest *near);
/* Of either layer, by the name in kebab-case or camelCase. */
const struct option *middleware_kind(enum option_layer layer, struct str name);
