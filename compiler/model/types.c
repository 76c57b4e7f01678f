/* The door to the value types, and what their functions share. */
#include "model/types.h"

#include "model/secret.h"

#include <stdarg.h>
#include <stdio.h>

enum opacity { INSIDE, WHOLE, NEVER };

static const struct {
    bool (*check)(struct type_check *c);
    enum opacity opacity;
} checks[TYPE_COUNT] = {
#define TYPE(name, word, check, opacity, expected, gist) { type_check_##check, opacity },
#include "model/types.def"
#undef TYPE
};

struct text text_keep(struct arena *a, const struct text *text) {
    struct text kept = *text;
    kept.s = str_copy(a, text->s);
    if (text->pieces) {
        size_t count = 1;
        while (text->pieces[count - 1].at != UINT32_MAX)
            count++;
        kept.pieces = arena_copy(a, text->pieces, count * sizeof *text->pieces);
    }
    return kept;
}

struct str text_quote(struct arena *a, struct str s) {
    enum { MOST = 60 };
    size_t line = str_find(s, '\n'), len = line == STR_NONE ? s.len : line;
    if (len <= MOST && len == s.len)
        return s;
    if (len > MOST)
        len = MOST;
    while (len > 0 && ((unsigned char)s.at[len] & 0xc0) == 0x80)
        len--;
    return str_format(a, "%.*s…", STR_ARG(str_slice(s, 0, len)));
}

/* Whether this part of a text with a stand-in for a parameter was written as it is. */
static bool is_written(const struct text *text, size_t from, size_t to) {
    if (!text->pieces || from >= to)
        return false;
    const struct piece *p = text->pieces;
    while (p[1].at <= from && p[1].at != UINT32_MAX)
        p++;
    return !p->whole && p->at <= from && to <= (p[1].at == UINT32_MAX ? text->s.len : p[1].at);
}

struct diag *type_tell(struct type_check *c, enum diag_code code, size_t from, size_t to,
                       const char *format, ...) {
    if (c->text->sample && !is_written(c->text, from, to))
        return NULL;
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    struct span span = from < to ? text_span(c->text, from, to) : c->text->span;
    return diag_add(scope_diags(c->scope), code, span, "%s", line);
}

bool type_end(const struct type_check *c) {
    return c->text->sample;
}

static bool refuse(struct type_check *c, enum diag_code code, struct fault fault, const char *what,
                   const char *why, struct diag **d) {
    struct str shown = text_quote(scope_arena(c->scope), c->text->s);
    *d = shown.len ? type_tell(c, code, fault.from, fault.to, "`%.*s` is no %s: %s", STR_ARG(shown),
                               what, why)
                   : type_tell(c, code, 0, 0, "expected %s, found nothing",
                               type_infos[c->type].expected.at);
    return type_end(c);
}

bool type_refuse(struct type_check *c, enum diag_code code, struct fault fault, const char *what,
                 const char *why) {
    struct diag *d;
    bool end = refuse(c, code, fault, what, why, &d);
    if (c->text->s.len && str_find(type_infos[c->type].expected, '`') != STR_NONE)
        diag_help(scope_diags(c->scope), d, "write %s", type_infos[c->type].expected.at);
    return end;
}

bool type_refuse_for(struct type_check *c, enum diag_code code, struct fault fault,
                     const char *what, const char *why, bool safe, struct str instead) {
    struct diag *d;
    bool end = refuse(c, code, fault, what, why, &d);
    diag_help(scope_diags(c->scope), d, "write `%.*s`", STR_ARG(instead));
    if (!c->text->pieces && c->text->inner)
        diag_fix_replace(scope_diags(c->scope), d, safe, text_span(c->text, 0, c->text->s.len),
                         instead);
    return end;
}

/* Every `${…}` must be one that Compose reads; what was escaped is none. */
static bool check_placeholders(struct type_check *c) {
    bool good = true;
    for (uint32_t i = 0; i < c->text->placeholder_count && !c->text->compose; i++) {
        const struct placeholder *p = &c->text->placeholders[i];
        struct secret secret;
        struct fault fault = fault_none();
        if (secret_next(str_slice(c->text->s, p->at, p->at + p->len), 0, &secret, &fault))
            continue;
        type_tell(c, DIAG_INTERPOLATION, p->at + fault.from, p->at + fault.to, "%s",
                  secret_error_text(fault.error));
        good = false;
    }
    return good;
}

bool check_type(struct scope *scope, enum type_kind type, const struct text *text,
                struct text *out) {
    struct type_check c = { .scope = scope, .type = type, .text = text, .out = out };
    *out = text_keep(scope_arena(scope), text);
    if (!text_has_placeholder(text))
        return checks[type].check(&c);
    if (!check_placeholders(&c))
        return false;
    switch (checks[type].opacity) {
    case INSIDE: return checks[type].check(&c);
    case WHOLE: return true;
    case NEVER: break;
    }
    struct placeholder p = text->placeholders[0];
    struct diag *d = type_tell(&c, DIAG_SECRET_SINK, p.at, p.at + p.len,
                               "%s must be known when this is compiled, not only at run time",
                               type_infos[type].expected.at);
    diag_help(scope_diags(scope), d, "write it out, or give it a name with `let` and write {NAME}");
    return false;
}
