"""A sender that keeps on sending and remembers exactly what was acknowledged."""

import http.client
import os
import threading

from spans import recorded, rejected, request, send, span


class Sender:
    """Sends requests of `width` spans, one trace each, until told to stop or the node is gone."""

    def __init__(self, node, width=8):
        self.node, self.width = node, width
        self.acknowledged, self.refused, self.lost = {}, [], []
        self.halted = threading.Event()
        #: Whether the node's clock is set meanwhile: spans then seem to be of another time.
        self.may_be_rejected = False
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        while not self.halted.is_set() and not self.lost:
            self.one()

    def one(self):
        """Sends one request; the status, or None where no answer came."""
        trace = os.urandom(16)
        made = request(*[span(trace) for _ in range(self.width)])
        identifiers = sorted(
            each.span_id.hex() for each in made.resource_spans[0].scope_spans[0].spans)
        try:
            answer = send(self.node, made)
        except (OSError, http.client.HTTPException):
            self.lost.append((trace, identifiers, made))
            return None
        if answer.status == 200 and self.may_be_rejected and rejected(answer).rejected_spans:
            self.refused.append((trace, 200))
        elif answer.status == 200:
            assert rejected(answer).rejected_spans == 0
            self.acknowledged[trace] = identifiers
        else:
            self.refused.append((trace, answer.status))
        return answer.status

    def start(self):
        self.thread.start()
        return self

    def join(self):
        self.halted.set()
        self.thread.join(60)
        assert not self.thread.is_alive()

    def check(self, node):
        """What was acknowledged is there whole; what was lost is there whole or not at all."""
        for trace, identifiers in self.acknowledged.items():
            assert recorded(node, trace) == identifiers, trace.hex()
        for trace, identifiers, _ in self.lost:
            assert recorded(node, trace) in ([], identifiers), trace.hex()

    def resend(self, node):
        """A client retries what it got no answer for: it is then there once."""
        for trace, identifiers, made in self.lost:
            assert rejected(send(node, made)).rejected_spans == 0
            assert recorded(node, trace) == identifiers, trace.hex()

    def check_again(self, node):
        """After later kills: the acknowledged and the resent are still there."""
        for trace, identifiers, _ in self.lost:
            self.acknowledged[trace] = identifiers
        self.lost = []
        self.check(node)


class Patient(Sender):
    """Goes on after an answer that never came, as a client with a retry queue does; waits `pause`
    seconds after each request."""

    def __init__(self, node, width=8, pause=0.0):
        super().__init__(node, width)
        self.pause = pause

    def run(self):
        while not self.halted.is_set():
            answered = self.one()
            self.halted.wait(self.pause if answered is not None else max(self.pause, 0.05))
