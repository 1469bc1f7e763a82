"""Makes law.txt from docs/spec/ledger.md §10 to §22 and tasks.md; needs what make_vectors.py needs.

One of each command and entry, with the values of Tests/LedgerTests/LawSamples.swift.
"""

import pathlib
import struct

from make_vectors import ADA, SCOUT, TIME, hashed, operation, public, text

BO = hashed("owner", public(2))
OTHER = hashed("agent", BO + text("scout"))
GUARDIANS = sorted(hashed("owner", public(number)) for number in (21, 22, 23))
LATER = struct.pack("<Q", TIME + 9)
MOST = 2**128 - 1
DAY = 86_400 * 10**9
HOUR = 3_600 * 10**9


def fill(byte):
    return bytes([byte]) * 32


def amount(nano):
    return nano.to_bytes(16, "little")


def credits(count):
    return amount(count * 10**9)


def u64(*values):
    return struct.pack("<%dQ" % len(values), *values)


def listed(*identifiers):
    return bytes([len(identifiers)]) + b"".join(identifiers)


def kinds(*numbers):
    return u64(sum(1 << number for number in numbers))


FEE = struct.pack("<I", 1000)
LARGE = amount(2**70)
MANDATE = hashed("mandate", ADA + u64(1))
TASK = hashed("task", SCOUT + u64(1))
OFFER = hashed("offer", SCOUT + u64(1))
BO_OFFER = hashed("offer", BO + u64(1))


def constitution():
    limits = amount(MOST) * 3 + u64(2**64 - 1, 2**64 - 1)
    allowed = kinds(*range(1, 9), *range(16, 27))
    approvals = kinds(16) + amount(MOST) + b"\x02" + u64(DAY)
    watch = b"\x01" + struct.pack("<IHIQ", 100, 10, 20, HOUR)
    lists = listed(fill(1), fill(2)) + listed(*GUARDIANS)
    return SCOUT + u64(3) + limits + allowed + lists + approvals + b"\x01\x00" + watch


def mandate_terms():
    return SCOUT + kinds(16, 17) + LARGE + listed(fill(1)) + LATER + bytes(32)


def task_terms():
    terms = b"\x02\x01" + listed(fill(2), fill(3)) + credits(1)
    terms += fill(7) + bytes(32) + b"\x02" + credits(3) + credits(4)
    return terms + u64(DAY, HOUR, DAY, DAY, 7 * DAY) + b"\x01" + listed(fill(1)) + amount(0)


def run():
    words = struct.pack("<I2Q", 2, 5, 6)
    return fill(5) + hashed("task input", words) + words[:4]


def run_terms(verification):
    terms = verification + fill(7) + bytes(32) + b"\x01" + credits(3)
    return terms + u64(DAY, HOUR, DAY, DAY, 7 * DAY) + b"\x01\x00" + amount(0)


def reexecuted():
    return run_terms(b"\x03" + run() + b"\x03" + credits(2) + credits(1))


def offer_terms():
    terms = text("þýðing") + credits(2) + u64(8, 1) + fill(1) + bytes(32) + bytes(4)
    return terms + credits(9)


def claim():
    return fill(9) + struct.pack("<I", 2) + fill(8)


def trace():
    return b"".join(fill(number) for number in range(15))


def moves():
    result = fill(8)
    return [
        b"\x01" + OTHER, b"\x02", b"\x03", b"\x04" + result, b"\x05", b"\x06", b"\x07" + result,
        b"\x08" + result, b"\x09\x03", b"\x0a", b"\x0b", b"\x0c" + claim(),
        b"\x0d" + result + struct.pack("<I", 3) + b"\x01\x02\x03", b"\x0e" + credits(1),
        b"\x0f\x0f" + trace(), b"\x10\x0f",
        b"\x11\x01" + fill(9) + struct.pack("<2I", 3, 2) + result + b"\x00\x01\x02\x00"
        + u64(5, 6),
    ]  # fmt: skip


