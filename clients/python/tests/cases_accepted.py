"""Receipts that must be accepted: shapes of batches, checkpoints and committees, and limits."""

from case import Case, compact, named, replaced, usual, whole
from maker import Chain, Forge, filler

SHAPES = [
    # validators, records, record, items, item
    (1, 1, 0, 1, 0), (1, 2, 0, 2, 1), (1, 2, 1, 2, 0), (1, 3, 0, 3, 0), (1, 3, 1, 3, 1),
    (1, 3, 2, 3, 2), (1, 5, 0, 5, 4), (1, 5, 3, 5, 3), (1, 5, 4, 6, 5), (1, 512, 0, 7, 6),
    (1, 512, 255, 4, 2), (1, 512, 511, 8, 7), (4, 1, 0, 1, 0), (4, 2, 1, 3, 2), (4, 3, 2, 5, 0),
    (4, 5, 4, 2, 1), (4, 512, 300, 11, 10), (1, 65_536, 65_535, 1_048_576, 1_048_575),
    (1, 65_535, 65_534, 1_048_575, 1_048_574), (1, 40_000, 39_999, 600_000, 599_999),
    (1, 32_769, 32_768, 524_289, 524_288),
]

NAMES = {
    "64-bytes": "n" * 64,
    "64-bytes-in-16-characters": "\U0001f9ea" * 16,
    "composed": "Al\u00feing \u00e9",
    "decomposed": "Al\u00feing e\u0301",
    "delete": "a\u007fb",
    "c1-control": "a\u0085b",
    "line-separator": "a\u2028b",
    "noncharacter": "a\uffffb",
    "byte-order-mark": "\ufeffa",
    "space": " ",
    "right-to-left": "\u202eabc",
    "family": "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "member": "__proto__",
}


def cases():
    yield from shapes()
    yield from committees()
    yield from extremes()
    yield from texts()
    yield from escapes()
    for fault, name in NAMES.items():
        yield Case(f"name-{fault}", named(name))


def shapes():
    for validators, count, index, items, item in SHAPES:
        forge = Forge(Chain(validators), count, index, items, item)
        receipt, payload = forge.make()
        name = f"validators-{validators}-record-{index}-of-{count}-item-{item}-of-{items}"
        yield Case(name, compact(receipt))
        if index == 0:
            yield Case(f"{name}-pinned", compact(receipt), chain=forge.chain.digest)
            yield Case(f"{name}-payload", compact(receipt), payload=payload)
            yield Case(
                f"{name}-pinned-payload", compact(receipt), None, forge.chain.digest, payload)


def committees():
    """The fewest signatures that are enough."""
    for count, voters in [(2, [0, 1]), (3, [0, 1, 2]), (4, [0, 1, 3]), (4, [1, 2, 3]),
                          (5, [0, 2, 3, 4]), (6, [0, 1, 2, 3, 5]), (7, [2, 3, 4, 5, 6])]:
        forge = Forge(Chain(count), items=1)
        forge.voters = voters
        picked = "".join(str(each) for each in voters)
        yield Case(f"quorum-{picked}-of-{count}", compact(forge.make()[0]))


def extremes():
    """Numbers at both ends, and the largest receipt there can be."""
    def fill(value, wide):
        def alter(made):
            for name in ("start", "duration", "compute", "memory", "gas"):
                made[name] = value
            made["tokens"] = {name: value for name in made["tokens"]}
            made["cost"] = wide
        return alter

    top = str(2**64 - 1)
    for name, value, wide in [("zero", "0", "0"), ("greatest", top, str(2**128 - 1))]:
        forge = Forge()
        forge.alter_record = fill(value, wide)
        forge.alter_batch = lambda made, v=value: made.update(sequence=v, closed=v)
        forge.alter_checkpoint = lambda made, v=value: made.update(
            epoch=v, height=v, time=v, records=v)
        forge.chain = Chain(created=int(value))
        yield Case(f"numbers-{name}", compact(forge.make()[0]))
    yield Case("empty-payload", *empty_payload())
    yield Case("largest", compact(largest()))
    yield Case("twin-parents", compact(parented([filler("twin").hex()] * 2)))


def parented(parents):
    forge = Forge(items=1)
    forge.alter_record = lambda made: made.update(parents=parents)
    return forge.make()[0]


def empty_payload():
    forge = Forge(items=1)
    digest = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
    forge.alter_record = lambda made: made.update(payload={"size": "0", "digest": digest})
    return compact(forge.make()[0]), None, None, b""


def largest():
    forge = Forge(Chain(128), 65_536, 12_345, 1_048_576, 345_678)
    parents = [filler(f"parent {each}").hex() for each in range(256)]
    forge.alter_record = lambda made: made.update(parents=parents)
    return forge.make()[0]


def texts():
    """Other spellings of the same receipt."""
    import json
    receipt, plain = usual(), compact(usual())
    pretty = json.dumps(receipt, indent="\t").replace("\n", "\r\n").encode()
    spaced = b" \t\r\n" + pretty.replace(b": ", b" \t:\r\n ") + b"\r\n"
    yield Case("white-space-of-all-kinds", spaced)
    yield Case("members-in-reverse", compact(reverse(receipt)))
    yield Case("members-sorted", json.dumps(receipt, sort_keys=True).encode())
    yield Case("262144-bytes", plain + b" " * (262_144 - len(plain)))


def reverse(value):
    if isinstance(value, dict):
        return {name: reverse(value[name]) for name in reversed(list(value))}
    return [reverse(each) for each in value] if isinstance(value, list) else value


def escapes():
    """Escapes mean what they stand for, in names of members too."""
    yield Case("escaped-member", replaced(b'"format"', b'"\\u0066orm\\u0061t"'))
    yield Case("escaped-hex", escaped_hex())
    yield Case("escaped-number", replaced(b'"epoch":"0"', b'"epoch":"\\u0030"'))
    yield Case("escaped-kind", replaced(b'"kind":"run"', b'"kind":"\\u0072\\u0075\\u006E"'))
    yield Case("escaped-name-pair", respelled("a\U0001d11eb", b"a\\ud834\\uDD1Eb"))
    yield Case("escaped-name-solidus", respelled("a/b", b"a\\/b"))
    yield Case("escaped-name-quotes", respelled('a"\\b', b'a\\u0022\\u005cb'))
    yield Case("escaped-name-combining", respelled("ae\u0301", b"ae\\u0301"))


def respelled(name, spelling):
    plain = compact(whole(chain=Chain(name=name), items=1))
    shown = compact(name)
    return replaced(b'"name":' + shown, b'"name":"' + spelling + b'"', plain)


def escaped_hex():
    digest = usual()["record"]["digest"].encode()
    letter = next(at for at, digit in enumerate(digest) if digit > ord("9"))
    spelled = digest[:letter] + b"\\u%04X" % digest[letter] + digest[letter + 1:]
    return replaced(b'"digest":"' + digest, b'"digest":"' + spelled)


