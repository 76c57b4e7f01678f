/* The ordered list of diagnostics: adding, suppressing, sorting. */
#include "source/diag.h"

#include "support/buf.h"
#include "support/nearest.h"
#include "support/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const struct diag_info diag_infos[DIAG_COUNT] = {
#define CODE(name, code, level, gist)                                                              \
    [DIAG_##name] = { { code, sizeof code - 1 }, LEVEL_##level, { gist, sizeof gist - 1 } },
#include "source/codes.def"
#undef CODE
};

bool diag_code_find(struct str code, enum diag_code *out) {
    for (int i = 0; i < DIAG_COUNT; i++)
        if (str_eq(diag_infos[i].code, code)) {
            *out = (enum diag_code)i;
            return true;
        }
    return false;
}

__attribute__((format(printf, 2, 0))) static struct str format_text(struct arena *arena,
                                                                    const char *format,
                                                                    va_list args) {
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    size_t size = len > 0 ? (size_t)len : 0;
    char *at = arena_alloc(arena, size + 1);
    vsnprintf(at, size + 1, format, again);
    va_end(again);
    return (struct str){ at, size };
}

#define FORMAT_ARGS(arena, out)                                                                    \
    do {                                                                                           \
        va_list args_;                                                                             \
        va_start(args_, format);                                                                   \
        (out) = format_text((arena), format, args_);                                               \
        va_end(args_);                                                                             \
    } while (0)

/* Whether this was told before: a loop or a template reads one line many times. What has no place
   is told apart by its words. */
static bool told_before(struct diags *diags, enum diag_code code, struct span span,
                        struct str message) {
    if (!diags->seen) {
        diags->seen = arena_new(diags->arena, struct table);
        diags->seen->arena = diags->arena;
    }
    uint32_t place[3] = { (uint32_t)code, span.start, span.end };
    struct str probe = { (const char *)place, sizeof place };
    if (span_is_none(span))
        probe = str_format(diags->arena, "%d %.*s", (int)code, STR_ARG(message));
    if (table_get(diags->seen, probe))
        return true;
    *table_at(diags->seen, str_copy(diags->arena, probe)) = diags;
    return false;
}

static void count_level(struct diags *diags, enum diag_level level, size_t by) {
    size_t *counts[] = { [LEVEL_ERROR] = &diags->errors,
                         [LEVEL_WARNING] = &diags->warnings,
                         [LEVEL_NOTE] = &diags->notes };
    *counts[level] += by;
}

void diag_level(struct diags *diags, struct diag *d, enum diag_level level) {
    if (!d)
        return;
    count_level(diags, d->level, (size_t)-1);
    count_level(diags, d->level = level, 1);
}

static struct diag *append(struct diags *diags, enum diag_code code, struct span span) {
    struct diag *d = arena_new(diags->arena, struct diag);
    d->code = code;
    d->level = diag_infos[code].level;
    d->span = span;
    if (diags->last)
        diags->last->next = d;
    else
        diags->first = d;
    diags->last = d;
    diags->count++;
    count_level(diags, d->level, 1);
    return d;
}

struct diag *diag_add(struct diags *diags, enum diag_code code, struct span span,
                      const char *format, ...) {
    struct str message = { 0 };
    if (diags->full)
        return NULL;
    if (span_is_none(span))
        FORMAT_ARGS(diags->arena, message);
    if (told_before(diags, code, span, message))
        return NULL;
    struct diag *d = append(diags, code, span);
    if (!span_is_none(span))
        FORMAT_ARGS(diags->arena, message);
    d->message = message;
    diags->full = diags->count == MOST_FINDINGS;
    return d;
}

void diag_effect(struct diags *diags, struct diag *d, const char *format, ...) {
    if (d)
        FORMAT_ARGS(diags->arena, d->effect);
}

void diag_help(struct diags *diags, struct diag *d, const char *format, ...) {
    if (d)
        FORMAT_ARGS(diags->arena, d->help);
}

void diag_note_at(struct diags *diags, struct diag *d, struct span span, const char *format, ...) {
    if (!d)
        return;
    struct diag_note *note = arena_new(diags->arena, struct diag_note);
    note->span = span;
    FORMAT_ARGS(diags->arena, note->message);
    if (d->last_note)
        d->last_note->next = note;
    else
        d->notes = note;
    d->last_note = note;
}

