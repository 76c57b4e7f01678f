/* The base of a large tree: it joins what its slices tell, and makes what all share. See record.h.
 */
#include "backends/pieces.h"
#include "slices/record.h"
#include "source/render.h"

#include <stdio.h>
#include <stdlib.h>

enum { BLOCK = 32 * 1024 };

/* Pieces of one section of a file, as they will stand there. */
struct section {
    struct section *next;
    const char *file;
    struct str name;
    struct doc_lines *first, *last;
    size_t room; /* left in the last block */
};

/* A finding about a file that all have: told if all tell it. */
struct shared {
    struct diag *diag;
    size_t tellers;
};

struct joint {
    struct itsupc *s;
    struct arena arena; /* of what grows by moving */
    uint64_t *claims;   /* by open addressing; see claim_of */
    size_t claim_room, claim_count;
    struct table objects; /* by file, section and name → hash of the text */
    struct section *sections, **last_section;
    uint64_t *rests;
    size_t rest_count, rest_room;
    uint64_t *sources;
    size_t source_count, source_room;
    struct table shared; /* by hash */
    size_t slices, edges, findings, kept[LEVEL_ERROR + 1];
    struct str last_file[LEVEL_ERROR + 1]; /* of the findings kept, in the order of paths */
    bool apart;
};

/* ---- small lists of numbers ---- */

static void add_number(struct arena *a, uint64_t **list, size_t *count, size_t *room, uint64_t n) {
    if (*count == *room) {
        *room = *room ? 2 * *room : 64;
        uint64_t *more = arena_array(a, uint64_t, *room);
        if (*count)
            memcpy(more, *list, *count * sizeof **list);
        *list = more;
    }
    (*list)[(*count)++] = n;
}

static bool has_number(const uint64_t *list, size_t count, uint64_t n) {
    for (size_t i = 0; i < count; i++)
        if (list[i] == n)
            return true;
    return false;
}

/* ---- claims ----
   A slot holds 46 bits of what is claimed, 16 of the slice, one when it is meek (others may claim
   the same as meekly), and one when several slices do. */

enum { SLICE_BITS = 16, MEEK = 1 << SLICE_BITS, MANY = 2 << SLICE_BITS, MOST_SLICES = 65535 };

static uint64_t *claim_slot(uint64_t *slots, size_t room, uint64_t hash) {
    size_t at = (size_t)(hash >> 20) & (room - 1);
    while (slots[at] && slots[at] >> (SLICE_BITS + 2) != hash >> (SLICE_BITS + 2))
        at = (at + 1) & (room - 1);
    return &slots[at];
}

static void claims_grow(struct joint *j, size_t room) {
    struct arena arena = { 0 };
    uint64_t *slots = arena_array(&arena, uint64_t, room);
    for (size_t i = 0; i < j->claim_room; i++)
        if (j->claims[i])
            *claim_slot(slots, room, j->claims[i]) = j->claims[i];
    arena_free(&j->arena);
    j->arena = arena;
    j->claims = slots;
    j->claim_room = room;
}

/* False when another slice has it. */
static bool claim(struct joint *j, uint64_t hash, bool meek) {
    if (j->claim_count * 8 >= j->claim_room * 7)
        claims_grow(j, 2 * j->claim_room);
    uint64_t *slot = claim_slot(j->claims, j->claim_room, hash), who = j->slices & 0xffff;
    uint64_t top = hash >> (SLICE_BITS + 2) << (SLICE_BITS + 2);
    if (!top)
        return true; /* one in 70 million millions: it is as if nobody claimed it */
    if (!*slot) {
        j->claim_count++;
        *slot = top | who | (meek ? MEEK : 0);
        return true;
    }
    bool others = (*slot & 0xffff) != who || (*slot & MANY);
    if (others && !(meek && (*slot & MEEK)))
        return false;
    if (others)
        *slot |= MANY;
    if (!meek)
        *slot &= ~(uint64_t)MEEK;
    return true;
}

/* ---- pieces ---- */

static struct section *section_of(struct joint *j, const char *file, struct str name) {
    for (struct section *at = j->sections; at; at = at->next)
        if (at->file == file && str_eq(at->name, name))
            return at;
    struct section *made = arena_new(&j->s->arena, struct section);
    made->file = file;
    made->name = str_copy(&j->s->arena, name);
    *j->last_section = made;
    j->last_section = &made->next;
    return made;
}

static void put_lines(struct joint *j, struct section *at, struct str text) {
    while (text.len) {
        if (!at->room) {
            struct doc_lines *block = arena_new(&j->s->arena, struct doc_lines);
            block->text.at = arena_bytes(&j->s->arena, BLOCK);
            if (at->last)
                at->last->next = block;
            else
                at->first = block;
            at->last = block;
            at->room = BLOCK;
        }
        size_t part = text.len < at->room ? text.len : at->room;
        char *end = (char *)(uintptr_t)at->last->text.at + at->last->text.len;
        memcpy(end, text.at, part);
        at->last->text.len += part;
        at->room -= part;
        text = str_from(text, part);
    }
}

