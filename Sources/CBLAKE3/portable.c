// The kernel for every processor: one message at a time, in plain C.
#include "cblake3.h"
#include "rounds.h"
#include <string.h>

#define ROTATE(x, bits) (((x) >> (bits)) | ((x) << (32 - (bits))))

const cblake3_key cblake3_iv = {{
    IV0, IV1, IV2, IV3, 0x510E527Fu, 0x9B05688Cu, 0x1F83D9ABu, 0x5BE0CD19u,
}};

static inline uint32_t load_word(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16
        | (uint32_t)bytes[3] << 24;
}

static void store_words(uint8_t *out, const cblake3_key *state)
{
    for (int i = 0; i < CBLAKE3_KEY_WORDS; i++)
        for (int j = 0; j < 4; j++)
            out[4 * i + j] = (uint8_t)(state->words[i] >> (8 * j));
}

void cblake3_compress(
    cblake3_key *state, const uint8_t *block, uint64_t counter, uint8_t length, uint8_t flags)
{
    uint32_t *h = state->words;
    uint32_t m[16];
    for (int i = 0; i < 16; i++)
        m[i] = load_word(block + 4 * i);
    uint32_t v[16] = {h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], IV0, IV1, IV2, IV3,
                      (uint32_t)counter, (uint32_t)(counter >> 32), length, flags};
    SEVEN_ROUNDS();
    for (int i = 0; i < 8; i++)
        h[i] = v[i] ^ v[i + 8];
}

void cblake3_many_portable(const cblake3_batch *batch, uint8_t *out)
{
    const uint8_t *block = batch->input;
    for (size_t index = 0; index < batch->count; index++) {
        cblake3_key state = *batch->key;
        const uint64_t counter = batch->counter + (batch->increment ? index : 0);
        for (size_t i = 0; i < batch->blocks; i++, block += CBLAKE3_BLOCK_BYTES) {
            uint8_t flags = batch->flags;
            flags |= i == 0 ? batch->flags_start : 0;
            flags |= i + 1 == batch->blocks ? batch->flags_end : 0;
            const uint8_t length =
                i + 1 == batch->blocks ? batch->last_bytes : CBLAKE3_BLOCK_BYTES;
            cblake3_compress(&state, block, counter, length, flags);
        }
        store_words(out + index * CBLAKE3_DIGEST_BYTES, &state);
    }
}
