// BLAKE3 for Swift: the batched kernels, the choice among them, and the tree over them.
//
// Source: "BLAKE3: one function, fast everywhere" (O'Connor, Aumasson, Neves, Wilcox-O'Hearn 2020);
// section 2 for the function, section 5.3 for hashing many inputs side by side.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CBLAKE3_KEY_WORDS = 8,
    CBLAKE3_BLOCK_BYTES = 64,
    CBLAKE3_CHUNK_BYTES = 1024,
    CBLAKE3_DIGEST_BYTES = 32,
    // A tree over 2^64 bytes is 54 levels deep.
    CBLAKE3_STACK_DEPTH = 54,
};

// Domain flags (paper, table 3).
enum {
    CBLAKE3_CHUNK_START = 1,
    CBLAKE3_CHUNK_END = 2,
    CBLAKE3_PARENT = 4,
    CBLAKE3_ROOT = 8,
    CBLAKE3_KEYED_HASH = 16,
    CBLAKE3_DERIVE_KEY_CONTEXT = 32,
    CBLAKE3_DERIVE_KEY_MATERIAL = 64,
};

// The eight words that start every chaining value: the IV, a key, or a context key.
typedef struct {
    uint32_t words[CBLAKE3_KEY_WORDS];
} cblake3_key;

// Many inputs of one length, each at the start of a block: `count` times `blocks` blocks.
typedef struct {
    const uint8_t *input;
    size_t count;
    // At least 1.
    size_t blocks;
    // Bytes of the last block that count, 1 to 64: the rest of it is zero in the input.
    uint8_t last_bytes;
    const cblake3_key *key;
    // The counter of the first input; the next input has the next one where `increment` is set.
    uint64_t counter;
    bool increment;
    // In every block, in the first block, in the last block.
    uint8_t flags, flags_start, flags_end;
} cblake3_batch;

// Each writes `count` chaining values of 32 bytes, in the order of the inputs. `out` may be
// `batch->input` itself where `blocks` is 1, so that parents replace their children.
// The vector kernels must be called only where `cblake3_kernel_available` says so.
void cblake3_many_portable(const cblake3_batch *batch, uint8_t *out);
void cblake3_many_sse41(const cblake3_batch *batch, uint8_t *out);
void cblake3_many_avx2(const cblake3_batch *batch, uint8_t *out);
void cblake3_many_avx512(const cblake3_batch *batch, uint8_t *out);

// The best kernel of this processor.
void cblake3_many(const cblake3_batch *batch, uint8_t *out);

// ARM has no kernel of its own: it runs the portable one.
typedef enum {
    cblake3_kernel_portable = 0,
    cblake3_kernel_sse41 = 1,
    cblake3_kernel_avx2 = 2,
    cblake3_kernel_avx512 = 3,
} cblake3_kernel;

bool cblake3_kernel_available(cblake3_kernel kernel);
cblake3_kernel cblake3_kernel_selected(void);
// A static string: "portable", "sse4.1", "avx2" or "avx512".
const char *cblake3_kernel_name(cblake3_kernel kernel);

// One block of `length` bytes (0 to 64, zero-filled to 64 by the caller); replaces `state`.
void cblake3_compress(
    cblake3_key *state, const uint8_t *block, uint64_t counter, uint8_t length, uint8_t flags);

// The words of the plain hash, which has no key.
extern const cblake3_key cblake3_iv;

// Input that arrives in pieces. Everything in it is a value: it may be copied and continued twice.
typedef struct {
    cblake3_key key;
    uint64_t chunks;
    uint16_t buffered;
    uint8_t flags;
    uint8_t depth;
    // Chaining values of finished subtrees, the widest first: one for each bit set in `chunks`.
    uint8_t stack[CBLAKE3_STACK_DEPTH * CBLAKE3_DIGEST_BYTES];
    uint8_t buffer[CBLAKE3_CHUNK_BYTES];
} cblake3_hasher;

void cblake3_start(cblake3_hasher *hasher, const cblake3_key *key, uint8_t flags);
void cblake3_update(cblake3_hasher *hasher, const void *input, size_t length);
// Leaves the hasher as it is: more input may follow.
void cblake3_finish(const cblake3_hasher *hasher, uint8_t *digest);

// Start, update and finish in one call, with all the lanes from the first chunk on.
void cblake3_hash(
    const cblake3_key *key, uint8_t flags, const void *input, size_t length, uint8_t *digest);
