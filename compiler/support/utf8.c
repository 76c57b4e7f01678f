/* UTF-8, read without trust: a byte that belongs to no character stands alone. */
#include "support/utf8.h"

static bool continues(struct str s, size_t at) {
    return at < s.len && ((unsigned char)s.at[at] & 0xc0) == 0x80;
}

size_t utf8_next(struct str s, size_t at, uint32_t *character) {
    static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
    unsigned char first = (unsigned char)s.at[at];
    *character = first;
    if (first < 0x80)
        return 1;
    size_t len = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    uint32_t code = first & (0x7fu >> len);
    for (size_t i = 1; i < len && continues(s, at + i); i++)
        code = code << 6 | ((unsigned char)s.at[at + i] & 0x3f);
    bool whole = first >= 0xc2 && first <= 0xf4;
    for (size_t i = 1; i < len; i++)
        whole = whole && continues(s, at + i);
    if (!whole || code < smallest[len] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        *character = UTF8_INVALID;
        return 1;
    }
    *character = code;
    return len;
}

size_t utf8_ascii_run(struct str s, size_t at, size_t to) {
    size_t i = at;
    for (uint64_t word; to - i >= sizeof word; i += sizeof word) {
        memcpy(&word, s.at + i, sizeof word);
        if (word & 0x8080808080808080u)
            break;
    }
    while (i < to && !((unsigned char)s.at[i] & 0x80))
        i++;
    return i - at;
}

bool utf8_is_valid(struct str s) {
    uint32_t character;
    for (size_t at = 0; at < s.len;) {
        at += utf8_ascii_run(s, at, s.len);
        if (at == s.len)
            break;
        at += utf8_next(s, at, &character);
        if (character == UTF8_INVALID)
            return false;
    }
    return true;
}

void utf8_add(struct buf *out, uint32_t c) {
    if (c < 0x80) {
        buf_char(out, (char)c);
        return;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    buf_char(out, (char)((0xffu << (7 - more) & 0xff) | (c >> (6 * more))));
    while (more-- > 0)
        buf_char(out, (char)(0x80 | (c >> (6 * more) & 0x3f)));
}
