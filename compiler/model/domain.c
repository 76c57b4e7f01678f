/* Host names. Traefik switches a TCP router off when its host is not ASCII, and compares HTTP hosts
   byte by byte, so what leaves here is one spelling only: lower case, A-labels, no final dot. */
#include "model/domain.h"

#include "model/idna.h"
#include "support/buf.h"
#include "support/cidr.h"

#define LABEL_MAX       63
#define NAME_MAX_LENGTH 253

struct reader {
    struct arena *arena;
    struct str text;
    const struct domain_hole *holes;
    size_t hole_count;
};

/* The end of the hole that covers `at`; `at` when none does. */
static size_t hole_end(const struct reader *r, size_t at) {
    for (size_t i = 0; i < r->hole_count; i++)
        if (at >= r->holes[i].from && at < r->holes[i].to && r->holes[i].to <= r->text.len)
            return r->holes[i].to;
    return at;
}

static bool has_hole(const struct reader *r, size_t from, size_t to) {
    for (size_t i = 0; i < r->hole_count; i++)
        if (r->holes[i].from < to && r->holes[i].to > from)
            return true;
    return false;
}

/* The length of the label separator at `at`, 0 when there is none. East Asian input methods give
   the ideographic dots, which UTS 46 takes as full stops. */
static size_t dot_length(struct str text, size_t at) {
    static const char *const dots[] = { "\u3002", "\uff0e", "\uff61" };
    if (at >= text.len || (unsigned char)text.at[at] < 0x80)
        return at < text.len && text.at[at] == '.';
    for (size_t i = 0; i < sizeof dots / sizeof dots[0]; i++)
        if (str_starts(str_from(text, at), str_of(dots[i])))
            return strlen(dots[i]);
    return 0;
}

static size_t char_length(struct str text, size_t at) {
    size_t end = at + 1;
    while (end < text.len && ((unsigned char)text.at[end] & 0xc0) == 0x80)
        end++;
    return end - at;
}

static int character_error(char c) {
    if (c == '_')
        return DOMAIN_UNDERSCORE;
    if (c == '*')
        return DOMAIN_WILDCARD_PLACE;
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' ? DOMAIN_SPACE : DOMAIN_CHARACTER;
}

/* Letters, digits and hyphens with holes between them; holes count as nothing, since their length
   is not known here. */
static struct fault read_plain(const struct reader *r, size_t from, size_t to, struct buf *out) {
    size_t length = 0;
    for (size_t at = from; at < to;) {
        size_t end = hole_end(r, at);
        char c = r->text.at[at];
        if (end > at) {
            buf_add(out, str_slice(r->text, at, end));
            at = end;
            continue;
        }
        if ((unsigned char)c >= 0x80)
            return fault_at(DOMAIN_VARIABLE_IDN, at, at + char_length(r->text, at));
        if (!char_is_alnum(c) && c != '-')
            return fault_at(character_error(c), at, at + 1);
        buf_char(out, char_lower(c));
        length++;
        at++;
    }
    if (r->text.at[from] == '-')
        return fault_at(DOMAIN_HYPHEN_START, from, from + 1);
    if (r->text.at[to - 1] == '-')
        return fault_at(DOMAIN_HYPHEN_END, to - 1, to);
    if (length > LABEL_MAX)
        return fault_at(DOMAIN_LABEL_LONG, from, to);
    return fault_none();
}

/* An A-label must be what its own letters encode to, else two spellings would be one host. */
static struct fault check_a_label(const struct reader *r, struct str label, size_t from,
                                  size_t to) {
    struct idna_label letters;
    if (!idna_decode(r->arena, str_from(label, 4), from, to, &letters) || !letters.len ||
        idna_is_ascii(&letters))
        return fault_at(DOMAIN_PUNYCODE, from, to);
    struct fault f = idna_check(&letters);
    if (f.error)
        return f;
    struct idna_label mapped = letters;
    idna_map(r->arena, &mapped);
    bool same = mapped.len == letters.len;
    for (size_t i = 0; same && i < mapped.len; i++)
        same = mapped.at[i].code == letters.at[i].code;
    if (!same || !str_eq(idna_encode(r->arena, &letters), label))
        return fault_at(DOMAIN_PUNYCODE_FORM, from, to);
    return fault_none();
}

/* A label that was folded may have become ASCII (fullwidth letters do). */
static struct fault read_folded(const struct reader *r, const struct idna_label *label,
                                struct buf *out) {
    size_t start = out->len, n = label->len;
    for (size_t i = 0; i < n; i++) {
        char c = (char)label->at[i].code;
        if (!char_is_alnum(c) && c != '-')
            return fault_at(character_error(c), label->at[i].from, label->at[i].to);
        buf_char(out, c);
    }
    struct str plain = str_from(buf_str(out), start);
    if (plain.at[0] == '-')
        return fault_at(DOMAIN_HYPHEN_START, label->at[0].from, label->at[0].to);
    if (plain.at[n - 1] == '-')
        return fault_at(DOMAIN_HYPHEN_END, label->at[n - 1].from, label->at[n - 1].to);
    if (n > LABEL_MAX)
        return fault_at(DOMAIN_LABEL_LONG, label->at[0].from, label->at[n - 1].to);
    if (str_starts(plain, STR("xn--")))
        return check_a_label(r, plain, label->at[0].from, label->at[n - 1].to);
    return fault_none();
}

