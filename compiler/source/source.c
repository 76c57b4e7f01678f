/* The pool of source files. A place in any of them is one number, a span is two. */
#include "source/source.h"

struct source *source_add(struct sources *pool, struct str name, struct str text) {
    if (pool->next_base == 0)
        pool->next_base = 1;
    /* One offset past the end of each text is kept free, so that "at the end of the file" is a
     * place. */
    if (text.len + 1 > UINT32_MAX - pool->next_base)
        return NULL;
    if (pool->count == pool->room) {
        size_t room = pool->room ? pool->room * 2 : 8;
        struct source **list = arena_array(pool->arena, struct source *, room);
        if (pool->count)
            memcpy(list, pool->list, pool->count * sizeof *list);
        pool->list = list;
        pool->room = room;
    }
    struct source *source = arena_new(pool->arena, struct source);
    source->name = name;
    source->text = text;
    source->base = pool->next_base;
    pool->next_base += (uint32_t)text.len + 1;
    pool->list[pool->count++] = source;
    return source;
}

struct source *source_at(const struct sources *pool, uint32_t offset) {
    size_t low = 0, high = pool->count;
    if (offset == 0)
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pool->list[middle]->base <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    struct source *source = pool->list[low - 1];
    return offset - source->base <= source->text.len ? source : NULL;
}

static void find_lines(struct sources *pool, struct source *source) {
    if (source->lines)
        return;
    size_t count = 1;
    for (size_t i = 0; i < source->text.len; i++)
        count += source->text.at[i] == '\n';
    source->lines = arena_array(pool->arena, uint32_t, count);
    source->line_count = count;
    count = 1;
    for (size_t i = 0; i < source->text.len; i++)
        if (source->text.at[i] == '\n')
            source->lines[count++] = (uint32_t)i + 1;
}

/* A byte that begins a code point, or stands alone because it is no UTF-8. */
static bool begins_character(char c) {
    return ((unsigned char)c & 0xc0) != 0x80;
}

static bool has_bom(struct str text) {
    return str_starts(text, STR("\xef\xbb\xbf"));
}

struct place source_place(struct sources *pool, uint32_t offset) {
    struct place place = { .source = source_at(pool, offset) };
    if (!place.source)
        return place;
    find_lines(pool, place.source);
    place.offset = offset - place.source->base;
    size_t low = 0, high = place.source->line_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (place.source->lines[middle] <= place.offset)
            low = middle;
        else
            high = middle;
    }
    place.line = low + 1;
    place.column = 1;
    size_t from = place.source->lines[low];
    if (low == 0 && has_bom(place.source->text))
        from = 3; /* a BOM is not a character that anyone sees */
    for (size_t i = from; i < place.offset; i++)
        place.column += begins_character(place.source->text.at[i]);
    return place;
}

struct str source_line(struct sources *pool, struct source *source, size_t line) {
    find_lines(pool, source);
    if (line == 0 || line > source->line_count)
        return STR("");
    size_t from = source->lines[line - 1];
    size_t to = line < source->line_count ? source->lines[line] - 1 : source->text.len;
    if (line == 1 && has_bom(source->text))
        from = 3;
    if (to > from && source->text.at[to - 1] == '\r')
        to--;
    return str_slice(source->text, from, to);
}

struct str source_text(const struct sources *pool, struct span span) {
    struct source *source = source_at(pool, span.start);
    if (!source)
        return STR("");
    return str_slice(source->text, span.start - source->base, span.end - source->base);
}
