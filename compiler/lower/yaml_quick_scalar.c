/* Scalars of the quick reader: with and without quotes, over one line or several. */
#include "lower/yaml_quick.h"

/* What a scalar's inner loop must look at. */
enum {
    IN_PLAIN = 1,    /* … without quotes, by indentation */
    IN_BRACKETS = 2, /* … without quotes, between brackets */
    IN_SINGLE = 4,
    IN_DOUBLE = 8,
    NO_START = 16, /* what a scalar without quotes does not begin with */
};

static const unsigned char classes[256] = {
    [' '] = IN_PLAIN | IN_BRACKETS | NO_START,
    ['\t'] = IN_PLAIN | IN_BRACKETS | NO_START,
    ['\n'] = IN_PLAIN | IN_BRACKETS | IN_SINGLE | IN_DOUBLE | NO_START,
    ['\r'] = IN_PLAIN | IN_BRACKETS | IN_SINGLE | IN_DOUBLE | NO_START,
    [':'] = IN_PLAIN | IN_BRACKETS | NO_START,
    [','] = IN_BRACKETS | NO_START,
    ['['] = IN_BRACKETS | NO_START,
    [']'] = IN_BRACKETS | NO_START,
    ['{'] = IN_BRACKETS | NO_START,
    ['}'] = IN_BRACKETS | NO_START,
    ['\''] = IN_SINGLE | NO_START,
    ['"'] = IN_DOUBLE | NO_START,
    ['\\'] = IN_DOUBLE,
    ['?'] = NO_START,
    ['#'] = NO_START,
    ['&'] = NO_START,
    ['*'] = NO_START,
    ['!'] = NO_START,
    ['|'] = NO_START,
    ['>'] = NO_START,
    ['%'] = NO_START,
    ['@'] = NO_START,
    ['`'] = NO_START,
};

static bool stops(char c, int class) {
    return classes[(unsigned char)c] & class;
}

/* Half of all bytes of a file pass here: four at a time. */
static inline const char *run(const char *at, const char *end, int class) {
    for (; end - at >= 4; at += 4) {
        if (stops(at[0], class))
            return at;
        if (stops(at[1], class))
            return at + 1;
        if (stops(at[2], class))
            return at + 2;
        if (stops(at[3], class))
            return at + 3;
    }
    while (at < end && !stops(*at, class))
        at++;
    return at;
}

/* The same for IN_PLAIN, where nearly all of a file passes: sixteen bytes at a time. The text was
   checked, so that nothing below a blank but tabs and line ends is in it. */
static const char *plain_run(const char *at, const char *end) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    typedef unsigned char bytes __attribute__((vector_size(16)));
    typedef signed char flags __attribute__((vector_size(16)));
    for (bytes b; end - at >= (ptrdiff_t)sizeof b; at += sizeof b) {
        memcpy(&b, at, sizeof b);
        flags found = (b <= ' ') | (b == ':');
        uint64_t halves[2];
        memcpy(halves, &found, sizeof halves);
        if (halves[0])
            return at + __builtin_ctzll(halves[0]) / 8;
        if (halves[1])
            return at + 8 + __builtin_ctzll(halves[1]) / 8;
    }
#endif
    return run(at, end, IN_PLAIN);
}

static bool is_break(char c) {
    return c == '\n' || c == '\r';
}

/* ---- line ends inside ---- */

struct folding {
    const char *at, *end;
    char *out;
};

/* Blanks and line ends: as they are within a line; one line end is a blank, n are n - 1 line ends.
   Behind an escaped line end they are n line ends. */
static void fold(struct folding *f, bool escaped) {
    const char *from = f->at;
    size_t breaks = 0;
    for (; f->at < f->end; f->at++)
        if (*f->at == '\n')
            breaks++;
        else if (*f->at != ' ' && *f->at != '\t' && *f->at != '\r')
            break;
    if (breaks == 0 && !escaped) {
        memcpy(f->out, from, (size_t)(f->at - from));
        f->out += f->at - from;
    } else if (breaks == 1 && !escaped) {
        *f->out++ = ' ';
    } else {
        for (size_t n = escaped ? breaks : breaks - 1; n > 0; n--)
            *f->out++ = '\n';
    }
}

/* No scalar becomes longer than what is written. */
static struct folding folding_new(struct quick *q, const struct quick_scalar *s) {
    size_t size = (size_t)(s->outside - s->inside);
    return (struct folding){ s->inside, s->outside, arena_alloc(q->build->file->arena, size) };
}

static struct str folded(const struct folding *f, const char *from) {
    return (struct str){ from, (size_t)(f->out - from) };
}

static struct str plain_value(struct quick *q, const struct quick_scalar *s) {
    struct folding f = folding_new(q, s);
    const char *from = f.out;
    while (f.at < f.end)
        if (*f.at == ' ' || is_break(*f.at))
            fold(&f, false);
        else
            *f.out++ = *f.at++;
    return folded(&f, from);
}

static struct str single_value(struct quick *q, const struct quick_scalar *s) {
    struct folding f = folding_new(q, s);
    const char *from = f.out;
    while (f.at < f.end)
        if (*f.at == ' ' || *f.at == '\t' || is_break(*f.at)) {
            fold(&f, false);
        } else {
            f.at += *f.at == '\'';
            *f.out++ = *f.at++;
        }
    return folded(&f, from);
}

/* ---- escapes ---- */

