"""What a receipt holds (receipt.md, section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional, Tuple, Union

from althing.form import (
    FormFailure, array, below, distinct, hexadecimal, member, members, nonzero, octets, one_of,
    optional, other_than, title, unsigned, within,
)

KINDS = ["run", "modelCall", "toolCall", "handOff", "retrieval", "memory", "other"]
OUTCOMES = ["success", "failure", "partial"]

#: Public keys of a committee, in order.
_KEYS = distinct(array(hexadecimal(32), 1, 128))


#: Nanoseconds from a millisecond to a day.
_INTERVAL = within(10**6, 86_400 * 10**9)


@dataclass(frozen=True)
class Settings:
    """What the validators of a chain share beside their keys; times in nanoseconds."""

    leaders: int = member(within(1, 128))
    depth: int = member(within(4, 4096))
    interval: int = member(_INTERVAL)
    idle_interval: int = member(_INTERVAL)
    epoch: int = member(within(10**8, 366 * 86_400 * 10**9))
    known_rounds: Optional[int] = optional(within(0, 1_000_000), None)
    evidence: Optional[int] = optional(within(1, 3), None)
    transition_gas: Optional[int] = optional(within(1_000, 10**10), None)


def _settings(value: Any, path: str) -> Settings:
    """Those of agents both or neither, and not where both are standard."""
    settings: Settings = members(Settings)(value, path)
    agents = (settings.evidence, settings.transition_gas)
    if (agents[0] is None) != (agents[1] is None):
        raise FormFailure(f"{path}: evidence and transitionGas come together")
    if agents == (1, 1_000_000):
        raise FormFailure(f"{path}: the standard settings of agents must be left out")
    return settings


#: Those of a genesis that states none.
STANDARD = Settings(2, 64, 10**9, 60 * 10**9, 3600 * 10**9)


@dataclass(frozen=True)
class Genesis:
    """Names the validators of a chain, and its settings where they are not the standard ones."""

    name: bytes = member(title)
    created: int = member(unsigned(64))
    validators: Tuple[bytes, ...] = member(_KEYS)
    settings: Optional[Settings] = optional(other_than(STANDARD, _settings), None)


@dataclass(frozen=True)
class Tokens:
    """Tokens of one action."""

    input: int = member(unsigned(64))
    output: int = member(unsigned(64))
    cached: int = member(unsigned(64))
    reasoning: int = member(unsigned(64))


@dataclass(frozen=True)
class Payload:
    """Size in bytes and plain BLAKE3 digest of the payload."""

    size: int = member(unsigned(64))
    digest: bytes = member(hexadecimal(32))


@dataclass(frozen=True)
class Record:
    """One action of an agent."""

    digest: bytes = member(hexadecimal(32))
    agent: bytes = member(hexadecimal(32))
    run: bytes = member(hexadecimal(16))
    task: bytes = member(hexadecimal(16))
    operation: bytes = member(hexadecimal(8))
    caller: bytes = member(hexadecimal(8))
    kind: int = member(one_of(KINDS))
    outcome: int = member(one_of(OUTCOMES))
    start: int = member(unsigned(64))
    duration: int = member(unsigned(64))
    tokens: Tokens = member(members(Tokens))
    compute: int = member(unsigned(64))
    memory: int = member(unsigned(64))
    cost: int = member(unsigned(128))
    gas: int = member(unsigned(64))
    payload: Payload = member(members(Payload))
    parents: Tuple[bytes, ...] = member(array(hexadecimal(32), 0, 256))


@dataclass(frozen=True)
class Batch:
    """The header of the batch that holds the record, and the record's place in it."""

    submitter: bytes = member(hexadecimal(32))
    key: bytes = member(hexadecimal(32))
    sequence: int = member(unsigned(64))
    previous: bytes = member(hexadecimal(32))
    root: bytes = member(hexadecimal(32))
    columns: bytes = member(hexadecimal(32))
    count: int = member(below(65_537, least=1))
    closed: int = member(unsigned(64))
    signature: bytes = member(hexadecimal(64))
    index: int = member(below(65_536))
    path: Tuple[bytes, ...] = member(array(hexadecimal(32), 0, 16))


@dataclass(frozen=True)
class Vote:
    """One validator's signature of a checkpoint."""

    validator: int = member(below(128))
    signature: bytes = member(hexadecimal(64))


def _certificate(value: Any, path: str) -> Tuple[Vote, ...]:
    """Votes in ascending order of validator, none twice."""
    votes: Tuple[Vote, ...] = array(members(Vote), 1, 128)(value, path)
    order = [vote.validator for vote in votes]
    if any(later <= earlier for earlier, later in zip(order, order[1:])):
        raise FormFailure(f"{path}: validators not in ascending order")
    return votes


@dataclass(frozen=True)
class _Header:
    """What every header of a checkpoint holds."""

    epoch: int = member(unsigned(64))
    height: int = member(unsigned(64))
    time: int = member(unsigned(64))
    records: int = member(unsigned(64))
    previous: bytes = member(hexadecimal(32))
    items_root: bytes = member(hexadecimal(32))
    state_root: bytes = member(hexadecimal(32))
    committee: bytes = member(hexadecimal(32))


@dataclass(frozen=True)
class LastHeader(_Header):
    """The header of the last checkpoint of an epoch: it names the committee of the next."""

    items: int = member(below(1_048_577))
    next: bytes = member(nonzero)


@dataclass(frozen=True)
class Checkpoint(_Header):
    """The header of the checkpoint that holds the batch, and the batch's place in it."""

    items: int = member(below(1_048_577, least=1))
    index: int = member(below(1_048_576))
    path: Tuple[bytes, ...] = member(array(hexadecimal(32), 0, 20))
    next: Optional[bytes] = optional(nonzero, None)


