// Tables of a point's multiples, one window for each few digits of a scalar, all affine.
#pragma once
#include "point.h"

// A scalar below 2^254 as digits d[i] from -2^(bits - 1) to 2^(bits - 1), the sum of
// d[i] 2^(bits i): `count` of them, where bits * count is at least 254.
static inline void digits_of_scalar(
    int16_t *digits, const uint8_t *scalar, unsigned bits, size_t count)
{
    uint64_t words[5] = {0};
    for (size_t i = 0; i < 4; i++)
        words[i] = load64(scalar + 8 * i);
    unsigned carry = 0;
    for (size_t i = 0; i < count; i++) {
        size_t place = bits * i, word = place / 64, shift = place % 64;
        uint64_t window = words[word] >> shift;
        if (shift + bits > 64)
            window |= words[word + 1] << (64 - shift);
        unsigned digit = (unsigned)(window & ((1u << bits) - 1)) + carry;
        carry = digit > 1u << (bits - 1);
        digits[i] = (int16_t)((int)digit - (int)(carry << bits));
    }
}

static inline point point_add_digit(point sum, const entry *window, int digit)
{
    if (digit > 0)
        return point_add(sum, &window[digit - 1], false);
    if (digit < 0)
        return point_add(sum, &window[-digit - 1], true);
    return sum;
}

enum { TABLE_CHUNK = 512 };

// Entries that hold X, Y and Z become affine ones, with one inversion for all.
static inline void make_affine(entry *entries, size_t count)
{
    field before[TABLE_CHUNK], product = field_one;
    for (size_t i = 0; i < count; i++) {
        before[i] = product;
        product = field_product(product, entry_part(&entries[i], 2));
    }
    field inverse = field_inverse(product);
    for (size_t i = count; i-- > 0;) {
        field one = field_product(inverse, before[i]);
        inverse = field_product(inverse, entry_part(&entries[i], 2));
        field x = field_product(entry_part(&entries[i], 0), one);
        field y = field_product(entry_part(&entries[i], 1), one);
        entry_put(&entries[i], ENTRY_DIFFERENCE, field_reduced(field_difference(y, x)));
        entry_put(&entries[i], ENTRY_SUM, field_reduced(field_sum(y, x)));
        entry_put(&entries[i], ENTRY_PRODUCT, field_product(field_product(x, y), curve_2d));
    }
}

// Window w has the multiples 1 to 2^(bits - 1) of 2^(bits * stride * w) * `start`.
static inline void make_windows(
    entry *entries, point start, unsigned bits, unsigned stride, size_t windows)
{
    size_t width = (size_t)1 << (bits - 1), count = windows * width;
    for (size_t window = 0; window < count; window += width) {
        field doubled = field_product(start.t, curve_2d);
        point multiple = start;
        for (size_t i = 0; i < width; i++) {
            entry_put(&entries[window + i], 0, multiple.x);
            entry_put(&entries[window + i], 1, multiple.y);
            entry_put(&entries[window + i], 2, multiple.z);
            multiple = point_sum(multiple, start, doubled);
        }
        for (unsigned i = 0; i < bits * stride; i++)
            start = point_double(start);
    }
    for (size_t i = 0; i < count; i += TABLE_CHUNK)
        make_affine(entries + i, count - i < TABLE_CHUNK ? count - i : TABLE_CHUNK);
}
