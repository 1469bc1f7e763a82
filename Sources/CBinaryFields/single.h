// One lane of 128 bits: what a kernel with a carry-less multiplication of 64 bits needs beside it.
// Includes lanes.h with itself as the rest, so that nothing is left over.
#define LANES 1
#define PAIRS(p, even, odd) ((even) = LOAD(p), (odd) = LOAD((p) + 1))
#define REST(x) NAME(x##_one)

// With one lane nothing is left over: only the product is ever called.
static cbf_element NAME(multiply_one)(cbf_element a, cbf_element b);
#define NAME_NEVER(x, ...) static inline void NAME(x##_one)(__VA_ARGS__) {}
NAME_NEVER(products, cbf_element *o, const cbf_element *a, const cbf_element *b, size_t n)
NAME_NEVER(scale, cbf_element *o, const cbf_element *a, cbf_element c, size_t n)
NAME_NEVER(scale_add, cbf_element *o, const cbf_element *a, cbf_element c, size_t n)
NAME_NEVER(
    blend, cbf_element *o, const cbf_element *a, const cbf_element *b, cbf_element r, size_t n)
NAME_NEVER(fold, cbf_element *o, const cbf_element *a, cbf_element r, size_t n)
NAME_NEVER(pair_sums, cbf_element *s, const cbf_element *a, const cbf_element *b, size_t n)
NAME_NEVER(
    triple_sums, cbf_element *s, const cbf_element *e, const cbf_element *const *abc, size_t n)
static inline cbf_element NAME(dot_one)(const cbf_element *a, const cbf_element *b, size_t n)
{
    return (cbf_element){0, 0};
}

#include "lanes.h"

static cbf_element NAME(multiply_one)(cbf_element a, cbf_element b)
{
    return SUM(NAME(mul)(SPREAD(a), SPREAD(b)));
}
