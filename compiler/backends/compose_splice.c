/* The user's compose text plus our insertions, nothing else changed. */
#include "backends/compose_splice.h"

#include "backends/splice_check.h"
#include "support/yaml_writer.h"

/* ---- values written anew: what is there, repeated, and what is gained ---- */

static const struct outline_item *find(const struct outline_item *item, struct str key) {
    while (item && !str_eq(item->key, key))
        item = item->next;
    return item;
}

static const struct option_plan *options_of(const struct key_plan *p,
                                            const struct outline_item *item) {
    for (const struct option_plan *o = p ? p->options : NULL; o; o = o->next)
        if (o->item == item)
            return o;
    return NULL;
}

/* An attachment with its options, and more of them. */
static struct splice_entry *repeat_options(struct splice *s, const struct outline_item *item,
                                           const struct option_plan *more) {
    struct splice_value value = { .map = true };
    for (const struct outline_item *o = item->options; o; o = o->next) {
        struct str text = o->item;
        if (str_is(o->key, "aliases") && more->names.first && text.len > 1) {
            struct buf out = { .arena = s->arena };
            buf_add(&out, str_slice(text, 0, text.len - 1));
            for (const struct splice_entry *n = more->names.first; n; n = n->next) {
                buf_text(&out, out.len > 1 ? ", " : "");
                buf_add(&out, n->value);
            }
            buf_char(&out, ']');
            text = buf_str(&out);
        }
        splice_entry_new(s, &value, o->item_key, text);
    }
    for (const struct splice_entry *n = more->options.first; n; n = n->next)
        splice_entry_new(s, &value, n->key, n->value);
    return value.first;
}

static struct str quoted_key(struct splice *s, struct str text) {
    struct buf out = { .arena = s->arena };
    yaml_scalar(&out, text);
    return buf_str(&out);
}

static void repeat(struct splice *s, struct splice_value *value, const struct outline_key *key,
                   const struct key_plan *p) {
    bool from_map = key->place.form == OUTLINE_MAP;
    for (const struct outline_item *item = key->items.first; item; item = item->next) {
        if (!value->map) {
            splice_entry_new(s, value, STR(""), item->item.len ? item->item : STR("null"));
            continue;
        }
        /* Names of a list that became keys. */
        struct str name = from_map ? item->item_key : quoted_key(s, item->key);
        struct splice_entry *e = splice_entry_new(s, value, name, from_map ? item->item : STR(""));
        const struct option_plan *more = options_of(p, item);
        if (more) {
            e->value = STR("");
            e->options = repeat_options(s, item, more);
        }
    }
}

static struct splice_value whole_value(struct splice *s, const struct service_plan *sp, int k) {
    const struct key_plan *p = &sp->keys[k];
    const struct outline_key *key = sp->service->keys[k];
    struct splice_value value = { .map = p->map || key->place.form == OUTLINE_MAP };
    if (!p->replace)
        repeat(s, &value, key, p);
    if (!value.first && !p->gains && k == OUTLINE_NETWORKS && !sp->service->has_networks)
        splice_entry_new(s, &value, value.map ? STR("default") : STR(""),
                         value.map ? STR("") : STR("default"));
    for (const struct splice_entry *e = p->gained.first; e; e = e->next) {
        struct splice_entry *copy = splice_entry_new(s, &value, e->key, e->value);
        copy->options = e->options;
        copy->comment = e->comment;
    }
    return value;
}

/* ---- writing the plan ---- */

static bool open_end(struct splice *s, struct span span) {
    if (s->open_told)
        return false;
    s->open_told = s->o->ends_open;
    struct diag *d =
        diag_add(s->diags, DIAG_COMPOSE_PLACE, span, "nothing can be added behind this");
    diag_help(s->diags, d, "end the last line of the file, or write the value out in block form");
    return false;
}

static bool write_options(struct splice *s, const struct key_plan *p) {
    bool right = true;
    for (const struct option_plan *o = p->options; o; o = o->next) {
        const struct outline_place *place = &o->item->place;
        const struct outline_item *aliases = find(o->item->options, STR("aliases"));
        struct splice_value options = o->options, names = o->names;
        options.map = true;
        bool done = true;
        if (options.first && place->form == OUTLINE_MAP)
            done = splice_append(s, place, options, RANK_OPTIONS);
        else if (options.first)
            done = splice_supersede(s, place, options);
        if (names.first && aliases && aliases->place.form == OUTLINE_LIST)
            done &= splice_append(s, &aliases->place, names, RANK_OPTIONS);
        else if (names.first && aliases)
            done &= splice_supersede(s, &aliases->place, names);
        right &= done || open_end(s, o->item->span);
    }
    return right;
}

static bool is_growing(const struct outline_place *place, const struct key_plan *p) {
    return place->where == OUTLINE_OWN && !p->replace && (!p->rewrite || !p->gains || !p->map) &&
           (place->form == OUTLINE_MAP || (place->form == OUTLINE_LIST && !p->map));
}

