"""Receipts of finished tasks (receipt.md, section 6): accepted, and each refused for one fault."""

import copy
import struct

from case import Case, compact, edited
from cases_operations import OperationForge
from maker import CREATED, Chain, Forge, filler, hashed, raw

OWNER, SCOUT, WORKER = filler("owner"), filler("poster"), filler("worker")
NUMBER = struct.pack("<Q", 7)
TASK = hashed("task", SCOUT + NUMBER)
FIRST, SECOND = filler("first mandate"), filler("second mandate")
FIELDS = {
    "task": TASK, "poster": SCOUT, "payer": OWNER, "mandate": SECOND, "worker": WORKER,
    "result": filler("result"), "state": 5, "fee": 1000, "posterLaw": 3, "workerLaw": 1,
    "earned": 99_900, "charged": 100, "ended": CREATED, "verification": 3,
}


def task_entry(**changed):
    """tasks.md, section 2, as far as receipts look; then whatever follows."""
    task = {**FIELDS, **changed}
    names = ["task", "poster", "payer", "mandate", "worker", "result"]
    value = b"".join(task[name] for name in names)
    value += struct.pack("<BIQQ", task["state"], task["fee"], task["posterLaw"], task["workerLaw"])
    value += task["earned"].to_bytes(16, "little") + task["charged"].to_bytes(16, "little")
    value += struct.pack("<QB", task["ended"], task["verification"])
    return b"\x29" + TASK, value + filler("the rest of the task", 120)


def mandate(identifier, parent, payer=OWNER):
    value = identifier + payer + filler("issuer") + parent + filler("the rest of it", 70)
    return b"\x24" + identifier, value


def constitution(agent, version):
    return b"\x21" + agent, agent + struct.pack("<Q", version) + filler("the rest of a law", 90)


MEMBERS = sorted([filler("first member"), filler("second member")])
SHARES = [(MEMBERS[0], 2_500, 24_975), (MEMBERS[1], 1_000, 9_990)]


def division(shares=None, lead=WORKER, task=TASK, led=64_935, isOpen=0, key=b"\x31" + TASK):
    """ledger.md, section 20: who had what of the task's pay."""
    shares = SHARES if shares is None else shares
    value = task + lead + bytes([len(shares)])
    for account, part, paid in shares:
        value += account + struct.pack("<I", part) + paid.to_bytes(16, "little")
    return key, value + led.to_bytes(16, "little") + bytes([isOpen])


def leaf(key, value):
    place = hashed("state key", key)
    return place, hashed("state leaf", place + hashed("state value", value))


