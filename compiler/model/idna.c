/* International labels: RFC 5891 to 5893 with the convenience mapping of RFC 5895, which agrees
   with UTS 46 (non-transitional) wherever both give a name; punycode is RFC 3492. */
#include "model/idna.h"

#include "support/buf.h"

struct range {
    uint32_t from, to;
};
struct range_kind {
    uint32_t from, to;
    uint8_t kind;
};
struct move {
    uint32_t from, to;
    int32_t step, by;
};
struct spelling {
    uint32_t code, parts[3];
};
struct pair {
    uint32_t first, second, code;
};

enum { JOIN_NONE, JOIN_LEFT, JOIN_DUAL, JOIN_RIGHT };
enum { SCRIPT_OTHER, SCRIPT_GREEK, SCRIPT_HEBREW, SCRIPT_KANA_HAN };
enum {
    BIDI_L,
    BIDI_R,
    BIDI_AL,
    BIDI_AN,
    BIDI_EN,
    BIDI_ES,
    BIDI_CS,
    BIDI_ET,
    BIDI_ON,
    BIDI_BN,
    BIDI_NSM
};

/* The data file lists every table by its own macro; each array below picks one of them. */
#define VALID(from, to)
#define MARK(from, to)
#define TRANSPARENT(from, to)
#define JOIN(from, to, type)
#define SCRIPT(from, to, name)
#define BIDI(from, to, type)
#define CLASS(from, to, value)
#define MOVE(from, to, step, by)
#define SPELL(code, a, b, c)
#define SPLIT(code, a, b)
#define JOINED(a, b, code)

