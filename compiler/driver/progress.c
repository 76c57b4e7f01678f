/* How far long work is. */
#include "driver/progress.h"

enum { EVERY = 64 }; /* steps; what ends before needs no line */

void progress_step(struct progress *p, enum progress_kind kind) {
    if (!p || !p->terminal || ++p->counts[kind] % EVERY)
        return;
    fprintf(p->terminal, "\r%zu files read", p->counts[PROGRESS_READ]);
    if (p->counts[PROGRESS_WEIGHED])
        fprintf(p->terminal, ", %zu outputs compared", p->counts[PROGRESS_WEIGHED]);
    fflush(p->terminal);
    p->shown = true;
}

void progress_clear(struct progress *p) {
    if (!p || !p->shown)
        return;
    fputs("\r\033[K", p->terminal);
    fflush(p->terminal);
    p->shown = false;
}
