/* Compares our reader of YAML with libyaml: on each file named, and on mutants of it.
   usage: yaml_readers MUTANTS SEED FILE…   (MUTANTS: in all; the same for the same seed)
   Prints how many were read by both; status 1 and the text when they differ. */
#include "lower/text_check.h"
#include "support/buf.h"
#include "tests/same_tree.h"

#include <stdlib.h>

enum { LARGEST = 64 * 1024 };

struct texts {
    struct arena arena;
    struct str *list;
    size_t count;
};

struct tally {
    size_t both, one, none, unreadable;
};

/* ---- chance ---- */

static uint64_t state;

static size_t below(size_t n) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return n ? (size_t)(state * 0x2545f4914f6cdd1du >> 33) % n : 0;
}

/* ---- mutants ---- */

static const char *const tokens[] = {
    ":",
    ": ",
    " :",
    "- ",
    "-",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    " ",
    "  ",
    "    ",
    "\t",
    "#",
    " #",
    " # c\n",
    "[",
    "]",
    "{",
    "}",
    ",",
    ", ",
    "'",
    "''",
    "\"",
    "\\",
    "\\n",
    "\\x41",
    "\\u20ac",
    "\\\n",
    "&a ",
    "&a\n",
    "*a",
    "<<: *a",
    "!!str ",
    "!t ",
    "|",
    "|\n",
    ">\n",
    "|-\n",
    ">+\n",
    "|2\n",
    "---",
    "---\n",
    "...\n",
    "%",
    "%YAML",
    "?",
    "? ",
    "~",
    "null",
    "@",
    "`",
    "\xc3\xa9",
    "\xef\xbb\xbf",
    "\xc2\x85",
    "\xe2\x80\xa8",
    "a: b",
    "a: b\n",
    "- a\n",
    "\n  - ",
    "\n- ",
    "\n  a: ",
    "a",
    "key",
    "[]",
    "{}",
    "[a, b]",
    "{a: b}",
    "\"a\": ",
    "'a': ",
    "\n \n",
};

static struct str some_of(const struct texts *t) {
    struct str from = t->list[below(t->count)];
    size_t at = below(from.len), len = below(below(4) ? 12 : 200);
    return str_slice(from, at, at + len);
}

static size_t line_at(struct str s, size_t at) {
    while (at > 0 && s.at[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_behind(struct str s, size_t at) {
    while (at < s.len && s.at[at] != '\n')
        at++;
    return at < s.len ? at + 1 : at;
}

static struct str splice(struct arena *a, struct str s, size_t from, size_t to, struct str by) {
    struct buf out = { .arena = a };
    buf_add(&out, str_slice(s, 0, from));
    buf_add(&out, by);
    buf_add(&out, str_from(s, to));
    return buf_str(&out);
}

static struct str mutate(struct arena *a, const struct texts *t, struct str s) {
    size_t at = below(s.len + 1), line = line_at(s, at), next = line_behind(s, at);
    char byte = (char)(below(3) ? 0x20 + below(0x5f) : below(256));
    switch (below(9)) {
    case 0: return splice(a, s, at, at + 1, (struct str){ &byte, 1 });
    case 1: return splice(a, s, at, at + 1 + below(8), STR(""));
    case 2: return splice(a, s, at, at, some_of(t));
    case 3: return splice(a, s, line, next, STR(""));
    case 4: return splice(a, s, line, line, STR("  "));
    case 5: return splice(a, s, line, line + below(4), STR(""));
    case 6: return splice(a, s, at, s.len, STR(""));
    default: return splice(a, s, at, at, str_of(tokens[below(sizeof tokens / sizeof *tokens)]));
    }
}

/* A small piece of a text is more likely to stay YAML than a long one with a mistake. */
static struct str mutant(struct arena *a, const struct texts *t) {
    struct str s = t->list[below(t->count)];
    if (below(2)) {
        size_t from = line_at(s, below(s.len)), to = from;
        for (size_t lines = 1 + below(12); lines > 0; lines--)
            to = line_behind(s, to);
        s = str_slice(s, from, to);
    }
    for (size_t n = 1 + below(4); n > 0; n--)
        s = mutate(a, t, s);
    return s;
}

/* ---- comparing ---- */

static bool readable(struct arena *arena, struct str text) {
    struct sources sources = { .arena = arena };
    struct diags diags = { .arena = arena, .sources = &sources };
    return text_check_yaml(&diags, source_add(&sources, STR("input"), text));
}

static bool compare(struct arena *arena, struct str text, struct tally *tally) {
    struct tree_difference d;
    /* Of the exact size, so that a sanitizer sees a read behind the end. */
    char *copy = malloc(text.len ? text.len : 1);
    if (!copy)
        return false;
    if (text.len)
        memcpy(copy, text.at, text.len);
    text.at = copy;
    bool same = true;
    if (text.len == 0 || !readable(arena, text)) {
        tally->unreadable++;
    } else {
        switch (readers_compare(arena, text, &d)) {
        case READERS_AGREE: tally->both++; break;
        case READERS_ONE: tally->one++; break;
        case READERS_NONE: tally->none++; break;
        case READERS_DIFFER:
            printf("%s differs at %u:\n%.*s\n", d.what, (unsigned)d.at, STR_ARG(text));
            same = false;
        }
    }
    free(copy);
    return same;
}

static bool read_file(struct texts *t, const char *path) {
    static char text[LARGEST];
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    if (size > 0 && size < sizeof text)
        t->list[t->count++] = str_copy(&t->arena, (struct str){ text, size });
    return true;
}

static void print(const char *what, const struct tally *t) {
    printf("%s: %zu read by both, %zu by libyaml alone, %zu by neither, %zu are no text\n", what,
           t->both, t->one, t->none, t->unreadable);
}

int main(int argc, char **argv) {
    struct texts texts = { 0 };
    struct tally files = { 0 }, mutants = { 0 };
    struct arena arena = { 0 };
    bool same = argc > 3;
    size_t wanted = same ? strtoul(argv[1], NULL, 10) : 0;
    state = same ? strtoul(argv[2], NULL, 10) | 1 : 1;
    texts.list = arena_array(&texts.arena, struct str, (size_t)argc + 1);
    for (int i = 3; i < argc; i++)
        if (!read_file(&texts, argv[i])) {
            perror(argv[i]);
            return 2;
        }
    for (size_t i = 0; i < texts.count && same; i++) {
        same = compare(&arena, texts.list[i], &files);
        arena_reset(&arena);
    }
    print("files", &files);
    for (size_t i = 0; i < wanted && same && texts.count > 0; i++) {
        same = compare(&arena, mutant(&arena, &texts), &mutants);
        arena_reset(&arena);
    }
    print("mutants", &mutants);
    arena_free(&arena);
    arena_free(&texts.arena);
    return same ? 0 : 1;
}
