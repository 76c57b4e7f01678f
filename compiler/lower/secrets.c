/* NAME=value lines: both sides trimmed, parted at the first `=`, `#` lines skipped, no quotes. */
#include "lower/secrets.h"

static bool is_name(struct str text) {
    for (size_t i = 0; i < text.len; i++)
        if (!char_is_alnum(text.at[i]) && text.at[i] != '_')
            return false;
    return text.len > 0 && !char_is_digit(text.at[0]);
}

static void read_line(struct secrets *s, struct diags *diags, const struct source *source,
                      struct str line) {
    size_t at = (size_t)(line.at - source->text.at), equals = str_find(line, '=');
    struct str name = str_trim(str_slice(line, 0, equals));
    if (equals == STR_NONE || !is_name(name)) {
        /* Its text may be a secret: only its place is told. */
        struct diag *d = diag_add(diags, DIAG_ITSUP_SECRET_LINE, span_of(source, at, at + line.len),
                                  "this line is no NAME=value");
        diag_effect(diags, d, "it is passed over");
        diag_help(diags, d, "write NAME=value, or # in front of a remark");
        return;
    }
    struct secret *secret = arena_new(s->arena, struct secret);
    secret->name = str_copy(s->arena, name);
    secret->value = str_copy(s->arena, str_trim(str_from(line, equals + 1)));
    secret->span = span_of(source, at, at + name.len);
    if (s->last)
        s->last->next = secret;
    else
        s->first = secret;
    s->last = secret;
    *table_at(&s->index, secret->name) = secret;
}

void secrets_read(struct secrets *s, struct diags *diags, const struct source *source) {
    struct str rest = source->text;
    if (str_starts(rest, STR("\xef\xbb\xbf")))
        rest = str_from(rest, 3);
    if (!s->file)
        s->file = source;
    while (rest.len) {
        size_t end = str_find(rest, '\n');
        struct str line = str_trim(str_slice(rest, 0, end));
        rest = end == STR_NONE ? STR("") : str_from(rest, end + 1);
        if (line.len && line.at[0] != '#')
            read_line(s, diags, source, line);
    }
}

const struct secret *secrets_find(const struct secrets *s, struct str name) {
    return table_get(&s->index, name);
}

bool secrets_next_placeholder(struct str text, size_t *from, struct str *name, size_t place[2]) {
    for (size_t i = *from; i + 1 < text.len; i++) {
        if (text.at[i] != '$' || text.at[i + 1] != '{')
            continue;
        size_t end = i + 2, stop;
        while (end < text.len && text.at[end] != '}')
            end++;
        if (end == text.len)
            break;
        for (stop = i + 2; stop < end; stop++)
            if (!char_is_alnum(text.at[stop]) && text.at[stop] != '_')
                break;
        *name = str_slice(text, i + 2, stop);
        place[0] = i;
        place[1] = *from = end + 1;
        return true;
    }
    return false;
}

void secrets_tell_missing(struct diags *diags, struct span at, const char *name, const char *what,
                          const char *encrypted) {
    struct diag *d = diag_add(diags, DIAG_ITSUP_SECRET, at, "the secret %s is missing", name);
    diag_effect(diags, d, "%s needs it", what);
    if (encrypted)
        diag_help(
            diags, d,
            "run sops exec-file --no-fifo --input-type dotenv --output-type dotenv %s 'itsupc "
            "build --env-file {}'",
            encrypted);
    else
        diag_help(diags, d, "write %s=… into secrets/itsup.txt", name);
}
