/* How single values are judged: one function per row of types.def, and what they share. */
#pragma once

#include "model/check.h"
#include "support/nearest.h"

struct type_check {
    struct scope *scope;
    enum type_kind type;
    const struct text *text;
    struct text *out; /* a copy of the text in the compilation's arena, to be made canonical */
};

#define TYPE(name, word, check, opacity, expected, gist)                                           \
    bool type_check_##check(struct type_check *c);
#include "model/types.def"
#undef TYPE

/* Tells that the bytes [from, to) are wrong, unless the text stands in for another one; the whole
   text when from = to. */
struct diag *type_tell(struct type_check *c, enum diag_code code, size_t from, size_t to,
                       const char *format, ...) __attribute__((format(printf, 5, 6)));
/* "`x` is no duration: why"; false, or true for a stand-in. */
bool type_refuse(struct type_check *c, enum diag_code code, struct fault fault, const char *what,
                 const char *why);
/* The same with other words to type, offered as a fix. */
bool type_refuse_for(struct type_check *c, enum diag_code code, struct fault fault,
                     const char *what, const char *why, bool safe, struct str instead);
/* True when the type may take the text as it stands (a stand-in), false when it was told. */
bool type_end(const struct type_check *c);

/* A text in the compilation's arena, with its way back to the source. */
struct text text_keep(struct arena *a, const struct text *text);
/* A text as messages quote it: at most 60 bytes. */
struct str text_quote(struct arena *a, struct str s);
/* The Traefik providers that `NAME@provider` may mean. */
bool provider_is_known(struct str name);
void provider_offer(struct nearest *near);
