// The seven rounds of the compression function, for scalars or for vectors of lanes.
//
// The includer has `v[16]` and `m[16]` of one type and defines ROTATE(x, bits).
#pragma once

// Paper, section 2.2: the quarter-round G, four of them step by step: vector units reorder too few
// instructions to find that parallelism by themselves (a seventh faster on Zen 4).
#define ADD(a, b) v[a] = v[a] + v[b]
#define MIX(a, x) v[a] = v[a] + m[x]
#define TURN(d, a, bits) v[d] = ROTATE(v[d] ^ v[a], bits)
#define FOUR_QUARTERS(a0, b0, c0, d0, x0, y0, a1, b1, c1, d1, x1, y1,                              \
                      a2, b2, c2, d2, x2, y2, a3, b3, c3, d3, x3, y3)                              \
    do {                                                                                           \
        MIX(a0, x0); MIX(a1, x1); MIX(a2, x2); MIX(a3, x3);                                        \
        ADD(a0, b0); ADD(a1, b1); ADD(a2, b2); ADD(a3, b3);                                        \
        TURN(d0, a0, 16); TURN(d1, a1, 16); TURN(d2, a2, 16); TURN(d3, a3, 16);                    \
        ADD(c0, d0); ADD(c1, d1); ADD(c2, d2); ADD(c3, d3);                                        \
        TURN(b0, c0, 12); TURN(b1, c1, 12); TURN(b2, c2, 12); TURN(b3, c3, 12);                    \
        MIX(a0, y0); MIX(a1, y1); MIX(a2, y2); MIX(a3, y3);                                        \
        ADD(a0, b0); ADD(a1, b1); ADD(a2, b2); ADD(a3, b3);                                        \
        TURN(d0, a0, 8); TURN(d1, a1, 8); TURN(d2, a2, 8); TURN(d3, a3, 8);                        \
        ADD(c0, d0); ADD(c1, d1); ADD(c2, d2); ADD(c3, d3);                                        \
        TURN(b0, c0, 7); TURN(b1, c1, 7); TURN(b2, c2, 7); TURN(b3, c3, 7);                        \
    } while (0)

// Columns, then diagonals; the arguments are the message words in the order of use.
#define ROUND(a, b, c, d, e, f, g, h, i, j, k, l, n, o, p, q)                                      \
    do {                                                                                           \
        FOUR_QUARTERS(0, 4, 8, 12, a, b, 1, 5, 9, 13, c, d,                                        \
                      2, 6, 10, 14, e, f, 3, 7, 11, 15, g, h);                                     \
        FOUR_QUARTERS(0, 5, 10, 15, i, j, 1, 6, 11, 12, k, l,                                      \
                      2, 7, 8, 13, n, o, 3, 4, 9, 14, p, q);                                       \
    } while (0)

// Each line is the one before it under the permutation of table 2.
#define SEVEN_ROUNDS()                                                                             \
    do {                                                                                           \
        ROUND(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);                               \
        ROUND(2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8);                               \
        ROUND(3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1);                               \
        ROUND(10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6);                               \
        ROUND(12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4);                               \
        ROUND(9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7);                               \
        ROUND(11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13);                               \
    } while (0)

// The first four words of the IV, which are those of SHA-256.
#define IV0 0x6A09E667u
#define IV1 0xBB67AE85u
#define IV2 0x3C6EF372u
#define IV3 0xA54FF53Au
