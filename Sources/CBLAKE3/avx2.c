// The AVX2 kernel: eight messages at a time, four for a short rest.
#include "drive.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)

#define LANES 8
#define KERNEL avx2_8
#include "lanes.h"
#define LANES 4
#define KERNEL avx2_4
#include "lanes.h"

void cblake3_many_avx2(const cblake3_batch *batch, uint8_t *out)
{
    const size_t done = cblake3_drive(batch, 0, 8, avx2_8, out);
    if (batch->count - done > 4)
        cblake3_drive_rest(batch, done, avx2_8, out);
    else
        cblake3_drive_rest(batch, done, avx2_4, out);
}

#pragma clang attribute pop
#else
void cblake3_many_avx2(const cblake3_batch *batch, uint8_t *out)
{
    cblake3_many_portable(batch, out);
}
#endif