static const char *file_word(const char *const *words, struct str word) {
    for (; *words; words++)
        if (str_is(word, *words))
            return *words;
    return NULL;
}

static const char *const file_words[] = { "http", "tcp", "udp", "middlewares", "static", NULL };

/* Most objects of projects are claimed by name; these may be of several. */
static bool is_shareable(const struct portion *piece) {
    return str_ends(piece->section, STR(".middlewares")) ||
           str_ends(piece->section, STR(".serversTransports"));
}

/* Those of the base are known to all slices; one of projects that two slices have is written once,
   as long as it says the same. */
static bool is_known(struct joint *j, const struct portion *piece, bool *same) {
    char key[512];
    int len = snprintf(key, sizeof key, "%s %.*s %.*s", piece->file, STR_ARG(piece->section),
                       STR_ARG(piece->name));
    struct str name = { key, (size_t)len < sizeof key ? (size_t)len : sizeof key - 1 };
    uintptr_t hash = (uintptr_t)str_hash(piece->text) | 1;
    uintptr_t known = (uintptr_t)table_get(&j->objects, name);
    *same = !known || known == hash;
    if (!known && (!j->slices || is_shareable(piece)))
        *table_at(&j->objects, str_copy(&j->s->arena, name)) = (void *)hash;
    return known;
}

static void base_piece(void *context, const struct portion *piece) {
    bool same;
    is_known(context, piece, &same);
}

static void base_rest(void *context, struct str path, struct str text) {
    struct joint *j = context;
    add_number(&j->s->arena, &j->rests, &j->rest_count, &j->rest_room, slice_hash(path, text));
}

static bool join_piece(struct joint *j, struct str *rest) {
    struct portion piece = { .file = file_word(file_words, slice_get_text(rest)) };
    piece.section = slice_get_text(rest);
    piece.name = slice_get_text(rest);
    piece.own = slice_get(rest);
    piece.place = slice_get_text(rest);
    piece.text = slice_get_text(rest);
    bool same = true;
    if (!piece.file)
        return false;
    if (is_known(j, &piece, &same))
        return same;
    if (!piece.own)
        return false; /* it is of all, and the base has none */
    struct section *at = section_of(j, piece.file, piece.section);
    put_lines(j, at, piece.place);
    put_lines(j, at, piece.text);
    return true;
}

static const struct doc_lines *lines_of(void *context, const char *file, size_t number,
                                        struct str *section) {
    const struct joint *j = context;
    for (const struct section *at = j->sections; at; at = at->next)
        if (strcmp(at->file, file) == 0 && number-- == 0) {
            *section = at->name;
            return at->first;
        }
    *section = STR("");
    return NULL;
}

/* ---- findings ---- */

static void know_shared(struct joint *j) {
    for (struct diag *d = j->s->diags.first; d; d = d->next) {
        uint64_t hash = slice_finding(j->s, d);
        struct shared *shared = arena_new(&j->s->arena, struct shared);
        shared->diag = d;
        *table_at(&j->shared, str_copy(&j->s->arena, (struct str){ (char *)&hash, sizeof hash })) =
            shared;
    }
}

static bool join_shared(struct joint *j, uint64_t hash) {
    struct shared *shared = table_get(&j->shared, (struct str){ (char *)&hash, sizeof hash });
    if (shared)
        shared->tellers++;
    return shared;
}

/* The first of each level are kept; false when one that comes later belongs among them ("a-b/" is
   before "a/"). */
static bool join_finding(struct joint *j, struct str *rest) {
    enum diag_level level = (enum diag_level)slice_get(rest);
    struct str file = slice_get_text(rest), text = slice_get_text(rest);
    struct diags *diags = &j->s->diags;
    if (level > LEVEL_ERROR)
        return false;
    diags->told[level]++;
    if (j->kept[level] == RENDER_MOST || !text.len)
        return str_cmp(file, j->last_file[level]) >= 0;
    j->kept[level]++;
    struct diag_told *told = arena_new(&j->s->arena, struct diag_told);
    told->level = level;
    told->file = str_copy(&j->s->arena, file);
    told->text = str_copy(&j->s->arena, text);
    if (diags->last_told)
        diags->last_told->next = told;
    else
        diags->first_told = told;
    diags->last_told = told;
    if (str_cmp(told->file, j->last_file[level]) > 0)
        j->last_file[level] = told->file;
    return true;
}

