/* NAME=value lines: both sides trimmed, parted at the first `=`, `#` lines skipped, no quotes. */
#include "lower/secrets.h"

#include "lower/tree_place.h"

static bool is_name(struct str text) {
    for (size_t i = 0; i < text.len; i++)
        if (!char_is_alnum(text.at[i]) && text.at[i] != '_')
            return false;
    return text.len > 0 && !char_is_digit(text.at[0]);
}

static void add(struct secrets *s, enum secrets_from from, struct str name, struct str value) {
    struct str *kept = arena_new(s->arena, struct str);
    *kept = str_copy(s->arena, value);
    *table_at(&s->of[from], str_copy(s->arena, name)) = kept;
}

static void read_line(struct secrets *s, enum secrets_from from, struct diags *diags,
                      const struct source *source, struct str line) {
    size_t at = (size_t)(line.at - source->text.at), equals = str_find(line, '=');
    struct str name = str_trim(str_slice(line, 0, equals));
    if (equals != STR_NONE && is_name(name)) {
        add(s, from, name, str_trim(str_from(line, equals + 1)));
        return;
    }
    /* Its text may be a secret: only its place is told. */
    struct diag *d = diag_add(diags, DIAG_ITSUP_SECRET_LINE, span_of(source, at, at + line.len),
                              "this line is no NAME=value");
    diag_effect(diags, d, "it is passed over");
    diag_help(diags, d, "write NAME=value, or # in front of a remark");
}

void secrets_start(struct secrets *s, struct arena *arena) {
    s->arena = arena;
    for (size_t i = 0; i < SECRETS_FROM; i++)
        s->of[i].arena = arena;
}

void secrets_read(struct secrets *s, enum secrets_from from, struct diags *diags,
                  struct source *source) {
    struct str rest = source->text;
    source->secret = true;
    if (str_starts(rest, STR("\xef\xbb\xbf")))
        rest = str_from(rest, 3);
    if (!s->file && from == SECRETS_TREE)
        s->file = source;
    while (rest.len) {
        size_t end = str_find(rest, '\n');
        struct str line = str_trim(str_slice(rest, 0, end));
        rest = end == STR_NONE ? STR("") : str_from(rest, end + 1);
        if (line.len && line.at[0] != '#')
            read_line(s, from, diags, source, line);
    }
}

/* Nothing of the environment is copied: what is told may not depend on its size. */
static bool find_in_environment(const struct secrets *s, struct str name, struct str *value) {
    for (const char *const *at = s->environment; at && *at; at++)
        if (strncmp(*at, name.at, name.len) == 0 && (*at)[name.len] == '=') {
            *value = str_of(*at + name.len + 1);
            return true;
        }
    return false;
}

bool secrets_find(const struct secrets *s, struct str name, struct str *value) {
    for (size_t i = SECRETS_FROM; i--;) {
        const struct str *found = table_get(&s->of[i], name);
        if (found) {
            *value = *found;
            return true;
        }
    }
    return is_name(name) && find_in_environment(s, name, value);
}

/* Of all `${…}` in a text: the name of the first behind `from`, which is moved on; `place` is where
   it stands. False when there is none left. */
static bool next_placeholder(struct str text, size_t *from, struct str *name, size_t place[2]) {
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

bool secrets_lack(const struct secrets *given, struct str text, size_t at, size_t *from,
                  size_t *to) {
    struct str name, value;
    size_t place[2];
    while (next_placeholder(text, &at, &name, place)) {
        if (secrets_find(given, name, &value) && place[1] - place[0] == name.len + 3)
            continue;
        *from = place[0];
        *to = place[1];
        return true;
    }
    return false;
}

/* Encrypted files are the user's own to open. */
static void help_sops(struct diags *diags, struct diag *d, const struct secrets *given) {
    diag_help(diags, d,
              "run sops exec-file --no-fifo --input-type dotenv --output-type dotenv %s 'itsupc "
              "build --env-file {}'",
              given->encrypted);
}

void secrets_help(struct diags *diags, struct diag *d, const struct secrets *given,
                  struct str placeholder) {
    struct str name, value;
    size_t at = 0, place[2];
    if (!next_placeholder(placeholder, &at, &name, place))
        return;
    bool plain = name.len + 3 == placeholder.len;
    if (plain && given->encrypted)
        help_sops(diags, d, given);
    else if (plain || !secrets_find(given, name, &value))
        diag_help(diags, d, "write %.*s=… into secrets/itsup.txt, or the value itself here",
                  STR_ARG(name));
    else
        diag_help(diags, d, "write ${%.*s}: only Compose knows the other forms", STR_ARG(name));
}

void secrets_tell_missing(struct diags *diags, struct span at, const char *name, const char *what,
                          const struct secrets *given) {
    struct diag *d = diag_add(diags, DIAG_ITSUP_SECRET, at, "the secret %s is missing", name);
    diag_effect(diags, d, "%s needs it", what);
    if (given->encrypted)
        help_sops(diags, d, given);
    else
        diag_help(diags, d, "write %s=… into secrets/itsup.txt", name);
}

/* ---- `${NAME}` where nothing would expand it ---- */

struct scan {
    struct diags *diags;
    struct arena *arena;
    const struct secrets *given;
};

static void scan_text(struct scan *s, const struct tree *node) {
    struct str text = tree_text(node);
    for (size_t from, to = 0; secrets_lack(s->given, text, to, &from, &to);) {
        struct str placeholder = str_slice(text, from, to);
        struct diag *d =
            diag_add(s->diags, DIAG_SECRET_SINK, tree_text_span(s->arena, node, from, to),
                     "`%.*s` holds %.*s, which nothing gives a value",
                     STR_ARG(tree_path(s->arena, node)), STR_ARG(placeholder));
        diag_effect(s->diags, d, "Traefik reads these characters as they stand");
        secrets_help(s->diags, d, s->given, placeholder);
    }
}

static void scan_tree(struct scan *s, const struct tree *node) {
    if (node->kind == TREE_SCALAR) {
        scan_text(s, node);
        return;
    }
    if (node->kind == TREE_ALIAS)
        return; /* its anchor is scanned where it stands */
    for (const struct tree_entry *e = node->first; e; e = e->next)
        scan_tree(s, e->value);
}

void secrets_check_tree(struct diags *diags, struct arena *arena, const struct secrets *given,
                        const struct tree *node) {
    struct scan s = { .diags = diags, .arena = arena, .given = given };
    scan_tree(&s, node);
}
