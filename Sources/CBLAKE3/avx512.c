// The AVX-512 kernel (F and VL): sixteen messages at a time, eight or four for a short rest.
#include "drive.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl"))), apply_to = function)

#define LANES 16
#define KERNEL avx512_16
#include "lanes.h"
#define LANES 8
#define KERNEL avx512_8
#include "lanes.h"
#define LANES 4
#define KERNEL avx512_4
#include "lanes.h"

void cblake3_many_avx512(const cblake3_batch *batch, uint8_t *out)
{
    const size_t done = cblake3_drive(batch, 0, 16, avx512_16, out);
    const size_t rest = batch->count - done;
    if (rest > 8)
        cblake3_drive_rest(batch, done, avx512_16, out);
    else if (rest > 4)
        cblake3_drive_rest(batch, done, avx512_8, out);
    else
        cblake3_drive_rest(batch, done, avx512_4, out);
}

#pragma clang attribute pop
#else
void cblake3_many_avx512(const cblake3_batch *batch, uint8_t *out)
{
    cblake3_many_portable(batch, out);
}
#endif
