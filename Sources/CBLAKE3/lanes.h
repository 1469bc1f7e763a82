// One kernel for LANES messages side by side, written once: word i of every message is one vector.
//
// The includer defines LANES (4, 8 or 16) and KERNEL, the name of the function to make, and has set
// the instruction set with `#pragma clang attribute`. May be included once for each width.
#include "cblake3.h"
#include "rounds.h"

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#define VECTOR PASTE(lanes, LANES)

typedef uint32_t VECTOR __attribute__((vector_size(LANES * 4)));

#ifndef CBLAKE3_QUAD
#define CBLAKE3_QUAD
typedef uint32_t quad __attribute__((vector_size(16)));
typedef uint32_t loose_quad __attribute__((vector_size(16), aligned(1), may_alias));
#define LOAD(address) ((quad)*(const loose_quad *)(address))
#define STORE(address, value) (*(loose_quad *)(address) = (value))
#define ROTATE(x, bits) (((x) >> (bits)) | ((x) << (32 - (bits))))
#define SHUFFLE __builtin_shufflevector
#define JOIN8(a, b) SHUFFLE(a, b, 0, 1, 2, 3, 4, 5, 6, 7)
#define JOIN16(a, b) SHUFFLE(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#endif

// GATHER joins 16 bytes of every fourth message, PIECE takes such a quarter out again; the four
// interleavings work inside 16 bytes, where shuffles are cheapest.
#if LANES == 4
#define GATHER(j, at) LOAD(lane[j] + (at))
#define PIECE(x, p) (x)
#define LOW32(a, b) SHUFFLE(a, b, 0, 4, 1, 5)
#define HIGH32(a, b) SHUFFLE(a, b, 2, 6, 3, 7)
#define LOW64(a, b) SHUFFLE(a, b, 0, 1, 4, 5)
#define HIGH64(a, b) SHUFFLE(a, b, 2, 3, 6, 7)
#define COUNTING {0, 1, 2, 3}
#elif LANES == 8
#define GATHER(j, at) JOIN8(LOAD(lane[j] + (at)), LOAD(lane[(j) + 4] + (at)))
#define PIECE(x, p) SHUFFLE(x, x, 4 * p, 4 * p + 1, 4 * p + 2, 4 * p + 3)
#define LOW32(a, b) SHUFFLE(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define HIGH32(a, b) SHUFFLE(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#define LOW64(a, b) SHUFFLE(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define HIGH64(a, b) SHUFFLE(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
#define COUNTING {0, 1, 2, 3, 4, 5, 6, 7}
#else
#define GATHER(j, at)                                                                              \
    JOIN16(JOIN8(LOAD(lane[j] + (at)), LOAD(lane[(j) + 4] + (at))),                                \
           JOIN8(LOAD(lane[(j) + 8] + (at)), LOAD(lane[(j) + 12] + (at))))
#define PIECE(x, p) SHUFFLE(x, x, 4 * p, 4 * p + 1, 4 * p + 2, 4 * p + 3)
#define LOW32(a, b) SHUFFLE(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define HIGH32(a, b) SHUFFLE(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#define LOW64(a, b) SHUFFLE(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define HIGH64(a, b) SHUFFLE(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define COUNTING {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
#endif

// Turns four vectors of 16-byte rows into four vectors of columns, and back.
#define TRANSPOSE(x)                                                                               \
    do {                                                                                           \
        const VECTOR even_low = LOW32((x)[0], (x)[1]), even_high = HIGH32((x)[0], (x)[1]);         \
        const VECTOR odd_low = LOW32((x)[2], (x)[3]), odd_high = HIGH32((x)[2], (x)[3]);           \
        (x)[0] = LOW64(even_low, odd_low);                                                         \
        (x)[1] = HIGH64(even_low, odd_low);                                                        \
        (x)[2] = LOW64(even_high, odd_high);                                                       \
        (x)[3] = HIGH64(even_high, odd_high);                                                      \
    } while (0)

