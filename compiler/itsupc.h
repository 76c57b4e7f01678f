/* The compiler as a library: compile, check, format and explain; no terminal, no disk, no clock.

   Files come through a loader that the caller hands in, so that the disk, an editor's buffers and a
   fuzzer look alike. Everything lives in one session and goes with it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct itsupc;

struct itsupc_text {
    const char *at;
    size_t len;
};

enum itsupc_load {
    ITSUPC_LOADED,
    ITSUPC_MISSING,
    ITSUPC_NOT_A_FILE, /* folder, device, FIFO, socket */
    ITSUPC_TOO_LARGE,  /* above ITSUPC_LARGEST_FILE */
    ITSUPC_DENIED,
    ITSUPC_FAILED, /* any other reason, told in `reason` */
};

#define ITSUPC_LARGEST_FILE (64u * 1024 * 1024)

struct itsupc_loader {
    void *context;
    /* Reads the file `name` (as the library named it, "/" between folders). The text must stay
       until the session ends; `alloc` gives such memory. */
    enum itsupc_load (*load)(void *context, const char *name, struct itsupc *session,
                             struct itsupc_text *text);
};

struct itsupc_options {
    struct itsupc_loader loader;
    const char *const *deny; /* NULL-terminated codes, or "warnings" */
    const char *const *allow;
    const char *traefik;            /* "3.7.9", or NULL for what the workspace says */
    const char *traefik_mode;       /* of Phoenix's guests: "seed" (NULL) or "http" */
    const char *const *environment; /* "NAME=value", …, NULL: what `${NAME}` may stand for */
    const char *folder; /* what the workspace's own folder is called: Compose names projects so */
};

struct itsupc *itsupc_new(const struct itsupc_options *options);
void itsupc_free(struct itsupc *session);
void *itsupc_alloc(struct itsupc *session, size_t size);
void itsupc_on_exhausted(void (*handler)(void)); /* no memory left; must not return */

/* Only findings are wanted of this session: itsupc_check or itsupc_rehearse, and nothing made. To
   be said before the files. */
void itsupc_only_checks(struct itsupc *session);

/* Lines of NAME=value that win over all others; to be given before the files. No message shows
   them. */
void itsupc_add_values(struct itsupc *session, const char *name, struct itsupc_text text);
/* A program: a file with everything it imports. `project` is the name that the folder gives (NULL:
   the file stands alone). `compose` names the compose file beside it, or NULL. */
void itsupc_add(struct itsupc *session, const char *name, const char *project, const char *compose);
/* All files of one folder that are one program together, `compose` beside them: what one of them
   imports is read there, the others share one scope. */
void itsupc_add_folder(struct itsupc *session, const char *const *names, size_t count,
                       const char *compose);
/* An itsUP tree. Names are NULL where there is no such file. */
struct itsupc_project {
    const char *name;       /* of the folder */
    const char *language;   /* ingress.itsup */
    const char *routing[3]; /* traefik.yml, ingress.yml, itsup-project.yml */
    const char *compose;
};
struct itsupc_tree {
    const char *proxy, *infra, *traefik, *middlewares; /* proxy.itsup, itsup.yml, … */
    const char *const *secrets;                        /* secrets/NAME.txt, sorted */
    size_t secret_count;
    const char *encrypted;                 /* secrets/itsup.enc.txt when there is no itsup.txt */
    const struct itsupc_project *projects; /* sorted by name */
    size_t project_count;
    const struct itsupc_slice *slice; /* these are not all of its projects; else NULL */
};
void itsupc_add_tree(struct itsupc *session, const struct itsupc_tree *tree);
/* Files of one folder that other systems read, told apart by their content; those that belong
   together are one. A project's routing file belongs to `project`, as with itsupc_add. */
void itsupc_add_set(struct itsupc *session, const char *const *names, size_t count,
                    const char *project, const char *compose);
/* Files of a folder that holds nothing else for us: those that are an existing configuration of
   Traefik are one system, the others are passed over. False when all were. */
bool itsupc_add_existing(struct itsupc *session, const char *const *names, size_t count);
/* A program that is text and no file, such as standard input. */
void itsupc_add_text(struct itsupc *session, const char *name, struct itsupc_text text);
/* A file that would be read if it stood elsewhere; told unless some import brought it. */
void itsupc_add_unread(struct itsupc *session, const char *name);
/* A path on the command line that cannot be used; told like any other finding. */
void itsupc_add_failed(struct itsupc *session, const char *name, enum itsupc_load why,
                       const char *reason);

