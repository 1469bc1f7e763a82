"""`kill -9` at random moments while spans are sent: what was acknowledged is there afterwards."""

import os
import random
import threading

from node import check_store
from sender import Sender

#: How often the node is killed; `make sim` asks for 200.
ROUNDS = int(os.environ.get("ALTHING_KILLS", "20"))
SEED = int(os.environ.get("ALTHING_SEED", "1"))
SENDERS = 2


def test_acknowledged_spans_survive_kill(own_node):
    print(f"seed {SEED}, {ROUNDS} rounds")
    draw, acknowledged = random.Random(SEED), 0
    every = []
    own_node.start()
    for number in range(ROUNDS):
        senders = [Sender(own_node, width=draw.choice([1, 8, 64])) for _ in range(SENDERS)]
        killer = threading.Timer(draw.uniform(0.0, 0.6), own_node.kill)
        for sender in senders:
            sender.start()
        killer.start()
        killer.join()
        for sender in senders:
            sender.join()
            acknowledged += len(sender.acknowledged)
        own_node.start()
        for sender in senders:
            sender.check(own_node)
            sender.resend(own_node)
        every += senders
    assert acknowledged > ROUNDS, "hardly anything was acknowledged before the kills"
    for sender in every:
        sender.check_again(own_node)
    assert own_node.stop() == 0
    check_store(own_node.folder)


def test_killed_while_starting(own_node):
    """Killed before it is ready, again and again, it still starts with everything."""
    draw = random.Random(SEED)
    own_node.start()
    sender = Sender(own_node)
    for _ in range(50):
        assert sender.one() == 200
    own_node.kill()
    for _ in range(max(3, ROUNDS // 4)):
        delay = threading.Timer(draw.uniform(0.0, 0.05), own_node.kill)
        delay.start()
        try:
            own_node.start()
        except Exception as failure:  # whatever the kill made of the start
            print(f"start ended: {type(failure).__name__}")
        delay.join()
        own_node.kill()
    own_node.start()
    sender.check(own_node)
    assert own_node.stop() == 0
    check_store(own_node.folder)


def test_stop_is_clean_while_spans_arrive(own_node):
    own_node.start()
    sender = Sender(own_node).start()
    while len(sender.acknowledged) < 20:
        assert sender.thread.is_alive()
    assert own_node.stop() == 0
    sender.join()
    check_store(own_node.folder)
    own_node.start()
    sender.check(own_node)
