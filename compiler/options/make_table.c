/* Build tool: turns dynamic.tsv and static.tsv into options_table.c, one constant array in which
 * the children of a node stand side by side, sorted by name. A row that does not read fails the
 * build. */
#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { COLUMNS = 7, NODES_MAX = 4096, LISTS_MAX = 256, CHOICES_MAX = 255 };
enum column { PATH, TYPE, DEFAULT, ALLOWED, DEPRECATED, SINCE, DOC };

static const char *const type_spellings[] = {
#define OPTION_TYPE(name, spelling, by, gist) spelling,
#include "types.def"
    NULL
};
static const char *const type_names[] = {
#define OPTION_TYPE(name, spelling, by, gist) "OPTION_" #name,
#include "types.def"
    NULL
};
static const char *const ref_spellings[] = {
#define OPTION_REF(name, spelling) spelling,
#include "types.def"
    NULL
};
static const char *const ref_names[] = {
#define OPTION_REF(name, spelling) "OPTION_REF_" #name,
#include "types.def"
    NULL
};
static const char *const unit_spellings[] = {
#define OPTION_UNIT(name, spelling, nanoseconds) spelling,
#include "types.def"
    NULL
};
static const char *const unit_names[] = {
#define OPTION_UNIT(name, spelling, nanoseconds) "OPTION_UNIT_" #name,
#include "types.def"
    NULL
};

/* The parts of a type text. */
struct type {
    const char *name, *key, *ref, *unit, *shape;
    int64_t min, max;
    int list; /* number of its choices in `lists`, or -1 */
    bool nocase;
};

struct node {
    char *path, *name;
    char *cell[COLUMNS]; /* all NULL without a row */
    struct type type;
    struct node *parent, *children[512];
    size_t child_count, index, first_child;
    bool any_name, indexed;
    unsigned places;
    uint32_t since;
};

static struct node *nodes[NODES_MAX]; /* in the order of the table */
static size_t node_count, row_count;
static char *lists[LISTS_MAX];
static size_t list_sizes[LISTS_MAX], list_count;
static const char *file = "";
static int line;