/* Parses and checks all that was added. Call once, before reading results. */
void itsupc_check(struct itsupc *session);
/* The same, and what shows only when the artefacts are made; instead of itsupc_check, once. */
void itsupc_rehearse(struct itsupc *session);
/* After either: whether a rehearsal may tell something of these files, once they have no error. */
bool itsupc_rehearses(struct itsupc *session);
/* The files that all of it becomes, in memory; instead of itsupc_check, once. `emit` holds words of
   `--emit` (NULL-terminated; NULL for all). Nothing when there are errors. */
struct itsupc_artifact {
    const char *path; /* below the output folder, "/" between folders */
    struct itsupc_text text;
    bool executable;
};
struct itsupc_artifacts {
    const struct itsupc_artifact *list;
    size_t count;
};
struct itsupc_artifacts itsupc_build(struct itsupc *session, const char *const *emit);
/* The same, each handed over as it is made and then forgotten. False when there are errors: what
   was handed over until then is void. */
struct itsupc_taker {
    void *context;
    void (*take)(void *context, const char *path, struct itsupc_text text);
    /* Does this very text stand there already? Then it was judged when it was written, and nothing
       needs to be sure of it once more. May be NULL. */
    bool (*has)(void *context, const char *path, struct itsupc_text text);
};
bool itsupc_build_into(struct itsupc *session, const char *const *emit,
                       const struct itsupc_taker *taker);
/* How findings are rendered; see itsupc_render. */
struct itsupc_style {
    bool color;
    unsigned width; /* of the terminal; 0 when unknown */
    bool quiet;     /* text form: no summary line */
    unsigned most;  /* findings to print; 0 means 1000 */
};

/* ---- a large tree in slices of its projects ----
   The base of a tree has its shared files, and looks at those projects only that tell its
   generation. Each slice is a session of its own; all together are what one session for the whole
   tree would be, or it is told that they are not. */

struct itsupc_edge {       /* one project reaches for a service of another */
    const char *from, *to; /* "project"; "project/service" */
};
struct itsupc_slice {
    const char *above;               /* the folder of the projects, "/" at its end */
    int generation;                  /* of the tree, as its base tells; 0: this is the base */
    const char *old;                 /* base: the first routing file by an old name, and how many */
    size_t old_count;                /* of them there are */
    const struct itsupc_edge *edges; /* from projects elsewhere to these, in their order */
    size_t edge_count;
};
int itsupc_generation(const struct itsupc *session);
/* The edges that begin at the projects added; instead of itsupc_check. */
size_t itsupc_edges(struct itsupc *session, const struct itsupc_edge **list);
/* Instead of itsupc_build: what the projects of a slice become is handed over, and what else there
   is to know of it becomes a record. None: the tree is to be built as a whole. Findings are
   rendered as text for the style. */
struct itsupc_text itsupc_slice(struct itsupc *session, const struct itsupc_taker *taker,
                                struct itsupc_style style);
/* Of the base, in this order; false: as above. Records come in the order of the slices; what they
   found is told with the base's own. `edges` are those that there should be. */
bool itsupc_base(struct itsupc *session, size_t slices, size_t projects);
bool itsupc_join(struct itsupc *session, struct itsupc_text record);
bool itsupc_joined(struct itsupc *session, size_t edges, const struct itsupc_taker *taker);

/* Behind itsupc_build: what stands where the output `name` belongs; a finding like any other. */
enum itsupc_output {
    ITSUPC_OUTPUT_EDITED,      /* ours, and changed by hand */
    ITSUPC_OUTPUT_FOREIGN,     /* not ours */
    ITSUPC_OUTPUT_LINK,        /* a symlink */
    ITSUPC_OUTPUT_BEHIND_LINK, /* below a symlink */
    ITSUPC_OUTPUT_BEHIND_FILE, /* below a file */
    ITSUPC_OUTPUT_IS_NO_FILE,  /* a folder or device */
    ITSUPC_OUTPUT_STALE,       /* another text than a build would write, where none is asked for */
    ITSUPC_OUTPUT_ABSENT,      /* … or no text */
    ITSUPC_OUTPUT_LEFT,        /* … or one that no source asks for any more */
};
void itsupc_add_output(struct itsupc *session, const char *name, enum itsupc_output what);
/* One instance of a template, for programs that start containers; instead of itsupc_check, once. */
struct itsupc_known; /* instances that exist already, of any number of sessions */
struct itsupc_expansion {
    const char *file;             /* of the workspace, where the name is looked up; NULL: in all */
    const char *name;             /* of the template; NULL: the line says it */
    const char *const *arguments; /* "name=value", …, NULL */
    struct itsupc_text line;      /* or one line of JSON, from `origin` */
    const char *origin;
    size_t line_number;         /* in it; 0: these are arguments */
    bool existing;              /* the line is an instance that exists already: it is remembered */
    const char *format;         /* "labels", "json", "env", "docker", "compose", "dynamic" */
    bool no_proxy;              /* for a machine without Traefik */
    struct itsupc_known *known; /* what it may not meet; it is remembered there. May be NULL */
};
struct itsupc_known *itsupc_known_new(void);
void itsupc_known_free(struct itsupc_known *known);
/* Those of a compose file, a file of the file provider, or lines of labels. False: the findings
   tell. */
