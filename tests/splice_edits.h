/* Edits of a compose file as text, for tests. Tab-parted lines:
     service NAME keep|-     label KEY VALUE     join NETWORK IP|- ALIAS,…|-
     dns weak|replaces ADDRESS,…     network KEY NAME|- external|-                                */
#pragma once

#include "ir/compose_edit.h"

static inline struct str edits_cut(struct str *rest, char at) {
    size_t end = str_find(*rest, at);
    struct str first = str_slice(*rest, 0, end);
    *rest = end == STR_NONE ? STR("") : str_from(*rest, end + 1);
    return first;
}

static inline struct str edits_word(struct str *line) {
    struct str w = edits_cut(line, '\t');
    return str_is(w, "-") ? STR("") : w;
}

static inline struct ir_texts edits_words(struct arena *arena, struct str list) {
    struct ir_texts texts = { .list = arena_array(arena, struct str, list.len + 1) };
    while (list.len)
        texts.list[texts.count++] = edits_cut(&list, ',');
    return texts;
}

struct edits_reading {
    struct arena *arena;
    struct compose_edits *edits;
    struct compose_service_edit *service;
    struct compose_label **label;
    struct compose_join **join;
};

static inline void edits_take_service(struct edits_reading *r, struct str line) {
    struct compose_service_edit *s = arena_new(r->arena, struct compose_service_edit);
    s->service = edits_word(&line);
    s->keep_default = str_is(line, "keep");
    struct compose_service_edit **end = &r->edits->services;
    while (*end)
        end = &(*end)->next;
    *end = r->service = s;
    r->label = &s->labels;
    r->join = &s->joins;
}

static inline void edits_take(struct edits_reading *r, struct str line) {
    struct str kind = edits_word(&line);
    if (str_is(kind, "service"))
        edits_take_service(r, line);
    if (str_is(kind, "network")) {
        struct compose_network_edit *n = arena_new(r->arena, struct compose_network_edit);
        n->key = edits_word(&line);
        n->name = edits_word(&line);
        n->external = str_is(line, "external");
        n->next = r->edits->networks;
        r->edits->networks = n;
    }
    if (!r->service)
        return;
    if (str_is(kind, "label")) {
        struct compose_label *l = *r->label = arena_new(r->arena, struct compose_label);
        l->key = edits_word(&line);
        l->value = line;
        r->label = &l->next;
    } else if (str_is(kind, "join")) {
        struct compose_join *j = *r->join = arena_new(r->arena, struct compose_join);
        j->network = edits_word(&line);
        j->ipv4_address = edits_word(&line);
        j->aliases = edits_words(r->arena, edits_word(&line));
        r->join = &j->next;
    } else if (str_is(kind, "dns")) {
        r->service->dns_replaces = str_is(edits_word(&line), "replaces");
        r->service->dns = edits_words(r->arena, line);
    }
}

static inline struct compose_edits edits_read(struct arena *arena, struct str text) {
    struct compose_edits *edits = arena_new(arena, struct compose_edits);
    struct edits_reading reading = { .arena = arena, .edits = edits };
    while (text.len)
        edits_take(&reading, edits_cut(&text, '\n'));
    return *edits;
}
