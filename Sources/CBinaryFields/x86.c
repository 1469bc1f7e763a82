// The kernels for x86-64: one, two and four elements at a time by carry-less multiplication.
#include "tables.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define SPREAD1(e) _mm_set_epi64x((long long)(e).high, (long long)(e).low)

static inline cbf_element element_of(__m128i v)
{
    return (cbf_element){
        (uint64_t)_mm_cvtsi128_si64(v),
        (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(v, v))};
}

#pragma clang attribute push(__attribute__((target("pclmul,sse4.1"))), apply_to = function)
#define NAME(x) pclmul_##x
#define V __m128i
#define LOAD(p) _mm_loadu_si128((const __m128i *)(p))
#define STORE(p, v) _mm_storeu_si128((__m128i *)(p), v)
#define XOR(a, b) _mm_xor_si128(a, b)
#define CLMUL(a, b, imm) _mm_clmulepi64_si128(a, b, imm)
#define UP8(v) _mm_slli_si128(v, 8)
#define DOWN8(v) _mm_srli_si128(v, 8)
#define SPREAD(e) SPREAD1(e)
#define SUM(v) element_of(v)
#include "single.h"
const cbf_kernels cbf_pclmul = TABLE;
#define pclmul_multiply pclmul_multiply_one
#pragma clang attribute pop

#include "undefine.h"

#pragma clang attribute push(                                                                      \
    __attribute__((target("avx2,vpclmulqdq,pclmul"))), apply_to = function)
#define NAME(x) vpclmul256_##x
#define REST(x) pclmul_##x
#define V __m256i
#define LANES 2
#define LOAD(p) _mm256_loadu_si256((const __m256i *)(p))
#define STORE(p, v) _mm256_storeu_si256((__m256i *)(p), v)
#define XOR(a, b) _mm256_xor_si256(a, b)
#define CLMUL(a, b, imm) _mm256_clmulepi64_epi128(a, b, imm)
#define UP8(v) _mm256_bslli_epi128(v, 8)
#define DOWN8(v) _mm256_bsrli_epi128(v, 8)
#define SPREAD(e) _mm256_broadcastsi128_si256(SPREAD1(e))
#define SUM(v) element_of(_mm_xor_si128(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1)))
#define PAIRS(p, even, odd)                                                                        \
    do {                                                                                           \
        __m256i first = LOAD(p), second = LOAD((p) + 2);                                           \
        (even) = _mm256_permute2x128_si256(first, second, 0x20);                                   \
        (odd) = _mm256_permute2x128_si256(first, second, 0x31);                                    \
    } while (0)
#include "lanes.h"
const cbf_kernels cbf_vpclmul256 = TABLE;
#pragma clang attribute pop

#include "undefine.h"

#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,vpclmulqdq,avx512bw,pclmul"))), apply_to = function)
#define NAME(x) vpclmul512_##x
#define REST(x) pclmul_##x
#define V __m512i
#define LANES 4
#define LOAD(p) _mm512_loadu_si512(p)
#define STORE(p, v) _mm512_storeu_si512(p, v)
#define XOR(a, b) _mm512_xor_si512(a, b)
#define CLMUL(a, b, imm) _mm512_clmulepi64_epi128(a, b, imm)
#define UP8(v) _mm512_bslli_epi128(v, 8)
#define DOWN8(v) _mm512_bsrli_epi128(v, 8)
#define SPREAD(e) _mm512_broadcast_i32x4(SPREAD1(e))
#define SUM(v)                                                                                     \
    element_of(_mm_xor_si128(                                                                      \
        _mm_xor_si128(_mm512_extracti32x4_epi32(v, 0), _mm512_extracti32x4_epi32(v, 1)),           \
        _mm_xor_si128(_mm512_extracti32x4_epi32(v, 2), _mm512_extracti32x4_epi32(v, 3))))
#define PAIRS(p, even, odd)                                                                        \
    do {                                                                                           \
        __m512i first = LOAD(p), second = LOAD((p) + 4);                                           \
        (even) = _mm512_permutex2var_epi64(                                                        \
            first, _mm512_set_epi64(13, 12, 9, 8, 5, 4, 1, 0), second);                            \
        (odd) = _mm512_permutex2var_epi64(                                                         \
            first, _mm512_set_epi64(15, 14, 11, 10, 7, 6, 3, 2), second);                          \
    } while (0)
#include "lanes.h"
const cbf_kernels cbf_vpclmul512 = TABLE;
#pragma clang attribute pop
#endif
