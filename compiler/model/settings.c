/* Settings: the row of the vocabulary, the arguments by its shape, the block by its place. */
#include "model/settings.h"

#include "model/unit_words.h"
#include "support/nearest.h"

static struct diags *diags_of(const struct settle *s) {
    return scope_diags(s->scope);
}

bool node_is_word(const struct node *node, struct str word) {
    if (!node || node->kind != NODE_WORD)
        return false;
    const struct node_text *text = (const struct node_text *)node;
    return !text->has_braces && str_eq(text->text, word);
}

void settle_usage(struct settle *s, struct diag *d) {
    struct buf line = { .arena = scope_arena(s->scope) };
    buf_add(&line, s->node->name);
    if (s->shape.count)
        buf_char(&line, ' ');
    shape_show(&line, &s->shape);
    struct str text = buf_str(&line);
    diag_help(diags_of(s), d, "write: %.*s", STR_ARG(text));
}

/* ---- slots ---- */

void settle_slots(struct settle *s, size_t count, const char *const *names) {
    s->made->slots = arena_array(scope_arena(s->scope), struct slot, count);
    s->made->slot_count = count;
    for (size_t i = 0; i < count; i++)
        s->made->slots[i].name = names ? str_of(names[i]) : shape_item_name(&s->shape.items[i]);
}

/* A pair of several values is filled one by one, a list at once. */
void settle_fill(struct settle *s, size_t index, const struct text *texts, size_t count) {
    struct slot *slot = &s->made->slots[index];
    slot->present = true;
    if (count == 0)
        return;
    struct text *all = arena_array(scope_arena(s->scope), struct text, slot->count + count);
    if (slot->count)
        memcpy(all, slot->texts, slot->count * sizeof *all);
    memcpy(all + slot->count, texts, count * sizeof *all);
    slot->texts = all;
    slot->count += count;
}

/* ---- one value ---- */

static bool is_choice(struct str choices, struct str word, struct str *canonical) {
    struct str choice;
    while (shape_choice(&choices, &choice))
        if (str_eq_nocase(choice, word)) {
            *canonical = choice;
            return true;
        }
    return false;
}

static bool check_choice(struct settle *s, const struct shape_value *v, const struct text *text,
                         struct text *out) {
    struct str canonical;
    *out = text_keep(scope_arena(s->scope), text);
    if (is_choice(v->choices, text->s, &canonical)) {
        out->s = canonical;
        return true;
    }
    if (text->sample)
        return true;
    if (text_has_placeholder(text)) {
        struct diag *d = diag_add(diags_of(s), DIAG_SECRET_SINK, text->span,
                                  "the %.*s must be known when this is compiled", STR_ARG(v->name));
        diag_help(diags_of(s), d, "write it out");
        return false;
    }
    struct arena *a = scope_arena(s->scope);
    struct str shown = text_quote(a, text->s), all = shape_choices_text(a, v->choices);
    struct diag *d = diag_add(diags_of(s), DIAG_CHOICE, text->span, "`%.*s` is no %.*s of `%.*s`",
                              STR_ARG(shown), STR_ARG(v->name), STR_ARG(s->node->name));
    struct nearest near = { .wanted = text->s, .effort = &diags_of(s)->hints };
    struct str rest = v->choices, choice;
    while (shape_choice(&rest, &choice))
        nearest_offer(&near, choice);
    if (near.best.len && text->inner && !text->pieces)
        diag_suggest(diags_of(s), d, text_span(text, 0, text->s.len), near.best);
    else
        diag_help(diags_of(s), d, "write %.*s", STR_ARG(all));
    return false;
}

static bool check_bounds(struct settle *s, const struct shape_value *v, const struct text *text) {
    uint64_t magnitude;
    bool minus = text->s.len > 0 && text->s.at[0] == '-';
    if (text->sample || !str_to_uint(str_from(text->s, minus), INT64_MAX, &magnitude))
        return true;
    int64_t value = minus ? -(int64_t)magnitude : (int64_t)magnitude;
    if (value >= v->min && value <= v->max)
        return true;
    struct diag *d =
        diag_add(diags_of(s), DIAG_NUMBER, text->span, "%lld is no %.*s that `%.*s` takes",
                 (long long)value, STR_ARG(v->name), STR_ARG(s->node->name));
    if (v->max == INT64_MAX)
        diag_help(diags_of(s), d, "write %lld or more", (long long)v->min);
    else
        diag_help(diags_of(s), d, "write %lld to %lld", (long long)v->min, (long long)v->max);
    return false;
}