def bit(place, number):
    return place[number // 8] >> (7 - number % 8) & 1


def subtree(leaves, depth):
    """ledger.md, section 3, by its recursive definition: the root of leaves with a common start."""
    if not leaves:
        return bytes(32)
    if len(leaves) == 1:
        return leaves[0][1]
    halves = [[each for each in leaves if bit(each[0], depth) == side] for side in (0, 1)]
    return hashed("state node", b"".join(subtree(half, depth + 1) for half in halves))


def siblings(leaves, place, depth=0):
    if len(leaves) == 1:
        return []
    halves = [[each for each in leaves if bit(each[0], depth) == side] for side in (0, 1)]
    side = bit(place, depth)
    return siblings(halves[side], place, depth + 1) + [subtree(halves[1 - side], depth + 1)]


def shown(entries, others):
    """The root of a state of `entries` and `others` more, and the members of these entries."""
    rest = [(b"\x20" + filler(f"account {each}"), filler(f"balance {each}"))
            for each in range(others)]
    leaves = [leaf(*each) for each in entries + rest]
    made = [
        {"key": key.hex(), "value": value.hex(),
         "path": [each.hex() for each in siblings(leaves, leaf(key, value)[0])]}
        for key, value in entries
    ]
    return subtree(leaves, 0), made


def certified(chain, root, voters=None, **header):
    """The members of a receipt that lead from a state of this root to the genesis."""
    forge = Forge(chain)
    forge.voters = voters
    forge.alter_checkpoint = lambda part: part.update(stateRoot=root.hex(), **header)
    receipt, _ = forge.make()
    del receipt["checkpoint"]["index"], receipt["checkpoint"]["path"]
    return {name: receipt[name] for name in ["chain", "genesis", "checkpoint", "certificate"]}


class TaskForge:
    """Builds the receipt of a task out of entries, `others` of a state, and records."""

    def __init__(self, entries=None, chain=None, records=2, others=40, voters=None, deeds=()):
        self.chain = chain or Chain()
        self.entries = ENTRIES if entries is None else entries
        self.others = others
        self.records, self.voters, self.deeds = records, voters, deeds
        self.alter_record = lambda part: None

    def make(self):
        """The receipt as a dict."""
        root, entries = shown(self.entries, self.others)
        receipt = certified(self.chain, root, self.voters)
        works = sorted((self.work(each) for each in range(self.records)),
                       key=lambda each: each["record"]["digest"])
        made = {"format": "althing-task-receipt-v1", "chain": receipt["chain"],
                "genesis": receipt["genesis"], "entries": entries, "records": works,
                "checkpoint": receipt["checkpoint"],
                "certificate": receipt["certificate"]}
        if self.deeds:
            made["operations"] = [deed(self.chain, height, command, **shape)
                                  for height, command, shape in self.deeds]
        return made

    def work(self, number):
        forge = Forge(self.chain, count=4, index=number)

        def alter(record):
            record.update(agent=WORKER.hex(), task=TASK[:16].hex())
            self.alter_record(record)

        forge.alter_record = alter
        receipt, _ = forge.make()
        return {name: receipt[name] for name in ["record", "batch", "checkpoint", "certificate"]}


def deed(chain, height, command, **shape):
    """The members of an operation's receipt that are its own, under a checkpoint of that height."""
    forge = OperationForge(chain, command=command, **shape)
    forge.alter_checkpoint = lambda part: part.update(height=str(height))
    receipt = forge.make()
    return {name: receipt[name] for name in ["operation", "checkpoint", "certificate"]}


POST = b"\xa0" + SCOUT + NUMBER + filler("mandate and terms", 90)
OPEN = b"\xd0" + SCOUT + NUMBER + filler("mandate, terms and times", 99)
COMMIT = b"\xd1" + WORKER + TASK + filler("commitment and deposit", 48)
BEGIN = b"\xa1" + WORKER + TASK + b"\x03"
STOP, RESUME = b"\x81\x01" + WORKER, b"\x82\x01" + SCOUT


def answer(height, command, number=b"\x70"):
    """What a guardian said to an operation."""
    asked = deed(Chain(), height, command)
    return number + raw(asked["operation"]["digest"])


def brief(**shape):
    """A task of owners, without a mandate, a law and records."""
    plain = task_entry(mandate=bytes(32), posterLaw=0, workerLaw=0)
    return whole(entries=[plain], records=0, others=2, **shape)


def deeds(*commands):
    """One after the other, under checkpoints of their own."""
    return [(height, command, {}) for height, command in enumerate(commands, 5)]


ENTRIES = [
    task_entry(), mandate(SECOND, FIRST), mandate(FIRST, bytes(32)), constitution(SCOUT, 4),
    constitution(WORKER, 1),
]


def whole(**shape):
    return TaskForge(**shape).make()


def with_task(**changed):
    """Another task in the place of the usual one."""
    return [task_entry(**changed)] + ENTRIES[1:]


def cases():
    yield from accepted()
    yield from forms()
    yield from faults()
    yield from divisions()
    yield from records()
    yield from operations()


def accepted():
    plain = task_entry(mandate=bytes(32), posterLaw=0, workerLaw=0, payer=SCOUT, verification=1)
    yield Case("task-under-a-mandate-that-was-passed-on", compact(whole()))
    yield Case("task-of-owners-without-records", compact(whole(entries=[plain], records=0)))
    yield Case("task-alone-in-the-state",
               compact(whole(entries=[plain], records=0, others=0)))
    yield Case("task-of-4-validators", compact(whole(chain=Chain(4), records=1)))
    for state in (6, 7, 9):
        yield Case(f"task-in-state-{state}", compact(whole(entries=with_task(state=state), records=0)))
    for kind in (1, 2, 4):
        yield Case(f"task-verified-by-{kind}",
                   compact(whole(entries=with_task(verification=kind), records=0)))
    yield Case("task-pinned", compact(whole(records=0)), chain=Chain().digest)


def forms():
    """Faults of the form."""
    made = whole(records=1)

    def with_entry(name, value):
        return compact(edited(made, ("entries", 0, name), lambda _: value))

    for name in ("entries", "records", "checkpoint"):
        absent = copy.deepcopy(made)
        del absent[name]
        yield Case(f"task-without-{name}", compact(absent), "format")
    yield Case("task-unknown-member", compact({**made, "note": "x"}), "format")
    yield Case("task-no-entries", compact({**made, "entries": []}), "format")
    yield Case("task-14-entries", compact({**made, "entries": made["entries"][:1] * 14}), "format")
    yield Case("task-17-records", compact({**made, "records": made["records"][:1] * 17}), "format")
    yield Case("task-key-of-32-bytes", with_entry("key", "29" * 32), "format")
    yield Case("task-empty-value", with_entry("value", ""), "format")
    yield Case("task-half-a-byte", with_entry("value", "123"), "format")
    yield Case("task-257-siblings", with_entry("path", ["00" * 32] * 257), "format")
    place = edited(made, ("checkpoint",), lambda part: {**part, "index": 0, "path": []})
    yield Case("task-checkpoint-with-a-place", compact(place), "format")
    record = edited(made, ("records", 0), lambda part: {**part, "chain": made["chain"]})
    yield Case("task-record-with-a-chain", compact(record), "format")


def faults():
    """Faults of entries, each for its part."""
    made = whole(records=0)
    zero = edited(made, ("entries", 0, "path", -1), lambda _: "00" * 32)
    yield Case("task-sibling-changed", compact(zero), "state")
    short = edited(made, ("entries", 1, "path"), lambda path: path[1:])
    yield Case("task-sibling-missing", compact(short), "state")
    spoiled = edited(made, ("entries", 0, "value"), lambda value: value[:-2] + "00")
    yield Case("task-value-changed", compact(spoiled), "state")
    earned = edited(made, ("entries", 0, "value"),
                    lambda value: value[:426] + "ff" + value[428:])
    yield Case("task-earned-more", compact(earned), "state")
    root = edited(made, ("checkpoint", "stateRoot"), lambda _: filler("root").hex())
    yield Case("task-other-state-root", compact(root), "state")

    def refused(name, part, entries, **shape):
        made = whole(entries=entries, records=0, others=8, **shape)
        return Case(f"task-{name}", compact(made), part)

    for state in (0, 1, 2, 3, 4, 8, 10, 11):
        yield refused(f"not-finished-{state}", "task", with_task(state=state))
    yield refused("unknown-verification", "task", with_task(verification=5))
    yield refused("named-otherwise", "task", with_task(task=filler("another task")))
    yield refused("after-its-mandate", "task", [ENTRIES[1], ENTRIES[0]] + ENTRIES[2:])
    short = (b"\x29" + TASK, task_entry()[1][:253])
    yield refused("too-short", "task", [short] + ENTRIES[1:])
    yield refused("without-its-mandate", "mandate", [ENTRIES[0]] + ENTRIES[2:])
    yield refused("without-the-mandate-above", "mandate", ENTRIES[:2] + ENTRIES[3:])
    thief = mandate(FIRST, bytes(32), payer=filler("another owner"))
    yield refused("mandate-of-another-payer", "mandate", ENTRIES[:2] + [thief] + ENTRIES[3:])
    circle = [ENTRIES[0], mandate(SECOND, SECOND)] + ENTRIES[3:]
    yield refused("mandate-above-itself", "mandate", circle)
    named = (b"\x24" + SECOND, mandate(FIRST, FIRST)[1])
    yield refused("mandate-named-otherwise", "mandate", [ENTRIES[0], named] + ENTRIES[2:])
    yield refused("mandate-nobody-asked-for", "law", with_task(mandate=bytes(32)))
    yield refused("without-the-posters-law", "law", ENTRIES[:3] + ENTRIES[4:])
    yield refused("without-the-workers-law", "law", ENTRIES[:4])
    earlier = constitution(SCOUT, 2)
    yield refused("earlier-law", "law", ENTRIES[:3] + [earlier, ENTRIES[4]])
    yield refused("laws-swapped", "law", ENTRIES[:3] + [ENTRIES[4], ENTRIES[3]])
    third = mandate(filler("third mandate"), bytes(32))
    yield refused("mandate-beyond-the-chain", "law", ENTRIES[:3] + [third] + ENTRIES[3:])
    yield refused("law-nobody-asked-for", "law", ENTRIES + [constitution(OWNER, 1)])
    yield refused("law-of-an-owner", "law", with_task(workerLaw=0))


def divisions():
    """What a team shared, and divisions that are none of the task."""
    def shown(name, *last, part="division", entries=ENTRIES):
        made = whole(entries=entries + list(last), records=0, others=2)
        return Case(f"task-{name}", compact(made), part)

    key, value = division()
    most = [(filler(f"member {each}"), 100, 1) for each in range(15)]
    plain = [task_entry(mandate=bytes(32), posterLaw=0, workerLaw=0)]
    yield shown("divided-by-a-team", division(), part=None)
    yield shown("divided-among-owners", division(), entries=plain, part=None)
    yield shown("divided-among-fifteen", division(most), part=None)
    yield shown("divided-by-one-before-the-worker", division(lead=filler("former")), part=None)
    yield shown("divided-to-the-last", division(led=99_900 - 24_975 - 9_990), part=None)

    yield shown("divided-more-than-earned", division(led=99_901 - 24_975 - 9_990))
    huge = [(MEMBERS[0], 1, 2**128 - 1), (MEMBERS[1], 1, 2)]
    yield shown("divided-beyond-all-numbers", division(huge))
    yield shown("divided-and-open", division(isOpen=1))
    yield shown("divided-among-nobody", division([]))
    yield shown("divided-among-sixteen", division(most + [(filler("one more"), 1, 1)]))
    yield shown("division-of-another-task", division(task=filler("another task")))
    another = filler("another task")
    yield shown("division-named-otherwise", division(key=b"\x31" + another, task=another))
    yield shown("division-cut-short", (key, value[:-1]))
    yield shown("division-too-long", (key, value + b"\x00"))
    yield shown("division-of-one-byte", (key, b"\x01"))
    made = whole(entries=ENTRIES + [division()], records=0, others=2)
    twice = edited(made, ("entries",), lambda entries: entries + entries[-1:])
    yield Case("task-divided-twice", compact(twice), "law")
    yield shown("division-before-the-laws", part="law", entries=ENTRIES[:3] + [division()]
                + ENTRIES[3:])
    yield shown("division-and-a-law", division(), constitution(OWNER, 1), part="law")


def operations():
    """Operations about the task, and faults of them."""
    def told(name, *commands, part="operations"):
        made = brief(deeds=deeds(*commands))
        return Case(f"task-{name}", compact(made), part)

    usual = [POST, BEGIN, answer(6, BEGIN), STOP, RESUME]
    yield told("with-its-operations", *usual, part=None)
    yield told("with-its-auction", OPEN, COMMIT, part=None)
    yield told("begun-and-refused", BEGIN, answer(5, BEGIN, b"\x71"), part=None)
    made = brief(deeds=deeds(*usual))
    yield Case("task-with-no-operations", compact({**made, "operations": []}))
    at_its_place = [(5, BEGIN, {"outcome": "refused"})]
    yield Case("task-with-an-operation-refused-at-its-place",
               compact(brief(deeds=at_its_place)))
    beside = [(5, POST, {"items": 3, "item": 0}), (5, BEGIN, {"items": 3, "item": 2})]
    yield Case("task-with-two-operations-of-a-checkpoint",
               compact(brief(deeds=beside)))

    many = {**made, "operations": made["operations"][:1] * 33}
    yield Case("task-33-operations", compact(many), "format")
    named = edited(made, ("operations", 0), lambda part: {**part, "chain": made["chain"]})
    yield Case("task-operation-with-a-chain", compact(named), "format")
    bare = edited(made, ("operations", 0), lambda part: {"operation": part["operation"]})
    yield Case("task-operation-without-its-checkpoint", compact(bare), "format")

    yield told("operation-of-another-number", b"\xa0" + SCOUT + struct.pack("<Q", 8) + POST[41:])
    yield told("operation-of-another-poster", b"\xa0" + WORKER + POST[33:])
    yield told("operation-of-another-task", BEGIN[:33] + filler("another task") + b"\x03")
    yield told("operation-cut-short", BEGIN[:64])
    yield told("operation-of-another-kind", b"\x40" + BEGIN[1:])
    yield told("answer-to-something-else", BEGIN, answer(9, POST))
    yield told("answer-before-what-was-asked", answer(6, BEGIN), BEGIN)
    yield told("stop-of-a-stranger", b"\x81\x01" + OWNER)
    yield told("stop-of-a-fleet", b"\x81\x02" + WORKER)
    swapped = edited(made, ("operations",), lambda part: [part[0], part[2], part[1]])
    yield Case("task-operations-out-of-order", compact(swapped), "operations")
    behind = edited(made, ("operations",), lambda part: [part[3], part[0]])
    yield Case("task-stop-before-the-post", compact(behind), "operations")
    twice = edited(made, ("operations",), lambda part: [part[0], part[0]])
    yield Case("task-operation-twice", compact(twice), "operations")
    crossed = [(5, POST, {"items": 3, "item": 2}), (5, BEGIN, {"items": 3, "item": 0})]
    yield Case("task-operations-of-a-checkpoint-out-of-order",
               compact(brief(deeds=crossed)), "operations")
    forged = edited(made, ("operations", 1, "operation", "signature"), lambda _: "00" * 64)
    yield Case("task-operation-without-a-signature", compact(forged), "operations")
    changed = edited(made, ("operations", 1, "operation", "sequence"), lambda _: "8")
    yield Case("task-operation-changed", compact(changed), "operations")
    outcome = edited(made, ("operations", 1, "operation", "outcome"), lambda _: "refused")
    yield Case("task-operation-of-another-outcome", compact(outcome), "operations")
    unsigned = edited(made, ("operations", 0, "certificate", 0, "signature"), lambda _: "00" * 64)
    yield Case("task-operation-uncertified", compact(unsigned), "operations")


def records():
    """Faults of the records, and of what all receipts have."""
    def with_records(name, alter):
        forge = TaskForge()
        forge.alter_record = alter
        return Case(f"task-{name}", compact(forge.make()), "records")

    yield with_records("records-of-another-task", lambda part: part.update(task="11" * 16))
    yield with_records("records-of-another-agent",
                       lambda part: part.update(agent=filler("stranger").hex()))
    made = whole()
    swapped = edited(made, ("records",), lambda part: part[::-1])
    yield Case("task-records-out-of-order", compact(swapped), "records")
    twice = edited(made, ("records",), lambda part: [part[0], part[0]])
    yield Case("task-record-twice", compact(twice), "records")
    cost = edited(made, ("records", 0, "record", "cost"), lambda _: "1")
    yield Case("task-record-changed", compact(cost), "records")
    unsigned = edited(made, ("records", 1, "certificate", 0, "signature"), lambda _: "00" * 64)
    yield Case("task-record-without-a-signature", compact(unsigned), "records")
    yield Case("task-too-few-signatures", compact(whole(chain=Chain(4), records=0, voters=[0, 1])),
               "certificate")
    pinned = Chain(name="another chain", created=CREATED).digest
    yield Case("task-pinned-to-another-chain", compact(made), "genesis", chain=pinned)
    renamed = edited(made, ("genesis", "name"), lambda _: "another")
    yield Case("task-other-genesis", compact(renamed), "genesis")
    assert raw(made["chain"]) == Chain().digest
