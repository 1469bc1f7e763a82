// Arithmetic in GF(2^128) for Swift: one product, and the loops in which proofs spend their time.
//
// The field is GF(2)[x] / (x^128 + x^7 + x^2 + x + 1); bit i of an element is the coefficient of
// x^i. Every loop has one kernel for each instruction set and a portable twin with equal results.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t low, high;
} cbf_element;

// The loops read and write contiguous elements, with no alignment required. Unless said otherwise
// an output may be one of the inputs itself, and must not overlap an input in another way.

// The tables of a linear map of 64 or 128 bits: 256 elements for each byte of the argument.
enum { CBF_TABLE = 256 };

// `rows[k * stride + i]` is the k-th normalised subspace polynomial at the i-th basis vector.
typedef struct {
    const cbf_element *rows;
    size_t stride;
} cbf_basis;

typedef struct {
    cbf_element (*multiply)(cbf_element a, cbf_element b);
    // out[i] = a[i] b[i]
    void (*products)(cbf_element *out, const cbf_element *a, const cbf_element *b, size_t count);
    // out[i] = c a[i]
    void (*scale)(cbf_element *out, const cbf_element *a, cbf_element c, size_t count);
    // out[i] += c a[i]
    void (*scale_add)(cbf_element *out, const cbf_element *a, cbf_element c, size_t count);
    // out[i] = a[i] + r (a[i] + b[i])
    void (*blend)(
        cbf_element *out, const cbf_element *a, const cbf_element *b, cbf_element r, size_t count);
    // out[i] = a[2i] + r (a[2i] + a[2i + 1]); `out` may be `a`.
    void (*fold)(cbf_element *out, const cbf_element *a, cbf_element r, size_t count);
    // t[i + count] = z t[i], then t[i] += t[i + count]: one more variable of an equality table.
    void (*extend)(cbf_element *t, cbf_element z, size_t count);
    // The sum of a[i] b[i].
    cbf_element (*dot)(const cbf_element *a, const cbf_element *b, size_t count);
    // sums[0] += a[2i] b[2i]; sums[1] += (a[2i] + a[2i + 1]) (b[2i] + b[2i + 1]).
    void (*pair_sums)(
        cbf_element sums[2], const cbf_element *a, const cbf_element *b, size_t count);
    // sums[0] += e[i] (a[2i+1] b[2i+1] + c[2i+1]);
    // sums[1] += e[i] (a[2i] + a[2i+1]) (b[2i] + b[2i+1]). `c` may be null: then it is zero.
    void (*triple_sums)(
        cbf_element sums[2], const cbf_element *e, const cbf_element *const abc[3], size_t count);
    // The additive transform of 2^rows rows of 2^columns elements, all with the points from
    // `twiddles` on, which holds h_k(offset) for k < rows and is as it was afterwards.
    void (*forward)(
        cbf_element *data, unsigned rows, unsigned columns, cbf_element *twiddles,
        const cbf_basis *basis);
    // The inverse of `forward`.
    void (*inverse)(
        cbf_element *data, unsigned rows, unsigned columns, cbf_element *twiddles,
        const cbf_basis *basis);
    // The transpose of `forward` as a matrix.
    void (*transposed)(
        cbf_element *data, unsigned rows, unsigned columns, cbf_element *twiddles,
        const cbf_basis *basis);
} cbf_kernels;

typedef enum {
    cbf_kernel_portable = 0,
    cbf_kernel_pmull = 1,
    cbf_kernel_pclmul = 2,
    cbf_kernel_vpclmul256 = 3,
    cbf_kernel_vpclmul512 = 4,
} cbf_kernel;

bool cbf_kernel_available(cbf_kernel kernel);
// Must be called only for a kernel that is available.
const cbf_kernels *cbf_kernel_table(cbf_kernel kernel);
// A static string: "portable", "pmull", "pclmul", "vpclmul256" or "vpclmul512".
const char *cbf_kernel_name(cbf_kernel kernel);

// The best kernel of this processor, chosen when the program is loaded.
extern const cbf_kernels *cbf_chosen;
cbf_kernel cbf_chosen_kernel(void);