static bool check_one(struct settle *s, const struct shape_value *v, const struct text *text,
                      struct text *out) {
    if (v->choices.len)
        return check_choice(s, v, text, out);
    if (!check_type(s->scope, v->type, text, out))
        return false;
    return v->type != TYPE_NUMBER || check_bounds(s, v, out);
}

static bool check_texts(struct settle *s, struct node *node, const struct shape_value *v,
                        struct text **texts, size_t *count) {
    struct value value = v->list ? value_list_of(s->scope, node) : value_of(s->scope, node);
    const struct value *items = v->list ? value.items : &value;
    size_t item_count = v->list ? value.count : 1;
    const char *what = v->choices.len ? "a word" : type_infos[v->type].expected.at;
    *texts = arena_array(scope_arena(s->scope), struct text, item_count);
    *count = 0;
    bool good = value.kind != VALUE_BAD;
    for (size_t i = 0; good && i < item_count; i++) {
        struct text text;
        if (value_text(s->scope, &items[i], what, &text) && check_one(s, v, &text, *texts + *count))
            ++*count;
    }
    if (good && item_count == 0) {
        struct diag *d =
            diag_add(diags_of(s), DIAG_ARGUMENT_MISSING, node->span, "the list is empty");
        diag_help(diags_of(s), d, "write %s between the brackets, or leave `%.*s` out", what,
                  STR_ARG(s->node->name));
        return false;
    }
    return good && *count == item_count;
}

bool settle_texts(struct settle *s, struct node *node, enum type_kind type, bool list,
                  struct text **texts, size_t *count) {
    struct shape_value v = { .type = type, .list = list, .min = INT64_MIN, .max = INT64_MAX };
    return check_texts(s, node, &v, texts, count);
}

/* The links of `use`: names and calls, which are no texts. */
static bool check_links(struct settle *s, struct node *node) {
    bool listed = node->kind == NODE_LIST, good = true;
    struct mw **tail = &s->made->links;
    while (*tail)
        tail = &(*tail)->next;
    for (struct node *n = listed ? node_list(node)->items.head : node; n;
         n = listed ? n->next : NULL) {
        struct mw *mw = check_link(s->scope, n);
        good &= mw != NULL;
        if (!mw)
            continue;
        if (s->mode != MODE_UNKNOWN)
            check_link_mode(s->scope, mw, s->mode);
        *tail = mw;
        tail = &mw->next;
    }
    return good;
}

static bool fill_value(struct settle *s, size_t index, const struct shape_value *v,
                       struct node *node) {
    if (v->type == TYPE_MIDDLEWARE_REF && v->choices.len == 0) {
        settle_fill(s, index, NULL, 0);
        return check_links(s, node);
    }
    struct text *texts;
    size_t count;
    bool good = check_texts(s, node, v, &texts, &count);
    settle_fill(s, index, texts, count);
    return good;
}

/* The same; gives the node behind it. */
static struct node *take_value(struct settle *s, size_t index, const struct shape_value *v,
                               struct node *node, bool *good) {
    struct node *unit = v->choices.len ? NULL : unit_detached(s->scope, v->type, node);
    if (unit) {
        settle_fill(s, index, NULL, 0);
        *good = false;
        return unit->next;
    }
    *good &= fill_value(s, index, v, node);
    return node->next;
}

/* ---- arguments by shape ---- */

