// Cuts a batch into groups of lanes; what is left over goes to the narrowest kernel that holds it.
#pragma once
#include "cblake3.h"

typedef void cblake3_lanes(const cblake3_batch *batch, size_t first, size_t used, uint8_t *out);

// Runs whole groups of `width` from `first` on; returns the first message not done.
static inline __attribute__((always_inline)) size_t cblake3_drive(
    const cblake3_batch *batch, size_t first, size_t width, cblake3_lanes *kernel, uint8_t *out)
{
    for (; batch->count - first >= width; first += width)
        kernel(batch, first, width, out + first * CBLAKE3_DIGEST_BYTES);
    return first;
}

// The last `batch->count - first` messages in one padded group, or alone where it is a single one.
static inline __attribute__((always_inline)) void cblake3_drive_rest(
    const cblake3_batch *batch, size_t first, cblake3_lanes *kernel, uint8_t *out)
{
    const size_t rest = batch->count - first;
    if (rest == 1) {
        cblake3_batch last = *batch;
        last.input += first * batch->blocks * CBLAKE3_BLOCK_BYTES;
        last.counter += batch->increment ? first : 0;
        last.count = 1;
        cblake3_many_portable(&last, out + first * CBLAKE3_DIGEST_BYTES);
    } else if (rest > 1) {
        kernel(batch, first, rest, out + first * CBLAKE3_DIGEST_BYTES);
    }
}
