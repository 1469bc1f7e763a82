// The kernels of x86: AVX2, and AVX-512 with VNNI.
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

// Rows lie far apart: those to come are asked for while earlier ones are summed.
#define AHEAD 8

static inline void ask(const int8_t *rows, const uint32_t *picks, size_t i, size_t count) {
    if (i < count) cdot_prefetch(rows + (size_t)CDOT_WIDTH * picks[i], CDOT_WIDTH);
}

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
    for (size_t i = 0; i < AHEAD; i++) ask(rows, picks, i, count);
    for (size_t i = 0; i < count; i++) {
        ask(rows, picks, i + AHEAD, count);
        out[i] = dot_avx2(rows + (size_t)CDOT_WIDTH * picks[i], wide);
    }
}

// VPDPBUSD multiplies unsigned bytes with signed ones: 128 is added to every byte of a row, and
// 128 times the sum of the query taken off the result.
__attribute__((target("avx512f,avx512bw,avx512vnni"))) static void picked_vnni(
    const int8_t *rows, const int8_t *query, const uint32_t *picks, size_t count, int32_t *out) {
    const __m512i flip = _mm512_set1_epi8((char)0x80), zero = _mm512_setzero_si512();
    const __m512i low = _mm512_loadu_si512(query), high = _mm512_loadu_si512(query + 64);
    __m512i sums = _mm512_dpbusd_epi32(zero, flip, low);
    const int32_t excess = _mm512_reduce_add_epi32(_mm512_dpbusd_epi32(sums, flip, high));
    for (size_t i = 0; i < AHEAD; i++) ask(rows, picks, i, count);
    for (size_t i = 0; i < count; i++) {
        ask(rows, picks, i + AHEAD, count);
        const int8_t *row = rows + (size_t)CDOT_WIDTH * picks[i];
        __m512i left = _mm512_xor_si512(_mm512_loadu_si512(row), flip);
        __m512i right = _mm512_xor_si512(_mm512_loadu_si512(row + 64), flip);
        __m512i sum = _mm512_dpbusd_epi32(_mm512_dpbusd_epi32(zero, left, low), right, high);
        out[i] = _mm512_reduce_add_epi32(sum) - excess;
    }
}

cdot_function *cdot_function_of(enum cdot_kernel kernel) {
    if (kernel == CDOT_PORTABLE) return cdot_portable;
    if (kernel == CDOT_AVX2 && __builtin_cpu_supports("avx2")) return picked_avx2;
    if (kernel == CDOT_VNNI && __builtin_cpu_supports("avx512vnni")
        && __builtin_cpu_supports("avx512bw"))
        return picked_vnni;
    return 0;
}
#else
cdot_function *cdot_function_of(enum cdot_kernel kernel) {
    return kernel == CDOT_PORTABLE ? cdot_portable : 0;
}
#endif