bool itsupc_known_file(struct itsupc *session, struct itsupc_known *known, const char *name,
                       struct itsupc_text text);
/* NULL text when it is refused, which the findings tell. */
struct itsupc_text itsupc_expand(struct itsupc *session, const struct itsupc_expansion *expansion);
/* Why, as one line of JSON: {"error":…}. */
struct itsupc_text itsupc_expand_error(struct itsupc *session);

/* After itsupc_check: the IR as stable text. */
struct itsupc_text itsupc_ir(struct itsupc *session);
/* Instead of itsupc_check, once: the routes as a table for people. Empty when there are errors. */
struct itsupc_text itsupc_routes(struct itsupc *session);

/* Parses one text and lays it out again; what it finds is among the results of a later
   itsupc_check. With syntax errors the broken statements stay as they are. */
struct itsupc_text itsupc_format(struct itsupc *session, const char *name, struct itsupc_text text);
/* Behind it: the text is not `laid_out`; a finding like any other. */
void itsupc_add_layout(struct itsupc *session, const char *name, struct itsupc_text laid_out);

/* The files, of whatever kind, as one program in our language. What it has no words for is told in
   notes. NULL text after an error. Alone in its session. */
struct itsupc_text itsupc_import(struct itsupc *session, const char *const *names, size_t count);
/* The same in another form, one of itsupc_forms; what that form cannot say is an error, and the
   text holds the rest. */
struct itsupc_text itsupc_convert(struct itsupc *session, const char *const *names, size_t count,
                                  const char *form);

/* ---- requests to an existing configuration of Traefik; alone in its session ---- */

/* What Traefik would read: traefik.yml, files of one folder (or one file) that the file provider
   reads as a unit, and compose files, whose labels are read as the containers'. Of those in one
   folder compose.prod.yml changes compose.yml, in the order given; all others are projects of their
   own. */
void itsupc_trace_static(struct itsupc *session, const char *name);
void itsupc_trace_dynamic(struct itsupc *session, const char *const *names, size_t count);
void itsupc_trace_compose(struct itsupc *session, const char *const *names,
                          const char *const *projects, size_t count);

/* The same of all that was added: instead of itsupc_check, once. False when there are errors. */
bool itsupc_trace_workspace(struct itsupc *session);

struct itsupc_request { /* NULL: as a client would send it for the URL */
    const char *url, *method, *host, *sni, *ip, *entry_point;
    const char *alpn;           /* parted by commas */
    const char *const *headers; /* "name=value" */
    size_t header_count;
};
enum itsupc_answer {
    ITSUPC_ROUTED,
    ITSUPC_NO_ROUTE,    /* none, or several that tie */
    ITSUPC_NO_QUESTION, /* the request itself is wrong; the text tells how */
};
/* The text holds until the next question. */
struct itsupc_text itsupc_trace(struct itsupc *session, const struct itsupc_request *request,
                                bool json, enum itsupc_answer *answer);
/* A request as one line of JSON, answered by one. */
struct itsupc_text itsupc_trace_line(struct itsupc *session, struct itsupc_text line,
                                     enum itsupc_answer *answer);
/* What Traefik would not have loaded, one a line; empty when it is all. */
struct itsupc_text itsupc_trace_notes(struct itsupc *session);
/* Do the expectations in `text`, one a line, hold? What fails, and which routers none of them
   reaches. Without any the answer is no. With `tell` the lines that fail are findings, too. */
struct itsupc_text itsupc_test(struct itsupc *session, const char *name, struct itsupc_text text,
                               bool json, bool tell, bool *holds);
/* Who reaches what, as "dot", "mermaid", "json" or "svg". */
struct itsupc_text itsupc_graph(struct itsupc *session, const char *form);
/* What a route became: where a router stands, what is written of it and what goes without saying.
   When none is called so, the nearest name, or nothing. */
