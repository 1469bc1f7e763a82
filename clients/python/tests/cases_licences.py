"""Receipts of licences (receipt.md, section 7): accepted, and each refused for one fault."""

import copy
import struct

from case import Case, compact, edited
from cases_tasks import certified, shown
from epochs import Story
from maker import CREATED, Chain, filler, hashed

#: The time of the checkpoints that `certified` gives.
NOW = CREATED + 6_000_000_000
HOLDER, OFFER = filler("holder"), filler("licence offer")
LICENCE = hashed("licence", OFFER + struct.pack("<Q", 3))


def licence_entry(until=NOW + 1, holder=HOLDER, name=LICENCE, kind=b"\x2f"):
    """ledger.md, section 19."""
    value = name + OFFER + struct.pack("<Q", 3) + filler("seller") + holder + filler("content")
    value += filler("wording") + struct.pack("<QQB", CREATED, until, 1)
    assert len(value) == 217
    return kind + LICENCE, value


def holder_entry(kind=b"\x01", holder=HOLDER, name=None):
    return kind + holder, (name or holder) + filler("the rest of the holder", 90)


def whole(first=None, second=None, chain=None, others=20, voters=None):
    """The receipt as a dict."""
    chain = chain or Chain()
    root, entries = shown([first or licence_entry(), second or holder_entry()], others)
    trunk = certified(chain, root, voters)
    return {"format": "althing-licence-receipt-v1", "chain": trunk["chain"],
            "genesis": trunk["genesis"], "licence": entries[0], "holder": entries[1],
            "checkpoint": trunk["checkpoint"], "certificate": trunk["certificate"]}


def with_steps():
    """The same under a checkpoint of the second of two committees."""
    root, entries = shown([licence_entry(until=0), holder_entry()], 20)
    story = Story(4, 7)
    story.alter_last = lambda part: part.update(stateRoot=root.hex())
    trunk = story.make()
    del trunk["record"], trunk["batch"], trunk["checkpoint"]["index"], trunk["checkpoint"]["path"]
    return {**trunk, "format": "althing-licence-receipt-v1", "licence": entries[0],
            "holder": entries[1]}


def cases():
    yield from accepted()
    yield from forms()
    yield from faults()
    yield from trunk()


def accepted():
    yield Case("licence-of-an-owner", compact(whole()))
    yield Case("licence-of-an-agent", compact(whole(second=holder_entry(b"\x02"))))
    yield Case("licence-for-ever", compact(whole(licence_entry(until=0))))
    yield Case("licence-alone-in-the-state", compact(whole(others=0)))
    yield Case("licence-of-4-validators", compact(whole(chain=Chain(4), voters=[0, 1, 3])))
    yield Case("licence-pinned", compact(whole()), chain=Chain().digest)
    yield Case("licence-with-no-steps", compact({**whole(), "steps": []}))
    yield Case("licence-after-a-change-of-the-committee", compact(with_steps()))


def forms():
    """Faults of the form."""
    made = whole()
    for name in ("licence", "holder", "checkpoint", "certificate"):
        absent = copy.deepcopy(made)
        del absent[name]
        yield Case(f"licence-without-{name}", compact(absent), "format")
    yield Case("licence-unknown-member", compact({**made, "entries": []}), "format")
    yield Case("licence-holder-null", compact({**made, "holder": None}), "format")
    short = edited(made, ("holder", "key"), lambda key: key[2:])
    yield Case("licence-key-of-32-bytes", compact(short), "format")
    empty = edited(made, ("licence", "value"), lambda _: "")
    yield Case("licence-empty-value", compact(empty), "format")
    placed = edited(made, ("checkpoint",), lambda part: {**part, "index": 0, "path": []})
    yield Case("licence-checkpoint-with-a-place", compact(placed), "format")
    task = {**made, "format": "althing-task-receipt-v1"}
    yield Case("licence-said-to-be-a-task", compact(task), "format")


def faults():
    """Faults of the two entries, each for its part."""
    made = whole()
    for name in ("licence", "holder"):
        changed = edited(made, (name, "value"), lambda value: value[:-2] + "ff")
        yield Case(f"licence-{name}-changed", compact(changed), "state")
    sibling = edited(made, ("holder", "path", 0), lambda _: "00" * 32)
    yield Case("licence-sibling-changed", compact(sibling), "state")
    short = edited(made, ("licence", "path"), lambda path: path[1:])
    yield Case("licence-sibling-missing", compact(short), "state")
    swapped = {**made, "licence": made["holder"], "holder": made["licence"]}
    yield Case("licence-entries-swapped", compact(swapped), "licence")

    def refused(name, part, first=None, second=None):
        return Case(f"licence-{name}", compact(whole(first, second)), part)

    key, value = licence_entry()
    yield refused("of-another-kind", "licence", licence_entry(kind=b"\x2e"))
    yield refused("named-otherwise", "licence", licence_entry(name=filler("another licence")))
    yield refused("too-short", "licence", (key, value[:-1]))
    yield refused("too-long", "licence", (key, value + b"\x00"))
    yield refused("ended-a-nanosecond-before", "licence", licence_entry(until=NOW - 1))
    yield refused("ended-at-the-checkpoint", "licence", licence_entry(until=NOW))
    yield refused("of-somebody-else", "holder", second=holder_entry(holder=filler("stranger")))
    yield refused("holder-named-otherwise", "holder",
                  second=holder_entry(name=filler("stranger")))
    yield refused("holder-of-another-kind", "holder", second=holder_entry(b"\x03"))
    yield refused("holder-is-an-account", "holder", second=holder_entry(b"\x20"))


def trunk():
    """Faults of what all receipts have."""
    made = whole()
    renamed = edited(made, ("genesis", "name"), lambda _: "another")
    yield Case("licence-other-genesis", compact(renamed), "genesis")
    pinned = Chain(name="another chain", created=CREATED).digest
    yield Case("licence-pinned-to-another-chain", compact(made), "genesis", chain=pinned)
    stepped = with_steps()
    unsigned = edited(stepped, ("steps", 0, "certificate", 1, "signature"), lambda _: "00" * 64)
    yield Case("licence-step-uncertified", compact(unsigned), "committee")
    yield Case("licence-step-left-out", compact({**stepped, "steps": []}), "certificate")
    committee = edited(made, ("checkpoint", "committee"), lambda _: "11" * 32)
    yield Case("licence-of-another-committee", compact(committee), "certificate")
    later = edited(made, ("checkpoint", "time"), lambda time: str(int(time) - 1))
    yield Case("licence-of-another-time", compact(later), "certificate")
    few = whole(chain=Chain(4), voters=[0, 1])
    yield Case("licence-too-few-signatures", compact(few), "certificate")
