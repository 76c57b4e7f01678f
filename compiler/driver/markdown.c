/* Markdown as a terminal shows it: headings bold, code indented, the rest as written. */
#include "driver/markdown.h"

static void print_heading(struct stream *out, struct str line) {
    while (line.len && line.at[0] == '#')
        line = str_from(line, 1);
    stream_styled(out, STYLE_BOLD, str_trim(line));
}

/* "```yaml compose.yml" opens a block that is the text of that file. */
static void print_file_name(struct stream *out, struct str fence) {
    size_t blank = str_find(fence, ' ');
    if (blank == STR_NONE)
        return;
    stream_text(out, "  ");
    stream_put(out, str_from(fence, blank + 1));
    stream_text(out, ":\n");
}

void markdown_print(struct stream *out, struct str text) {
    bool code = false;
    while (text.len) {
        size_t end = str_find(text, '\n');
        struct str line = str_slice(text, 0, end);
        text = end == STR_NONE ? STR("") : str_from(text, end + 1);
        if (str_starts(line, STR("```"))) {
            code = !code;
            print_file_name(out, line);
            continue;
        }
        if (code && line.len)
            stream_text(out, "    ");
        if (!code && str_starts(line, STR("#")))
            print_heading(out, line);
        else
            stream_put(out, line);
        stream_text(out, "\n");
    }
}