/* An item of the shape that is not there at all. */
static void tell_missing(struct settle *s, const struct shape_item *item) {
    const struct shape_value *v = &item->values[0];
    struct str name = s->node->name;
    struct span span = s->node->name_span;
    struct diag *d;
    if (item->kind != SHAPE_VALUE || v->exact)
        d = diag_add(diags_of(s), DIAG_ARGUMENT_MISSING, span, "`%.*s` is missing behind `%.*s`",
                     STR_ARG(v->exact ? v->choices : item->word), STR_ARG(name));
    else if (v->choices.len || !str_eq(v->name, type_infos[v->type].word))
        d = diag_add(diags_of(s), DIAG_ARGUMENT_MISSING, span, "`%.*s` needs a value: %.*s",
                     STR_ARG(name), STR_ARG(v->name));
    else
        d = diag_add(diags_of(s), DIAG_ARGUMENT_MISSING, span, "`%.*s` needs %s", STR_ARG(name),
                     type_infos[v->type].expected.at);
    settle_usage(s, d);
}

/* One value of a pair whose word is there. */
static void tell_no_value(struct settle *s, const struct shape_value *v, const struct node *word) {
    struct str name = ((const struct node_text *)word)->text;
    bool named = !v->choices.len && !str_eq(v->name, type_infos[v->type].word);
    struct diag *d =
        named ? diag_add(diags_of(s), DIAG_ARGUMENT_MISSING, word->span,
                         "`%.*s` needs %s behind it: its %.*s", STR_ARG(name),
                         type_infos[v->type].expected.at, STR_ARG(v->name))
              : diag_add(diags_of(s), DIAG_ARGUMENT_MISSING, word->span, "`%.*s` needs %s",
                         STR_ARG(name),
                         v->choices.len ? "one of its words" : type_infos[v->type].expected.at);
    settle_usage(s, d);
}

/* Gives the item of the shape that is meant, or STR_NONE. */
static size_t tell_extra(struct settle *s, struct node *node) {
    struct diags *diags = diags_of(s);
    struct nearest near = { .effort = &diags->hints };
    struct diag *d;
    if (node->kind == NODE_WORD) {
        near.wanted = node_text(node)->text;
        d = diag_add(diags, DIAG_ARGUMENT_UNKNOWN, node->span, "`%.*s` does not take `%.*s`",
                     STR_ARG(s->node->name), STR_ARG(near.wanted));
    } else {
        d = diag_add(diags, DIAG_ARGUMENT_UNKNOWN, node->span,
                     "`%.*s` does not take another argument", STR_ARG(s->node->name));
    }
    for (size_t i = 0; i < s->shape.count; i++)
        nearest_offer(&near, s->shape.items[i].word);
    if (near.best.len == 0) {
        settle_usage(s, d);
        return STR_NONE;
    }
    diag_suggest(diags, d, node->span, near.best);
    size_t meant = 0;
    while (!str_eq(s->shape.items[meant].word, near.best))
        meant++;
    return meant;
}

/* `every = 10s`: people who know calls write that. */
static void tell_assignment(struct settle *s, struct node *node) {
    struct node_arg *arg = node_arg(node);
    struct diag *d = diag_add(diags_of(s), DIAG_ARGUMENT_UNKNOWN, node->span,
                              "`%.*s` takes its arguments without `=`", STR_ARG(s->node->name));
    if (!shape_word(&s->shape, arg->name)) {
        settle_usage(s, d);
        return;
    }
    diag_help(diags_of(s), d, "write a blank instead");
    diag_fix_replace(diags_of(s), d, true,
                     (struct span){ arg->name_span.end, arg->value->span.start }, STR(" "));
}

static void tell_twice(struct settle *s, struct node *node, struct span first) {
    struct diag *d = diag_add(diags_of(s), DIAG_ARGUMENT_TWICE, node->span, "`%.*s` is given twice",
                              STR_ARG(node_text(node)->text));
    diag_note_at(diags_of(s), d, first, "first given here");
    diag_help(diags_of(s), d, "remove one of them");
}

/* The word items of the shape that this node is; STR_NONE when it is a value. */
static size_t word_item(const struct shape *shape, const struct node *node) {
    for (size_t i = 0; i < shape->count; i++)
        if (shape->items[i].kind != SHAPE_VALUE && node_is_word(node, shape->items[i].word))
            return i;
    return STR_NONE;
}

