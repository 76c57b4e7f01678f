/* A text by lines, and places in it as editors count them. */
#pragma once

#include "support/json_reader.h"
#include "support/json_writer.h"

enum encoding { ENCODING_UTF16, ENCODING_UTF8 };

struct lines {
    struct str text;
    enum encoding encoding;
    uint32_t *starts; /* offsets where lines begin; LF, CR and CR LF end one */
    size_t count;
};

struct position {
    size_t line, character; /* from 0 */
};

struct lines lines_of(struct arena *arena, struct str text, enum encoding encoding);
struct position lines_position(const struct lines *lines, size_t offset);
/* Behind the end of a line its end, behind the last line the end of the text. */
size_t lines_offset(const struct lines *lines, struct position at);

/* {"line":…,"character":…}; false when it is none. */
bool read_position(const struct json_value *value, struct position *out);
void write_position(struct json *w, const struct lines *lines, size_t offset);
void write_range(struct json *w, const struct lines *lines, size_t start, size_t end);
/* As a member of the object at hand. */
void member_range(struct json *w, const char *key, const struct lines *lines, size_t start,
                  size_t end);
