// Arithmetic in GF(2^255 - 19), five limbs of 51 bits, in variable time.
#pragma once
#include "ced25519.h"
#include <string.h>

// The sum of limb[i] * 2^(51 i).
typedef struct {
    uint64_t limb[5];
} field;

typedef unsigned __int128 wide;

// Limbs are "reduced" where each is below 2^51 + 2^14: that is what products, squares and decoding
// give. Sums of two reduced elements and differences stay below 2^54, which products accept.
#define LIMB_MASK ((1ull << 51) - 1)

static const field field_one = {{1}};

static inline uint64_t load64(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static inline void store64(uint8_t *bytes, uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    memcpy(bytes, &word, 8);
}

// The top bit is ignored.
static inline field field_decode(const uint8_t *bytes)
{
    uint64_t w0 = load64(bytes), w1 = load64(bytes + 8), w2 = load64(bytes + 16),
             w3 = load64(bytes + 24);
    return (field){{
        w0 & LIMB_MASK,
        (w0 >> 51 | w1 << 13) & LIMB_MASK,
        (w1 >> 38 | w2 << 26) & LIMB_MASK,
        (w2 >> 25 | w3 << 39) & LIMB_MASK,
        w3 >> 12 & LIMB_MASK,
    }};
}

static inline field field_sum(field a, field b)
{
    for (size_t i = 0; i < 5; i++)
        a.limb[i] += b.limb[i];
    return a;
}

// `b` is reduced; 2p is added, so that no limb falls below zero.
static inline field field_difference(field a, field b)
{
    a.limb[0] += 0xfffffffffffdaull - b.limb[0];
    for (size_t i = 1; i < 5; i++)
        a.limb[i] += 0xffffffffffffeull - b.limb[i];
    return a;
}

// `b` is reduced.
static inline field field_negative(field b)
{
    return field_difference((field){{0}}, b);
}

// Five columns below 2^115 to a reduced element: what leaves the top is worth 19 at the bottom.
static inline field field_carried(wide r0, wide r1, wide r2, wide r3, wide r4)
{
    field r;
    r1 += (uint64_t)(r0 >> 51);
    r2 += (uint64_t)(r1 >> 51);
    r3 += (uint64_t)(r2 >> 51);
    r4 += (uint64_t)(r3 >> 51);
    uint64_t low = ((uint64_t)r0 & LIMB_MASK) + 19 * (uint64_t)(r4 >> 51);
    r.limb[0] = low & LIMB_MASK;
    r.limb[1] = ((uint64_t)r1 & LIMB_MASK) + (low >> 51);
    r.limb[2] = (uint64_t)r2 & LIMB_MASK;
    r.limb[3] = (uint64_t)r3 & LIMB_MASK;
    r.limb[4] = (uint64_t)r4 & LIMB_MASK;
    return r;
}

// The same element, reduced.
static inline field field_reduced(field a)
{
    return field_carried(a.limb[0], a.limb[1], a.limb[2], a.limb[3], a.limb[4]);
}

// Limbs of both below 2^54: a column is at most 2^108 (1 + 4 * 19) < 2^115.
static inline field field_product(field a, field b)
{
    uint64_t a0 = a.limb[0], a1 = a.limb[1], a2 = a.limb[2], a3 = a.limb[3], a4 = a.limb[4];
    uint64_t b0 = b.limb[0], b1 = b.limb[1], b2 = b.limb[2], b3 = b.limb[3], b4 = b.limb[4];
    uint64_t c1 = 19 * b1, c2 = 19 * b2, c3 = 19 * b3, c4 = 19 * b4;
    return field_carried(
        (wide)a0 * b0 + (wide)a1 * c4 + (wide)a2 * c3 + (wide)a3 * c2 + (wide)a4 * c1,
        (wide)a0 * b1 + (wide)a1 * b0 + (wide)a2 * c4 + (wide)a3 * c3 + (wide)a4 * c2,
        (wide)a0 * b2 + (wide)a1 * b1 + (wide)a2 * b0 + (wide)a3 * c4 + (wide)a4 * c3,
        (wide)a0 * b3 + (wide)a1 * b2 + (wide)a2 * b1 + (wide)a3 * b0 + (wide)a4 * c4,
        (wide)a0 * b4 + (wide)a1 * b3 + (wide)a2 * b2 + (wide)a3 * b1 + (wide)a4 * b0);
}

static inline field field_square(field a)
{
    uint64_t a0 = a.limb[0], a1 = a.limb[1], a2 = a.limb[2], a3 = a.limb[3], a4 = a.limb[4];
    uint64_t d0 = 2 * a0, d1 = 2 * a1, d2 = 2 * a2, c3 = 19 * a3, c4 = 19 * a4;
    return field_carried(
        (wide)a0 * a0 + (wide)d1 * c4 + (wide)d2 * c3,
        (wide)d0 * a1 + (wide)d2 * c4 + (wide)a3 * c3,
        (wide)d0 * a2 + (wide)a1 * a1 + (wide)(2 * a3) * c4,
        (wide)d0 * a3 + (wide)d1 * a2 + (wide)a4 * c4,
        (wide)d0 * a4 + (wide)d1 * a3 + (wide)a2 * a2);
}

// value^(2^count).
static inline field field_squares(field value, unsigned count)
{
    while (count-- > 0)
        value = field_square(value);
    return value;
}

// value^(2^250 - 1), and value^11 to `eleventh`.
static inline field field_power_250(field value, field *eleventh)
{
    field x2 = field_square(value);
    field x9 = field_product(field_squares(x2, 2), value);
    field x11 = field_product(x9, x2);
    field e5 = field_product(field_square(x11), x9);
    field e10 = field_product(field_squares(e5, 5), e5);
    field e20 = field_product(field_squares(e10, 10), e10);
    field e40 = field_product(field_squares(e20, 20), e20);
    field e50 = field_product(field_squares(e40, 10), e10);
    field e100 = field_product(field_squares(e50, 50), e50);
    field e200 = field_product(field_squares(e100, 100), e100);
    *eleventh = x11;
    return field_product(field_squares(e200, 50), e50);
}

// value^(p - 2): 2^255 - 21 = 2^5 (2^250 - 1) + 11.
static inline field field_inverse(field value)
{
    field x11, power = field_power_250(value, &x11);
    return field_product(field_squares(power, 5), x11);
}

// value^((p - 5) / 8): 2^252 - 3 = 2^2 (2^250 - 1) + 1.
static inline field field_root_power(field value)
{
    field x11, power = field_power_250(value, &x11);
    return field_product(field_squares(power, 2), value);
}

// The canonical encoding of any element with limbs below 2^54.
static inline void field_encode(uint8_t *bytes, field a)
{
    // Twice: after the first round limb 0 may still be a little above 51 bits.
    for (size_t round = 0; round < 2; round++) {
        uint64_t carry = 0;
        for (size_t i = 0; i < 5; i++) {
            carry += a.limb[i];
            a.limb[i] = carry & LIMB_MASK;
            carry >>= 51;
        }
        a.limb[0] += 19 * carry;
    }
    // Below 2^255 + 19 now; the value is p or more exactly where adding 19 reaches 2^255.
    uint64_t carry = 19;
    for (size_t i = 0; i < 5; i++)
        carry = (carry + a.limb[i]) >> 51;
    carry *= 19;
    for (size_t i = 0; i < 5; i++) {
        carry += a.limb[i];
        a.limb[i] = carry & LIMB_MASK;
        carry >>= 51;
    }
    store64(bytes, a.limb[0] | a.limb[1] << 51);
    store64(bytes + 8, a.limb[1] >> 13 | a.limb[2] << 38);
    store64(bytes + 16, a.limb[2] >> 26 | a.limb[3] << 25);
    store64(bytes + 24, a.limb[3] >> 39 | a.limb[4] << 12);
}

static inline bool field_equal(field a, field b)
{
    uint8_t left[32], right[32];
    field_encode(left, a);
    field_encode(right, b);
    return memcmp(left, right, 32) == 0;
}
