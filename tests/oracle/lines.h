/* Cases for the oracles: one per line, in hexadecimal, so that any byte can be part of one. */
#pragma once

#include "support/str.h"

#include <stdio.h>
#include <stdlib.h>

static inline int hex_digit(char c) {
    return char_is_digit(c) ? c - '0' : c - 'a' + 10;
}

/* Reads one line and decodes it in place; false at the end of the input. */
static inline bool read_case(char **line, size_t *room, struct str *out) {
    ssize_t len = getline(line, room, stdin);
    if (len < 0)
        return false;
    size_t n = 0;
    for (ssize_t i = 0; i + 1 < len; i += 2)
        (*line)[n++] = (char)(hex_digit((*line)[i]) << 4 | hex_digit((*line)[i + 1]));
    *out = (struct str){ *line, n };
    return true;
}