static const struct range valid[] = {
#undef VALID
#define VALID(from, to) { from, to },
#include "model/idna_data.def"
#undef VALID
#define VALID(from, to)
};
static const struct range marks[] = {
#undef MARK
#define MARK(from, to) { from, to },
#include "model/idna_data.def"
#undef MARK
#define MARK(from, to)
};
static const struct range transparent[] = {
#undef TRANSPARENT
#define TRANSPARENT(from, to) { from, to },
#include "model/idna_data.def"
#undef TRANSPARENT
#define TRANSPARENT(from, to)
};
static const struct range_kind joins[] = {
#undef JOIN
#define JOIN(from, to, type) { from, to, JOIN_##type },
#include "model/idna_data.def"
#undef JOIN
#define JOIN(from, to, type)
};
static const struct range_kind scripts[] = {
#undef SCRIPT
#define SCRIPT(from, to, name) { from, to, SCRIPT_##name },
#include "model/idna_data.def"
#undef SCRIPT
#define SCRIPT(from, to, name)
};
static const struct range_kind bidis[] = {
#undef BIDI
#define BIDI(from, to, type) { from, to, BIDI_##type },
#include "model/idna_data.def"
#undef BIDI
#define BIDI(from, to, type)
};
static const struct range_kind classes[] = {
#undef CLASS
#define CLASS(from, to, value) { from, to, value },
#include "model/idna_data.def"
#undef CLASS
#define CLASS(from, to, value)
};
static const struct move moves[] = {
#undef MOVE
#define MOVE(from, to, step, by) { from, to, step, by },
#include "model/idna_data.def"
#undef MOVE
#define MOVE(from, to, step, by)
};
static const struct spelling spellings[] = {
#undef SPELL
#define SPELL(code, a, b, c) { code, { a, b, c } },
#include "model/idna_data.def"
#undef SPELL
#define SPELL(code, a, b, c)
};
static const struct pair splits[] = {
#undef SPLIT
#define SPLIT(code, a, b) { a, b, code },
#include "model/idna_data.def"
#undef SPLIT
#define SPLIT(code, a, b)
};
static const struct pair joined[] = {
#undef JOINED
#define JOINED(a, b, code) { a, b, code },
#include "model/idna_data.def"
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Every table begins each row with the code points it is sorted by, hence one search for all. */
#define SEARCH(table, count, key_from, key_to, code, hit)                                          \
    do {                                                                                           \
        size_t low_ = 0, high_ = (count);                                                          \
        (hit) = NULL;                                                                              \
        while (low_ < high_ && !(hit)) {                                                           \
            size_t mid_ = low_ + (high_ - low_) / 2;                                               \
            if ((code) < (table)[mid_].key_from)                                                   \
                high_ = mid_;                                                                      \
            else if ((code) > (table)[mid_].key_to)                                                \
                low_ = mid_ + 1;                                                                   \
            else                                                                                   \
                (hit) = &(table)[mid_];                                                            \
        }                                                                                          \
    } while (0)

static bool within(const struct range *table, size_t count, uint32_t code) {
    const struct range *hit;
    SEARCH(table, count, from, to, code, hit);
    return hit != NULL;
}

static int kind_of(const struct range_kind *table, size_t count, uint32_t code) {
    const struct range_kind *hit;
    SEARCH(table, count, from, to, code, hit);
    return hit ? hit->kind : 0;
}

static int class_of(uint32_t code) {
    return kind_of(classes, COUNT(classes), code);
}

#define VIRAMA 9

struct fault idna_read(struct arena *a, struct str text, size_t base, struct idna_label *out) {
    *out = (struct idna_label){ arena_array(a, struct idna_char, text.len + 1), 0 };
    for (size_t at = 0; at < text.len;) {
        unsigned char c = (unsigned char)text.at[at];
        size_t len = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
        uint32_t code = len == 1 ? c : c & (0xffu >> (len + 1));
        for (size_t i = 1; i < len; i++) {
            if (at + i >= text.len || ((unsigned char)text.at[at + i] & 0xc0) != 0x80) {
                len = 0;
                break;
            }
            code = code << 6 | ((unsigned char)text.at[at + i] & 0x3f);
        }
        bool overlong = (len == 3 && code < 0x800) || (len == 4 && code < 0x10000);
        if (!len || overlong || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff)
            return fault_at(DOMAIN_UTF8, base + at, base + at + 1);
        out->at[out->len++] = (struct idna_char){ code, base + at, base + at + len };
        at += len;
    }
    return fault_none();
}

/* ---- mapping and composition ---- */

#define HANGUL        0xac00u
#define HANGUL_COUNT  11172u
#define JAMO_L        0x1100u
#define JAMO_V        0x1161u
#define JAMO_T        0x11a7u
#define JAMO_V_COUNT  21u
#define JAMO_T_COUNT  28u
#define JAMO_L_COUNT  19u
#define DECOMPOSE_MAX 4 /* the longest canonical decomposition of one code point */
#define SPELL_MAX     3

static size_t map_one(uint32_t code, uint32_t out[SPELL_MAX]) {
    if (code < 0x80) {
        out[0] = (uint32_t)char_lower((char)code);
        return 1;
    }
    const struct spelling *spelling;
    SEARCH(spellings, COUNT(spellings), code, code, code, spelling);
    if (spelling) {
        size_t n = 0;
        while (n < SPELL_MAX && spelling->parts[n]) {
            out[n] = spelling->parts[n];
            n++;
        }
        return n;
    }
    const struct move *move;
    SEARCH(moves, COUNT(moves), from, to, code, move);
    bool moves_it = move && (code - move->from) % (uint32_t)move->step == 0;
    out[0] = moves_it ? (uint32_t)((int32_t)code + move->by) : code;
    return 1;
}

/* Only the first part of a split can be split again, so a loop from the back is enough. */
static size_t split(uint32_t code, uint32_t out[DECOMPOSE_MAX]) {
    if (code >= HANGUL && code < HANGUL + HANGUL_COUNT) {
        uint32_t index = code - HANGUL, tail = index % JAMO_T_COUNT;
        out[0] = JAMO_L + index / (JAMO_V_COUNT * JAMO_T_COUNT);
        out[1] = JAMO_V + index % (JAMO_V_COUNT * JAMO_T_COUNT) / JAMO_T_COUNT;
        out[2] = JAMO_T + tail;
        return tail ? 3 : 2;
    }
    uint32_t tails[DECOMPOSE_MAX];
    size_t count = 0;
    for (;;) {
        const struct pair *pair;
        SEARCH(splits, COUNT(splits), code, code, code, pair);
        if (!pair)
            break;
        if (pair->second && count < DECOMPOSE_MAX - 1)
            tails[count++] = pair->second;
        code = pair->first;
    }
    out[0] = code;
    for (size_t i = 0; i < count; i++)
        out[1 + i] = tails[count - 1 - i];
    return count + 1;
}

static void reorder_marks(struct idna_label *label) {
    for (size_t i = 1; i < label->len; i++) {
        struct idna_char c = label->at[i];
        int class = class_of(c.code);
        size_t j = i;
        for (; class && j > 0 && class_of(label->at[j - 1].code) > class; j--)
            label->at[j] = label->at[j - 1];
        label->at[j] = c;
    }
}

static uint32_t compose_pair(uint32_t first, uint32_t second) {
    if (first >= JAMO_L && first < JAMO_L + JAMO_L_COUNT && second >= JAMO_V &&
        second < JAMO_V + JAMO_V_COUNT)
        return HANGUL + ((first - JAMO_L) * JAMO_V_COUNT + second - JAMO_V) * JAMO_T_COUNT;
    if (first >= HANGUL && first < HANGUL + HANGUL_COUNT && (first - HANGUL) % JAMO_T_COUNT == 0 &&
        second > JAMO_T && second < JAMO_T + JAMO_T_COUNT)
        return first + second - JAMO_T;
    size_t low = 0, high = COUNT(joined);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct pair *p = &joined[mid];
        if (p->first == first && p->second == second)
            return p->code;
        if (p->first < first || (p->first == first && p->second < second))
            low = mid + 1;
        else
            high = mid;
    }
    return 0;
}

