// The inner products in plain C: what every processor runs, and what kernels are tested against.
#include "kernels.h"

void cdot_portable(
    const int8_t *rows, const int8_t *query, const uint32_t *picks, size_t count, int32_t *out) {
    for (size_t i = 0; i < count; i++) {
        const int8_t *row = rows + (size_t)CDOT_WIDTH * picks[i];
        int32_t sum = 0;
        for (size_t j = 0; j < CDOT_WIDTH; j++) sum += (int32_t)row[j] * query[j];
        out[i] = sum;
    }
}
