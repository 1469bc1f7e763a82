// The compression function by the SHA instructions of x86-64, two rows at a time: one row alone
// waits for its own rounds. ARM runs the portable twin.
#include "constants.h"
#include "csha256.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#pragma clang attribute push(                                                                      \
    __attribute__((target("sha,ssse3,sse4.1"))), apply_to = function)

// The instructions keep the words as ABEF and CDGH.
typedef struct {
    __m128i abef, cdgh;
} pair;

static inline pair load_state(const csha256_state *state)
{
    __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state->words), 0xb1);
    __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state->words + 4)), 0x1b);
    return (pair){_mm_alignr_epi8(low, high, 8), _mm_blend_epi16(high, low, 0xf0)};
}

static inline __m128i big_endian(__m128i words)
{
    const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    return _mm_shuffle_epi8(words, order);
}

static inline void store_state(pair state, uint8_t *out)
{
    __m128i low = _mm_shuffle_epi32(state.abef, 0x1b), high = _mm_shuffle_epi32(state.cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)out, big_endian(_mm_blend_epi16(low, high, 0xf0)));
    _mm_storeu_si128((__m128i *)(out + 16), big_endian(_mm_alignr_epi8(high, low, 8)));
}

static inline __m128i scheduled(const __m128i w[4], unsigned group)
{
    __m128i sum = _mm_sha256msg1_epu32(w[group & 3], w[(group + 1) & 3]);
    __m128i last = w[(group + 3) & 3];
    sum = _mm_add_epi32(sum, _mm_alignr_epi8(last, w[(group + 2) & 3], 4));
    return _mm_sha256msg2_epu32(sum, last);
}

__attribute__((always_inline)) static inline void compress(
    pair *states, const uint8_t *const *blocks, const unsigned rows)
{
    pair before[2];
    __m128i w[2][4];
    for (unsigned k = 0; k < rows; k++) {
        before[k] = states[k];
        for (unsigned i = 0; i < 4; i++)
            w[k][i] = big_endian(_mm_loadu_si128((const __m128i *)(blocks[k] + 16 * i)));
    }
#pragma clang loop unroll(full)
    for (unsigned group = 0; group < 16; group++) {
#pragma clang loop unroll(full)
        for (unsigned k = 0; k < rows; k++) {
            if (group >= 4)
                w[k][group & 3] = scheduled(w[k], group);
            __m128i x = _mm_add_epi32(
                w[k][group & 3],
                _mm_load_si128((const __m128i *)(csha256_constants + 4 * group)));
            states[k].cdgh = _mm_sha256rnds2_epu32(states[k].cdgh, states[k].abef, x);
            x = _mm_shuffle_epi32(x, 0x0e);
            states[k].abef = _mm_sha256rnds2_epu32(states[k].abef, states[k].cdgh, x);
        }
    }
    for (unsigned k = 0; k < rows; k++) {
        states[k].abef = _mm_add_epi32(states[k].abef, before[k].abef);
        states[k].cdgh = _mm_add_epi32(states[k].cdgh, before[k].cdgh);
    }
}

void csha256_rows_instructions(
    const csha256_state *start, const void *input, size_t blocks, size_t count, void *out)
{
    const uint8_t *bytes = input;
    uint8_t *digests = out;
    const size_t size = 64 * blocks;
    const pair first = load_state(start);
    size_t row = 0;
    for (; row + 2 <= count; row += 2) {
        pair states[2] = {first, first};
        for (size_t i = 0; i < size; i += 64) {
            const uint8_t *two[2] = {bytes + row * size + i, bytes + (row + 1) * size + i};
            compress(states, two, 2);
        }
        store_state(states[0], digests + 32 * row);
        store_state(states[1], digests + 32 * (row + 1));
    }
    if (row < count) {
        pair state = first;
        for (size_t i = 0; i < size; i += 64) {
            const uint8_t *one[1] = {bytes + row * size + i};
            compress(&state, one, 1);
        }
        store_state(state, digests + 32 * row);
    }
}

#pragma clang attribute pop

bool csha256_has_instructions(void)
{
    // CPUID leaf 7, EBX bit 29.
    unsigned a, b, c, d;
    __builtin_cpu_init();
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1)
        && __builtin_cpu_supports("sse4.1");
}
#else
void csha256_rows_instructions(
    const csha256_state *start, const void *input, size_t blocks, size_t count, void *out)
{
    csha256_rows_portable(start, input, blocks, count, out);
}

bool csha256_has_instructions(void) { return false; }
#endif
