"""Inclusion paths in the trees of record.md, section 3."""

from __future__ import annotations

from typing import Sequence

from althing.encoding import digest


def includes(root: bytes, leaf: bytes, index: int, count: int, path: Sequence[bytes]) -> bool:
    """Whether `path` leads from `leaf` at `index` of `count` leaves to `root` (RFC 9162 §2.1.3.2).

    `index` must be below `count`.
    """
    node, last = leaf, count - 1
    for sibling in path:
        if last == 0:
            return False
        if index % 2 == 1 or index == last:
            node = _parent(sibling, node)
            while index % 2 == 0 and index != 0:
                index, last = index // 2, last // 2
        else:
            node = _parent(node, sibling)
        index, last = index // 2, last // 2
    return last == 0 and node == root


def _parent(left: bytes, right: bytes) -> bytes:
    return digest("althing 2026 node v1", left + right)
