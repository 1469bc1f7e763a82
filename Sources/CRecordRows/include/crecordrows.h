// Rows of records out of columns: what is hashed next is written field by field, many rows at once.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum {
    // Bytes from a field of one row to the same field of the next.
    CROWS_STRIDE = 256,
};

// A column of numbers: a base and differences of one width. Eight bytes can be read at every
// difference.
typedef struct {
    const uint8_t *differences;
    uint64_t base;
    // Bytes of a difference, 0 to 8.
    uint32_t width;
} crows_column;

// Rows of a body by their numbers, and the same field of the first row to write.
typedef struct {
    const uint32_t *rows;
    size_t count;
    uint8_t *target;
} crows_block;

// Numbers as eight bytes each, little-endian.
void crows_write_numbers(crows_column column, crows_block block);

// Three small numbers in eight bytes: the second from bit 8 on, the third from bit 16 on.
void crows_write_small(
    crows_column first, crows_column second, crows_column third, crows_block block);

// The entries of `width` bytes, 16 or 32, that an index column names.
void crows_copy_named(
    const uint8_t *table, uint32_t width, crows_column index, crows_block block);

// The entries of `width` bytes, 8 or 32, of the rows themselves.
void crows_copy_own(const uint8_t *entries, uint32_t width, crows_block block);

// Asks for memory that will be read soon.
void crows_ask_for(const uint8_t *bytes, size_t count);
