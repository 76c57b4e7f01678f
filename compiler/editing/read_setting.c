/* The words behind a setting, by its shape. */
#include "editing/reader.h"
#include "model/target.h"

static enum name_kind kind_of_type(enum type_kind type) {
    static const struct {
        enum type_kind type;
        enum name_kind kind;
    } kinds[] = {
        { TYPE_RESOLVER_REF, NAME_RESOLVER },
        { TYPE_ENTRYPOINT_REF, NAME_ENTRYPOINT },
        { TYPE_TLS_REF, NAME_TLS },
        { TYPE_PLUGIN_REF, NAME_PLUGIN },
        { TYPE_MIDDLEWARE_REF, NAME_MIDDLEWARE },
        { TYPE_PROJECT_REF, NAME_PROJECT },
        { TYPE_SERVICE_NAME, NAME_SERVICE },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].type == type)
            return kinds[i].kind;
    return NAME_NONE;
}

/* Settings whose first value is a name that they declare. */
static enum name_kind declared_by(const struct vocable *v) {
    static const struct {
        int id;
        enum name_kind kind;
    } kinds[] = {
        { SETTING_FILE_TLS, NAME_TLS },
        { SETTING_PROXY_RESOLVER, NAME_RESOLVER },
        { SETTING_PROXY_ENTRYPOINT, NAME_ENTRYPOINT },
        { SETTING_PROXY_PLUGIN, NAME_PLUGIN },
        { SETTING_FILE_PROJECT, NAME_PROJECT },
    };
    for (size_t i = 0; v && i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].id == v->id)
            return kinds[i].kind;
    return NAME_NONE;
}

void reader_mark_target(struct reader *p, const struct word *w) {
    struct target target;
    reader_mark_text(p, w, ROLE_TARGET, (struct setting_of){ 0 });
    struct mark *m = &p->r->marks[p->r->count - 1];
    while (m->role != ROLE_TARGET)
        m--;
    if (w->kind != WORD_PLAIN || target_parse(w->text, &target).error == TARGET_PROVIDER)
        return;
    /* Also what is not finished: `web`, `web:`. */
    size_t colon = str_find(w->text, ':'), slashes = str_find_str(w->text, STR("://"));
    size_t from = slashes == STR_NONE ? 0 : slashes + 3;
    colon = str_find(str_from(w->text, from), ':');
    struct str service = str_slice(w->text, from, colon == STR_NONE ? w->text.len : from + colon);
    if (!service.len || str_find(service, '@') != STR_NONE || str_find(service, '{') != STR_NONE)
        return;
    m->kind = NAME_SERVICE;
    m->name = service;
    m->span = span_slice(w->span, from, from + service.len);
}

static void mark_project_ref(struct reader *p, const struct word *w, const struct vocable *v) {
    size_t slash = str_find(w->text, '/');
    struct mark *m = reader_mark_name(p, w, ROLE_NAME, NAME_PROJECT, false);
    m->setting = v;
    m->name = str_slice(w->text, 0, slash);
    m->span = span_slice(w->span, 0, m->name.len);
    if (slash == STR_NONE)
        return;
    m = reader_mark_name(p, w, ROLE_TARGET, NAME_SERVICE, false);
    m->owner = str_slice(w->text, 0, slash);
    m->name = str_from(w->text, slash + 1);
    m->span = span_slice(w->span, slash + 1, w->text.len);
}

static bool has_choice(struct str choices, struct str word) {
    struct str choice;
    while (shape_choice(&choices, &choice))
        if (str_eq(choice, word))
            return true;
    return false;
}

static void mark_setting_value(struct reader *p, const struct word *w,
                               const struct shape_value *value, const struct vocable *v,
                               struct setting_of in) {
    enum name_kind kind = value && !value->choices.len ? kind_of_type(value->type) : NAME_NONE;
    size_t first = p->r->count;
    if (value && value->choices.len && has_choice(value->choices, w->text))
        reader_mark_word(p, w, ROLE_CHOICE);
    else if (kind == NAME_PROJECT)
        mark_project_ref(p, w, v);
    else if (kind != NAME_NONE)
        reader_mark_name(p, w, kind == NAME_SERVICE ? ROLE_TARGET : ROLE_NAME, kind, false);
    else if (value && !value->choices.len && value->type == TYPE_TARGET)
        reader_mark_target(p, w);
    else
        reader_mark_text(p, w, reader_role(w), in);
    for (size_t i = first; i < p->r->count; i++) {
        p->r->marks[i].setting = v;
        p->r->marks[i].in = in;
    }
}

