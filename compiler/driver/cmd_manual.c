/* manual: itsupc(1) and itsup(5), out of the tables of commands and of the language. */
#include "driver/args.h"
#include "driver/roff.h"

static void section(struct buf *out, const char *name) {
    roff_heading(out, "SH", str_of(name));
}

static void prose(struct buf *out, const char *text) {
    roff_prose(out, str_of(text));
}

static void title(struct buf *out, const char *name, const char *number, const char *book) {
    buf_format(out,
               ".\\\" Made by `itsupc manual %s` from the tables of the program.\n"
               ".TH %s %s %s \"itsupc %s\" \"%s\"\n.nh\n.ad l\n",
               number, name, number, ITSUPC_DATE, itsupc_version(), book);
}

/* ---- itsupc(1) ---- */

static void flag_items(struct buf *out, uint64_t on, uint64_t except) {
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        const struct flag *flag = &flags[i];
        if (!(flag->on & on) || (flag->on & except))
            continue;
        buf_text(out, ".TP\n");
        if (flag->letter)
            buf_format(out, "\\fB\\-%c\\fR, ", flag->letter);
        buf_text(out, "\\fB");
        roff_literal(out, str_of("--"));
        roff_literal(out, str_of(flag->name));
        buf_text(out, "\\fR");
        if (flag->argument) {
            buf_text(out, " \\fI");
            roff_literal(out, str_of(flag->argument));
            buf_text(out, "\\fR");
        }
        buf_char(out, '\n');
        prose(out, flag->choices ? str_format(out->arena, "%s; `%s`", flag->gist, flag->choices).at
                                 : flag->gist);
    }
}

static void example_items(struct buf *out, const char *examples) {
    for (struct str rest = str_of(examples); rest.len;) {
        size_t tab = str_find(rest, '\t'), end = str_find(rest, '\n');
        buf_text(out, ".TP\n\\fB");
        roff_literal(out, str_slice(rest, 0, tab));
        buf_text(out, "\\fR\n");
        roff_prose(out, str_slice(rest, tab + 1, end));
        rest = str_from(rest, end + 1);
    }
}

static void command_part(struct buf *out, const struct command *command) {
    struct str usage = str_format(out->arena, "itsupc %s", command->verb);
    roff_heading(out, "SS", usage);
    buf_text(out, "\\fB");
    roff_literal(out, usage);
    buf_text(out, "\\fR [\\fIFLAGS\\fR] ");
    roff_literal(out, str_of(command->synopsis));
    buf_text(out, "\n.PP\n");
    prose(out, str_format(out->arena, "%c%s.", command->gist[0] - 'a' + 'A', command->gist + 1).at);
    if (*command->details)
        buf_text(out, ".PP\n");
    for (struct str rest = str_of(command->details); rest.len;) {
        size_t end = str_find(rest, '\n');
        roff_prose(out, str_slice(rest, 0, end));
        rest = end == STR_NONE ? STR("") : str_from(rest, end + 1);
    }
    flag_items(out, command->takes & ~EVERYWHERE, EVERYWHERE | FINDINGS);
    buf_text(out, ".PP\nExamples:\n");
    example_items(out, command->examples);
}

