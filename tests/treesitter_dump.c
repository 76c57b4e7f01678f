/* What tree-sitter makes of *.itsup with the parser of editors/tree-sitter: each word and mark with
   its bytes, and what is wrong. Status 1 when a query before `--` is not valid.

   usage: treesitter_dump [--captures] [QUERY...] -- FILE...
   A line per word: `word FROM TO`; `error FROM TO` where the text does not fit the grammar; `file
   N` ends the Nth file. With --captures a line per capture of the query instead: its name, and the
   lines that it reaches from and to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_itsup(void);

static char *read_file(const char *path, size_t *len) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) {
        perror(path);
        exit(2);
    }
    long size = ftell(file);
    char *text = malloc((size_t)size + 1);
    rewind(file);
    *len = text ? fread(text, 1, (size_t)size, file) : 0;
    fclose(file);
    return text;
}

/* How the compiler calls it: a word or text counts as one, whatever pieces it is coloured in. */
static const struct {
    const char *type, *kind;
} kinds[] = {
    { "word", "word" },      { "pattern", "pattern" }, { "string", "string" },
    { "raw_string", "raw" }, { "heredoc", "heredoc" }, { "comment", NULL },
    { ";", NULL },
};

static void dump(TSNode node) {
    const char *type = ts_node_type(node), *kind = ts_node_child_count(node) ? "" : type;
    unsigned from = ts_node_start_byte(node), to = ts_node_end_byte(node);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(type, kinds[i].type) == 0)
            kind = kinds[i].kind;
    if (strcmp(type, "pattern") == 0 && !ts_node_is_null(ts_node_prev_sibling(node)))
        kind = "word"; /* the compiler tells the first alone by its shape */
    if (strcmp(type, "ERROR") == 0 || ts_node_is_missing(node))
        printf("error %u %u\n", from, to);
    else if (kind && *kind && to > from)
        printf("%s %u %u\n", kind, from, to);
    if (kind && !*kind)
        for (unsigned i = 0; i < ts_node_child_count(node); i++)
            dump(ts_node_child(node, i));
}

static TSQuery *read_query(const char *path) {
    size_t len;
    uint32_t at;
    TSQueryError error;
    char *text = read_file(path, &len);
    TSQuery *query = ts_query_new(tree_sitter_itsup(), text, (uint32_t)len, &at, &error);
    if (!query)
        printf("%s: error %d at byte %u: %.40s\n", path, (int)error, at, text + at);
    free(text);
    return query;
}

/* Its captures, and the lines from which to which they reach; predicates are not asked. */
static void captures(TSQuery *query, TSNode root) {
    TSQueryCursor *cursor = ts_query_cursor_new();
    TSQueryMatch match;
    uint32_t at, len;
    ts_query_cursor_exec(cursor, query, root);
    while (ts_query_cursor_next_capture(cursor, &match, &at)) {
        TSQueryCapture capture = match.captures[at];
        printf("%s %u %u\n", ts_query_capture_name_for_id(query, capture.index, &len),
               ts_node_start_point(capture.node).row, ts_node_end_point(capture.node).row);
    }
    ts_query_cursor_delete(cursor);
}

int main(int count, char **words) {
    int at = 1, status = 0;
    bool ask = count > 1 && strcmp(words[1], "--captures") == 0;
    TSQuery *query = NULL;
    for (at += ask; at < count && strcmp(words[at], "--") != 0; at++) {
        if (query)
            ts_query_delete(query);
        query = read_query(words[at]);
        status |= query == NULL;
    }
    TSParser *parser = ts_parser_new();
    if (!ts_parser_set_language(parser, tree_sitter_itsup())) {
        puts("the parser is not of this tree-sitter's generation");
        return 2;
    }
    for (int i = at + 1; i < count; i++) {
        size_t len;
        char *text = read_file(words[i], &len);
        TSTree *tree = ts_parser_parse_string(parser, NULL, text, (uint32_t)len);
        if (ask && query)
            captures(query, ts_tree_root_node(tree));
        else
            dump(ts_tree_root_node(tree));
        printf("file %d\n", i - at - 1);
        ts_tree_delete(tree);
        free(text);
    }
    ts_parser_delete(parser);
    if (query)
        ts_query_delete(query);
    return status;
}
