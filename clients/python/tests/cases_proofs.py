"""Well-formed receipts whose digests, paths, committee or order of faults is wrong."""

import struct

from blake3 import blake3

from case import Case, compact, edited, usual, whole
from maker import (
    Chain, Forge, batch_digest, checkpoint_message, filler, hashed, item_digest, node, raw, record,
    record_bytes, record_digest, root,
)


def cases():
    yield from records()
    yield from genesis()
    yield from batch_paths()
    yield from checkpoint_paths()
    yield from certificates()
    yield from payloads()
    yield from orders()


def records():
    """Other digests of the right bytes, and a right digest of other bytes."""
    made = usual()["record"]
    image = record_bytes(made)
    for fault, digest in {
        "plain-blake3": blake3(image).digest(),
        "another-context": hashed("batch", image),
        "without-tag": hashed("record", image[8:]),
        "parents-as-list": hashed("record", image[:224] + b"".join(map(raw, made["parents"]))),
        "parents-zero": hashed("record", image[:224] + bytes(32)),
        "big-endian-count": hashed("record", image[:90] + b"\0\1" + image[92:]),
    }.items():
        yield Case(f"record-digest-{fault}", reset(("record", "digest"), digest), "record")
    changed = edited(usual(), ("record", "cost"), lambda _: "1")
    changed["record"]["digest"] = record_digest(changed["record"]).hex()
    yield Case("record-cheaper-with-its-digest", compact(changed), "batchInclusion")
    ordered = whole(count=3, index=2)
    swapped = edited(ordered, ("record", "parents"), lambda parents: parents[::-1])
    yield Case("record-parents-swapped", compact(swapped), "record")


def reset(path, digest, receipt=None):
    return compact(edited(receipt or usual(), path, lambda _: digest.hex()))


def genesis():
    right, alien = Chain(), Chain(name="another chain")
    usual_bytes = compact(usual())
    yield Case("pinned-to-another-chain", usual_bytes, "genesis", chain=alien.digest)
    yield Case("pinned-to-zero", usual_bytes, "genesis", chain=bytes(32))
    yield Case("whole-other-chain", compact(whole(chain=alien)), "genesis", chain=right.digest)
    four = whole(chain=Chain(4))
    swapped = edited(four, ("genesis", "validators"), lambda keys: keys[::-1])
    yield Case("genesis-validators-reversed", compact(swapped), "genesis")
    fewer = edited(four, ("genesis", "validators"), lambda keys: keys[:3])
    yield Case("genesis-validator-dropped", compact(fewer), "genesis")
    moved = dict(usual(), chain=alien.digest.hex(), genesis=alien.json())
    yield Case("genesis-of-another-chain", compact(moved), "batchSignature")
    composed = whole(chain=Chain(name="caf\u00e9"))
    decomposed = edited(composed, ("genesis", "name"), lambda _: "cafe\u0301")
    yield Case("genesis-name-decomposed", compact(decomposed), "genesis")
    text = b"vectors"
    short = hashed("genesis", struct.pack("<HH", 1, len(text)) + text + struct.pack(
        "<QH", right.created, 1) + right.keys[0])
    yield Case("genesis-digest-of-short-text-count", reset(("chain",), short), "genesis")


def batch_paths():
    five = whole(count=5, index=2)
    siblings = five["batch"]["path"]
    for fault, path in {
        "too-short": siblings[:-1], "empty": [], "too-long": siblings + [filler("more").hex()],
        "too-long-by-zero": siblings + ["00" * 32], "reversed": siblings[::-1],
        "first-twice": siblings[:1] + siblings,
    }.items():
        yield Case(f"batch-path-{fault}", spoil(five, "batch", path=path), "batchInclusion")
    for index in (0, 1, 3, 4, 5, 6, 65_535):
        yield Case(f"batch-index-{index}-for-2",
                   spoil(five, "batch", index=index), "batchInclusion")
    for count in (1, 2, 3, 4, 9, 65_536):
        yield Case(f"batch-count-{count}-for-5",
                   spoil(five, "batch", count=count), "batchInclusion")
    # The shape of the path is the same for six leaves: only the signature knows the number.
    yield Case("batch-count-6-for-5", spoil(five, "batch", count=6), "batchSignature")
    last = whole(count=5, index=4)
    yield Case("batch-index-1-of-2-for-4-of-5", spoil(last, "batch", index=1, count=2),
               "batchSignature")
    only = whole(count=1, index=0)
    yield Case("batch-path-of-a-single-record", spoil(only, "batch", path=["00" * 32]),
               "batchInclusion")
    yield Case("batch-index-1-of-1", spoil(only, "batch", index=1), "batchInclusion")
    yield from batch_roots()


