// The loops over vectors of LANES elements. Included once a width, with these macros set:
// NAME(x), V, LANES, LOAD, STORE, XOR, CLMUL(a, b, imm), UP8, DOWN8, SPREAD(element), PAIRS, SUM;
// REST(x) finishes fewer than LANES elements. No include guard, on purpose.

// The product of 256 bits, not reduced: low + mid x^64 + high x^128.
typedef struct {
    V low, mid, high;
} NAME(wide);

static inline NAME(wide) NAME(widen)(V a, V b)
{
    return (NAME(wide)){
        CLMUL(a, b, 0x00), XOR(CLMUL(a, b, 0x01), CLMUL(a, b, 0x10)), CLMUL(a, b, 0x11)};
}

// x^128 = x^7 + x^2 + x + 1, so the high half is folded down twice by 0x87.
static inline V NAME(reduce)(NAME(wide) w)
{
    const V poly = SPREAD(((cbf_element){0x87, 0}));
    V low = XOR(w.low, UP8(w.mid)), high = XOR(w.high, DOWN8(w.mid));
    V carry = CLMUL(high, poly, 0x01);
    low = XOR(low, UP8(carry));
    high = XOR(high, DOWN8(carry));
    return XOR(low, CLMUL(high, poly, 0x00));
}

static inline V NAME(mul)(V a, V b) { return NAME(reduce)(NAME(widen)(a, b)); }

static inline void NAME(accumulate)(NAME(wide) *sum, V a, V b)
{
    NAME(wide) w = NAME(widen)(a, b);
    sum->low = XOR(sum->low, w.low);
    sum->mid = XOR(sum->mid, w.mid);
    sum->high = XOR(sum->high, w.high);
}

// A multiplier that stays: itself and its product with x^64, which saves the second folding.
typedef struct {
    V plain, shifted;
} NAME(fixed);

static inline NAME(fixed) NAME(fix)(cbf_element c)
{
    V plain = SPREAD(c);
    return (NAME(fixed)){plain, NAME(mul)(plain, SPREAD(((cbf_element){0, 1})))};
}

// a.low c + a.high (c x^64): both products have 192 bits, so one folding of 64 bits is enough.
static inline V NAME(times)(V a, NAME(fixed) c)
{
    const V poly = SPREAD(((cbf_element){0x87, 0}));
    V low = XOR(CLMUL(a, c.plain, 0x00), CLMUL(a, c.shifted, 0x01));
    V mid = XOR(CLMUL(a, c.plain, 0x10), CLMUL(a, c.shifted, 0x11));
    return XOR(low, XOR(UP8(mid), CLMUL(mid, poly, 0x01)));
}

static void NAME(products)(
    cbf_element *out, const cbf_element *a, const cbf_element *b, size_t count)
{
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        STORE(out + i, NAME(mul)(LOAD(a + i), LOAD(b + i)));
    if (i < count)
        REST(products)(out + i, a + i, b + i, count - i);
}

static void NAME(scale)(cbf_element *out, const cbf_element *a, cbf_element c, size_t count)
{
    NAME(fixed) f = NAME(fix)(c);
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        STORE(out + i, NAME(times)(LOAD(a + i), f));
    if (i < count)
        REST(scale)(out + i, a + i, c, count - i);
}

static void NAME(scale_add)(cbf_element *out, const cbf_element *a, cbf_element c, size_t count)
{
    NAME(fixed) f = NAME(fix)(c);
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        STORE(out + i, XOR(LOAD(out + i), NAME(times)(LOAD(a + i), f)));
    if (i < count)
        REST(scale_add)(out + i, a + i, c, count - i);
}

static void NAME(blend)(
    cbf_element *out, const cbf_element *a, const cbf_element *b, cbf_element r, size_t count)
{
    NAME(fixed) f = NAME(fix)(r);
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        V left = LOAD(a + i);
        STORE(out + i, XOR(left, NAME(times)(XOR(left, LOAD(b + i)), f)));
    }
    if (i < count)
        REST(blend)(out + i, a + i, b + i, r, count - i);
}

