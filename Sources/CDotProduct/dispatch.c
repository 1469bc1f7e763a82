// Chooses the kernel of this processor.
#include "kernels.h"

void cdot_picked(
    const int8_t *rows, const int8_t *query, const uint32_t *picks, size_t count, int32_t *out) {
    // Looked up once; every thread finds the same.
    static cdot_function *best;
    cdot_function *function = __atomic_load_n(&best, __ATOMIC_RELAXED);
    for (int kernel = CDOT_KERNELS - 1; !function; kernel--)
        function = cdot_function_of((enum cdot_kernel)kernel);
    __atomic_store_n(&best, function, __ATOMIC_RELAXED);
    function(rows, query, picks, count, out);
}

bool cdot_picked_by(
    enum cdot_kernel kernel, const int8_t *rows, const int8_t *query, const uint32_t *picks,
    size_t count, int32_t *out) {
    cdot_function *function = cdot_function_of(kernel);
    if (function) function(rows, query, picks, count, out);
    return function != 0;
}