static void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
static void fail(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%d: ", file, line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

static void *reserve(size_t size) {
    void *at = calloc(1, size);
    if (!at)
        fail("no memory");
    return at;
}

static char *copy(const char *text, size_t len) {
    char *at = reserve(len + 1);
    memcpy(at, text, len);
    return at;
}

static bool starts(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static int position(const char *const *words, const char *word) {
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

static int choices(const char *text) {
    for (size_t i = 0; i < list_count; i++)
        if (strcmp(lists[i], text) == 0)
            return (int)i;
    if (list_count == LISTS_MAX)
        fail("too many lists of choices");
    size_t size = 1;
    for (const char *at = text; *at; at++)
        size += *at == ',';
    if (size > CHOICES_MAX)
        fail("too many choices");
    lists[list_count] = copy(text, strlen(text));
    list_sizes[list_count] = size;
    return (int)list_count++;
}

/* `0..`, `1..128`, `seconds` */
static void parse_bounds(struct type *t, const char *text) {
    int unit = position(unit_spellings, text);
    if (unit > 0) {
        t->unit = unit_names[unit];
        return;
    }
    char *end;
    t->min = strtoll(text, &end, 10);
    if (end == text || !starts(end, ".."))
        fail("bounds [%s] do not read", text);
    if (end[2]) {
        text = end + 2;
        t->max = strtoll(text, &end, 10);
        if (*end || t->max < t->min)
            fail("bounds [%s] do not read", text);
    }
}

/* `enum{a,b}`, `ref:tls.options`, `int[1..2]`, `duration` */
static void parse_atom(struct type *t, const char *text) {
    size_t len = strlen(text);
    const char *brace = strchr(text, '{'), *bracket = strchr(text, '[');
    if (starts(text, "enum{") || starts(text, "enum-nocase{")) {
        if (text[len - 1] != '}')
            fail("type %s does not read", text);
        t->name = "OPTION_ENUM";
        t->nocase = starts(text, "enum-");
        t->list = choices(copy(brace + 1, len - 1 - (size_t)(brace + 1 - text)));
        return;
    }
    if (starts(text, "ref:")) {
        int ref = position(ref_spellings, text + 4);
        if (ref < 1)
            fail("unknown reference %s", text);
        t->name = "OPTION_REF";
        t->ref = ref_names[ref];
        return;
    }
    if (bracket) {
        if (text[len - 1] != ']')
            fail("type %s does not read", text);
        parse_bounds(t, copy(bracket + 1, len - 1 - (size_t)(bracket + 1 - text)));
        text = copy(text, (size_t)(bracket - text));
    }
    int type = position(type_spellings, text);
    if (type < 0)
        fail("unknown type %s", text);
    t->name = type_names[type];
}

static struct type parse_type(const char *text, const char *fallback) {
    struct type t = { .key = "OPTION_STRING",
                      .ref = "OPTION_REF_NONE",
                      .unit = "OPTION_UNIT_NONE",
                      .shape = "OPTION_ONE",
                      .min = INT64_MIN,
                      .max = INT64_MAX,
                      .list = -1 };
    size_t len = strlen(text);
    if (starts(text, "list<") || starts(text, "map<")) {
        bool map = text[0] == 'm';
        if (text[len - 1] != '>')
            fail("type %s does not read", text);
        t.shape = map ? "OPTION_MAP" : "OPTION_LIST";
        size_t from = map ? 4 : 5;
        char *inner = copy(text + from, len - from - 1);
        char *comma = strchr(inner, ',');
        if (map && comma && !strchr(copy(inner, (size_t)(comma - inner)), '{')) {
            *comma = 0;
            int key = position(type_spellings, inner);
            if (key < 0)
                fail("unknown type %s", inner);
            t.key = type_names[key];
            inner = comma + 1;
        }
        text = inner;
    }
    parse_atom(&t, text);
    if (strcmp(t.name, "OPTION_PORT") == 0) {
        t.min = fallback[0] == '0' ? 0 : 1; /* where 0 is the default it may be written */
        t.max = 65535;
    } else if (strcmp(t.name, "OPTION_PERCENT") == 0) {
        t.min = 0;
        t.max = 100;
    } else if (strcmp(t.name, "OPTION_STATUS") == 0) {
        t.min = 100;
        t.max = 599;
    }
    return t;
}

/* `v3.7.1` -> 3007001; `<=v3.0` -> 0 */
static uint32_t parse_version(const char *text) {
    unsigned part[3] = { 0, 0, 0 };
    if (strcmp(text, "<=v3.0") == 0 || !text[0])
        return 0;
    if (text[0] != 'v')
        fail("version %s does not read", text);
    const char *at = text + 1;
    for (int i = 0; i < 3; i++) {
        char *end;
        unsigned long value = strtoul(at, &end, 10);
        if (end == at || value > 999)
            fail("version %s does not read", text);
        part[i] = (unsigned)value;
        if (*end != '.') {
            at = end;
            break;
        }
        at = end + 1;
    }
    if (*at && strcmp(at, "(ineffective)") != 0)
        fail("version %s does not read", text);
    return part[0] * 1000000 + part[1] * 1000 + part[2];
}

static unsigned parse_places(const char *text) {
    static const struct {
        const char *word;
        unsigned places;
    } words[] = { { "label", 1 },  { "file", 2 },    { "both", 3 },
                  { "static", 4 }, { "ignored", 0 }, { "both(default store)", 11 } };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, text) == 0)
            return words[i].places;
    fail("unknown place %s", text);
}

/* The child for one segment of a row's path, made when it is new. */
static struct node *node_at(struct node *parent, const char *segment, size_t len) {
    bool any_name = len == 6 && strncmp(segment, "<name>", 6) == 0;
    bool indexed = len > 3 && strncmp(segment + len - 3, "[n]", 3) == 0;
    char *name = copy(segment, indexed ? len - 3 : len);
    if (!name[0])
        fail("empty segment");
    for (size_t i = 0; i < parent->child_count; i++) {
        struct node *child = parent->children[i];
        if (strcasecmp(child->name, name) == 0) {
            if (strcmp(child->name, name) != 0 || child->indexed != indexed)
                fail("%s is spelt in two ways", name);
            return child;
        }
        if (child->any_name || any_name)
            fail("%s stands beside <name>", name);
    }
    if (parent->child_count == sizeof parent->children / sizeof *parent->children)
        fail("too many children");
    struct node *n = reserve(sizeof *n);
    n->name = name;
    n->parent = parent;
    n->any_name = any_name;
    n->indexed = indexed;
    size_t before = strlen(parent->path);
    n->path = reserve(before + len + 2);
    if (before) {
        memcpy(n->path, parent->path, before);
        n->path[before++] = '.';
    }
    memcpy(n->path + before, segment, len);
    parent->children[parent->child_count++] = n;
    return n;
}

static void read_row(struct node *top, char *text) {
    char *cell[COLUMNS];
    size_t count = 0;
    for (char *at = text; at; count++) {
        char *tab = strchr(at, '\t');
        if (tab)
            *tab = 0;
        if (count < COLUMNS)
            cell[count] = at;
        at = tab ? tab + 1 : NULL;
    }
    if (count != COLUMNS)
        fail("%zu columns instead of %d", count, COLUMNS);
    struct node *n = top;
    for (const char *at = cell[PATH];;) {
        size_t len = strcspn(at, ".");
        n = node_at(n, at, len);
        if (!at[len])
            break;
        at += len + 1;
    }
    if (n->cell[PATH])
        fail("%s is there twice", cell[PATH]);
    if (!cell[DOC][0] || cell[DOC][strlen(cell[DOC]) - 1] != '.')
        fail("%s has no sentence as doc", cell[PATH]);
    for (size_t i = 0; i < COLUMNS; i++)
        n->cell[i] = copy(cell[i], strlen(cell[i]));
    n->type = parse_type(cell[TYPE], cell[DEFAULT]);
    n->places = parse_places(cell[ALLOWED]);
    n->since = parse_version(cell[SINCE]);
    parse_version(cell[DEPRECATED]);
    row_count++;
}

static void read_table(struct node *top, const char *name) {
    char text[8192];
    FILE *in = fopen(name, "r");
    file = name;
    line = 0;
    if (!in)
        fail("cannot be read");
    while (fgets(text, sizeof text, in)) {
        line++;
        size_t len = strcspn(text, "\r\n");
        if (!text[len])
            fail("line is too long or not ended");
        text[len] = 0;
        if (line == 1 && !starts(text, "path\ttype\tdefault\tallowed\tdeprecated\tsince\tdoc"))
            fail("unexpected header");
        if (line > 1)
            read_row(top, text);
    }
    fclose(in);
}

static int by_name(const void *a, const void *b) {
    return strcasecmp((*(struct node *const *)a)->name, (*(struct node *const *)b)->name);
}

/* Breadth first: so the children of one node become neighbours. */
static void lay_out(struct node *top) {
    size_t at = node_count;
    top->index = node_count;
    nodes[node_count++] = top;
    for (; at < node_count; at++) {
        struct node *n = nodes[at];
        qsort(n->children, n->child_count, sizeof *n->children, by_name);
        n->first_child = n->child_count ? node_count : 0;
        for (size_t i = 0; i < n->child_count; i++) {
            if (node_count == NODES_MAX)
                fail("too many options");
            n->children[i]->index = node_count;
            nodes[node_count++] = n->children[i];
        }
    }
}

/* A node without a row may stand where, and since when, its children may. */
static void complete(void) {
    for (size_t i = node_count; i-- > 0;) {
        struct node *n = nodes[i];
        if (n->cell[PATH])
            continue;
        n->type = parse_type(n->parent ? "names" : "object", "");
        n->since = UINT32_MAX;
        for (size_t c = 0; c < n->child_count; c++) {
            n->places |= n->children[c]->places;
            if (n->children[c]->since < n->since)
                n->since = n->children[c]->since;
        }
        if (n->parent && !(n->child_count == 1 && n->children[0]->any_name))
            fail("%s has options below it but no row", n->path);
        if (n->parent)
            n->cell[DOC] = n->children[0]->cell[DOC];
    }
}

static void print_str(FILE *out, const char *text, size_t len) {
    fputs("{ \"", out);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < ' ' || c > '~')
            fprintf(out, "\\%03o", c);
        else
            fputc(c, out);
    }
    fprintf(out, "\", %zu }", len);
}

