/* The reference of the language as Markdown, out of the tables that check it. */
#include "model/reference.h"

#include "model/middleware.h"
#include "model/shape.h"
#include "options/value.h"

#define S(literal)                                                                                 \
    { "" literal, sizeof(literal) - 1 }

static const struct {
    struct str word, form, gist;
} statements[] = {
#define STATEMENT(word, form, gist) { S(word), S(form), S(gist) },
#include "model/statements.def"
#undef STATEMENT
};
enum { STATEMENTS = sizeof statements / sizeof *statements };

static const struct {
    struct str name, example, gist;
} specials[] = {
#define SHORT_FORM(name, http, tcp, by_position, words, example, gist)
#define SPECIAL_FORM(name, function, example, gist) { S(name), S(example), S(gist) },
#define NEEDED(kind, options, idle)
#include "model/middlewares.def"
#undef SHORT_FORM
#undef SPECIAL_FORM
#undef NEEDED
};
enum { SPECIALS = sizeof specials / sizeof *specials };

/* ---- pieces ---- */

/* Code whose text may hold backticks itself. */
static void code(struct buf *out, struct str s) {
    const char *mark = str_find(s, '`') == STR_NONE ? "`" : "``";
    buf_format(out, "%s%.*s%s", mark, STR_ARG(s), mark);
}

static void usage(struct buf *out, const struct vocable *v) {
    struct shape shape;
    buf_add(out, v->name);
    if (!shape_parse(v->shape, &shape))
        return;
    if (shape.count)
        buf_char(out, ' ');
    shape_show(out, &shape);
    if (v->block != PLACE_NONE)
        buf_text(out, v->block_needed ? " { … }" : " [{ … }]");
}

static unsigned all_modes(void) {
    unsigned modes = 0;
    for (int i = MODE_UNKNOWN + 1; i < MODE_COUNT; i++)
        modes |= MODE_BIT(i);
    return modes;
}

/* What else is to say of a setting: "https, tls; may repeat". */
static void remarks(struct buf *out, const struct vocable *v) {
    struct buf line = { .arena = out->arena };
    bool some = (v->modes & all_modes()) != all_modes();
    for (int i = MODE_UNKNOWN + 1; some && i < MODE_COUNT; i++)
        if (v->modes & MODE_BIT(i))
            buf_format(&line, "%s%.*s", line.len ? ", " : "", STR_ARG(mode_infos[i].scheme));
    if (some)
        buf_text(&line, " only");
    if (v->repeats)
        buf_format(&line, "%smay stand more than once", line.len ? "; " : "");
    if (v->in_defaults)
        buf_format(&line, "%salso in `defaults`", line.len ? "; " : "");
    if (line.len)
        buf_format(out, " *(%.*s)*", STR_ARG(buf_str(&line)));
}

static void setting_line(struct buf *out, const struct vocable *v) {
    struct buf form = { .arena = out->arena };
    usage(&form, v);
    buf_text(out, "- ");
    code(out, buf_str(&form));
    buf_format(out, ": %.*s", STR_ARG(v->gist));
    remarks(out, v);
    buf_char(out, '\n');
}

static void mode_line(struct buf *out, enum mode mode) {
    static const char *const needs[] = { "none", "optional", "required" };
    const struct mode_info *m = &mode_infos[mode];
    buf_format(out, "- `%.*s://`: %.*s. Host: %s%s; path: %s; port: %s; TLS settings: %s.\n",
               STR_ARG(m->scheme), STR_ARG(m->gist), needs[m->host],
               m->host != FORBIDDEN && m->any_host ? " (`*` for any)" : "", needs[m->path],
               needs[m->hostport], needs[m->tls]);
}

static void type_line(struct buf *out, enum type_kind type) {
    buf_format(out, "- `<%.*s>`: %.*s\n", STR_ARG(type_infos[type].word),
               STR_ARG(type_infos[type].gist));
}

/* ---- middlewares ---- */

/* Leaves below an option, by their words; `whole` with type, default and doc, else by name alone.
 */
static void options_below(struct buf *out, const struct option *o, struct str prefix, bool whole,
                          size_t *count, size_t depth) {
    enum { DEEPEST = 8 };
    for (const struct option *c = option_first_child(o); c && depth < DEEPEST;
         c = option_next_sibling(c)) {
        struct str name = c->any_name ? STR("NAME") : option_name_kebab(out->arena, option_name(c));
        struct str path =
            prefix.len ? str_format(out->arena, "%.*s.%.*s", STR_ARG(prefix), STR_ARG(name)) : name;
        if (option_first_child(c)) {
            options_below(out, c, path, whole, count, depth + 1);
            continue;
        }
        if (!whole) {
            buf_format(out, "%s`%.*s`", *count ? ", " : "", STR_ARG(path));
            ++*count;
            continue;
        }
        struct str type = option_type_text(out->arena, c);
        buf_format(out, "- `%.*s` (%.*s%s%.*s): %.*s\n", STR_ARG(path), STR_ARG(type),
                   c->fallback.len ? ", else " : "", STR_ARG(c->fallback), STR_ARG(c->doc));
        ++*count;
    }
}

