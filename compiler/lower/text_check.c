/* Text that can be read at all: UTF-8, no forbidden characters, no layout that takes for ever. */
#include "lower/text_check.h"

#include "lower/tree_build.h"

enum {
    LARGEST_TEXT = 64 * 1024 * 1024,
    MOST_DIRECTIVES = 1000,
    ALWAYS_QUICK = 256 * 1024, /* bytes in which no blanks can cost MOST_CLEARING */
};
/* libyaml clears its buffer of blanks, as large as the longest run in the scalar, at every run. */
static const uint64_t MOST_CLEARING = (uint64_t)16 << 30;

/* The length of the character at `at`, or 0 when the bytes there are none. */
static size_t character(struct str text, size_t at, uint32_t *out) {
    static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
    unsigned char lead = (unsigned char)text.at[at];
    size_t len = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead > 0xf4 || len == 0 || text.len - at < len)
        return 0;
    uint32_t value = len == 1 ? lead : lead & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        unsigned char next = (unsigned char)text.at[at + i];
        if ((next & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (next & 0x3f);
    }
    if (value < smallest[len] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return 0;
    *out = value;
    return len;
}

static bool is_utf16(struct str text) {
    if (text.len < 2)
        return false;
    unsigned char a = (unsigned char)text.at[0], b = (unsigned char)text.at[1];
    bool mark = (a == 0xff && b == 0xfe) || (a == 0xfe && b == 0xff);
    return mark || (text.len >= 4 && ((a == 0) != (b == 0)) && (text.at[2] == 0) == (a == 0) &&
                    (text.at[3] == 0) == (b == 0));
}

static void report_utf16(struct diags *diags, const struct source *source) {
    struct diag *d = diag_add(diags, DIAG_UTF8, span_of(source, 0, 2),
                              "this file is UTF-16, and only UTF-8 is read");
    diag_help(diags, d, "save it as UTF-8, for example with `iconv -f UTF-16 -t UTF-8`");
}

static void report_bytes(struct diags *diags, const struct source *source, size_t at) {
    struct diag *d = diag_add(diags, DIAG_UTF8, span_of(source, at, at + 1),
                              "the byte 0x%02x is not UTF-8", (unsigned char)source->text.at[at]);
    diag_help(diags, d, "save the file as UTF-8");
}

static bool yaml_allows(uint32_t c) {
    if (c < 0x20)
        return c == '\t' || c == '\n' || c == '\r';
    return c < 0x7f || c == 0x85 || (c >= 0xa0 && c != 0xfffe && c != 0xffff);
}

/* Skips what is plain ASCII, sixteen bytes at a time. */
static size_t skip_ordinary(struct str text, size_t at) {
    typedef signed char bytes __attribute__((vector_size(16)));
    for (; text.len - at >= sizeof(bytes); at += sizeof(bytes)) {
        bytes b;
        memcpy(&b, text.at + at, sizeof b);
        /* signed, so that what is not ASCII is less than a blank */
        bytes odd = ((b < ' ') & (b != '\n')) | (b == 0x7f);
        uint64_t halves[2];
        memcpy(halves, &odd, sizeof halves);
        if (halves[0] | halves[1])
            break;
    }
    return at;
}

static bool check_characters(struct diags *diags, const struct source *source, bool yaml) {
    struct str text = source->text;
    if (text.len > LARGEST_TEXT) {
        diag_add(diags, DIAG_INPUT_SIZE, span_of(source, 0, 0), "this file is larger than 64 MiB");
        return false;
    }
    if (is_utf16(text)) {
        report_utf16(diags, source);
        return false;
    }
    for (size_t i = 0; i < text.len;) {
        unsigned char c = (unsigned char)text.at[i];
        if (c >= 0x20 && c < 0x7f) {
            size_t next = skip_ordinary(text, i);
            i = next > i ? next : i + 1;
            continue;
        }
        uint32_t value;
        size_t len = character(text, i, &value);
        if (len == 0) {
            report_bytes(diags, source, i);
            return false;
        }
        if (yaml && !yaml_allows(value)) {
            struct diag *d = diag_add(diags, DIAG_CHARACTER, span_of(source, i, i + len),
                                      "the character U+%04X may not stand in YAML", value);
            diag_help(diags, d, "remove it, or write it as an escape between double quotes");
            return false;
        }
        i += len;
    }
    return true;
}

bool text_check_utf8(struct diags *diags, const struct source *source) {
    return check_characters(diags, source, false);
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct layout {
    size_t runs, longest, longest_at, directives, last_directive;
};

static struct layout measure(struct str text) {
    struct layout m = { 0 };
    for (size_t i = 0, from; i < text.len;) {
        if (text.at[i] == '%' && (i == 0 || text.at[i - 1] == '\n' || text.at[i - 1] == '\r')) {
            m.directives++;
            m.last_directive = i;
        }
        if (!is_space(text.at[i])) {
            i++;
            continue;
        }
        for (from = i; i < text.len && is_space(text.at[i]); i++)
            ;
        m.runs++;
        if (i - from > m.longest) {
            m.longest = i - from;
            m.longest_at = from;
        }
    }
    return m;
}

/* Are there `run` blanks in a row? Every run of that length covers one of the places looked at. */
static bool has_blanks(struct str text, size_t run) {
    for (size_t at = run - 1; at < text.len; at += run) {
        size_t from = at, to = at;
        if (!is_space(text.at[at]))
            continue;
        while (from > 0 && is_space(text.at[from - 1]))
            from--;
        while (to < text.len && is_space(text.at[to]))
            to++;
        if (to - from >= run)
            return true;
    }
    return false;
}

static bool may_be_slow(struct str text) {
    size_t signs = 0;
    for (size_t at = 0, hit; text.len > MOST_DIRECTIVES; at += hit + 1) {
        hit = str_find(str_from(text, at), '%');
        if (hit == STR_NONE || ++signs > MOST_DIRECTIVES)
            break;
    }
    /* Of no text are there more runs than bytes: shorter blanks than this never cost too much. */
    return signs > MOST_DIRECTIVES ||
           (text.len > ALWAYS_QUICK && has_blanks(text, (size_t)(MOST_CLEARING / text.len)));
}

/* Two shapes cost libyaml 0.2.5 quadratic time before it gives the first event: many directives,
   and long blanks beside many short ones. No file that anyone wrote looks like that. */
static bool check_layout(struct diags *diags, const struct source *source) {
    if (!may_be_slow(source->text))
        return true;
    struct layout m = measure(source->text);
    if (m.directives > MOST_DIRECTIVES) {
        struct diag *d = diag_add(diags, DIAG_TREE_LIMIT,
                                  span_of(source, m.last_directive, m.last_directive + 1),
                                  "more than %d lines begin with `%%`", (int)MOST_DIRECTIVES);
        tree_refuse(diags, d, "remove those lines: YAML needs none of them");
        return false;
    }
    if ((uint64_t)m.longest * m.runs > MOST_CLEARING) {
        struct diag *d =
            diag_add(diags, DIAG_TREE_LIMIT, span_of(source, m.longest_at, m.longest_at + 1),
                     "%zu blanks in a row, in a file of %zu words", m.longest, m.runs);
        tree_refuse(diags, d, "remove the blanks");
        return false;
    }
    return true;
}

bool text_check_yaml(struct diags *diags, const struct source *source) {
    return check_characters(diags, source, true) && check_layout(diags, source);
}
