"""What the receipt of a licence shows (receipt.md, section 7)."""

from __future__ import annotations

from typing import Optional

from althing import encoding
from althing.receipt import LicenceReceipt

_OWNER, _AGENT, _LICENCE = 1, 2, 47
#: Bytes of a licence's value.
_SIZE = 217


def state_fault(receipt: LicenceReceipt) -> Optional[str]:
    """Both entries are in the state of the checkpoint."""
    root = receipt.checkpoint.state_root
    for name, entry in [("licence", receipt.licence), ("holder", receipt.holder)]:
        if encoding.state_root(entry.key, entry.value, entry.path) != root:
            return f"the entry {name} is not in the state of the checkpoint"
    return None


def licence_fault(receipt: LicenceReceipt) -> Optional[str]:
    """It is a licence, and has not ended at the time of the checkpoint."""
    key, value = receipt.licence.key, receipt.licence.value
    if key[0] != _LICENCE or len(value) != _SIZE or value[:32] != key[1:]:
        return "the first entry is not that of a licence"
    until = int.from_bytes(value[208:216], "little")
    if until != 0 and receipt.checkpoint.time >= until:
        return "the licence ended before the checkpoint"
    return None


def holder_fault(receipt: LicenceReceipt) -> Optional[str]:
    """The other entry is that of whoever holds the licence."""
    key, value = receipt.holder.key, receipt.holder.value
    named = receipt.licence.value[104:136]
    if key[0] not in (_OWNER, _AGENT) or value[:32] != key[1:] or key[1:] != named:
        return "the second entry is not that of the holder"
    return None
