"""Text that is not strict JSON, or not UTF-8, or too long, or too deep."""

from case import Case, compact, replaced, usual


def cases():
    for name, data in {**documents(), **tokens(), **strings(), **encodings()}.items():
        yield Case(name, data, "format")


def documents():
    text = compact(usual())
    return {
        "empty": b"",
        "only-white-space": b" \n\t\r ",
        "null": b"null",
        "in-an-array": b"[" + text + b"]",
        "in-a-string": b'"' + text.replace(b'"', b'\\"') + b'"',
        "truncated-by-one": text[:-1],
        "truncated-in-the-middle": text[:len(text) // 2],
        "truncated-in-a-member-name": text[:text.index(b'"genesis"') + 4],
        "followed-by-a-brace": text + b"}",
        "followed-by-nul": text + b"\0",
        "followed-by-text": text + b"\nx",
        "followed-by-itself": text + text,
        "followed-by-itself-on-a-line": text + b"\n" + text,
        "262145-bytes": text + b" " * (262_145 - len(text)),
        "deep-arrays": b"[" * 6_000 + b"]" * 6_000,
        "deep-arrays-open": b"[" * 10_000,
        "deep-objects-open": b'{"a":' * 3_000,
        "deep-in-an-unknown-member": replaced(
            b'"gas":"1200"', b'"gas":"1200","x":' + b"[" * 3_000 + b"]" * 3_000, text),
        "deep-in-parents": replaced(
            b'"parents":[', b'"parents":[' + b"[" * 100 + b"]" * 100 + b",", text),
    }


def tokens():
    """Liberties that other readers take."""
    text = compact(usual())

    def at_start(data):
        return data + text

    return {
        "trailing-comma-in-object": text[:-1] + b",}",
        "trailing-comma-in-array": replaced(b'}]}', b'},]}', text),
        "leading-comma": replaced(b'{"format"', b'{,"format"', text),
        "two-commas": replaced(b'"count":2,', b'"count":2,,', text),
        "no-comma": replaced(b'"count":2,', b'"count":2 ', text),
        "no-colon": replaced(b'"count":2', b'"count" 2', text),
        "equals-sign": replaced(b'"count":2', b'"count"=2', text),
        "comment-block": at_start(b"/* */"),
        "comment-line": at_start(b"//\n"),
        "comment-hash": at_start(b"#\n"),
        "single-quotes": text.replace(b'"', b"'"),
        "bare-member-name": replaced(b'"count":2', b"count:2", text),
        "number-as-member-name": replaced(b'"count":2', b'"count":2,1:2', text),
        "record-separator": at_start(b"\x1e"),
        "form-feed": at_start(b"\x0c"),
        "vertical-tab": at_start(b"\x0b"),
        "no-break-space": at_start("\u00a0".encode()),
        "next-line": at_start("\u0085".encode()),
        "line-separator-between": replaced(b'"count":2', '"count":\u20282'.encode(), text),
        "ideographic-space-after": text + "\u3000".encode(),
        "zero-width-space-after": text + "\u200b".encode(),
        "byte-order-mark": at_start(b"\xef\xbb\xbf"),
        "byte-order-mark-after": text + b"\xef\xbb\xbf",
        "byte-order-mark-twice": at_start(b"\xef\xbb\xbf\xef\xbb\xbf"),
        "literal-in-capitals": replaced(b'"count":2', b'"count":2,"x":NULL', text),
        "literal-undefined": replaced(b'"count":2', b'"count":undefined', text),
    }


def strings():
    """Names of a chain as they must not be spelled."""
    spellings = {
        "raw-tab": b"a\tb", "raw-newline": b"a\nb", "raw-nul": b"a\0b",
        "raw-unit-separator": b"a\x1fb",
        "escape-nul": b"a\\u0000b", "escape-1f": b"a\\u001Fb", "escape-tab": b"a\\tb",
        "escape-newline-combining": b"a\\n\\u0301b", "escape-carriage-return-newline": b"a\\r\\nb",
        "lone-high-surrogate": b"a\\ud834b", "lone-low-surrogate": b"a\\udd1eb",
        "reversed-surrogates": b"\\udd1e\\ud834", "high-then-high": b"\\ud834\\ud834\\udd1e",
        "high-then-escape": b"\\ud834\\n", "high-at-end": b"a\\ud834",
        "escape-x": b"a\\x41", "escape-capital-u": b"\\U00000041", "escape-apostrophe": b"\\'",
        "escape-zero": b"\\0", "escape-braces": b"\\u{41}", "escape-short": b"\\u41",
        "escape-signed": b"\\u+041", "escape-spaced": b"\\u 041", "escape-underscore": b"\\u0_41",
        "escape-wide-digits": "\\u\uff10\uff10\uff14\uff11".encode(), "escape-line": b"a\\\nb",
        "escape-at-end": b"a\\",
    }
    return {f"name-{fault}": replaced(b'"name":"vectors"', b'"name":"' + spelling + b'"')
            for fault, spelling in spellings.items()}


def encodings():
    """Bytes that are not UTF-8."""
    text = compact(usual())
    sequences = {
        "lone-continuation": b"\x80", "ff": b"\xff", "overlong-solidus": b"\xc0\xaf",
        "overlong-nul": b"\xc0\x80", "overlong-three": b"\xe0\x80\xaf", "cut-short": b"\xe2\x82",
        "surrogate-pair": b"\xed\xa0\xb4\xed\xb4\x9e", "lone-surrogate": b"\xed\xa0\x80",
        "above-10ffff": b"\xf4\x90\x80\x80", "five-bytes": b"\xf8\x88\x80\x80\x80",
    }
    found = {f"utf8-{fault}": replaced(b'"name":"vectors"', b'"name":"a' + bad + b'"', text)
             for fault, bad in sequences.items()}
    found["utf8-in-an-unknown-member"] = replaced(
        b'"count":2', b'"count":2,"\xff":1', text)
    found["utf8-after-the-end"] = text + b"\xff"
    shown = text.decode()
    found["utf16-with-mark"] = shown.encode("utf-16")
    found["utf16-little-endian"] = shown.encode("utf-16-le")
    found["utf16-big-endian"] = shown.encode("utf-16-be")
    found["latin-1"] = replaced(b'"name":"vectors"', b'"name":"\xe9"', text)
    return found
