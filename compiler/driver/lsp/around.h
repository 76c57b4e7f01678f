/* Who is around a project of a tree: those that claim something in common with it. */
#pragma once

#include "driver/lsp/roots.h"

enum { MOST_AROUND = 48 };

struct around { /* indexes of projects, in order, each once */
    size_t list[MOST_AROUND + 4];
    size_t count;
};

bool around_holds(const struct around *a, size_t index);
void around_include(struct around *a, size_t index);
/* The member itself, those that claim what it claims, and those that it reaches for. */
void around_neighbours(struct root *root, struct around *a, const struct member *m);
/* Those that reach for it. */
void around_reaching(struct root *root, struct around *a, const struct member *m);
static inline size_t member_index(const struct root *root, const struct member *m) {
    return (size_t)(m - root->members);
}

/* Sets the claims of a member to those that a session tells. False when they are as they were. */
bool claims_take(struct root *root, struct member *m, const struct itsupc_claim *list,
                 size_t count);
/* Of all members but those that were touched. */
void claims_take_all(struct root *root, const struct itsupc_claim *list, size_t count);
/* Which names of shared files something uses. */
uint64_t claims_uses(const struct itsupc_claim *list, size_t count);

/* Which files of a member have findings. */
void member_forget(struct member *m);
void member_remember(struct member *m, const char *file);
