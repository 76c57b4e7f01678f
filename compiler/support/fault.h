/* What a value parser found wrong, and where inside the text it was given. */
#pragma once

#include <stddef.h>

/* `error` is 0 when nothing is wrong, else a constant of the type's own list. */
struct fault {
    int error;
    size_t from, to; /* bytes [from, to) of the text */
};

static inline struct fault fault_none(void) {
    return (struct fault){ 0, 0, 0 };
}
static inline struct fault fault_at(int error, size_t from, size_t to) {
    return (struct fault){ error, from, to };
}
/* The same fault, seen from a text that begins `by` bytes earlier. */
static inline struct fault fault_moved(struct fault f, size_t by) {
    return (struct fault){ f.error, f.from + by, f.to + by };
}

/* A type's errors are one list X(NAME, "what is wrong") from which enum and phrases are made. */
#define FAULT_NAME(name, text)   name,
#define FAULT_PHRASE(name, text) text,