static struct fault read_international(const struct reader *r, size_t from, size_t to,
                                       struct buf *out) {
    struct idna_label label;
    struct fault f = idna_read(r->arena, str_slice(r->text, from, to), from, &label);
    if (f.error)
        return f;
    if (label.len > IDNA_LABEL_MAX)
        return fault_at(DOMAIN_LABEL_LONG, from, to);
    idna_map(r->arena, &label);
    for (size_t i = 0; i < label.len; i++) {
        struct idna_char c = label.at[i];
        if (c.code < 0x80 && c.code != '-' && !char_is_alnum((char)c.code))
            return fault_at(character_error((char)c.code), c.from, c.to);
    }
    if (idna_is_ascii(&label))
        return read_folded(r, &label, out);
    f = idna_check(&label);
    if (f.error)
        return f;
    struct str ascii = idna_encode(r->arena, &label);
    if (ascii.len > LABEL_MAX)
        return fault_at(DOMAIN_LABEL_LONG, from, to);
    buf_add(out, ascii);
    return fault_none();
}

static bool is_ascii(struct str s) {
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] >= 0x80)
            return false;
    return true;
}

static struct fault read_label(const struct reader *r, size_t from, size_t to, struct buf *out) {
    bool hole = has_hole(r, from, to);
    if (from == to)
        return fault_at(DOMAIN_EMPTY_LABEL, from, to);
    if (!hole && !is_ascii(str_slice(r->text, from, to)))
        return read_international(r, from, to, out);
    size_t start = out->len;
    struct fault f = read_plain(r, from, to, out);
    struct str label = str_from(buf_str(out), start);
    if (!f.error && !hole && str_starts(label, STR("xn--")))
        return check_a_label(r, label, from, to);
    return f;
}

/* What browsers take for an address: the last label is a number, decimal or 0x… */
static bool ends_in_number(struct str name) {
    size_t dot = str_find_last(name, '.');
    struct str last = dot == STR_NONE ? name : str_from(name, dot + 1);
    bool hex = str_starts(last, STR("0x"));
    for (size_t i = hex ? 2 : 0; i < last.len; i++) {
        char c = last.at[i];
        if (!char_is_digit(c) && !(hex && c >= 'a' && c <= 'f'))
            return false;
    }
    return last.len > 0;
}

/* Colons and brackets are the marks of ports and IPv6 addresses; both deserve their own words. */
static struct fault check_colons(const struct reader *r) {
    struct str text = r->text, inner = text;
    size_t colon = 0;
    while (colon < text.len && (text.at[colon] != ':' || hole_end(r, colon) > colon)) {
        size_t end = hole_end(r, colon);
        colon = end > colon ? end : colon + 1;
    }
    if (colon >= text.len)
        return fault_none();
    struct cidr ip;
    if (text.at[0] == '[')
        inner = str_slice(text, 1, str_find(text, ']'));
    if (text.at[0] == '[' || !cidr_parse_ip(inner, &ip).error)
        return fault_at(DOMAIN_IP, 0, text.len);
    uint64_t ignored;
    bool port = str_to_uint(str_from(text, colon + 1), UINT64_MAX, &ignored);
    return port ? fault_at(DOMAIN_PORT, colon, text.len)
                : fault_at(DOMAIN_CHARACTER, colon, colon + 1);
}

static struct fault read_labels(const struct reader *r, struct buf *out, bool *wildcard) {
    size_t from = 0;
    for (size_t at = 0; at <= r->text.len;) {
        size_t dot = 0, end = hole_end(r, at);
        if (end > at) {
            at = end;
            continue;
        }
        if (at < r->text.len && !(dot = dot_length(r->text, at))) {
            at++;
            continue;
        }
        if (from == at)
            return fault_at(DOMAIN_EMPTY_LABEL, from ? from - 1 : 0, at + dot);
        if (from == 0 && at == 1 && r->text.at[0] == '*') {
            *wildcard = true;
            buf_char(out, '*');
        } else {
            struct fault f = read_label(r, from, at, out);
            if (f.error)
                return f;
        }
        from = at + dot;
        if (from >= r->text.len)
            break; /* the end, or a final dot: the name is absolute anyway */
        buf_char(out, '.');
        at = from;
    }
    return fault_none();
}

/* A name as nearly all are: lower case, no A-label, nothing to fold, and a last label that begins
   with a letter. What it says no to is looked at closely. */
