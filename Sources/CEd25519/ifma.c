// The check with four field elements side by side: AVX-512 IFMA multiplies 52 bits by 52.
#if defined(__x86_64__)
#include "check.h"
#include <immintrin.h>

#define KERNEL __attribute__((target("avx512f,avx512vl,avx512ifma,bmi2")))
#define INNER KERNEL static inline __attribute__((always_inline))

// Limb i of four elements in v[i], radix 2^51. Products take limbs below 2^52 and give limbs below
// 2^51 + 2^15, as `carried` does.
typedef struct {
    __m256i v[5];
} four;

// Bits of a mask are lanes, the lowest first.
enum { LANE_0 = 1, LANE_1 = 2, LANE_2 = 4, LANE_3 = 8 };

#define PERMUTED(a, l0, l1, l2, l3)                                                             \
    _mm256_permutex_epi64(a, (l0) | (l1) << 2 | (l2) << 4 | (l3) << 6)

// A limb of 2p.
INNER __m256i limb_of_2p(size_t i)
{
    return _mm256_set1_epi64x(i == 0 ? 0xfffffffffffda : 0xffffffffffffe);
}

// One round of carries side by side; limbs below 2^62.
INNER four carried(four a)
{
    const __m256i mask = _mm256_set1_epi64x(LIMB_MASK);
    four r;
    __m256i top = _mm256_srli_epi64(a.v[4], 51);
    // 19 = 16 + 2 + 1.
    __m256i carry = _mm256_add_epi64(
        _mm256_add_epi64(top, _mm256_slli_epi64(top, 1)), _mm256_slli_epi64(top, 4));
    for (size_t i = 0; i < 5; i++) {
        r.v[i] = _mm256_add_epi64(_mm256_and_si256(a.v[i], mask), carry);
        carry = _mm256_srli_epi64(a.v[i], 51);
    }
    return r;
}

// The upper half of a product of limbs i and j counts 2^52, twice limb i + j + 1. A column is below
// 15 * 2^52, and below 2^61 with what is worth 19 from five limbs above.
INNER four product(four a, four b)
{
    __m256i low[10], high[10];
    for (size_t i = 0; i < 10; i++)
        low[i] = high[i] = _mm256_setzero_si256();
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 5; j++) {
            low[i + j] = _mm256_madd52lo_epu64(low[i + j], a.v[i], b.v[j]);
            high[i + j + 1] = _mm256_madd52hi_epu64(high[i + j + 1], a.v[i], b.v[j]);
        }
    for (size_t i = 0; i < 10; i++)
        low[i] = _mm256_add_epi64(low[i], _mm256_slli_epi64(high[i], 1));
    four r;
    for (size_t i = 0; i < 5; i++) {
        __m256i x = low[i + 5];
        x = _mm256_add_epi64(
            _mm256_add_epi64(x, _mm256_slli_epi64(x, 1)), _mm256_slli_epi64(x, 4));
        r.v[i] = _mm256_add_epi64(low[i], x);
    }
    return carried(r);
}

// From lanes e, h, f, g of the completed form to x, y, z, t of the point.
INNER four completed(four a)
{
    four left, right;
    a = carried(a);
    for (size_t i = 0; i < 5; i++) {
        left.v[i] = PERMUTED(a.v[i], 0, 1, 2, 0);
        right.v[i] = PERMUTED(a.v[i], 2, 3, 3, 1);
    }
    return product(left, right);
}

