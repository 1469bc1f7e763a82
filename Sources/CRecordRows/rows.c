// The loops over rows, one for each width, so that no multiplication by a variable is left in them.
#include "crecordrows.h"
#include <string.h>

static uint64_t little(uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap64(word);
#else
    return word;
#endif
}

static inline uint64_t difference(const uint8_t *place, uint64_t mask)
{
    uint64_t word;
    memcpy(&word, place, 8);
    return little(word) & mask;
}

static uint64_t mask_of(uint32_t width)
{
    return width == 0 ? 0 : UINT64_MAX >> (64 - 8 * width);
}

static inline void store(uint8_t *target, uint64_t word)
{
    word = little(word);
    memcpy(target, &word, 8);
}

// `width` is a constant where this is called.
static inline __attribute__((always_inline)) void numbers(
    crows_column column, size_t width, crows_block block)
{
    const uint64_t mask = mask_of((uint32_t)width);
    uint8_t *target = block.target;
    size_t i = 0;
    for (; i + 4 <= block.count; i += 4, target += 4 * CROWS_STRIDE) {
        const uint32_t *rows = block.rows + i;
        const uint64_t a = difference(column.differences + rows[0] * width, mask);
        const uint64_t b = difference(column.differences + rows[1] * width, mask);
        const uint64_t c = difference(column.differences + rows[2] * width, mask);
        const uint64_t d = difference(column.differences + rows[3] * width, mask);
        store(target, column.base + a);
        store(target + CROWS_STRIDE, column.base + b);
        store(target + 2 * CROWS_STRIDE, column.base + c);
        store(target + 3 * CROWS_STRIDE, column.base + d);
    }
    for (; i < block.count; i++, target += CROWS_STRIDE)
        store(
            target,
            column.base + difference(column.differences + block.rows[i] * width, mask));
}

void crows_write_numbers(crows_column column, crows_block block)
{
    switch (column.width) {
    case 0: return numbers(column, 0, block);
    case 1: return numbers(column, 1, block);
    case 2: return numbers(column, 2, block);
    case 3: return numbers(column, 3, block);
    case 4: return numbers(column, 4, block);
    case 5: return numbers(column, 5, block);
    case 6: return numbers(column, 6, block);
    case 7: return numbers(column, 7, block);
    default: return numbers(column, 8, block);
    }
}

void crows_write_small(
    crows_column first, crows_column second, crows_column third, crows_block block)
{
    const uint64_t mask1 = mask_of(first.width), mask2 = mask_of(second.width);
    const uint64_t mask3 = mask_of(third.width);
    uint8_t *target = block.target;
    for (size_t i = 0; i < block.count; i++, target += CROWS_STRIDE) {
        const size_t row = block.rows[i];
        const uint64_t a = first.base + difference(first.differences + row * first.width, mask1);
        const uint64_t b =
            second.base + difference(second.differences + row * second.width, mask2);
        const uint64_t c = third.base + difference(third.differences + row * third.width, mask3);
        store(target, a | b << 8 | c << 16);
    }
}

static inline __attribute__((always_inline)) void named(
    const uint8_t *table, size_t width, crows_column index, size_t index_width, crows_block block)
{
    const uint64_t mask = mask_of((uint32_t)index_width);
    uint8_t *target = block.target;
    for (size_t i = 0; i < block.count; i++, target += CROWS_STRIDE) {
        const uint8_t *place = index.differences + block.rows[i] * index_width;
        memcpy(target, table + (index.base + difference(place, mask)) * width, width);
    }
}

void crows_copy_named(
    const uint8_t *table, uint32_t width, crows_column index, crows_block block)
{
    // An index is less than 65,536.
    if (width == 16) {
        switch (index.width) {
        case 0: return named(table, 16, index, 0, block);
        case 1: return named(table, 16, index, 1, block);
        default: return named(table, 16, index, 2, block);
        }
    }
    switch (index.width) {
    case 0: return named(table, 32, index, 0, block);
    case 1: return named(table, 32, index, 1, block);
    default: return named(table, 32, index, 2, block);
    }
}

void crows_copy_own(const uint8_t *entries, uint32_t width, crows_block block)
{
    uint8_t *target = block.target;
    if (width == 8) {
        for (size_t i = 0; i < block.count; i++, target += CROWS_STRIDE)
            memcpy(target, entries + (size_t)block.rows[i] * 8, 8);
    } else {
        for (size_t i = 0; i < block.count; i++, target += CROWS_STRIDE)
            memcpy(target, entries + (size_t)block.rows[i] * 32, 32);
    }
}

void crows_ask_for(const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i += 64)
        __builtin_prefetch(bytes + i, 0, 2);
}