static void compose(struct idna_label *label) {
    size_t len = 0, starter = STR_NONE;
    int last_class = 0;
    for (size_t i = 0; i < label->len; i++) {
        struct idna_char c = label->at[i];
        int class = class_of(c.code);
        bool adjacent = starter != STR_NONE && starter + 1 == len;
        bool blocked = !adjacent && (last_class == 0 || last_class >= class);
        uint32_t whole =
            starter != STR_NONE && !blocked ? compose_pair(label->at[starter].code, c.code) : 0;
        if (whole) {
            struct idna_char *s = &label->at[starter];
            s->code = whole;
            s->from = c.from < s->from ? c.from : s->from;
            s->to = c.to > s->to ? c.to : s->to;
            continue;
        }
        if (class == 0)
            starter = len;
        last_class = class;
        label->at[len++] = c;
    }
    label->len = len;
}

void idna_map(struct arena *a, struct idna_label *label) {
    struct idna_label out = { 0 };
    out.at = arena_array(a, struct idna_char, label->len * SPELL_MAX * DECOMPOSE_MAX + 1);
    for (size_t i = 0; i < label->len; i++) {
        uint32_t spelt[SPELL_MAX], parts[DECOMPOSE_MAX];
        size_t count = map_one(label->at[i].code, spelt);
        for (size_t j = 0; j < count; j++) {
            size_t n = split(spelt[j], parts);
            for (size_t k = 0; k < n; k++)
                out.at[out.len++] =
                    (struct idna_char){ parts[k], label->at[i].from, label->at[i].to };
        }
    }
    reorder_marks(&out);
    compose(&out);
    *label = out;
}

bool idna_is_ascii(const struct idna_label *label) {
    for (size_t i = 0; i < label->len; i++)
        if (label->at[i].code >= 0x80)
            return false;
    return true;
}

/* ---- what may stand in a U-label ---- */

static uint32_t code_at(const struct idna_label *label, size_t i) {
    return i < label->len ? label->at[i].code : 0; /* an index of -1 wraps and is past the end */
}

/* RFC 5892, A.1: between letters that would join, marks passed over. */
static bool joiner_parts_letters(const struct idna_label *label, size_t at) {
    int before = JOIN_NONE, after = JOIN_NONE;
    for (size_t i = at; i-- > 0;) {
        before = kind_of(joins, COUNT(joins), code_at(label, i));
        if (before || !within(transparent, COUNT(transparent), code_at(label, i)))
            break;
    }
    for (size_t i = at + 1; i < label->len; i++) {
        after = kind_of(joins, COUNT(joins), code_at(label, i));
        if (after || !within(transparent, COUNT(transparent), code_at(label, i)))
            break;
    }
    return (before == JOIN_LEFT || before == JOIN_DUAL) &&
           (after == JOIN_RIGHT || after == JOIN_DUAL);
}

static bool is_arabic_digit(uint32_t code) {
    return code >= 0x660 && code <= 0x669;
}
static bool is_eastern_digit(uint32_t code) {
    return code >= 0x6f0 && code <= 0x6f9;
}

static bool any_code(const struct idna_label *label, bool (*is)(uint32_t)) {
    for (size_t i = 0; i < label->len; i++)
        if (is(label->at[i].code))
            return true;
    return false;
}