/* A pair's values, from the node behind its word on; returns the next node. */
static struct node *fill_pair(struct settle *s, size_t index, struct node *word, bool *good) {
    const struct shape_item *item = &s->shape.items[index];
    struct node *n = word->next;
    settle_fill(s, index, NULL, 0);
    for (size_t i = 0; i < item->value_count; i++) {
        const struct shape_value *v = &item->values[i];
        bool here =
            n && n->kind != NODE_ARG && (!v->optional || word_item(&s->shape, n) == STR_NONE);
        if (!here && v->optional)
            continue;
        if (!here) {
            tell_no_value(s, v, word);
            *good = false;
            return n;
        }
        n = take_value(s, index, v, n, good);
    }
    return n;
}

/* Whether a word that may be left out is left out: it is none of its choices, and something else of
   the shape can take it. */
static bool is_left_out(const struct shape *shape, size_t index, const struct node *node) {
    const struct shape_item *item = &shape->items[index];
    struct str canonical;
    if (!item->optional || item->values[0].choices.len == 0)
        return false;
    if (node->kind == NODE_WORD &&
        is_choice(item->values[0].choices, node_text((struct node *)(uintptr_t)node)->text,
                  &canonical))
        return item->values[0].exact && !node->next;
    return index + 1 < shape->count && shape->items[index + 1].kind == SHAPE_VALUE;
}

/* What stands behind an argument that nothing takes, up to the next word of the shape, may belong
   to it: no second mistake. */
static struct node *next_word(const struct shape *shape, struct node *n) {
    while (n && word_item(shape, n) == STR_NONE)
        n = n->next;
    return n;
}

/* Goes on behind a mistake, so that each of one setting is told in one run. */
static bool read_by_shape(struct settle *s) {
    const struct shape *shape = &s->shape;
    struct span *given = arena_array(scope_scratch(s->scope), struct span, shape->count);
    size_t next = 0; /* the next value item */
    bool good = true;
    settle_slots(s, shape->count, NULL);
    for (struct node *n = s->node->args.head; n;) {
        size_t word = word_item(shape, n);
        bool value_due = next < shape->count && shape->items[next].kind == SHAPE_VALUE;
        while (value_due && is_left_out(shape, next, n)) {
            next++;
            value_due = next < shape->count && shape->items[next].kind == SHAPE_VALUE;
        }
        if (word != STR_NONE && !(value_due && !shape->items[next].optional)) {
            if (given[word].end) {
                tell_twice(s, n, given[word]);
                good = false;
            } else {
                given[word] = n->span;
            }
            n = fill_pair(s, word, n, &good);
        } else if (n->kind == NODE_ARG) {
            tell_assignment(s, n);
            good = false;
            n = n->next;
        } else if (value_due) {
            n = take_value(s, next, &shape->items[next].values[0], n, &good);
            next++;
        } else {
            size_t meant = tell_extra(s, n);
            good = false;
            n = meant == STR_NONE ? next_word(shape, n->next) : fill_pair(s, meant, n, &good);
        }
    }
    for (size_t i = 0; i < shape->count && good; i++)
        if (!shape->items[i].optional && !s->made->slots[i].present) {
            tell_missing(s, &shape->items[i]);
            return false;
        }
    return good;
}

/* ---- blocks ---- */

static struct setting *settle_block(struct scope *scope, enum place_kind place, enum mode mode,
                                    const struct setting *owner, struct node_block *block);

/* `good`: nothing was told of the setting's arguments; else a missing block is no second mistake.
 */
static bool check_block(struct settle *s, bool good) {
    const struct vocable *v = s->made->vocable;
    struct node_block *block = s->node->block;
    if (!block && v->block_needed) {
        if (!good)
            return false;
        struct diag *d = diag_add(diags_of(s), DIAG_BLOCK, s->node->name_span,
                                  "`%.*s` needs a block", STR_ARG(v->name));
        diag_help(diags_of(s), d, "write %.*s … { … }", STR_ARG(v->name));
        return false;
    }
    if (block && v->block == PLACE_NONE) {
        struct diag *d = diag_add(diags_of(s), DIAG_BLOCK, span_slice(block->base.span, 0, 1),
                                  "`%.*s` takes no block", STR_ARG(v->name));
        settle_usage(s, d);
        return false;
    }
    if (!block || v->block == PLACE_PROJECT)
        return true;
    enum mode mode =
        v->block == PLACE_DEFAULTS ? mode_find(setting_word(s->made, "mode")) : s->mode;
    s->made->children = settle_block(s->scope, v->block, mode, s->made, block);
    return true;
}