static bool all_tell(struct joint *j) {
    for (struct diag *d = j->s->diags.first; d; d = d->next) {
        uint64_t hash = slice_finding(j->s, d);
        const struct shared *shared =
            table_get(&j->shared, (struct str){ (char *)&hash, sizeof hash });
        if (shared && shared->tellers != j->slices && shared->diag->code != DIAG_ITSUP_ROUTING_OLD)
            return false;
    }
    return true;
}

/* ---- records ---- */

bool itsupc_base(struct itsupc *s, size_t slices, size_t projects) {
    struct joint *j = arena_new(&s->arena, struct joint);
    struct pieces pieces = { .context = j, .piece = base_piece, .rest = base_rest };
    size_t room = 1024;
    while (room * 7 < projects * 8 * 7 && room < (size_t)1 << 32)
        room *= 2;
    *j = (struct joint){ .s = s, .apart = true };
    j->objects.arena = j->shared.arena = &s->arena;
    j->last_section = &j->sections;
    s->join = j;
    s->pieces = &pieces;
    bool good = slices < MOST_SLICES && session_build_start(s);
    if (good) {
        struct emission e = session_emission(s); /* what it adds to trees must stay */
        e.ir = s->decided;
        backends_run(&e, NULL);
        know_shared(j);
    }
    for (size_t i = 0; i < s->sources.count; i++)
        if (slice_owner(s, s->sources.list[i]).len)
            s->files--; /* its slice counts it */
        else
            add_number(&s->arena, &j->sources, &j->source_count, &j->source_room,
                       str_hash(s->sources.list[i]->name));
    claims_grow(j, room);
    s->pieces = NULL;
    return good && !s->diags.full && session_goes_on(s);
}

static bool join_mark(struct joint *j, enum slice_mark mark, struct str *rest) {
    uint64_t n;
    switch (mark) {
    case SLICE_PIECE: return join_piece(j, rest);
    case SLICE_REST: return has_number(j->rests, j->rest_count, slice_get(rest));
    case SLICE_CLAIM: n = slice_get(rest); return claim(j, n, slice_get(rest));
    case SLICE_SHARED: return join_shared(j, slice_get(rest));
    case SLICE_FINDING: return join_finding(j, rest);
    case SLICE_COUNT: j->findings += slice_get(rest); return true;
    case SLICE_SOURCE:
        n = slice_get(rest);
        if (!has_number(j->sources, j->source_count, n)) {
            add_number(&j->s->arena, &j->sources, &j->source_count, &j->source_room, n);
            j->s->files++;
        }
        return true;
    case SLICE_END: return true;
    }
    return false;
}

bool itsupc_join(struct itsupc *s, struct itsupc_text record) {
    struct joint *j = s->join;
    struct str rest = { record.at, record.len };
    enum slice_mark mark = SLICE_PIECE;
    j->slices++;
    s->files += slice_get(&rest);
    j->edges += slice_get(&rest);
    while (rest.len && j->apart && mark != SLICE_END) {
        mark = (enum slice_mark)slice_get(&rest);
        j->apart = join_mark(j, mark, &rest);
    }
    return j->apart && mark == SLICE_END;
}

static int by_file(const void *a, const void *b) {
    const struct diag_told *const *x = a, *const *y = b;
    int order = str_cmp((*x)->file, (*y)->file);
    return order ? order : ((*x)->number > (*y)->number) - ((*x)->number < (*y)->number);
}

/* The order of slices is that of projects; that of findings is that of paths. */
static void sort_told(struct diags *diags, struct arena *a) {
    size_t count = 0, n = 0;
    for (struct diag_told *t = diags->first_told; t; t = t->next)
        t->number = count++;
    struct diag_told **list = arena_array(a, struct diag_told *, count + 1);
    for (struct diag_told *t = diags->first_told; t; t = t->next)
        list[n++] = t;
    qsort(list, count, sizeof *list, by_file);
    for (size_t i = 0; i < count; i++)
        list[i]->next = list[i + 1];
    diags->first_told = list[0];
}

bool itsupc_joined(struct itsupc *s, size_t edges, const struct itsupc_taker *taker) {
    struct joint *j = s->join;
    struct pieces pieces = { .context = j, .lines = lines_of };
    struct handing to = { s, taker };
    bool full = j->findings + s->diags.count >= MOST_FINDINGS; /* there the whole build stops */
    bool good = j->apart && j->edges == edges && !full && all_tell(j);
    arena_free(&j->arena);
    sort_told(&s->diags, &s->arena);
    if (!good)
        return false;
    s->pieces = &pieces;
    struct arena scratch = { 0 };
    struct emission e = session_handing(s, &to), aside = emission_aside(&e, &scratch);
    backends_run(&aside, NULL);
    arena_free(&scratch);
    s->pieces = NULL;
    session_finish(s);
    return s->diags.errors == 0;
}