static bool write_use(struct splice *s, const struct outline_use *use,
                      const struct outline_key *key) {
    struct outline_place place = { .form = key->place.form, .where = OUTLINE_ALIASED };
    place.in_flow = use->in_flow;
    place.key_indent = use->key_indent;
    place.line_end = use->line_end;
    place.value = use->span;
    struct splice_value value = { .map = place.form == OUTLINE_MAP };
    repeat(s, &value, key, NULL);
    return splice_supersede(s, &place, value) || open_end(s, use->span);
}

/* At a key that is there; the others are new ones of the service. */
static bool write_own(struct splice *s, const struct service_plan *sp, int k) {
    const struct key_plan *p = &sp->keys[k];
    const struct outline_key *key = sp->service->keys[k];
    bool done = true;
    for (const struct outline_use *use = key->uses; use; use = use->next)
        done &= write_use(s, use, key);
    if (!is_growing(&key->place, p)) {
        done &= splice_supersede(s, &key->place, whole_value(s, sp, k)) ||
                open_end(s, key->place.value);
        return done;
    }
    done &= write_options(s, p);
    if (p->gained.first)
        done &=
            splice_append(s, &key->place, p->gained, RANK_VALUE) || open_end(s, key->place.value);
    return done;
}

static bool write_service(struct splice *s, const struct service_plan *sp) {
    bool done = true, first = true;
    for (int k = 0; k < OUTLINE_KEYS; k++) {
        const struct outline_place *place = &sp->service->keys[k]->place;
        if (!sp->keys[k].write)
            continue;
        if (place->form != OUTLINE_ABSENT && place->where != OUTLINE_INHERITED) {
            done &= write_own(s, sp, k);
            continue;
        }
        done &= splice_key(s, &sp->service->body, str_of(splice_key_names[k]),
                           whole_value(s, sp, k), first, RANK_BODY) ||
                open_end(s, sp->service->name_span);
        first = false;
    }
    if (!first)
        splice_close(s, &sp->service->body, RANK_BODY);
    return done;
}

static bool write_networks(struct splice *s, const struct splice_plan *plan) {
    const struct outline_key *key = &s->o->networks;
    const struct outline_place *place = &key->place;
    if (!plan->networks.first && !plan->own_networks)
        return true;
    if (place->form == OUTLINE_MAP && place->where == OUTLINE_OWN)
        return splice_append(s, place, plan->networks, RANK_NETWORKS) || open_end(s, place->value);
    struct splice_value value = { .map = true };
    repeat(s, &value, key, NULL);
    for (const struct splice_entry *e = plan->networks.first; e; e = e->next)
        splice_entry_new(s, &value, e->key, e->value)->options = e->options;
    if (place->form != OUTLINE_ABSENT && place->where != OUTLINE_INHERITED)
        return splice_supersede(s, place, value) || open_end(s, place->value);
    return splice_key(s, &s->o->root, STR("networks"), value, true, RANK_ROOT) ||
           open_end(s, s->o->root.value);
}

/* ---- the whole ---- */

/* Line ends of YAML 1.1 that editors do not show: lines cannot be counted on around them. */
static bool report_rare_line_end(struct splice *s) {
    static const char *const ends[] = { "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9" };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t at = str_find_str(s->o->source->text, str_of(ends[i]));
        if (at == STR_NONE)
            continue;
        struct diag *d =
            diag_add(s->diags, DIAG_COMPOSE_PLACE, span_of(s->o->source, at, at + strlen(ends[i])),
                     "a line end that only YAML 1.1 knows, in a file that is to be added to");
        diag_help(s->diags, d, "write a plain line end, or \\N, \\L or \\P between double quotes");
        return true;
    }
    return false;
}

static bool is_as_meant(struct splice *s, const struct splice_plan *plan,
                        const struct compose_edits *edits, outline_reader *reader,
                        struct str text) {
    struct arena scratch = { 0 };
    const char *wrong = splice_check(&scratch, plan, edits, reader(&scratch, text));
    if (wrong && !report_rare_line_end(s)) {
        struct diag *d = diag_add(s->diags, DIAG_COMPOSE_PLACE, span_of(s->o->source, 0, 0),
                                  "what was added to `%.*s` does not read back as meant: %s",
                                  STR_ARG(s->o->source->name), wrong);
        diag_effect(s->diags, d, "nothing is written");
        diag_help(
            s->diags, d,
            "this is a mistake of itsupc: please report the file; block form may help until then");
    }
    arena_free(&scratch);
    return !wrong;
}

bool compose_splice(struct arena *arena, struct diags *diags, const struct outline *outline,
                    const struct compose_edits *edits, const struct splice_reader *reader,
                    struct str *out) {
    struct splice s = { .arena = arena, .diags = diags, .o = outline };
    s.insertions.arena = arena;
    struct splice_plan plan = { .s = &s };
    if (!splice_plan(&plan, edits))
        return false;
    bool done = true;
    for (size_t i = 0; i < plan.count; i++)
        done &= write_service(&s, &plan.services[i]);
    if (!write_networks(&s, &plan) || !done)
        return false;
    *out = insertions_apply(&s.insertions, outline->source->text);
    if (s.insertions.count == 0 || (reader->knows && reader->knows(reader->context, *out)))
        return true;
    return is_as_meant(&s, &plan, edits, reader->read, *out);
}
