/* The formatter: format twice = format once, no comment lost or moved past another, the tree kept;
   over every golden input, over made-up files, over mangled ones, and over trees without a text. */
#include "ast/comments.h"
#include "ast/format.h"
#include "grammar/parse.h"
#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#ifndef ROUNDS
#define ROUNDS 1500
#endif

/* ---- parse and format ---- */

struct work {
    struct arena arena;
    struct sources sources;
    struct diags diags;
    struct ast *ast;
};

static void read_text(struct work *w, struct str text) {
    *w = (struct work){ 0 };
    w->sources.arena = &w->arena;
    w->diags = (struct diags){ .arena = &w->arena, .sources = &w->sources };
    struct source *source = source_add(&w->sources, STR("test"), text);
    w->ast = parse_text(&w->arena, source, &w->diags);
}

static struct str comments_of(struct work *w, struct arena *to) {
    struct buf out = { .arena = to };
    for (struct comment *c = w->ast->comments; c; c = c->next) {
        buf_add(&out, str_trim(c->text));
        buf_char(&out, '\n');
    }
    return buf_str(&out);
}

struct result {
    struct str text, comments, shape;
    size_t errors;
    bool unreadable;
};

static struct result format(struct arena *to, struct str text) {
    struct work w;
    struct buf out = { .arena = to }, shape = { .arena = to };
    read_text(&w, text);
    struct result r = { .errors = w.ast->syntax_errors, .unreadable = w.ast->unreadable };
    r.comments = comments_of(&w, to);
    ast_dump_shape(&shape, w.ast);
    r.shape = buf_str(&shape);
    ast_attach_comments(w.ast, w.ast->comments);
    ast_format(&out, w.ast, &w.sources);
    r.text = buf_str(&out);
    arena_free(&w.arena);
    return r;
}

static void show(const char *what, struct str text) {
    fprintf(stderr, "---- %s\n%.*s\n", what, (int)text.len, text.at);
}

/* Bytes that are no layout, sorted: what may move (a comment past a comma) but not vanish. */
static void count_bytes(struct str text, size_t counts[256]) {
    for (size_t i = 0; i < text.len; i++)
        counts[(unsigned char)text.at[i]]++;
    for (const char *c = " \t\r\n,;"; *c; c++)
        counts[(unsigned char)*c] = 0;
}

static bool lines_fit(struct str text) {
    return text.len == 0 ||
           (text.at[text.len - 1] == '\n' && (text.len == 1 || text.at[text.len - 2] != '\n'));
}

static bool holds(struct str input, struct result *once, struct result *twice) {
    size_t before[256] = { 0 }, after[256] = { 0 };
    struct str body = str_starts(input, STR("\xef\xbb\xbf")) ? str_from(input, 3) : input;
    count_bytes(body, before);
    count_bytes(once->text, after);
    if (once->unreadable || (once->errors && str_eq(once->text, input)))
        return str_eq(once->text, input);
    return str_eq(once->text, twice->text) && str_eq(once->comments, twice->comments) &&
           memcmp(before, after, sizeof before) == 0 &&
           (once->errors > 0 ||
            (twice->errors == 0 && str_eq(once->shape, twice->shape) && lines_fit(once->text)));
}

static void check(struct str input) {
    struct arena arena = { 0 };
    struct result once = format(&arena, input), twice = format(&arena, once.text);
    if (!holds(input, &once, &twice)) {
        show("input", input);
        show("once", once.text);
        show("twice", twice.text);
        show("shape", once.shape);
        show("shape of the result", twice.shape);
        fail_msg("%zu errors, then %zu", once.errors, twice.errors);
    }
    arena_free(&arena);
}

/* ---- made-up files ---- */

struct make {
    struct buf *out;
    uint64_t state;
    size_t brackets; /* open ones: line ends are free */
    size_t comments;
};

static size_t pick(struct make *m, size_t n) {
    m->state = m->state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(m->state >> 33) % n;
}

