/* IP addresses and networks. The spelling must be one that Traefik and Docker both accept, so the
   rules are those of Go: no leading zeros in an address (octal elsewhere), no zones, no shortened
   IPv4. */
#include "support/cidr.h"

#include "support/buf.h"

static int hex_value(char c) {
    if (char_is_digit(c))
        return c - '0';
    c = char_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct fault parse_v4(struct str text, unsigned char out[4]) {
    size_t at = 0;
    for (int part = 0; part < 4; part++) {
        size_t from = at;
        unsigned value = 0;
        while (at < text.len && char_is_digit(text.at[at])) {
            if (value < 1000)
                value = value * 10 + (unsigned)(text.at[at] - '0');
            at++;
        }
        if (at < text.len && text.at[at] != '.')
            return fault_at(CIDR_NOT_ADDRESS, 0, text.len);
        if (at == from)
            return fault_at(CIDR_V4_PARTS, 0, text.len);
        if (at - from > 1 && text.at[from] == '0')
            return fault_at(CIDR_V4_LEADING_ZERO, from, at);
        if (value > 255)
            return fault_at(CIDR_V4_RANGE, from, at);
        out[part] = (unsigned char)value;
        if ((at == text.len) != (part == 3))
            return fault_at(CIDR_V4_PARTS, 0, text.len);
        at++;
    }
    return fault_none();
}

/* Bytes before the `::` are in place already; those behind it move to the end. */
static void open_ellipsis(unsigned char out[16], int ellipsis, int filled) {
    int tail = filled - ellipsis;
    memmove(out + 16 - tail, out + ellipsis, (size_t)tail);
    memset(out + ellipsis, 0, (size_t)(16 - filled));
}

static struct fault parse_v6(struct str text, unsigned char out[16]) {
    int filled = 0, ellipsis = -1;
    size_t at = 0;
    if (text.len >= 2 && text.at[0] == ':' && text.at[1] == ':') {
        ellipsis = 0;
        at = 2;
    }
    while (at < text.len) {
        size_t from = at;
        unsigned value = 0;
        if (filled == 16)
            return fault_at(CIDR_V6_PARTS, 0, text.len);
        while (at < text.len && hex_value(text.at[at]) >= 0) {
            if (at - from >= 4)
                return fault_at(CIDR_V6_GROUP, from, at + 1);
            value = value << 4 | (unsigned)hex_value(text.at[at++]);
        }
        if (at < text.len && text.at[at] == '.') {
            if (filled > 12 || (ellipsis < 0 && filled != 12))
                return fault_at(CIDR_V6_PARTS, from, text.len);
            struct fault f = parse_v4(str_from(text, from), out + filled);
            if (f.error)
                return fault_moved(f, from);
            filled += 4;
            break;
        }
        if (at == from || (at < text.len && text.at[at] != ':'))
            return fault_at(CIDR_V6_GROUP, from, at < text.len ? at + 1 : at);
        out[filled++] = (unsigned char)(value >> 8);
        out[filled++] = (unsigned char)(value & 0xff);
        if (at == text.len)
            break;
        at++;
        if (at == text.len)
            return fault_at(CIDR_V6_GROUP, at - 1, at);
        if (text.at[at] == ':') {
            if (ellipsis >= 0)
                return fault_at(CIDR_V6_ELLIPSIS, at - 1, at + 1);
            ellipsis = filled;
            at++;
        }
    }
    if (ellipsis >= 0 && filled == 16)
        return fault_at(CIDR_V6_ELLIPSIS, 0, text.len);
    if (ellipsis < 0 && filled < 16)
        return fault_at(CIDR_V6_PARTS, 0, text.len);
    if (ellipsis >= 0)
        open_ellipsis(out, ellipsis, filled);
    return fault_none();
}

struct fault cidr_parse_ip(struct str text, struct cidr *out) {
    *out = (struct cidr){ 0 };
    if (!text.len)
        return fault_at(CIDR_EMPTY, 0, 0);
    size_t slash = str_find(text, '/');
    if (slash != STR_NONE)
        return fault_at(CIDR_LENGTH_FORBIDDEN, slash, text.len);
    size_t zone = str_find(text, '%');
    if (zone != STR_NONE)
        return fault_at(CIDR_ZONE, zone, text.len);
    bool v6 = str_find(text, ':') != STR_NONE;
    out->bits = out->length = v6 ? 128 : 32;
    return v6 ? parse_v6(text, out->address) : parse_v4(text, out->address);
}

struct fault cidr_parse(struct str text, struct cidr *out) {
    size_t slash = str_find(text, '/');
    struct fault f = cidr_parse_ip(str_slice(text, 0, slash), out);
    if (f.error || slash == STR_NONE)
        return f;
    struct str length = str_from(text, slash + 1);
    if (!length.len)
        return fault_at(CIDR_LENGTH_MISSING, slash, text.len);
    for (size_t i = 0; i < length.len; i++)
        if (!char_is_digit(length.at[i]))
            return fault_at(CIDR_LENGTH_NOT_NUMBER, slash + 1, text.len);
    uint64_t value;
    if (!str_to_uint(length, out->bits, &value))
        return fault_at(CIDR_LENGTH_RANGE, slash + 1, text.len);
    out->length = (uint8_t)value;
    out->has_length = true;
    out->zeros = length.len > 1 && length.at[0] == '0';
    return fault_none();
}

static bool bit_of(const struct cidr *c, unsigned i) {
    return c->address[i / 8] >> (7 - i % 8) & 1;
}

bool cidr_has_host_bits(const struct cidr *c) {
    for (unsigned i = c->length; i < c->bits; i++)
        if (bit_of(c, i))
            return true;
    return false;
}

struct cidr cidr_network(const struct cidr *c) {
    struct cidr n = *c;
    for (unsigned i = c->length; i < c->bits; i++)
        n.address[i / 8] &= (unsigned char)~(1u << (7 - i % 8));
    return n;
}

struct cidr cidr_unmapped(const struct cidr *c) {
    static const unsigned char prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
    struct cidr out = *c;
    if (out.bits == 128 && out.length >= 96 && memcmp(out.address, prefix, sizeof prefix) == 0) {
        memmove(out.address, out.address + 12, 4);
        out.bits = 32;
        out.length = (uint8_t)(out.length - 96);
    }
    return out;
}

bool cidr_contains(const struct cidr *outer, const struct cidr *inner) {
    if (outer->bits != inner->bits || outer->length > inner->length)
        return false;
    for (unsigned i = 0; i < outer->length; i++)
        if (bit_of(outer, i) != bit_of(inner, i))
            return false;
    return true;
}

bool cidr_overlaps(const struct cidr *a, const struct cidr *b) {
    return cidr_contains(a, b) || cidr_contains(b, a);
}

int cidr_cmp(const struct cidr *a, const struct cidr *b) {
    if (a->bits != b->bits)
        return a->bits < b->bits ? -1 : 1;
    int order = memcmp(a->address, b->address, a->bits / 8);
    return order ? order : (int)a->length - (int)b->length;
}

/* Networks of one or two addresses (RFC 3021) have no address that is set apart. */
static bool sets_addresses_apart(const struct cidr *ip, const struct cidr *network) {
    struct cidr host = *ip;
    host.length = host.bits;
    return cidr_contains(network, &host) && network->bits - network->length >= 2;
}

bool cidr_is_network_address(const struct cidr *ip, const struct cidr *network) {
    struct cidr base = cidr_network(network);
    return sets_addresses_apart(ip, network) &&
           memcmp(base.address, ip->address, sizeof base.address) == 0;
}

bool cidr_is_broadcast_address(const struct cidr *ip, const struct cidr *network) {
    if (ip->bits != 32 || !sets_addresses_apart(ip, network))
        return false;
    for (unsigned i = network->length; i < 32; i++)
        if (!bit_of(ip, i))
            return false;
    return true;
}

static unsigned group_of(const struct cidr *c, int i) {
    return (unsigned)c->address[2 * i] << 8 | c->address[2 * i + 1];
}

/* RFC 5952: `::` takes the first of the longest runs of at least two zero groups. An IPv4-mapped
   address keeps its dotted end, as Go prints it. */
static void print_v6(struct buf *b, const struct cidr *c) {
    static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
    if (memcmp(c->address, mapped, sizeof mapped) == 0) {
        const unsigned char *v4 = c->address + 12;
        buf_format(b, "::ffff:%d.%d.%d.%d", v4[0], v4[1], v4[2], v4[3]);
        return;
    }
    int start = -1, longest = 1;
    for (int i = 0; i < 8; i++) {
        int end = i;
        while (end < 8 && group_of(c, end) == 0)
            end++;
        if (end - i > longest) {
            start = i;
            longest = end - i;
        }
        if (end > i)
            i = end;
    }
    for (int i = 0; i < 8; i++) {
        if (i == start) {
            buf_text(b, "::");
            i += longest - 1;
            continue;
        }
        if (i && !(start >= 0 && i == start + longest))
            buf_char(b, ':');
        buf_format(b, "%x", group_of(c, i));
    }
}

struct str cidr_address_text(struct arena *a, const struct cidr *c) {
    struct buf b = { .arena = a };
    if (c->bits == 32)
        buf_format(&b, "%d.%d.%d.%d", c->address[0], c->address[1], c->address[2], c->address[3]);
    else
        print_v6(&b, c);
    return buf_str(&b);
}

struct str cidr_text(struct arena *a, const struct cidr *c) {
    struct str address = cidr_address_text(a, c);
    return c->has_length ? str_format(a, "%.*s/%u", STR_ARG(address), c->length) : address;
}

const char *cidr_error_text(int error) {
    static const char *const texts[] = { CIDR_ERRORS(FAULT_PHRASE) };
    return texts[error];
}
