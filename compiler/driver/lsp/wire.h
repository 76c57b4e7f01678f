/* The line to the editor: messages of JSON behind headers, on standard input and output. */
#pragma once

#include "driver/run.h"
#include "support/json_reader.h"
#include "support/json_writer.h"

struct message {
    struct message *next;
    struct arena arena; /* of the message and of its answer */
    struct str body;
    const struct json_value *root; /* NULL: no JSON, as `why` says */
    const char *why;
};

struct wire {
    struct stream *out;
    struct arena arena, spare; /* what came in and is no whole message yet; the next such room */
    char *in;
    size_t len, room;
    size_t skip; /* bytes of a message too large, still to come */
    bool ended;
    struct message *first, **last; /* whole ones, in order */
};

void wire_open(struct wire *w, struct stream *out);
void wire_close(struct wire *w);

/* Reads what is there, waiting for at most `milliseconds` (-1: until something comes) when no whole
   message is, or until the file `other` (-1: none) can be read. True when a message waits. */
bool wire_wait(struct wire *w, int milliseconds, int other);
/* Takes the first message; give it back with wire_done. */
struct message *wire_take(struct wire *w);
void wire_done(struct message *m);

void wire_send(struct wire *w, struct str json);
