/* Work on the side: a child process checks a large tree as it is now, while the editor is answered.
   What it finds comes through a pipe. */
#pragma once

#include "driver/run.h"
#include "support/buf.h"

#include <sys/types.h>

struct server;
struct root;

struct job {
    struct root *root; /* NULL: nothing runs */
    pid_t pid;
    int fd;
    struct arena arena; /* of what came so far */
    struct buf in;
};

/* False when there can be no child: the work is to be done here. `work` writes its findings. */
bool job_start(struct job *job, struct server *s, struct root *root,
               void (*work)(struct server *s, struct root *root, struct buf *out));
/* Reads what is there; true when that was all. The text holds until job_stop. */
bool job_read(struct job *job);
void job_stop(struct job *job);

/* Texts one behind the other. */
void job_put(struct buf *out, struct str text);
void job_put_count(struct buf *out, size_t count);
bool job_get(struct str *rest, struct str *text);
bool job_get_count(struct str *rest, size_t *count);
