/* Names of projects, objects, entry points and middlewares. */
#pragma once

#include "support/fault.h"
#include "support/str.h"

#define NAMES_MAX 63

#define NAMES_ERRORS(X)                                                                            \
    X(NAMES_OK, "nothing is wrong")                                                                \
    X(NAMES_EMPTY, "the name is empty")                                                            \
    X(NAMES_TOO_LONG, "a name may have at most 63 characters")                                     \
    X(NAMES_CHARACTER, "a name holds only letters, digits, - and _")                               \
    X(NAMES_START, "the name of a value begins with a letter or _, so that {NAME} is read")        \
    X(NAMES_PROJECT_CHARACTER,                                                                     \
      "a project's name holds only letters, digits, -, _ and single dots")                         \
    X(NAMES_DOT_END, "a dot may stand only inside a name")                                         \
    X(NAMES_DOTS, "dots in a name stand one by one")

enum names_error { NAMES_ERRORS(FAULT_NAME) };

struct fault names_check_project(struct str text);   /* single dots inside are legal */
struct fault names_check_object(struct str text);    /* entry points, middlewares, resolvers */
struct fault names_check_value(struct str text);     /* of a let, a parameter, a loop's variable */
struct fault names_check_qualified(struct str text); /* object names joined by dots: `sso.guard` */

/* As it stands in names of Traefik objects: dots become dashes, upper case lower case. */
struct str names_normal(struct arena *a, struct str name);
const char *names_error_text(int error);
