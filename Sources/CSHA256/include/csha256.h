// The compression function of SHA-256 (FIPS 180-4, section 6.2.2) over many rows of whole blocks.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A chaining value: eight words; as bytes they are big-endian.
typedef struct {
    uint32_t words[8];
} csha256_state;

// The initial value of section 5.3.3.
extern const csha256_state csha256_initial;

// Compresses `blocks` blocks of 64 bytes into `state`.
void csha256_compress(csha256_state *state, const void *input, size_t blocks);

// For each of `count` contiguous rows of `blocks` blocks: compresses the row into a copy of `start`
// and writes the 32 bytes. No padding. `out` does not overlap `input`.
void csha256_rows(
    const csha256_state *start, const void *input, size_t blocks, size_t count, void *out);

// The twin that runs on every processor, and whether the other one runs on this.
void csha256_rows_portable(
    const csha256_state *start, const void *input, size_t blocks, size_t count, void *out);
void csha256_rows_instructions(
    const csha256_state *start, const void *input, size_t blocks, size_t count, void *out);
bool csha256_has_instructions(void);
