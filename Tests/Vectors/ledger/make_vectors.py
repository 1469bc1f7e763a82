"""Makes ledger.txt from docs/spec/ledger.md: pip install blake3 pynacl; python make_vectors.py."""

import pathlib
import struct

from blake3 import blake3
from nacl.signing import SigningKey

CHAIN = bytes([0xC1]) * 32
TIME = 1_700_000_000_000_000_000


def hashed(context, data):
    return blake3(data, derive_key_context="althing 2026 " + context + " v1").digest()


def key(number):
    return SigningKey(bytes([number]) * 32)


def public(number):
    return key(number).verify_key.encode()


def text(value):
    raw = value.encode()
    return struct.pack("<I", len(raw)) + raw


ADA = hashed("owner", public(1))
SUBMITTER = hashed("submitter", public(3))
SCOUT = hashed("agent", ADA + text("scout"))
OWNER_PROOF = key(8).sign(b"althing owner key v1" + CHAIN + ADA).signature
AGENT_PROOF = key(8).sign(b"althing agent key v1" + CHAIN + ADA).signature
VALIDATOR_PROOF = (
    key(8).sign(b"althing validator key v1" + CHAIN + hashed("owner", public(8))).signature
)
PROFILE = text("1.0") + struct.pack("<H", 2) + text("search") + text("þing") + bytes([5]) * 32
EMPTY_PROFILE = text("") + struct.pack("<H", 0) + bytes(32)


def commands():
    """Section 2: one of each."""
    return {
        "registerOwner": b"\x01" + text("Ada"),
        "addKey": b"\x02" + public(8) + OWNER_PROOF,
        "rotateKey": b"\x03" + public(1) + public(8) + OWNER_PROOF,
        "revokeKey": b"\x04" + public(8),
        "authorize": b"\x05" + public(3) + b"\x01",
        "withdraw": b"\x06" + public(3),
        "registerAgent": b"\x10" + text("scout") + PROFILE,
        "updateAgent": b"\x11" + SCOUT + EMPTY_PROFILE,
        "setAgentStatus": b"\x12" + SCOUT + b"\x03",
        "setAgentKey": b"\x13" + SCOUT + public(8) + AGENT_PROOF,
        "voteAdd": b"\x20\x01" + public(8) + text("host:1") + VALIDATOR_PROOF,
        "voteRemove": b"\x20\x02" + public(8) + bytes(64),
        "voteReplace": b"\x20\x03" + public(1) + public(8) + text("þ:2") + VALIDATOR_PROOF,
        "setAddress": b"\x21" + text("host:3"),
    }


def operation(command):
    unsigned = struct.pack("<H", 1) + CHAIN + public(1) + struct.pack("<Q", 7) + ADA + command
    digest = hashed("operation", unsigned)
    signature = key(1).sign(b"althing operation v1" + digest).signature
    return unsigned + signature, digest


def entries():
    """Section 3: one of each kind, as (key, value)."""
    owner = ADA + text("Ada") + struct.pack("<QH", TIME, 2)
    owner += public(1) + struct.pack("<QQ", TIME, TIME + 9)
    owner += public(8) + struct.pack("<QQ", TIME + 9, 0)
    agent = SCOUT + ADA + text("scout") + PROFILE + b"\x02" + struct.pack("<Q", TIME)
    usage = SCOUT + struct.pack("<6Q", 1, 2, 3, 4, 5, 6) + (2**70).to_bytes(16, "little")
    return [
        (b"\x01" + ADA, owner),
        (b"\x02" + SCOUT, agent + public(8)),
        (b"\x03" + public(1), struct.pack("<Q", 7)),
        (b"\x04" + SUBMITTER, SUBMITTER + public(3) + struct.pack("<Q", 9) + bytes([6]) * 32),
        (b"\x05" + ADA + SUBMITTER, ADA + SUBMITTER + b"\x01\x01"),
        (b"\x06" + SCOUT, usage + struct.pack("<QQQ", 7, TIME, TIME + 1)),
        meter(),
    ] + seats()


def meter():
    """Section 17: a meter; the newest bucket comes first."""
    value = ADA + struct.pack("<4Q", 1, 2, 3, 4)
    for width in (600, 14_400):
        sums = b"".join(struct.pack("<4Q", n, n + 1, n + 2, n + 3) for n in range(7))
        value += struct.pack("<Q", TIME // (width * 10**9)) + sums
    return (b"\x0f" + ADA, value)


def seats():
    """Section 3: entries of the validators and of the replica."""
    committee = struct.pack("<QQH", 3, TIME, 2)
    committee += public(1) + text("host:1") + public(3) + text("")
    replace = b"\x03" + public(3) + public(8) + text("þ:2")
    adopted = struct.pack("<QB", 3, 2) + b"\x02" + public(1) + replace
    return [
        (b"\x07", committee),
        (b"\x08", adopted),
        (b"\x09" + public(1), public(1) + struct.pack("<Q", 3) + replace + b"\x01"),
        (
            b"\x0a" + public(3),
            public(3) + b"\x02" + struct.pack("<QQ", 3, TIME) + public(1),
        ),
        (b"\x0b\x05", bytes(range(40))),
        (b"\x0c" + bytes([4]) * 32, b"\x01"),
    ]


def root(leaves, depth=0):
    """Section 3: leaves are (place, value digest)."""
    if not leaves:
        return bytes(32)
    if len(leaves) == 1:
        return hashed("state leaf", leaves[0][0] + leaves[0][1])
    halves = ([], [])
    for leaf in leaves:
        halves[leaf[0][depth // 8] >> (7 - depth % 8) & 1].append(leaf)
    return hashed("state node", root(halves[0], depth + 1) + root(halves[1], depth + 1))


def lines():
    yield f"owner {ADA.hex()}"
    yield f"submitter {SUBMITTER.hex()}"
    yield f"agent {SCOUT.hex()}"
    for name, command in commands().items():
        encoded, digest = operation(command)
        yield f"operation {name} {encoded.hex()} {digest.hex()}"
    leaves = []
    yield f"root {root(leaves).hex()}"
    for entry, value in entries():
        yield f"entry {entry.hex()} {value.hex()}"
        leaves.append((hashed("state key", entry), hashed("state value", value)))
        yield f"root {root(leaves).hex()}"
    removed = leaves[:-1]
    yield f"removed {root(removed).hex()}"


if __name__ == "__main__":
    pathlib.Path(__file__).with_name("ledger.txt").write_text("\n".join(lines()) + "\n")
