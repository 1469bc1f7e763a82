"""Makes records.json from docs/spec/record.md: pip install blake3 pynacl; python make_vectors.py."""

import json
import pathlib
import struct

from blake3 import blake3
from nacl.signing import SigningKey

COLUMNS = [
    "agent", "run", "task", "operation", "caller", "kind", "outcome", "start", "duration", "input",
    "output", "cached", "reasoning", "compute", "memory", "costLow", "costHigh", "gas",
    "payloadSize", "payloadDigest", "parentCount",
]
TABLES = ["agent", "run", "task"]


def hashed(context, data):
    return blake3(data, derive_key_context=context).digest()


def record(number, **changes):
    """A record whose fields all differ; `number` tells records apart."""
    fields = {
        "agent": bytes([number]) * 32, "run": bytes([0x11]) * 16, "task": bytes(16),
        "operation": bytes([0xA0, 1, 2, 3, 4, 5, 6, number]), "caller": bytes(8), "kind": 2,
        "outcome": 1, "start": 1_700_000_000_000_000_000 + number, "duration": 1_000 * number,
        "input": 700 + number, "output": 80, "cached": 9, "reasoning": 10, "compute": 11,
        "memory": 12, "cost": 13, "gas": 11_000, "payloadSize": 1_000,
        "payloadDigest": blake3(b"payload %d" % number).digest(), "parents": [],
    }
    fields.update(changes)
    return fields


def row(fields, parents):
    """Section 1: the 256 bytes."""
    ends = hashed("althing 2026 parents v1", b"".join(parents)) if parents else bytes(32)
    encoded = b"".join([
        b"althrec1", fields["agent"], fields["run"], fields["task"], fields["operation"],
        fields["caller"], struct.pack("<BBHI", fields["kind"], fields["outcome"], len(parents), 0),
        struct.pack("<8Q", *(fields[name] for name in COLUMNS[7:15])),
        fields["cost"].to_bytes(16, "little"),
        struct.pack("<QQ", fields["gas"], fields["payloadSize"]), fields["payloadDigest"], ends,
    ])
    assert len(encoded) == 256
    return encoded


def digests(records):
    """Section 2, where a parent that is a number is an earlier row."""
    result = []
    for fields in records:
        parents = [result[p] if isinstance(p, int) else p for p in fields["parents"]]
        result.append(hashed("althing 2026 record v1", row(fields, parents)))
    return result


def root(leaves):
    """Section 3."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashed("althing 2026 node v1", root(leaves[:half]) + root(leaves[half:]))


def numbers(values):
    """Section 7: width, base, differences."""
    base = min(values)
    width = (max(value - base for value in values).bit_length() + 7) // 8
    packed = b"".join((value - base).to_bytes(width, "little") for value in values)
    return struct.pack("<BQ", width, base) + packed


def column(name, records, tables):
    if name in TABLES:
        return numbers([tables[name].index(fields[name]) for fields in records])
    if name in ("operation", "payloadDigest"):
        return b"".join(fields[name] for fields in records)
    if name == "caller":
        return numbers([int.from_bytes(fields[name], "little") for fields in records])
    if name == "costLow":
        return numbers([fields["cost"] % 2**64 for fields in records])
    if name == "costHigh":
        return numbers([fields["cost"] >> 64 for fields in records])
    if name == "parentCount":
        return numbers([len(fields["parents"]) for fields in records])
    return numbers([fields[name] for fields in records])


def body(records):
    """Section 7."""
    tables = {name: list(dict.fromkeys(f[name] for f in records)) for name in TABLES}
    parts = [struct.pack("<HI", 1, len(records))]
    for name in TABLES:
        parts += [struct.pack("<I", len(tables[name]))] + tables[name]
    parts += [column(name, records, tables) for name in COLUMNS]
    external, references = [], []
    for parent in (parent for fields in records for parent in fields["parents"]):
        if isinstance(parent, int):
            references.append(parent)
        else:
            references.append(2**31 + len(external))
            external.append(parent)
    parts.append(struct.pack("<I", len(references)))
    parts.append(struct.pack("<%dI" % len(references), *references))
    return b"".join(parts) + struct.pack("<I", len(external)) + b"".join(external)


def plain(value):
    """Bytes become hexadecimal, integers of a record decimal strings."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return str(value)


