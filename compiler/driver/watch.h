/* Waits until something below some folders changes. */
#pragma once

#include "driver/run.h"

struct watch;

/* `paths` are files and folders; a file stands for its folder. */
struct watch *watch_open(struct arena *arena, const char *const *paths, size_t count);
/* Returns when names, sizes or times differ from the last time; the first time at once. */
void watch_wait(struct watch *w);
void watch_close(struct watch *w);
