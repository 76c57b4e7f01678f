/* IP addresses and networks, as strict as Go's net/netip and net.ParseCIDR. */
#pragma once

#include "support/fault.h"
#include "support/str.h"

#define CIDR_ERRORS(X)                                                                             \
    X(CIDR_OK, "nothing is wrong")                                                                 \
    X(CIDR_EMPTY, "the address is missing")                                                        \
    X(CIDR_NOT_ADDRESS, "this is no IP address")                                                   \
    X(CIDR_V4_PARTS, "an IPv4 address has four numbers")                                           \
    X(CIDR_V4_RANGE, "each number of an IPv4 address lies within 0-255")                           \
    X(CIDR_V4_LEADING_ZERO, "numbers of an IPv4 address are written without leading zeros")        \
    X(CIDR_V6_GROUP, "a group of an IPv6 address has one to four hexadecimal digits")              \
    X(CIDR_V6_PARTS, "an IPv6 address has eight groups")                                           \
    X(CIDR_V6_ELLIPSIS, ":: may stand once, and only for groups that are missing")                 \
    X(CIDR_ZONE, "an address with a zone (%) works on one host only")                              \
    X(CIDR_LENGTH_MISSING, "the prefix length is missing after /")                                 \
    X(CIDR_LENGTH_NOT_NUMBER, "a prefix length is a number")                                       \
    X(CIDR_LENGTH_RANGE, "a prefix length is at most 32 for IPv4 and 128 for IPv6")                \
    X(CIDR_LENGTH_FORBIDDEN, "one address is expected here, not a network")

enum cidr_error { CIDR_ERRORS(FAULT_NAME) };

struct cidr {
    unsigned char address[16]; /* an IPv4 address uses the first four bytes */
    uint8_t bits;              /* 32 or 128: the family */
    uint8_t length;            /* of the prefix; `bits` when it is one host */
    bool has_length;           /* "/N" was written, */
    bool zeros;                /* with zeros before N, which Go's net.ParseCIDR passes over */
};

struct fault cidr_parse(struct str text, struct cidr *out);    /* address or network */
struct fault cidr_parse_ip(struct str text, struct cidr *out); /* address only */

bool cidr_has_host_bits(const struct cidr *c); /* 10.0.0.1/8: only 10.0.0.0 is meant */
struct cidr cidr_network(const struct cidr *c);
/* An IPv4 address in an IPv6 network of mapped ones (::ffff:0:0/96) as IPv4. */
struct cidr cidr_unmapped(const struct cidr *c);
bool cidr_contains(const struct cidr *outer, const struct cidr *inner);
bool cidr_overlaps(const struct cidr *a, const struct cidr *b);
int cidr_cmp(const struct cidr *a, const struct cidr *b); /* IPv4 first, address, length */

bool cidr_is_network_address(const struct cidr *ip, const struct cidr *network);
bool cidr_is_broadcast_address(const struct cidr *ip, const struct cidr *network); /* IPv4 */

struct str cidr_text(struct arena *a, const struct cidr *c);         /* "10.0.0.0/8", RFC 5952 */
struct str cidr_address_text(struct arena *a, const struct cidr *c); /* without the length */
const char *cidr_error_text(int error);
