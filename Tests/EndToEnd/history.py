"""Checks what clients were told against what validators hold; shares no code with the node."""

import time

from node import Patience
from sender import Patient
from spans import recorded, rejected, send


def load(history, seats, seconds, width=4, pause=0.0):
    """Sends to these validators for a while, and goes on."""
    senders = [history.add(Patient(seat, width, pause)).start() for seat in seats]
    time.sleep(seconds)
    return senders


class History:
    """What senders of several validators know; each sender waits for its answers."""

    def __init__(self, cluster):
        self.cluster, self.senders = cluster, []
        #: Validators that took a state over from others, at the last check.
        self.taken_over = 0

    def add(self, sender):
        self.senders.append(sender)
        self.cluster.senders.append(sender)
        return sender

    def resend(self):
        """A client retries what it got no answer for; it is read only once all have come to rest,
        for an answer says that a quorum has it on disk, not that it was carried out."""
        for sender in self.senders:
            for trace, identifiers, made in sender.lost:
                self.insist(sender.node, made)
                sender.acknowledged[trace] = identifiers
            sender.lost = []

    @staticmethod
    def insist(node, made, seconds=90):
        patience = Patience(seconds)
        while (answer := send(node, made)).status != 200:
            assert answer.status in (429, 503), (answer.status, answer.body[:300])
            assert not patience.is_over(), "no quorum in time"
            time.sleep(0.1)
        assert rejected(answer).rejected_spans == 0

    def check(self, seats=None, runs=None):
        """Everything acknowledged is on every validator exactly once, in one order; each run by
        itself too, or the first `runs` of each sender. Of a validator that took a state over from
        others, only what it went on from is compared; one has everything."""
        seats = seats or self.cluster.seats
        self.cluster.agree(seats)
        whole = [seat for seat in seats if self.has_all(seat)]
        assert whole, "every validator took a state over: nobody has everything"
        digests = self.digests(whole[0])
        for seat in seats:
            # A checkpoint may be certified while they are read.
            held = {height: digest for height, digest in self.digests(seat).items()
                    if height <= max(digests)}
            assert held == {height: digests.get(height) for height in held}, seat.number
        self.taken_over, seats = len(seats) - len(whole), whole
        # An answer says that a quorum keeps a batch; it is carried out a little later.
        for seat in seats:
            self.cluster.until(lambda: not self.missing(seat), "acknowledged records are missing")
        self.cluster.agree(seats)
        orders = [self.order(seat) for seat in seats]
        for seat, order in zip(seats, orders):
            length = min(len(order), len(orders[0]))
            assert order[:length] == orders[0][:length], \
                f"validator {seat.number + 1} has another order"
        self.each_once(seats[0])
        for seat in seats:
            for sender in self.senders:
                for trace, identifiers in list(sender.acknowledged.items())[:runs]:
                    assert recorded(seat, trace) == identifiers, (seat.number, trace.hex())
        return sum(len(sender.acknowledged) for sender in self.senders)

    @staticmethod
    def digests(seat):
        """The digest of each checkpoint that it has, by height."""
        return {int(each["height"]): each["digest"] for each in seat.all("/v1/checkpoints")}

    def has_all(self, seat):
        """Whether it carried everything out itself."""
        heights = self.digests(seat)
        return len(heights) == max(heights, default=0)

    @staticmethod
    def order(seat):
        """What each checkpoint put in order, from the first: its digest and its items."""
        lowest = seat.all("/v1/checkpoints")[::-1]
        heights = [int(each["height"]) for each in lowest]
        assert heights == list(range(1, len(heights) + 1)), "a checkpoint is missing"
        for before, after in zip(lowest, lowest[1:]):
            assert after["previous"] == before["digest"], "the chain of checkpoints is broken"
        found = []
        for each in lowest:
            contents = seat.get(f"/v1/checkpoints/{each['height']}")["contents"]
            found.append((each["digest"], [item["digest"] for item in contents]))
        items = [digest for _, digests in found for digest in digests]
        assert len(set(items)) == len(items), "something was put in order twice"
        return found

    def each_once(self, seat):
        """No record stands twice; a submitter's batches stand in its order, without gaps."""
        batches, last = seat.all("/v1/batches")[::-1], {}
        assert [int(each["number"]) for each in batches] == list(range(1, len(batches) + 1))
        for each in batches:
            expected = last.get(each["submitter"], 0) + 1
            assert int(each["sequence"]) == expected, "a submitter's batches are out of order"
            last[each["submitter"]] = expected
        records = [(each["run"], each["operation"]) for each in seat.all("/v1/records")]
        assert len(set(records)) == len(records), "a record stands twice"

    def missing(self, seat):
        """What was acknowledged and does not stand on this validator."""
        found = {(each["run"], each["operation"]) for each in seat.all("/v1/records")}
        return {(trace.hex(), operation) for sender in self.senders
                for trace, operations in sender.acknowledged.items()
                for operation in operations} - found
