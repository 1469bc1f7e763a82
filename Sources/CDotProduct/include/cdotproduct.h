// Inner products of one row of signed bytes with many others, picked by their numbers.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Bytes of a row.
#define CDOT_WIDTH 128

// For each i below `count`: out[i] is the sum over j of rows[CDOT_WIDTH * picks[i] + j] * query[j].
// No sum leaves 32 bits: 128 products of at most 2^14.
void cdot_picked(
    const int8_t *rows, const int8_t *query, const uint32_t *picks, size_t count, int32_t *out);

// The twin that runs on every processor.
void cdot_picked_portable(
    const int8_t *rows, const int8_t *query, const uint32_t *picks, size_t count, int32_t *out);

// Whether `cdot_picked` is more than its twin here.
bool cdot_has_kernel(void);
