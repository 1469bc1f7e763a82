// The seven rounds of the compression function, for words of any width: scalars or vectors of lanes.
//
// The includer has `v[16]` and `m[16]` of one type and defines ROTATE(x, bits).
#pragma once

// Paper, section 2.2: the quarter-round G.
#define QUARTER(a, b, c, d, x, y)                                                                  \
    do {                                                                                           \
        v[a] = v[a] + v[b] + m[x];                                                                 \
        v[d] = ROTATE(v[d] ^ v[a], 16);                                                            \
        v[c] = v[c] + v[d];                                                                        \
        v[b] = ROTATE(v[b] ^ v[c], 12);                                                            \
        v[a] = v[a] + v[b] + m[y];                                                                 \
        v[d] = ROTATE(v[d] ^ v[a], 8);                                                             \
        v[c] = v[c] + v[d];                                                                        \
        v[b] = ROTATE(v[b] ^ v[c], 7);                                                             \
    } while (0)

// Columns, then diagonals; the arguments are the message words in the order of use.
#define ROUND(a, b, c, d, e, f, g, h, i, j, k, l, n, o, p, q)                                      \
    do {                                                                                           \
        QUARTER(0, 4, 8, 12, a, b);                                                                \
        QUARTER(1, 5, 9, 13, c, d);                                                                \
        QUARTER(2, 6, 10, 14, e, f);                                                               \
        QUARTER(3, 7, 11, 15, g, h);                                                               \
        QUARTER(0, 5, 10, 15, i, j);                                                               \
        QUARTER(1, 6, 11, 12, k, l);                                                               \
        QUARTER(2, 7, 8, 13, n, o);                                                                \
        QUARTER(3, 4, 9, 14, p, q);                                                                \
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
