// Chooses the kernel once, from what the processor and the operating system support.
#include "cblake3.h"
#include <stdatomic.h>

bool cblake3_kernel_available(cblake3_kernel kernel)
{
    switch (kernel) {
    case cblake3_kernel_portable:
        return true;
#if defined(__x86_64__)
    case cblake3_kernel_sse41:
        return __builtin_cpu_supports("sse4.1");
    case cblake3_kernel_avx2:
        return __builtin_cpu_supports("avx2");
    case cblake3_kernel_avx512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
#endif
    default:
        return false;
    }
}

const char *cblake3_kernel_name(cblake3_kernel kernel)
{
    switch (kernel) {
    case cblake3_kernel_sse41:
        return "sse4.1";
    case cblake3_kernel_avx2:
        return "avx2";
    case cblake3_kernel_avx512:
        return "avx512";
    default:
        return "portable";
    }
}

cblake3_kernel cblake3_kernel_selected(void)
{
    // -1: not chosen yet. Threads that race here choose the same kernel.
    static _Atomic int chosen = -1;
    int kernel = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (kernel < 0) {
        kernel = cblake3_kernel_avx512;
        while (!cblake3_kernel_available((cblake3_kernel)kernel))
            kernel--;
        atomic_store_explicit(&chosen, kernel, memory_order_relaxed);
    }
    return (cblake3_kernel)kernel;
}

void cblake3_many(const cblake3_batch *batch, uint8_t *out)
{
    switch (cblake3_kernel_selected()) {
    case cblake3_kernel_avx512:
        return cblake3_many_avx512(batch, out);
    case cblake3_kernel_avx2:
        return cblake3_many_avx2(batch, out);
    case cblake3_kernel_sse41:
        return cblake3_many_sse41(batch, out);
    default:
        return cblake3_many_portable(batch, out);
    }
}