static void line_end(struct make *m) {
    static const char *const ends[] = { "\n", "\n", "\n", "\r\n", "\n\n", " \n", "\n \t\n\n" };
    size_t n = pick(m, 12) == 0 ? 1 + pick(m, 3) : 0;
    if (pick(m, 8) == 0)
        buf_format(m->out, "%s#c%zu \xc3\xa4 {x} \"", pick(m, 2) ? " " : "", m->comments++);
    buf_text(m->out, ends[pick(m, 7)]);
    while (n--) {
        buf_repeat(m->out, ' ', pick(m, 5));
        buf_format(m->out, "# own%zu", m->comments++);
        buf_text(m->out, ends[pick(m, 7)]);
    }
    buf_repeat(m->out, ' ', pick(m, 9));
}

/* Blanks where a line end may stand too, one time in `often`. */
static void soft(struct make *m, size_t often) {
    if (pick(m, often) == 0)
        line_end(m);
    else
        buf_repeat(m->out, ' ', 1 + (pick(m, 6) == 0));
}

static void maybe_soft(struct make *m) {
    if (m->brackets && pick(m, 12) == 0)
        line_end(m);
    else
        buf_repeat(m->out, ' ', pick(m, 8) == 0);
}

static void word(struct make *m) {
    static const char *const words[] = {
        "a",
        "web",
        "web:3000",
        "{x}",
        "${X:?no such}",
        "10.0.0.0/8",
        "[::1]:80",
        "x#y",
        "/p?v=2",
        "traefik-with-a-rather-long-name.internal.example.com",
        "5%",
        "else",
        "in",
        "for",
        "~",
        "-",
        "\xc3\xa4pfel.example",
        "https://x//[::1]:9/",
        "let",
        "a-b",
        "template",
        "*.example.com",
    };
    buf_text(m->out, words[pick(m, 22)]);
}

static void name(struct make *m) {
    static const char *const names[] = { "a", "sso.guard", "rate", "X-Env", "project", "raw" };
    buf_text(m->out, names[pick(m, 6)]);
}

static void text(struct make *m) {
    static const char *const strings[] = { "\"\"", "\"a {b} \\\" # ; }\"", "\"\xf0\x9f\x9a\xa6\"" };
    if (pick(m, 5))
        word(m);
    else
        buf_text(m->out, strings[pick(m, 3)]);
}

static void args(struct make *m, size_t depth, char end);

static void value(struct make *m, size_t depth) {
    switch (pick(m, depth ? 8 : 5)) {
    case 0: buf_text(m->out, pick(m, 2) ? "`^/v[0-9]{1,3}/`" : "``"); break;
    case 1: text(m); break;
    case 2:
        if (pick(m, 4) == 0) {
            buf_text(m->out, pick(m, 2) ? "\"\"\"\n   k: \"v\" # no\n\n     l\r\n  \"\"\""
                                        : "\"\"\"\n\"\"\"");
            break;
        }
        word(m);
        break;
    case 5:
        name(m);
        buf_char(m->out, '(');
        args(m, depth - 1, ')');
        break;
    case 6:
        buf_char(m->out, '[');
        args(m, depth - 1, ']');
        break;
    default: word(m);
    }
}

static void arg(struct make *m, size_t depth) {
    if (pick(m, 4) == 0) {
        name(m);
        maybe_soft(m);
        buf_char(m->out, '=');
        maybe_soft(m);
    }
    value(m, depth);
}

/* Behind an opening bracket; a line end that is followed by a word ends the list, so none there. */
static void args(struct make *m, size_t depth, char end) {
    m->brackets++;
    size_t count = pick(m, 12) == 0 ? 12 : pick(m, 4);
    maybe_soft(m);
    for (size_t i = 0; i < count; i++) {
        arg(m, depth);
        if (i + 1 < count || pick(m, 4) == 0) {
            buf_char(m->out, ',');
            soft(m, 5);
        }
    }
    maybe_soft(m);
    buf_char(m->out, end);
    m->brackets--;
}

static void body(struct make *m, size_t depth, bool one_line);