struct diag_fix *diag_fix_new(struct diags *diags, struct diag *d, bool safe, const char *format,
                              ...) {
    const struct source *source =
        d && !span_is_none(d->span) ? source_at(diags->sources, d->span.start) : NULL;
    if (!d || (source && source->is_line))
        return NULL;
    struct diag_fix *fix = arena_new(diags->arena, struct diag_fix);
    fix->safe = safe;
    FORMAT_ARGS(diags->arena, fix->title);
    if (d->last_fix)
        d->last_fix->next = fix;
    else
        d->fixes = fix;
    d->last_fix = fix;
    return fix;
}

/* What is a text only between quotes keeps them: YAML can do without, TOML cannot. */
static struct span inside_quotes(const struct diags *diags, struct span span, struct str text) {
    const struct source *source = source_at(diags->sources, span.start);
    struct str old = source_text(diags->sources, span);
    bool strict = source && str_ends(source->name, STR(".toml"));
    char quote = old.len > 1 ? old.at[0] : 0;
    if (!strict || (quote != '"' && quote != '\'') || old.at[old.len - 1] != quote || !text.len ||
        text.at[0] == quote)
        return span;
    return (struct span){ span.start + 1, span.end - 1 };
}

void diag_fix_edit(struct diags *diags, struct diag_fix *fix, struct span span, struct str text) {
    if (!fix)
        return;
    span = inside_quotes(diags, span, text);
    struct diag_edit *edit = arena_new(diags->arena, struct diag_edit);
    edit->span = span;
    edit->text = str_copy(diags->arena, text);
    if (fix->last_edit)
        fix->last_edit->next = edit;
    else
        fix->edits = edit;
    fix->last_edit = edit;
}

void diag_fix_replace(struct diags *diags, struct diag *d, bool safe, struct span span,
                      struct str text) {
    struct diag_fix *fix = text.len ? diag_fix_new(diags, d, safe, "write `%.*s`", STR_ARG(text))
                                    : diag_fix_new(diags, d, safe, "remove it");
    diag_fix_edit(diags, fix, span, text);
}

static bool digits_differ(struct str a, struct str b) {
    for (size_t i = 0, j = 0;; i++, j++) {
        while (i < a.len && !char_is_digit(a.at[i]))
            i++;
        while (j < b.len && !char_is_digit(b.at[j]))
            j++;
        if (i == a.len || j == b.len)
            return i != a.len || j != b.len;
        if (a.at[i] != b.at[j])
            return true;
    }
}

/* One slip of a finger in a word long enough to be known by the rest. `bd` may be anything, and
   `web4` is another thing than `web1`. */
static bool is_slip(struct str written, struct str meant) {
    enum { SHORTEST = 4 };
    return written.len >= SHORTEST && meant.len >= SHORTEST &&
           nearest_distance(written, meant, 1) <= 1 && !digits_differ(written, meant);
}

void diag_suggest(struct diags *diags, struct diag *d, struct span span, struct str best) {
    if (best.len == 0)
        return;
    diag_help(diags, d, "did you mean `%.*s`?", STR_ARG(best));
    span = inside_quotes(diags, span, best);
    diag_fix_replace(diags, d, is_slip(source_text(diags->sources, span), best), span, best);
}

/* ---- suppressions ---- */

static bool is_lint(enum diag_code code) {
    return diag_infos[code].code.at[0] != 'E';
}

/* Where an allow holds: the key of the table that finds it from a finding. */
struct reach {
    uint32_t file; /* its base */
    uint32_t line;
    uint32_t code;
};

static struct diag_allow **reach_at(struct diags *diags, struct reach reach, bool make) {
    struct str key = { (const char *)&reach, sizeof reach };
    if (!diags->reach) {
        diags->reach = arena_new(diags->arena, struct table);
        diags->reach->arena = diags->arena;
    }
    if (!table_get(diags->reach, key)) {
        if (!make)
            return NULL;
        key = str_copy(diags->arena, key);
    }
    return (struct diag_allow **)table_at(diags->reach, key);
}

static struct reach reach_of(struct diags *diags, struct span span, enum diag_code code) {
    struct source *source = source_at(diags->sources, span.start);
    return (struct reach){ .file = source ? source->base : 0,
                           .line = (uint32_t)source_line_at(diags->sources, span.start),
                           .code = (uint32_t)code };
}

