/* Who is around a project of a tree, by what it claims. */
#include "driver/lsp/around.h"

enum { MOST_CLAIMANTS = 64 };

struct claimants {
    size_t list[MOST_CLAIMANTS];
    size_t count;
};

bool around_holds(const struct around *a, size_t index) {
    for (size_t i = 0; i < a->count; i++)
        if (a->list[i] == index)
            return true;
    return false;
}

void around_include(struct around *a, size_t index) {
    if (around_holds(a, index) || a->count == sizeof a->list / sizeof *a->list)
        return;
    size_t at = a->count++;
    for (; at && a->list[at - 1] > index; at--)
        a->list[at] = a->list[at - 1];
    a->list[at] = index;
}

static void include_claimants(const struct root *root, struct around *a, struct str key) {
    const struct claimants *c = table_get(&root->claimed, key);
    for (size_t i = 0; c && i < c->count && a->count < MOST_AROUND; i++)
        around_include(a, c->list[i]);
}

/* Projects that it reaches for, and those that these reach for: circles are found so. */
static void include_reached(struct root *root, struct around *a, const struct member *m,
                            size_t depth) {
    struct str reaches = STR("reaches ");
    char key[512];
    for (size_t i = 0; i < m->claim_count && depth < 16; i++) {
        if (!str_starts(m->claims[i], reaches))
            continue;
        struct str name = str_from(m->claims[i], reaches.len);
        int len = snprintf(key, sizeof key, "project %.*s", STR_ARG(name));
        const struct claimants *c = table_get(
            &root->claimed, (struct str){ key, (size_t)len < sizeof key ? (size_t)len : 0 });
        for (size_t n = 0; c && n < c->count && a->count < MOST_AROUND; n++)
            if (!around_holds(a, c->list[n])) {
                around_include(a, c->list[n]);
                include_reached(root, a, &root->members[c->list[n]], depth + 1);
            }
    }
}

void around_neighbours(struct root *root, struct around *a, const struct member *m) {
    around_include(a, member_index(root, m));
    for (size_t i = 0; i < m->claim_count; i++)
        if (!str_starts(m->claims[i], STR("reaches ")))
            include_claimants(root, a, m->claims[i]);
    include_reached(root, a, m, 0);
}

/* ---- which files of a member have findings ---- */

void member_forget(struct member *m) {
    arena_free(&m->shown);
    m->shown = (struct arena){ 0 };
    m->findings = (struct names){ 0 };
}

void member_remember(struct member *m, const char *file) {
    names_add(&m->findings, &m->shown, str_copy(&m->shown, str_of(file)).at);
}

/* ---- claims ---- */

static void claim(struct root *root, struct member *m, struct str key) {
    struct claimants **slot = (struct claimants **)table_at(&root->claimed, key);
    if (!*slot)
        *slot = arena_new(&root->arena, struct claimants);
    struct claimants *c = *slot;
    for (size_t i = 0; i < c->count; i++)
        if (c->list[i] == member_index(root, m))
            return;
    if (c->count < MOST_CLAIMANTS)
        c->list[c->count++] = member_index(root, m);
}

static void unclaim(struct root *root, struct member *m) {
    for (size_t n = 0; n < m->claim_count; n++) {
        struct claimants *c = table_get(&root->claimed, m->claims[n]);
        for (size_t i = 0; c && i < c->count; i++)
            if (c->list[i] == member_index(root, m))
                c->list[i--] = c->list[--c->count];
    }
    m->claim_count = 0;
}

bool claims_take(struct root *root, struct member *m, const struct itsupc_claim *list,
                 size_t count) {
    size_t own = 0, same = 0;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].project, m->name) != 0)
            continue;
        same += own < m->claim_count && str_eq(m->claims[own], str_of_text(list[i].what));
        own++;
    }
    if (own == m->claim_count && same == own)
        return false;
    unclaim(root, m);
    arena_free(&m->arena);
    m->arena = (struct arena){ 0 };
    m->claims = arena_array(&m->arena, struct str, own + 1);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].project, m->name) != 0)
            continue;
        struct str key = str_copy(&root->arena, str_of_text(list[i].what));
        m->claims[m->claim_count++] = key;
        claim(root, m, key);
    }
    return true;
}

uint64_t claims_uses(const struct itsupc_claim *list, size_t count) {
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        if (!*list[i].project)
            sum += str_hash(str_of_text(list[i].what));
    return sum;
}

void claims_take_all(struct root *root, const struct itsupc_claim *list, size_t count) {
    root->claimed = (struct table){ .arena = &root->arena };
    for (size_t i = 0; i < root->tree->project_count; i++) {
        struct member *m = &root->members[i];
        m->waits = false;
        for (size_t n = 0; m->touched && n < m->claim_count; n++)
            claim(root, m, m->claims[n]);
        root->errors += m->touched ? m->errors : 0;
        if (m->touched)
            continue;
        m->errors = 0;
        arena_free(&m->arena);
        m->arena = (struct arena){ 0 };
        m->claim_count = 0;
        m->claims = NULL;
        m->known = false;
        member_forget(m);
    }
    for (size_t from = 0, to; from < count; from = to) {
        struct member *m = table_get(&root->by_name, str_of(list[from].project));
        for (to = from; to < count && list[to].project == list[from].project; to++)
            ;
        if (!m || m->touched)
            continue;
        struct str *claims = arena_array(&m->arena, struct str, m->claim_count + to - from);
        if (m->claim_count)
            memcpy(claims, m->claims, m->claim_count * sizeof *claims);
        m->claims = claims;
        for (size_t i = from; i < to; i++) {
            claims[m->claim_count] = str_copy(&root->arena, str_of_text(list[i].what));
            claim(root, m, claims[m->claim_count++]);
        }
    }
}

void around_reaching(struct root *root, struct around *a, const struct member *m) {
    char key[512];
    int len = snprintf(key, sizeof key, "reaches %s", m->name);
    include_claimants(root, a, (struct str){ key, (size_t)len < sizeof key ? (size_t)len : 0 });
}