def spoil(receipt, part, **members):
    return compact(edited(receipt, (part,), lambda place: {**place, **members}))


def batch_roots():
    """Roots of other trees over the same three leaves, properly signed."""
    def plain(left, right):
        return blake3(left + right).digest()

    def inner(leaf):
        return hashed("node", b"\0" + leaf)

    trees = {
        "last-leaf-doubled": (2, lambda a, b, c: (
            node(node(a, b), node(c, c)), [c, node(a, b)])),
        "sides-swapped": (1, lambda a, b, c: (node(node(b, a), c), [a, c])),
        "leaves-hashed": (1, lambda a, b, c: (
            root([inner(a), inner(b), inner(c)]), [inner(a), inner(c)])),
        "plain-blake3": (1, lambda a, b, c: (plain(plain(a, b), c), [a, c])),
        "split-after-the-first": (1, lambda a, b, c: (node(a, node(b, c)), [c, a])),
    }
    for fault, (index, tree) in trees.items():
        yield Case(f"tree-{fault}", compact(rooted(index, tree)), "batchInclusion")


def rooted(index, tree):
    """A batch of three whose root and path are those of `tree`."""
    forge = Forge(count=3, index=index)
    leaves = [raw(record(each)[0]["digest"]) for each in range(3)]
    leaves[index] = raw(forge.record()[0]["digest"])
    top, siblings = tree(*leaves)
    forge.alter_batch = lambda made: made.update(
        root=top.hex(), path=[each.hex() for each in siblings])
    return forge.make()[0]


def checkpoint_paths():
    five = whole(count=1, index=0, items=5, item=4)
    siblings = five["checkpoint"]["path"]
    for fault, path in {"too-short": [], "too-long": siblings * 2}.items():
        yield Case(f"checkpoint-path-{fault}", spoil(five, "checkpoint", path=path),
                   "checkpointInclusion")
    for index in (0, 3, 5, 1_048_575):
        yield Case(f"checkpoint-index-{index}-for-4", spoil(five, "checkpoint", index=index),
                   "checkpointInclusion")
    for items in (4, 6, 1_048_576):
        yield Case(f"checkpoint-items-{items}-for-5", spoil(five, "checkpoint", items=items),
                   "checkpointInclusion")
    yield Case("checkpoint-item-1-of-2-for-4-of-5", spoil(five, "checkpoint", index=1, items=2),
               "certificate")
    yield from item_digests()


def item_digests():
    """The batch under another digest than that of an item."""
    forge = Forge(items=1)
    digest = batch_digest(forge.chain.digest, forge.make()[0]["batch"])
    for fault, item in {
        "without-context": digest, "of-an-operation": hashed("item", b"\x02" + digest),
        "without-kind": hashed("item", digest), "twice": item_digest(item_digest(digest)),
    }.items():
        forge.alter_checkpoint = lambda made: made.update(itemsRoot=item.hex())
        yield Case(f"item-{fault}", compact(forge.make()[0]), "checkpointInclusion")
    forge.alter_checkpoint = lambda made: None
    other = forge.make()[0]
    forge.alter_batch = lambda made: made.update(sequence="4")
    other["batch"] = forge.make()[0]["batch"]
    yield Case("batch-signed-but-not-in-the-checkpoint", compact(other), "checkpointInclusion")


