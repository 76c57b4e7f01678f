/* SHA-256 by instructions that some processors have for it: two rounds at once, and four words of
   the schedule. */
#include "support/sha256_cpu.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <cpuid.h>
#include <immintrin.h>

static bool has_instructions(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1))
        return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

#define WITH_SHA __attribute__((target("sha,sse4.1,ssse3")))

/* The state as the instructions want it: a, b, e, f in one register, c, d, g, h in the other. */
WITH_SHA static void mix(__m128i *abef, __m128i *cdgh, const uint32_t *constants,
                         const unsigned char *block) {
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i w[4], before = *abef, before_too = *cdgh;
    for (int i = 0; i < 16; i++) {
        __m128i *next = &w[i & 3], last = w[(i + 3) & 3];
        if (i < 4) {
            __m128i words = _mm_loadu_si128((const __m128i *)(const void *)(block + 16 * i));
            *next = _mm_shuffle_epi8(words, big_endian);
        } else {
            __m128i sum = _mm_sha256msg1_epu32(*next, w[(i + 1) & 3]);
            sum = _mm_add_epi32(sum, _mm_alignr_epi8(last, w[(i + 2) & 3], 4));
            *next = _mm_sha256msg2_epu32(sum, last);
        }
        __m128i k = _mm_loadu_si128((const __m128i *)(const void *)(constants + 4 * i));
        k = _mm_add_epi32(k, *next);
        *cdgh = _mm_sha256rnds2_epu32(*cdgh, *abef, k);
        *abef = _mm_sha256rnds2_epu32(*abef, *cdgh, _mm_shuffle_epi32(k, 0x0e));
    }
    *abef = _mm_add_epi32(*abef, before);
    *cdgh = _mm_add_epi32(*cdgh, before_too);
}

WITH_SHA static void mix_all(uint32_t state[8], const uint32_t *constants,
                             const unsigned char *blocks, size_t count) {
    __m128i *low = (void *)state, *high = (void *)(state + 4);
    __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128(low), 0xb1);
    __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128(high), 0x1b);
    __m128i abef = _mm_alignr_epi8(badc, hgfe, 8), cdgh = _mm_blend_epi16(hgfe, badc, 0xf0);
    for (; count; count--, blocks += 64)
        mix(&abef, &cdgh, constants, blocks);
    __m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128(low, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128(high, _mm_alignr_epi8(dchg, feba, 8));
}

bool sha256_cpu(uint32_t state[8], const uint32_t constants[64], const unsigned char *blocks,
                size_t count) {
    static enum { UNKNOWN, MISSING, THERE } known;
    if (known == UNKNOWN)
        known = has_instructions() ? THERE : MISSING;
    if (known == THERE)
        mix_all(state, constants, blocks, count);
    return known == THERE;
}

#else

bool sha256_cpu(uint32_t state[8], const uint32_t constants[64], const unsigned char *blocks,
                size_t count) {
    (void)state, (void)constants, (void)blocks, (void)count;
    return false;
}

#endif
