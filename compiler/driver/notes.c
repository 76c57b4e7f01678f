/* What a process that helps with a build tells of its artefacts. */
#include "driver/notes.h"

struct head { /* path and text follow */
    uint32_t kind, path, text;
    unsigned char hash[sizeof((struct note){ 0 }.hash)];
};

void notes_add(struct buf *notes, const struct note *n) {
    struct head head = { n->kind, (uint32_t)n->path.len, (uint32_t)n->text.len, { 0 } };
    memcpy(head.hash, n->hash, sizeof head.hash);
    buf_add(notes, (struct str){ (const char *)&head, sizeof head });
    buf_add(notes, n->path);
    buf_add(notes, n->text);
}

bool notes_next(struct str *notes, struct note *n) {
    struct head head;
    if (notes->len < sizeof head)
        return false;
    memcpy(&head, notes->at, sizeof head);
    struct str rest = str_from(*notes, sizeof head);
    n->kind = head.kind;
    n->path = str_slice(rest, 0, head.path);
    n->text = str_slice(str_from(rest, head.path), 0, head.text);
    memcpy(n->hash, head.hash, sizeof n->hash);
    *notes = str_from(rest, n->path.len + n->text.len);
    return n->kind != NOTE_END && n->path.len == head.path && n->text.len == head.text;
}

bool notes_end(struct str notes) {
    struct note n = { .kind = NOTE_SAME };
    while (notes_next(&notes, &n))
        ;
    return n.kind == NOTE_END;
}
