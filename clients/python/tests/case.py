"""A vector: a receipt file, what is known beside it, and the part that must be named."""

import copy
import json
from dataclasses import dataclass
from typing import Optional

from maker import Chain, Forge


@dataclass(frozen=True)
class Case:
    """`part` is None where the receipt must be accepted."""

    name: str
    data: bytes
    part: Optional[str] = None
    chain: Optional[bytes] = None
    payload: Optional[bytes] = None


def compact(receipt):
    """Compact UTF-8 JSON; characters outside ASCII stand for themselves."""
    return json.dumps(receipt, separators=(",", ":"), ensure_ascii=False).encode()


def whole(**shape):
    """A correct receipt as a dict; `shape` as for Forge."""
    return Forge(**shape).make()[0]


def usual():
    """The receipt that most refused ones are a spoiled copy of."""
    return whole(index=0)


def edited(receipt, path, change):
    """A copy in which `change` has replaced the value at `path`."""
    receipt = copy.deepcopy(receipt)
    place = receipt
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = change(place[path[-1]])
    return receipt


def with_value(path, value):
    """The usual receipt with another value at `path`."""
    return compact(edited(usual(), path, lambda _: value))


def replaced(old, new, text=None):
    """The usual receipt's text with its only `old` replaced by `new`."""
    text = compact(usual()) if text is None else text
    assert text.count(old) == 1, (old, text.count(old))
    return text.replace(old, new)


def named(name):
    """The bytes of a correct receipt of a chain with this name."""
    return compact(whole(chain=Chain(name=name), items=1))


def dashed(path):
    """`("batch", "path", 0)` is `batch-path-0`; camelCase is kept."""
    return "-".join(str(step) for step in path)
