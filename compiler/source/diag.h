/* What is wrong, where, what it does at run time, and what to type instead. */
#pragma once

#include "source/source.h"

enum diag_level {
    LEVEL_NOTE,
    LEVEL_WARNING,
    LEVEL_ERROR,
};

enum diag_code {
#define CODE(name, code, level, gist) DIAG_##name,
#include "source/codes.def"
#undef CODE
    DIAG_COUNT,
};

struct diag_info {
    struct str code; /* "E0204" */
    enum diag_level level;
    struct str gist; /* a few words, for lists */
};
extern const struct diag_info diag_infos[DIAG_COUNT];

struct diag_note {
    struct diag_note *next;
    struct span span; /* may be "no place" */
    struct str message;
};

struct diag_edit {
    struct diag_edit *next;
    struct span span;
    struct str text; /* what stands there afterwards */
};

struct diag_fix {
    struct diag_fix *next;
    struct str title;
    struct diag_edit *edits, *last_edit;
    bool safe; /* keeps the meaning, or cannot be meant otherwise: `--fix` applies it */
};

struct diag {
    struct diag *next;
    enum diag_code code;
    enum diag_level level;
    struct span span;
    struct str message; /* one plain sentence, no full stop */
    struct str effect;  /* what happens at run time; may be empty */
    struct str help;    /* the words to type; may be empty */
    struct diag_note *notes, *last_note;
    struct diag_fix *fixes, *last_fix;
};

/* One code of a comment `# itsup: allow(R010, X002) reason`: it silences on the comment's line and
   on the next one. */
struct diag_allow {
    struct diag_allow *next;
    struct span span; /* of the code */
    struct str code;
    bool used;
};

/* A finding of another session, in the form of text. */
struct diag_told {
    struct diag_told *next;
    enum diag_level level;
    size_t number;
    struct str file, text;
};

enum { MOST_FINDINGS = 100000 };

struct diags {
    struct arena *arena;
    struct sources *sources;
    struct diag *first, *last,
        *last_sorted; /* by diags_finish; what is added later stands behind */
    size_t count;
    bool full; /* collecting stopped at the limit, MOST_FINDINGS */
    struct diag_allow *allows, *last_allow;
    struct table *reach;            /* where each allow comment holds; see diag.c */
    size_t errors, warnings, notes; /* so far; after diags_finish of what will be shown */
    struct table *seen;
    size_t looks;                             /* findings passed by diags_told */
    struct diag_told *first_told, *last_told; /* by file; the first of each level … */
    size_t told[3];                           /* … of so many */
    size_t hints; /* letters compared so far to suggest names; see nearest.h */
};

/* Adds a finding; the same code at the same span (without a place: with the same message) is kept
   once. NULL when it was known already or the list is full: the functions below take that silently.
 */
struct diag *diag_add(struct diags *diags, enum diag_code code, struct span span,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));
void diag_effect(struct diags *diags, struct diag *d, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void diag_help(struct diags *diags, struct diag *d, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void diag_note_at(struct diags *diags, struct diag *d, struct span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
struct diag_fix *diag_fix_new(struct diags *diags, struct diag *d, bool safe, const char *format,
                              ...) __attribute__((format(printf, 4, 5)));
void diag_fix_edit(struct diags *diags, struct diag_fix *fix, struct span span, struct str text);

/* One call for the commonest case: replace what stands at `span` by `text`. */
void diag_fix_replace(struct diags *diags, struct diag *d, bool safe, struct span span,
                      struct str text);

/* Was an error told inside the span? Not looked for any more after a million findings passed. */
bool diags_told(struct diags *diags, struct span span);

/* Another level than its code has, where the surroundings make it more or less. */
void diag_level(struct diags *diags, struct diag *d, enum diag_level level);

/* Says "did you mean `best`?" with a fix, when there is a best. */
void diag_suggest(struct diags *diags, struct diag *d, struct span span, struct str best);

/* Looks for `itsup: allow(…)` in a comment (its span begins at the `#`) and remembers it. Call it
   for comments alone: the same text in a string silences nothing. */
void diag_allow_comment(struct diags *diags, struct span comment);

bool diag_code_find(struct str code, enum diag_code *out);

struct diag_levels {
    bool deny_warnings;
    const bool *deny;  /* by code: raise to error; may be NULL */
    const bool *allow; /* by code: drop; only lints can be */
    bool partial;      /* not every lint ran: a suppression that silenced nothing may be needed */
};

/* The errors so far that nothing silences: whether it makes sense to go on. */
size_t diags_errors_left(struct diags *diags, const struct diag_levels *levels);

/* Applies suppressions and levels, reports unused ones, sorts by file, line and column. Call it
 * once. `levels` may be NULL. */
void diags_finish(struct diags *diags, const struct diag_levels *levels);