static void program(struct buf *out) {
    title(out, "ITSUPC", "1", "User Commands");
    section(out, "NAME");
    buf_text(out, "itsupc \\- compile ingress descriptions for Traefik and Docker Compose\n");
    section(out, "SYNOPSIS");
    buf_text(out, "\\fBitsupc\\fR \\fICOMMAND\\fR [\\fIFLAGS\\fR] [\\fIARGUMENTS\\fR]\n");
    section(out, "DESCRIPTION");
    prose(out,
          "itsupc reads descriptions of what is reachable under which name, in its own language");
    buf_text(out, "(\\fBitsup\\fR(5)) ");
    prose(out, "or in YAML and JSON, and tells every mistake with its place and its remedy before "
               "anything is deployed.");
    section(out, "COMMANDS");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].shown)
            command_part(out, &commands[i]);
    section(out, "FLAGS OF COMMANDS THAT TELL FINDINGS");
    flag_items(out, FINDINGS, EVERYWHERE);
    buf_text(out, ".PP\nA \\fIFORMAT\\fR is one of");
    for (const char *const *f = itsupc_formats; *f; f++)
        buf_format(out, "%s \\fB%s\\fR", f == itsupc_formats ? "" : ",", *f);
    buf_text(out, ".\n");
    prose(out,
          "At most 1,000 findings are printed in any of them; the summary tells the true numbers.");
    section(out, "FLAGS OF EVERY COMMAND");
    flag_items(out, EVERYWHERE, 0);
    section(out, "EXIT STATUS");
    buf_text(out, ".TP\n0\nclean\n.TP\n1\nfindings, or something that would change\n"
                  ".TP\n2\na command line that cannot be understood\n"
                  ".TP\n3\na failure to write, no memory left, or a mistake of the program\n.PP\n"
                  "The format of the findings does not change it.\n");
    section(out, "ENVIRONMENT");
    buf_text(out, ".TP\n\\fBNO_COLOR\\fR\nno colour, unless \\fB\\-\\-color always\\fR is given\n"
                  ".TP\n\\fBTERM\\fR\na terminal called \\fBdumb\\fR gets no colour\n");
    section(out, "SEE ALSO");
    buf_text(out, "\\fBitsup\\fR(5), \\fBdocker\\-compose\\fR(1)\n.PP\n");
    prose(out,
          "`itsupc explain CODE` shows the page of a finding, `itsupc help WORD` a word of the "
          "language.");
}

/* ---- itsup(5) ---- */

static void language(struct buf *out) {
    struct itsupc_options none = { 0 };
    struct itsupc *session = itsupc_new(&none);
    title(out, "ITSUP", "5", "File Formats");
    section(out, "NAME");
    buf_text(out, "itsup \\- the language of ingress descriptions\n");
    section(out, "DESCRIPTION");
    roff_markdown(
        out,
        STR("One line is one route, and it reads in the direction in which the request travels: "
            "the scheme is the routing mode, a pipe puts a middleware in between, the arrow leads "
            "to the service.\n\n"
            "```\n"
            "https://shop.example.com, www.shop.example.com | canonical -> web:3000 {\n"
            "  health /up every 10s timeout 3s\n"
            "}\n"
            "https://shop.example.com/api | rate(100/s, burst=200) | strip -> api:8000\n"
            "https://old.example.com => https://shop.example.com/archive 308\n"
            "tls://db.example.com:5432 | allow(192.0.2.0/24) -> postgres:5432\n"
            "```\n\n"
            "Files end in `.itsup`. A statement ends with its line or with `;`. `#` begins a "
            "comment. `{x}` stands for the value of `let x`, `${X}` is left for run time. Text "
            "with blanks stands in double quotes, text in which nothing is interpreted in "
            "backticks, text of several lines between three double quotes.\n\n"
            "All words below come from the tables by which the compiler judges.\n"));
    roff_markdown(out, str_of_text(itsupc_reference(session)));
    section(out, "SEE ALSO");
    buf_text(out, "\\fBitsupc\\fR(1)\n");
    itsupc_free(session);
}

enum outcome cmd_manual(struct run *run) {
    const char *wanted = run->args->operands.at[0];
    struct buf out = { .arena = run->arena };
    if (strcmp(wanted, "1") == 0) {
        program(&out);
    } else if (strcmp(wanted, "5") == 0) {
        language(&out);
    } else {
        run_say(run, "the manual has sections 1 and 5, not %s", wanted);
        return OUTCOME_USAGE;
    }
    stream_put(&run->out, buf_str(&out));
    return OUTCOME_CLEAN;
}
