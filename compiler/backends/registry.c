/* The backends in order, and what they share: artefacts, places, texts. */
#include "backends/pieces.h"

#define BACKEND(name) extern const struct backend backend_##name;
#include "backends/backends.def"
#undef BACKEND

const struct backend *const backends[] = {
#define BACKEND(name) &backend_##name,
#include "backends/backends.def"
#undef BACKEND
    NULL,
};

static bool is_wanted(const char *word, bool asked, const char *const *emit) {
    if (!emit)
        return !asked;
    for (; *emit; emit++)
        if (strcmp(*emit, word) == 0)
            return true;
    return false;
}

/* The map tells of all artefacts, whichever of them are written. */
static void drop_unwanted(struct emission *e, const char *const *emit) {
    struct artifact **at = &e->first;
    while (*at)
        if (is_wanted((*at)->emit, false, emit))
            at = &(*at)->next;
        else
            *at = (*at)->next;
    e->last = at;
    for (const struct artifact *a = e->put ? e->first : NULL; a; a = a->next)
        e->put(e->taker, a->path, a->text);
}

void backends_start(struct emission *e) {
    static_prepare(e);
    labels_fill(e);
    hand_labels_check(e);
    raw_place(e);
}

void backends_run(struct emission *e, const char *const *emit) {
    e->mapping = is_wanted("sourcemap", true, emit);
    e->words = label_words_new(e->arena);
    e->origins = arena_new(e->arena, struct origins);
    for (size_t i = 0; backends[i]; i++) {
        if (!is_wanted(backends[i]->emit, backends[i]->asked, emit) &&
            (!e->mapping || backends[i]->asked))
            continue;
        e->emit = backends[i]->emit;
        e->apart = backends[i]->apart;
        backends[i]->run(e);
    }
    if (e->mapping)
        drop_unwanted(e, emit);
}

void emission_add(struct emission *e, struct str path, struct str text) {
    if (pieces_are_taken(e) && !e->apart) {
        e->pieces->rest(e->pieces->context, path, text);
        return;
    }
    if (e->put && !e->mapping) {
        e->put(e->taker, path, text);
        return;
    }
    struct artifact *a = arena_new(e->arena, struct artifact);
    *a = (struct artifact){ NULL, str_copy(e->arena, path), str_copy(e->arena, text), e->emit };
    *e->last = a;
    e->last = &a->next;
    for (struct origin *o = e->origins ? e->origins->unnamed : NULL; o; o = o->next)
        o->artifact = a;
    if (e->origins)
        e->origins->unnamed = NULL;
}

bool emission_misses_compose(const struct emission *e) {
    const struct ir_stack *s = e->ir->stacks;
    while (s && !s->file.len)
        s = s->next;
    return s || !e->rehearsal;
}

bool emission_tell_version(struct emission *e, const struct option *o, struct span span) {
    if (!o || span_is_none(span) || option_state_in(o, e->ir->version) != OPTION_NOT_YET)
        return false;
    uint32_t since = o->since;
    for (const struct option *at = o; at; at = option_parent(at))
        if (at->since > since)
            since = at->since;
    struct diag *d = diag_add(e->diags, DIAG_OPTION_VERSION, span,
                              "`%.*s` came with Traefik %.*s, and this is for %.*s",
                              STR_ARG(o->path), STR_ARG(option_version_text(e->arena, since)),
                              STR_ARG(option_version_text(e->arena, e->ir->version)));
    diag_effect(e->diags, d,
                o->places & OPTION_IN_STATIC
                    ? "Traefik refuses to start"
                    : "Traefik drops the whole file, or what the container says");
    diag_help(e->diags, d, "leave it out, or write for a newer Traefik");
    return true;
}

struct emission emission_aside(const struct emission *e, struct arena *scratch) {
    struct emission aside = *e;
    if (!e->mapping) /* the map of origins keeps names out of everything */
        aside.arena = scratch;
    return aside;
}

struct str emission_place(struct emission *e, struct span span) {
    struct source *source = span_is_none(span) ? NULL : source_at(e->sources, span.start);
    if (!source)
        return STR("");
    size_t line = source_line_at(e->sources, span.start);
    return str_format(e->arena, "%.*s:%zu", STR_ARG(source->name), line);
}

/* ---- texts ---- */

/* Compose reads "$" as the start of a variable; a literal one is written "$$". */
struct str text_for_compose(struct arena *a, struct str text) {
    struct buf out = { .arena = a };
    if (str_find(text, '$') == STR_NONE && str_find(text, IR_VARIABLE) == STR_NONE)
        return text;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '$')
            buf_char(&out, '$');
        buf_char(&out, c == IR_VARIABLE ? '$' : c);
    }
    return buf_str(&out);
}

/* ${NAME}, ${NAME:-otherwise}, ${NAME-otherwise}, ${NAME:?message}: what stands between the braces.
 */
static bool expand(struct emission *e, struct str inner, struct str *value) {
    size_t end = 0;
    while (end < inner.len && (char_is_alnum(inner.at[end]) || inner.at[end] == '_'))
        end++;
    struct str name = str_slice(inner, 0, end), rest = str_from(inner, end);
    bool filled = rest.len && rest.at[0] == ':';
    rest = str_from(rest, filled);
    bool found = e->variable && e->variable(e->context, name, value) && (value->len || !filled);
    if (!found && rest.len && rest.at[0] == '-') {
        *value = str_from(rest, 1);
        return true;
    }
    if (rest.len && rest.at[0] == '+') {
        *value = found ? str_from(rest, 1) : STR("");
        return true;
    }
    return found;
}

struct str text_for_traefik(struct emission *e, struct str text, struct span span) {
    if (str_find(text, IR_VARIABLE) == STR_NONE)
        return text;
    struct buf out = { .arena = e->arena };
    for (size_t i = 0; i < text.len; i++) {
        struct str rest = str_from(text, i), value = { 0 };
        size_t close = rest.at[0] == IR_VARIABLE ? str_find(rest, '}') : STR_NONE;
        if (close == STR_NONE) {
            buf_char(&out, text.at[i]);
            continue;
        }
        struct str inner = str_slice(rest, 2, close);
        i += close;
        if (expand(e, inner, &value)) {
            buf_add(&out, value);
            continue;
        }
        struct diag *d = diag_add(e->diags, DIAG_SECRET_SINK, span,
                                  "nothing gives `${%.*s}` a value", STR_ARG(inner));
        diag_effect(e->diags, d,
                    "it stands in a file that Traefik reads, and Traefik expands nothing");
        diag_help(e->diags, d, "set it in the environment, or in a file given with --env-file");
    }
    return buf_str(&out);
}
