/* A large build in parts: each in a process of its own, which shares what was read and decided. */
#pragma once

#include "driver/publish.h"

/* How many parts there should be: -j, else what the machine has, for as many projects. */
size_t parts_wanted(struct run *run, size_t projects);
/* Everything is made and handed to `p`. False when there are errors. */
bool parts_build(struct publishing *p, struct itsupc *session, const char *const *emit,
                 size_t count);