def commands():
    agent = b"\x01" + SCOUT
    yield b"\x40" + SCOUT + BO + credits(1) + bytes(32)
    yield b"\x50" + constitution()
    yield b"\x60" + u64(1) + mandate_terms()
    yield b"\x61" + SCOUT + MANDATE + u64(2) + mandate_terms()
    yield b"\x62" + ADA + MANDATE
    yield b"\x70" + fill(4)
    yield b"\x71" + fill(4)
    yield b"\x80" + SCOUT + b"\x10\x02" + LATER
    yield from (b"\x81" + agent, b"\x81\x02", b"\x81\x03")
    yield from (b"\x82" + agent, b"\x82\x02", b"\x82\x03")
    yield b"\x90" + SCOUT
    yield b"\xe0" + struct.pack("<I", 2000)
    for terms in (task_terms(), reexecuted(), run_terms(b"\x04" + run())):
        yield b"\xa0" + SCOUT + u64(1) + bytes(32) + terms
    yield from (b"\xb0" + SCOUT + credits(1), b"\xb1" + SCOUT + credits(1), b"\xb2" + SCOUT)
    yield b"\xb3" + SCOUT + TASK
    yield b"\xc0" + SCOUT + u64(1) + offer_terms()
    yield b"\xc1" + SCOUT + OFFER + offer_terms()
    yield b"\xc2" + SCOUT + OFFER
    yield b"\xd0" + SCOUT + u64(1) + bytes(32) + task_terms() + u64(1, 2)
    yield b"\xd1" + SCOUT + TASK + fill(3) + credits(1)
    yield b"\xd2" + SCOUT + TASK + credits(1) + fill(3)
    yield b"\xd3" + SCOUT + TASK
    for move in moves():
        yield b"\xa1" + SCOUT + TASK + move
    batch = b"\x01" + u64(2) + task_terms() + b"\x02" + TASK + b"\x01" + OTHER
    yield b"\xa2" + SCOUT + struct.pack("<H", 2) + batch
    yield b"\x51" + SCOUT + quota()
    yield b"\x52" + agent_role()
    yield b"\x53" + fill(6)
    yield from licence_commands()
    yield from team_commands()
    yield from quote_commands()
    yield from cover_commands()


LICENCE_OFFER = hashed("licence offer", BO + u64(1))
LICENCE = hashed("licence", LICENCE_OFFER + u64(3))


def licence_terms():
    terms = text("orð") + fill(1) + fill(2) + credits(2)
    return terms + struct.pack("<IQ", 30, 7) + b"\x01"


def licence_commands():
    payment = BO + credits(2) + bytes(32)
    yield b"\x54" + SCOUT + u64(1) + licence_terms()
    yield b"\x55" + SCOUT + hashed("licence offer", SCOUT + u64(1))
    yield b"\x56" + SCOUT + LICENCE_OFFER + u64(3) + payment
    yield b"\x57" + SCOUT + LICENCE + payment
    yield b"\x58" + SCOUT + LICENCE + OTHER


def members(*joined):
    first = fill(1) + struct.pack("<I", 2_500) + text("þýða")
    second = fill(2) + struct.pack("<I", 1) + text("check")
    return b"\x02" + first + joined[0] + second + joined[1]


def team_commands():
    agreement = hashed("team", SCOUT + members(b"", b""))
    yield b"\x59" + SCOUT + members(b"", b"")
    yield b"\x5a" + SCOUT + OTHER + agreement
    yield b"\x5b" + SCOUT + OTHER
    yield b"\x5c" + SCOUT


def team_entries():
    yield b"\x30" + SCOUT, SCOUT + members(b"\x00", b"\x01") + u64(TIME, 4)
    shares = fill(1) + struct.pack("<I", 2_500) + amount(2_501)
    shares += fill(2) + struct.pack("<I", 1) + amount(1)
    yield b"\x31" + TASK, TASK + SCOUT + b"\x02" + shares + amount(7_505) + b"\x01"


QUOTE = hashed("quote", OTHER + u64(1))
COVER = hashed("cover", TASK + BO)


def quote_terms():
    return text("þýða") + credits(1) + credits(2) + u64(9) + LATER + u64(HOUR)


def quote_commands():
    yield b"\x5d" + SCOUT + u64(1) + quote_terms()
    yield b"\x5e" + SCOUT + hashed("quote", SCOUT + u64(1))
    yield b"\x5f" + SCOUT + u64(1) + bytes(32) + QUOTE + u64(3) + task_terms()


def cover_terms():
    return TASK + OTHER + credits(5) + credits(1) + LATER


def cover_commands():
    yield b"\x63" + SCOUT + b"\x01" + cover_terms()
    yield b"\x63" + SCOUT + b"\x02" + COVER + BO + credits(2) + bytes(32)
    yield b"\x63" + SCOUT + b"\x03" + COVER
    yield b"\x63" + SCOUT + b"\x04" + COVER


def standing_entries():
    reference = amount(0) + credits(3) + u64(TIME)
    yield b"\x32" + QUOTE, QUOTE + OTHER + quote_terms() + b"\x00" + reference
    cover = COVER + BO + cover_terms() + b"\x02" + SCOUT + b"\x02"
    yield b"\x33" + COVER, cover + credits(5)


