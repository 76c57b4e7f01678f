/* A large build in parts: each in a process of its own, which shares what was read and decided. */
#pragma once

#include "driver/publish.h"

/* Everything is made and handed to `p`, in as many parts as it is worth for so many projects (0: in
   one). False when there are errors. */
bool parts_build(struct run *run, struct publishing *p, struct itsupc *session,
                 const char *const *emit, size_t projects);
