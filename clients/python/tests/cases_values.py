"""Numbers, digits, names and lengths that do not have the form of their member."""

from case import Case, compact, dashed, edited, named, replaced, usual, with_value
from maker import Chain, Forge, filler

NUMBERS = {
    "point-zero": b"1.0", "leading-zero": b"01", "negative": b"-1", "negative-zero": b"-0",
    "zero-exponent": b"0e0", "exponent": b"1e0", "capital-exponent": b"1E0",
    "exponent-plus": b"1e+0", "plus": b"+1", "hexadecimal": b"0x1", "string": b'"1"',
    "true": b"true", "null": b"null", "not-a-number": b"NaN", "infinity": b"Infinity",
    "fraction": b"0.5", "only-point": b".5", "point-at-end": b"1.", "underscore": b"1_0",
    "suffix": b"1n", "2-to-64": b"18446744073709551616", "2-to-64-plus-1": b"18446744073709551617",
    "2-to-32": b"4294967296", "2-to-53-plus-1": b"9007199254740993",
    "5000-digits": b"1" * 5_000, "wide-digit": "\uff11".encode(), "two-zeros": b"00",
    "tiny": b"1e-400", "huge": b"1e400",
}

QUANTITIES = {
    "empty": "", "leading-zero": "01200", "two-zeros": "00", "plus": "+1200", "negative": "-1200",
    "negative-zero": "-0", "point-zero": "1200.0", "exponent": "12e2", "hexadecimal": "0x4b0",
    "space-before": " 1200", "space-after": "1200 ", "newline-after": "1200\n",
    "nul-after": "1200\0",
    "underscore": "1_200", "comma": "1,200", "wide-digits": "\uff11\uff12\uff10\uff10",
    "arabic-digits": "\u0661\u0662\u0660\u0660", "superscript": "\u00b9", "letters": "many",
    "2-to-64": str(2**64), "2-to-64-and-the-value": str(2**64 + 1200), "2-to-128": str(2**128),
    "5000-digits": "9" * 5_000, "combining": "1200\u0301",
}

DIGITS = {
    "capital": lambda text: text.upper(), "one-capital": lambda text: one_capital(text),
    "short-by-one": lambda text: text[:-1], "short-by-two": lambda text: text[:-2],
    "long-by-two": lambda text: text + "00", "empty": lambda text: "",
    "prefixed": lambda text: "0x" + text[2:], "newline-after": lambda text: text + "\n",
    "newline-last": lambda text: text[:-1] + "\n", "spaced": lambda text: " " + text[1:],
    "letter-g": lambda text: text[:-1] + "g", "wide-digit": lambda text: "\uff10" + text[1:],
    "colon": lambda text: text[:-1] + ":", "backquote": lambda text: text[:-1] + "`",
    "combining": lambda text: text[:-1] + "\u0301", "nul-last": lambda text: text[:-1] + "\0",
}


def one_capital(text):
    place = next(at for at, digit in enumerate(text) if digit.isalpha())
    return text[:place] + text[place].upper() + text[place + 1:]


def cases():
    yield from numbers()
    yield from quantities()
    yield from digits()
    yield from words()
    yield from lengths()
    yield from chains()


def numbers():
    for fault, spelling in NUMBERS.items():
        yield Case(f"count-{fault}", replaced(b'"count":2', b'"count":' + spelling), "format")
    for path, values in {
        ("batch", "count"): [0, 65_537], ("batch", "index"): [65_536],
        ("checkpoint", "items"): [0, 1_048_577], ("checkpoint", "index"): [1_048_576],
        ("certificate", 0, "validator"): [128],
    }.items():
        for value in values:
            yield Case(f"range-{dashed(path)}-{value}", with_value(path, value), "format")
    yield Case("index-negative-zero", with_text(("batch", "index"), b"-0"), "format")
    yield Case("index-point-zero", with_text(("batch", "index"), b"0.0"), "format")
    data = with_text(("certificate", 0, "validator"), b"-0")
    yield Case("validator-negative-zero", data, "format")
    yield Case("items-point-zero", with_text(("checkpoint", "items"), b"2.0"), "format")
    yield Case("items-exponent", with_text(("checkpoint", "items"), b"2e0"), "format")


def with_text(path, spelling):
    marked = compact(edited(usual(), path, lambda _: "<here>"))
    return replaced(b'"<here>"', spelling, marked)


