"""The command `althing-verify`: exit status 0 verified, 1 refused, 2 usage or unreadable file."""

from __future__ import annotations

import argparse
import json
import sys
from typing import List, Optional

from althing.verification import SIZE_LIMIT, Verdict, verify

_EXAMPLE = "example: althing-verify receipt.json --chain 6d1f...e2 --payload span.bin"


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs the command and returns its exit status."""
    options = _parser().parse_args(arguments)
    try:
        # One byte over the limit is enough to be refused for it.
        data = _read(options.file, SIZE_LIMIT + 1)
        payload = _read(options.payload) if options.payload else None
    except OSError as failure:
        print(f"althing-verify: {failure}", file=sys.stderr)
        return 2
    verdict = verify(data, chain=options.chain, payload=payload)
    print(_json(verdict) if options.json else _line(verdict))
    return 0 if verdict.verified else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="althing-verify", description="Checks an Althing receipt offline.", epilog=_EXAMPLE)
    parser.add_argument("file", metavar="FILE", help="the receipt; - reads standard input")
    parser.add_argument("--chain", metavar="HEX", type=_digest,
                        help="the genesis digest you trust, 64 hexadecimal digits")
    parser.add_argument("--payload", metavar="FILE", help="the record's payload, checked as well")
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
    return parser


def _digest(text: str) -> bytes:
    """Argument of --chain."""
    try:
        digest = bytes.fromhex(text)
    except ValueError:
        digest = b""
    if len(text) != 64 or len(digest) != 32:
        raise argparse.ArgumentTypeError("not 64 hexadecimal digits")
    return digest


def _read(path: str, most: int = -1) -> bytes:
    if path == "-":
        return sys.stdin.buffer.read(most)
    with open(path, "rb") as file:
        return file.read(most)


def _line(verdict: Verdict) -> str:
    if verdict.verified:
        return f"verified: {verdict.detail}"
    return f"refused: {verdict.part}: {verdict.detail}"


def _json(verdict: Verdict) -> str:
    return json.dumps(
        {"verified": verdict.verified, "part": verdict.part, "detail": verdict.detail})


if __name__ == "__main__":
    sys.exit(main())
