"""Readers that turn parsed JSON into typed values and refuse every other spelling."""

from __future__ import annotations

import re
from dataclasses import MISSING, Field, field, fields
from typing import Any, Callable, Dict, List, Tuple, Type, TypeVar

from althing.strict_json import Number

Reader = Callable[[Any, str], Any]
T = TypeVar("T")

_HEX = re.compile(r"[0-9a-f]*")
_DECIMAL = re.compile(r"0|[1-9][0-9]*")


class FormFailure(ValueError):
    """A member has not the form that receipt.md gives it; the message begins with its path."""


def member(reader: Reader) -> Any:
    """A dataclass field that is read from the JSON member of the same name in camelCase."""
    return field(metadata={"read": reader})


def optional(reader: Reader, absent: Any) -> Any:
    """As `member`, for one that may be left out: then the field is `absent`."""
    return field(default=absent, metadata={"read": reader})


def json_name(attribute: "Field[Any]") -> str:
    """`items_root` is the member `itemsRoot`."""
    head, *rest = attribute.name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def members(kind: Type[T]) -> Reader:
    """An object with exactly the members that the dataclass `kind` declares."""
    declared: Tuple["Field[Any]", ...] = fields(kind)  # type: ignore[arg-type]
    attributes = {json_name(each): each for each in declared}

    def read(value: Any, path: str) -> T:
        if not isinstance(value, dict):
            raise FormFailure(f"{path}: not an object")
        for name in value:
            if name not in attributes:
                raise FormFailure(f"{path}: unknown member {name!a}")
        values: Dict[str, Any] = {}
        for name, attribute in attributes.items():
            if name not in value:
                if attribute.default is MISSING:
                    raise FormFailure(f"{path}: no member {name!a}")
                continue
            values[attribute.name] = attribute.metadata["read"](value[name], f"{path}.{name}")
        return kind(**values)

    return read


def array(reader: Reader, least: int, most: int) -> Reader:
    """A tuple of `least` to `most` elements."""

    def read(value: Any, path: str) -> Tuple[Any, ...]:
        if not isinstance(value, list):
            raise FormFailure(f"{path}: not an array")
        if not least <= len(value) <= most:
            raise FormFailure(f"{path}: {len(value)} elements, not {least} to {most}")
        return tuple(reader(each, f"{path}[{index}]") for index, each in enumerate(value))

    return read


def hexadecimal(width: int) -> Reader:
    """`width` bytes, written as twice as many lower-case digits."""

    def read(value: Any, path: str) -> bytes:
        text = _string(value, path)
        if len(text) != 2 * width or not _HEX.fullmatch(text):
            raise FormFailure(f"{path}: not {2 * width} lower-case hexadecimal digits")
        return bytes.fromhex(text)

    return read


def octets(least: int, most: int) -> Reader:
    """`least` to `most` bytes, written as twice as many lower-case digits."""

    def read(value: Any, path: str) -> bytes:
        text = _string(value, path)
        if len(text) % 2 or not _HEX.fullmatch(text) or not least <= len(text) // 2 <= most:
            raise FormFailure(f"{path}: not {least} to {most} bytes in lower-case digits")
        return bytes.fromhex(text)

    return read


def nonzero(value: Any, path: str) -> bytes:
    """A digest that is not all zero."""
    digest: bytes = hexadecimal(32)(value, path)
    if not any(digest):
        raise FormFailure(f"{path}: zero")
    return digest


def distinct(reader: Reader) -> Reader:
    """An array without the same element twice."""

    def read(value: Any, path: str) -> Tuple[Any, ...]:
        elements: Tuple[Any, ...] = reader(value, path)
        if len(set(elements)) != len(elements):
            raise FormFailure(f"{path}: the same element twice")
        return elements

    return read


def unsigned(bits: int) -> Reader:
    """A string with the decimal digits of an integer below 2^bits."""
    longest = len(str(1 << bits))

    def read(value: Any, path: str) -> int:
        text = _string(value, path)
        if len(text) > longest or not _DECIMAL.fullmatch(text) or int(text) >> bits:
            raise FormFailure(f"{path}: not an integer below 2^{bits} in decimal digits")
        return int(text)

    return read


def within(least: int, most: int) -> Reader:
    """As `unsigned(64)`, from `least` to `most`."""

    def read(value: Any, path: str) -> int:
        number: int = unsigned(64)(value, path)
        if not least <= number <= most:
            raise FormFailure(f"{path}: not from {least} to {most}")
        return number

    return read


def other_than(left_out: Any, reader: Reader) -> Reader:
    """A value that is never spelt: `left_out` stands for its absence."""

    def read(value: Any, path: str) -> Any:
        found = reader(value, path)
        if found == left_out:
            raise FormFailure(f"{path}: must be left out")
        return found

    return read


def below(limit: int, least: int = 0) -> Reader:
    """A JSON number in digits only, `least` <= number < `limit`."""

    def read(value: Any, path: str) -> int:
        if not isinstance(value, Number) or not _DECIMAL.fullmatch(value.text):
            raise FormFailure(f"{path}: not a number in plain decimal digits")
        if len(value.text) > len(str(limit)) or not least <= int(value.text) < limit:
            raise FormFailure(f"{path}: not in {least}..<{limit}")
        return int(value.text)

    return read


def one_of(names: List[str]) -> Reader:
    """A name of a closed list; the result is its place in the list, from 1."""

    def read(value: Any, path: str) -> int:
        if _string(value, path) not in names:
            raise FormFailure(f"{path}: not one of {', '.join(names)}")
        return names.index(value) + 1

    return read


def title(value: Any, path: str) -> bytes:
    """1 to 64 bytes of UTF-8, no character below U+0020."""
    text = _string(value, path)
    encoded = text.encode("utf-8")
    if not 1 <= len(encoded) <= 64:
        raise FormFailure(f"{path}: {len(encoded)} bytes, not 1 to 64")
    if min(text) < " ":
        raise FormFailure(f"{path}: holds a control character")
    return encoded


def _string(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise FormFailure(f"{path}: not a string")
    return value