static void block(struct make *m, size_t depth, bool one_line) {
    if (one_line || pick(m, 3) == 0) {
        buf_text(m->out, "{ ");
        body(m, depth - 1, true);
        buf_text(m->out, " }");
    } else {
        buf_char(m->out, '{');
        line_end(m);
        body(m, depth - 1, false);
        line_end(m);
        buf_char(m->out, '}');
    }
}

static void maybe_block(struct make *m, size_t depth, bool one_line) {
    if (!depth || pick(m, 3))
        return;
    soft(m, one_line ? 1000000 : 9);
    block(m, depth, one_line);
}

static void commas(struct make *m, void (*item)(struct make *), size_t often) {
    size_t count = 1 + (pick(m, 3) == 0 ? pick(m, 6) : 0);
    for (size_t i = 0; i < count; i++) {
        item(m);
        if (i + 1 < count) {
            buf_char(m->out, ',');
            soft(m, often);
        }
    }
}

static void target(struct make *m) {
    static const char *const targets[] = { "web:3000", "\"a b\"", "http://10.0.0.1:80", ":443" };
    buf_text(m->out, targets[pick(m, 4)]);
    if (pick(m, 4) == 0)
        buf_text(m->out, " 50%");
}

static void link(struct make *m, size_t depth) {
    name(m);
    if (pick(m, 3) == 0) {
        buf_char(m->out, '(');
        args(m, depth, ')');
    }
}

static void route(struct make *m, size_t depth, bool one_line) {
    size_t often = one_line ? 1000000 : 4;
    buf_text(m->out, pick(m, 3) ? "https://" : "/v1");
    commas(m, word, often);
    for (size_t n = pick(m, 4); n; n--) {
        soft(m, often);
        buf_char(m->out, '|');
        soft(m, often);
        link(m, one_line ? 0 : 2);
    }
    switch (pick(m, depth ? 4 : 3)) {
    case 0:
        soft(m, often);
        buf_text(m->out, pick(m, 2) ? "=> https://x.example/a 308" : "=> /a");
        maybe_block(m, depth, one_line);
        break;
    case 3:
        soft(m, often);
        block(m, depth, one_line);
        break;
    default:
        soft(m, often);
        buf_text(m->out, "-> ");
        commas(m, target, often);
        while (pick(m, 4) == 0) {
            soft(m, often);
            buf_text(m->out, "else ");
            commas(m, target, often);
        }
        maybe_block(m, depth, one_line);
    }
}

static void setting_arg(struct make *m) {
    arg(m, 1);
}

static void params(struct make *m) {
    m->brackets++;
    for (size_t n = pick(m, 5); n; n--) {
        maybe_soft(m);
        buf_text(m->out, pick(m, 2) ? "project int 1..9999" : "branch slug(20)");
        buf_text(m->out, pick(m, 2) ? "= \"main\"" : "");
        maybe_soft(m);
        if (n > 1 || pick(m, 2))
            buf_char(m->out, ',');
    }
    maybe_soft(m);
    m->brackets--;
}

static void statement(struct make *m, size_t depth, bool one_line) {
    size_t deep = one_line ? 0 : 3;
    switch (pick(m, 9)) {
    case 0:
        buf_text(m->out, "let  x =");
        value(m, deep);
        break;
    case 1:
        buf_text(m->out, "middleware m =");
        link(m, deep);
        for (size_t n = pick(m, 4); n; n--) {
            soft(m, one_line ? 1000000 : 4);
            buf_text(m->out, "|");
            link(m, deep);
        }
        break;
    case 2:
        if (depth) {
            buf_text(m->out, "template t(");
            if (!one_line)
                params(m);
            buf_text(m->out, ")");
            soft(m, one_line ? 1000000 : 9);
            block(m, depth, one_line);
            break;
        }
        buf_text(m->out, "for *.a.example");
        break;
    case 3:
        buf_text(m->out, "for n in ");
        value(m, deep);
        buf_text(m->out, " t(");
        args(m, deep, ')');
        break;
    case 4:
        name(m);
        buf_char(m->out, '(');
        args(m, deep, ')');
        break;
    case 5:
    case 6:
        name(m);
        for (size_t n = pick(m, 4); n; n--) {
            buf_char(m->out, ' ');
            commas(m, one_line ? text : setting_arg, one_line ? 1000000 : 5);
        }
        maybe_block(m, depth, one_line);
        break;
    default: route(m, depth, one_line);
    }
}

