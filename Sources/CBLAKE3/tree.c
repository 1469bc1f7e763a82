// The tree over the kernels: chunks side by side, then parents (paper, sections 2.1 and 5.3).
#include "cblake3.h"
#include <string.h>

enum {
    // Chunks taken in one go: their chaining values fill 8 KiB of stack.
    GROUP_CHUNKS = 256,
    GROUP_BYTES = GROUP_CHUNKS * CBLAKE3_CHUNK_BYTES,
};

static void store_state(uint8_t *out, const cblake3_key *state)
{
    for (int i = 0; i < CBLAKE3_KEY_WORDS; i++)
        for (int j = 0; j < 4; j++)
            out[4 * i + j] = (uint8_t)(state->words[i] >> (8 * j));
}

// One chunk of 0 to 1024 bytes; `last` is added to its last block (0 or CBLAKE3_ROOT).
static void hash_chunk(
    const cblake3_hasher *hasher, const uint8_t *input, size_t length, uint64_t counter,
    uint8_t last, uint8_t *out)
{
    cblake3_key state = hasher->key;
    uint8_t flags = hasher->flags | CBLAKE3_CHUNK_START;
    for (; length > CBLAKE3_BLOCK_BYTES; length -= CBLAKE3_BLOCK_BYTES) {
        cblake3_compress(&state, input, counter, CBLAKE3_BLOCK_BYTES, flags);
        input += CBLAKE3_BLOCK_BYTES;
        flags = hasher->flags;
    }
    uint8_t block[CBLAKE3_BLOCK_BYTES] = {0};
    if (length > 0)
        memcpy(block, input, length);
    cblake3_compress(
        &state, block, counter, (uint8_t)length, flags | CBLAKE3_CHUNK_END | last);
    store_state(out, &state);
}

static void hash_chunks(
    const cblake3_hasher *hasher, const uint8_t *input, size_t count, uint8_t *out)
{
    const cblake3_batch batch = {
        .input = input,
        .count = count,
        .blocks = CBLAKE3_CHUNK_BYTES / CBLAKE3_BLOCK_BYTES,
        .last_bytes = CBLAKE3_BLOCK_BYTES,
        .key = &hasher->key,
        .counter = hasher->chunks,
        .increment = true,
        .flags = hasher->flags,
        .flags_start = CBLAKE3_CHUNK_START,
        .flags_end = CBLAKE3_CHUNK_END,
    };
    cblake3_many(&batch, out);
}

// `count` parents of the 2 * count values in `values`, over the first half of them.
static void hash_parents(
    const cblake3_hasher *hasher, uint8_t *values, size_t count, uint8_t last)
{
    const cblake3_batch batch = {
        .input = values,
        .count = count,
        .blocks = 1,
        .last_bytes = CBLAKE3_BLOCK_BYTES,
        .key = &hasher->key,
        .flags = hasher->flags | CBLAKE3_PARENT | last,
    };
    cblake3_many(&batch, values);
}

// Reduces `count` values level by level until `target` remain (1, or 2 where the root is yet to
// come). A value without a neighbour rises as it is, which makes the left-complete tree.
static void reduce(const cblake3_hasher *hasher, uint8_t *values, size_t count, size_t target)
{
    while (count > target) {
        const size_t pairs = count / 2;
        hash_parents(hasher, values, pairs, 0);
        if (count % 2 == 1)
            memmove(values + pairs * CBLAKE3_DIGEST_BYTES,
                    values + (count - 1) * CBLAKE3_DIGEST_BYTES, CBLAKE3_DIGEST_BYTES);
        count = pairs + count % 2;
    }
}

// Adds a subtree of `count` chunks that more input follows: hence no merge here is the root.
static void push(cblake3_hasher *hasher, const uint8_t *value, size_t count)
{
    memcpy(hasher->stack + hasher->depth * CBLAKE3_DIGEST_BYTES, value, CBLAKE3_DIGEST_BYTES);
    hasher->depth++;
    hasher->chunks += count;
    while (hasher->depth > __builtin_popcountll(hasher->chunks)) {
        hasher->depth--;
        hash_parents(hasher, hasher->stack + (hasher->depth - 1) * CBLAKE3_DIGEST_BYTES, 1, 0);
    }
}

