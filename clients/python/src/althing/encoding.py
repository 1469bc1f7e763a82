"""Canonical bytes and digests of genesis, records, batches and checkpoints (record.md)."""

from __future__ import annotations

import struct
from typing import Sequence, Union

from blake3 import blake3

from althing.receipt import (
    Batch, Checkpoint, Genesis, LastHeader, Operation, Record, StateHeader,
)

ZERO = bytes(32)


def digest(context: str, data: bytes) -> bytes:
    """BLAKE3 in derive_key mode: `H[context](data)` of record.md."""
    return blake3(data, derive_key_context=context).digest()


def plain_digest(data: bytes) -> bytes:
    """BLAKE3 without a context, as b3sum prints it."""
    return blake3(data).digest()


def genesis_digest(genesis: Genesis) -> bytes:
    """Section 6: the name of the chain."""
    settings = genesis.settings
    has_agents = settings is not None and settings.evidence is not None
    version = 3 if has_agents else 2 if settings else 1
    head = struct.pack("<HI", version, len(genesis.name)) + genesis.name
    body = struct.pack("<QH", genesis.created, len(genesis.validators))
    body += b"".join(genesis.validators)
    if settings:
        rounds = (1 << 64) - 1 if settings.known_rounds is None else settings.known_rounds
        body += struct.pack(
            "<H5Q", settings.leaders, rounds, settings.depth, settings.interval,
            settings.idle_interval, settings.epoch)
        if settings.evidence is not None:
            body += struct.pack("<BQ", settings.evidence, settings.transition_gas)
    return digest("althing 2026 genesis v1", head + body)


def record_digest(record: Record) -> bytes:
    """Sections 1 and 2: the digest of the 256 bytes."""
    identity = record.agent + record.run + record.task + record.operation + record.caller
    shape = struct.pack("<BBHI", record.kind, record.outcome, len(record.parents), 0)
    tokens = record.tokens
    amounts = struct.pack(
        "<8Q", record.start, record.duration, tokens.input, tokens.output, tokens.cached,
        tokens.reasoning, record.compute, record.memory,
    )
    cost = record.cost.to_bytes(16, "little")
    charged = struct.pack("<QQ", record.gas, record.payload.size)
    ends = record.payload.digest + parents_digest(record.parents)
    encoded = b"althrec1" + identity + shape + amounts + cost + charged + ends
    assert len(encoded) == 256
    return digest("althing 2026 record v1", encoded)


def parents_digest(parents: Sequence[bytes]) -> bytes:
    """Zero where there are none."""
    return digest("althing 2026 parents v1", b"".join(parents)) if parents else ZERO


def batch_digest(chain: bytes, batch: Batch) -> bytes:
    """Section 4."""
    header = b"".join([
        struct.pack("<H", 1), chain, batch.submitter, batch.key,
        struct.pack("<Q", batch.sequence), batch.previous, struct.pack("<I", batch.count),
        batch.root, batch.columns, struct.pack("<QQ", batch.closed, 0),
    ])
    assert len(header) == 222
    return digest("althing 2026 batch v1", header)


def item_digest(batch: bytes) -> bytes:
    """The batch of this digest as an item of a checkpoint."""
    return digest("althing 2026 item v1", b"\x01" + batch)


def operation_digest(chain: bytes, operation: Operation) -> bytes:
    """ledger.md, section 2: of all but the signature."""
    unsigned = b"".join([
        struct.pack("<H", 1), chain, operation.key, struct.pack("<Q", operation.sequence),
        operation.owner, operation.command,
    ])
    return digest("althing 2026 operation v1", unsigned)


def operation_item_digest(operation: Operation) -> bytes:
    """An operation as an item of a checkpoint: 2 where it was carried out, 3 where refused."""
    return digest("althing 2026 item v1", bytes([1 + operation.outcome]) + operation.digest)


def committee_digest(validators: Sequence[bytes]) -> bytes:
    """Section 5, last row but one."""
    count = struct.pack("<H", len(validators))
    return digest("althing 2026 committee v1", count + b"".join(validators))


def state_root(key: bytes, value: bytes, path: Sequence[bytes]) -> bytes:
    """ledger.md, section 3: the root that `path`, from the leaf upwards, leads to."""
    place = digest("althing 2026 state key v1", key)
    held = digest("althing 2026 state value v1", value)
    node = digest("althing 2026 state leaf v1", place + held)
    for height, sibling in enumerate(path):
        bit = len(path) - 1 - height
        is_right = place[bit // 8] >> (7 - bit % 8) & 1
        pair = sibling + node if is_right else node + sibling
        node = digest("althing 2026 state node v1", pair)
    return node


def checkpoint_digest(
    chain: bytes, checkpoint: Union[Checkpoint, LastHeader, StateHeader]
) -> bytes:
    """Section 5: version 2 where the header names the next committee."""
    version = 1 if checkpoint.next is None else 2
    header = b"".join([
        struct.pack("<H", version), chain,
        struct.pack("<QQ", checkpoint.epoch, checkpoint.height), checkpoint.previous,
        struct.pack("<QI", checkpoint.time, checkpoint.items), checkpoint.items_root,
        struct.pack("<Q", checkpoint.records), checkpoint.state_root, checkpoint.committee,
        struct.pack("<Q", 0), checkpoint.next or b"",
    ])
    assert len(header) == (206 if version == 1 else 238)
    return digest("althing 2026 checkpoint v1", header)
