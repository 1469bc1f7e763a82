// Integers of 128 bits: what compilers call where the machine has no instruction.
#include <stdint.h>

typedef unsigned __int128 wide;
typedef __int128 signed_wide;

static wide make(uint64_t high, uint64_t low) { return (wide)high << 64 | low; }

// Quotient and remainder, bit by bit; for a divisor of zero all ones and the dividend.
static wide divide(wide dividend, wide divisor, wide *remainder) {
    const uint64_t high = (uint64_t)(dividend >> 64), other = (uint64_t)(divisor >> 64);
    if (high == 0 && other == 0) {
        const uint64_t low = (uint64_t)dividend, by = (uint64_t)divisor;
        *remainder = by == 0 ? low : low % by;
        return by == 0 ? ~(wide)0 : low / by;
    }
    wide quotient = 0, rest = 0;
    for (int bit = 127; bit >= 0; bit--) {
        const uint64_t carry = (uint64_t)(rest >> 127);
        rest = rest << 1 | (dividend >> bit & 1);
        quotient <<= 1;
        if (carry || rest >= divisor) {
            rest -= divisor;
            quotient |= 1;
        }
    }
    *remainder = rest;
    return quotient;
}

static wide magnitude(signed_wide value) { return value < 0 ? -(wide)value : (wide)value; }

wide __udivti3(wide dividend, wide divisor) {
    wide rest;
    return divide(dividend, divisor, &rest);
}

wide __umodti3(wide dividend, wide divisor) {
    wide rest;
    divide(dividend, divisor, &rest);
    return rest;
}

signed_wide __divti3(signed_wide dividend, signed_wide divisor) {
    wide rest;
    const wide quotient = divide(magnitude(dividend), magnitude(divisor), &rest);
    return (dividend < 0) != (divisor < 0) ? -(signed_wide)quotient : (signed_wide)quotient;
}

signed_wide __modti3(signed_wide dividend, signed_wide divisor) {
    wide rest;
    divide(magnitude(dividend), magnitude(divisor), &rest);
    return dividend < 0 ? -(signed_wide)rest : (signed_wide)rest;
}

wide __multi3(wide left, wide right) {
    const uint64_t one = (uint64_t)left, other = (uint64_t)right;
    uint64_t high;
    // The upper half of a product is one instruction; written so that no call of this function is made.
    __asm__("mulhu %0, %1, %2" : "=r"(high) : "r"(one), "r"(other));
    high += (uint64_t)(left >> 64) * other + one * (uint64_t)(right >> 64);
    return make(high, one * other);
}
