/* Findings about what the driver compared: outputs with what a build would write, files with the
   canonical layout. */
#include "session.h"

static const struct {
    enum diag_code code;
    const char *text, *effect, *help;
} outputs[] = {
    [ITSUPC_OUTPUT_EDITED] = { DIAG_OUTPUT_EDITED, "was changed by hand", "nothing is written",
                               "move the change into the sources; --force overwrites it" },
    [ITSUPC_OUTPUT_FOREIGN] = { DIAG_OUTPUT_FOREIGN, "was not written by itsupc",
                                "nothing is written",
                                "bring .itsupc/manifest along if it is an output of ours; else move "
                                "it away, or build into another folder with -o; --force overwrites it" },
    [ITSUPC_OUTPUT_LINK] = { DIAG_OUTPUT_PLACE, "is a symlink, which is not followed",
                             "nothing is written", "move it away; --force replaces it" },
    [ITSUPC_OUTPUT_BEHIND_LINK] = { DIAG_OUTPUT_PLACE, "is behind a symlink, which is not followed",
                                    "nothing is written",
                                    "move the link away, or build where it leads with -o" },
    [ITSUPC_OUTPUT_BEHIND_FILE] = { DIAG_OUTPUT_PLACE, "is behind a file where a folder belongs",
                                    "nothing is written", "move that file away" },
    [ITSUPC_OUTPUT_IS_NO_FILE] = { DIAG_OUTPUT_PLACE, "is a folder or device where a file belongs",
                                   "nothing is written", "move it away" },
    [ITSUPC_OUTPUT_STALE] = { DIAG_OUTPUT_STALE, "is not what its sources say",
                              "what runs is older than its description", "run `itsupc build`" },
    [ITSUPC_OUTPUT_ABSENT] = { DIAG_OUTPUT_STALE, "is not written yet",
                               "what runs knows nothing of it", "run `itsupc build`" },
    [ITSUPC_OUTPUT_LEFT] = { DIAG_OUTPUT_STALE, "has no source any more", "what runs still has it",
                             "run `itsupc build`, which removes it" },
};

void itsupc_add_output(struct itsupc *s, const char *name, enum itsupc_output what) {
    struct source *empty = source_add(&s->sources, str_copy(&s->arena, str_of(name)), STR(""));
    struct span at = empty ? span_of(empty, 0, 0) : (struct span){ 0, 0 };
    struct diag *d =
        diag_add(&s->diags, outputs[what].code, at, "`%s` %s", name, outputs[what].text);
    diag_effect(&s->diags, d, "%s", outputs[what].effect);
    diag_help(&s->diags, d, "%s", outputs[what].help);
}

static struct source *latest(const struct itsupc *s, struct str name) {
    for (size_t i = s->sources.count; i > 0; i--)
        if (str_eq(s->sources.list[i - 1]->name, name))
            return s->sources.list[i - 1];
    return NULL;
}

static size_t common_start(struct str a, struct str b) {
    size_t most = a.len < b.len ? a.len : b.len, at = 0;
    while (at < most && a.at[at] == b.at[at])
        at++;
    return at;
}

static size_t common_end(struct str a, struct str b) {
    size_t most = a.len < b.len ? a.len : b.len, len = 0;
    while (len < most && a.at[a.len - 1 - len] == b.at[b.len - 1 - len])
        len++;
    return len;
}

/* Whole lines: a fix that begins inside of one would be hard to read. */
static size_t line_start(struct str text, size_t at) {
    while (at && text.at[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_end(struct str text, size_t at) {
    while (at < text.len && text.at[at] != '\n')
        at++;
    return at;
}

void itsupc_add_layout(struct itsupc *s, const char *name, struct itsupc_text laid_out) {
    struct source *source = latest(s, str_of(name));
    struct str after = { laid_out.at, laid_out.len };
    if (!source || str_eq(source->text, after))
        return;
    struct str before = source->text;
    size_t from = line_start(before, common_start(before, after));
    size_t same = common_end(str_from(before, from), str_from(after, from));
    struct span first = span_of(source, from, line_end(before, from));
    struct diag *d =
        diag_add(&s->diags, DIAG_LAYOUT, first, "this file is not in the canonical layout");
    diag_effect(&s->diags, d, "from here on");
    diag_help(&s->diags, d, "run `itsupc fmt`");
    diag_fix_replace(&s->diags, d, true, span_of(source, from, before.len - same),
                     str_copy(&s->arena, str_slice(after, from, after.len - same)));
}
