// Compares the kernels of GF(2^128) for ARM with their portable twins, loop by loop, on random
// elements and lengths; `scripts/arm-kernels` builds it and runs it on an emulated processor.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cbinaryfields.h"

enum { MOST = 256, ROWS = 4, COLUMNS = 3, ROUNDS = 2000 };

static uint64_t state = 1;

// SplitMix64.
static uint64_t next(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static void fill(cbf_element *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (cbf_element){next() % 5 ? next() : 0, next() % 5 ? next() : UINT64_MAX};
}

static cbf_element inputs[4][2 * MOST];

// All that one kernel makes of the inputs, into `out`; the number of elements.
static size_t run(const cbf_kernels *k, cbf_element *out, size_t count)
{
    const cbf_element *a = inputs[0], *b = inputs[1], *c = inputs[2];
    cbf_element *o = out, r = inputs[3][0];
    *o++ = k->multiply(a[0], r);
    k->products(o, a, b, count), o += count;
    k->scale(o, a, r, count), o += count;
    memcpy(o, c, count * sizeof *o), k->scale_add(o, a, r, count), o += count;
    k->blend(o, a, b, r, count), o += count;
    k->fold(o, a, r, count), o += count;
    memcpy(o, a, count * sizeof *o), k->extend(o, r, count), o += 2 * count;
    *o++ = k->dot(a, b, count);
    memcpy(o, c, 2 * sizeof *o), k->pair_sums(o, a, b, count), o += 2;
    const cbf_element *three[3] = {a, b, c};
    memcpy(o, c, 2 * sizeof *o), k->triple_sums(o, inputs[3], three, count), o += 2;
    three[2] = NULL;
    memcpy(o, c, 2 * sizeof *o), k->triple_sums(o, inputs[3], three, count), o += 2;
    const cbf_basis basis = {.rows = b, .stride = ROWS};
    const size_t size = (size_t)1 << (ROWS + COLUMNS);
    cbf_element twiddles[ROWS];
    void (*const transforms[])(
        cbf_element *, unsigned, unsigned, cbf_element *, const cbf_basis *) = {
        k->forward, k->inverse, k->transposed};
    for (int i = 0; i < 3; i++) {
        memcpy(twiddles, c, sizeof twiddles);
        memcpy(o, a, size * sizeof *o);
        transforms[i](o, ROWS, COLUMNS, twiddles, &basis), o += size;
        memcpy(o, twiddles, sizeof twiddles), o += ROWS;
    }
    return (size_t)(o - out);
}

int main(void)
{
    static cbf_element expected[16 * MOST], made[16 * MOST];
    if (!cbf_kernel_available(cbf_kernel_pmull) || cbf_chosen_kernel() != cbf_kernel_pmull)
        return puts("this processor has no PMULL"), 2;
    for (int round = 0; round < ROUNDS; round++) {
        size_t count = 1 + next() % (MOST / 2);
        for (int i = 0; i < 4; i++) fill(inputs[i], 2 * MOST);
        memset(expected, 0, sizeof expected), memset(made, 0, sizeof made);
        size_t length = run(cbf_kernel_table(cbf_kernel_portable), expected, count);
        if (run(cbf_kernel_table(cbf_kernel_pmull), made, count) != length) return 1;
        for (size_t i = 0; i < length; i++)
            if (made[i].low != expected[i].low || made[i].high != expected[i].high)
                return printf("round %d, count %zu: element %zu differs\n", round, count, i), 1;
    }
    printf("%d rounds: every element of every loop is equal\n", ROUNDS);
    return 0;
}