static bool is_kana_or_han(uint32_t code) {
    return kind_of(scripts, COUNT(scripts), code) == SCRIPT_KANA_HAN;
}

/* RFC 5892, appendix A; DOMAIN_OK, or how the character is wrong. */
static int check_code(const struct idna_label *label, size_t i) {
    uint32_t code = code_at(label, i), before = code_at(label, i - 1),
             after = code_at(label, i + 1);
    bool fine;
    switch (code) {
    case 0x200c:
    case 0x200d:
        fine =
            (i && class_of(before) == VIRAMA) || (code == 0x200c && joiner_parts_letters(label, i));
        return fine ? DOMAIN_OK : DOMAIN_IDN_JOINER;
    case 0x00b7: fine = before == 'l' && after == 'l'; break;
    case 0x0375: fine = kind_of(scripts, COUNT(scripts), after) == SCRIPT_GREEK; break;
    case 0x05f3:
    case 0x05f4: fine = kind_of(scripts, COUNT(scripts), before) == SCRIPT_HEBREW; break;
    case 0x30fb: fine = any_code(label, is_kana_or_han); break;
    default:
        if (is_arabic_digit(code))
            fine = !any_code(label, is_eastern_digit);
        else if (is_eastern_digit(code))
            fine = !any_code(label, is_arabic_digit);
        else if (code < 0x80)
            return code == '-' || char_is_lower((char)code) || char_is_digit((char)code)
                       ? DOMAIN_OK
                       : DOMAIN_CHARACTER;
        else
            return within(valid, COUNT(valid), code) ? DOMAIN_OK : DOMAIN_IDN_CHARACTER;
    }
    return fine ? DOMAIN_OK : DOMAIN_IDN_CONTEXT;
}

static int bidi_of(uint32_t code) {
    if (code < 0x80)
        return char_is_digit((char)code) ? BIDI_EN : code == '-' ? BIDI_ES : BIDI_L;
    return kind_of(bidis, COUNT(bidis), code);
}

#define BIT(n) (1u << (n))

/* RFC 5893, section 2, for labels that hold right-to-left characters. */
static bool keeps_bidi_rule(const struct idna_label *label) {
    unsigned seen = 0;
    int last = BIDI_NSM, first = bidi_of(code_at(label, 0));
    for (size_t i = 0; i < label->len; i++) {
        int type = bidi_of(code_at(label, i));
        seen |= BIT(type);
        if (type != BIDI_NSM)
            last = type;
    }
    if (!(seen & (BIT(BIDI_R) | BIT(BIDI_AL) | BIT(BIDI_AN))))
        return true;
    if (first != BIDI_R && first != BIDI_AL)
        return false; /* led by L it may hold none of them */
    unsigned legal = BIT(BIDI_R) | BIT(BIDI_AL) | BIT(BIDI_AN) | BIT(BIDI_EN) | BIT(BIDI_ES) |
                     BIT(BIDI_CS) | BIT(BIDI_ET) | BIT(BIDI_ON) | BIT(BIDI_BN) | BIT(BIDI_NSM);
    bool both_numbers = (seen & BIT(BIDI_EN)) && (seen & BIT(BIDI_AN));
    bool ends_well = last == BIDI_R || last == BIDI_AL || last == BIDI_EN || last == BIDI_AN;
    return !(seen & ~legal) && !both_numbers && ends_well;
}

struct fault idna_check(const struct idna_label *label) {
    const struct idna_char *c = label->at;
    size_t n = label->len;
    for (size_t i = 0; i < n; i++) {
        int error = check_code(label, i);
        if (error)
            return fault_at(error, c[i].from, c[i].to);
    }
    if (c[0].code == '-')
        return fault_at(DOMAIN_HYPHEN_START, c[0].from, c[0].to);
    if (c[n - 1].code == '-')
        return fault_at(DOMAIN_HYPHEN_END, c[n - 1].from, c[n - 1].to);
    if (n >= 4 && c[2].code == '-' && c[3].code == '-')
        return fault_at(DOMAIN_HYPHEN_34, c[2].from, c[3].to);
    if (within(marks, COUNT(marks), c[0].code))
        return fault_at(DOMAIN_IDN_MARK, c[0].from, c[0].to);
    if (!keeps_bidi_rule(label))
        return fault_at(DOMAIN_IDN_BIDI, c[0].from, c[n - 1].to);
    return fault_none();
}