static const struct shape_value *expected(struct following *f) {
    if (f->pair && f->pair_value < f->pair->value_count)
        return &f->pair->values[f->pair_value];
    for (size_t i = f->item; f->known && i < f->shape.count; i++)
        if (f->shape.items[i].kind == SHAPE_VALUE)
            return &f->shape.items[i].values[0];
    return NULL;
}

static void advance(struct following *f) {
    if (f->pair && f->pair_value < f->pair->value_count) {
        f->pair_value++;
        return;
    }
    while (f->item < f->shape.count && f->shape.items[f->item].kind != SHAPE_VALUE)
        f->item++;
    if (f->item < f->shape.count) {
        f->used |= 1u << f->item;
        f->item++;
    }
}

static struct wanted wanted_rest(struct following *f, struct setting_of in) {
    struct wanted w = { .want = WANT_REST, .setting = f->v, .in = in, .used = f->used };
    const struct shape_value *value = f->list ? f->list : expected(f);
    w.has_value = value != NULL;
    if (value)
        w.value = *value;
    w.more = !f->list && (!f->pair || f->pair_value >= f->pair->value_count);
    return w;
}

/* A word of the shape that stands where it may: a pair begins, or a flag. */
static bool take_shape_word(struct reader *p, struct following *f, const struct word *w) {
    const struct shape_item *item =
        f->known && w->kind == WORD_PLAIN && !(f->pair && f->pair_value < f->pair->value_count)
            ? shape_word(&f->shape, w->text)
            : NULL;
    if (!item)
        return false;
    struct mark m = { .role = ROLE_FLAG, .span = w->span, .name = w->text, .setting = f->v };
    reader_add(p, m);
    f->used |= 1u << (item - f->shape.items);
    f->pair = item->kind == SHAPE_PAIR ? item : NULL;
    f->pair_value = 0;
    return true;
}

static bool is_condition(const struct vocable *v) {
    return v && v->id == SETTING_ROUTE_WHERE;
}

void reader_rest(struct reader *p, struct following *f, struct setting_of in) {
    enum name_kind declares = declared_by(f->v);
    for (bool first = true;; first = false) {
        reader_want(p, wanted_rest(f, in));
        const struct word *w = reader_peek(p);
        if (word_ends(w) || word_is_mark(w, '{'))
            return;
        if (word_is_mark(w, ',')) {
            reader_take(p);
            continue;
        }
        if (word_is_mark(w, '[')) {
            reader_list(p, (struct wanted){ .want = WANT_VALUE, .in = in });
            continue;
        }
        if (!word_is_text(w)) {
            reader_mark_word(p, reader_take(p), ROLE_OPERATOR);
            continue;
        }
        const struct shape_value *value = f->list ? f->list : expected(f);
        reader_take(p);
        if (!f->list && take_shape_word(p, f, w))
            continue;
        bool call = word_is_mark(p->at, '(');
        if (first && declares != NAME_NONE && w->kind == WORD_PLAIN && !w->braces) {
            struct mark *m = reader_mark_name(p, w, ROLE_NAME, declares, true);
            m->setting = f->v;
            advance(f);
        } else if (is_condition(f->v)) {
            bool head = f->item == 0 && value && has_choice(value->choices, w->text);
            reader_mark_text(p, w, head ? ROLE_CHOICE : reader_role(w), in);
            if (head)
                advance(f);
        } else {
            bool link = value && !value->choices.len && value->type == TYPE_MIDDLEWARE_REF;
            mark_setting_value(p, w, value, f->v, in);
            if (link)
                p->r->marks[p->r->count - 1].role = ROLE_MIDDLEWARE;
            if (!f->list)
                advance(f);
            if (call && link)
                reader_arguments(
                    p, (struct wanted){ .want = WANT_ARGUMENT, .in = in, .owner = w->text });
        }
        f->list = value && value->list && word_is_mark(reader_peek(p), ',') ? value : NULL;
    }
}
