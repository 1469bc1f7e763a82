"""Every member missing, doubled, unknown, of another type, or with another well-formed value."""

from case import Case, compact, dashed, edited, replaced, usual

OBJECTS = [
    (), ("genesis",), ("record",), ("record", "tokens"), ("record", "payload"), ("batch",),
    ("checkpoint",), ("certificate", 0),
]

#: Which part refuses another value of a member; the rest is settled by the object it is in.
PARTS = {
    ("format",): "format", ("chain",): "genesis",
    ("batch", "root"): "batchInclusion", ("batch", "path", 0): "batchInclusion",
    ("batch", "index"): "batchInclusion", ("batch", "count"): "batchInclusion",
    ("checkpoint", "itemsRoot"): "checkpointInclusion",
    ("checkpoint", "path", 0): "checkpointInclusion",
    ("checkpoint", "index"): "checkpointInclusion",
    ("checkpoint", "items"): "checkpointInclusion",
}
PARTS_OF_OBJECTS = {
    "genesis": "genesis", "record": "record", "batch": "batchSignature",
    "checkpoint": "certificate", "certificate": "certificate",
}


def leaves(value, path=()):
    """The paths of all strings and numbers."""
    if isinstance(value, (dict, list)):
        steps = value if isinstance(value, dict) else range(len(value))
        for step in steps:
            yield from leaves(value[step], path + (step,))
    else:
        yield path


def every_member(value, path=()):
    """The paths of all members of all objects."""
    if isinstance(value, dict):
        for name in value:
            yield path + (name,)
            yield from every_member(value[name], path + (name,))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from every_member(each, path + (index,))


def at(receipt, path):
    for step in path:
        receipt = receipt[step]
    return receipt


def other(value):
    """Another well-formed value of the same form."""
    if isinstance(value, int):
        return value + 1
    for names in (["run", "toolCall"], ["success", "failure"]):
        if value in names:
            return names[1 - names.index(value)]
    if value == "althing-receipt-v1":
        return "althing-receipt-v2"
    if value == "vectors":
        return "vectorr"
    if len(value) >= 16 and len(value) % 16 == 0 and not value.startswith("179"):
        return value[:-1] + ("0" if value[-1] != "0" else "1")
    return str(int(value) + 1)


def cases():
    receipt = usual()
    for path in leaves(receipt):
        part = PARTS.get(path) or PARTS_OF_OBJECTS[path[0]]
        yield Case(f"spoiled-{dashed(path)}", compact(edited(receipt, path, other)), part)
    for path in every_member(receipt):
        yield Case(f"missing-{dashed(path)}", compact(without(receipt, path)), "format")
    for path in OBJECTS:
        yield from strangers(receipt, path)
    yield from doubles()
    yield from types(receipt)


def without(receipt, path):
    def drop(place):
        return {name: value for name, value in place.items() if name != path[-1]}
    return edited(receipt, path[:-1], drop) if len(path) > 1 else drop(receipt)


def strangers(receipt, path):
    """An unknown member in each object; some names mean something to a language."""
    label = dashed(path) or "receipt"
    names = ["note"] if path else ["note", "", "__proto__", "constructor", "format\u0000", "Format"]
    if path == ("record",):
        names += ["__proto__", "toString", "gas "]
    for name in names:
        def grow(place, name=name):
            return {**place, name: None if name == "note" else {}}
        data = compact(edited(receipt, path, grow) if path else grow(receipt))
        shown = {"": "empty", "format\u0000": "format-nul", "gas ": "gas-space"}.get(name, name)
        yield Case(f"unknown-{label}-{shown}", data, "format")


def doubles():
    """The same member twice: with the same value, with another, and spelled by an escape."""
    text = compact(usual())
    for label, old in [
        ("receipt-format", b'"format":"althing-receipt-v1"'), ("record-gas", b'"gas":"1200"'),
        ("record-tokens-input", b'"input":"812"'), ("batch-count", b'"count":2'),
        ("checkpoint-height", b'"height":"9"'), ("genesis-name", b'"name":"vectors"'),
        ("certificate-0-validator", b'"validator":0'), ("record-payload-size", b'"size":"40"'),
    ]:
        yield Case(f"repeated-{label}", replaced(old, old + b"," + old, text), "format")
    twice = b'"gas":"1","gas":"1200"'
    yield Case("repeated-first-wrong", replaced(b'"gas":"1200"', twice, text), "format")
    yield Case("repeated-last-wrong", replaced(b'"gas":"1200"', b'"gas":"1200","gas":"1"', text),
               "format")
    yield Case("repeated-by-escape", replaced(
        b'"gas":"1200"', b'"gas":"1200","g\\u0061s":"1200"', text), "format")
    yield Case("repeated-unknown", replaced(
        b'"gas":"1200"', b'"gas":"1200","__proto__":1,"__proto__":1', text), "format")


def types(receipt):
    """A value of another JSON type for each form of member."""
    places = {
        "format": ("format",), "genesis": ("genesis",), "name": ("genesis", "name"),
        "validators": ("genesis", "validators"), "hex": ("record", "agent"),
        "kind": ("record", "kind"), "u64": ("record", "gas"), "u128": ("record", "cost"),
        "parents": ("record", "parents"), "int": ("batch", "index"),
        "path": ("batch", "path"), "certificate": ("certificate",), "vote": ("certificate", 0),
    }
    values = {"null": None, "number": 0, "string": "0", "array": [], "object": {}}
    for place, path in places.items():
        for kind, value in values.items():
            if type(at(receipt, path)) is type(value):
                continue
            yield Case(f"type-{place}-is-{kind}", compact(edited(receipt, path, lambda _: value)),
                       "format")
    yes = edited(receipt, ("batch", "index"), lambda _: False)
    yield Case("type-int-is-false", compact(yes), "format")
    boxed = edited(receipt, ("record", "kind"), lambda kind: [kind])
    yield Case("type-kind-in-an-array", compact(boxed), "format")
