// The tables of kernels, one for each instruction set, and what all of them share.
#pragma once
#include "cbinaryfields.h"

extern const cbf_kernels cbf_portable;
#if defined(__x86_64__)
extern const cbf_kernels cbf_pclmul, cbf_vpclmul256, cbf_vpclmul512;
#elif defined(__aarch64__)
extern const cbf_kernels cbf_pmull;
#endif

// From the points of a block to those of its right neighbour of 2^level rows, or back.
static inline void cbf_shift_twiddles(
    cbf_element *twiddles, unsigned level, const cbf_basis *basis)
{
    for (unsigned k = 0; k < level; k++) {
        cbf_element step = basis->rows[k * basis->stride + level];
        twiddles[k].low ^= step.low;
        twiddles[k].high ^= step.high;
    }
}