static void body(struct make *m, size_t depth, bool one_line) {
    for (size_t n = pick(m, 5); n; n--) {
        statement(m, depth, one_line);
        if (n == 1)
            break;
        if (one_line || pick(m, 6) == 0)
            buf_text(m->out, pick(m, 5) ? "; " : ";;");
        else
            line_end(m);
    }
}

static struct str make_file(struct arena *arena, uint64_t seed) {
    struct buf out = { .arena = arena };
    struct make m = { .out = &out, .state = seed * 2654435761u + 1 };
    for (int i = 0; i < 4; i++)
        pick(&m, 2);
    if (pick(&m, 20) == 0)
        buf_text(&out, "\xef\xbb\xbf");
    if (pick(&m, 4) == 0)
        line_end(&m);
    body(&m, 3, false);
    if (pick(&m, 4))
        line_end(&m);
    return buf_str(&out);
}

static void made_files_keep_their_properties(void **state) {
    (void)state;
    size_t whole = 0;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct arena arena = { 0 };
        struct str text = make_file(&arena, seed);
        struct work w;
        read_text(&w, text);
        whole += w.ast->syntax_errors == 0;
        arena_free(&w.arena);
        check(text);
        arena_free(&arena);
    }
    /* A generator that makes errors only would test little. */
    if (whole < ROUNDS / 2)
        fail_msg("only %zu of %d files are free of errors", whole, ROUNDS);
}

static void mangled_files_keep_their_properties(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct arena arena = { 0 };
        struct str text = make_file(&arena, seed);
        if (text.len == 0)
            continue;
        struct make m = { .state = seed + 77 };
        char *at = arena_copy(&arena, text.at, text.len);
        for (size_t n = 1 + pick(&m, 4); n && text.len; n--) {
            static const char marks[] = "(){}[]\"`|,;=>#\n\\'a -$?";
            at[pick(&m, text.len)] = marks[pick(&m, sizeof marks - 1)];
        }
        check((struct str){ at, text.len });
        arena_free(&arena);
    }
}

/* ---- trees without a text ---- */

static void words_are_told_from_text(void **state) {
    (void)state;
    static const char *const words[] = {
        "a",
        "web:3000",
        "https://x.example/#top",
        "/x?v=2",
        "?a=b",
        "{x}",
        "a{x.y}b",
        "${X}",
        "${X:?not set}",
        "${X:-${Y}}",
        "[::1]:80",
        "http://[::1]:80",
        "a-b",
        "-",
        "x#y",
        "it's",
        "*.example.com",
        "5%",
        "~",
        "$",
        "\xc3\xa4pfel",
        "a-",
    };
    static const char *const texts[] = {
        "",    "a b", "#x",    "a=b",     "a,b",  "a;b",  "a|b",  "a->b",       "a>",
        "(a)", "[a]", "[::1]", "//[::1]", "{",    "{}",   "{1}",  "a{",         "${",
        "${X", "'a'", "`a",    "\"a\"",   "a\\b", "a\tb", "a\nb", "a\xc2\xa0.", "\x7f",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!format_is_word(str_of(words[i])))
            fail_msg("`%s` is a word", words[i]);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (format_is_word(str_of(texts[i])))
            fail_msg("`%s` is no word", texts[i]);
}