static void NAME(fold)(cbf_element *out, const cbf_element *a, cbf_element r, size_t count)
{
    NAME(fixed) f = NAME(fix)(r);
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        V even, odd;
        PAIRS(a + 2 * i, even, odd);
        STORE(out + i, XOR(even, NAME(times)(XOR(even, odd), f)));
    }
    if (i < count)
        REST(fold)(out + i, a + 2 * i, r, count - i);
}

static void NAME(extend)(cbf_element *t, cbf_element z, size_t count)
{
    if (count < LANES) {
        for (size_t i = 0; i < count; i++) {
            t[i + count] = REST(multiply)(t[i], z);
            t[i].low ^= t[i + count].low;
            t[i].high ^= t[i + count].high;
        }
        return;
    }
    // `count` is a power of two, so nothing is left over.
    NAME(fixed) f = NAME(fix)(z);
    for (size_t i = 0; i + LANES <= count; i += LANES) {
        V value = LOAD(t + i), product = NAME(times)(value, f);
        STORE(t + i + count, product);
        STORE(t + i, XOR(value, product));
    }
}

static cbf_element NAME(dot)(const cbf_element *a, const cbf_element *b, size_t count)
{
    V zero = SPREAD(((cbf_element){0, 0}));
    NAME(wide) sum = {zero, zero, zero};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        NAME(accumulate)(&sum, LOAD(a + i), LOAD(b + i));
    cbf_element total = SUM(NAME(reduce)(sum));
    if (i < count) {
        cbf_element rest = REST(dot)(a + i, b + i, count - i);
        total.low ^= rest.low;
        total.high ^= rest.high;
    }
    return total;
}

static inline void NAME(add_sum)(cbf_element *total, V value)
{
    cbf_element sum = SUM(value);
    total->low ^= sum.low;
    total->high ^= sum.high;
}

static void NAME(pair_sums)(
    cbf_element sums[2], const cbf_element *a, const cbf_element *b, size_t count)
{
    V zero = SPREAD(((cbf_element){0, 0}));
    NAME(wide) first = {zero, zero, zero}, second = first;
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        V a0, a1, b0, b1;
        PAIRS(a + 2 * i, a0, a1);
        PAIRS(b + 2 * i, b0, b1);
        NAME(accumulate)(&first, a0, b0);
        NAME(accumulate)(&second, XOR(a0, a1), XOR(b0, b1));
    }
    NAME(add_sum)(&sums[0], NAME(reduce)(first));
    NAME(add_sum)(&sums[1], NAME(reduce)(second));
    if (i < count)
        REST(pair_sums)(sums, a + 2 * i, b + 2 * i, count - i);
}

static void NAME(triple_sums)(
    cbf_element sums[2], const cbf_element *e, const cbf_element *const abc[3], size_t count)
{
    const cbf_element *a = abc[0], *b = abc[1], *c = abc[2];
    V zero = SPREAD(((cbf_element){0, 0}));
    NAME(wide) first = {zero, zero, zero}, second = first;
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        V a0, a1, b0, b1, weight = LOAD(e + i);
        PAIRS(a + 2 * i, a0, a1);
        PAIRS(b + 2 * i, b0, b1);
        V value = NAME(mul)(a1, b1);
        if (c) {
            V c0, c1;
            PAIRS(c + 2 * i, c0, c1);
            value = XOR(value, c1);
        }
        NAME(accumulate)(&first, value, weight);
        NAME(accumulate)(&second, NAME(mul)(XOR(a0, a1), XOR(b0, b1)), weight);
    }
    NAME(add_sum)(&sums[0], NAME(reduce)(first));
    NAME(add_sum)(&sums[1], NAME(reduce)(second));
    if (i < count) {
        const cbf_element *rest[3] = {a + 2 * i, b + 2 * i, c ? c + 2 * i : c};
        REST(triple_sums)(sums, e + i, rest, count - i);
    }
}