#define STORE_PIECE(p)                                                                             \
    do {                                                                                           \
        for (int j = 0; j < 4; j++) {                                                              \
            STORE(target + (4 * (p) + j) * 32, PIECE(cv[j], (p)));                                 \
            STORE(target + (4 * (p) + j) * 32 + 16, PIECE(cv[4 + j], (p)));                        \
        }                                                                                          \
    } while (0)

// Writes lane i to `target + 32 * i`, all lanes.
static inline __attribute__((always_inline)) void PASTE(KERNEL, _store)(
    VECTOR cv[8], uint8_t *target)
{
    TRANSPOSE(cv);
    TRANSPOSE(cv + 4);
    STORE_PIECE(0);
#if LANES >= 8
    STORE_PIECE(1);
#endif
#if LANES == 16
    STORE_PIECE(2);
    STORE_PIECE(3);
#endif
}

// Messages from `first` on, `used` (1 to LANES) of them; lanes beyond repeat the first message.
static void KERNEL(const cblake3_batch *batch, size_t first, size_t used, uint8_t *out)
{
    const VECTOR zero = {0}, counting = COUNTING;
    const size_t stride = batch->blocks * CBLAKE3_BLOCK_BYTES;
    const uint8_t *lane[LANES];
    for (size_t i = 0; i < LANES; i++)
        lane[i] = batch->input + (first + (i < used ? i : 0)) * stride;

    const uint64_t counter = batch->counter + (batch->increment ? first : 0);
    const VECTOR base = zero + (uint32_t)counter;
    const VECTOR low = batch->increment ? base + counting : base;
    // A comparison yields all ones where true: subtracting it adds the carry.
    const VECTOR high = zero + (uint32_t)(counter >> 32) - (VECTOR)(low < base);

    VECTOR cv[8];
    for (int i = 0; i < 8; i++)
        cv[i] = zero + batch->key->words[i];
    for (size_t block = 0; block < batch->blocks; block++) {
        uint32_t flags = batch->flags;
        flags |= block == 0 ? batch->flags_start : 0;
        flags |= block + 1 == batch->blocks ? batch->flags_end : 0;
        const uint32_t length =
            block + 1 == batch->blocks ? batch->last_bytes : CBLAKE3_BLOCK_BYTES;
        const size_t at = block * CBLAKE3_BLOCK_BYTES;
        // Chunks of a long input come from memory: those of the next group are asked for in time.
        if (batch->blocks == CBLAKE3_CHUNK_BYTES / CBLAKE3_BLOCK_BYTES)
            for (size_t i = 0; i < LANES; i++)
                __builtin_prefetch(lane[i] + at + LANES * CBLAKE3_CHUNK_BYTES);
        VECTOR m[16];
        for (int q = 0; q < 4; q++) {
            for (int j = 0; j < 4; j++)
                m[4 * q + j] = GATHER(j, at + 16 * q);
            TRANSPOSE(m + 4 * q);
        }
        VECTOR v[16] = {cv[0], cv[1], cv[2], cv[3], cv[4], cv[5], cv[6], cv[7],
                        zero + IV0, zero + IV1, zero + IV2, zero + IV3,
                        low, high, zero + length, zero + flags};
        SEVEN_ROUNDS();
        for (int i = 0; i < 8; i++)
            cv[i] = v[i] ^ v[i + 8];
    }
    if (used == LANES) {
        PASTE(KERNEL, _store)(cv, out);
    } else {
        uint8_t all[LANES * CBLAKE3_DIGEST_BYTES];
        PASTE(KERNEL, _store)(cv, all);
        __builtin_memcpy(out, all, used * CBLAKE3_DIGEST_BYTES);
    }
}

#undef STORE_PIECE
#undef TRANSPOSE
#undef GATHER
#undef PIECE
#undef LOW32
#undef HIGH32
#undef LOW64
#undef HIGH64
#undef COUNTING
#undef VECTOR
#undef LANES
#undef KERNEL