static bool is_ordinary(struct str text) {
    size_t from = 0; /* of the label at hand */
    for (size_t at = 0; at <= text.len; at++) {
        char c = at < text.len ? text.at[at] : '.';
        if (char_is_lower(c) || char_is_digit(c) || c == '-')
            continue;
        if (c != '.' || at == from || at - from > LABEL_MAX || text.at[from] == '-' ||
            text.at[at - 1] == '-' || str_starts(str_slice(text, from, at), STR("xn--")))
            return false;
        if (at < text.len)
            from = at + 1;
    }
    return text.len <= NAME_MAX_LENGTH && char_is_lower(text.at[from]);
}

struct fault domain_parse(struct arena *a, struct str text, const struct domain_hole *holes,
                          size_t hole_count, struct domain *out) {
    struct reader r = { a, text, holes, hole_count };
    struct buf name = { .arena = a };
    *out = (struct domain){ .has_holes = has_hole(&r, 0, text.len) };
    if (!text.len)
        return fault_at(DOMAIN_EMPTY, 0, 0);
    if (hole_count == 0 && is_ordinary(text)) {
        out->name = str_copy(a, text);
        return fault_none();
    }
    struct fault f = check_colons(&r);
    if (f.error)
        return f;
    f = read_labels(&r, &name, &out->is_wildcard);
    if (f.error)
        return f;
    out->name = str_copy(a, buf_str(&name));
    if (str_is(out->name, "*"))
        return fault_at(DOMAIN_WILDCARD_ALONE, 0, text.len);
    /* A variable's own text says nothing of the length or the digits that it will have. */
    size_t length = out->name.len;
    for (size_t i = 0; i < hole_count; i++)
        length -= holes[i].to - holes[i].from;
    if (length > NAME_MAX_LENGTH)
        return fault_at(DOMAIN_LONG, 0, text.len);
    if (ends_in_number(out->name))
        return fault_at(DOMAIN_IP, 0, text.len);
    return fault_none();
}

/* The first dot that is not part of a variable. */
static size_t first_dot(struct str name) {
    size_t depth = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (name.at[i] == '{')
            depth++;
        else if (name.at[i] == '}' && depth)
            depth--;
        else if (name.at[i] == '.' && !depth)
            return i;
    }
    return STR_NONE;
}

bool domain_covers(struct str pattern, struct str host) {
    if (str_eq(pattern, host))
        return true;
    if (!str_starts(pattern, STR("*.")))
        return false;
    size_t dot = first_dot(host);
    return dot != STR_NONE && dot > 0 && !str_is(str_slice(host, 0, dot), "*") &&
           str_eq(str_from(host, dot), str_from(pattern, 1));
}

bool domain_eq(struct str a, struct str b) {
    return str_eq(a, b);
}

int domain_cmp(struct str a, struct str b) {
    while (a.len && b.len) {
        size_t i = str_find_last(a, '.'), j = str_find_last(b, '.');
        int order =
            str_cmp(str_from(a, i == STR_NONE ? 0 : i + 1), str_from(b, j == STR_NONE ? 0 : j + 1));
        if (order)
            return order;
        a = str_slice(a, 0, i == STR_NONE ? 0 : i);
        b = str_slice(b, 0, j == STR_NONE ? 0 : j);
    }
    return (a.len > 0) - (b.len > 0);
}

bool domain_is_within(struct str name, struct str zone) {
    bool below_only = str_starts(zone, STR("*."));
    if (below_only)
        zone = str_from(zone, 2);
    if (str_eq(name, zone))
        return !below_only;
    return zone.len && name.len > zone.len && str_ends(name, zone) &&
           name.at[name.len - zone.len - 1] == '.';
}

bool domain_is_public_suffix_like(struct str wildcard) {
    static const char *const suffixes[] = {
        "ac.jp",  "ac.uk",  "co.il",  "co.in",  "co.jp",  "co.kr",  "co.nz",  "co.th",  "co.uk",
        "co.za",  "com.ar", "com.au", "com.br", "com.cn", "com.co", "com.hk", "com.mx", "com.my",
        "com.pl", "com.sg", "com.tr", "com.tw", "com.ua", "com.vn", "edu.au", "gov.au", "gov.uk",
        "me.uk",  "ne.jp",  "net.au", "net.br", "net.cn", "net.nz", "net.uk", "or.jp",  "or.kr",
        "org.au", "org.br", "org.cn", "org.nz", "org.uk", "org.za", "plc.uk", "ltd.uk",
    };
    if (!str_starts(wildcard, STR("*.")))
        return false;
    struct str zone = str_from(wildcard, 2);
    /* A variable may hold any number of labels. */
    if (str_find(zone, '{') != STR_NONE)
        return false;
    if (str_find(zone, '.') == STR_NONE)
        return true;
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (str_is(zone, suffixes[i]))
            return true;
    return false;
}

const char *domain_error_text(int error) {
    static const char *const texts[] = { DOMAIN_ERRORS(FAULT_PHRASE) };
    return texts[error];
}