// The three butterflies of the transform with twiddle t (Lin, Chung, Han 2014, section IV):
// forward (u, w) -> (u + t w, u + (1 + t) w), its inverse, and the transpose of its matrix.
static inline void NAME(forward_step)(cbf_element *u, cbf_element *w, size_t count, cbf_element t)
{
    NAME(fixed) f = NAME(fix)(t);
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        V right = LOAD(w + i), left = XOR(LOAD(u + i), NAME(times)(right, f));
        STORE(u + i, left);
        STORE(w + i, XOR(right, left));
    }
    for (; i < count; i++) {
        cbf_element p = REST(multiply)(w[i], t);
        u[i].low ^= p.low, u[i].high ^= p.high;
        w[i].low ^= u[i].low, w[i].high ^= u[i].high;
    }
}

static inline void NAME(inverse_step)(cbf_element *u, cbf_element *w, size_t count, cbf_element t)
{
    NAME(fixed) f = NAME(fix)(t);
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        V left = LOAD(u + i), right = XOR(LOAD(w + i), left);
        STORE(w + i, right);
        STORE(u + i, XOR(left, NAME(times)(right, f)));
    }
    for (; i < count; i++) {
        w[i].low ^= u[i].low, w[i].high ^= u[i].high;
        cbf_element p = REST(multiply)(w[i], t);
        u[i].low ^= p.low, u[i].high ^= p.high;
    }
}

static inline void NAME(transposed_step)(
    cbf_element *u, cbf_element *w, size_t count, cbf_element t)
{
    NAME(fixed) f = NAME(fix)(t);
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        V right = LOAD(w + i), left = XOR(LOAD(u + i), right);
        STORE(u + i, left);
        STORE(w + i, XOR(right, NAME(times)(left, f)));
    }
    for (; i < count; i++) {
        u[i].low ^= w[i].low, u[i].high ^= w[i].high;
        cbf_element p = REST(multiply)(u[i], t);
        w[i].low ^= p.low, w[i].high ^= p.high;
    }
}

// Depth first, so that small blocks stay in the cache. The right half's points are those of the
// left plus one basis vector, which moves every twiddle by a constant; at most 32 levels deep.
static void NAME(forward)(
    cbf_element *data, unsigned rows, unsigned columns, cbf_element *twiddles,
    const cbf_basis *basis)
{
    if (rows == 0)
        return;
    size_t half = (size_t)1 << (rows - 1 + columns);
    NAME(forward_step)(data, data + half, half, twiddles[rows - 1]);
    NAME(forward)(data, rows - 1, columns, twiddles, basis);
    cbf_shift_twiddles(twiddles, rows - 1, basis);
    NAME(forward)(data + half, rows - 1, columns, twiddles, basis);
    cbf_shift_twiddles(twiddles, rows - 1, basis);
}

static void NAME(inverse)(
    cbf_element *data, unsigned rows, unsigned columns, cbf_element *twiddles,
    const cbf_basis *basis)
{
    if (rows == 0)
        return;
    size_t half = (size_t)1 << (rows - 1 + columns);
    NAME(inverse)(data, rows - 1, columns, twiddles, basis);
    cbf_shift_twiddles(twiddles, rows - 1, basis);
    NAME(inverse)(data + half, rows - 1, columns, twiddles, basis);
    cbf_shift_twiddles(twiddles, rows - 1, basis);
    NAME(inverse_step)(data, data + half, half, twiddles[rows - 1]);
}

static void NAME(transposed)(
    cbf_element *data, unsigned rows, unsigned columns, cbf_element *twiddles,
    const cbf_basis *basis)
{
    if (rows == 0)
        return;
    size_t half = (size_t)1 << (rows - 1 + columns);
    NAME(transposed)(data, rows - 1, columns, twiddles, basis);
    cbf_shift_twiddles(twiddles, rows - 1, basis);
    NAME(transposed)(data + half, rows - 1, columns, twiddles, basis);
    cbf_shift_twiddles(twiddles, rows - 1, basis);
    NAME(transposed_step)(data, data + half, half, twiddles[rows - 1]);
}

#define TABLE                                                                                      \
    {REST(multiply), NAME(products), NAME(scale), NAME(scale_add), NAME(blend), NAME(fold),        \
     NAME(extend), NAME(dot), NAME(pair_sums), NAME(triple_sums), NAME(forward), NAME(inverse),    \
     NAME(transposed)}
