"""Makes block graphs with faults in them, and the answers of /v1/dag that a node would give: the
committer here is written from docs/spec/consensus.md and shares nothing with the node's."""

import hashlib
import random

SECOND = 1_000_000_000
DISTANCE = 3


class Block:
    def __init__(self, round_, seat, parents, time, items, label=""):
        self.round, self.seat, self.parents = round_, seat, parents
        self.time, self.items, self.bytes = time, items, 4 + 180 * items
        text = f"{round_} {seat} {label} {[one.digest for one in parents]}"
        self.digest = hashlib.sha256(text.encode()).hexdigest()

    def wire(self):
        return {"round": str(self.round), "seat": self.seat, "digest": self.digest,
                "time": str(self.time), "items": self.items, "bytes": str(self.bytes),
                "parents": [one.digest for one in self.parents]}


class Chain:
    """`silent(round)`: seats that make no block; `unheard(round)`: pairs (voter, author) where the
    voter of `round` does not name the author's block of the round before."""

    def __init__(self, seats=4, leaders=2, start=1_800_000_000 * SECOND, step=40_000_000, seed=1):
        self.seats, self.leaders, self.step = seats, leaders, step
        self.quorum = 2 * seats // 3 + 1
        self.random = random.Random(seed)
        self.start = start
        self.rounds = {0: [Block(0, seat, [], start, 0) for seat in range(seats)]}
        self.commits = []
        self.head = 0
        self.ordered = set()

    @property
    def tip(self):
        return max(self.rounds)

    def grow(self, count, silent=lambda r: (), unheard=lambda r: (), items=None):
        for _ in range(count):
            number = self.tip + 1
            before, row = self.rounds[self.tip], []
            for seat in range(self.seats):
                if seat in silent(number):
                    continue
                deaf = {author for voter, author in unheard(number) if voter == seat}
                parents = [one for one in before if one.seat not in deaf or one.seat == seat]
                parents.sort(key=lambda one: (one.seat != seat, one.seat))
                assert len(parents) >= self.quorum, (number, seat)
                load = self.random.choice([0, 0, 1, 3, 60]) if items is None else items
                at = self.start + number * self.step + self.random.randrange(self.step // 3)
                row.append(Block(number, seat, parents, at, load))
            assert len(row) >= self.quorum, number
            self.rounds[number] = row
        self.commit()
        return self

    # The rules

    def leaders_of(self, number):
        seats = []
        for turn in range(self.leaders):
            seat = (number * self.leaders + turn) % self.seats
            if seat not in seats:
                seats.append(seat)
        return seats

    def slots(self):
        return [(number, seat) for number in range(self.head + 1, self.tip + 1)
                for seat in self.leaders_of(number)]

    def voters(self, slot):
        """Those that support, by block, and those that blame."""
        number, seat = slot
        found, blames = {}, set()
        for voter in self.rounds.get(number + 1, []):
            named = [one for one in voter.parents if (one.round, one.seat) == slot]
            if named:
                found.setdefault(named[0].digest, {})[voter.digest] = voter.seat
            else:
                blames.add(voter.seat)
        return found, blames

    def certificates(self, slot):
        found, _ = self.voters(slot)
        made = []
        for block in self.rounds.get(slot[0] + 2, []):
            for digest, voters in found.items():
                if sum(one.digest in voters for one in block.parents) >= self.quorum:
                    made.append((block, digest))
        return made

    def direct(self, slot):
        _, blames = self.voters(slot)
        if len(blames) >= self.quorum:
            return "skippedDirectly", None
        made = self.certificates(slot)
        for digest in {digest for _, digest in made}:
            if len({block.seat for block, other in made if other == digest}) >= self.quorum:
                return "committedDirectly", digest
        return None

    def history(self, block):
        seen, waiting = {block.digest}, [block]
        while waiting:
            for parent in waiting.pop().parents:
                if parent.digest not in seen:
                    seen.add(parent.digest)
                    waiting.append(parent)
        return seen

    def find(self, digest):
        return next(one for row in self.rounds.values() for one in row if one.digest == digest)

    def verdicts(self):
        slots, found = self.slots(), {}
        for slot in reversed(slots):
            found[slot] = self.direct(slot) or self.indirect(slot, slots, found)
        return [(slot, found[slot]) for slot in slots]

    def indirect(self, slot, slots, found):
        for other in slots:
            if other[0] < slot[0] + DISTANCE:
                continue
            if found[other] is None:
                return None
            outcome, digest = found[other]
            if outcome.startswith("skipped"):
                continue
            seen = self.history(self.find(digest))
            for block, certified in self.certificates(slot):
                if block.digest in seen:
                    return "committedIndirectly", certified
            return "skippedIndirectly", None
        return None

    def commit(self):
        while self.commit_once():
            pass

    def commit_once(self):
        decided = self.verdicts()
        for number in range(self.head + 1, self.tip + 1):
            here = [outcome for (at, _), outcome in decided if at == number]
            if None in here:
                return False
            leaders = [digest for outcome, digest in here if outcome.startswith("committed")]
            if leaders:
                self.put(number, leaders, [one for one in decided if one[0][0] <= number])
                return True
        return False

    def put(self, number, leaders, decided):
        seen = set().union(*(self.history(self.find(digest)) for digest in leaders))
        blocks = [one for at in sorted(self.rounds) if at > 0 for one in self.rounds[at]
                  if one.digest in seen and one.digest not in self.ordered]
        self.ordered |= {one.digest for one in blocks}
        self.head = number
        index = len(self.commits) + 1
        self.commits.append({
            "index": str(index), "epoch": "0", "round": str(number),
            "time": str(max(one.time for one in blocks)),
            "digest": hashlib.sha256(f"commit {index}".encode()).hexdigest(),
            "verdicts": [slot_wire(slot, outcome) for slot, outcome in decided],
            "blocks": [one.wire() for one in blocks]})

    # The answer

    def answer(self, after=None, now=None, limit=200):
        commits = [one for one in self.commits if after is None or int(one["index"]) > after]
        loose = [one for at in sorted(self.rounds) if at > 0 for one in self.rounds[at]
                 if one.digest not in self.ordered]
        last = max(one.time for one in self.rounds[self.tip])
        return {
            "epoch": "0", "seats": self.seats, "quorum": self.quorum,
            "now": str(last if now is None else now),
            "commits": commits[-limit:],
            "tip": {"blocks": [one.wire() for one in loose],
                    "slots": [slot_wire(slot, None) for slot in self.slots()]}}


def slot_wire(slot, outcome):
    number, seat = slot
    wire = {"round": str(number), "seat": seat, "elected": False}
    if outcome is not None:
        wire["outcome"] = outcome[0]
        if outcome[1] is not None:
            wire["block"] = outcome[1]
    return wire


def wild(seed, seats=4, rounds=30):
    """A graph with silence and deafness at random, within what a quorum allows."""
    chain = Chain(seats, seed=seed)
    choose, spare = random.Random(seed), seats - chain.quorum

    def silent():
        return choose.sample(range(seats), choose.randint(0, spare) if choose.random() < 0.4 else 0)

    for _ in range(rounds):
        absent = set(silent())
        before = {one.seat for one in chain.rounds[chain.tip]}
        deaf = []
        for voter in range(seats):
            room = len(before) - chain.quorum
            others = sorted(before - {voter})
            if choose.random() < 0.5 and room > 0:
                chosen = choose.sample(others, min(room, len(others)))
                deaf += [(voter, author) for author in chosen]
        # A seat that was silent has no block of its own to follow: it is silent for one round.
        chain.grow(1, silent=lambda r: absent, unheard=lambda r: deaf)
    return chain
