"""Several validators of one chain under test: real processes, disks, sockets and keys."""

import json
import time

from node import Node, Patience, free_port, run
from wire import Wire

AGREE_SECONDS = 30


class Seat(Node):
    """One validator, started from its configuration file."""

    def __init__(self, folder, number):
        super().__init__(folder)
        self.number, self.peer_port = number, free_port()
        self.file = self.folder / "config.json"
        #: Further arguments.
        self.extra = []

    def command(self):
        return ["node", "--config", str(self.file), "--set", "gateway.logLevel=warning",
                *self.extra]

    def configure(self, peers, host="127.0.0.1"):
        made = json.loads(self.file.read_text())
        made.update(listen=f"127.0.0.1:{self.port}", peers=peers,
                    peerListen=f"{host}:{self.peer_port}")
        self.file.write_text(json.dumps(made))


class Cluster:
    """`count` validators; with `wired`, every link goes through a `Wire` that a test can spoil,
    with `packets` through these."""

    def __init__(self, folder, count=4, wired=False, options=(), packets=None):
        made = run("genesis", "new", "--validators", count, "--dev", "--out", folder / "chain",
                   *(() if "--checkpoint" in options else ("--checkpoint", "100ms")),
                   "--json", *options)
        assert made.returncode == 0, made.stderr
        self.genesis = json.loads(made.stdout)
        self.chain = bytes.fromhex(self.genesis["chain"])
        self.keys = [each.split("@")[0] for each in self.genesis["peers"].split(",")]
        self.seats = [Seat(folder / "chain" / f"validator-{number + 1}", number)
                      for number in range(count)]
        self.wires, self.senders = {}, []
        for seat in self.seats:
            if packets is None:
                places = [f"127.0.0.1:{self.port_towards(other, seat.number, wired)}"
                          for other in range(count)]
                host = "127.0.0.1"
            else:
                places = [f"{packets.address(seat.number, other)}:{self.seats[other].peer_port}"
                          for other in range(count)]
                host = "0.0.0.0"
            seat.configure(",".join(map("@".join, zip(self.keys, places))), host)

    def port_towards(self, other, number, wired):
        port = self.seats[other].peer_port
        if not wired or other == number:
            return port
        # Either side may dial; both directions of a link share one fate.
        pair = tuple(sorted((other, number)))
        wire = Wire(port)
        self.wires.setdefault(pair, []).append(wire)
        return wire.port

    def start(self):
        try:
            return self.open()
        except BaseException:
            self.stop()
            raise

    def open(self):
        for seat in self.seats:
            seat.start()
        for seat in self.seats:
            self.until(lambda: int(self.status(seat)["consensus"]["connected"])
                       >= len(self.seats) - 1, "no links")
        # Four operations of each validator let everybody record, and pay for agents.
        for seat in self.seats:
            self.until(lambda: int(self.status(seat)["operations"]) >= 4 * len(self.seats),
                       "not open")
        return self

    def stop(self):
        for sender in self.senders:
            sender.halted.set()
        for seat in self.seats:
            seat.kill()
        for wires in self.wires.values():
            for wire in wires:
                wire.close()

    @staticmethod
    def status(seat):
        return seat.get("/v1/status")

    @staticmethod
    def until(holds, what, seconds=AGREE_SECONDS):
        patience = Patience(seconds)
        while not holds():
            assert not patience.is_over(), what
            time.sleep(0.05)

    def cut(self, one, other):
        """Nothing passes between two validators until `heal`."""
        for wire in self.wires[tuple(sorted((one, other)))]:
            wire.cut()

    def slow(self, delay, loss):
        """Every link holds bytes for up to `delay` seconds, and breaks with the chance `loss`."""
        for wires in self.wires.values():
            for wire in wires:
                wire.delay, wire.loss = delay, loss

    def heal(self):
        for wires in self.wires.values():
            for wire in wires:
                wire.heal()

    def agree(self, seats=None, seconds=AGREE_SECONDS):
        """Waits until all have certified everything they hold, and the same."""
        seats, shown = seats or self.seats, []

        def same():
            shown[:] = [self.standing(seat) for seat in seats]
            return None not in shown and len(set(shown)) == 1
        try:
            self.until(same, "no agreement", seconds)
        except AssertionError:
            raise AssertionError(f"no agreement: {shown}") from None
        return shown[0]

    def standing(self, seat):
        status = self.status(seat)
        newest = seat.get("/v1/checkpoints?limit=1")["items"]
        if not newest or newest[0]["records"] != status["records"]:
            return None
        return newest[0]["digest"], status["records"], status["batches"]
