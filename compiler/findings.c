/* Findings as plain data, for those who do not print them: editors. */
#include "session.h"
#include "source/render.h"

static struct itsupc_text text_of(struct str s) {
    return (struct itsupc_text){ s.at ? s.at : "", s.len };
}

static struct itsupc_place place_of(struct itsupc *s, struct span span) {
    struct extent extent = extent_of(&s->sources, span);
    return (struct itsupc_place){ str_copy(&s->arena, extent.file).at, extent.start, extent.end };
}

static const struct itsupc_note *notes_of(struct itsupc *s, const struct diag *d, size_t *count) {
    for (const struct diag_note *n = d->notes; n; n = n->next)
        ++*count;
    struct itsupc_note *list = arena_array(&s->arena, struct itsupc_note, *count + 1), *to = list;
    for (const struct diag_note *n = d->notes; n; n = n->next)
        *to++ = (struct itsupc_note){ place_of(s, n->span), text_of(n->message) };
    return list;
}

static struct itsupc_fix fix_of(struct itsupc *s, const struct diag_fix *fix) {
    struct itsupc_fix out = { .title = text_of(fix->title), .safe = fix->safe };
    for (const struct diag_edit *e = fix->edits; e; e = e->next)
        out.edit_count++;
    struct itsupc_edit *to = arena_array(&s->arena, struct itsupc_edit, out.edit_count + 1);
    out.edits = to;
    for (const struct diag_edit *e = fix->edits; e; e = e->next)
        *to++ = (struct itsupc_edit){ place_of(s, e->span), text_of(e->text) };
    return out;
}

static const struct itsupc_fix *fixes_of(struct itsupc *s, const struct diag *d, size_t *count) {
    for (const struct diag_fix *f = d->fixes; f; f = f->next)
        ++*count;
    struct itsupc_fix *list = arena_array(&s->arena, struct itsupc_fix, *count + 1), *to = list;
    for (const struct diag_fix *f = d->fixes; f; f = f->next)
        *to++ = fix_of(s, f);
    return list;
}

size_t itsupc_findings(struct itsupc *s, const struct itsupc_finding **list) {
    static const enum itsupc_tag tags[DIAG_COUNT] = {
#define TAG(code, tag) [DIAG_##code] = ITSUPC_##tag,
#include "source/tags.def"
#undef TAG
    };
    static const enum itsupc_level levels[] = {
        [LEVEL_NOTE] = ITSUPC_NOTE, [LEVEL_WARNING] = ITSUPC_WARNING, [LEVEL_ERROR] = ITSUPC_ERROR
    };
    session_finish(s);
    size_t count = 0;
    for (const struct diag *d = s->diags.first; d; d = d->next)
        count++;
    struct itsupc_finding *out = arena_array(&s->arena, struct itsupc_finding, count + 1);
    *list = out;
    for (const struct diag *d = s->diags.first; d; d = d->next, out++) {
        *out = (struct itsupc_finding){ .code = diag_infos[d->code].code.at,
                                        .level = levels[d->level],
                                        .tag = tags[d->code],
                                        .place = place_of(s, d->span),
                                        .message = text_of(d->message),
                                        .effect = text_of(d->effect),
                                        .help = text_of(d->help) };
        out->notes = notes_of(s, d, &out->note_count);
        out->fixes = fixes_of(s, d, &out->fix_count);
    }
    return count;
}

bool itsupc_source(struct itsupc *s, const char *name, struct itsupc_text *text) {
    for (size_t i = 0; i < s->sources.count; i++)
        if (str_is(s->sources.list[i]->name, name)) {
            *text = text_of(s->sources.list[i]->text);
            return true;
        }
    return false;
}