struct itsupc_text itsupc_explain(struct itsupc *session, const char *router, bool *found);
/* Which routers are not as in `before`, what could open something first. */
struct itsupc_text itsupc_diff(struct itsupc *before, struct itsupc *after, bool json, bool *same);

/* One text as words, and as a tree: for those who work on the compiler. Findings as above. */
struct itsupc_text itsupc_dump_tokens(struct itsupc *session, const char *name,
                                      struct itsupc_text text);
struct itsupc_text itsupc_dump_ast(struct itsupc *session, const char *name,
                                   struct itsupc_text text);

/* The model of a compose file (with its override, and what it includes and extends) as JSON. */
struct itsupc_text itsupc_dump_compose(struct itsupc *session, const char *name);

/* A first file of our language for the services of a compose file. NULL text after an error. Alone
   in its session. */
struct itsupc_text itsupc_start(struct itsupc *session, const char *compose);

struct itsupc_summary {
    size_t errors, warnings, notes, files;
};
struct itsupc_summary itsupc_summary(struct itsupc *session);

/* ---- fixing ---- */

struct itsupc_file {
    const char *name;
    struct itsupc_text text;
};

/* After itsupc_check: how many findings have a fix that is safe and can be applied with the others;
   each has a number. */
size_t itsupc_fixes(struct itsupc *session);
/* The files that those with chosen[number] change, as they are then; the count. Line ends and byte
   order marks stay. */
size_t itsupc_fixed(struct itsupc *session, const bool *chosen, const struct itsupc_file **files);
/* How many findings are about text that cannot be read: no fix may add one. */
size_t itsupc_unreadable(struct itsupc *session);

/* ---- findings as data, for editors ---- */

struct itsupc_place {
    const char *file;  /* "" for "no place" */
    size_t start, end; /* bytes of the file */
};
struct itsupc_note {
    struct itsupc_place place;
    struct itsupc_text message;
};
struct itsupc_edit {
    struct itsupc_place place;
    struct itsupc_text text;
};
struct itsupc_fix {
    struct itsupc_text title;
    bool safe;
    const struct itsupc_edit *edits;
    size_t edit_count;
};
enum itsupc_level { ITSUPC_NOTE, ITSUPC_WARNING, ITSUPC_ERROR };
enum itsupc_tag { ITSUPC_PLAIN, ITSUPC_UNNECESSARY, ITSUPC_DEPRECATED };
struct itsupc_finding {
    const char *code;
    enum itsupc_level level;
    enum itsupc_tag tag;
    struct itsupc_place place;
    struct itsupc_text message, effect, help;
    const struct itsupc_note *notes;
    size_t note_count;
    const struct itsupc_fix *fixes;
    size_t fix_count;
};
/* After itsupc_check: all of them, in order of file, line and column; the count. */
size_t itsupc_findings(struct itsupc *session, const struct itsupc_finding **list);
/* The text of a file as it was read; false when it was not. */
bool itsupc_source(struct itsupc *session, const char *name, struct itsupc_text *text);

/* What a project takes or names that another one may take or name, too: hosts, ports, addresses,
   projects … Two projects without a common claim have no finding about each other. Those of no
   project ("") are the names of shared files that something uses. */
struct itsupc_claim {
    const char *project;
    struct itsupc_text what;
};
size_t itsupc_claims(struct itsupc *session, const struct itsupc_claim **list);

/* ---- questions of an editor about a file (compiler/editing/), to which the answers hold as long
   as the session; instead of itsupc_check. Offsets are bytes; unfinished text is no obstacle. ----
 */

/* What each word is; `role` counts in itsupc_roles. They do not overlap. */
struct itsupc_role {
    const char *token; /* as the Language Server Protocol calls it */
};
extern const struct itsupc_role itsupc_roles[]; /* ends with a NULL token */
struct itsupc_token {
    size_t start, end;
    unsigned role;
    bool defines;
};
size_t itsupc_tokens(struct itsupc *session, const char *file, const struct itsupc_token **list);

/* Statements in order; `depth` says what stands in what. */
enum itsupc_symbol_kind {
    ITSUPC_SYMBOL_SETTING,
    ITSUPC_SYMBOL_ROUTE,
    ITSUPC_SYMBOL_VALUE,
    ITSUPC_SYMBOL_MIDDLEWARE,
    ITSUPC_SYMBOL_TEMPLATE,
};
struct itsupc_symbol {
    size_t depth;
    enum itsupc_symbol_kind kind;
    struct itsupc_place whole, name_place;
    struct itsupc_text name, detail;
};
size_t itsupc_symbols(struct itsupc *session, const char *file, const struct itsupc_symbol **list);
struct itsupc_fold {
    struct itsupc_place place;
    bool comment, closed; /* closed: by a bracket, whose line stays */
};
size_t itsupc_folds(struct itsupc *session, const char *file, const struct itsupc_fold **list);