def single_vectors():
    largest = {name: 2**64 - 1 for name in COLUMNS[7:15] + ["gas", "payloadSize"]}
    cases = {
        "plain": record(1),
        "largest": record(2, **largest, cost=2**128 - 1, kind=7, outcome=3),
        "empty": {
            **record(0), **{name: 0 for name in largest}, "operation": bytes(8), "cost": 0,
            "payloadDigest": bytes(32), "run": bytes(16), "kind": 1,
        },
        "parents": record(3, parents=[bytes([7]) * 32, bytes([6]) * 32], kind=4, outcome=2),
    }
    return [
        {"name": name, "record": fields, "row": row(fields, fields["parents"]),
         "digest": digests([fields])[0]}
        for name, fields in cases.items()
    ]


def batch_vector():
    records = [
        record(1, caller=bytes(range(8)), cost=5),
        record(2, parents=[0, bytes([9]) * 32], task=bytes([4]) * 16, cost=2**70 + 1),
        record(1, parents=[1, 0], kind=7, outcome=3, input=2**40),
        record(3, parents=[bytes([8]) * 32], run=bytes([0x22]) * 16, duration=2**64 - 1),
        record(2, start=0, kind=1),
    ]
    key = SigningKey(bytes([1]) * 32)
    chain, previous = bytes([0xC1]) * 32, bytes([0xB0]) * 32
    encoded = body(records)
    header = b"".join([
        struct.pack("<H", 1), chain, bytes([0x5B]) * 32, key.verify_key.encode(),
        struct.pack("<Q", 7), previous, struct.pack("<I", len(records)), root(digests(records)),
        blake3(encoded).digest(), struct.pack("<QQ", 1_700_000_001_000_000_000, 0),
    ])
    digest = hashed("althing 2026 batch v1", header)
    return {
        "records": records, "digests": digests(records), "body": encoded, "header": header,
        "digest": digest, "signature": key.sign(b"althing batch v1" + digest).signature,
        "batchItem": hashed("althing 2026 item v1", b"\x01" + digest),
        "operationItem": hashed("althing 2026 item v1", b"\x02" + digest),
    }


def checkpoint_vector():
    keys = [SigningKey(bytes([10 + index]) * 32) for index in range(4)]
    seats = struct.pack("<H", 4) + b"".join(key.verify_key.encode() for key in keys)
    name = "þing".encode()
    genesis = struct.pack("<HI", 1, len(name)) + name
    genesis += struct.pack("<Q", 1_690_000_000_000_000_000) + seats
    chain = hashed("althing 2026 genesis v1", genesis)
    committee = hashed("althing 2026 committee v1", seats)
    header = b"".join([
        struct.pack("<H", 1), chain, struct.pack("<QQ", 0, 3), bytes([0x31]) * 32,
        struct.pack("<QI", 1_700_000_002_000_000_000, 5), bytes([0x32]) * 32,
        struct.pack("<Q", 2**33), bytes([0x33]) * 32, committee, struct.pack("<Q", 0),
    ])
    digest = hashed("althing 2026 checkpoint v1", header)
    message = b"althing checkpoint v1" + digest
    return {
        "genesis": genesis, "chain": chain, "committee": committee, "header": header,
        "digest": digest, "signatures": [key.sign(message).signature for key in keys],
    }


if __name__ == "__main__":
    made = {
        "single": single_vectors(), "batch": batch_vector(), "checkpoint": checkpoint_vector(),
    }
    target = pathlib.Path(__file__).with_name("records.json")
    target.write_text(json.dumps(plain(made), indent=1) + "\n")
