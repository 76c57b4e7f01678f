/* The pages of docs/diagnostics, embedded: what `explain CODE` shows. */
#pragma once

struct diagnostic_page {
    const char *code; /* "E0101" */
    const char *text; /* Markdown */
};

/* Sorted by code; one with a NULL code ends them. */
extern const struct diagnostic_page diagnostic_pages[];
