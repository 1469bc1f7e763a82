"""The checks of a receipt, in the order of receipt.md, section 3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, List, Optional, Sequence, Tuple, Union

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from althing import encoding, licence, task, tree
from althing.form import FormFailure
from althing.receipt import (
    Checkpoint, Deed, LastHeader, LicenceReceipt, OperationReceipt, Receipt, StateHeader,
    TaskReceipt, Vote, Work, receipt_from,
)
from althing.strict_json import JSONFailure, parse

#: A longer file is refused unread.
SIZE_LIMIT = 4_194_304

#: A longer receipt of a record, of an operation, or of a licence is refused.
RECORD_SIZE_LIMIT = 262_144
OPERATION_SIZE_LIMIT = 1_048_576
LICENCE_SIZE_LIMIT = 1_048_576

#: The parts that a verdict can name, in the order in which they are checked.
PARTS = (
    "format", "genesis", "record", "batchInclusion", "batchSignature", "operation",
    "operationSignature", "checkpointInclusion", "state", "task", "mandate", "law", "division",
    "records", "operations", "licence", "holder", "committee", "certificate", "payload",
)


@dataclass(frozen=True)
class Verdict:
    """Verified where `part` is None; else the first part that failed, and why."""

    part: Optional[str]
    detail: str

    @property
    def verified(self) -> bool:
        """Whether every check held."""
        return self.part is None


def verify(
    data: bytes, chain: Optional[bytes] = None, payload: Optional[bytes] = None
) -> Verdict:
    """Checks the receipt file `data`, of any content: of a record, an operation, a task
    or a licence.

    `chain` is the trusted digest of the genesis, 32 bytes; without it the receipt only shows that
    some chain holds the record. `payload` is the record's payload, where it is at hand; other
    receipts have none, and it is not looked at.
    """
    if chain is not None and len(chain) != 32:
        raise ValueError("the trusted chain is a digest of 32 bytes")
    if len(data) > SIZE_LIMIT:
        return Verdict("format", f"{len(data)} bytes, over {SIZE_LIMIT}")
    try:
        receipt = receipt_from(parse(data))
    except (JSONFailure, FormFailure) as failure:
        return Verdict("format", str(failure))
    limit = _LIMITS.get(type(receipt))
    if limit is not None and len(data) > limit:
        return Verdict("format", f"{len(data)} bytes, over {limit}")
    return _judge(receipt, chain, payload)


def _judge(receipt: _Any, chain: Optional[bytes], payload: Optional[bytes]) -> Verdict:
    checks: _Checks = [("genesis", lambda: _genesis_fault(receipt, chain))]
    if isinstance(receipt, Receipt):
        checks += _record_checks(receipt)
    elif isinstance(receipt, OperationReceipt):
        checks += _operation_checks(receipt)
    elif isinstance(receipt, LicenceReceipt):
        checks += _licence_checks(receipt)
    else:
        checks += _task_checks(receipt)
    checks += [
        ("committee", lambda: _committee_fault(receipt)),
        ("certificate", lambda: _certificate_fault(receipt)),
    ]
    if isinstance(receipt, Receipt):
        checks.append(("payload", lambda: _payload_fault(receipt, payload)))
    for part, fault in checks:
        reason = fault()
        if reason is not None:
            return Verdict(part, reason)
    return Verdict(None, "every check held")


_AnyHeader = Union[Checkpoint, LastHeader, StateHeader]
_Checks = List[Tuple[str, Callable[[], Optional[str]]]]
_Any = Union[Receipt, OperationReceipt, TaskReceipt, LicenceReceipt]
_LIMITS = {
    Receipt: RECORD_SIZE_LIMIT, OperationReceipt: OPERATION_SIZE_LIMIT,
    LicenceReceipt: LICENCE_SIZE_LIMIT,
}


def _licence_checks(receipt: LicenceReceipt) -> _Checks:
    return [
        ("state", lambda: licence.state_fault(receipt)),
        ("licence", lambda: licence.licence_fault(receipt)),
        ("holder", lambda: licence.holder_fault(receipt)),
    ]


def _task_checks(receipt: TaskReceipt) -> _Checks:
    return [
        ("state", lambda: task.state_fault(receipt)),
        ("task", lambda: task.task_fault(receipt)),
        ("mandate", lambda: task.mandate_fault(receipt)),
        ("law", lambda: task.law_fault(receipt)),
        ("division", lambda: task.division_fault(receipt)),
        ("records", lambda: _records_fault(receipt)),
        ("operations", lambda: _operations_fault(receipt)),
    ]


def _records_fault(receipt: TaskReceipt) -> Optional[str]:
    """Each record's receipt holds, and is of the worker for this task; in order of digests."""
    found = task.task_of(receipt)
    assert found is not None
    last = b""
    for number, work in enumerate(receipt.records, 1):
        verdict = _judge(_whole(receipt, work), receipt.chain, None)
        if not verdict.verified:
            return f"record {number}: {verdict.part}: {verdict.detail}"
        record = work.record
        if record.task != found.identifier[:16] or record.agent != found.worker:
            return f"record {number} is not one of the worker for this task"
        if last >= record.digest:
            return "the records are not in order of their digests"
        last = record.digest
    return None


