/* The little language of shapes. */
#include "model/shape.h"

static bool type_find(struct str word, enum type_kind *type) {
    for (int i = 0; i < TYPE_COUNT; i++)
        if (str_eq(type_infos[i].word, word)) {
            *type = (enum type_kind)i;
            return true;
        }
    return false;
}

static bool read_bound(struct str s, int64_t none, int64_t *out) {
    uint64_t value;
    bool minus = s.len > 0 && s.at[0] == '-';
    *out = none;
    if (s.len == 0)
        return true;
    if (!str_to_uint(str_from(s, minus), INT64_MAX, &value))
        return false;
    *out = minus ? -(int64_t)value : (int64_t)value;
    return true;
}

/* What stands between `<` and `>`. */
static bool read_value(struct str inside, struct shape_value *out) {
    *out = (struct shape_value){ .min = INT64_MIN, .max = INT64_MAX };
    size_t blank = str_find(inside, ' ');
    struct str what = str_slice(inside, 0, blank), bounds = { 0 };
    out->name = blank == STR_NONE ? what : str_from(inside, blank + 1);
    if (what.len > 1 && what.at[0] == '=') {
        out->exact = true;
        out->choices = str_from(what, 1);
        return blank != STR_NONE;
    }
    if (str_find(what, '|') != STR_NONE) {
        out->choices = what;
        return blank != STR_NONE;
    }
    size_t colon = str_find(what, ':');
    if (colon != STR_NONE) {
        bounds = str_from(what, colon + 1);
        what = str_slice(what, 0, colon);
        size_t dots = str_find_str(bounds, STR(".."));
        if (dots == STR_NONE || !read_bound(str_slice(bounds, 0, dots), INT64_MIN, &out->min) ||
            !read_bound(str_from(bounds, dots + 2), INT64_MAX, &out->max))
            return false;
        if (blank == STR_NONE)
            out->name = what;
    }
    return type_find(what, &out->type);
}

/* The next word of a shape: `<…>`, `[`, `]`, `,...` or a plain word. */
static struct str next_part(struct str *rest) {
    *rest = str_trim(*rest);
    if (rest->len == 0)
        return *rest;
    size_t end = 1;
    if (rest->at[0] == '<')
        end = str_find(*rest, '>') == STR_NONE ? rest->len : str_find(*rest, '>') + 1;
    else if (rest->at[0] != '[' && rest->at[0] != ']')
        while (end < rest->len && !strchr(" <>[]", rest->at[end]))
            end++;
    struct str part = str_slice(*rest, 0, end);
    *rest = str_from(*rest, end);
    return part;
}

/* The state of reading: brackets nest at most twice, `[word [<type>]]`. */
struct reader {
    struct shape *shape;
    struct shape_item *item; /* the pair that is open for values, or NULL */
    size_t depth, item_depth;
};

static bool add_item(struct reader *r, enum shape_kind kind) {
    if (r->shape->count == SHAPE_ITEMS)
        return false;
    r->item = &r->shape->items[r->shape->count++];
    *r->item = (struct shape_item){ .kind = kind, .optional = r->depth > 0 };
    r->item_depth = r->depth;
    return true;
}

static bool add_value(struct reader *r, struct str part) {
    struct shape_value value;
    if (part.len < 3 || !read_value(str_slice(part, 1, part.len - 1), &value))
        return false;
    if (!r->item || r->item->kind == SHAPE_VALUE) {
        if (!add_item(r, SHAPE_VALUE))
            return false;
    } else {
        r->item->kind = SHAPE_PAIR;
        value.optional = r->depth > r->item_depth;
    }
    if (r->item->value_count == SHAPE_VALUES)
        return false;
    r->item->values[r->item->value_count++] = value;
    return true;
}

bool shape_parse(struct str text, struct shape *out) {
    struct reader r = { .shape = out };
    struct str rest = text;
    out->count = 0;
    for (struct str part = next_part(&rest); part.len; part = next_part(&rest)) {
        if (str_is(part, "[")) {
            r.depth++;
        } else if (str_is(part, "]")) {
            if (r.depth-- == 0)
                return false;
        } else if (part.at[0] == '<') {
            if (!add_value(&r, part))
                return false;
        } else if (str_is(part, ",...")) {
            if (!r.item || r.item->value_count == 0)
                return false;
            r.item->values[r.item->value_count - 1].list = true;
        } else {
            if (!add_item(&r, SHAPE_FLAG))
                return false;
            r.item->word = part;
        }
    }
    return r.depth == 0;
}

struct str shape_item_name(const struct shape_item *item) {
    return item->kind == SHAPE_VALUE ? item->values[0].name : item->word;
}

const struct shape_item *shape_word(const struct shape *shape, struct str word) {
    for (size_t i = 0; i < shape->count; i++)
        if (shape->items[i].kind != SHAPE_VALUE && str_eq(shape->items[i].word, word))
            return &shape->items[i];
    return NULL;
}

bool shape_choice(struct str *rest, struct str *choice) {
    if (rest->len == 0)
        return false;
    size_t bar = str_find(*rest, '|');
    *choice = str_slice(*rest, 0, bar);
    *rest = bar == STR_NONE ? (struct str){ 0 } : str_from(*rest, bar + 1);
    return true;
}

struct str shape_choices_text(struct arena *a, struct str choices) {
    struct buf out = { .arena = a };
    struct str choice;
    for (bool first = true; shape_choice(&choices, &choice); first = false)
        buf_format(&out, "%s`%.*s`", first ? "" : choices.len ? ", " : " or ", STR_ARG(choice));
    return buf_str(&out);
}

static void show_value(struct buf *out, const struct shape_value *v, bool bracketed) {
    bool group = str_find(v->choices, '|') != STR_NONE && !v->optional && !bracketed;
    if (v->optional)
        buf_char(out, '[');
    if (group)
        buf_format(out, "(%.*s)", STR_ARG(v->choices));
    else if (v->choices.len)
        buf_add(out, v->choices);
    else
        buf_format(out, "<%.*s>", STR_ARG(v->name));
    if (v->list)
        buf_text(out, ", …");
    if (v->optional)
        buf_char(out, ']');
}

void shape_show(struct buf *out, const struct shape *shape) {
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_item *item = &shape->items[i];
        if (i)
            buf_char(out, ' ');
        if (item->optional)
            buf_char(out, '[');
        buf_add(out, item->word);
        for (size_t n = 0; n < item->value_count; n++) {
            if (n || item->word.len)
                buf_char(out, ' ');
            show_value(out, &item->values[n], item->optional && item->kind == SHAPE_VALUE);
        }
        if (item->optional)
            buf_char(out, ']');
    }
}