/* "hsts=stsSeconds nosniff=contentTypeNosniff:true" → `hsts=…`, `nosniff`. */
static void form_words(struct buf *out, const struct short_form *form) {
    struct str rest = form->words;
    for (bool first = true; (rest = str_trim(rest)).len; first = false) {
        size_t blank = str_find(rest, ' ');
        struct str piece = str_slice(rest, 0, blank);
        rest = blank == STR_NONE ? (struct str){ 0 } : str_from(rest, blank);
        struct str word = str_slice(piece, 0, str_find(piece, '='));
        bool flag = str_find(piece, ':') != STR_NONE;
        buf_format(out, "%s`%.*s%s`", first ? "" : ", ", STR_ARG(word), flag ? "" : "=…");
    }
}

static void form_line(struct buf *out, const struct short_form *form) {
    buf_text(out, "- ");
    code(out, form->example);
    buf_format(out, ": %.*s *(%.*s%s)*", STR_ARG(form->gist), STR_ARG(form->http),
               form->tcp.len ? ", HTTP and TCP" : "");
    if (form->words.len) {
        buf_text(out, "; its words are ");
        form_words(out, form);
    }
    buf_char(out, '\n');
}

static void special_line(struct buf *out, size_t i) {
    buf_text(out, "- ");
    code(out, specials[i].example);
    buf_format(out, ": %.*s\n", STR_ARG(specials[i].gist));
}

static bool kind_is_shown(const struct option *kind) {
    return middleware_kind(OPTION_HTTP, option_name(kind)) == kind ||
           middleware_kind(OPTION_TCP, option_name(kind)) == kind;
}

static void kind_line(struct buf *out, const struct option *kind) {
    struct str name = option_name_kebab(out->arena, option_name(kind));
    size_t count = 0;
    buf_format(out, "- `%.*s`: %.*s ", STR_ARG(name), STR_ARG(kind->doc));
    options_below(out, kind, (struct str){ 0 }, false, &count, 0);
    buf_char(out, '\n');
}

static void kinds(struct buf *out, enum option_layer layer) {
    for (const struct option *o = option_first_child(option_middlewares(layer)); o;
         o = option_next_sibling(o))
        if (kind_is_shown(o))
            kind_line(out, o);
}

static void kind_page(struct buf *out, const struct option *kind, const char *layer) {
    size_t count = 0;
    struct str name = option_name_kebab(out->arena, option_name(kind));
    buf_format(out, "## The options of `%.*s` in %s\n\n%.*s\n\n", STR_ARG(name), layer,
               STR_ARG(kind->doc));
    options_below(out, kind, (struct str){ 0 }, true, &count, 0);
    if (count == 0)
        buf_text(out, "It has none.\n");
    buf_char(out, '\n');
}

/* ---- one word ---- */

/* The types that a setting's shape names. */
static void types_of(struct buf *out, const struct vocable *v) {
    struct shape shape;
    bool told[TYPE_COUNT] = { false };
    if (!shape_parse(v->shape, &shape))
        return;
    for (size_t i = 0; i < shape.count; i++)
        for (size_t n = 0; n < shape.items[i].value_count; n++) {
            const struct shape_value *value = &shape.items[i].values[n];
            bool plain = value->type == TYPE_WORD || value->type == TYPE_STRING;
            if (value->choices.len || plain || told[value->type])
                continue;
            told[value->type] = true;
            buf_format(out, "- `<%.*s>`: %.*s\n", STR_ARG(value->name),
                       STR_ARG(type_infos[value->type].gist));
        }
}

static void setting_page(struct buf *out, const struct vocable *v) {
    buf_format(out, "## `%.*s` in %.*s\n\n```\n", STR_ARG(v->name), STR_ARG(place_names[v->place]));
    usage(out, v);
    buf_format(out, "\n```\n\n%.*s", STR_ARG(v->gist));
    remarks(out, v);
    buf_text(out, "\n\n");
    size_t before = out->len;
    types_of(out, v);
    if (out->len > before)
        buf_char(out, '\n');
    if (v->block == PLACE_NONE)
        return;
    buf_text(out, "Its block may hold ");
    bool first = true;
    for (size_t i = 0; i < vocable_count; i++)
        if (vocable_stands_in(&vocables[i], v->block)) {
            buf_format(out, "%s`%.*s`", first ? "" : ", ", STR_ARG(vocables[i].name));
            first = false;
        }
    buf_text(out, v->block == PLACE_PROJECT ? ", and routes.\n\n" : ".\n\n");
}

