"""Makes receipts from the specification alone: shares no code with the verifier (test only)."""

import copy
import struct

from blake3 import blake3
from nacl.signing import SigningKey

CREATED = 1_790_000_000_000_000_000


def seed(label):
    return blake3(label.encode(), derive_key_context="althing 2026 test seed").digest()


def filler(label, width=32):
    return blake3(label.encode(), derive_key_context="althing 2026 test filler").digest(width)


def hashed(context, data):
    return blake3(data, derive_key_context=f"althing 2026 {context} v1").digest()


def signing_key(label):
    return SigningKey(seed(label))


def node(left, right):
    return hashed("node", left + right)


def split(count):
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def root(leaves):
    """RFC 9162 §2.1.1, by its recursive definition."""
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def path(leaves, index):
    """RFC 9162 §2.1.3.1, siblings from the leaf upwards."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return path(leaves[:k], index) + [root(leaves[k:])]
    return path(leaves[k:], index - k) + [root(leaves[:k])]


def sparse(leaf, index, count, label):
    """A root and path over `count` leaves of which only one is known; the rest is filler."""
    if count == 1:
        return leaf, []
    k = split(count)
    sibling = filler(f"{label} {index} {count}")
    if index < k:
        under, siblings = sparse(leaf, index, k, label)
        return node(under, sibling), siblings + [sibling]
    under, siblings = sparse(leaf, index - k, count - k, label)
    return node(sibling, under), siblings + [sibling]


KINDS = ["run", "modelCall", "toolCall", "handOff", "retrieval", "memory", "other"]
OUTCOMES = ["success", "failure", "partial"]


def record(number, parents=()):
    """The JSON of a plausible record; each number gives another."""
    payload = filler(f"payload {number}", 40 + number % 7)
    made = {
        "digest": "",
        "agent": filler(f"agent {number % 3}").hex(),
        "run": filler(f"run {number // 8}", 16).hex(),
        "task": filler("task", 16).hex() if number % 2 else "00" * 16,
        "operation": filler(f"operation {number}", 8).hex(),
        "caller": filler(f"operation {number - 1}", 8).hex() if number % 8 else "00" * 8,
        "kind": KINDS[number % 7],
        "outcome": OUTCOMES[number % 3],
        "start": str(CREATED + 1_000_000 * number),
        "duration": str(1_000_003 + number),
        "tokens": {"input": str(812 + number), "output": str(64 + number), "cached": "512",
                   "reasoning": "7"},
        "compute": str(900_001 + number),
        "memory": "73400320",
        "cost": str(2_150_000 + number),
        "gas": str(1_200 + number),
        "payload": {"size": str(len(payload)), "digest": blake3(payload).hexdigest()},
        "parents": [each.hex() for each in parents],
    }
    made["digest"] = record_digest(made).hex()
    return made, payload


def raw(text):
    return bytes.fromhex(text)


def little(text, width):
    return int(text).to_bytes(width, "little")


def record_bytes(made):
    """record.md §1, by offset."""
    image = bytearray(256)
    parents = [raw(each) for each in made["parents"]]

    def put(offset, data):
        image[offset:offset + len(data)] = data

    put(0, b"althrec1")
    for offset, name in [(8, "agent"), (40, "run"), (56, "task"), (72, "operation"),
                         (80, "caller")]:
        put(offset, raw(made[name]))
    image[88] = KINDS.index(made["kind"]) + 1
    image[89] = OUTCOMES.index(made["outcome"]) + 1
    put(90, little(len(parents), 2))
    tokens = made["tokens"]
    amounts = [made["start"], made["duration"], tokens["input"], tokens["output"],
               tokens["cached"], tokens["reasoning"], made["compute"], made["memory"]]
    for place, amount in enumerate(amounts):
        put(96 + 8 * place, little(amount, 8))
    put(160, little(made["cost"], 16))
    put(176, little(made["gas"], 8))
    put(184, little(made["payload"]["size"], 8))
    put(192, raw(made["payload"]["digest"]))
    if parents:
        put(224, hashed("parents", b"".join(parents)))
    assert len(image) == 256
    return bytes(image)


def record_digest(made):
    return hashed("record", record_bytes(made))


#: Settings of a chain, with names as in receipts; those of a genesis that states none.
STANDARD = {"leaders": "2", "depth": "64", "interval": "1000000000",
            "idleInterval": "60000000000", "epoch": "3600000000000"}


def settings_bytes(settings):
    """record.md §6, the table."""
    rounds = settings.get("knownRounds", str(2**64 - 1))
    names = ["depth", "interval", "idleInterval", "epoch"]
    agents = b""
    if "evidence" in settings:
        agents = little(settings["evidence"], 1) + little(settings["transitionGas"], 8)
    return (little(settings["leaders"], 2) + little(rounds, 8)
            + b"".join(little(settings[name], 8) for name in names) + agents)


class Chain:
    """A genesis with `count` validators whose seeds are known."""

    def __init__(self, count=1, name="vectors", created=CREATED, keys=None, settings=None):
        self.signers = [signing_key(f"validator {index}") for index in range(count)]
        self.keys = keys or [bytes(each.verify_key) for each in self.signers]
        self.name, self.created = name, created
        text = name.encode()
        self.settings = settings
        version = 1 if not settings else 3 if "evidence" in settings else 2
        self.digest = hashed("genesis", struct.pack("<HI", version, len(text)) + text
                             + struct.pack("<QH", created, len(self.keys)) + b"".join(self.keys)
                             + (settings_bytes(settings) if settings else b""))

    def json(self):
        made = {"name": self.name, "created": str(self.created),
                "validators": [key.hex() for key in self.keys]}
        return {**made, "settings": self.settings} if self.settings else made

    def committee(self):
        return hashed("committee", struct.pack("<H", len(self.keys)) + b"".join(self.keys))


def batch_message(chain, batch):
    """The bytes that the submitter signs."""
    return b"althing batch v1" + batch_digest(chain, batch)


def batch_digest(chain, batch):
    """record.md §4."""
    return hashed("batch", struct.pack(
        "<H32s32s32sQ32sI32s32sQQ", 1, chain, raw(batch["submitter"]), raw(batch["key"]),
        int(batch["sequence"]), raw(batch["previous"]), batch["count"], raw(batch["root"]),
        raw(batch["columns"]), int(batch["closed"]), 0))


def item_digest(batch):
    return hashed("item", b"\x01" + batch)


def checkpoint_header(chain, checkpoint):
    """record.md §5: 206 bytes, or 238 where the next committee is named."""
    following = raw(checkpoint.get("next", ""))
    return struct.pack(
        "<H32sQQ32sQI32sQ32s32sQ", 2 if following else 1, chain, int(checkpoint["epoch"]),
        int(checkpoint["height"]), raw(checkpoint["previous"]), int(checkpoint["time"]),
        checkpoint["items"], raw(checkpoint["itemsRoot"]), int(checkpoint["records"]),
        raw(checkpoint["stateRoot"]), raw(checkpoint["committee"]), 0) + following


def checkpoint_digest(chain, checkpoint):
    return hashed("checkpoint", checkpoint_header(chain, checkpoint))


def checkpoint_message(chain, checkpoint):
    """The bytes that a validator signs; record.md §5."""
    return b"althing checkpoint v1" + checkpoint_digest(chain, checkpoint)


class Forge:
    """Builds a receipt step by step; `alter` hooks change a part before the next is made of it."""

    def __init__(self, chain=None, count=2, index=0, items=2, item=0):
        self.chain = chain or Chain()
        self.count, self.index, self.items, self.item = count, index, items, item
        self.submitter = signing_key("submitter")
        self.voters = None
        self.alter_record = self.alter_batch = self.alter_checkpoint = lambda part: None

    def make(self):
        """The receipt as a dict, and the payload."""
        made, payload = self.record()
        batch = self.batch(raw(made["digest"]))
        checkpoint = self.checkpoint(batch_digest(self.chain.digest, batch))
        message = checkpoint_message(self.chain.digest, checkpoint)
        voters = range(len(self.chain.signers)) if self.voters is None else self.voters
        votes = [{"validator": each, "signature":
                  self.chain.signers[each].sign(message).signature.hex()} for each in voters]
        receipt = {"format": "althing-receipt-v1", "chain": self.chain.digest.hex(),
                   "genesis": self.chain.json(), "record": made, "batch": batch,
                   "checkpoint": checkpoint, "certificate": votes}
        return copy.deepcopy(receipt), payload

    def record(self):
        parents = [filler(f"parent {each}") for each in range(self.index % 3 + 1)]
        made, payload = record(self.index, parents if self.index != 1 else [])
        self.alter_record(made)
        made["digest"] = record_digest(made).hex()
        return made, payload

    def batch(self, leaf):
        if self.count <= 512:
            leaves = [raw(record(each)[0]["digest"]) for each in range(self.count)]
            leaves[self.index] = leaf
            top, siblings = root(leaves), path(leaves, self.index)
        else:
            top, siblings = sparse(leaf, self.index, self.count, "record")
        made = {
            "submitter": filler("submitter").hex(), "key": bytes(self.submitter.verify_key).hex(),
            "sequence": "3", "previous": filler("previous batch").hex(), "root": top.hex(),
            "columns": filler("columns").hex(), "count": self.count,
            "closed": str(CREATED + 5_000_000_000), "signature": "", "index": self.index,
            "path": [each.hex() for each in siblings],
        }
        self.alter_batch(made)
        message = batch_message(self.chain.digest, made)
        made["signature"] = made["signature"] or self.submitter.sign(message).signature.hex()
        return made

    def item_leaf(self, batch):
        """The leaf of what the receipt is of, under the checkpoint."""
        return item_digest(batch)

    def checkpoint(self, batch):
        leaf = self.item_leaf(batch)
        if self.items <= 512:
            leaves = [filler(f"item {each}") for each in range(self.items)]
            leaves[self.item] = leaf
            top, siblings = root(leaves), path(leaves, self.item)
        else:
            top, siblings = sparse(leaf, self.item, self.items, "item")
        made = {
            "epoch": "0", "height": "9", "time": str(CREATED + 6_000_000_000), "records": "4097",
            "previous": filler("previous checkpoint").hex(), "itemsRoot": top.hex(),
            "stateRoot": filler("state").hex(), "committee": self.chain.committee().hex(),
            "items": self.items, "index": self.item, "path": [each.hex() for each in siblings],
        }
        self.alter_checkpoint(made)
        return made