/* What a quoted form means, by the rules of LANGUAGE: written apart from the model on purpose. */
static struct str meaning(struct arena *arena, struct node *node) {
    struct buf out = { .arena = arena };
    struct str s = node_text(node)->text;
    if (node->kind == NODE_WORD || node->kind == NODE_RAW)
        return s;
    if (node->kind == NODE_HEREDOC) {
        size_t indent = 0;
        s = str_from(s, 1);
        s.len = str_find_last(s, '\n') + 1;
        struct str rest = node_text(node)->text;
        indent = rest.len - str_find_last(rest, '\n') - 1 + 2;
        for (size_t i = 0; i < s.len; i++) {
            if ((i == 0 || s.at[i - 1] == '\n') && s.at[i] != '\n')
                i += indent;
            if (s.at[i] != '\\')
                buf_char(&out, s.at[i]);
        }
        return buf_str(&out);
    }
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == '\\') {
            c = s.at[++i];
            c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
            if (c == 'u') {
                c = (char)strtol(s.at + i + 2, NULL, 16);
                i = str_find(str_from(s, i), '}') + i;
            }
        }
        buf_char(&out, c);
    }
    return buf_str(&out);
}

static struct str random_text(struct arena *arena, struct make *m) {
    static const char *const pieces[] = {
        "a",    "web",      " ",  "\n",    "key: value\n", "  ",     "{x}",        "${X}", "$",
        "{",    "}",        "\"", "`",     "\\",           "#",      "=",          "\t",   "\r",
        "\x01", "\xc3\xa4", "->", "[::1]", ":80",          "a\nb\n", "${a{b{c}}}", "/",
    };
    struct buf out = { .arena = arena };
    for (size_t n = pick(m, 7); n; n--)
        buf_text(&out, pieces[pick(m, 26)]);
    return buf_str(&out);
}

static struct node *plain(struct arena *a, const char *word) {
    return ast_text(a, NODE_WORD, (struct span){ 0 }, str_of(word), 0);
}

static struct node *free_form(struct arena *a, struct str text) {
    struct node *node = ast_text(a, NODE_RAW, (struct span){ 0 }, text, 0);
    node->free_form = true;
    return node;
}

static struct nodes one(struct node *node) {
    return nodes_append((struct nodes){ 0 }, node);
}

/* project a { let x = TEXT; use f(x=TEXT, [TEXT]); https://a -> TEXT } and a comment for each */
static struct ast *imported(struct arena *a, struct str text, bool one_line) {
    struct span none = { 0 };
    struct nodes args = one(ast_arg(a, none, plain(a, "x"), free_form(a, text)));
    args = nodes_append(args, ast_list(a, none, one(free_form(a, text)), false));
    struct node *call = ast_call(a, none, plain(a, "f"), args);
    struct node *target = ast_target(a, none, free_form(a, text), plain(a, "5%"));
    struct node *statements[] = {
        ast_let(a, none, plain(a, "x"), free_form(a, text)),
        ast_setting(a, none, plain(a, "use"), one(call), NULL),
        ast_route(a, none, one(free_form(a, STR("https://a"))), (struct nodes){ 0 },
                  one(ast_pool(a, none, one(target))), NULL),
    };
    struct nodes body = { 0 };
    for (size_t i = 0; i < 3; i++) {
        if (!one_line) {
            struct comment *comment = arena_new(a, struct comment);
            comment->text = STR("# why");
            statements[i]->blank_before = i;
            statements[i]->trivia = arena_new(a, struct trivia);
            statements[i]->trivia->before = comment;
        }
        body = nodes_append(body, statements[i]);
    }
    struct node *block = ast_block(a, none, body);
    block->one_line = one_line;
    struct ast *ast = arena_new(a, struct ast);
    ast->arena = a;
    ast->body = one(ast_setting(a, none, plain(a, "project"), one(plain(a, "a")), block));
    return ast;
}

static void check_meaning(struct arena *arena, struct node *node, struct str text) {
    struct str got = meaning(arena, node);
    if (!str_eq(got, text)) {
        show("text", text);
        show("read back", got);
        fail_msg("the text has changed");
    }
}

