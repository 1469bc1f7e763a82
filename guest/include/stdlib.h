// The allocator, as in C; defined in runtime/memory.c.
#pragma once
#include <stddef.h>

void *malloc(size_t size);
void free(void *pointer);