def _operations_fault(receipt: TaskReceipt) -> Optional[str]:
    """Each operation's receipt holds, and is about the task; in the order of their places."""
    found = task.task_of(receipt)
    assert found is not None
    shown: List[bytes] = []
    last = (-1, -1)
    for number, deed in enumerate(receipt.operations, 1):
        verdict = _judge(_whole_operation(receipt, deed), receipt.chain, None)
        if not verdict.verified:
            return f"operation {number}: {verdict.part}: {verdict.detail}"
        if not task.is_about(found, deed.operation.command, shown):
            return f"operation {number} is not about the task"
        place = (deed.checkpoint.height, deed.checkpoint.index)
        if place <= last:
            return "the operations are not in their order"
        last = place
        shown.append(deed.operation.digest)
    return None


def _whole_operation(receipt: TaskReceipt, deed: Deed) -> OperationReceipt:
    """The receipt of an operation of a task's receipt."""
    return OperationReceipt(
        1, receipt.chain, receipt.genesis, deed.operation, deed.checkpoint, deed.certificate,
        deed.steps)


def _whole(receipt: TaskReceipt, work: Work) -> Receipt:
    """The receipt of a record of a task's receipt."""
    return Receipt(
        1, receipt.chain, receipt.genesis, work.record, work.batch, work.checkpoint,
        work.certificate, work.steps)


def _record_checks(receipt: Receipt) -> _Checks:
    item = encoding.item_digest(encoding.batch_digest(receipt.chain, receipt.batch))
    return [
        ("record", lambda: _record_fault(receipt)),
        ("batchInclusion", lambda: _batch_inclusion_fault(receipt)),
        ("batchSignature", lambda: _batch_signature_fault(receipt)),
        ("checkpointInclusion", lambda: _checkpoint_inclusion_fault(receipt, item)),
    ]


def _operation_checks(receipt: OperationReceipt) -> _Checks:
    item = encoding.operation_item_digest(receipt.operation)
    return [
        ("operation", lambda: _operation_fault(receipt)),
        ("operationSignature", lambda: _operation_signature_fault(receipt)),
        ("checkpointInclusion", lambda: _checkpoint_inclusion_fault(receipt, item)),
    ]


def _operation_fault(receipt: OperationReceipt) -> Optional[str]:
    found = encoding.operation_digest(receipt.chain, receipt.operation)
    if found != receipt.operation.digest:
        claimed = receipt.operation.digest.hex()
        return f"the operation has the digest {found.hex()}, not {claimed}"
    return None


def _operation_signature_fault(receipt: OperationReceipt) -> Optional[str]:
    operation = receipt.operation
    message = b"althing operation v1" + operation.digest
    if not _is_signed(message, operation.signature, operation.key):
        return "operation.signature is not a signature of the operation by operation.key"
    return None


def _genesis_fault(receipt: _Any, trusted: Optional[bytes]) -> Optional[str]:
    found = encoding.genesis_digest(receipt.genesis)
    if found != receipt.chain:
        return f"the genesis has the digest {found.hex()}, not {receipt.chain.hex()}"
    if trusted is not None and trusted != receipt.chain:
        return f"the chain is {receipt.chain.hex()}, the trusted one {trusted.hex()}"
    return None


def _record_fault(receipt: Receipt) -> Optional[str]:
    found = encoding.record_digest(receipt.record)
    if found != receipt.record.digest:
        return f"the record has the digest {found.hex()}, not {receipt.record.digest.hex()}"
    return None


