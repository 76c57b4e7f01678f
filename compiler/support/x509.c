/* DER (X.690) as far as RFC 5280 needs it: a value is a tag, a length and its bytes. */
#include "support/x509.h"

enum { INTEGER = 0x02, OCTETS = 0x04, OBJECT = 0x06, SEQUENCE = 0x30, SET = 0x31 };
enum { EXPLICIT = 0xa0, EXTENSIONS = 0xa3, DNS_NAME = 0x82, IP_ADDRESS = 0x87 };
enum { NAMES_MOST = 1000 };

static const unsigned char common_name[] = { 0x55, 0x04, 0x03 };
static const unsigned char alternative_names[] = { 0x55, 0x1d, 0x11 };

static int base64_digit(char c) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Between the lines that say BEGIN and END CERTIFICATE. */
static struct str der_of(struct arena *a, struct str pem) {
    static const char begin[] = "-----BEGIN CERTIFICATE-----";
    size_t from = str_find_str(pem, STR("-----BEGIN CERTIFICATE-----"));
    if (from == STR_NONE)
        return STR("");
    struct str body = str_from(pem, from + sizeof begin - 1);
    body = str_slice(body, 0, str_find_str(body, STR("-----END CERTIFICATE-----")));
    char *at = arena_alloc(a, body.len + 1);
    size_t len = 0;
    unsigned bits = 0, count = 0;
    for (size_t i = 0; i < body.len; i++) {
        int digit = base64_digit(body.at[i]);
        if (digit < 0)
            continue;
        bits = bits << 6 | (unsigned)digit;
        count += 6;
        if (count >= 8) {
            count -= 8;
            at[len++] = (char)(bits >> count & 0xff);
        }
    }
    return (struct str){ at, len };
}

/* The value at the beginning of `rest`, which is moved behind it; false when there is none. */
static bool next(struct str *rest, int *tag, struct str *value) {
    if (rest->len < 2)
        return false;
    *tag = (unsigned char)rest->at[0];
    size_t len = (unsigned char)rest->at[1], head = 2;
    if (len & 0x80) {
        size_t bytes = len & 0x7f;
        if (!bytes || bytes > 4 || rest->len < 2 + bytes)
            return false;
        len = 0;
        for (size_t i = 0; i < bytes; i++)
            len = len << 8 | (unsigned char)rest->at[2 + i];
        head += bytes;
    }
    if (rest->len - head < len)
        return false;
    *value = str_slice(*rest, head, head + len);
    *rest = str_from(*rest, head + len);
    return true;
}

static bool expect(struct str *rest, int tag, struct str *value) {
    int found;
    return next(rest, &found, value) && found == tag;
}

static bool is_object(struct str value, const unsigned char *wanted, size_t len) {
    return value.len == len && memcmp(value.at, wanted, len) == 0;
}

static void add(struct arena *a, struct x509_names *out, struct str name) {
    if (out->count == NAMES_MOST || !name.len)
        return;
    char *at = arena_alloc(a, name.len);
    for (size_t i = 0; i < name.len; i++)
        at[i] = char_lower(name.at[i]);
    out->at[out->count++] = (struct str){ at, name.len };
}

/* A name is a sequence of sets of (object, text). */
static struct str subject_of(struct str name) {
    struct str set, pair, object, text = STR(""), found = STR("");
    int kind;
    while (expect(&name, SET, &set))
        while (expect(&set, SEQUENCE, &pair))
            if (expect(&pair, OBJECT, &object) && next(&pair, &kind, &text) &&
                is_object(object, common_name, sizeof common_name))
                found = text;
    return found;
}

static void add_address(struct arena *a, struct x509_names *out, struct str bytes) {
    if (bytes.len != 4)
        return;
    const unsigned char *b = (const unsigned char *)bytes.at;
    add(a, out, str_format(a, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]));
}

static void add_alternatives(struct arena *a, struct x509_names *out, struct str extensions,
                             struct str subject) {
    struct str all, one, object, value, names, name;
    int tag;
    if (!expect(&extensions, SEQUENCE, &all))
        return;
    while (expect(&all, SEQUENCE, &one)) {
        if (!expect(&one, OBJECT, &object) ||
            !is_object(object, alternative_names, sizeof alternative_names))
            continue;
        /* Whether it is critical may stand before the value. */
        while (next(&one, &tag, &value) && tag != OCTETS)
            ;
        if (!expect(&value, SEQUENCE, &names))
            continue;
        while (next(&names, &tag, &name)) {
            if (tag == DNS_NAME && !str_eq(name, subject))
                add(a, out, name);
            else if (tag == IP_ADDRESS)
                add_address(a, out, name);
        }
    }
}

bool x509_names(struct arena *a, struct str pem, struct x509_names *out) {
    struct str der = der_of(a, pem), certificate, body, value, subject;
    int tag;
    *out = (struct x509_names){ 0 };
    if (!expect(&der, SEQUENCE, &certificate) || !expect(&certificate, SEQUENCE, &body))
        return false;
    if (!next(&body, &tag, &value) || (tag == EXPLICIT && !expect(&body, INTEGER, &value)))
        return false;
    for (int skipped = 0; skipped < 3; skipped++) /* signature, issuer, validity */
        if (!expect(&body, SEQUENCE, &value))
            return false;
    if (!expect(&body, SEQUENCE, &subject))
        return false;
    out->at = arena_array(a, struct str, NAMES_MOST);
    struct str common = subject_of(subject);
    add(a, out, common);
    while (next(&body, &tag, &value))
        if (tag == EXTENSIONS)
            add_alternatives(a, out, value, common);
    return true;
}
