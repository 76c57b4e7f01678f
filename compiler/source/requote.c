#include "source/requote.h"

#include "support/buf.h"

/* The quote that is open where a line has come to; 0 for none. Texts of several lines are taken for
   plain ones. "…" has escapes, other `quotes` have none; where there is `behind`, a quote opens
   behind one of those alone, or first on the line. */
static char open_quote(struct str line, const char *quotes, const char *behind) {
    char open = 0;
    for (size_t i = 0; i < line.len; i++) {
        char c = line.at[i];
        if (open == '"' && c == '\\')
            i++;
        else if (open && c == open)
            open = 0;
        else if (!open && c && strchr(quotes, c) &&
                 (!behind || i == 0 || strchr(behind, line.at[i - 1])))
            open = c;
    }
    return open;
}

static char open_in_yaml(struct str line) {
    return open_quote(line, "\"'", " \t[{,:-");
}

static char open_in_itsup(struct str line) {
    return open_quote(line, "\"`", NULL);
}

static char open_in_toml(struct str line) {
    return open_quote(line, "\"'", NULL);
}

static bool has_any(struct str text, const char *characters) {
    for (; *characters; characters++)
        if (str_find(text, *characters) != STR_NONE)
            return true;
    return false;
}

/* Behind the first character nothing of it means anything to YAML. */
static bool is_plain_yaml(struct str text) {
    return str_find_str(text, STR(": ")) == STR_NONE && str_find_str(text, STR(" #")) == STR_NONE &&
           !str_ends(text, STR(":")) && !has_any(text, "\n\t");
}

static struct str with(struct arena *a, struct str text, const char *escaped, char escape) {
    struct buf out = { .arena = a };
    for (size_t i = 0; i < text.len; i++) {
        if (strchr(escaped, text.at[i]))
            buf_char(&out, escape ? escape : text.at[i]);
        buf_char(&out, text.at[i]);
    }
    return buf_str(&out);
}

bool requote(struct arena *a, const struct sources *sources, struct span place, struct str text,
             struct str *out) {
    const struct source *s = span_is_none(place) ? NULL : source_at(sources, place.start);
    if (!s)
        return false;
    size_t at = place.start - s->base, from = at;
    while (from && s->text.at[from - 1] != '\n')
        from--;
    struct str line = str_slice(s->text, from, at);
    bool yaml = str_ends(s->name, STR(".yml")) || str_ends(s->name, STR(".yaml"));
    bool ours = str_ends(s->name, STR(".itsup")), toml = str_ends(s->name, STR(".toml"));
    if (s->is_compose)
        text = with(a, text, "$", 0);
    char open = yaml ? open_in_yaml(line) : toml ? open_in_toml(line) : open_in_itsup(line);
    *out = text;
    if (yaml && open == '\'')
        *out = with(a, text, "'", 0);
    else if ((yaml || ours || toml) && open == '"')
        *out = with(a, text, "\"\\", '\\');
    else if (toml)
        return open == '\'' && str_find(text, '\'') == STR_NONE;
    else if (yaml)
        return is_plain_yaml(text);
    else if (open == '`')
        return str_find(text, '`') == STR_NONE;
    else
        return !has_any(text, "`\"\\ ");
    return true;
}
