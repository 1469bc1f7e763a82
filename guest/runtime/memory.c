// What compilers expect of the C library: copies, comparisons, and an allocator.
#include <stddef.h>
#include <stdint.h>

// Without this the compiler would make calls of these functions out of their own loops.
#define PLAIN __attribute__((weak, no_builtin))

static int is_aligned(const void *one, const void *other) {
    return (((uintptr_t)one | (uintptr_t)other) & 7) == 0;
}

PLAIN void *memcpy(void *restrict to, const void *restrict from, size_t size) {
    uint8_t *target = to;
    const uint8_t *source = from;
    if (is_aligned(to, from)) {
        for (; size >= 8; size -= 8, target += 8, source += 8) {
            *(uint64_t *)target = *(const uint64_t *)source;
        }
    }
    while (size-- > 0) *target++ = *source++;
    return to;
}

PLAIN void *memmove(void *to, const void *from, size_t size) {
    uint8_t *target = to;
    const uint8_t *source = from;
    if (target - source >= (ptrdiff_t)size || target <= source) {
        if (is_aligned(to, from)) {
            for (; size >= 8; size -= 8, target += 8, source += 8) {
                *(uint64_t *)target = *(const uint64_t *)source;
            }
        }
        while (size-- > 0) *target++ = *source++;
    } else {
        while (size-- > 0) target[size] = source[size];
    }
    return to;
}

PLAIN void *memset(void *to, int value, size_t size) {
    uint8_t *target = to;
    const uint64_t word = (uint8_t)value * 0x0101010101010101u;
    for (; size > 0 && ((uintptr_t)target & 7) != 0; size--) *target++ = (uint8_t)value;
    for (; size >= 8; size -= 8, target += 8) *(uint64_t *)target = word;
    while (size-- > 0) *target++ = (uint8_t)value;
    return to;
}

PLAIN int memcmp(const void *one, const void *other, size_t size) {
    const uint8_t *left = one, *right = other;
    for (; size > 0; size--, left++, right++) {
        if (*left != *right) return *left - *right;
    }
    return 0;
}

PLAIN size_t strlen(const char *text) {
    size_t count = 0;
    while (text[count] != 0) count++;
    return count;
}

// The allocator: blocks of powers of two from 32 bytes, each with its class in the 16 bytes before it,
// kept in a list for each class once they are free. What was given out in one class is never given
// out in another; the most that is lost by that is bounded by the sizes a program uses.
#ifndef ALTHING_HEAP_BYTES
#define ALTHING_HEAP_BYTES (64 << 10)
#endif

enum { SMALLEST = 5, CLASSES = 27, HEAD = 16 };

typedef struct block {
    struct block *next;
} block;

static _Alignas(16) uint8_t heap[ALTHING_HEAP_BYTES];
static size_t used;
static block *free_blocks[CLASSES];

// The class whose blocks hold `size` bytes and their head; CLASSES where there is none.
static unsigned class_of(size_t size) {
    unsigned class = 0;
    if (size > sizeof heap) return CLASSES;
    while (class < CLASSES && ((size_t)1 << (class + SMALLEST)) < size + HEAD) class++;
    return class;
}

PLAIN void *malloc(size_t size) {
    const unsigned class = class_of(size);
    if (class == CLASSES) return NULL;
    block *found = free_blocks[class];
    if (found != NULL) {
        free_blocks[class] = found->next;
        return found;
    }
    const size_t whole = (size_t)1 << (class + SMALLEST);
    if (whole > sizeof heap - used) return NULL;
    uint8_t *start = heap + used;
    used += whole;
    *(uint64_t *)start = class;
    return start + HEAD;
}

PLAIN void free(void *pointer) {
    if (pointer == NULL) return;
    const uint64_t class = *(uint64_t *)((uint8_t *)pointer - HEAD);
    block *freed = pointer;
    freed->next = free_blocks[class];
    free_blocks[class] = freed;
}

// Blocks are aligned to 16 bytes; for more there is no room in their form.
PLAIN int posix_memalign(void **result, size_t alignment, size_t size) {
    void *found = alignment <= 16 ? malloc(size) : NULL;
    if (found == NULL) return 12;
    *result = found;
    return 0;
}
