/* Values with a unit: durations, rates, sizes, percentages. */
#pragma once

#include "support/fault.h"
#include "support/str.h"

#define UNITS_ERRORS(X)                                                                            \
    X(UNITS_OK, "nothing is wrong")                                                                \
    X(UNITS_EMPTY, "the value is missing")                                                         \
    X(UNITS_NOT_NUMBER, "a number is expected here")                                               \
    X(UNITS_NEGATIVE, "the value may not be negative")                                             \
    X(UNITS_FRACTION, "only whole numbers; write a smaller unit")                                  \
    X(UNITS_DURATION_BARE, "a unit is missing; write 30s")                                         \
    X(UNITS_DURATION_UNIT, "a duration's unit is ms, s, m, h, d, w or y")                          \
    X(UNITS_DURATION_TWICE, "each unit may stand once")                                            \
    X(UNITS_DURATION_ORDER, "units stand from the largest to the smallest, such as 1m30s")         \
    X(UNITS_RATE_BARE, "a period is missing; write 100/s")                                         \
    X(UNITS_RATE_PERIOD, "a rate is per s, m or h, such as 6/m")                                   \
    X(UNITS_RATE_ZERO, "a rate is at least 1")                                                     \
    X(UNITS_SIZE_BARE, "a unit is missing; write 10MiB")                                           \
    X(UNITS_SIZE_UNIT, "a size's unit is B, KiB, MiB, GiB, kB, MB or GB")                          \
    X(UNITS_PERCENT_BARE, "the percent sign is missing; write 5%")                                 \
    X(UNITS_PERCENT_RANGE, "a percentage lies within 1%-100%")                                     \
    X(UNITS_TOO_LARGE, "the value is too large")

enum units_error { UNITS_ERRORS(FAULT_NAME) };

struct duration {
    int64_t nanoseconds; /* what Go's time.Duration holds */
};
struct rate {
    uint64_t average;
    int64_t period; /* seconds: 1, 60 or 3600 */
};

struct fault duration_parse(struct str text, struct duration *out);
struct str duration_text(struct arena *a, struct duration d); /* for Traefik: "1m30s", "0s" */
bool duration_seconds(struct duration d, uint64_t *out);      /* false unless whole */
struct fault rate_parse(struct str text, struct rate *out);   /* "100/s", "6/m", "10/h" */
struct fault size_parse(struct str text, uint64_t *bytes);    /* "10MiB" */
struct fault percent_parse(struct str text, unsigned *out);   /* "5%": 5 */
const char *units_error_text(int error);