/* ---- the row ---- */

static struct str places_text(struct arena *a, struct str name) {
    struct buf out = { .arena = a };
    size_t count = 0, told = 0;
    for (size_t i = 0; i < vocable_count; i++)
        count += str_eq(vocables[i].name, name);
    for (size_t i = 0; i < vocable_count; i++)
        if (str_eq(vocables[i].name, name)) {
            buf_text(&out, told == 0 ? "" : told + 1 == count ? " or " : ", ");
            buf_add(&out, place_names[vocables[i].place]);
            told++;
        }
    return buf_str(&out);
}

static void tell_unknown(struct settle *s) {
    struct diags *diags = diags_of(s);
    struct str name = s->node->name;
    struct arena *a = scope_arena(s->scope);
    if (vocable_anywhere(name)) {
        struct str places = places_text(a, name);
        struct diag *d =
            diag_add(diags, DIAG_SETTING_PLACE, s->node->name_span, "`%.*s` may not stand in %.*s",
                     STR_ARG(name), STR_ARG(place_names[s->place]));
        diag_help(diags, d, "it belongs in %.*s", STR_ARG(places));
        return;
    }
    struct diag *d = diag_add(diags, DIAG_SETTING_UNKNOWN, s->node->name_span,
                              "%.*s has no setting called `%.*s`", STR_ARG(place_names[s->place]),
                              STR_ARG(name));
    struct nearest near = { .wanted = name, .effort = &diags->hints };
    vocable_offer(s->place, &near);
    if (s->place == PLACE_FILE || s->place == PLACE_PROJECT) {
#define STATEMENT(word, ...) nearest_offer(&near, STR(word));
#include "model/statements.def"
#undef STATEMENT
    }
    if (near.best.len) {
        diag_suggest(diags, d, s->node->name_span, near.best);
        return;
    }
    struct buf words = { .arena = a };
    for (size_t i = 0; i < vocable_count; i++)
        if (vocable_stands_in(&vocables[i], s->place))
            buf_format(&words, "%s%.*s", words.len ? ", " : "", STR_ARG(vocables[i].name));
    struct str all = buf_str(&words);
    diag_help(diags, d, "its settings are %.*s", STR_ARG(all));
}

static struct str modes_text(struct arena *a, unsigned modes) {
    struct buf out = { .arena = a };
    for (int i = MODE_UNKNOWN + 1; i < MODE_COUNT; i++)
        if (modes & MODE_BIT(i)) {
            modes &= ~MODE_BIT(i);
            bool more = modes >> (i + 1) != 0;
            buf_format(&out, "%s%.*s://",
                       out.len == 0 ? ""
                       : more       ? ", "
                                    : " and ",
                       STR_ARG(mode_infos[i].scheme));
        }
    return buf_str(&out);
}

static bool fits_mode(struct settle *s, const struct vocable *v) {
    if (s->mode == MODE_UNKNOWN || (v->modes & MODE_BIT(s->mode)))
        return true;
    struct str modes = modes_text(scope_arena(s->scope), v->modes);
    struct diag *d = diag_add(diags_of(s), DIAG_SETTING_MODE, s->node->name_span,
                              "%.*s:// routes have no `%.*s`", STR_ARG(mode_infos[s->mode].scheme),
                              STR_ARG(v->name));
    diag_help(diags_of(s), d, "`%.*s` is for %.*s routes", STR_ARG(v->name), STR_ARG(modes));
    return false;
}

static bool is_bare(const struct setting *made) {
    for (size_t i = 0; i < made->slot_count; i++)
        if (made->slots[i].present)
            return false;
    return true;
}

