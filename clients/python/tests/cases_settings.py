"""Receipts of chains that state their settings, in every range and out of it."""

import struct

from case import Case, compact, edited, replaced, usual, whole
from maker import CREATED, STANDARD, Chain, hashed, settings_bytes

DAY = 86_400 * 10**9
RANGES = {
    "leaders": (1, 128), "knownRounds": (0, 1_000_000), "depth": (4, 4_096),
    "interval": (10**6, DAY), "idleInterval": (10**6, DAY), "epoch": (10**8, 366 * DAY),
}


def chain(**settings):
    return Chain(4, settings={**STANDARD, **settings})


def made(**settings):
    return whole(chain=chain(**settings), items=1)


def cases():
    yield from accepted()
    yield from refused()
    yield from ranges()
    yield from agents()


def agents():
    """The settings of agents: both or neither, and not where both are standard."""
    for evidence, gas in [("2", "1000000"), ("3", "1000000"), ("1", "1000"), ("3", "10000000000")]:
        receipt = made(evidence=evidence, transitionGas=gas)
        yield Case(f"settings-evidence-{evidence}-gas-{gas}", compact(receipt))
    right = made(evidence="2", transitionGas="5000")
    for name in ("evidence", "transitionGas"):
        lacking = edited(right, ("genesis", "settings"), lambda place, name=name: {
            key: value for key, value in place.items() if key != name})
        yield Case(f"settings-agents-without-{name}", compact(lacking), "format")
    neither = edited(right, ("genesis", "settings"), lambda place: {
        **{key: value for key, value in place.items()
           if key not in ("evidence", "transitionGas")}, "depth": "65"})
    yield Case("settings-agents-left-out", compact(neither), "genesis")
    spoiled = edited(right, ("genesis", "settings", "transitionGas"), lambda _: "5001")
    yield Case("settings-agents-spoiled-gas", compact(spoiled), "genesis")
    spoiled = edited(right, ("genesis", "settings", "evidence"), lambda _: "3")
    yield Case("settings-agents-spoiled-evidence", compact(spoiled), "genesis")
    for name, value in [("evidence", "0"), ("evidence", "4"), ("evidence", "258"),
                        ("transitionGas", "999"), ("transitionGas", "10000000001")]:
        spoiled = edited(right, ("genesis", "settings", name), lambda _, value=value: value)
        yield Case(f"settings-agents-{name}-{value}", compact(spoiled), "format")
    standard = made(depth="65", evidence="1", transitionGas="1000000")
    yield Case("settings-agents-standard-stated", compact(standard), "format")


def accepted():
    for name, (least, most) in RANGES.items():
        for end in (least, most):
            receipt = made(**{name: str(end)})
            yield Case(f"settings-{name}-{end}", compact(receipt))
    every = chain(leaders="3", knownRounds="6", depth="100", interval="250000000",
                  idleInterval="5000000000", epoch="600000000000")
    yield Case("settings-every", compact(whole(chain=every, items=1)), chain=every.digest)


def refused():
    receipt = made(knownRounds="6")
    for name in RANGES:
        spoiled = edited(receipt, ("genesis", "settings", name), lambda text: str(int(text) + 1))
        yield Case(f"settings-spoiled-{name}", compact(spoiled), "genesis")
        bare = edited(receipt, ("genesis", "settings", name), int)
        yield Case(f"settings-{name}-bare", compact(bare), "format")

        def drop(place, name=name):
            return {key: value for key, value in place.items() if key != name}
        part = "genesis" if name == "knownRounds" else "format"
        lacking = made(knownRounds="6", depth="65")
        lacking = edited(lacking, ("genesis", "settings"), drop)
        yield Case(f"settings-missing-{name}", compact(lacking), part)
    stranger = edited(receipt, ("genesis", "settings"), lambda place: {**place, "note": "1"})
    yield Case("settings-unknown-member", compact(stranger), "format")
    twice = replaced(b'"leaders":', b'"leaders":"2","leaders":', compact(receipt))
    yield Case("settings-repeated-member", twice, "format")
    for fault, value in {"null": None, "empty": {}, "array": [], "string": ""}.items():
        spoiled = edited(receipt, ("genesis", "settings"), lambda _, value=value: value)
        yield Case(f"settings-is-{fault}", compact(spoiled), "format")
    standard = usual()
    standard["genesis"]["settings"] = STANDARD
    yield Case("settings-standard-with-version-1", compact(standard), "format")
    standard = {**standard, "chain": stated_standard().hex()}
    yield Case("settings-standard-with-version-2", compact(standard), "format")
    yield Case("settings-left-out", compact(left_out(receipt)), "genesis")
    elsewhere = {**receipt, "settings": receipt["genesis"]["settings"]}
    yield Case("settings-outside-the-genesis", compact(elsewhere), "format")


def left_out(receipt):
    genesis = {key: value for key, value in receipt["genesis"].items() if key != "settings"}
    return {**receipt, "genesis": genesis}


def stated_standard():
    """The digest that the usual chain's genesis would have as version 2."""
    usual_chain = Chain()
    text = usual_chain.name.encode()
    return hashed("genesis", struct.pack("<HI", 2, len(text)) + text + struct.pack(
        "<QH", CREATED, 1) + usual_chain.keys[0] + settings_bytes(STANDARD))


def ranges():
    for name, (least, most) in RANGES.items():
        for fault, value in {"below": least - 1, "above": most + 1, "wide": 2**64,
                             "widest": 2**64 - 1}.items():
            if value >= 0:
                yield Case(f"settings-{name}-{fault}", compact(made_raw(name, value)), "format")
    yield Case("settings-leaders-2-to-16-and-2", compact(made_raw("leaders", 65_538)), "format")


def made_raw(name, value):
    """A receipt in whose genesis only the text is out of range."""
    receipt = made(knownRounds="6")
    return edited(receipt, ("genesis", "settings", name), lambda _: str(value))