// Absorbs whole subtrees from the front while more input follows them; returns the bytes absorbed.
// With `smallest` = 1 at most one chunk is left, with more the rest is left for `finish_tail`.
static size_t absorb(
    cblake3_hasher *hasher, const uint8_t *input, size_t length, size_t smallest)
{
    uint8_t values[GROUP_CHUNKS * CBLAKE3_DIGEST_BYTES];
    size_t done = 0;
    size_t group = GROUP_CHUNKS;
    for (;;) {
        // A subtree starts at a multiple of its width.
        while (group >= smallest
               && (group * CBLAKE3_CHUNK_BYTES >= length - done || hasher->chunks % group != 0))
            group /= 2;
        if (group < smallest)
            return done;
        hash_chunks(hasher, input + done, group, values);
        reduce(hasher, values, group, 1);
        push(hasher, values, group);
        done += group * CBLAKE3_CHUNK_BYTES;
        group = GROUP_CHUNKS;
    }
}

// The digest, where `length` bytes (up to GROUP_BYTES) follow what was absorbed; those make one
// subtree, or are everything there is.
static void finish_tail(
    const cblake3_hasher *hasher, const uint8_t *input, size_t length, uint8_t *digest)
{
    uint8_t values[(GROUP_CHUNKS + 1) * CBLAKE3_DIGEST_BYTES];
    const bool alone = hasher->depth == 0;
    size_t count = 1;
    if (length <= CBLAKE3_CHUNK_BYTES) {
        hash_chunk(hasher, input, length, hasher->chunks, alone ? CBLAKE3_ROOT : 0, values);
    } else {
        const size_t whole = length / CBLAKE3_CHUNK_BYTES, rest = length % CBLAKE3_CHUNK_BYTES;
        hash_chunks(hasher, input, whole, values);
        if (rest > 0)
            hash_chunk(hasher, input + (length - rest), rest, hasher->chunks + whole, 0,
                       values + whole * CBLAKE3_DIGEST_BYTES);
        count = whole + (rest > 0);
        reduce(hasher, values, count, alone ? 2 : 1);
        if (alone)
            hash_parents(hasher, values, 1, CBLAKE3_ROOT);
    }
    for (int level = hasher->depth - 1; level >= 0; level--) {
        uint8_t pair[CBLAKE3_BLOCK_BYTES];
        memcpy(pair, hasher->stack + level * CBLAKE3_DIGEST_BYTES, CBLAKE3_DIGEST_BYTES);
        memcpy(pair + CBLAKE3_DIGEST_BYTES, values, CBLAKE3_DIGEST_BYTES);
        hash_parents(hasher, pair, 1, level == 0 ? CBLAKE3_ROOT : 0);
        memcpy(values, pair, CBLAKE3_DIGEST_BYTES);
    }
    memcpy(digest, values, CBLAKE3_DIGEST_BYTES);
}

void cblake3_start(cblake3_hasher *hasher, const cblake3_key *key, uint8_t flags)
{
    hasher->key = *key;
    hasher->flags = flags;
    hasher->chunks = 0;
    hasher->buffered = 0;
    hasher->depth = 0;
}

void cblake3_update(cblake3_hasher *hasher, const void *input, size_t length)
{
    const uint8_t *bytes = input;
    const size_t space = CBLAKE3_CHUNK_BYTES - hasher->buffered;
    if (hasher->buffered > 0 && length > space) {
        memcpy(hasher->buffer + hasher->buffered, bytes, space);
        uint8_t value[CBLAKE3_DIGEST_BYTES];
        hash_chunk(hasher, hasher->buffer, CBLAKE3_CHUNK_BYTES, hasher->chunks, 0, value);
        push(hasher, value, 1);
        hasher->buffered = 0;
        bytes += space;
        length -= space;
    }
    if (hasher->buffered == 0) {
        const size_t done = absorb(hasher, bytes, length, 1);
        bytes += done;
        length -= done;
    }
    if (length > 0)
        memcpy(hasher->buffer + hasher->buffered, bytes, length);
    hasher->buffered += (uint16_t)length;
}

void cblake3_finish(const cblake3_hasher *hasher, uint8_t *digest)
{
    finish_tail(hasher, hasher->buffer, hasher->buffered, digest);
}

void cblake3_hash(
    const cblake3_key *key, uint8_t flags, const void *input, size_t length, uint8_t *digest)
{
    cblake3_hasher hasher;
    cblake3_start(&hasher, key, flags);
    const size_t done =
        length > GROUP_BYTES ? absorb(&hasher, input, length, GROUP_CHUNKS) : 0;
    finish_tail(&hasher, (const uint8_t *)input + done, length - done, digest);
}
