// The SSE4.1 kernel: four messages at a time.
#include "drive.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("sse4.1"))), apply_to = function)

#define LANES 4
#define KERNEL sse41_4
#include "lanes.h"

void cblake3_many_sse41(const cblake3_batch *batch, uint8_t *out)
{
    const size_t done = cblake3_drive(batch, 0, 4, sse41_4, out);
    cblake3_drive_rest(batch, done, sse41_4, out);
}

#pragma clang attribute pop
#else
void cblake3_many_sse41(const cblake3_batch *batch, uint8_t *out)
{
    cblake3_many_portable(batch, out);
}
#endif