// `point_add` of a point in lanes x, y, z, t.
INNER four add_entry(four a, const entry *b, bool negated)
{
    const __m256i two = _mm256_set_epi64x(2, 0, 0, 0), zero = _mm256_setzero_si256();
    __mmask8 exchanged = negated ? LANE_0 | LANE_1 : 0, opposite = negated ? LANE_2 : 0;
    four left, right;
    for (size_t i = 0; i < 5; i++) {
        // y - x, y + x, t, z
        __m256i x = _mm256_maskz_permutex_epi64(LANE_0 | LANE_1, a.v[i], 0);
        x = _mm256_mask_sub_epi64(x, LANE_0, limb_of_2p(i), x);
        left.v[i] = _mm256_add_epi64(PERMUTED(a.v[i], 1, 1, 3, 2), x);
        // y - x, y + x, 2dxy, 2 of the entry; y + x, y - x, -2dxy, 2 of its negative
        __m256i part = _mm256_mask_loadu_epi64(
            i == 0 ? two : zero, LANE_0 | LANE_1 | LANE_2, b->limb[i]);
        part = _mm256_mask_permutex_epi64(part, exchanged, part, 1);
        right.v[i] = _mm256_mask_sub_epi64(part, opposite, limb_of_2p(i), part);
    }
    four p = product(carried(left), right), sums;
    for (size_t i = 0; i < 5; i++) {
        // plus - minus, minus + plus, d - c, c + d
        __m256i swapped = PERMUTED(p.v[i], 1, 0, 3, 2);
        __m256i part = _mm256_mask_sub_epi64(
            p.v[i], LANE_0 | LANE_2, limb_of_2p(i), p.v[i]);
        sums.v[i] = _mm256_add_epi64(swapped, part);
    }
    return completed(sums);
}

// `point_double` of a point in lanes x, y, z, t.
INNER four doubled(four a)
{
    const __m256i zero = _mm256_setzero_si256();
    four root, sums;
    for (size_t i = 0; i < 5; i++) {
        // x, y, z, x + y
        __m256i y = _mm256_maskz_permutex_epi64(LANE_3, a.v[i], 1 << 6);
        root.v[i] = _mm256_add_epi64(PERMUTED(a.v[i], 0, 1, 2, 0), y);
    }
    root = carried(root);
    four p = product(root, root);
    for (size_t i = 0; i < 5; i++) {
        // e = xx + yy - (x + y)^2, h = xx + yy, f = 2zz + xx - yy, g = xx - yy
        __m256i xx = PERMUTED(p.v[i], 0, 0, 0, 0), yy = PERMUTED(p.v[i], 1, 1, 1, 1);
        yy = _mm256_mask_sub_epi64(yy, LANE_2 | LANE_3, limb_of_2p(i), yy);
        __m256i rest = PERMUTED(p.v[i], 3, 3, 2, 3);
        rest = _mm256_mask_sub_epi64(rest, LANE_0, limb_of_2p(i), rest);
        rest = _mm256_mask_add_epi64(rest, LANE_2, rest, rest);
        rest = _mm256_mask_mov_epi64(rest, LANE_1 | LANE_3, zero);
        sums.v[i] = _mm256_add_epi64(_mm256_add_epi64(xx, yy), rest);
    }
    return completed(sums);
}

INNER four add_digit(four sum, const entry *window, int digit)
{
    if (digit == 0)
        return sum;
    return add_entry(sum, &window[(digit < 0 ? -digit : digit) - 1], digit < 0);
}

KERNEL bool ced25519_check_ifma(
    const check_digits *digits, const entry *table, const uint8_t *expected)
{
    four sum = {{_mm256_set_epi64x(0, 1, 1, 0)}};
    for (size_t rest = CED25519_KEY_STRIDE; rest-- > 0;) {
        for (size_t i = rest; i < CED25519_KEY_DIGITS; i += CED25519_KEY_STRIDE)
            sum = add_digit(sum, key_window(table, i), digits->key[i]);
        for (size_t i = 0; rest > 0 && i < CED25519_KEY_BITS; i++)
            sum = doubled(sum);
    }
    for (size_t i = 0; i < GENERATOR_WINDOWS; i++)
        sum = add_digit(sum, generator_window(i), digits->generator[i]);
    field parts[4];
    for (size_t i = 0; i < 5; i++) {
        uint64_t lanes[4];
        _mm256_storeu_si256((__m256i *)lanes, sum.v[i]);
        for (size_t lane = 0; lane < 4; lane++)
            parts[lane].limb[i] = lanes[lane];
    }
    uint8_t encoded[32];
    point_encode(encoded, (point){parts[0], parts[1], parts[2], parts[3]});
    return memcmp(encoded, expected, 32) == 0;
}
#endif
