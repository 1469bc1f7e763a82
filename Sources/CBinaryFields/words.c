// The loops of the zero test, in the domain of bits: they look up and add on every processor.
#include "tables.h"
#include <string.h>

static inline cbf_element sum2(cbf_element a, cbf_element b)
{
    return (cbf_element){a.low ^ b.low, a.high ^ b.high};
}

static inline cbf_element looked_up(uint64_t word, const cbf_element *tables)
{
    cbf_element sum = tables[word & 255];
    for (size_t j = 1; j < 8; j++)
        sum = sum2(sum, tables[j * CBF_TABLE + (word >> 8 * j & 255)]);
    return sum;
}

// Over GF(2) the coefficient at infinity of a polynomial of degree one is the sum of its values.
static void extend_block(uint64_t *points, const uint64_t *words)
{
    uint64_t other[CBF_AND_POINTS];
    size_t count = CBF_AND_BLOCK, low = 1;
    memcpy(points, words, CBF_AND_BLOCK * sizeof *words);
    while (count > low) {
        size_t groups = count / (2 * low);
        for (size_t g = 0; g < groups; g++)
            for (size_t x = 0; x < low; x++) {
                uint64_t a = points[2 * g * low + x], b = points[(2 * g + 1) * low + x];
                other[3 * g * low + x] = a;
                other[(3 * g + 1) * low + x] = b;
                other[(3 * g + 2) * low + x] = a ^ b;
            }
        count = 3 * groups * low;
        low *= 3;
        memcpy(points, other, count * sizeof *points);
    }
}

void cbf_and_sums(
    void *out, const uint64_t *left, const uint64_t *right, const void *in, const void *tables,
    size_t blocks)
{
    cbf_element *sums = out, line[CBF_AND_POINTS], products[CBF_AND_POINTS];
    const cbf_element *weights = in;
    size_t chosen[CBF_AND_POINTS], count = 0;
    for (size_t p = 0; p < CBF_AND_POINTS; p++)
        for (size_t rest = p, k = 0; k < 4; k++, rest /= 3)
            if (rest % 3 == 2) {
                chosen[count++] = p;
                break;
            }
    for (size_t y = 0; y < blocks; y++) {
        uint64_t a[CBF_AND_POINTS], b[CBF_AND_POINTS];
        extend_block(a, left + CBF_AND_BLOCK * y);
        extend_block(b, right + CBF_AND_BLOCK * y);
        for (size_t n = 0; n < count; n++)
            line[n] = looked_up(a[chosen[n]] & b[chosen[n]], tables);
        cbf_chosen->scale(products, line, weights[y], count);
        for (size_t n = 0; n < count; n++)
            sums[chosen[n]] = sum2(sums[chosen[n]], products[n]);
    }
}

// The 8 by 8 bits of a word, transposed.
static inline uint64_t transposed8(uint64_t x)
{
    uint64_t t = (x ^ x >> 7) & 0x00aa00aa00aa00aa;
    x ^= t ^ t << 7;
    t = (x ^ x >> 14) & 0x0000cccc0000cccc;
    x ^= t ^ t << 14;
    t = (x ^ x >> 28) & 0x00000000f0f0f0f0;
    return x ^ t ^ t << 28;
}

void cbf_fold_words(void *out, const uint64_t *words, const void *in, size_t blocks)
{
    cbf_element *folded = out;
    const cbf_element *first = in, *second = first + CBF_TABLE;
    for (size_t y = 0; y < blocks; y++, words += CBF_AND_BLOCK)
        for (size_t byte = 0; byte < 8; byte++) {
            uint64_t low = 0, high = 0;
            for (size_t j = 0; j < 8; j++) {
                low |= (words[j] >> 8 * byte & 255) << 8 * j;
                high |= (words[j + 8] >> 8 * byte & 255) << 8 * j;
            }
            low = transposed8(low);
            high = transposed8(high);
            for (size_t bit = 0; bit < 8; bit++, low >>= 8, high >>= 8)
                *folded++ = sum2(first[low & 255], second[high & 255]);
        }
}

void cbf_add(void *out, const void *in, size_t count)
{
    cbf_element *sums = out;
    const cbf_element *elements = in;
    for (size_t i = 0; i < count; i++)
        sums[i] = sum2(sums[i], elements[i]);
}

void cbf_add_pairs(void *out, const void *in, size_t count)
{
    cbf_element *sums = out;
    const cbf_element *elements = in;
    for (size_t i = 0; i < count; i++)
        sums[i] = sum2(elements[2 * i], elements[2 * i + 1]);
}
