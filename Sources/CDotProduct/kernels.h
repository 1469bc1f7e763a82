// What the files of this kernel share.
#pragma once
#include "cdotproduct.h"

typedef void cdot_function(
    const int8_t *rows, const int8_t *query, const uint32_t *picks, size_t count, int32_t *out);

cdot_function cdot_portable;

// The function of a kernel; null where this processor lacks it.
cdot_function *cdot_function_of(enum cdot_kernel kernel);
