// The portable compression function, and the choice between it and the processor's instructions.
#include "constants.h"
#include "csha256.h"
#include <string.h>

const csha256_state csha256_initial = {
    {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab,
     0x5be0cd19}};

static inline uint32_t turned(uint32_t x, unsigned n) { return x >> n | x << (32 - n); }

static void compress_block(csha256_state *state, const uint8_t *block)
{
    uint32_t w[64], s[8];
    for (size_t i = 0; i < 16; i++) {
        memcpy(&w[i], block + 4 * i, 4);
        w[i] = __builtin_bswap32(w[i]);
    }
    for (size_t i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (turned(a, 7) ^ turned(a, 18) ^ a >> 3) + w[i - 7]
            + (turned(b, 17) ^ turned(b, 19) ^ b >> 10);
    }
    memcpy(s, state->words, sizeof s);
    for (size_t i = 0; i < 64; i++) {
        uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
        uint32_t first = s[7] + (turned(s[4], 6) ^ turned(s[4], 11) ^ turned(s[4], 25)) + choice
            + csha256_constants[i] + w[i];
        uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
        uint32_t second = (turned(s[0], 2) ^ turned(s[0], 13) ^ turned(s[0], 22)) + majority;
        memmove(s + 1, s, 7 * sizeof s[0]);
        s[4] += first;
        s[0] = first + second;
    }
    for (size_t i = 0; i < 8; i++)
        state->words[i] += s[i];
}

static void store(const csha256_state *state, uint8_t *out)
{
    for (size_t i = 0; i < 8; i++) {
        uint32_t word = __builtin_bswap32(state->words[i]);
        memcpy(out + 4 * i, &word, 4);
    }
}

void csha256_rows_portable(
    const csha256_state *start, const void *input, size_t blocks, size_t count, void *out)
{
    const uint8_t *bytes = input;
    for (size_t row = 0; row < count; row++) {
        csha256_state state = *start;
        for (size_t i = 0; i < blocks; i++, bytes += 64)
            compress_block(&state, bytes);
        store(&state, (uint8_t *)out + 32 * row);
    }
}

// Set once, when the program is loaded.
static bool use_instructions;
__attribute__((constructor)) static void choose(void)
{
    use_instructions = csha256_has_instructions();
}

void csha256_rows(
    const csha256_state *start, const void *input, size_t blocks, size_t count, void *out)
{
    if (use_instructions)
        csha256_rows_instructions(start, input, blocks, count, out);
    else
        csha256_rows_portable(start, input, blocks, count, out);
}

void csha256_compress(csha256_state *state, const void *input, size_t blocks)
{
    uint8_t out[32];
    csha256_rows(state, input, blocks, 1, out);
    for (size_t i = 0; i < 8; i++) {
        memcpy(&state->words[i], out + 4 * i, 4);
        state->words[i] = __builtin_bswap32(state->words[i]);
    }
}
