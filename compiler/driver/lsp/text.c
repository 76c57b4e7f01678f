/* A text by lines, and places in it as editors count them. */
#include "driver/lsp/text.h"

#include "support/utf8.h"

/* Where the line end at `at` ends; `at` itself when there is none. */
static size_t line_end(struct str text, size_t at) {
    if (text.at[at] == '\n')
        return at + 1;
    if (text.at[at] != '\r')
        return at;
    return at + 1 < text.len && text.at[at + 1] == '\n' ? at + 2 : at + 1;
}

struct lines lines_of(struct arena *arena, struct str text, enum encoding encoding) {
    struct lines lines = { .text = text, .encoding = encoding, .count = 1 };
    for (int pass = 0; pass < 2; pass++) {
        size_t count = 1;
        for (size_t at = 0; at < text.len;) {
            size_t end = line_end(text, at);
            if (end > at && pass)
                lines.starts[count] = (uint32_t)end;
            count += end > at;
            at = end > at ? end : at + 1;
        }
        if (!pass)
            lines.starts = arena_array(arena, uint32_t, count);
        lines.count = count;
    }
    return lines;
}

static size_t units(const struct lines *lines, size_t at, size_t *len) {
    uint32_t character;
    *len = utf8_next(lines->text, at, &character);
    if (lines->encoding == ENCODING_UTF8)
        return *len;
    return character != UTF8_INVALID && character > 0xffff ? 2 : 1;
}

struct position lines_position(const struct lines *lines, size_t offset) {
    size_t low = 0, high = lines->count, len;
    if (offset > lines->text.len)
        offset = lines->text.len;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (lines->starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    struct position at = { .line = low };
    for (size_t i = lines->starts[low]; i < offset; i += len)
        at.character += units(lines, i, &len);
    return at;
}

size_t lines_offset(const struct lines *lines, struct position at) {
    if (at.line >= lines->count)
        return lines->text.len;
    size_t offset = lines->starts[at.line], len = 0;
    size_t end = at.line + 1 < lines->count ? lines->starts[at.line + 1] : lines->text.len;
    for (size_t passed = 0; offset < end; offset += len) {
        if (line_end(lines->text, offset) > offset)
            break;
        passed += units(lines, offset, &len);
        if (passed > at.character)
            break;
    }
    return offset;
}

bool read_position(const struct json_value *value, struct position *out) {
    uint64_t line, character;
    if (!json_uint(json_get(value, "line"), UINT32_MAX, &line) ||
        !json_uint(json_get(value, "character"), UINT32_MAX, &character))
        return false;
    *out = (struct position){ (size_t)line, (size_t)character };
    return true;
}

void write_position(struct json *w, const struct lines *lines, size_t offset) {
    struct position at = lines_position(lines, offset);
    json_object(w);
    json_member_number(w, "line", at.line);
    json_member_number(w, "character", at.character);
    json_object_end(w);
}

void write_range(struct json *w, const struct lines *lines, size_t start, size_t end) {
    json_object(w);
    json_key(w, "start");
    write_position(w, lines, start);
    json_key(w, "end");
    write_position(w, lines, end);
    json_object_end(w);
}

void member_range(struct json *w, const char *key, const struct lines *lines, size_t start,
                  size_t end) {
    json_key(w, key);
    write_range(w, lines, start, end);
}
