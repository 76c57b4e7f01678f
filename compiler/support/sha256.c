/* SHA-256 (FIPS 180-4), for names that must stay unique and for manifests that must be trusted. */
#include "support/sha256.h"

#include "support/sha256_cpu.h"

static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, int by) {
    return x >> by | x << (32 - by);
}

static uint32_t word_at(const unsigned char *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* The next sixteen words of the schedule take the places of the last ones. */
static void extend(uint32_t *w) {
    for (int i = 0; i < 16; i++) {
        uint32_t before = w[(i + 1) & 15], last = w[(i + 14) & 15];
        uint32_t low = rotate(before, 7) ^ rotate(before, 18) ^ before >> 3;
        uint32_t high = rotate(last, 17) ^ rotate(last, 19) ^ last >> 10;
        w[i] += low + w[(i + 9) & 15] + high;
    }
}

/* One round. Instead of moving all eight words, the caller names them in another order. */
#define ROUND(a, b, c, d, e, f, g, h, i)                                                           \
    do {                                                                                           \
        uint32_t one = (h) + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +                      \
                       ((g) ^ ((e) & ((f) ^ (g)))) + round_constants[i] + w[(i)&15];               \
        (d) += one;                                                                                \
        (h) = one + (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +                               \
              (((a) & (b)) | ((c) & ((a) | (b))));                                                 \
    } while (0)

static void mix(uint32_t *v, const unsigned char *block) {
    uint32_t w[16];
    uint32_t a = v[0], b = v[1], c = v[2], d = v[3], e = v[4], f = v[5], g = v[6], h = v[7];
    for (int i = 0; i < 16; i++)
        w[i] = word_at(block + 4 * i);
    for (int i = 0; i < 64; i += 8) {
        if (i == 16 || i == 32 || i == 48)
            extend(w);
        ROUND(a, b, c, d, e, f, g, h, i);
        ROUND(h, a, b, c, d, e, f, g, i + 1);
        ROUND(g, h, a, b, c, d, e, f, i + 2);
        ROUND(f, g, h, a, b, c, d, e, i + 3);
        ROUND(e, f, g, h, a, b, c, d, i + 4);
        ROUND(d, e, f, g, h, a, b, c, i + 5);
        ROUND(c, d, e, f, g, h, a, b, i + 6);
        ROUND(b, c, d, e, f, g, h, a, i + 7);
    }
    const uint32_t mixed[8] = { a, b, c, d, e, f, g, h };
    for (int i = 0; i < 8; i++)
        v[i] += mixed[i];
}

void sha256_start(struct sha256 *s) {
    *s = (struct sha256){ .state = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                                     0x9b05688c, 0x1f83d9ab, 0x5be0cd19 } };
}

static void mix_all(struct sha256 *s, const void *blocks, size_t count) {
    const unsigned char *at = blocks;
    if (!count || sha256_cpu(s->state, round_constants, at, count))
        return;
    for (; count; count--, at += 64)
        mix(s->state, at);
}

/* What begins a block within `data` is read there; what is left of one waits in `block`. */
void sha256_add(struct sha256 *s, struct str data) {
    size_t used = s->length % 64;
    s->length += data.len;
    if (used) {
        size_t take = data.len < 64 - used ? data.len : 64 - used;
        if (take)
            memcpy(s->block + used, data.at, take);
        if (used + take < 64)
            return;
        mix_all(s, s->block, 1);
        data = str_from(data, take);
    }
    mix_all(s, data.at, data.len / 64);
    data = str_from(data, data.len / 64 * 64);
    if (data.len)
        memcpy(s->block, data.at, data.len);
}

void sha256_end(struct sha256 *s, unsigned char digest[32]) {
    static const char padding[64] = { (char)0x80 };
    uint64_t bits = s->length * 8;
    size_t used = s->length % 64;
    sha256_add(s, (struct str){ padding, used < 56 ? 56 - used : 120 - used });
    char length[8];
    for (int i = 0; i < 8; i++)
        length[i] = (char)(bits >> (56 - 8 * i) & 0xff);
    sha256_add(s, (struct str){ length, 8 });
    for (int i = 0; i < 32; i++)
        digest[i] = (unsigned char)(s->state[i / 4] >> (24 - 8 * (i % 4)));
}

void sha256_of(struct str data, unsigned char digest[32]) {
    struct sha256 s;
    sha256_start(&s);
    sha256_add(&s, data);
    sha256_end(&s, digest);
}

void sha256_hex(struct str data, char hex[65]) {
    unsigned char digest[32];
    sha256_of(data, digest);
    for (int i = 0; i < 32; i++) {
        hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    hex[64] = 0;
}