static struct setting *settle(struct settle *s) {
    const struct vocable *v = vocable_find(s->place, s->node->name);
    if (!v) {
        tell_unknown(s);
        return NULL;
    }
    if (!fits_mode(s, v))
        return NULL;
    s->made = arena_new(scope_arena(s->scope), struct setting);
    s->made->vocable = v;
    s->made->span = s->node->base.span;
    s->made->name_span = s->node->name_span;
    shape_parse(v->shape, &s->shape);
    const struct setting_rule *rule = setting_rule_of(v->id);
    bool good = rule && rule->read ? rule->read(s) : read_by_shape(s);
    if (good && v->not_bare && is_bare(s->made)) {
        struct diag *d = diag_add(diags_of(s), DIAG_ARGUMENT_MISSING, s->node->name_span,
                                  "`%.*s` says nothing", STR_ARG(v->name));
        settle_usage(s, d);
        good = false;
    }
    if (good && rule && rule->judge)
        good = rule->judge(s);
    good &= check_block(s, good);
    if (good && rule && rule->finish)
        good = rule->finish(s);
    s->made->poisoned = !good;
    return s->made;
}

struct setting *check_setting(struct scope *scope, enum place_kind place, enum mode mode,
                              struct node *node) {
    struct settle s = { .scope = scope, .place = place, .mode = mode, .node = node_setting(node) };
    return settle(&s);
}

/* ---- a block of settings ---- */

static void tell_stranger(struct scope *scope, enum place_kind place, struct node *node) {
    struct diags *diags = scope_diags(scope);
    const char *what = NULL;
    enum diag_code code = DIAG_SETTING_PLACE;
    switch ((enum node_kind)node->kind) {
    case NODE_ROUTE:
        what = "a route";
        code = DIAG_PATTERN_PLACE;
        break;
    case NODE_LET: what = "`let`"; break;
    case NODE_MIDDLEWARE: what = "`middleware`"; break;
    case NODE_TEMPLATE: what = "`template`"; break;
    case NODE_FOR: what = "a loop"; break;
    case NODE_CALL: what = "a template's instance"; break;
    case NODE_WORD:
    case NODE_STRING:
    case NODE_RAW:
    case NODE_HEREDOC:
    case NODE_LIST:
    case NODE_ARG:
    case NODE_SETTING:
    case NODE_BROKEN:
    case NODE_BLOCK:
    case NODE_POOL:
    case NODE_TARGET:
    case NODE_PARAM: return;
    }
    struct span span = node->span;
    if (node->kind == NODE_ROUTE && node_route(node)->patterns.head)
        span = node_route(node)->patterns.head->span;
    struct diag *d =
        diag_add(diags, code, span, "%s may not stand in %.*s", what, STR_ARG(place_names[place]));
    diag_help(diags, d, "write it outside of the block");
}

static struct setting *settle_block(struct scope *scope, enum place_kind place, enum mode mode,
                                    const struct setting *owner, struct node_block *block) {
    struct setting_list list = { 0 };
    const struct setting *seen[SETTING_COUNT] = { NULL };
    for (struct node *n = block->body.head; n; n = n->next) {
        if (n->kind != NODE_SETTING) {
            tell_stranger(scope, place, n);
            continue;
        }
        struct settle s = {
            .scope = scope, .place = place, .mode = mode, .owner = owner, .node = node_setting(n)
        };
        struct setting *made = settle(&s);
        if (!made)
            continue;
        const struct setting *first = seen[made->vocable->id];
        if (first && !made->vocable->repeats) {
            struct diag *d = diag_add(scope_diags(scope), DIAG_SETTING_TWICE, made->name_span,
                                      "`%.*s` is given twice", STR_ARG(made->vocable->name));
            diag_note_at(scope_diags(scope), d, first->name_span, "first given here");
            diag_help(scope_diags(scope), d, "remove one of them");
            continue;
        }
        seen[made->vocable->id] = made;
        setting_list_append(&list, made);
    }
    return list.head;
}

struct setting *check_settings(struct scope *scope, enum place_kind place, enum mode mode,
                               struct node_block *block) {
    return settle_block(scope, place, mode, NULL, block);
}
