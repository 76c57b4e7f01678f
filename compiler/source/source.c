/* The pool of source files. A place in any of them is one number, a span is two. */
#include "source/source.h"

#include "support/utf8.h"

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

enum { MARK_STEP = 512 };

/* The first character that begins at or after a multiple of MARK_STEP, and how many come before. */
struct source_mark {
    uint32_t offset, characters;
};

static void find_lines(struct sources *pool, struct source *source) {
    if (source->lines)
        return;
    struct str text = source->text;
    const char *end = text.at + text.len;
    size_t count = 1;
    for (const char *at = text.at; text.len && (at = memchr(at, '\n', (size_t)(end - at))); at++)
        count++;
    source->lines = arena_array(pool->arena, uint32_t, count);
    source->line_count = count;
    count = 1;
    for (const char *at = text.at; text.len && (at = memchr(at, '\n', (size_t)(end - at))); at++)
        source->lines[count++] = (uint32_t)(at - text.at) + 1;
}

static void find_marks(struct sources *pool, struct source *source) {
    if (source->marks)
        return;
    size_t count = source->text.len / MARK_STEP + 1, found = 0;
    uint32_t offset = 0, characters = 0, character;
    source->marks = arena_array(pool->arena, struct source_mark, count);
    while (found < count) {
        if (offset >= found * MARK_STEP)
            source->marks[found++] = (struct source_mark){ offset, characters };
        if (offset >= source->text.len)
            break;
        size_t next = found * MARK_STEP < source->text.len ? found * MARK_STEP : source->text.len;
        uint32_t run = (uint32_t)utf8_ascii_run(source->text, offset, next);
        offset += run;
        characters += run;
        if (run)
            continue;
        offset += (uint32_t)utf8_next(source->text, offset, &character);
        characters++;
    }
}

/* How many characters end at or before `offset`. */
static size_t characters_before(const struct source *source, size_t offset) {
    const struct source_mark *mark = &source->marks[offset / MARK_STEP];
    if (mark->offset > offset) /* inside the character that crosses the step */
        return mark->characters - 1;
    size_t at = mark->offset, count = mark->characters;
    while (at < offset) {
        uint32_t character;
        size_t run = utf8_ascii_run(source->text, at, offset);
        count += run;
        at += run;
        if (at == offset)
            break;
        at += utf8_next(source->text, at, &character);
        if (at <= offset)
            count++;
    }
    return count;
}

static bool has_bom(struct str text) {
    return str_starts(text, UTF8_BOM);
}

/* The index of the line that holds the offset. */
static size_t line_index(const struct source *source, size_t offset) {
    size_t low = 0, high = source->line_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (source->lines[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

size_t source_line_at(struct sources *pool, uint32_t offset) {
    struct source *source = source_at(pool, offset);
    if (!source)
        return 0;
    find_lines(pool, source);
    return source->lines_before + line_index(source, offset - source->base) + 1;
}

struct place source_place(struct sources *pool, uint32_t offset) {
    struct place place = { .source = source_at(pool, offset) };
    struct source *source = place.source;
    if (!source)
        return place;
    find_lines(pool, source);
    find_marks(pool, source);
    place.offset = offset - source->base;
    size_t line = line_index(source, place.offset);
    place.line = source->lines_before + line + 1;
    place.column = 1 + characters_before(source, place.offset) -
                   characters_before(source, source->lines[line]);
    if (line == 0 && has_bom(source->text) && place.column > 1)
        place.column--;
    return place;
}

struct str source_line(struct sources *pool, struct source *source, size_t line) {
    find_lines(pool, source);
    line -= line > source->lines_before ? source->lines_before : line;
    if (line == 0 || line > source->line_count)
        return STR("");
    size_t from = source->lines[line - 1];
    size_t to = line < source->line_count ? source->lines[line] - 1 : source->text.len;
    if (line == 1 && has_bom(source->text))
        from = UTF8_BOM.len;
    if (line < source->line_count && to > from && source->text.at[to - 1] == '\r')
        to--;
    return str_slice(source->text, from, to);
}

struct str source_text(const struct sources *pool, struct span span) {
    struct source *source = source_at(pool, span.start);
    if (!source)
        return STR("");
    return str_slice(source->text, span.start - source->base, span.end - source->base);
}

bool source_is_foreign(const struct sources *pool, uint32_t offset) {
    static const char *const endings[] = { ".yml", ".yaml", ".json", ".toml", ".template" };
    const struct source *source = source_at(pool, offset);
    for (size_t i = 0; source && i < sizeof endings / sizeof *endings; i++)
        if (str_ends(source->name, str_of(endings[i])))
            return true;
    return false;
}
