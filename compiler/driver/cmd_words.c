/* words: the words of the language by class; what editors colour is made of it. */
#include "driver/args.h"

enum outcome cmd_words(struct run *run) {
    struct itsupc_options none = { 0 };
    struct itsupc *session = itsupc_new(&none);
    stream_put(&run->out, str_of_text(itsupc_words(session)));
    itsupc_free(session);
    return OUTCOME_CLEAN;
}