def certificates():
    for count, voters in [(2, [1]), (3, [0, 2]), (4, [0, 1]), (4, [2]), (5, [0, 1, 2]),
                          (6, [0, 1, 2, 3]), (7, [0, 1, 2, 3])]:
        forge = Forge(Chain(count), items=1)
        forge.voters = voters
        yield Case(f"quorum-{len(voters)}-of-{count}", compact(forge.make()[0]), "certificate")
    crowd = Forge(Chain(128), items=1)
    crowd.voters = range(85)
    yield Case("quorum-85-of-128", compact(crowd.make()[0]), "certificate")
    four = whole(chain=Chain(4), items=1)
    votes = four["certificate"]
    bad = edited(four, ("certificate", 3, "signature"), lambda _: votes[2]["signature"])
    yield Case("one-bad-signature-among-enough", compact(bad), "certificate")
    for first, second, fault in [(0, 1, "swapped"), (1, 0, "of-its-neighbour")]:
        moved = edited(four, ("certificate", first, "signature"),
                       lambda _: votes[second]["signature"])
        yield Case(f"signature-{fault}", compact(moved), "certificate")
    for validator in (4, 127):
        far = edited(four, ("certificate", 3, "validator"), lambda _: validator)
        yield Case(f"validator-{validator}-of-4", compact(far), "certificate")
    yield from committees()


def committees():
    """A checkpoint that names another committee, though the right validators signed it."""
    forge = Forge(Chain(4), items=1)
    keys = b"".join(forge.chain.keys)
    for fault, digest in {
        "of-others": Chain(3).committee(), "zero": bytes(32), "plain": blake3(keys).digest(),
        "without-count": hashed("committee", keys),
        "wide-count": hashed("committee", struct.pack("<I", 4) + keys),
        "reversed": hashed("committee", struct.pack("<H", 4) + b"".join(forge.chain.keys[::-1])),
    }.items():
        forge.alter_checkpoint = lambda made: made.update(committee=digest.hex())
        yield Case(f"committee-{fault}", compact(forge.make()[0]), "certificate")
    forge.alter_checkpoint = lambda made: None
    receipt = forge.make()[0]
    message = checkpoint_message(forge.chain.digest, receipt["checkpoint"])
    for fault, signed in {"without-prefix": message[21:], "with-batch-prefix":
                          b"althing batch v1" + message[21:], "header-only": message[:21]}.items():
        votes = [{"validator": place, "signature": signer.sign(signed).signature.hex()}
                 for place, signer in enumerate(forge.chain.signers)]
        yield Case(f"checkpoint-signed-{fault}", compact(dict(receipt, certificate=votes)),
                   "certificate")


def payloads():
    receipt, payload = Forge(items=1).make()
    data = compact(receipt)
    for fault, given in {"empty": b"", "cut": payload[:-1], "longer": payload + b"\0", "flipped":
                         payload[:-1] + bytes([payload[-1] ^ 1])}.items():
        yield Case(f"payload-{fault}", data, "payload", payload=given)
    for fault, change in {
        "size-over": {"size": str(len(payload) + 1)}, "size-wraps": {"size": str(2**64 - 1)},
        "digest-keyed": {"digest": hashed("payload", payload).hex()},
    }.items():
        forge = Forge(items=1)
        forge.alter_record = lambda made: made["payload"].update(change)
        yield Case(f"payload-{fault}", compact(forge.make()[0]), "payload", payload=payload)


#: One fault for each part, in the order in which the parts are checked.
FAULTS = [
    (("record", "gas"), "x", "format"), (("genesis", "created"), "1", "genesis"),
    (("record", "gas"), "1", "record"), (("batch", "index"), 1, "batchInclusion"),
    (("batch", "closed"), "1", "batchSignature"),
    (("checkpoint", "index"), 1, "checkpointInclusion"),
    (("checkpoint", "time"), "1", "certificate"),
]


def orders():
    """Two faults: the earlier is named."""
    for place, (path, value, part) in enumerate(FAULTS):
        for later, other, other_part in FAULTS[place + 1:place + 3]:
            if later == path:
                continue
            receipt = edited(edited(usual(), later, lambda _: other), path, lambda _: value)
            yield Case(f"first-{part}-then-{other_part}", compact(receipt), part)
        receipt = compact(edited(usual(), path, lambda _: value))
        yield Case(f"first-{part}-then-payload", receipt, part, payload=b"")
        pinned = "genesis" if part != "format" else part
        yield Case(f"first-{part}-and-pinned-elsewhere", receipt, pinned, chain=bytes(32))