static void middleware_pages(struct buf *out, struct str word) {
    const struct short_form *form = short_form_find(word);
    if (form) {
        buf_format(out, "## The middleware `%.*s`\n\n", STR_ARG(word));
        form_line(out, form);
        buf_char(out, '\n');
    }
    for (size_t i = 0; i < SPECIALS; i++)
        if (str_eq(specials[i].name, word)) {
            buf_format(out, "## The middleware `%.*s`\n\n", STR_ARG(word));
            special_line(out, i);
            buf_char(out, '\n');
        }
    const struct option *http = middleware_kind(OPTION_HTTP, form ? form->http : word);
    const struct option *tcp = middleware_kind(OPTION_TCP, form ? form->tcp : word);
    if (http)
        kind_page(out, http, "HTTP");
    if (tcp)
        kind_page(out, tcp, "TCP");
}

static void middlewares(struct buf *out) {
    buf_text(out, "### Short forms\n\n");
    for (size_t i = 0; i < short_form_count; i++)
        form_line(out, &short_forms[i]);
    for (size_t i = 0; i < SPECIALS; i++)
        special_line(out, i);
    buf_text(out, "\n### Traefik's kinds for HTTP\n\n"
                  "Each may be called in kebab-case or camelCase; options below others are written "
                  "with dots, as in `ip-strategy.depth=1`, or in brackets, as in "
                  "`ip-strategy=[depth=1]`. An option that is true or false may stand alone.\n\n");
    kinds(out, OPTION_HTTP);
    buf_text(out, "\n### Traefik's kinds for TCP\n\n");
    kinds(out, OPTION_TCP);
    buf_char(out, '\n');
}

/* Chapters that may be asked for by name. */
static void place_chapter(struct buf *out, enum place_kind place) {
    struct str name = place_names[place];
    buf_format(out, "### In %.*s\n\n", STR_ARG(name));
    for (size_t i = 0; i < vocable_count; i++)
        if (vocables[i].place == place)
            setting_line(out, &vocables[i]);
    buf_char(out, '\n');
}

static const struct {
    const char *word;
    enum place_kind place;
} chapters[] = {
    { "file", PLACE_FILE },          { "route", PLACE_ROUTE },
    { "settings", PLACE_ROUTE },     { "entrypoints", PLACE_ENTRYPOINT },
    { "resolvers", PLACE_RESOLVER },
};

void reference_word(struct buf *out, struct str word) {
    if (str_ends(word, STR("://")))
        word = str_slice(word, 0, word.len - 3);
    for (size_t i = 0; i < STATEMENTS; i++)
        if (str_eq(statements[i].word, word))
            buf_format(out, "## `%.*s`\n\n```\n%.*s\n```\n\n%.*s\n\n", STR_ARG(word),
                       STR_ARG(statements[i].form), STR_ARG(statements[i].gist));
    enum mode mode = mode_find(word);
    if (mode != MODE_UNKNOWN) {
        buf_format(out, "## The mode `%.*s`\n\n", STR_ARG(word));
        mode_line(out, mode);
        buf_char(out, '\n');
    }
    for (size_t i = 0; i < vocable_count; i++)
        if (str_eq(vocables[i].name, word))
            setting_page(out, &vocables[i]);
    middleware_pages(out, word);
    for (int i = 0; i < TYPE_COUNT; i++)
        if (str_eq(type_infos[i].word, word)) {
            buf_format(out, "## The type `%.*s`\n\n", STR_ARG(word));
            type_line(out, (enum type_kind)i);
            buf_char(out, '\n');
        }
    for (size_t i = 0; i < sizeof chapters / sizeof *chapters; i++)
        if (str_is(word, chapters[i].word))
            place_chapter(out, chapters[i].place);
    if (str_is(word, "middlewares"))
        middlewares(out);
}

void reference_all(struct buf *out) {
    buf_text(out, "## Statements\n\n");
    for (size_t i = 0; i < STATEMENTS; i++) {
        buf_text(out, "- ");
        code(out, statements[i].form);
        buf_format(out, ": %.*s\n", STR_ARG(statements[i].gist));
    }
    buf_text(out, "\n## Routing modes\n\n");
    for (int i = MODE_UNKNOWN + 1; i < MODE_COUNT; i++)
        mode_line(out, (enum mode)i);
    buf_text(out, "\n## Settings\n\n"
                  "`<x>` is a value, `[x]` may be left out, `x|y` is one of several words, `x, …` "
                  "a list. Plain words are written as they stand, behind the values, in any "
                  "order.\n\n");
    for (int i = PLACE_NONE + 1; i < PLACE_COUNT; i++)
        place_chapter(out, (enum place_kind)i);
    buf_text(out, "## Middlewares\n\n");
    middlewares(out);
    buf_text(out, "## Types of values\n\n");
    for (int i = 0; i < TYPE_COUNT; i++)
        type_line(out, (enum type_kind)i);
}
