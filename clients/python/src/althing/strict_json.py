"""A strict RFC 8259 parser: no repeated member, no lone surrogate, numbers kept as written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Dict, List

#: A receipt nests three deep; anything deeper cannot be one.
DEPTH_LIMIT = 8

_WHITE_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_FOUR_HEX = re.compile(r"[0-9a-fA-F]{4}")
_LITERALS = {"true": True, "false": False, "null": None}
_ESCAPES = {
    '"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
}


class JSONFailure(ValueError):
    """The text is not JSON; the message says why and at which character."""


@dataclass(frozen=True)
class Number:
    """A JSON number as it was spelled."""

    text: str


def parse(data: bytes) -> Any:
    """The one JSON value of `data`: dict, list, str, Number, bool or None.

    Raises JSONFailure for anything that is not UTF-8 JSON with distinct member names.
    """
    try:
        text = data.decode("utf-8", errors="strict")
    except UnicodeDecodeError as failure:
        raise JSONFailure(f"invalid UTF-8 at byte {failure.start}") from None
    parser = _Parser(text)
    value = parser.value(0)
    parser.skip()
    if parser.at != len(text):
        parser.refuse("text after the value")
    return value


class _Parser:
    """A position in a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def refuse(self, reason: str) -> None:
        raise JSONFailure(f"{reason} at character {self.at}")

    def skip(self) -> None:
        """Moves over white space."""
        match = _WHITE_SPACE.match(self.text, self.at)
        assert match is not None
        self.at = match.end()

    def take(self, token: str) -> bool:
        """Moves over white space and `token`, if that is what comes next."""
        self.skip()
        if not self.text.startswith(token, self.at):
            return False
        self.at += len(token)
        return True

    def need(self, token: str) -> None:
        if not self.take(token):
            self.refuse(f"expected {token!a}")

    def value(self, depth: int) -> Any:
        if depth > DEPTH_LIMIT:
            self.refuse("nested too deeply")
        self.skip()
        head = self.text[self.at:self.at + 1]
        if head == "{":
            return self.object(depth)
        if head == "[":
            return self.array(depth)
        if head == '"':
            return self.string()
        for word, meaning in _LITERALS.items():
            if self.take(word):
                return meaning
        return self.number()

    def object(self, depth: int) -> Dict[str, Any]:
        self.need("{")
        members: Dict[str, Any] = {}
        if self.take("}"):
            return members
        while True:
            self.skip()
            name = self.string()
            if name in members:
                self.refuse(f"repeated member {name!a}")
            self.need(":")
            members[name] = self.value(depth + 1)
            if self.take("}"):
                return members
            self.need(",")

    def array(self, depth: int) -> List[Any]:
        self.need("[")
        elements: List[Any] = []
        if self.take("]"):
            return elements
        while True:
            elements.append(self.value(depth + 1))
            if self.take("]"):
                return elements
            self.need(",")

    def number(self) -> Number:
        match = _NUMBER.match(self.text, self.at)
        if match is None:
            self.refuse("expected a value")
            raise AssertionError
        self.at = match.end()
        return Number(match.group())

    def string(self) -> str:
        if self.text[self.at:self.at + 1] != '"':
            self.refuse("expected a string")
        self.at += 1
        pieces: List[str] = []
        while True:
            match = _PLAIN.match(self.text, self.at)
            assert match is not None
            pieces.append(match.group())
            self.at = match.end()
            head = self.text[self.at:self.at + 1]
            self.at += 1
            if head == '"':
                return "".join(pieces)
            if head != "\\":
                self.refuse("control character or end of text in a string")
            pieces.append(self.escape())

    def escape(self) -> str:
        """What the escape after a backslash stands for."""
        head = self.text[self.at:self.at + 1]
        self.at += 1
        if head == "u":
            return self.code_point()
        if head not in _ESCAPES:
            self.refuse("unknown escape")
        return _ESCAPES[head]

    def code_point(self) -> str:
        """One \\u escape, or two that form a surrogate pair."""
        unit = self.code_unit()
        if not 0xD800 <= unit < 0xE000:
            return chr(unit)
        if unit >= 0xDC00 or not self.text.startswith("\\u", self.at):
            self.refuse("lone surrogate")
        self.at += 2
        low = self.code_unit()
        if not 0xDC00 <= low < 0xE000:
            self.refuse("lone surrogate")
        return chr(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))

    def code_unit(self) -> int:
        match = _FOUR_HEX.match(self.text, self.at)
        if match is None:
            self.refuse("expected four hexadecimal digits")
            raise AssertionError
        self.at = match.end()
        return int(match.group(), 16)