static int hex_digit(char c) {
    if (char_is_digit(c))
        return c - '0';
    c = char_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void put_character(struct folding *f, uint32_t c) {
    if (c < 0x80) {
        *f->out++ = (char)c;
        return;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const unsigned char leads[] = { 0, 0xc0, 0xe0, 0xf0 };
    *f->out++ = (char)(leads[more] | c >> 6 * more);
    while (more-- > 0)
        *f->out++ = (char)(0x80 | (c >> 6 * more & 0x3f));
}

/* `\x41` and the like; `digits` is 0 for what is no escape at all. */
static bool numbered_character(struct folding *f, int digits) {
    uint32_t value = 0;
    if (digits == 0 || f->end - f->at < digits)
        return false;
    for (; digits > 0; digits--) {
        int digit = hex_digit(*f->at++);
        if (digit < 0)
            return false;
        value = value << 4 | (uint32_t)digit;
    }
    if (value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return false;
    put_character(f, value);
    return true;
}

/* `\L` and `\P` are longer than what is written, and nobody writes them. */
static bool escape(struct folding *f) {
    static const char names[] = "0abtnvfre \"/\\\t", are[] = "\0\a\b\t\n\v\f\r\x1b \"/\\\t";
    if (++f->at == f->end)
        return false;
    if (is_break(*f->at)) {
        f->at += *f->at == '\r' ? 2 : 1;
        fold(f, true);
        return true;
    }
    char c = *f->at++;
    const char *name = memchr(names, c, sizeof names - 1);
    if (name)
        *f->out++ = are[name - names];
    else if (c == '_')
        put_character(f, 0xa0);
    else if (c == 'N')
        put_character(f, 0x85);
    else
        return numbered_character(f, c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0);
    return true;
}

static bool double_value(struct quick *q, struct quick_scalar *s) {
    struct folding f = folding_new(q, s);
    const char *from = f.out;
    while (f.at < f.end)
        if (*f.at == '\\') {
            if (!escape(&f))
                return false;
        } else if (*f.at == ' ' || *f.at == '\t' || is_break(*f.at)) {
            fold(&f, false);
        } else {
            *f.out++ = *f.at++;
        }
    s->value = folded(&f, from);
    return true;
}

/* ---- in quotes ---- */

/* To the closing quote. `*plain`: nothing between them says anything but itself. */
static bool find_quote(struct quick *q, char quote, bool *plain) {
    for (*plain = true;; *plain = false) {
        q->at = run(q->at, q->end, quote == '"' ? IN_DOUBLE : IN_SINGLE);
        if (q->at == q->end)
            return false;
        if (is_break(*q->at)) {
            /* in the first column `---` might stand */
            if (!quick_line_end(q) || q->at == q->end || strchr("-.", *q->at))
                return false;
        } else if (*q->at == '\\') {
            q->at++;
            if (q->at == q->end)
                return false;
            q->at += !is_break(*q->at);
        } else if (quote == '\'' && q->end - q->at > 1 && q->at[1] == '\'') {
            q->at += 2;
        } else {
            return true;
        }
    }
}

static bool quoted(struct quick *q, struct quick_scalar *s) {
    char quote = *q->at;
    bool plain;
    s->style = quote == '"' ? TREE_DOUBLE : TREE_SINGLE;
    s->start = q->at;
    s->inside = ++q->at;
    if (!find_quote(q, quote, &plain))
        return false;
    s->outside = q->at;
    s->stop = ++q->at;
    s->value = (struct str){ s->inside, (size_t)(s->outside - s->inside) };
    if (plain)
        return true;
    if (quote == '"')
        return double_value(q, s);
    s->value = single_value(q, s);
    return true;
}

/* ---- without quotes ---- */

/* To the end of what belongs to a scalar on this line; `at` comes to stand behind the blanks that
   follow. */
static bool plain_line(struct quick *q, bool brackets, const char **stop) {
    for (const char *p = q->at;;) {
        p = brackets ? run(p, q->end, IN_BRACKETS) : plain_run(p, q->end);
        *stop = q->at = p;
        if (p == q->end || is_break(*p))
            return true;
        if (*p == '\t')
            return false;
        if (*p == ' ') {
            quick_spaces(q);
            if (q->at == q->end || is_break(*q->at) || *q->at == '#')
                return true;
            p = q->at;
            if (*p != ':' && !(brackets && strchr(",[]{}", *p)))
                continue;
        }
        if (*p != ':' || quick_blank(q, p + 1))
            return true;
        if (brackets && strchr(",?[]{}", p[1]))
            return false;
        p++;
    }
}

/* Below, indented more, and no comment: the scalar goes on there. */
static bool goes_on(struct quick *q, ptrdiff_t indent, bool *on) {
    for (;;) {
        quick_spaces(q);
        if (q->at == q->end || !is_break(*q->at))
            break;
        if (!quick_line_end(q))
            return false;
    }
    *on = q->at < q->end && *q->at != '#' && q->at - q->line > indent;
    /* a tab; and in the first column `---` might stand */
    return !(q->at < q->end && *q->at == '\t') && !(*on && q->at == q->line);
}

static bool plain(struct quick *q, ptrdiff_t indent, bool brackets, struct quick_scalar *s) {
    unsigned char first = (unsigned char)*q->at;
    if ((classes[first] & NO_START) || (first == '-' && quick_blank(q, q->at + 1)))
        return false;
    s->style = TREE_PLAIN;
    s->start = s->inside = q->at;
    bool on = false, again = false;
    do {
        again = on;
        if (!plain_line(q, brackets, &s->stop))
            return false;
        on = false;
        if (!brackets && q->at < q->end && is_break(*q->at) && !goes_on(q, indent, &on))
            return false;
    } while (on);
    s->outside = s->stop;
    s->value = again ? plain_value(q, s) : (struct str){ s->start, (size_t)(s->stop - s->start) };
    return true;
}

bool quick_scalar(struct quick *q, ptrdiff_t indent, bool brackets, struct quick_scalar *out) {
    bool quotes = *q->at == '"' || *q->at == '\'';
    return quotes ? quoted(q, out) : plain(q, indent, brackets, out);
}
