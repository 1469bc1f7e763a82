"""What the receipt of a finished task ties together (receipt.md, section 6)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import List, Optional, Tuple

from althing import encoding
from althing.receipt import Entry, TaskReceipt

_CONSTITUTION, _MANDATE, _TASK, _DIVISION = 33, 36, 41, 49
#: One member's part of a division: account, ten-thousandths, what it was paid.
_SHARE = struct.Struct("<32sI16s")
#: Numbers of commands about a task (ledger.md, section 2).
_POSTS, _MOVES, _ANSWERS, _STOPS = (160, 208), (161, 209, 210, 211), (112, 113), (129, 130)
_LAYOUT = struct.Struct("<32s32s32s32s32s32sBIQQ16s16sQB")

#: The states in which nothing follows, and the ways of verification.
STATES = {5: "complete", 6: "cancelled", 7: "failed", 9: "settled"}
VERIFICATIONS = {1: "attested", 2: "redundant", 3: "reexecuted", 4: "proven"}


@dataclass(frozen=True)
class Task:
    """What stands at fixed places in front of a task's entry."""

    identifier: bytes
    poster: bytes
    payer: bytes
    mandate: bytes
    worker: bytes
    result: bytes
    state: int
    fee: int
    poster_law: int
    worker_law: int
    earned: bytes
    charged: bytes
    ended: int
    verification: int


def task_of(receipt: TaskReceipt) -> Optional[Task]:
    """The finished task of the first entry; None where it is none."""
    entry = receipt.entries[0]
    if len(entry.value) < _LAYOUT.size:
        return None
    task = Task(*_LAYOUT.unpack_from(entry.value))
    if not _is(entry, _TASK, task.identifier):
        return None
    if task.state not in STATES or task.verification not in VERIFICATIONS:
        return None
    return task


def state_fault(receipt: TaskReceipt) -> Optional[str]:
    """Every entry is in the state of the checkpoint."""
    root = receipt.checkpoint.state_root
    for number, entry in enumerate(receipt.entries, 1):
        if encoding.state_root(entry.key, entry.value, entry.path) != root:
            return f"entry {number} is not in the state of the checkpoint"
    return None


def task_fault(receipt: TaskReceipt) -> Optional[str]:
    """The first entry is a finished task."""
    return None if task_of(receipt) else "the first entry is not that of a finished task"


def mandate_fault(receipt: TaskReceipt) -> Optional[str]:
    """The task's mandate and all above it follow, and spend its payer's money."""
    return _mandates(receipt)[0]


def _mandates(receipt: TaskReceipt) -> Tuple[Optional[str], List[Entry]]:
    """What is wrong with the mandates, and the entries after them."""
    task = task_of(receipt)
    assert task is not None
    rest = list(receipt.entries[1:])
    wanted = task.mandate
    while any(wanted):
        entry = rest.pop(0) if rest else None
        if entry is None or not _is(entry, _MANDATE, wanted) or len(entry.value) < 128:
            return f"the mandate {wanted.hex()} is not there", rest
        if entry.value[32:64] != task.payer:
            return f"the mandate {wanted.hex()} spends another's money", rest
        wanted = entry.value[96:128]
    return None, rest


def law_fault(receipt: TaskReceipt) -> Optional[str]:
    """Then the constitutions of poster and worker, and nothing else but a division."""
    fault, rest = _laws(receipt)
    if fault is None and (len(rest) > 1 or rest and rest[0].key[0] != _DIVISION):
        return "an entry that the task does not stand on"
    return fault


def _laws(receipt: TaskReceipt) -> Tuple[Optional[str], List[Entry]]:
    """What is wrong with the constitutions, and the entries after them."""
    task = task_of(receipt)
    assert task is not None
    rest = _mandates(receipt)[1]
    for version, party in [(task.poster_law, task.poster), (task.worker_law, task.worker)]:
        if version == 0:
            continue
        entry = rest.pop(0) if rest else None
        if entry is None or not _is(entry, _CONSTITUTION, party) or _version(entry) < version:
            return f"version {version} of the law of {party.hex()} is not there", rest
    return None, rest


@dataclass(frozen=True)
class Share:
    """What a member of a team has of a task's pay."""

    account: bytes
    part: int
    paid: int


@dataclass(frozen=True)
class Division:
    """How a team divided what a task paid: `paid` is the lead's."""

    lead: bytes
    shares: Tuple[Share, ...]
    paid: int


def division_of(receipt: TaskReceipt) -> Optional[Division]:
    """The division of the task, where the receipt has one; None where it is malformed."""
    task, rest = task_of(receipt), _laws(receipt)[1]
    if task is None or len(rest) != 1 or not _is(rest[0], _DIVISION, task.identifier):
        return None
    value = rest[0].value
    count = value[64] if len(value) > 64 else 0
    if not 1 <= count <= 15 or len(value) != 65 + count * _SHARE.size + 17 or value[-1] != 0:
        return None
    shares = tuple(
        Share(account, part, int.from_bytes(paid, "little"))
        for account, part, paid in _SHARE.iter_unpack(value[65:-17]))
    return Division(value[32:64], shares, int.from_bytes(value[-17:-1], "little"))


def division_fault(receipt: TaskReceipt) -> Optional[str]:
    """The division is the task's, closed, and gives away no more than was earned."""
    task = task_of(receipt)
    assert task is not None
    if not _laws(receipt)[1]:
        return None
    division = division_of(receipt)
    if division is None:
        return "the last entry is not a division of the task that has ended"
    paid = division.paid + sum(share.paid for share in division.shares)
    if paid > int.from_bytes(task.earned, "little"):
        return "the division gives away more than the task earned"
    return None


def is_about(task: Task, command: bytes, shown: List[bytes]) -> bool:
    """Whether a command posts or moves the task, answers an operation of the digests `shown`, or
    stops or resumes one of its parties."""
    number = command[0]
    if number in _POSTS:
        named = encoding.digest("althing 2026 task v1", command[1:41])
        return len(command) >= 41 and named == task.identifier
    if number in _MOVES:
        return command[33:65] == task.identifier
    if number in _ANSWERS:
        return command[1:33] in shown
    if number in _STOPS:
        return command[1:2] == b"\x01" and command[2:34] in (task.poster, task.worker)
    return False


def _is(entry: Entry, kind: int, identifier: bytes) -> bool:
    """Whether key and value name this entry."""
    return entry.key == bytes([kind]) + identifier and entry.value.startswith(identifier)


def _version(entry: Entry) -> int:
    return int.from_bytes(entry.value[32:40], "little") if len(entry.value) >= 40 else 0
