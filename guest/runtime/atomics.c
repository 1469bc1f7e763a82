// Atomic operations for one thread: what Swift counts references with.
#include <stdbool.h>
#include <stdint.h>

// The compiler knows these names, so they are given to functions of other names.
#define NAMED(name) __asm__(#name)

#define ATOMIC(type, size)                                                                      \
    type load_##size(const volatile type *at, int order) NAMED(__atomic_load_##size);           \
    type load_##size(const volatile type *at, int order) {                                      \
        (void)order;                                                                            \
        return *at;                                                                             \
    }                                                                                           \
    void store_##size(volatile type *at, type value, int order) NAMED(__atomic_store_##size);   \
    void store_##size(volatile type *at, type value, int order) {                               \
        (void)order;                                                                            \
        *at = value;                                                                            \
    }                                                                                           \
    type exchange_##size(volatile type *at, type value, int order)                              \
        NAMED(__atomic_exchange_##size);                                                        \
    type exchange_##size(volatile type *at, type value, int order) {                            \
        (void)order;                                                                            \
        const type before = *at;                                                                \
        *at = value;                                                                            \
        return before;                                                                          \
    }                                                                                           \
    bool swap_##size(volatile type *at, type *expected, type wanted, int one, int other)        \
        NAMED(__atomic_compare_exchange_##size);                                                \
    bool swap_##size(volatile type *at, type *expected, type wanted, int one, int other) {      \
        (void)one, (void)other;                                                                 \
        const type before = *at;                                                                \
        const bool is_equal = before == *expected;                                              \
        if (is_equal) *at = wanted;                                                             \
        else *expected = before;                                                                \
        return is_equal;                                                                        \
    }                                                                                           \
    FETCH(type, size, add, +)                                                                   \
    FETCH(type, size, sub, -)                                                                   \
    FETCH(type, size, and, &)                                                                   \
    FETCH(type, size, or, |)                                                                    \
    FETCH(type, size, xor, ^)

#define FETCH(type, size, word, sign)                                                           \
    type word##_##size(volatile type *at, type value, int order)                                \
        NAMED(__atomic_fetch_##word##_##size);                                                  \
    type word##_##size(volatile type *at, type value, int order) {                              \
        (void)order;                                                                            \
        const type before = *at;                                                                \
        *at = before sign value;                                                                \
        return before;                                                                          \
    }

ATOMIC(uint8_t, 1)
ATOMIC(uint16_t, 2)
ATOMIC(uint32_t, 4)
ATOMIC(uint64_t, 8)