/* ---- punycode ---- */

#define BASE         36u
#define T_MIN        1u
#define T_MAX        26u
#define INITIAL_BIAS 72u
#define INITIAL_CODE 128u

static uint32_t adapt(uint32_t delta, uint32_t count, bool first) {
    delta = first ? delta / 700 : delta / 2;
    delta += delta / count;
    uint32_t k = 0;
    for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
        delta /= BASE - T_MIN;
    return k + (BASE - T_MIN + 1) * delta / (delta + 38);
}

static uint32_t threshold(uint32_t k, uint32_t bias) {
    return k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
}

static void put_number(struct buf *b, uint32_t number, uint32_t bias) {
    for (uint32_t k = BASE;; k += BASE) {
        uint32_t t = threshold(k, bias);
        if (number < t)
            break;
        buf_char(b, "abcdefghijklmnopqrstuvwxyz0123456789"[t + (number - t) % (BASE - t)]);
        number = (number - t) / (BASE - t);
    }
    buf_char(b, "abcdefghijklmnopqrstuvwxyz0123456789"[number]);
}

/* At most IDNA_LABEL_MAX characters stand in a label (times three for spellings), so that the
   delta, at most 0x110000 for each, stays within 32 bits. */
struct str idna_encode(struct arena *a, const struct idna_label *label) {
    struct buf b = { .arena = a };
    buf_text(&b, "xn--");
    uint32_t basic = 0;
    for (size_t i = 0; i < label->len; i++) {
        if (label->at[i].code < 0x80) {
            buf_char(&b, (char)label->at[i].code);
            basic++;
        }
    }
    if (basic)
        buf_char(&b, '-');
    uint32_t code = INITIAL_CODE, delta = 0, bias = INITIAL_BIAS, done = basic;
    while (done < label->len) {
        uint32_t next = 0x110000;
        for (size_t i = 0; i < label->len; i++)
            if (label->at[i].code >= code && label->at[i].code < next)
                next = label->at[i].code;
        delta += (next - code) * (done + 1);
        code = next;
        for (size_t i = 0; i < label->len; i++) {
            if (label->at[i].code < code)
                delta++;
            if (label->at[i].code == code) {
                put_number(&b, delta, bias);
                bias = adapt(delta, done + 1, done == basic);
                delta = 0;
                done++;
            }
        }
        delta++;
        code++;
    }
    return buf_str(&b);
}

static uint32_t digit_value(char c) {
    if (char_is_alpha(c))
        return (uint32_t)(char_lower(c) - 'a');
    return char_is_digit(c) ? (uint32_t)(c - '0') + 26 : BASE;
}

bool idna_decode(struct arena *a, struct str punycode, size_t from, size_t to,
                 struct idna_label *out) {
    *out = (struct idna_label){ arena_array(a, struct idna_char, punycode.len + 1), 0 };
    size_t dash = str_find_last(punycode, '-'), at = 0;
    if (dash != STR_NONE) {
        for (; at < dash; at++)
            out->at[out->len++] = (struct idna_char){ (unsigned char)punycode.at[at], from, to };
        at++;
    }
    uint32_t code = INITIAL_CODE, index = 0, bias = INITIAL_BIAS;
    while (at < punycode.len) {
        uint32_t start = index, weight = 1;
        for (uint32_t k = BASE;; k += BASE) {
            uint32_t digit = at < punycode.len ? digit_value(punycode.at[at++]) : BASE;
            if (digit >= BASE || digit > (UINT32_MAX - index) / weight)
                return false;
            index += digit * weight;
            uint32_t t = threshold(k, bias);
            if (digit < t)
                break;
            if (weight > UINT32_MAX / (BASE - t))
                return false;
            weight *= BASE - t;
        }
        uint32_t count = (uint32_t)out->len + 1;
        bias = adapt(index - start, count, start == 0);
        if (index / count > 0x10ffff - code)
            return false;
        code += index / count;
        index %= count;
        if (code >= 0xd800 && code < 0xe000)
            return false;
        memmove(out->at + index + 1, out->at + index,
                (out->len - index) * sizeof(struct idna_char));
        out->at[index++] = (struct idna_char){ code, from, to };
        out->len++;
    }
    return true;
}
