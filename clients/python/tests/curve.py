"""Edwards25519 in plain integers, for signatures that no honest library would make (test only)."""

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1)


def add(first, second):
    """The complete addition law in affine coordinates."""
    (x1, y1), (x2, y2) = first, second
    k = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + k, P - 2, P) % P
    return x, (y1 * y2 + x1 * x2) * pow(1 - k, P - 2, P) % P


def times(scalar, point):
    total = IDENTITY
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point, scalar = add(point, point), scalar >> 1
    return total


def lift(y, sign):
    """The point with this y and this parity of x, or None."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return (P - x if x & 1 != sign else x), y


BASE = lift(4 * pow(5, P - 2, P) % P, 0)


def encode(point):
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def order_eight():
    """A point of order 8: the torsion part of the first suitable point."""
    y = 2
    while True:
        point = lift(y, 0)
        torsion = times(L, point) if point else IDENTITY
        if times(4, torsion) != IDENTITY:
            return torsion
        y += 1


TORSION = order_eight()


def secret(seed):
    """RFC 8032 §5.1.5: the scalar and the prefix of a seed of 32 bytes."""
    expanded = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(expanded[:32], "little")
    return scalar & ~7 & (1 << 254) - 1 | 1 << 254, expanded[32:]


def public(seed):
    return encode(times(secret(seed)[0], BASE))


def challenge(commitment, key, message):
    """SHA-512(R, A, M) as an integer, not reduced."""
    return int.from_bytes(hashlib.sha512(commitment + key + message).digest(), "little")


def close(commitment, nonce, scalar, key, message):
    """The signature with this R, of which `nonce` is the discrete logarithm."""
    response = (nonce + challenge(commitment, key, message) * scalar) % L
    return commitment + response.to_bytes(32, "little")


def nonces(message):
    """Deterministic nonces to search among."""
    counter = 0
    while True:
        draw = hashlib.sha512(b"althing test nonce %d " % counter + message).digest()
        yield int.from_bytes(draw, "little") % L
        counter += 1