static void allow_add(struct diags *diags, struct span span, struct str code) {
    enum diag_code known;
    struct diag_allow *allow = arena_new(diags->arena, struct diag_allow);
    allow->span = span;
    allow->code = code;
    if (diag_code_find(code, &known) && is_lint(known)) {
        struct diag_allow **first = reach_at(diags, reach_of(diags, span, known), true);
        if (*first && (*first)->span.start == span.start)
            return; /* the file was read twice */
        if (!*first)
            *first = allow;
    }
    if (diags->last_allow)
        diags->last_allow->next = allow;
    else
        diags->allows = allow;
    diags->last_allow = allow;
}

static bool parts_codes(char c) {
    return c == ',' || c == ' ' || c == '\t';
}

/* The codes in `text`, which stands at `span`. */
static size_t allow_codes(struct diags *diags, struct span span, struct str text) {
    size_t count = 0;
    for (size_t from = 0; from < text.len;) {
        size_t to = from;
        while (to < text.len && !parts_codes(text.at[to]))
            to++;
        if (to > from) {
            allow_add(diags, span_slice(span, from, to), str_slice(text, from, to));
            count++;
        }
        from = to + 1;
    }
    return count;
}

static size_t skip_blanks(struct str text, size_t at) {
    while (at < text.len && (text.at[at] == ' ' || text.at[at] == '\t'))
        at++;
    return at;
}

void diag_allow_comment(struct diags *diags, struct span comment) {
    static const struct str mark = { "itsup:", 6 }, word = { "allow", 5 };
    struct str text = source_text(diags->sources, comment);
    size_t at = 0;
    while (at < text.len && text.at[at] == '#')
        at++;
    at = skip_blanks(text, at);
    if (!str_starts(str_from(text, at), mark))
        return;
    at = skip_blanks(text, at + mark.len);
    size_t allow = at;
    if (!str_starts(str_from(text, at), word))
        return;
    at += word.len;
    if (at < text.len && char_is_alnum(text.at[at]))
        return; /* prose: "itsup: allowed here" */
    at = skip_blanks(text, at);
    size_t end = str_find(text, ')');
    bool listed = at < text.len && text.at[at] == '(' && end != STR_NONE;
    if (listed &&
        allow_codes(diags, span_slice(comment, at + 1, end), str_slice(text, at + 1, end)))
        return;
    struct diag *d = diag_add(diags, DIAG_ALLOW_UNKNOWN, span_slice(comment, allow, text.len),
                              "a suppression that names no code in parentheses");
    diag_help(diags, d, "write `# itsup: allow(R010) reason`");
}

static bool is_silenced(struct diags *diags, const struct diag *d) {
    if (!is_lint(d->code) || !diags->reach || span_is_none(d->span))
        return false;
    struct reach reach = reach_of(diags, d->span, d->code);
    struct diag_allow **allow = reach_at(diags, reach, false);
    if (!allow) {
        reach.line--;
        allow = reach_at(diags, reach, false);
    }
    if (allow)
        (*allow)->used = true;
    return allow;
}

static void report_unknown(struct diags *diags, const struct diag_allow *allow) {
    struct str best = { 0 };
    for (int code = 0; code < DIAG_COUNT; code++)
        if (str_eq_nocase(diag_infos[code].code, allow->code))
            best = diag_infos[code].code;
    struct diag *d = diag_add(diags, DIAG_ALLOW_UNKNOWN, allow->span,
                              "no diagnostic is called `%.*s`", STR_ARG(allow->code));
    if (best.len)
        diag_suggest(diags, d, allow->span, best);
    else
        diag_help(diags, d, "`itsupc explain` lists all codes");
}

static void report_unused(struct diags *diags, bool partial) {
    for (struct diag_allow *allow = diags->allows; allow; allow = allow->next) {
        enum diag_code code;
        if (allow->used)
            continue;
        if (!diag_code_find(allow->code, &code)) {
            report_unknown(diags, allow);
        } else if (!is_lint(code)) {
            struct diag *d = diag_add(diags, DIAG_ALLOW_UNKNOWN, allow->span,
                                      "%.*s cannot be silenced", STR_ARG(allow->code));
            diag_help(diags, d, "only the lints (R, C and X codes) can; mend the line instead");
        } else if (!partial) {
            struct diag *d =
                diag_add(diags, DIAG_ALLOW_UNUSED, allow->span,
                         "%.*s silences nothing on this line or the next", STR_ARG(allow->code));
            diag_help(diags, d, "delete the suppression");
        }
    }
}