size_t itsupc_definition(struct itsupc *session, const char *file, size_t offset,
                         const struct itsupc_place **list);
size_t itsupc_references(struct itsupc *session, const char *file, size_t offset, bool declaration,
                         const struct itsupc_place **list);
bool itsupc_renamable(struct itsupc *session, const char *file, size_t offset,
                      struct itsupc_place *place);
/* NULL, or why not. */
const char *itsupc_rename(struct itsupc *session, const char *file, size_t offset, const char *to,
                          const struct itsupc_edit **list, size_t *count);
struct itsupc_link {
    struct itsupc_place place;
    const char *target; /* a file; NULL: the page of … */
    const char *code;
};
size_t itsupc_links(struct itsupc *session, const char *file, const struct itsupc_link **list);

enum itsupc_completion_kind {
    ITSUPC_COMPLETES_KEYWORD,
    ITSUPC_COMPLETES_SETTING,
    ITSUPC_COMPLETES_VALUE, /* one of fixed words */
    ITSUPC_COMPLETES_MIDDLEWARE,
    ITSUPC_COMPLETES_ARGUMENT,
    ITSUPC_COMPLETES_NAME, /* that something declares */
    ITSUPC_COMPLETES_SERVICE,
    ITSUPC_COMPLETES_FILE,
};
struct itsupc_completion {
    enum itsupc_completion_kind kind;
    struct itsupc_text label, insert, snippet; /* snippet: may be empty */
    struct itsupc_text detail, doc;            /* doc: Markdown, may be empty */
    bool more;                                 /* something goes on behind it: ask again */
};
/* `replaces` is what an item stands for when it is taken. */
size_t itsupc_complete(struct itsupc *session, const char *file, size_t offset,
                       const struct itsupc_completion **list, struct itsupc_place *replaces);
/* The call around a place: `rate(100/s, burst=200)`, and which of its parameters is being written.
 */
struct itsupc_signature {
    struct itsupc_text label, doc;        /* doc: Markdown, may be empty */
    const struct itsupc_text *parameters; /* parts of the label */
    size_t count, active;                 /* active: `count` when it is none of them */
};
bool itsupc_signature(struct itsupc *session, const char *file, size_t offset,
                      struct itsupc_signature *signature);
/* The parts of a file around a place, the smallest first. */
size_t itsupc_around(struct itsupc *session, const char *file, size_t offset,
                     const struct itsupc_place **list);
/* The files of our language in the session. */
size_t itsupc_language_files(struct itsupc *session, const char *const **names);
/* Whether the place is in the head of a route. */
bool itsupc_is_route(struct itsupc *session, const char *file, size_t offset);
/* What the routes of a file become; instead of the questions above, in a session of its own. Of one
   that does not build there are none. */
struct itsupc_route {
    struct itsupc_place place; /* of its head */
    struct itsupc_text labels; /* its router as labels, a line each */
    struct itsupc_text hint;   /* "websecure, public" */
    struct itsupc_text url;    /* a request that it answers, or empty */
};
size_t itsupc_routes_of(struct itsupc *session, const char *file, const struct itsupc_route **list);
/* Markdown; empty when there is nothing to say. */
struct itsupc_text itsupc_hover(struct itsupc *session, const char *file, size_t offset,
                                struct itsupc_place *place);

/* ---- rendering ---- */

/* `format` is one of itsupc_formats. NULL text when it is not. */
struct itsupc_text itsupc_render(struct itsupc *session, const char *format,
                                 struct itsupc_style style);
extern const char *const itsupc_formats[]; /* NULL-terminated */
bool itsupc_format_is_machine(const char *format);

/* ---- reference, from the same tables that check ---- */

struct itsupc_code {
    const char *code, *level, *gist;
};
extern const struct itsupc_code itsupc_codes[]; /* ends with a NULL code */
const char *itsupc_page(const char *code);      /* Markdown; NULL when there is no such code */

/* The reference of one word of the language (a setting, middleware, mode, type), or NULL. */
struct itsupc_text itsupc_word_help(struct itsupc *session, const char *word);
/* The generated part of docs/language.md. */
struct itsupc_text itsupc_reference(struct itsupc *session);
/* The words of the language, "class<tab>word" a line, for editors and completions. */
struct itsupc_text itsupc_words(struct itsupc *session);
const char *itsupc_version(void);
