// The kernel for ARM with the polynomial multiplication of 64 bits (PMULL).
#include "tables.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#pragma clang attribute push(__attribute__((target("aes"))), apply_to = function)

static inline uint64x2_t product64(uint64_t a, uint64_t b)
{
    return vreinterpretq_u64_p128(vmull_p64((poly64_t)a, (poly64_t)b));
}

#define NAME(x) pmull_##x
#define V uint64x2_t
#define LOAD(p) vld1q_u64(&(p)->low)
#define STORE(p, v) vst1q_u64(&(p)->low, v)
#define XOR(a, b) veorq_u64(a, b)
#define CLMUL(a, b, imm)                                                                           \
    product64(vgetq_lane_u64(a, (imm) & 1), vgetq_lane_u64(b, (imm) >> 4))
#define UP8(v) vextq_u64(vdupq_n_u64(0), v, 1)
#define DOWN8(v) vextq_u64(v, vdupq_n_u64(0), 1)
#define SPREAD(e) vcombine_u64(vcreate_u64((e).low), vcreate_u64((e).high))
#define SUM(v) ((cbf_element){vgetq_lane_u64(v, 0), vgetq_lane_u64(v, 1)})
#include "single.h"
const cbf_kernels cbf_pmull = TABLE;
#pragma clang attribute pop
#endif
