// Inner products of one row of signed bytes with many others, picked by their numbers.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Bytes of a row.
#define CDOT_WIDTH 128

// For each i below `count`: out[i] is the sum over j of rows[CDOT_WIDTH * picks[i] + j] * query[j].
// No sum leaves 32 bits: 128 products of at most 2^14. Done by the best kernel of this processor.
void cdot_picked(
    const int8_t *rows, const int8_t *query, const uint32_t *picks, size_t count, int32_t *out);

// The kernels: the portable one, which is every other's twin, AVX2, and AVX-512 with VNNI.
enum cdot_kernel { CDOT_PORTABLE = 0, CDOT_AVX2 = 1, CDOT_VNNI = 2, CDOT_KERNELS = 3 };

// The same by one kernel; false, with nothing done, where this processor lacks it.
bool cdot_picked_by(
    enum cdot_kernel kernel, const int8_t *rows, const int8_t *query, const uint32_t *picks,
    size_t count, int32_t *out);

// Asks for the cache lines at `place`, of so many bytes.
static inline void cdot_prefetch(const void *place, size_t bytes) {
    for (size_t j = 0; j < bytes; j += 64) __builtin_prefetch((const char *)place + j);
}
