// Points of the curve -x^2 + y^2 = 1 + d x^2 y^2, and the additions of which a check is made.
#pragma once
#include "field.h"

// x = X/Z, y = Y/Z, xy = T/Z ("Twisted Edwards curves revisited", section 3). The formulas are
// complete: they hold for every pair of points, equal, opposite, neutral or of small order.
// All coordinates are reduced.
typedef struct {
    field x, y, z, t;
} point;

typedef ced25519_entry entry;

enum { ENTRY_DIFFERENCE, ENTRY_SUM, ENTRY_PRODUCT };

static inline field entry_part(const entry *a, size_t part)
{
    return (field){{
        a->limb[0][part], a->limb[1][part], a->limb[2][part], a->limb[3][part], a->limb[4][part]}};
}

static inline void entry_put(entry *a, size_t part, field value)
{
    for (size_t i = 0; i < 5; i++)
        a->limb[i][part] = value.limb[i];
}

static const field curve_d = {
    {0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff}};
static const field curve_2d = {
    {0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff}};
static const field root_of_minus_one = {
    {0x61b274a0ea0b0, 0xd5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d}};

static const point point_neutral = {{{0}}, {{1}}, {{1}}, {{0}}};

// From the completed form: the point (e / g, h / f).
static inline point point_completed(field e, field f, field g, field h)
{
    return (point){
        field_product(e, f), field_product(g, h), field_product(f, g), field_product(e, h)};
}

// Section 3.3, dbl-2008-hwcd with the signs of all four factors turned.
static inline point point_double(point a)
{
    field x = field_square(a.x), y = field_square(a.y), z = field_square(a.z);
    field both = field_square(field_sum(a.x, a.y));
    field h = field_sum(x, y), g = field_difference(x, y);
    field f = field_sum(field_sum(z, z), g);
    return point_completed(field_difference(h, both), f, g, h);
}

// Section 3.1 with z = 1 in the entry; its negative has y - x and y + x exchanged, and -2 d x y.
static inline point point_add(point a, const entry *b, bool negated)
{
    field difference = entry_part(b, negated ? ENTRY_SUM : ENTRY_DIFFERENCE);
    field sum = entry_part(b, negated ? ENTRY_DIFFERENCE : ENTRY_SUM);
    field minus = field_product(field_difference(a.y, a.x), difference);
    field plus = field_product(field_sum(a.y, a.x), sum);
    field c = field_product(a.t, entry_part(b, ENTRY_PRODUCT)), d = field_sum(a.z, a.z);
    field f = field_difference(d, c), g = field_sum(d, c);
    return point_completed(
        field_difference(plus, minus), negated ? g : f, negated ? f : g, field_sum(plus, minus));
}

// Both in projective form, for the making of tables; `doubled` is 2d * b.t.
static inline point point_sum(point a, point b, field doubled)
{
    field minus = field_product(field_difference(a.y, a.x), field_difference(b.y, b.x));
    field plus = field_product(field_sum(a.y, a.x), field_sum(b.y, b.x));
    field c = field_product(a.t, doubled), d = field_product(a.z, b.z);
    d = field_sum(d, d);
    return point_completed(
        field_difference(plus, minus), field_difference(d, c), field_sum(d, c),
        field_sum(plus, minus));
}

// RFC 8032, section 5.1.3, to the negative of the point; false where no point has that y. An x of
// zero with the sign set is let through: both its points are of small order.
static inline bool point_decode_negative(point *out, const uint8_t *bytes)
{
    field y = field_decode(bytes), square = field_square(y);
    field u = field_difference(square, field_one);
    field v = field_sum(field_product(square, curve_d), field_one);
    field v3 = field_product(field_square(v), v), v7 = field_product(field_square(v3), v);
    field x = field_root_power(field_product(u, v7));
    x = field_product(field_product(x, v3), u);
    field check = field_product(field_square(x), v);
    if (!field_equal(check, u)) {
        if (!field_equal(check, field_negative(field_reduced(u))))
            return false;
        x = field_product(x, root_of_minus_one);
    }
    uint8_t encoded[32];
    field_encode(encoded, x);
    if ((encoded[0] & 1) == bytes[31] >> 7)
        x = field_reduced(field_negative(x));
    *out = (point){x, y, field_one, field_product(x, y)};
    return true;
}

// RFC 8032, section 5.1.2.
static inline void point_encode(uint8_t *bytes, point a)
{
    field inverse = field_inverse(a.z);
    uint8_t x[32];
    field_encode(x, field_product(a.x, inverse));
    field_encode(bytes, field_product(a.y, inverse));
    bytes[31] |= (uint8_t)(x[0] << 7);
}
