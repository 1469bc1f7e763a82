// Keys and signatures: a check is one addition for each digit of two scalars, and one inversion.
#include "check.h"
#include <pthread.h>

entry ced25519_generator[GENERATOR_ENTRIES];
static pthread_once_t generator_once = PTHREAD_ONCE_INIT;

static void prepare_generator(void)
{
    // RFC 8032, section 5.1: y = 4/5 and x is even; with the sign bit set it is decoded to the
    // negative of the negative.
    uint8_t bytes[32];
    memset(bytes, 0x66, sizeof bytes);
    bytes[0] = 0x58;
    bytes[31] |= 0x80;
    point generator;
    point_decode_negative(&generator, bytes);
    make_windows(ced25519_generator, generator, GENERATOR_BITS, 1, GENERATOR_WINDOWS);
}

// The five y of points whose order divides 8, in words from the lowest.
static const uint64_t small_orders[5][4] = {
    {0, 0, 0, 0},
    {0x1, 0, 0, 0},
    {0xb027b2c28f95e826, 0xf098eff289f4c345, 0x3933c6d305acdfd5, 0x5fc536d880238b1},
    {0x4fd84d3d706a17c7, 0xf67100d760b3cba, 0xc6cc392cfa53202a, 0x7a03ac9277fdc74e},
    {0xffffffffffffffec, 0xffffffffffffffff, 0xffffffffffffffff, 0x7fffffffffffffff},
};

// Of canonical encodings; the sign of x does not matter. Another encoding of such a point in place
// of R is never the canonical one with which it is compared.
static bool is_of_small_order(const uint8_t *bytes)
{
    for (size_t i = 0; i < 5; i++) {
        uint64_t difference = (load64(bytes + 24) & UINT64_MAX >> 1) ^ small_orders[i][3];
        for (size_t word = 0; word < 3; word++)
            difference |= load64(bytes + 8 * word) ^ small_orders[i][word];
        if (difference == 0)
            return true;
    }
    return false;
}

// Whether y is below the prime; the sign of x does not matter.
static bool is_canonical(const uint8_t *bytes)
{
    uint8_t again[32];
    field_encode(again, field_decode(bytes));
    again[31] |= bytes[31] & 0x80;
    return memcmp(again, bytes, 32) == 0;
}

// 2^252 + 27742317777372353535851937790883648493 (RFC 8032, section 5.1).
static bool is_below_order(const uint8_t *scalar)
{
    static const uint64_t order[4] = {
        0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000};
    for (size_t i = 4; i-- > 0;) {
        uint64_t word = load64(scalar + 8 * i);
        if (word != order[i])
            return word < order[i];
    }
    return false;
}

bool ced25519_prepare(ced25519_entry *table, const uint8_t *key)
{
    point negative;
    if (!is_canonical(key) || is_of_small_order(key) || !point_decode_negative(&negative, key))
        return false;
    make_windows(
        table, negative, CED25519_KEY_BITS, CED25519_KEY_STRIDE, CED25519_KEY_WINDOWS);
    return true;
}

// The sum with the arithmetic of point.h; the digits of one remainder by the stride after another,
// from the highest.
static point sum_of_digits(const check_digits *digits, const entry *table)
{
    point sum = point_neutral;
    for (size_t rest = CED25519_KEY_STRIDE; rest-- > 0;) {
        for (size_t i = rest; i < CED25519_KEY_DIGITS; i += CED25519_KEY_STRIDE)
            sum = point_add_digit(sum, key_window(table, i), digits->key[i]);
        for (size_t i = 0; rest > 0 && i < CED25519_KEY_BITS; i++)
            sum = point_double(sum);
    }
    for (size_t i = 0; i < GENERATOR_WINDOWS; i++)
        sum = point_add_digit(sum, generator_window(i), digits->generator[i]);
    return sum;
}

static bool check_portable(
    const check_digits *digits, const entry *table, const uint8_t *expected)
{
    uint8_t encoded[32];
    point_encode(encoded, sum_of_digits(digits, table));
    return memcmp(encoded, expected, 32) == 0;
}

bool ced25519_kernel_available(ced25519_kernel kernel)
{
#if defined(__x86_64__)
    if (kernel == ced25519_kernel_ifma)
        return __builtin_cpu_supports("avx512ifma") && __builtin_cpu_supports("avx512vl")
            && __builtin_cpu_supports("bmi2");
#endif
    return kernel == ced25519_kernel_portable;
}

ced25519_kernel ced25519_kernel_selected(void)
{
    return ced25519_kernel_available(ced25519_kernel_ifma) ? ced25519_kernel_ifma
                                                           : ced25519_kernel_portable;
}

bool ced25519_check(
    ced25519_kernel kernel, const ced25519_entry *table, const uint8_t *signature,
    const uint8_t *challenge)
{
    const uint8_t *scalar = signature + 32;
    if (!is_below_order(scalar) || is_of_small_order(signature))
        return false;
    pthread_once(&generator_once, prepare_generator);
    check_digits digits;
    digits_of_scalar(digits.key, challenge, CED25519_KEY_BITS, CED25519_KEY_DIGITS);
    digits_of_scalar(digits.generator, scalar, GENERATOR_BITS, GENERATOR_WINDOWS);
#if defined(__x86_64__)
    if (kernel == ced25519_kernel_ifma)
        return ced25519_check_ifma(&digits, table, signature);
#endif
    (void)kernel;
    return check_portable(&digits, table, signature);
}

void ced25519_field_sum(uint8_t *out, const uint8_t *left, const uint8_t *right)
{
    field_encode(out, field_sum(field_decode(left), field_decode(right)));
}

void ced25519_field_difference(uint8_t *out, const uint8_t *left, const uint8_t *right)
{
    field_encode(out, field_difference(field_decode(left), field_decode(right)));
}

void ced25519_field_product(uint8_t *out, const uint8_t *left, const uint8_t *right)
{
    field_encode(out, field_product(field_decode(left), field_decode(right)));
}

void ced25519_field_square(uint8_t *out, const uint8_t *value)
{
    field_encode(out, field_square(field_decode(value)));
}

void ced25519_field_inverse(uint8_t *out, const uint8_t *value)
{
    field_encode(out, field_inverse(field_decode(value)));
}
