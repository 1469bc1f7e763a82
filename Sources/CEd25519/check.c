// The check of a signature: one addition for each digit of two scalars, and one inversion.
#include "table.h"
#include <pthread.h>

// The generator's table is shared by all keys: wide digits, a window for each.
enum {
    GENERATOR_BITS = 8,
    GENERATOR_WINDOWS = (254 + GENERATOR_BITS - 1) / GENERATOR_BITS,
    GENERATOR_ENTRIES = GENERATOR_WINDOWS << (GENERATOR_BITS - 1),
};

static entry generator_table[GENERATOR_ENTRIES];
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
    make_windows(generator_table, generator, GENERATOR_BITS, 1, GENERATOR_WINDOWS);
}

// The encodings of the five y of points whose order divides 8, without the sign of x.
static const uint8_t small_orders[5][32] = {
    {0x00},
    {0x01},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
     0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
     0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
};

// Of canonical encodings.
static bool is_of_small_order(const uint8_t *bytes)
{
    uint8_t unsigned_bytes[32];
    memcpy(unsigned_bytes, bytes, 32);
    unsigned_bytes[31] &= 0x7f;
    for (size_t i = 0; i < 5; i++)
        if (memcmp(unsigned_bytes, small_orders[i], 32) == 0)
            return true;
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

// [challenge](-A): the digits of one remainder by the stride after another, from the highest.
static point add_challenge(const ced25519_entry *table, const uint8_t *challenge)
{
    int16_t digits[CED25519_KEY_DIGITS];
    digits_of_scalar(digits, challenge, CED25519_KEY_BITS, CED25519_KEY_DIGITS);
    point sum = point_neutral;
    for (size_t rest = CED25519_KEY_STRIDE; rest-- > 0;) {
        for (size_t i = rest; i < CED25519_KEY_DIGITS; i += CED25519_KEY_STRIDE) {
            size_t window = (i / CED25519_KEY_STRIDE) << (CED25519_KEY_BITS - 1);
            sum = point_add_digit(sum, table + window, digits[i]);
        }
        for (size_t i = 0; rest > 0 && i < CED25519_KEY_BITS; i++)
            sum = point_double(sum);
    }
    return sum;
}

bool ced25519_check(
    const ced25519_entry *table, const uint8_t *signature, const uint8_t *challenge)
{
    const uint8_t *scalar = signature + 32;
    if (!is_below_order(scalar) || is_of_small_order(signature))
        return false;
    pthread_once(&generator_once, prepare_generator);
    int16_t digits[GENERATOR_WINDOWS];
    digits_of_scalar(digits, scalar, GENERATOR_BITS, GENERATOR_WINDOWS);
    point sum = add_challenge(table, challenge);
    for (size_t i = 0; i < GENERATOR_WINDOWS; i++)
        sum = point_add_digit(sum, generator_table + (i << (GENERATOR_BITS - 1)), digits[i]);
    uint8_t encoded[32];
    point_encode(encoded, sum);
    return memcmp(encoded, signature, 32) == 0;
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
