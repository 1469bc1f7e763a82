"""Makes agents.txt from docs/spec/agents.md: pip install blake3 pynacl; python make_vectors.py."""

import hashlib
import pathlib
import struct

from blake3 import blake3
from nacl.signing import SigningKey

CHAIN, AGENT, OTHER = (bytes([n]) * 32 for n in (0xC1, 0xA1, 0xA2))
KEY = SigningKey(bytes([7]) * 32)
PAGE = 4096


def hashed(context, data):
    return blake3(data, derive_key_context="althing 2026 " + context + " v1").digest()


def words(*values):
    return b"".join(struct.pack("<Q", value) for value in values)


def listed(*values):
    return struct.pack("<H", len(values)) + words(*values)


def pages(count):
    return -(-count // PAGE) * PAGE


def image(constants, data, heap_pages, stack):
    """Section 1: cells, heap window, stack window."""
    registers = [0] * 13
    registers[0] = 2**32 - 2**16
    registers[1] = 2**32 - 2**17 - 2**24
    registers[7] = 2**32 - 2**16 - 2**24
    heap = data + bytes(pages(len(data)) + heap_pages * PAGE - len(data))
    return words(*registers, 0, 0, 0) + heap + bytes(pages(stack))


def program(constants, data, heap_pages, stack, blob):
    def u24(value):
        return struct.pack("<I", value)[:3]

    head = u24(len(constants)) + u24(len(data)) + struct.pack("<H", heap_pages) + u24(stack)
    return head + constants + data + struct.pack("<I", len(blob)) + blob


def levels(state):
    """Section 1: the tree, from the leaves up."""
    count = 8
    while count * 8 < len(state) // 8:
        count *= 2
    state += bytes(count * 64 - len(state))
    level = [hashlib.sha256(b"\0" + state[i : i + 64]).digest() for i in range(0, len(state), 64)]
    made = [level]
    while len(level) > 1:
        level = [
            hashlib.sha256(b"\1" + level[i] + level[i + 1]).digest()
            for i in range(0, len(level), 2)
        ]
        made.append(level)
    return made


def siblings(tree, known):
    """Section 1: level by level, those that are not known themselves."""
    found = []
    for level in tree[:-1]:
        found += [level[index ^ 1] for index in known if index ^ 1 not in known]
        known = sorted({index // 2 for index in known})
    return found


def exchange():
    answer = b"\1" + b"\1" + listed(6, 2**63)
    messages = b"\2" + b"\1" + OTHER + listed(5) + b"\0" + listed()
    return answer + messages + listed(7, 8) + listed(1, 2)


def header(old, new):
    height = OTHER + struct.pack("<Q", 3)
    return (
        CHAIN + AGENT + bytes([0x51]) * 32 + struct.pack("<QHQ", 9, 2, 1_700_000_000_000_000_000)
        + old + new + b"\3" + b"\1" + struct.pack("<QQ", 100, 1_150)
        + hashed("agent exchange", exchange()) + b"\1" + height + bytes([4]) * 32 + b"\1" + height
    )


def lines():
    parts = (b"constants", bytes(range(1, 200)), 1, 5000)
    blob = bytes([0, 0, 1, 0, 1])
    state = image(*parts)
    tree = levels(state)
    yield "program", program(*parts, blob).hex()
    yield "identity", hashed("program", b"\1\1" + program(*parts, blob)).hex()
    yield "image", hashlib.sha256(state).hexdigest()
    yield "root", tree[-1][0].hex()
    known = [0, 1, 2, 5, 66, 100, 193]
    yield "siblings", " ".join(digest.hex() for digest in siblings(tree, known))
    yield "exchange", exchange().hex()
    raw = header(tree[-1][0], bytes([0xEE]) * 32)
    digest = hashed("agent transition", raw)
    signature = KEY.sign(b"althing agent transition v1" + digest).signature
    yield "header", raw.hex(), digest.hex(), signature.hex()
    leaves = b"".join(struct.pack("<I", i) + state[64 * i : 64 * i + 64] for i in known)
    path = siblings(tree, known)
    witness = struct.pack("<H", len(known)) + leaves
    witness += struct.pack("<H", len(path)) + b"".join(path)
    yield "transition", (raw + signature + exchange() + b"\1" + witness).hex()


if __name__ == "__main__":
    path = pathlib.Path(__file__).with_name("agents.txt")
    path.write_text("".join(" ".join(line) + "\n" for line in lines()))