static void imported_trees_are_read_back(void **state) {
    (void)state;
    struct make m = { .state = 7 };
    for (size_t round = 0; round < ROUNDS; round++) {
        struct arena arena = { 0 };
        struct sources none = { .arena = &arena };
        struct str text = random_text(&arena, &m);
        struct buf out = { .arena = &arena };
        ast_format(&out, imported(&arena, text, round % 2), &none);
        struct work w;
        read_text(&w, buf_str(&out));
        if (w.ast->syntax_errors) {
            show("text", text);
            show("written", buf_str(&out));
            fail_msg("%zu errors", w.ast->syntax_errors);
        }
        check(buf_str(&out));
        struct node *node = node_setting(w.ast->body.head)->block->body.head;
        struct node *use = node->next, *route = use->next;
        struct node *call = node_setting(use)->args.head;
        struct node *arg = node_call(call)->args.head;
        struct node *pool = node_route(route)->pools.head;
        check_meaning(&w.arena, node_let(node)->value, text);
        check_meaning(&w.arena, node_arg(arg)->value, text);
        check_meaning(&w.arena, node_list(arg->next)->items.head, text);
        check_meaning(&w.arena, node_target(node_pool(pool)->targets.head)->text, text);
        arena_free(&w.arena);
        arena_free(&arena);
    }
}

static void imported_layout_is_canonical(void **state) {
    (void)state;
    struct arena arena = { 0 };
    struct sources none = { .arena = &arena };
    struct buf out = { .arena = &arena };
    ast_format(&out, imported(&arena, STR("k: \"{x}\"\nl:\n  - m\n"), false), &none);
    assert_str(buf_str(&out), STR("project a {\n"
                                  "  # why\n"
                                  "  let x = \"\"\"\n"
                                  "    k: \"\\{x}\"\n"
                                  "    l:\n"
                                  "      - m\n"
                                  "  \"\"\"\n"
                                  "\n"
                                  "  # why\n"
                                  "  use f(x=\"\"\"\n"
                                  "    k: \"\\{x}\"\n"
                                  "    l:\n"
                                  "      - m\n"
                                  "  \"\"\", [\"\"\"\n"
                                  "    k: \"\\{x}\"\n"
                                  "    l:\n"
                                  "      - m\n"
                                  "  \"\"\"])\n"
                                  "\n"
                                  "  # why\n"
                                  "  https://a -> \"k: \\\"\\{x}\\\"\\nl:\\n  - m\\n\" 5%\n"
                                  "}\n"));
    arena_free(&arena);
}

/* ---- golden inputs ---- */

#ifdef GOLDEN_FOLDER
static struct str read_file(struct arena *arena, const char *path) {
    struct buf out = { .arena = arena };
    char bytes[4096];
    size_t n;
    FILE *file = fopen(path, "rb");
    if (!file)
        return STR("");
    while ((n = fread(bytes, 1, sizeof bytes, file)) > 0)
        buf_add(&out, (struct str){ bytes, n });
    fclose(file);
    return buf_str(&out);
}

static size_t check_folder(struct arena *arena, const char *folder, size_t depth) {
    size_t count = 0;
    DIR *dir = opendir(folder);
    if (!dir)
        return 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        struct str path = str_format(arena, "%s/%s", folder, entry->d_name);
        if (str_ends(path, STR(".itsup")) || str_ends(path, STR("/formatted"))) {
            check(read_file(arena, path.at));
            count++;
        } else if (depth) {
            count += check_folder(arena, path.at, depth - 1);
        }
    }
    closedir(dir);
    return count;
}

static void golden_inputs_keep_their_properties(void **state) {
    (void)state;
    struct arena arena = { 0 };
    assert_true(check_folder(&arena, GOLDEN_FOLDER, 6) > 50);
    arena_free(&arena);
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
#ifdef GOLDEN_FOLDER
        cmocka_unit_test(golden_inputs_keep_their_properties),
#endif
        cmocka_unit_test(made_files_keep_their_properties),
        cmocka_unit_test(mangled_files_keep_their_properties),
        cmocka_unit_test(words_are_told_from_text),
        cmocka_unit_test(imported_trees_are_read_back),
        cmocka_unit_test(imported_layout_is_canonical),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
