"""Ed25519 at its edges, where libraries are known to disagree (receipt.md, end of section 3)."""

from case import Case, compact, edited
from curve import (
    IDENTITY, L, P, TORSION, add, challenge, close, encode, nonces, secret, times, BASE, lift,
)
from maker import Chain, Forge, batch_message, checkpoint_message, seed

SUBMITTER = seed("submitter")
SCALAR = secret(SUBMITTER)[0]
KEY = encode(times(SCALAR, BASE))
MIXED = encode(add(times(SCALAR, BASE), TORSION))


def cases():
    for name, (key, sign, part) in BATCHES.items():
        yield Case(f"batch-{name}", compact(batch_receipt(key, sign)), part)
    for name, (key, sign, part) in BATCHES.items():
        wanted = None if part is None else "certificate"
        yield Case(f"vote-{name}", compact(vote_receipt(key, sign)), wanted)
    yield from altered()


def batch_receipt(key, sign):
    """A batch by `key`, signed by `sign(key, message)`; all else is right."""
    forge = Forge(items=1)

    def alter(made):
        made["key"] = key.hex()
        made["signature"] = sign(key, batch_message(forge.chain.digest, made)).hex()

    forge.alter_batch = alter
    return forge.make()[0]


def vote_receipt(key, sign):
    """A chain of one validator with this key."""
    forge = Forge(Chain(1, keys=[key]), items=1)
    receipt = forge.make()[0]
    message = checkpoint_message(forge.chain.digest, receipt["checkpoint"])
    return edited(receipt, ("certificate", 0, "signature"), lambda _: sign(key, message).hex())


def honest(key, message):
    nonce = next(nonces(message))
    return close(encode(times(nonce, BASE)), nonce, SCALAR, key, message)


def searched(wanted):
    """Signs with the first nonce whose challenge `wanted` likes."""
    def sign(key, message):
        for nonce in nonces(message):
            commitment = encode(times(nonce, BASE))
            if wanted(challenge(commitment, key, message)):
                return close(commitment, nonce, SCALAR, key, message)
        raise AssertionError
    return sign


def commitment_with_torsion(key, message):
    nonce = next(nonces(message))
    point = add(times(nonce, BASE), TORSION)
    return close(encode(point), nonce, SCALAR, key, message)


def forced_commitment(commitment):
    """S = h·a for an R that is the identity, or passes for it."""
    return lambda key, message: close(commitment, 0, SCALAR, key, message)


def zero_secret(key, message):
    """S = r: holds for a key that is the identity."""
    nonce = next(nonces(message))
    return close(encode(times(nonce, BASE)), nonce, 0, key, message)


def zero_secret_searched(wanted):
    def sign(key, message):
        for nonce in nonces(message):
            commitment = encode(times(nonce, BASE))
            if wanted(challenge(commitment, key, message)):
                return close(commitment, nonce, 0, key, message)
        raise AssertionError
    return sign


def response_plus_order(key, message):
    signature = honest(key, message)
    response = int.from_bytes(signature[32:], "little") + L
    return signature[:32] + response.to_bytes(32, "little")


def response_with_top_bit(key, message):
    signature = honest(key, message)
    return signature[:63] + bytes([signature[63] | 0x80])


def order_as_response(key, message):
    return honest(key, message)[:32] + L.to_bytes(32, "little")


def off_curve():
    y = 2
    while lift(y, 0):
        y += 1
    return y.to_bytes(32, "little")


def number(value, sign=0):
    return (value | sign << 255).to_bytes(32, "little")


def multiple(order):
    """A challenge under which a key of this order vanishes."""
    return zero_secret_searched(lambda challenged: challenged % L % order == 0)


def whole_but_not_reduced(challenged):
    return challenged % L % 8 == 0 and challenged % 8 != 0


def not_whole(challenged):
    return challenged % L % 8 != 0


#: name: key, how it signs, the part that refuses a batch so signed.
BATCHES = {
    "honest": (KEY, honest, None),
    # 8 divides h mod L but not h: the cofactorless equation holds with the reduced h only.
    "key-of-mixed-order-whole": (MIXED, searched(whole_but_not_reduced), None),
    # The cofactored equation holds, the cofactorless one does not.
    "key-of-mixed-order": (MIXED, searched(not_whole), "batchSignature"),
    "commitment-of-mixed-order": (KEY, commitment_with_torsion, "batchSignature"),
    "commitment-identity": (KEY, forced_commitment(encode(IDENTITY)), "batchSignature"),
    "commitment-identity-not-canonical":
        (KEY, forced_commitment(number(P + 1)), "batchSignature"),
    "commitment-identity-negative-zero":
        (KEY, forced_commitment(number(1, sign=1)), "batchSignature"),
    "commitment-off-curve": (KEY, forced_commitment(off_curve()), "batchSignature"),
    "key-identity": (encode(IDENTITY), zero_secret, "batchSignature"),
    "key-identity-not-canonical": (number(P + 1), zero_secret, "batchSignature"),
    "key-identity-negative-zero": (number(1, sign=1), zero_secret, "batchSignature"),
    "key-of-order-2": (number(P - 1), multiple(2), "batchSignature"),
    "key-of-order-4": (number(0), multiple(4), "batchSignature"),
    "key-of-order-4-not-canonical": (number(P), multiple(4), "batchSignature"),
    "key-of-order-8": (encode(TORSION), multiple(8), "batchSignature"),
    "key-off-curve": (off_curve(), honest, "batchSignature"),
    "key-not-canonical": (number(P + 3), honest, "batchSignature"),
    "key-all-ones": (b"\xff" * 32, honest, "batchSignature"),
    "response-plus-order": (KEY, response_plus_order, "batchSignature"),
    "response-with-top-bit": (KEY, response_with_top_bit, "batchSignature"),
    "response-is-order": (KEY, order_as_response, "batchSignature"),
    "response-zero": (KEY, lambda key, message: honest(key, message)[:32] + bytes(32),
                      "batchSignature"),
    "zero": (KEY, lambda key, message: bytes(64), "batchSignature"),
    "halves-swapped": (KEY, lambda key, message: honest(key, message)[32:]
                       + honest(key, message)[:32], "batchSignature"),
}


def altered():
    """Signatures of other messages by the right key."""
    for fault, change in {
        "without-prefix": lambda message: message[16:],
        "with-checkpoint-prefix": lambda message: b"althing checkpoint v1" + message[16:],
        "prefix-with-nul": lambda message: message[:16] + b"\0" + message[16:],
        "hex-of-the-digest": lambda message: message[:16] + message[16:].hex().encode(),
    }.items():
        def sign(key, message, change=change):
            return honest(key, change(message))
        yield Case(f"batch-signed-{fault}", compact(batch_receipt(KEY, sign)), "batchSignature")
