// Ed25519 checks with tables of a key's multiples, so that a check needs hardly any doubling.
//
// Source: RFC 8032, section 5.1; Hisil, Wong, Carter, Dawson, "Twisted Edwards curves revisited"
// (2008), section 3, for the formulas. Everything here takes a time that depends on its input:
// it is for public keys and signatures, never for secrets.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    // Digits of `CED25519_KEY_BITS` bits, signed; one window for `CED25519_KEY_STRIDE` of them.
    CED25519_KEY_BITS = 5,
    CED25519_KEY_STRIDE = 2,
    CED25519_KEY_DIGITS = (254 + CED25519_KEY_BITS - 1) / CED25519_KEY_BITS,
    CED25519_KEY_WINDOWS =
        (CED25519_KEY_DIGITS + CED25519_KEY_STRIDE - 1) / CED25519_KEY_STRIDE,
    CED25519_KEY_ENTRIES = CED25519_KEY_WINDOWS << (CED25519_KEY_BITS - 1),
};

// An affine point: y - x, y + x and 2 d x y side by side, limb after limb, all limbs below 2^52.
typedef struct {
    uint64_t limb[5][3];
} ced25519_entry;

// Fills `table`, CED25519_KEY_ENTRIES long, for a public key of 32 bytes: entry
// 2^(bits - 1) w + j is (j + 1) 2^(bits * stride * w) times the negated key. False, and the table
// is of no use, where the key's y is not below the prime, where no point has it, or where the
// point is of small order: no signature is valid under such a key.
bool ced25519_prepare(ced25519_entry *table, const uint8_t *key);

// The portable kernel runs everywhere; the other needs AVX-512 IFMA and VL, and BMI2.
typedef enum {
    ced25519_kernel_portable = 0,
    ced25519_kernel_ifma = 1,
} ced25519_kernel;

bool ced25519_kernel_available(ced25519_kernel kernel);
// The best kernel of this processor.
ced25519_kernel ced25519_kernel_selected(void);

// Whether S is below the order of the group, R is not of small order, and R is the encoding of
// [S]B - [challenge]A. `signature` is R and S, 64 bytes; `challenge` is below the order, 32 bytes
// little-endian. The kernel must be available; all give the same result. The first call makes a
// table of B's multiples, in about a millisecond; threads may race for it.
bool ced25519_check(
    ced25519_kernel kernel, const ced25519_entry *table, const uint8_t *signature,
    const uint8_t *challenge);

// The arithmetic by itself, for tests: canonical encodings out, of any 32 bytes in (the top bit is
// ignored, values from the prime on are reduced).
void ced25519_field_sum(uint8_t *out, const uint8_t *left, const uint8_t *right);
void ced25519_field_difference(uint8_t *out, const uint8_t *left, const uint8_t *right);
void ced25519_field_product(uint8_t *out, const uint8_t *left, const uint8_t *right);
void ced25519_field_square(uint8_t *out, const uint8_t *value);
// Zero for zero.
void ced25519_field_inverse(uint8_t *out, const uint8_t *value);
