/* The ordered list of diagnostics: adding, suppressing, sorting. */
#include "source/diag.h"

#include "support/buf.h"
#include "support/nearest.h"
#include "support/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_FINDINGS = 100000 };

const struct diag_info diag_infos[DIAG_COUNT] = {
#define CODE(name, code, level, gist) \
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

__attribute__((format(printf, 2, 0))) static struct str
format_text(struct arena *arena, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    size_t size = len > 0 ? (size_t)len : 0;
    char *at = arena_alloc(arena, size + 1);
    vsnprintf(at, size + 1, format, again);
    va_end(again);
    return (struct str){ at, size };
}

#define FORMAT_ARGS(arena, out)                      \
    do {                                             \
        va_list args_;                               \
        va_start(args_, format);                     \
        (out) = format_text((arena), format, args_); \
        va_end(args_);                               \
    } while (0)

/* Whether this code was told of this span before: a loop or a template reads one line many times.
 */
static bool told_before(struct diags *diags, enum diag_code code, struct span span) {
    if (!diags->seen) {
        diags->seen = arena_new(diags->arena, struct table);
        diags->seen->arena = diags->arena;
    }
    uint32_t key[3] = { (uint32_t)code, span.start, span.end };
    struct str probe = { (const char *)key, sizeof key };
    if (table_get(diags->seen, probe))
        return true;
    struct str kept = { arena_copy(diags->arena, key, sizeof key), sizeof key };
    *table_at(diags->seen, kept) = diags;
    return false;
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
    diags->errors += d->level == LEVEL_ERROR;
    diags->warnings += d->level == LEVEL_WARNING;
    diags->notes += d->level == LEVEL_NOTE;
    return d;
}

struct diag *diag_add(struct diags *diags, enum diag_code code, struct span span,
                      const char *format, ...) {
    if (diags->full || told_before(diags, code, span))
        return NULL;
    struct diag *d = append(diags, code, span);
    FORMAT_ARGS(diags->arena, d->message);
    if (diags->count == MOST_FINDINGS) {
        diags->full = true;
        struct diag *last = append(diags, DIAG_TOO_MANY, span);
        last->message = STR("more than 100000 findings; the rest is not collected");
    }
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
    if (!d)
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

void diag_fix_edit(struct diags *diags, struct diag_fix *fix, struct span span, struct str text) {
    if (!fix)
        return;
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

void diag_suggest(struct diags *diags, struct diag *d, struct span span, struct str best) {
    if (best.len == 0)
        return;
    diag_help(diags, d, "did you mean `%.*s`?", STR_ARG(best));
    diag_fix_replace(diags, d, true, span, best);
}

/* ---- suppressions ---- */

static bool is_lint(enum diag_code code) {
    return diag_infos[code].code.at[0] != 'E';
}

void diag_allow_comment(struct diags *diags, struct span comment) {
    struct str text = source_text(diags->sources, comment);
    size_t mark = str_find_str(text, STR("itsup:"));
    if (mark == STR_NONE || str_trim(str_slice(text, 1, mark)).len)
        return;
    struct str rest = str_trim(str_from(text, mark + 6));
    if (!str_starts(rest, STR("allow")))
        return;
    size_t open = str_find(text, '('), close = str_find(text, ')');
    if (open == STR_NONE || close == STR_NONE || close < open)
        return;
    struct diag_allow *allow = arena_new(diags->arena, struct diag_allow);
    size_t room = 1;
    for (size_t i = open; i < close; i++)
        room += text.at[i] == ',';
    allow->span = comment;
    allow->spans = arena_array(diags->arena, struct span, room);
    allow->codes = arena_array(diags->arena, struct str, room);
    allow->used = arena_array(diags->arena, bool, room);
    for (size_t from = open + 1; from <= close;) {
        size_t to = from;
        while (to < close && text.at[to] != ',')
            to++;
        struct str code = str_trim(str_slice(text, from, to));
        if (code.len) {
            size_t at = (size_t)(code.at - text.at);
            allow->codes[allow->count] = code;
            allow->spans[allow->count] = span_slice(comment, at, at + code.len);
            allow->count++;
        }
        from = to + 1;
    }
    if (diags->last_allow)
        diags->last_allow->next = allow;
    else
        diags->allows = allow;
    diags->last_allow = allow;
}

static bool allow_reaches(struct diags *diags, const struct diag_allow *allow, struct span span) {
    struct place comment = source_place(diags->sources, allow->span.start);
    struct place place = source_place(diags->sources, span.start);
    return comment.source && comment.source == place.source &&
           (place.line == comment.line || place.line == comment.line + 1);
}

static bool is_silenced(struct diags *diags, const struct diag *d) {
    if (!is_lint(d->code))
        return false;
    for (struct diag_allow *allow = diags->allows; allow; allow = allow->next)
        for (size_t i = 0; i < allow->count; i++)
            if (str_eq(allow->codes[i], diag_infos[d->code].code) &&
                allow_reaches(diags, allow, d->span)) {
                allow->used[i] = true;
                return true;
            }
    return false;
}

static void report_unused(struct diags *diags) {
    for (struct diag_allow *allow = diags->allows; allow; allow = allow->next)
        for (size_t i = 0; i < allow->count; i++) {
            if (allow->used[i])
                continue;
            enum diag_code code;
            struct str name = allow->codes[i];
            if (!diag_code_find(name, &code)) {
                struct nearest near = { .wanted = name };
                for (int c = 0; c < DIAG_COUNT; c++)
                    if (is_lint((enum diag_code)c))
                        nearest_offer(&near, diag_infos[c].code);
                struct diag *d = diag_add(diags, DIAG_ALLOW_UNKNOWN, allow->spans[i],
                                          "no diagnostic is called `%.*s`", STR_ARG(name));
                diag_suggest(diags, d, allow->spans[i], near.best);
            } else if (!is_lint(code)) {
                struct diag *d = diag_add(diags, DIAG_ALLOW_UNKNOWN, allow->spans[i],
                                          "%.*s cannot be silenced", STR_ARG(name));
                diag_help(diags, d, "only the lints (R, C and X codes) can; mend the line instead");
            } else {
                struct diag *d = diag_add(diags, DIAG_ALLOW_UNUSED, allow->spans[i],
                                          "nothing here is silenced by allow(%.*s)", STR_ARG(name));
                diag_help(diags, d, "delete the suppression");
            }
        }
}

/* ---- order ---- */

/* What the order needs, worked out once per finding rather than once per comparison. */
struct ranked {
    struct diag *diag;
    struct str file; /* empty for "no place", which comes first */
};

static int by_place(const void *a, const void *b) {
    const struct ranked *x = a, *y = b;
    int order = str_cmp(x->file, y->file);
    if (order)
        return order;
    if (x->diag->span.start != y->diag->span.start)
        return x->diag->span.start < y->diag->span.start ? -1 : 1;
    order = str_cmp(diag_infos[x->diag->code].code, diag_infos[y->diag->code].code);
    return order ? order : str_cmp(x->diag->message, y->diag->message);
}

static void sort(struct diags *diags) {
    struct ranked *list = arena_array(diags->arena, struct ranked, diags->count);
    size_t n = 0;
    for (struct diag *d = diags->first; d; d = d->next) {
        struct source *source = source_at(diags->sources, d->span.start);
        list[n++] = (struct ranked){ d, source ? source->name : STR("") };
    }
    qsort(list, n, sizeof *list, by_place);
    for (size_t i = 0; i < n; i++)
        list[i].diag->next = i + 1 < n ? list[i + 1].diag : NULL;
    diags->first = list[0].diag;
    diags->last = list[n - 1].diag;
}

static void count_again(struct diags *diags) {
    diags->count = diags->errors = diags->warnings = diags->notes = 0;
    for (struct diag *d = diags->first; d; d = d->next) {
        diags->count++;
        diags->errors += d->level == LEVEL_ERROR;
        diags->warnings += d->level == LEVEL_WARNING;
        diags->notes += d->level == LEVEL_NOTE;
    }
}

void diags_finish(struct diags *diags, const struct diag_levels *levels) {
    struct diag **link = &diags->first;
    for (struct diag *d = diags->first; d; d = d->next) {
        bool dropped = levels && levels->allow && levels->allow[d->code] && is_lint(d->code);
        if (is_silenced(diags, d) || dropped)
            continue;
        *link = d;
        link = &d->next;
        diags->last = d;
    }
    *link = NULL;
    if (!diags->first)
        diags->last = NULL;
    report_unused(diags);
    for (struct diag *d = diags->first; d; d = d->next)
        if (levels && ((levels->deny && levels->deny[d->code]) ||
                       (levels->deny_warnings && d->level == LEVEL_WARNING)))
            d->level = LEVEL_ERROR;
    count_again(diags);
    if (diags->count > 1)
        sort(diags);
}
