/* A place in a YAML file, found line by line. */
#include "editing/yaml.h"

#include "lower/itsup_keys.h"

struct level {
    size_t column;
    struct str key; /* "[]" for a list's item */
};

struct lines_of {
    struct arena *arena;
    struct source *source;
    struct level open[YAML_DEEPEST];
    size_t depth;
    size_t block; /* column of a key whose text block goes on; STR_NONE outside one */
};

static bool is_dash(const struct level *l) {
    return str_is(l->key, "[]");
}

/* What stands at this column or deeper ends; a list may stand in the column of its key. */
static void leave(struct lines_of *l, size_t column, bool dash) {
    while (l->depth) {
        const struct level *top = &l->open[l->depth - 1];
        bool keeps = top->column == column && dash && !is_dash(top);
        if (top->column < column || keeps)
            return;
        l->depth--;
    }
}

static void enter(struct lines_of *l, size_t column, struct str key) {
    if (l->depth < YAML_DEEPEST)
        l->open[l->depth++] = (struct level){ column, key };
}

/* The text without its quotes and the comment behind it. */
static struct str bare(struct str text) {
    text = str_trim(text);
    char quote = text.len ? text.at[0] : '\0';
    if (quote == '"' || quote == '\'') {
        size_t end = str_find(str_from(text, 1), quote);
        return str_slice(text, 1, end == STR_NONE ? text.len : end + 1);
    }
    for (size_t i = 1; i < text.len; i++)
        if (text.at[i] == '#' && (text.at[i - 1] == ' ' || text.at[i - 1] == '\t'))
            return str_trim(str_slice(text, 0, i));
    return text;
}

/* Where `key:` ends in a line; STR_NONE when it has none. */
static size_t colon_of(struct str text) {
    char quote = text.len ? text.at[0] : '\0';
    size_t from = 0;
    if (quote == '"' || quote == '\'') {
        size_t end = str_find(str_from(text, 1), quote);
        if (end == STR_NONE)
            return STR_NONE;
        from = end + 2;
    }
    for (size_t i = from; i < text.len; i++)
        if (text.at[i] == ':' && (i + 1 == text.len || strchr(" \t\r", text.at[i + 1])))
            return i;
    return STR_NONE;
}

static struct span span_in(const struct lines_of *l, struct str part) {
    size_t from = part.at ? (size_t)(part.at - l->source->text.at) : 0;
    return span_of(l->source, from, from + part.len);
}

/* One line, up to its end or to the place asked about. False when it holds no part of the tree. */
static bool read_line(struct lines_of *l, struct str line, struct yaml_key *out) {
    size_t column = 0;
    while (column < line.len && line.at[column] == ' ')
        column++;
    struct str rest = str_from(line, column);
    bool blank = !str_trim(rest).len;
    if (l->block != STR_NONE && (blank || column > l->block))
        return false;
    l->block = STR_NONE;
    if (blank || rest.at[0] == '#')
        return false;
    while (rest.len && rest.at[0] == '-' && (rest.len == 1 || rest.at[1] == ' ')) {
        leave(l, column, true);
        enter(l, column, STR("[]"));
        size_t width = 1;
        while (width < rest.len && rest.at[width] == ' ')
            width++;
        column += width;
        rest = str_from(rest, width);
    }
    size_t colon = colon_of(rest);
    leave(l, column, false);
    *out = (struct yaml_key){ .depth = l->depth };
    for (size_t i = 0; i < l->depth; i++)
        out->path[i] = l->open[i].key;
    struct str value = colon == STR_NONE ? rest : str_from(rest, colon + 1);
    if (colon != STR_NONE) {
        out->key = bare(str_slice(rest, 0, colon));
        out->key_span = span_in(l, out->key);
        enter(l, column, out->key);
    }
    out->value = bare(value);
    out->value_span = span_in(l, out->value);
    struct str shown = str_trim(value);
    if (shown.len && (shown.at[0] == '|' || shown.at[0] == '>') && colon != STR_NONE)
        l->block = column;
    return true;
}

static struct yaml_keys read_all(struct arena *arena, struct source *source, size_t end) {
    struct yaml_keys all = { 0 };
    struct lines_of l = { .arena = arena, .source = source, .block = STR_NONE };
    struct str rest = str_slice(source->text, 0, end);
    while (rest.len) {
        size_t eol = str_find(rest, '\n');
        struct yaml_key key;
        if (read_line(&l, str_slice(rest, 0, eol), &key)) {
            if (all.count == all.room) {
                size_t room = all.room ? all.room * 2 : 64;
                struct yaml_key *list = arena_array(arena, struct yaml_key, room);
                if (all.count)
                    memcpy(list, all.list, all.count * sizeof *list);
                all.list = list;
                all.room = room;
            }
            all.list[all.count++] = key;
        }
        rest = eol == STR_NONE ? STR("") : str_from(rest, eol + 1);
    }
    return all;
}

