// Every operation of registers, with edge operands, with zero on each side and with the target among the operands, folded
// into one word for each operation. qemu-riscv64-static 7.2 (Debian 12), with the same source and -DQEMU, writes the words of
// operations.hex (little-endian), but for row 44: ctzw of 2^63 is 63 there and 32 in the RISC-V manual (Zbb), so that row was
// computed by the manual. operations.elf: clang -march=rv64emc_zbb -mabi=lp64e -O1, ld.lld --no-relax --emit-relocs,
// by the Swift 6.3.1 toolchain.
#include "althing.h"

static const uint64_t edges[] = {
    0, 1, 2, 31, 32, 63, 64, 0x7f, 0x80, 0x8000, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
    0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff, 0xfffffffffffffffe,
    0xffffffff80000000, 0x123456789abcdef0, 0xfedcba9876543210,
};
enum { EDGES = sizeof edges / sizeof *edges };

static uint64_t sum;

static void fold(uint64_t value) {
    sum = (sum ^ value) * 1099511628211u;
    sum ^= sum >> 31;
}

#ifdef QEMU
static void emit(uint64_t word) {
    register long number __asm__("t0") = 64;
    register long a0 __asm__("a0") = 1;
    register uint64_t *a1 __asm__("a1") = &word;
    register long a2 __asm__("a2") = 8;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(number), "r"(a1), "r"(a2) : "memory");
}
#else
static void emit(uint64_t word) { althing_write(word); }
#endif

