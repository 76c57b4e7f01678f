/* Markdown as a terminal shows it: headings bold, code indented, the rest as written. */
#include "driver/markdown.h"

static void print_heading(struct stream *out, struct str line) {
    while (line.len && line.at[0] == '#')
        line = str_from(line, 1);
    stream_styled(out, STYLE_BOLD, str_trim(line));
}

void markdown_print(struct stream *out, struct str text) {
    bool code = false;
    while (text.len) {
        size_t end = str_find(text, '\n');
        struct str line = str_slice(text, 0, end);
        text = end == STR_NONE ? STR("") : str_from(text, end + 1);
        if (str_starts(line, STR("```"))) {
            code = !code;
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