struct yaml_keys yaml_keys_of(struct arena *arena, struct source *source) {
    return read_all(arena, source, source->text.len);
}

struct yaml_key yaml_key_at(struct arena *arena, struct source *source, size_t offset) {
    struct str text = str_slice(source->text, 0, offset);
    size_t line = offset;
    while (line && text.at[line - 1] != '\n')
        line--;
    struct lines_of l = { .arena = arena, .source = source, .block = STR_NONE };
    struct yaml_key key = { 0 };
    for (struct str rest = str_slice(text, 0, line); rest.len;) {
        size_t eol = str_find(rest, '\n');
        read_line(&l, str_slice(rest, 0, eol), &key);
        rest = eol == STR_NONE ? STR("") : str_from(rest, eol + 1);
    }
    struct str typed = str_from(text, line);
    if (str_trim(typed).len && read_line(&l, typed, &key))
        return key;
    /* An empty line: what stands around it is told by its column. */
    leave(&l, typed.len, false);
    key = (struct yaml_key){ .depth = l.depth };
    for (size_t i = 0; i < l.depth; i++)
        key.path[i] = l.open[i].key;
    key.value = str_from(typed, typed.len);
    key.value_span = span_of(source, offset, offset);
    return key;
}

/* ---- kinds ---- */

static struct str base_of(struct str name) {
    size_t slash = str_find_last(name, '/');
    return slash == STR_NONE ? name : str_from(name, slash + 1);
}

static bool is_key_of(enum itsup_table table, struct str key) {
    struct field_table t = itsup_table(table);
    for (size_t i = 0; i < t.count; i++)
        if (str_eq(t.rows[i].key, key))
            return true;
    return false;
}

static enum yaml_kind kind_of_key(struct str key) {
    if (str_is(key, "services"))
        return YAML_COMPOSE;
    if (is_key_of(ITSUP_PROJECT, key))
        return YAML_PROJECT;
    if (is_key_of(ITSUP_INFRA, key))
        return YAML_INFRA;
    if (option_child(option_top(OPTION_DYNAMIC), key))
        return YAML_DYNAMIC;
    return option_child(option_top(OPTION_STATIC), key) ? YAML_STATIC : YAML_UNKNOWN;
}

enum yaml_kind yaml_kind_of(const struct yaml_keys *keys, struct str name) {
    static const struct {
        const char *name;
        enum yaml_kind kind;
    } names[] = {
        { "compose.yml", YAML_COMPOSE },
        { "compose.yaml", YAML_COMPOSE },
        { "docker-compose.yml", YAML_COMPOSE },
        { "docker-compose.yaml", YAML_COMPOSE },
        { "itsup-project.yml", YAML_PROJECT },
        { "ingress.yml", YAML_PROJECT },
        { "itsup.yml", YAML_INFRA },
        { "middlewares.yml", YAML_DYNAMIC },
        { "traefik.yml", YAML_STATIC },
        { "traefik.yaml", YAML_STATIC },
    };
    for (size_t i = 0; i < keys->count; i++) {
        enum yaml_kind kind =
            keys->list[i].depth == 0 ? kind_of_key(keys->list[i].key) : YAML_UNKNOWN;
        if (kind != YAML_UNKNOWN)
            return kind;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(base_of(name), names[i].name))
            return names[i].kind;
    return YAML_UNKNOWN;
}

/* ---- options ---- */

const struct option *yaml_option(enum yaml_kind kind, const struct str *path, size_t depth) {
    const struct option *o = option_top(kind == YAML_STATIC ? OPTION_STATIC : OPTION_DYNAMIC);
    for (size_t i = 0; o && i < depth; i++)
        if (!str_is(path[i], "[]"))
            o = option_child(o, path[i]);
    return o;
}

const struct option *yaml_label_option(struct str label) {
    struct str prefix = STR("traefik.");
    if (label.len <= prefix.len || !str_eq_nocase(str_slice(label, 0, prefix.len), prefix))
        return NULL;
    return option_find(OPTION_DYNAMIC, str_from(label, prefix.len)).option;
}

bool yaml_is_labels(const struct str *path, size_t depth) {
    size_t at = depth;
    if (at && str_is(path[at - 1], "[]"))
        at--;
    return at >= 3 && str_is(path[at - 1], "labels") && str_is(path[0], "services");
}

bool yaml_label(const struct yaml_key *k, struct str *key, struct str *value, struct span *key_span,
                struct span *value_span) {
    if (!yaml_is_labels(k->path, k->depth))
        return false;
    *key = k->key;
    *value = k->value;
    *key_span = k->key_span;
    *value_span = k->value_span;
    if (k->key.len)
        return true;
    size_t equals = str_find(k->value, '=');
    *key = str_slice(k->value, 0, equals);
    *key_span = span_slice(k->value_span, 0, key->len);
    *value = equals == STR_NONE ? STR("") : str_from(k->value, equals + 1);
    *value_span = span_slice(k->value_span, k->value.len - value->len, k->value.len);
    return true;
}