/* ---- order ---- */

/* What the order needs, worked out once per finding rather than once per comparison. */
struct ranked {
    struct diag *diag;
    struct str file; /* empty for "no place", which comes first */
    size_t added;    /* the last resort, as qsort keeps no order of its own */
};

static int by_place(const void *a, const void *b) {
    const struct ranked *x = a, *y = b;
    struct span s = x->diag->span, t = y->diag->span;
    int order = str_cmp(x->file, y->file);
    if (order)
        return order;
    if (s.start != t.start)
        return s.start < t.start ? -1 : 1;
    if (s.end != t.end)
        return s.end < t.end ? -1 : 1;
    order = str_cmp(diag_infos[x->diag->code].code, diag_infos[y->diag->code].code);
    if (order == 0)
        order = str_cmp(x->diag->message, y->diag->message);
    return order ? order : (x->added > y->added) - (x->added < y->added);
}

static void sort(struct diags *diags) {
    struct ranked *list = arena_array(diags->arena, struct ranked, diags->count);
    size_t n = 0;
    for (struct diag *d = diags->first; d; d = d->next) {
        struct source *source = source_at(diags->sources, d->span.start);
        list[n] = (struct ranked){ d, source ? source->name : STR(""), n };
        n++;
    }
    qsort(list, n, sizeof *list, by_place);
    for (size_t i = 0; i < n; i++)
        list[i].diag->next = i + 1 < n ? list[i + 1].diag : NULL;
    diags->first = list[0].diag;
    diags->last = list[n - 1].diag;
}

static void count_again(struct diags *diags) {
    const size_t *told = diags->told;
    diags->notes = told[LEVEL_NOTE];
    diags->warnings = told[LEVEL_WARNING];
    diags->errors = told[LEVEL_ERROR];
    diags->count = diags->notes + diags->warnings + diags->errors;
    for (struct diag *d = diags->first; d; d = d->next) {
        diags->count++;
        count_level(diags, d->level, 1);
    }
}

static bool is_dropped(struct diags *diags, const struct diag *d,
                       const struct diag_levels *levels) {
    bool dropped = levels && levels->allow && levels->allow[d->code] && is_lint(d->code);
    return is_silenced(diags, d) || dropped;
}

size_t diags_errors_left(struct diags *diags, const struct diag_levels *levels) {
    size_t errors = 0;
    for (struct diag *d = diags->first; d && diags->count; d = d->next)
        errors += d->level == LEVEL_ERROR && !is_dropped(diags, d, levels);
    return errors;
}

bool diags_told(struct diags *diags, struct span span) {
    enum { MOST_LOOKS = 1000000 };
    for (const struct diag *d = diags->first; d && diags->looks < MOST_LOOKS; d = d->next) {
        diags->looks++;
        if (d->level == LEVEL_ERROR && d->span.start >= span.start && d->span.end <= span.end &&
            d->span.start < d->span.end)
            return true;
    }
    return false;
}

/* What the call did not say, and holds for all findings of the code. */
static void complete(struct diag *d) {
    static const struct {
        struct str effect, help;
    } said[DIAG_COUNT] = {
#define SAYS(name, effect, help)                                                                   \
    [DIAG_##name] = { { effect, sizeof effect - 1 }, { help, sizeof help - 1 } },
#include "source/effects.def"
#undef SAYS
    };
    if (!d->effect.len)
        d->effect = said[d->code].effect;
    if (!d->help.len)
        d->help = said[d->code].help;
}

void diags_finish(struct diags *diags, const struct diag_levels *levels) {
    struct diag **link = &diags->first;
    for (struct diag *d = diags->first; d; d = d->next) {
        if (is_dropped(diags, d, levels))
            continue;
        *link = d;
        link = &d->next;
        diags->last = d;
    }
    *link = NULL;
    if (!diags->first)
        diags->last = NULL;
    report_unused(diags, levels && levels->partial);
    for (struct diag *d = diags->first; d; d = d->next)
        if (levels && ((levels->deny && levels->deny[d->code]) ||
                       (levels->deny_warnings && d->level == LEVEL_WARNING)))
            d->level = LEVEL_ERROR;
    for (struct diag *d = diags->first; d; d = d->next)
        complete(d);
    count_again(diags);
    if (diags->first && diags->first->next)
        sort(diags);
    diags->last_sorted = diags->last;
}