@dataclass(frozen=True)
class Step:
    """From the committee of an epoch to that of the next, whose keys are `validators`."""

    checkpoint: LastHeader = member(members(LastHeader))
    certificate: Tuple[Vote, ...] = member(_certificate)
    validators: Tuple[bytes, ...] = member(_KEYS)


@dataclass(frozen=True)
class Receipt:
    """A whole receipt, well formed but not yet checked."""

    format: int = member(one_of(["althing-receipt-v1"]))
    chain: bytes = member(hexadecimal(32))
    genesis: Genesis = member(members(Genesis))
    record: Record = member(members(Record))
    batch: Batch = member(members(Batch))
    checkpoint: Checkpoint = member(members(Checkpoint))
    certificate: Tuple[Vote, ...] = member(_certificate)
    steps: Tuple[Step, ...] = optional(array(members(Step), 0, 128), ())


#: What became of an operation, in the order of the codes of items from 2 on.
OUTCOMES_OF_OPERATIONS = ["done", "refused"]


@dataclass(frozen=True)
class Operation:
    """A signed operation, its command as bytes."""

    digest: bytes = member(hexadecimal(32))
    outcome: int = member(one_of(OUTCOMES_OF_OPERATIONS))
    key: bytes = member(hexadecimal(32))
    sequence: int = member(unsigned(64))
    owner: bytes = member(hexadecimal(32))
    command: bytes = member(octets(1, 262_144 - 170))
    signature: bytes = member(hexadecimal(64))


@dataclass(frozen=True)
class OperationReceipt:
    """The receipt of an operation (receipt.md, section 5), well formed but not yet checked."""

    format: int = member(one_of(["althing-operation-receipt-v1"]))
    chain: bytes = member(hexadecimal(32))
    genesis: Genesis = member(members(Genesis))
    operation: Operation = member(members(Operation))
    checkpoint: Checkpoint = member(members(Checkpoint))
    certificate: Tuple[Vote, ...] = member(_certificate)
    steps: Tuple[Step, ...] = optional(array(members(Step), 0, 128), ())


@dataclass(frozen=True)
class Entry:
    """An entry of the ledger's state with the proof of it."""

    key: bytes = member(hexadecimal(33))
    value: bytes = member(octets(1, 16_384))
    path: Tuple[bytes, ...] = member(array(hexadecimal(32), 0, 256))


@dataclass(frozen=True)
class Work:
    """The members of a record's receipt that are its own: chain and genesis are those of the task."""

    record: Record = member(members(Record))
    batch: Batch = member(members(Batch))
    checkpoint: Checkpoint = member(members(Checkpoint))
    certificate: Tuple[Vote, ...] = member(_certificate)
    steps: Tuple[Step, ...] = optional(array(members(Step), 0, 128), ())


@dataclass(frozen=True)
class Deed:
    """The members of an operation's receipt that are its own."""

    operation: Operation = member(members(Operation))
    checkpoint: Checkpoint = member(members(Checkpoint))
    certificate: Tuple[Vote, ...] = member(_certificate)
    steps: Tuple[Step, ...] = optional(array(members(Step), 0, 128), ())


@dataclass(frozen=True)
class StateHeader(_Header):
    """The header of the checkpoint whose state holds the entries."""

    items: int = member(below(1_048_577))
    next: Optional[bytes] = optional(nonzero, None)


#: The value of `format` in the receipt of a task.
TASK_FORMAT = "althing-task-receipt-v1"


@dataclass(frozen=True)
class TaskReceipt:
    """The receipt of a finished task (receipt.md, section 6), well formed but not yet checked."""

    format: int = member(one_of([TASK_FORMAT]))
    chain: bytes = member(hexadecimal(32))
    genesis: Genesis = member(members(Genesis))
    entries: Tuple[Entry, ...] = member(array(members(Entry), 1, 13))
    records: Tuple[Work, ...] = member(array(members(Work), 0, 16))
    checkpoint: StateHeader = member(members(StateHeader))
    certificate: Tuple[Vote, ...] = member(_certificate)
    steps: Tuple[Step, ...] = optional(array(members(Step), 0, 128), ())
    operations: Tuple[Deed, ...] = optional(array(members(Deed), 0, 32), ())


#: The value of `format` in the receipt of a licence.
LICENCE_FORMAT = "althing-licence-receipt-v1"


@dataclass(frozen=True)
class LicenceReceipt:
    """The receipt of a licence (receipt.md, section 7), well formed but not yet checked."""

    format: int = member(one_of([LICENCE_FORMAT]))
    chain: bytes = member(hexadecimal(32))
    genesis: Genesis = member(members(Genesis))
    licence: Entry = member(members(Entry))
    holder: Entry = member(members(Entry))
    checkpoint: StateHeader = member(members(StateHeader))
    certificate: Tuple[Vote, ...] = member(_certificate)
    steps: Tuple[Step, ...] = optional(array(members(Step), 0, 128), ())


def receipt_from(value: Any) -> Union[Receipt, OperationReceipt, TaskReceipt, LicenceReceipt]:
    """The receipt that parsed JSON spells; raises FormFailure with the path of the fault."""
    if isinstance(value, dict) and value.get("format") == LICENCE_FORMAT:
        licence: LicenceReceipt = members(LicenceReceipt)(value, "receipt")
        return licence
    if isinstance(value, dict) and value.get("format") == TASK_FORMAT:
        task: TaskReceipt = members(TaskReceipt)(value, "receipt")
        return task
    if isinstance(value, dict) and value.get("format") == "althing-operation-receipt-v1":
        operation: OperationReceipt = members(OperationReceipt)(value, "receipt")
        return operation
    receipt: Receipt = members(Receipt)(value, "receipt")
    return receipt
