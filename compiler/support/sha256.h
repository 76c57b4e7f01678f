/* SHA-256 (FIPS 180-4). */
#pragma once

#include "support/str.h"

struct sha256 {
    uint32_t state[8];
    uint64_t length; /* bytes fed so far */
    unsigned char block[64];
};

void sha256_start(struct sha256 *s);
void sha256_add(struct sha256 *s, struct str data);
void sha256_end(struct sha256 *s, unsigned char digest[32]);

void sha256_of(struct str data, unsigned char digest[32]);
/* The digest as 64 lower-case hexadecimal digits and a NUL. */
void sha256_hex(struct str data, char hex[65]);