static void print_bound(FILE *out, int64_t value) {
    if (value == INT64_MIN)
        fputs("INT64_MIN", out);
    else if (value == INT64_MAX)
        fputs("INT64_MAX", out);
    else
        fprintf(out, "%" PRId64, value);
}

/* `0 (=len(rule))` is the text `0` and a note; `(2xx or 3xx)` and `unset` are notes alone. */
static void print_fallback(FILE *out, const char *text) {
    size_t len = strlen(text);
    const char *note = text[0] == '(' ? text : strstr(text, " (");
    if (len && text[len - 1] != ')')
        note = NULL;
    size_t literal = note ? (size_t)(note - text) : len;
    if (strcmp(text, "unset") == 0) {
        fputs("  .fallback_note = { \"unset\", 5 },\n", out);
        return;
    }
    if (literal) {
        fputs("  .fallback = ", out);
        print_str(out, text, literal);
        fputs(",\n", out);
    }
    if (note) {
        note += note[0] == ' ' ? 2 : 1;
        fputs("  .fallback_note = ", out);
        print_str(out, note, strlen(note) - 1);
        fputs(",\n", out);
    }
}

static void print_node(FILE *out, const struct node *n) {
    fputs("{ .path = ", out);
    print_str(out, n->path, strlen(n->path));
    fputs(",\n", out);
    if (n->cell[DEFAULT])
        print_fallback(out, n->cell[DEFAULT]);
    if (n->cell[DOC]) {
        fputs("  .doc = ", out);
        print_str(out, n->cell[DOC], strlen(n->cell[DOC]));
        fputs(",\n", out);
    }
    fprintf(out, "  .type = %s, .key_type = %s, .shape = %s, .ref = %s, .unit = %s,\n",
            n->type.name, n->type.key, n->type.shape, n->type.ref, n->type.unit);
    if (n->type.list >= 0)
        fprintf(out, "  .choices = choices_%d, .choice_count = %zu, .choices_nocase = %d,\n",
                n->type.list, list_sizes[n->type.list], n->type.nocase);
    fputs("  .min = ", out);
    print_bound(out, n->type.min);
    fputs(", .max = ", out);
    print_bound(out, n->type.max);
    const char *deprecated = n->cell[DEPRECATED] ? n->cell[DEPRECATED] : "";
    size_t path = strlen(n->path), name = strlen(n->name) + (n->indexed ? 3 : 0);
    fprintf(out, ",\n  .since = %" PRIu32 ", .deprecated = %" PRIu32 ", .ineffective = %d,\n",
            n->since, parse_version(deprecated), strchr(deprecated, '(') != NULL);
    fprintf(out, "  .parent = %zu, .first_child = %zu, .child_count = %zu, .name_at = %zu,\n",
            n->parent ? n->parent->index : UINT16_MAX, n->first_child, n->child_count, path - name);
    fprintf(out, "  .places = %u, .listed = %d, .any_name = %d, .indexed = %d },\n", n->places,
            n->cell[PATH] != NULL, n->any_name, n->indexed);
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: make_table OUTPUT DYNAMIC STATIC\n");
        return 2;
    }
    struct node *tops[2];
    for (int i = 0; i < 2; i++) {
        tops[i] = reserve(sizeof **tops);
        tops[i]->path = tops[i]->name = copy("", 0);
        read_table(tops[i], argv[2 + i]);
        lay_out(tops[i]);
    }
    complete();
    FILE *out = fopen(argv[1], "w");
    if (!out) {
        perror(argv[1]);
        return 1;
    }
    fputs("/* Made by make_table from the option tables; do not edit. */\n"
          "#include \"options/options.h\"\n\n",
          out);
    for (size_t i = 0; i < list_count; i++) {
        fprintf(out, "static const struct str choices_%zu[] = {", i);
        for (const char *at = lists[i];;) {
            size_t len = strcspn(at, ",");
            print_str(out, at, len);
            fputs(", ", out);
            if (!at[len])
                break;
            at += len + 1;
        }
        fputs("};\n", out);
    }
    fputs("\nconst struct option option_table[] = {\n", out);
    for (size_t i = 0; i < node_count; i++)
        print_node(out, nodes[i]);
    fprintf(out, "};\nconst uint16_t option_tops[2] = { %zu, %zu };\n", tops[0]->index,
            tops[1]->index);
    fprintf(out, "const size_t option_count = %zu, option_row_count = %zu;\n", node_count,
            row_count);
    return fclose(out) == 0 ? 0 : 1;
}
