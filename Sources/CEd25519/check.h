// What the kernels of a check share: the digits of both scalars and where their windows are.
#pragma once
#include "table.h"

// The generator's table is shared by all keys: wide digits, a window for each.
enum {
    GENERATOR_BITS = 8,
    GENERATOR_WINDOWS = (254 + GENERATOR_BITS - 1) / GENERATOR_BITS,
    GENERATOR_ENTRIES = GENERATOR_WINDOWS << (GENERATOR_BITS - 1),
};

// Filled before a kernel runs.
extern entry ced25519_generator[GENERATOR_ENTRIES];

typedef struct {
    int16_t key[CED25519_KEY_DIGITS];
    int16_t generator[GENERATOR_WINDOWS];
} check_digits;

static inline const entry *key_window(const entry *table, size_t digit)
{
    return table + ((digit / CED25519_KEY_STRIDE) << (CED25519_KEY_BITS - 1));
}

static inline const entry *generator_window(size_t digit)
{
    return ced25519_generator + (digit << (GENERATOR_BITS - 1));
}

#if defined(__x86_64__)
// Whether the sum of the entries that the digits name has the encoding `expected`. Only where the
// kernel is available.
bool ced25519_check_ifma(
    const check_digits *digits, const entry *table, const uint8_t *expected);
#endif