def quantities():
    for fault, spelling in QUANTITIES.items():
        if fault == "2-to-128":
            continue
        yield Case(f"gas-{fault}", with_value(("record", "gas"), spelling), "format")
    for path in [("genesis", "created"), ("record", "start"), ("record", "tokens", "cached"),
                 ("record", "payload", "size"), ("batch", "sequence"), ("batch", "closed"),
                 ("checkpoint", "time"), ("checkpoint", "epoch")]:
        yield Case(f"{dashed(path)}-2-to-64", with_value(path, str(2**64)), "format")
    for fault in ("2-to-128", "leading-zero", "negative", "5000-digits"):
        yield Case(f"cost-{fault}", with_value(("record", "cost"), QUANTITIES[fault]), "format")


def digits():
    for fault, spoil in DIGITS.items():
        data = compact(edited(usual(), ("record", "agent"), spoil))
        yield Case(f"agent-{fault}", data, "format")
    for path in [("chain",), ("genesis", "validators", 0), ("record", "run"), ("record", "caller"),
                 ("record", "parents", 0), ("batch", "signature"), ("batch", "path", 0),
                 ("checkpoint", "path", 0), ("certificate", 0, "signature")]:
        for fault in ("one-capital", "long-by-two"):
            data = compact(edited(widened(), path, DIGITS[fault]))
            yield Case(f"{dashed(path)}-{fault}", data, "format")


def widened():
    """The usual receipt with a letter in every digest that could lack one."""
    return edited(usual(), ("record", "caller"), lambda _: "00000000000000ab")


def words():
    for value in ["Run", "RUN", "", "run ", "run\0", "toString", "__proto__", "constructor", "1",
                  "model_call", "r\u0301un", "success"]:
        shown = {"": "empty", "run ": "space", "run\0": "nul", "r\u0301un": "combining"}
        data = with_value(("record", "kind"), value)
        yield Case(f"kind-word-{shown.get(value, value)}", data, "format")
    for value in ["Success", "hasOwnProperty", "error", "run"]:
        yield Case(f"outcome-word-{value}", with_value(("record", "outcome"), value), "format")
    for value in ["Althing-receipt-v1", "althing-receipt-v1 ", "althing-receipt-v1\0", ""]:
        shown = {"althing-receipt-v1 ": "space", "althing-receipt-v1\0": "nul", "": "empty"}
        data = with_value(("format",), value)
        yield Case(f"format-word-{shown.get(value, value)}", data, "format")


def lengths():
    """Arrays and names too short or too long; the receipt is right in all else."""
    for fault, name in {
        "empty": "", "65-bytes": "n" * 65, "65-bytes-in-64-characters": "n" * 63 + "\u00e9",
        "68-bytes-in-17-characters": "\U0001f9ea" * 17, "nul": "a\0b", "unit-separator": "a\x1fb",
        "newline": "a\nb", "newline-combining": "a\n\u0301b", "carriage-return-newline": "a\r\nb",
    }.items():
        yield Case(f"chain-name-{fault}", named(name), "format")
    forge = Forge(items=1)
    many = [filler(f"parent {each}").hex() for each in range(257)]
    forge.alter_record = lambda made: made.update(parents=many)
    yield Case("parents-257", compact(forge.make()[0]), "format")
    siblings = [filler(f"sibling {each}").hex() for each in range(21)]
    yield Case("batch-path-17", with_value(("batch", "path"), siblings[:17]), "format")
    yield Case("checkpoint-path-21", with_value(("checkpoint", "path"), siblings), "format")
    yield Case("certificate-empty", with_value(("certificate",), []), "format")
    yield Case("validators-empty", with_value(("genesis", "validators"), []), "format")
    crowd = Forge(Chain(129), items=1)
    crowd.voters = range(1)
    yield Case("validators-129", compact(crowd.make()[0]), "format")


def chains():
    """Validators named twice, signatures out of order."""
    keys = Chain(2).keys
    twins = Forge(Chain(3, keys=[keys[0], keys[1], keys[0]]), items=1)
    yield Case("validators-repeated", compact(twins.make()[0]), "format")
    four = Forge(Chain(4), items=1)
    for fault, voters in {"unsorted": [0, 2, 1], "reversed": [3, 2, 1, 0], "repeated": [0, 1, 1, 2],
                          "repeated-apart": [0, 1, 2, 0]}.items():
        four.voters = voters
        yield Case(f"certificate-{fault}", compact(four.make()[0]), "format")
