/* Writes YAML in block style: indentation, and quotes wherever a reader of 1.1 or 1.2 could take a
   text for something else. */
#pragma once

#include "support/buf.h"

/* `struct yaml w = { .out = &buf };` */
struct yaml {
    struct buf *out;
    unsigned depth;
    bool item; /* the next key stands behind a dash */
};

void yaml_key(struct yaml *w, const char *key); /* a value, or yaml_in … yaml_out, follows */
void yaml_key_text(struct yaml *w, struct str key);
void yaml_comment(struct yaml *w, struct str text); /* on lines of its own; never behind a dash */
void yaml_entry(struct yaml *w, struct str text);   /* `- text` in a list below the key */
void yaml_entry_plain(struct yaml *w, struct str text);
void yaml_text(struct yaml *w, struct str text);
void yaml_plain(struct yaml *w, struct str text); /* a number, true, null */
void yaml_in(struct yaml *w);                     /* what follows is below the key */
void yaml_out(struct yaml *w);
void yaml_item(struct yaml *w); /* the next keys are a mapping in a list; ended by yaml_out */

/* `[a, b]` behind a key: begin, each, end. */
void yaml_list(struct yaml *w);
void yaml_list_text(struct yaml *w, struct str text, bool first);
void yaml_list_end(struct yaml *w);

/* ---- single scalars, for text that is not laid out here ---- */
void yaml_scalar(struct buf *out, struct str text); /* plain where every reader takes it for text */
void yaml_quoted(struct buf *out, struct str text); /* between double quotes, on one line */
