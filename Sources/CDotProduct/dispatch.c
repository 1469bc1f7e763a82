// Chooses the kernel of this processor: AVX2 where it is there, else plain C.
#include "cdotproduct.h"

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2"))) static int32_t dot_avx2(const int8_t *row, const __m256i *query) {
    __m256i sum = _mm256_setzero_si256();
    for (size_t j = 0; j < CDOT_WIDTH / 16; j++) {
        __m256i wide = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)row + j));
        sum = _mm256_add_epi32(sum, _mm256_madd_epi16(wide, query[j]));
    }
    __m128i half =
        _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1));
    return _mm_cvtsi128_si32(half);
}

__attribute__((target("avx2"))) static void picked_avx2(
    const int8_t *rows, const int8_t *query, const uint32_t *picks, size_t count, int32_t *out) {
    __m256i wide[CDOT_WIDTH / 16];
    for (size_t j = 0; j < CDOT_WIDTH / 16; j++)
        wide[j] = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)query + j));
    // Rows lie far apart: the ones to come are asked for while earlier ones are summed.
    const size_t ahead = 6;
    for (size_t i = 0; i < count && i < ahead; i++) {
        const char *row = (const char *)(rows + (size_t)CDOT_WIDTH * picks[i]);
        _mm_prefetch(row, _MM_HINT_T0);
        _mm_prefetch(row + 64, _MM_HINT_T0);
    }
    for (size_t i = 0; i < count; i++) {
        if (i + ahead < count) {
            const char *row = (const char *)(rows + (size_t)CDOT_WIDTH * picks[i + ahead]);
            _mm_prefetch(row, _MM_HINT_T0);
            _mm_prefetch(row + 64, _MM_HINT_T0);
        }
        out[i] = dot_avx2(rows + (size_t)CDOT_WIDTH * picks[i], wide);
    }
}

bool cdot_has_kernel(void) { return __builtin_cpu_supports("avx2"); }

void cdot_picked(
    const int8_t *rows, const int8_t *query, const uint32_t *picks, size_t count, int32_t *out) {
    if (__builtin_cpu_supports("avx2"))
        picked_avx2(rows, query, picks, count, out);
    else
        cdot_picked_portable(rows, query, picks, count, out);
}
#else
bool cdot_has_kernel(void) { return false; }

void cdot_picked(
    const int8_t *rows, const int8_t *query, const uint32_t *picks, size_t count, int32_t *out) {
    cdot_picked_portable(rows, query, picks, count, out);
}
#endif
