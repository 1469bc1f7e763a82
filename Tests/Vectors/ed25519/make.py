"""Writes checks.txt and challenges.txt with Python's integers only: no code in common with ours or with libsodium.

checks.txt:     case key signature message verdict   (hex; "-" is the empty message; 1 is valid)
challenges.txt: key signature challenge verdict      (the challenge is given instead of hashed)

The rule is libsodium's 1.0.18 (RFC 8032, 5.1.7, without the cofactor, and stricter): S < L; y of A < p, A on the curve;
neither A nor R of small order; the canonical encoding of [S]B - [k mod L]A is R, byte for byte.
"""
import hashlib, random

p = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
d = -121665 * pow(121666, -1, p) % p
root = pow(2, (p - 1) // 4, p)
chance = random.Random(8032)


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    t = d * x1 * x2 * y1 * y2 % p
    return (x1 * y2 + x2 * y1) * pow(1 + t, -1, p) % p, (y1 * y2 + x1 * x2) * pow(1 - t, -1, p) % p


def times(n, a):
    sum = (0, 1)
    while n:
        if n & 1:
            sum = add(sum, a)
        a = add(a, a)
        n >>= 1
    return sum


def negative(a):
    return -a[0] % p, a[1]


def lift(y, sign):
    """The point, or None where there is none; x = 0 has both signs here."""
    square = (y * y - 1) * pow(d * y * y + 1, -1, p) % p
    x = pow(square, (p + 3) // 8, p)
    if x * x % p != square:
        x = x * root % p
    if x * x % p != square:
        return None
    return (x if x & 1 == sign else -x % p), y % p


def encode(a):
    return (a[1] | (a[0] & 1) << 255).to_bytes(32, "little")


def number(n):
    return n.to_bytes(32, "little")


def decode(bytes):
    n = int.from_bytes(bytes, "little")
    return n & 2**255 - 1, n >> 255


B = lift(4 * pow(5, -1, p) % p, 0)
assert times(L, B) == (0, 1)
y = 2
while lift(y, 0) is None or times(4 * L, lift(y, 0)) == (0, 1):
    y += 1
T8 = times(L, lift(y, 0))
small = [times(i, T8) for i in range(8)]
assert len(set(small)) == 8 and times(8, T8) == (0, 1)


def is_small(bytes):
    return decode(bytes)[0] % p in {a[1] for a in small}


def holds(key, signature, k):
    y, sign = decode(key)
    s = int.from_bytes(signature[32:], "little")
    if s >= L or y >= p or is_small(key) or is_small(signature[:32]) or lift(y, sign) is None:
        return False
    return encode(add(times(s, B), negative(times(k, lift(y, sign))))) == signature[:32]


def challenge(r, key, message):
    return int.from_bytes(hashlib.sha512(r + key + message).digest(), "little")


checks, challenges = [], []


def check(case, key, signature, message, expected):
    verdict = holds(key, signature, challenge(signature[:32], key, message) % L)
    assert verdict == expected, case
    checks.append(f"{case} {key.hex()} {signature.hex()} {message.hex() or '-'} {int(verdict)}")


def secret():
    return chance.randrange(1, L)


for size in (0, 1, 47, 48, 100, 300):
    a, r, message = secret(), secret(), chance.randbytes(size)
    key, R = encode(times(a, B)), encode(times(r, B))
    s = (r + challenge(R, key, message) * a) % L
    check("valid", key, R + number(s), message, True)
    check("S+L", key, R + number(s + L), message, False)
    if s + 2 * L < 2**256:
        check("S+2L", key, R + number(s + 2 * L), message, False)
    for bit in range(253, 256):
        check(f"S+2^{bit}", key, R + number(s | 1 << bit), message, False)
    check("-S", key, R + number(L - s), message, False)
    check("-R", key, encode(negative(times(r, B))) + number(s), message, False)
    check("-A", encode(negative(times(a, B))), R + number(s), message, False)
    check("other-message", key, R + number(s), message + b"\0", False)
for s in (0, 1, L - 1, L, L + 1, 2**252, 2**253 - 1, 2**256 - 1):
    check("other-S", key, R + number(s), message, False)

# R is the neutral element, in every encoding of it: S = k a.
for R in (1, 1 + 2**255, p + 1, p + 1 + 2**255):
    k = challenge(number(R), key, b"")
    check("neutral-R", key, number(R) + number(k * a % L), b"", False)

# A = a B + T. R = r B - j T holds without the cofactor where k = j (mod 8), with it always.
for T in small[1:]:
    for j in range(8):
        point, count = add(times(a, B), T), 0
        key = encode(point)
        while count < 2:
            message, r = chance.randbytes(4), secret()
            Rpoint = add(times(r, B), negative(times(j, T)))
            R = encode(Rpoint)
            full = challenge(R, key, message)
            s = (r + full * a) % L
            good = times(full % L % 8, T) == times(j, T)
            unreduced = times(full % 8, T) == times(j, T)
            if count == 0 and good:
                check("mixed-order", key, R + number(s), message, True)
            elif count == 1 and not good:
                check("k-not-reduced" if unreduced else "with-cofactor-only", key, R + number(s), message, False)
            else:
                continue
            count += 1
    # R of small order under a mixed key.
    while True:
        message = chance.randbytes(4)
        j = chance.randrange(8)
        R = encode(negative(times(j, T)))
        full = challenge(R, key, message)
        if times(full % L % 8, T) == times(j, T):
            check("small-R", key, R + number(full * a % L), message, False)
            break

# Keys of small order, in every encoding: R = r B - j A and S = r where k = j (mod 8).
for point in small:
    for y in (point[1], point[1] + p):
        for sign in (0, 1) if y < 2**255 else ():
            key = number(y | sign << 255)
            while True:
                message, r, j = chance.randbytes(4), secret(), chance.randrange(8)
                A = lift(y % p, sign) if point[0] else point
                R = encode(add(times(r, B), negative(times(j, A))))
                if times(challenge(R, key, message) % L % 8, A) == times(j, A):
                    check("small-key", key, R + number(r), message, False)
                    break
for y in range(p - 3, 2**255):
    for sign in (0, 1):
        case = "key-y-from-p" if y >= p else "key-below-p"
        check(case, number(y | sign << 255), R + number(1), b"", False)
for y in range(2, 40):
    if lift(y, 0) is None:
        check("key-off-the-curve", number(y), R + number(1), b"", False)

# Scalars at the ends of their digits.
def repeated(digit, bits):
    return sum(digit << i for i in range(0, 252, bits)) % L

edges = [0, 1, 2, 8, L - 1, L - 2, 2**252 - 1, 2**252, (L - 1) // 2]
edges += [repeated(digit, 5) for digit in (1, 15, 16, 17, 31)]
edges += [repeated(digit, 8) for digit in (1, 127, 128, 129, 255)]
edges += [1 << i for i in (4, 5, 7, 9, 10, 63, 64, 127, 128, 250, 251)]
keys = [times(secret(), B), B, negative(B), add(times(secret(), B), T8)]
for index, k in enumerate(edges):
    outside = (L, L + 1) if index % 8 == 1 else ()
    for s in (*outside, edges[(index + 5) % len(edges)], edges[(7 * index + 1) % len(edges)], secret()):
        A = keys[len(challenges) % len(keys)]
        R = encode(add(times(s, B), negative(times(k, A))))
        for spoiled in (0, 1):
            signature = bytes([R[0] ^ spoiled]) + R[1:] + number(s)
            verdict = holds(encode(A), signature, k)
            assert verdict == (s < L and not spoiled and not is_small(R))
            challenges.append(f"{encode(A).hex()} {signature.hex()} {number(k).hex()} {int(verdict)}")

here = __file__.rsplit("/", 1)[0] if "/" in __file__ else "."
for name, lines in (("checks", checks), ("challenges", challenges)):
    open(f"{here}/{name}.txt", "w").write("\n".join(lines) + "\n")
