/* The words of the language by class, for editors and completions. */
#include "model/words.h"

#include "model/middleware.h"
#include "model/shape.h"
#include "options/rule.h"
#include "support/table.h"

#include <stdlib.h>

struct words {
    struct arena *arena;
    struct table seen;
    struct str *list;
    size_t count, room;
};

static void add(struct words *w, struct str word) {
    void **seen = table_at(&w->seen, word);
    if (*seen || word.len == 0)
        return;
    *seen = w;
    if (w->count == w->room) {
        size_t room = w->room ? w->room * 2 : 64;
        struct str *list = arena_array(w->arena, struct str, room);
        if (w->count)
            memcpy(list, w->list, w->count * sizeof *list);
        w->list = list;
        w->room = room;
    }
    w->list[w->count++] = word;
}

static int by_bytes(const void *a, const void *b) {
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void put(struct buf *out, const char *class, struct words *w) {
    qsort(w->list, w->count, sizeof *w->list, by_bytes);
    for (size_t i = 0; i < w->count; i++)
        buf_format(out, "%s\t%.*s\n", class, STR_ARG(w->list[i]));
    *w = (struct words){ .arena = w->arena, .seen.arena = w->arena };
}

/* Words behind a setting: its pairs and flags, and what some of its values are one of. */
static void add_shape(struct words *w, const struct vocable *v) {
    struct shape shape;
    if (!shape_parse(v->shape, &shape))
        return;
    for (size_t i = 0; i < shape.count; i++) {
        const struct shape_item *item = &shape.items[i];
        if (item->kind != SHAPE_VALUE)
            add(w, item->word);
        for (size_t n = 0; n < item->value_count; n++) {
            struct str rest = item->values[n].choices, choice;
            while (shape_choice(&rest, &choice))
                if (char_is_alpha(choice.len ? choice.at[0] : '0'))
                    add(w, choice);
        }
    }
}

static void add_middlewares(struct words *w) {
    static const enum option_layer layers[] = { OPTION_HTTP, OPTION_TCP };
    for (size_t i = 0; i < short_form_count; i++)
        add(w, short_forms[i].name);
#define SHORT_FORM(name, http, tcp, by_position, words, example, gist)
#define SPECIAL_FORM(name, function, example, gist) add(w, STR(name));
#define NEEDED(kind, options, idle)
#include "model/middlewares.def"
#undef SHORT_FORM
#undef SPECIAL_FORM
#undef NEEDED
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
        for (const struct option *o = option_first_child(option_middlewares(layers[i])); o;
             o = option_next_sibling(o)) {
            add(w, option_name(o));
            add(w, option_name_kebab(w->arena, option_name(o)));
        }
}

void words_all(struct buf *out) {
    struct words w = { .arena = out->arena, .seen.arena = out->arena };
#define STATEMENT(word, form, gist) add(&w, STR(word));
#include "model/statements.def"
#undef STATEMENT
    put(out, "keyword", &w);
    for (int i = MODE_UNKNOWN + 1; i < MODE_COUNT; i++)
        add(&w, mode_infos[i].scheme);
    put(out, "mode", &w);
    for (size_t i = 0; i < vocable_count; i++)
        if (vocables[i].place == PLACE_FILE)
            add(&w, vocables[i].name);
    put(out, "declaration", &w);
    for (size_t i = 0; i < vocable_count; i++)
        if (vocables[i].place != PLACE_FILE)
            add(&w, vocables[i].name);
    put(out, "setting", &w);
    for (size_t i = 0; i < vocable_count; i++)
        add_shape(&w, &vocables[i]);
    put(out, "word", &w);
    add_middlewares(&w);
    put(out, "middleware", &w);
#define PARAM_TYPE(name, word, sample) add(&w, STR(word));
#include "model/param_types.def"
#undef PARAM_TYPE
    put(out, "type", &w);
    for (int i = 0; i < MATCHER_COUNT; i++)
        add(&w, matchers[i].name);
    put(out, "matcher", &w);
}