#define BINARY(name)                                                                            \
    sum = 7;                                                                                    \
    for (int i = 0; i < EDGES; i++) {                                                           \
        uint64_t left = edges[i], found;                                                        \
        __asm__ volatile(#name " %0, %1, x0" : "=r"(found) : "r"(left));                        \
        fold(found);                                                                            \
        __asm__ volatile(#name " %0, x0, %1" : "=r"(found) : "r"(left));                        \
        fold(found);                                                                            \
        found = left;                                                                           \
        __asm__ volatile(#name " %0, %0, x0" : "+r"(found));                                    \
        fold(found);                                                                            \
        found = left;                                                                           \
        __asm__ volatile(#name " %0, x0, %0" : "+r"(found));                                    \
        fold(found);                                                                            \
        found = left;                                                                           \
        __asm__ volatile(#name " %0, %0, %0" : "+r"(found));                                    \
        fold(found);                                                                            \
        for (int j = 0; j < EDGES; j++) {                                                       \
            uint64_t right = edges[j];                                                          \
            __asm__ volatile(#name " %0, %1, %2" : "=r"(found) : "r"(left), "r"(right));        \
            fold(found);                                                                        \
            found = left;                                                                       \
            __asm__ volatile(#name " %0, %0, %1" : "+r"(found) : "r"(right));                   \
            fold(found);                                                                        \
            found = right;                                                                      \
            __asm__ volatile(#name " %0, %1, %0" : "+r"(found) : "r"(left));                    \
            fold(found);                                                                        \
        }                                                                                       \
    }                                                                                           \
    __asm__ volatile(#name " %0, x0, x0" : "=r"(sum_of_zeros));                                 \
    fold(sum_of_zeros);                                                                         \
    emit(sum);

#define UNARY(name)                                                                             \
    sum = 7;                                                                                    \
    for (int i = 0; i < EDGES; i++) {                                                           \
        uint64_t found;                                                                         \
        __asm__ volatile(#name " %0, %1" : "=r"(found) : "r"(edges[i]));                        \
        fold(found);                                                                            \
        found = edges[i];                                                                       \
        __asm__ volatile(#name " %0, %0" : "+r"(found));                                        \
        fold(found);                                                                            \
    }                                                                                           \
    __asm__ volatile(#name " %0, x0" : "=r"(sum_of_zeros));                                     \
    fold(sum_of_zeros);                                                                         \
    emit(sum);

#define ONE(name, number)                                                                       \
    for (int i = 0; i < EDGES; i++) {                                                           \
        uint64_t found;                                                                         \
        __asm__ volatile(#name " %0, %1, " #number : "=r"(found) : "r"(edges[i]));              \
        fold(found);                                                                            \
        found = edges[i];                                                                       \
        __asm__ volatile(#name " %0, %0, " #number : "+r"(found));                              \
        fold(found);                                                                            \
        __asm__ volatile(#name " %0, x0, " #number : "=r"(found));                              \
        fold(found);                                                                            \
    }

#define IMMEDIATE(name)                                                                         \
    sum = 7;                                                                                    \
    ONE(name, 0) ONE(name, 1) ONE(name, -1) ONE(name, 2047) ONE(name, -2048) ONE(name, 77)      \
    emit(sum);

#define SHIFT(name, most)                                                                       \
    sum = 7;                                                                                    \
    ONE(name, 0) ONE(name, 1) ONE(name, 7) ONE(name, 16) ONE(name, 31) ONE(name, most)          \
    emit(sum);

#define BRANCH(name)                                                                            \
    sum = 7;                                                                                    \
    for (int i = 0; i < EDGES; i++) {                                                           \
        for (int j = 0; j < EDGES; j++) {                                                       \
            uint64_t found = 3;                                                                 \
            __asm__ volatile(#name " %1, %2, 1f\n addi %0, %0, 9\n 1:"                          \
                             : "+r"(found) : "r"(edges[i]), "r"(edges[j]));                     \
            fold(found);                                                                        \
        }                                                                                       \
        uint64_t found = 3;                                                                     \
        __asm__ volatile(#name " %1, x0, 1f\n addi %0, %0, 9\n 1:" : "+r"(found) : "r"(edges[i])); \
        fold(found);                                                                            \
        __asm__ volatile(#name " x0, %1, 1f\n addi %0, %0, 9\n 1:" : "+r"(found) : "r"(edges[i])); \
        fold(found);                                                                            \
        __asm__ volatile(#name " x0, x0, 1f\n addi %0, %0, 9\n 1:" : "+r"(found));              \
        fold(found);                                                                            \
    }                                                                                           \
    emit(sum);

int main(void) {
    uint64_t sum_of_zeros;
    BINARY(add) BINARY(sub) BINARY(sll) BINARY(slt) BINARY(sltu) BINARY(xor) BINARY(srl)
    BINARY(sra) BINARY(or) BINARY(and) BINARY(addw) BINARY(subw) BINARY(sllw) BINARY(srlw)
    BINARY(sraw) BINARY(mul) BINARY(mulh) BINARY(mulhsu) BINARY(mulhu) BINARY(div) BINARY(divu)
    BINARY(rem) BINARY(remu) BINARY(mulw) BINARY(divw) BINARY(divuw) BINARY(remw) BINARY(remuw)
    BINARY(andn) BINARY(orn) BINARY(xnor) BINARY(max) BINARY(maxu) BINARY(min) BINARY(minu)
    BINARY(rol) BINARY(ror) BINARY(rolw) BINARY(rorw)
    UNARY(clz) UNARY(ctz) UNARY(cpop) UNARY(clzw) UNARY(ctzw) UNARY(cpopw) UNARY(sext.b)
    UNARY(sext.h) UNARY(zext.h) UNARY(rev8)
    IMMEDIATE(addi) IMMEDIATE(slti) IMMEDIATE(sltiu) IMMEDIATE(xori) IMMEDIATE(ori)
    IMMEDIATE(andi) IMMEDIATE(addiw)
    SHIFT(slli, 63) SHIFT(srli, 63) SHIFT(srai, 63) SHIFT(rori, 63) SHIFT(slliw, 30)
    SHIFT(srliw, 30) SHIFT(sraiw, 30) SHIFT(roriw, 30)
    BRANCH(beq) BRANCH(bne) BRANCH(blt) BRANCH(bge) BRANCH(bltu) BRANCH(bgeu)
    return 0;
}
