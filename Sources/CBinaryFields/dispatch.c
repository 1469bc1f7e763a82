// Chooses the kernel once, when the program is loaded, from what the processor supports.
#include "tables.h"
#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

const cbf_kernels *cbf_chosen = &cbf_portable;
static cbf_kernel chosen_kernel = cbf_kernel_portable;

cbf_kernel cbf_chosen_kernel(void) { return chosen_kernel; }

#if defined(__aarch64__)
static bool has_pmull(void)
{
#if defined(__linux__)
    // HWCAP_PMULL of the kernel's ABI.
    return getauxval(AT_HWCAP) >> 4 & 1;
#else
    return true;
#endif
}
#endif

bool cbf_kernel_available(cbf_kernel kernel)
{
    switch (kernel) {
    case cbf_kernel_portable:
        return true;
#if defined(__x86_64__)
    case cbf_kernel_pclmul:
        return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
    case cbf_kernel_vpclmul256:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("vpclmulqdq")
            && __builtin_cpu_supports("pclmul");
    case cbf_kernel_vpclmul512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("vpclmulqdq") && __builtin_cpu_supports("pclmul");
#elif defined(__aarch64__)
    case cbf_kernel_pmull:
        return has_pmull();
#endif
    default:
        return false;
    }
}

const cbf_kernels *cbf_kernel_table(cbf_kernel kernel)
{
    switch (kernel) {
#if defined(__x86_64__)
    case cbf_kernel_pclmul:
        return &cbf_pclmul;
    case cbf_kernel_vpclmul256:
        return &cbf_vpclmul256;
    case cbf_kernel_vpclmul512:
        return &cbf_vpclmul512;
#elif defined(__aarch64__)
    case cbf_kernel_pmull:
        return &cbf_pmull;
#endif
    default:
        return &cbf_portable;
    }
}

const char *cbf_kernel_name(cbf_kernel kernel)
{
    static const char *const names[] = {
        "portable", "pmull", "pclmul", "vpclmul256", "vpclmul512"};
    return kernel <= cbf_kernel_vpclmul512 ? names[kernel] : names[0];
}

__attribute__((constructor)) static void choose(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
#endif
    int kernel = cbf_kernel_vpclmul512;
    while (!cbf_kernel_available((cbf_kernel)kernel))
        kernel--;
    cbf_chosen = cbf_kernel_table((cbf_kernel)kernel);
    chosen_kernel = (cbf_kernel)kernel;
}