// The chosen loops, for pointers to anything that lies in memory as elements do.
static inline cbf_element cbf_multiply(cbf_element a, cbf_element b)
{
    return cbf_chosen->multiply(a, b);
}
static inline void cbf_products(void *out, const void *a, const void *b, size_t count)
{
    cbf_chosen->products(out, a, b, count);
}
static inline void cbf_scale(void *out, const void *a, cbf_element c, size_t count)
{
    cbf_chosen->scale(out, a, c, count);
}
static inline void cbf_scale_add(void *out, const void *a, cbf_element c, size_t count)
{
    cbf_chosen->scale_add(out, a, c, count);
}
static inline void cbf_blend(
    void *out, const void *a, const void *b, cbf_element r, size_t count)
{
    cbf_chosen->blend(out, a, b, r, count);
}
static inline void cbf_fold(void *out, const void *a, cbf_element r, size_t count)
{
    cbf_chosen->fold(out, a, r, count);
}
static inline void cbf_extend(void *t, cbf_element z, size_t count)
{
    cbf_chosen->extend(t, z, count);
}
static inline cbf_element cbf_dot(const void *a, const void *b, size_t count)
{
    return cbf_chosen->dot(a, b, count);
}
static inline void cbf_pair_sums(void *sums, const void *a, const void *b, size_t count)
{
    cbf_chosen->pair_sums(sums, a, b, count);
}
static inline void cbf_triple_sums(
    void *sums, const void *e, const void *a, const void *b, const void *c, size_t count)
{
    const cbf_element *const abc[3] = {a, b, c};
    cbf_chosen->triple_sums(sums, e, abc, count);
}
static inline void cbf_forward(
    void *data, unsigned rows, unsigned columns, void *twiddles, const void *basis, size_t stride)
{
    const cbf_basis b = {basis, stride};
    cbf_chosen->forward(data, rows, columns, twiddles, &b);
}
static inline void cbf_inverse(
    void *data, unsigned rows, unsigned columns, void *twiddles, const void *basis, size_t stride)
{
    const cbf_basis b = {basis, stride};
    cbf_chosen->inverse(data, rows, columns, twiddles, &b);
}
static inline void cbf_transposed(
    void *data, unsigned rows, unsigned columns, void *twiddles, const void *basis, size_t stride)
{
    const cbf_basis b = {basis, stride};
    cbf_chosen->transposed(data, rows, columns, twiddles, &b);
}

// The maps below have one form for all processors: they look up and add.

// out[i] = the map of the 128 bits of in[i]; `tables` has 16 times CBF_TABLE elements.
void cbf_map128(void *out, const void *in, const void *tables, size_t count);
// out[i] = the map of in[i]; `tables` has 8 times CBF_TABLE elements.
void cbf_map64(void *out, const uint64_t *in, const void *tables, size_t count);
// out[i] += the map of in[i].
void cbf_map64_add(void *out, const uint64_t *in, const void *tables, size_t count);
// tables[256 j + b] = the sum of images[8 j + i] over the bits i of b, for j < bytes.
void cbf_map_tables(void *tables, const void *images, size_t bytes);
// sums[v] += the sum of weights[i] over the i where bit v of values[i] is set, v < 128.
void cbf_bit_sums(
    void *sums, const void *values, const void *weights, size_t count);

// The zero test of ANDs in the domain of bits: blocks of 16 words are multilinear polynomials in
// four variables for each bit, extended to {0, 1, infinity}^4, point p having digit k of p in
// base 3 for variable k. For each p with an infinity: sums[p] += weights[y] times the map of
// L_y(p) & R_y(p).
enum { CBF_AND_POINTS = 81, CBF_AND_BLOCK = 16 };
void cbf_and_sums(
    void *sums, const uint64_t *left, const uint64_t *right, const void *weights,
    const void *tables, size_t blocks);
// out[64 y + i] = the sum of images[j] over the words j of block y whose bit i is set; `tables` are
// those of the 16 images, for two bytes.
void cbf_fold_words(void *out, const uint64_t *words, const void *tables, size_t blocks);
// out[i] += in[i].
void cbf_add(void *out, const void *in, size_t count);
// out[i] = in[2i] + in[2i + 1]; `out` may be `in`.
void cbf_add_pairs(void *out, const void *in, size_t count);
