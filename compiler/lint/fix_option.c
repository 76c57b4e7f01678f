/* One more option of a router as an edit: a line behind that of its rule. */
#include "lint/rule.h"
#include "support/buf.h"

struct line {
    const struct source *source;
    size_t from, key,
        end; /* of its text: its start, what is written behind the indentation, its end */
};

/* The line of a place. */
static struct line line_of(const struct lint *l, uint32_t at) {
    struct line found = { .source = source_at(l->diags->sources, at) };
    if (!found.source)
        return found;
    struct str text = found.source->text;
    size_t place = at - found.source->base;
    found.from = found.end = place;
    while (found.from && text.at[found.from - 1] != '\n')
        found.from--;
    while (found.end < text.len && text.at[found.end] != '\n')
        found.end++;
    found.key = found.from;
    while (found.key < found.end && text.at[found.key] == ' ')
        found.key++;
    return found;
}

/* "      priority: 7", or the label that says so, in the way of the line. */
static struct str written(const struct lint *l, const struct line *line, const struct router *r,
                          const char *option, struct str value) {
    struct str text = line->source->text;
    struct str own = str_slice(text, line->key, line->end);
    struct str indent = str_slice(text, line->from, line->key);
    static const char *const layers[LAYERS] = { "http", "tcp", "udp" };
    if (str_starts(own, STR("rule:")))
        return str_format(l->arena, "\n%.*s%s: %.*s", STR_ARG(indent), option, STR_ARG(value));
    bool item = str_starts(own, STR("- "));
    struct str label = item ? str_trim(str_from(own, 2)) : own;
    bool quoted = label.len && (label.at[0] == '"' || label.at[0] == '\'');
    if (!str_starts(str_from(label, quoted), STR("traefik.")))
        return STR("");
    struct buf out = { .arena = l->arena };
    buf_format(&out,
               item ? "\n%.*s- traefik.%s.routers.%.*s.%s=%.*s"
                    : "\n%.*straefik.%s.routers.%.*s.%s: \"%.*s\"",
               STR_ARG(indent), layers[r->layer], STR_ARG(r->name), option, STR_ARG(value));
    return buf_str(&out);
}

void lint_fix_option(struct lint *l, struct diag *d, const struct router *r, const char *option,
                     struct str value) {
    const struct untyped *rule = untyped_get(r->conf, "rule");
    if (!d || !rule || l->is_ours || span_is_none(rule->span) || untyped_get(r->conf, option))
        return;
    struct line line = line_of(l, rule->span.start);
    if (!line.source || rule->span.end > line.source->base + line.end)
        return;
    struct str added = written(l, &line, r, option, value);
    struct span at = span_of(line.source, line.end, line.end);
    if (!added.len)
        return;
    struct diag_fix *fix = diag_fix_new(l->diags, d, false, "give `%.*s` %s %.*s", STR_ARG(r->name),
                                        option, STR_ARG(value));
    diag_fix_edit(l->diags, fix, at, added);
}
