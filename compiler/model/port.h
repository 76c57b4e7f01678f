/* Ports: 1-65535, in the one spelling that every tool reads alike. */
#pragma once

#include "support/fault.h"
#include "support/str.h"

#define PORT_ERRORS(X)                                                                             \
    X(PORT_OK, "nothing is wrong")                                                                 \
    X(PORT_EMPTY, "the port is missing")                                                           \
    X(PORT_NOT_NUMBER, "a port is a number")                                                       \
    X(PORT_RANGE, "a port lies within 1-65535")                                                    \
    X(PORT_LEADING_ZERO, "a port is written without leading zeros")

enum port_error { PORT_ERRORS(FAULT_NAME) };

struct fault port_parse(struct str text, uint16_t *port);
const char *port_error_text(int error);
