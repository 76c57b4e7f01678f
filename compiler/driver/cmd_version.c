/* version: which itsupc this is. */
#include "driver/args.h"

enum outcome cmd_version(struct run *run) {
    stream_text(&run->out, "itsupc ");
    stream_text(&run->out, itsupc_version());
    stream_text(&run->out, "\n");
    return OUTCOME_CLEAN;
}