def licence_entries():
    yield b"\x2e" + LICENCE_OFFER, LICENCE_OFFER + BO + licence_terms() + b"\x00" + u64(5)
    licence = LICENCE + LICENCE_OFFER + u64(3) + BO + SCOUT + fill(1) + fill(2)
    yield b"\x2f" + LICENCE, licence + u64(TIME, TIME + 30 * DAY) + b"\x01"


def agent_role():
    return fill(6) + b"\x03" + SCOUT + kinds(3, 16)


def quota():
    return u64(1, 2, 3, 4) + u64(5, 6, 7, 2**64 - 1)


def window(width, value):
    return u64(TIME // width) + amount(value) + amount(0) * 6


def conduct():
    sums = window(600 * 10**9, 3) + window(4 * HOUR, 9 * 10**9) + window(4 * HOUR, 30_000)
    baselines = b"\x02\x10" + u64(2) + credits(6) + b"\x11" + u64(1) + credits(3)
    return SCOUT + u64(TIME, 3) + sums + kinds(16, 17) + baselines + b"\x00" + u64(0)


def entries():
    tool, passing = (bytes([kind, 1]) + LATER + ADA for kind in (3, 17))
    yield b"\x20" + BO, BO + LARGE
    yield b"\x21" + SCOUT, constitution()
    yield b"\x22" + SCOUT, conduct()
    yield b"\x23" + SCOUT, SCOUT + u64(2) + b"\x02\x10" + u64(TIME) + LARGE + BO
    mandate = MANDATE + ADA + ADA + bytes(32) + b"\x00" + mandate_terms() + amount(0) + u64(0)
    yield b"\x24" + MANDATE, mandate
    approval = fill(4) + SCOUT + fill(5) + ADA + struct.pack("<I", 3) + b"\x01\x02\x03" + LATER
    yield b"\x25" + fill(4), approval + listed(BO)
    rulings = SCOUT + u64(0) + bytes(32) + b"\x02" + tool + passing + b"\x01" + tool
    yield b"\x26" + SCOUT, rulings
    yield b"\x2b" + BO_OFFER, BO_OFFER + BO + offer_terms() + b"\x01" + LARGE + u64(TIME)
    auction = TASK + SCOUT + ADA + task_terms() + LATER + LATER
    auction += b"\x01" + BO + fill(3) + LARGE + LARGE + b"\x00"
    yield b"\x2c" + TASK, auction + MANDATE + FEE + u64(3) + LATER
    task = TASK + SCOUT + ADA + bytes(96) + b"\x01" + FEE + u64(0, 0) + amount(0) * 2 + u64(0)
    task += task_terms() + b"\x00\x00" + LATER + b"\x01" + fill(2) + fill(8)
    task += b"\x01" + fill(1) + b"\x03" + LARGE + b"\x00"
    yield b"\x29" + TASK, task + b"\x00\x00"
    second = hashed("task", SCOUT + u64(2))
    task = second + SCOUT + ADA + MANDATE + OTHER + fill(8) + b"\x0a" + FEE + u64(3, 4)
    task += credits(6) + credits(5) + LATER + reexecuted() + b"\x00\x00" + LATER
    task += b"\x00\x00" + LARGE + b"\x02" + credits(9)
    task += b"\x01" + claim() + b"\x01" + BO + b"\x02"
    yield b"\x29" + second, task + u64(256) + fill(1) + fill(2) + b"\x01" + trace() + b"\x00"
    yield b"\x2d", FEE + u64(2) + b"\x01" + fill(1) + FEE
    yield b"\x2a" + BO, BO + LARGE + credits(1) + LATER + amount(0) + credits(7)
    yield b"\x27" + ADA, ADA + LATER
    yield b"\x28", LATER + u64(2) + listed(fill(1))
    yield b"\x38" + ADA, ADA + quota()
    auditor = fill(7) + b"\x06" + bytes(32) + kinds()
    yield b"\x39" + ADA, ADA + b"\x02" + agent_role() + auditor
    yield from licence_entries()
    yield from team_entries()
    yield from standing_entries()


def lines():
    yield f"fees {hashed('fee account', b'').hex()}"
    bid = TASK + SCOUT + credits(5) + fill(9)
    yield f"bid {hashed('bid', bid).hex()}"
    for command in commands():
        encoded, digest = operation(command)
        yield f"operation {encoded.hex()} {digest.hex()}"
    for entry, value in entries():
        yield f"entry {entry.hex()} {value.hex()}"


if __name__ == "__main__":
    pathlib.Path(__file__).with_name("law.txt").write_text("\n".join(lines()) + "\n")
