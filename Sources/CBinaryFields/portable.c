// The portable kernel, and the maps that only look up and add.
#include "tables.h"
#include <string.h>

// The low 64 bits of a carry-less product by integer products of numbers with three holes between
// their bits: at most 16 ones meet in one place, and their carries stay in the holes.
static inline uint64_t low_product(uint64_t a, uint64_t b)
{
    const uint64_t m0 = 0x1111111111111111, m1 = m0 << 1, m2 = m0 << 2, m3 = m0 << 3;
    uint64_t a0 = a & m0, a1 = a & m1, a2 = a & m2, a3 = a & m3;
    uint64_t b0 = b & m0, b1 = b & m1, b2 = b & m2, b3 = b & m3;
    return (((a0 * b0) ^ (a1 * b3) ^ (a2 * b2) ^ (a3 * b1)) & m0)
        | (((a0 * b1) ^ (a1 * b0) ^ (a2 * b3) ^ (a3 * b2)) & m1)
        | (((a0 * b2) ^ (a1 * b1) ^ (a2 * b0) ^ (a3 * b3)) & m2)
        | (((a0 * b3) ^ (a1 * b2) ^ (a2 * b1) ^ (a3 * b0)) & m3);
}

static inline uint64_t reversed(uint64_t x)
{
    x = (x & 0x5555555555555555) << 1 | (x >> 1 & 0x5555555555555555);
    x = (x & 0x3333333333333333) << 2 | (x >> 2 & 0x3333333333333333);
    x = (x & 0x0f0f0f0f0f0f0f0f) << 4 | (x >> 4 & 0x0f0f0f0f0f0f0f0f);
    return __builtin_bswap64(x);
}

// The high half is the low half of the product of the reversed numbers, reversed.
static inline cbf_element wide_product(uint64_t a, uint64_t b)
{
    return (cbf_element){
        low_product(a, b), reversed(low_product(reversed(a), reversed(b))) >> 1};
}

static inline cbf_element sum2(cbf_element a, cbf_element b)
{
    return (cbf_element){a.low ^ b.low, a.high ^ b.high};
}

#define NAME(x) portable_##x
#define V cbf_element
#define LOAD(p) (*(p))
#define STORE(p, v) (*(p) = (v))
#define XOR(a, b) sum2(a, b)
#define HALF(a, bit) ((bit) ? (a).high : (a).low)
#define CLMUL(a, b, imm) wide_product(HALF(a, (imm) & 1), HALF(b, (imm) >> 4))
#define UP8(v) ((cbf_element){0, (v).low})
#define DOWN8(v) ((cbf_element){(v).high, 0})
#define SPREAD(e) (e)
#define SUM(v) (v)
#include "single.h"

const cbf_kernels cbf_portable = TABLE;

void cbf_map_tables(void *out, const void *in, size_t bytes)
{
    cbf_element *tables = out;
    const cbf_element *images = in;
    for (size_t j = 0; j < bytes; j++, tables += CBF_TABLE, images += 8) {
        tables[0] = (cbf_element){0, 0};
        for (size_t i = 0; i < 8; i++)
            for (size_t b = 0; b < (size_t)1 << i; b++)
                tables[b + ((size_t)1 << i)] = sum2(tables[b], images[i]);
    }
}

static inline cbf_element looked_up(uint64_t word, const cbf_element *tables)
{
    cbf_element sum = tables[word & 255];
    for (size_t j = 1; j < 8; j++)
        sum = sum2(sum, tables[j * CBF_TABLE + (word >> 8 * j & 255)]);
    return sum;
}

void cbf_map128(void *out, const void *in, const void *tables, size_t count)
{
    const cbf_element *low = tables, *high = low + 8 * CBF_TABLE;
    for (size_t i = 0; i < count; i++) {
        cbf_element x;
        memcpy(&x, (const uint8_t *)in + 16 * i, 16);
        x = sum2(looked_up(x.low, low), looked_up(x.high, high));
        memcpy((uint8_t *)out + 16 * i, &x, 16);
    }
}

void cbf_map64(void *out, const uint64_t *in, const void *tables, size_t count)
{
    cbf_element *sums = out;
    for (size_t i = 0; i < count; i++)
        sums[i] = looked_up(in[i], tables);
}

void cbf_map64_add(void *out, const uint64_t *in, const void *tables, size_t count)
{
    cbf_element *sums = out;
    for (size_t i = 0; i < count; i++)
        sums[i] = sum2(sums[i], looked_up(in[i], tables));
}

// The 8 by 8 bits of a word, transposed: bit i of byte j becomes bit j of byte i.
static inline uint64_t transposed8(uint64_t x)
{
    uint64_t t = (x ^ x >> 7) & 0x00aa00aa00aa00aa;
    x ^= t ^ t << 7;
    t = (x ^ x >> 14) & 0x0000cccc0000cccc;
    x ^= t ^ t << 14;
    t = (x ^ x >> 28) & 0x00000000f0f0f0f0;
    return x ^ t ^ t << 28;
}

// Eight values at a time: their 256 subset sums are made once and then chosen by each bit plane.
void cbf_bit_sums(void *out, const void *values, const void *in, size_t count)
{
    cbf_element *sums = out;
    const cbf_element *weights = in;
    const uint8_t *bytes = values;
    for (size_t i = 0; i < count; i += 8) {
        size_t here = count - i < 8 ? count - i : 8;
        cbf_element subset[CBF_TABLE], eight[8] = {{0, 0}};
        memcpy(eight, weights + i, here * sizeof(cbf_element));
        cbf_map_tables(subset, eight, 1);
        for (size_t column = 0; column < 16; column++) {
            uint64_t word = 0;
            for (size_t j = 0; j < here; j++)
                word |= (uint64_t)bytes[16 * (i + j) + column] << 8 * j;
            word = transposed8(word);
            for (size_t bit = 0; bit < 8; bit++, word >>= 8)
                sums[8 * column + bit] = sum2(sums[8 * column + bit], subset[word & 255]);
        }
    }
}