def _batch_inclusion_fault(receipt: Receipt) -> Optional[str]:
    batch = receipt.batch
    if batch.index >= batch.count:
        return f"index {batch.index} of {batch.count} records"
    leaf = receipt.record.digest
    if not tree.includes(batch.root, leaf, batch.index, batch.count, batch.path):
        return "the path does not lead from the record to batch.root"
    return None


def _batch_signature_fault(receipt: Receipt) -> Optional[str]:
    message = b"althing batch v1" + encoding.batch_digest(receipt.chain, receipt.batch)
    if not _is_signed(message, receipt.batch.signature, receipt.batch.key):
        return "batch.signature is not a signature of the batch by batch.key"
    return None


def _checkpoint_inclusion_fault(receipt: Union[Receipt, OperationReceipt], item: bytes) -> Optional[str]:
    checkpoint = receipt.checkpoint
    if checkpoint.index >= checkpoint.items:
        return f"index {checkpoint.index} of {checkpoint.items} items"
    place, count = checkpoint.index, checkpoint.items
    if not tree.includes(checkpoint.items_root, item, place, count, checkpoint.path):
        return "the path does not lead from the item to checkpoint.itemsRoot"
    return None


def _committee_fault(receipt: _Any) -> Optional[str]:
    """Walks the steps from the committee of the genesis."""
    validators = receipt.genesis.validators
    before: Optional[LastHeader] = None
    for number, step in enumerate(receipt.steps, 1):
        header = step.checkpoint
        fault = _signature_fault(receipt.chain, header, step.certificate, validators)
        if fault is not None:
            return f"step {number}: {fault}"
        if before is not None and not _is_later(receipt.chain, header, before):
            return f"step {number} does not come after the one before"
        if header.next != encoding.committee_digest(step.validators):
            return f"step {number} has other validators than its checkpoint names"
        validators, before = step.validators, header
    if before is not None and not _is_later(receipt.chain, receipt.checkpoint, before):
        return "the checkpoint does not come after the last step"
    return None


def _is_later(chain: bytes, header: _AnyHeader, before: LastHeader) -> bool:
    """Whether `header` can come after `before`, the last checkpoint of an epoch."""
    if not (header.epoch > before.epoch and header.height > before.height
            and header.time > before.time):
        return False
    if header.height > before.height + 1:
        return True
    previous = encoding.checkpoint_digest(chain, before)
    return header.epoch == before.epoch + 1 and header.previous == previous


def _certificate_fault(receipt: _Any) -> Optional[str]:
    steps = receipt.steps
    validators = steps[-1].validators if steps else receipt.genesis.validators
    return _signature_fault(receipt.chain, receipt.checkpoint, receipt.certificate, validators)


def _signature_fault(
    chain: bytes, header: _AnyHeader, votes: Sequence[Vote],
    validators: Sequence[bytes],
) -> Optional[str]:
    """Why `votes` are no certificate of the header by the committee of these keys."""
    if header.committee != encoding.committee_digest(validators):
        return "checkpoint.committee is not the committee that is to sign"
    message = b"althing checkpoint v1" + encoding.checkpoint_digest(chain, header)
    for vote in votes:
        if vote.validator >= len(validators):
            return f"validator {vote.validator} of {len(validators)}"
        if not _is_signed(message, vote.signature, validators[vote.validator]):
            return f"the signature of validator {vote.validator} is not one of the checkpoint"
    quorum = 2 * len(validators) // 3 + 1
    if len(votes) < quorum:
        return f"{len(votes)} signatures of {len(validators)} validators, {quorum} needed"
    return None


def _payload_fault(receipt: Receipt, payload: Optional[bytes]) -> Optional[str]:
    if payload is None:
        return None
    claimed = receipt.record.payload
    if len(payload) != claimed.size:
        return f"the payload has {len(payload)} bytes, not {claimed.size}"
    found = encoding.plain_digest(payload)
    if found != claimed.digest:
        return f"the payload has the digest {found.hex()}, not {claimed.digest.hex()}"
    return None


def _is_signed(message: bytes, signature: bytes, key: bytes) -> bool:
    """Ed25519 by the strict rules of libsodium, which PyNaCl carries."""
    try:
        VerifyKey(key).verify(message, signature)
    except BadSignatureError:
        return False
    return True
