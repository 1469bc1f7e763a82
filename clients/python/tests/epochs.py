"""Makes receipts of chains whose committee changed, from the specification alone (test only)."""

import struct

from maker import (
    CREATED, Chain, Forge, checkpoint_digest, checkpoint_message, filler, hashed, signing_key,
)


class Committee:
    """Validators whose seeds are known; `label` tells them from those of other committees."""

    def __init__(self, count, label):
        self.signers = [signing_key(f"{label} {index}") for index in range(count)]
        self.keys = [bytes(each.verify_key) for each in self.signers]

    def digest(self):
        return hashed("committee", struct.pack("<H", len(self.keys)) + b"".join(self.keys))


def sign(signers, message, voters=None):
    """A certificate by the validators at `voters`; all where that is None."""
    picked = range(len(signers)) if voters is None else voters
    return [{"validator": each, "signature": signers[each].sign(message).signature.hex()}
            for each in picked]


class Story:
    """A genesis committee of `counts[0]` and one more committee for each further count.

    Step i ends epoch i at height 10·(i + 1). Hooks change a part before it is signed:
    `alter(i, checkpoint)` that of step i, `alter_last(checkpoint)` that of the receipt;
    `signers[i]` sign in epoch i, of which `voters[i]` vote.
    """

    def __init__(self, *counts):
        self.chain = Chain(counts[0])
        self.committees = [Committee(counts[0], "validator")]
        for epoch, count in enumerate(counts[1:], 1):
            self.committees.append(Committee(count, f"validator of epoch {epoch}"))
        self.signers = [each.signers for each in self.committees]
        self.voters = [None] * len(counts)
        self.alter = lambda place, checkpoint: None
        self.alter_last = lambda checkpoint: None
        #: The last checkpoint stands at the height after the last step.
        self.is_next = False

    def make(self):
        """The receipt as a dict."""
        steps = [self.step(place) for place in range(len(self.committees) - 1)]
        receipt = Forge(self.chain).make()[0]
        place = len(steps)
        checkpoint = receipt["checkpoint"]
        checkpoint.update(
            epoch=str(place), height=str(10 * place + 7), time=str(time(place, 7)),
            committee=self.committees[-1].digest().hex())
        if self.is_next:
            last = steps[-1]["checkpoint"]
            checkpoint.update(height=str(int(last["height"]) + 1),
                              previous=checkpoint_digest(self.chain.digest, last).hex())
        self.alter_last(checkpoint)
        receipt["certificate"] = self.vote(place, checkpoint)
        return {**receipt, "steps": steps}

    def step(self, place):
        following = self.committees[place + 1]
        checkpoint = {
            "epoch": str(place), "height": str(10 * place + 10), "time": str(time(place, 10)),
            "records": str(4_000 * place), "previous": filler(f"previous {place}").hex(),
            "itemsRoot": "00" * 32, "stateRoot": filler(f"state {place}").hex(),
            "committee": self.committees[place].digest().hex(), "items": 0,
            "next": following.digest().hex(),
        }
        self.alter(place, checkpoint)
        return {"checkpoint": checkpoint, "certificate": self.vote(place, checkpoint),
                "validators": [key.hex() for key in following.keys]}

    def vote(self, place, checkpoint):
        message = checkpoint_message(self.chain.digest, checkpoint)
        return sign(self.signers[place], message, self.voters[place])


def time(epoch, minutes):
    return CREATED + (10 * epoch + minutes) * 60_000_000_000
