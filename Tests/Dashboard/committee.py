"""Four validators of one chain on this machine, each a process with its own store and ports."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request

from node import NotReady, binary, run

READY_SECONDS = 30


def free_ports(count):
    """The first of `count` ports in a row that are free now."""
    for first in range(25_000, 32_000, count):
        probes = [socket.socket() for _ in range(count)]
        try:
            for offset, probe in enumerate(probes):
                probe.bind(("127.0.0.1", first + offset))
            return first
        except OSError:
            continue
        finally:
            for probe in probes:
                probe.close()
    raise OSError("no free ports in a row")


class Committee:
    """Validators by seat; `urls` are their gateways."""

    def __init__(self, folder, seats=4):
        self.folder, self.seats, self.base = folder, seats, free_ports(2 * seats)
        made = run("genesis", "new", "--dev", "--validators", seats, "--out", folder,
                   "--base-port", self.base)
        assert made.returncode == 0, made.stdout + made.stderr
        self.processes = [None] * seats

    @property
    def urls(self):
        return [f"http://127.0.0.1:{self.base + 2 * seat}" for seat in range(self.seats)]

    def start(self):
        for seat in range(self.seats):
            self.start_one(seat)
        for seat in range(self.seats):
            self.wait(seat, lambda status: status["consensus"]["connected"] == self.seats - 1)
        return self

    def start_one(self, seat):
        path = f"{self.folder}/validator-{seat + 1}"
        environment = {**os.environ, "SWIFT_BACKTRACE": "enable=no"}
        with open(f"{path}.log", "ab") as log:
            self.processes[seat] = subprocess.Popen(
                [str(binary()), "node", "--config", f"{path}/config.json"], stdout=log,
                stderr=log, env=environment, start_new_session=True)

    def json(self, seat, path):
        with urllib.request.urlopen(self.urls[seat] + path, timeout=5) as answer:
            return json.loads(answer.read())

    def wait(self, seat, holds, seconds=READY_SECONDS):
        """Until the status of a validator holds."""
        limit, last = time.monotonic() + seconds, None
        while time.monotonic() < limit:
            assert self.processes[seat].poll() is None, f"validator {seat} ended"
            try:
                last = self.json(seat, "/v1/status")
                if holds(last):
                    return last
            except OSError:
                pass
            time.sleep(0.05)
        raise NotReady(f"validator {seat}: {last}")

    def kill(self, seat):
        os.kill(self.processes[seat].pid, signal.SIGKILL)
        self.processes[seat].wait(20)

    def stop(self):
        for process in self.processes:
            if process is not None and process.poll() is None:
                process.terminate()
        for process in self.processes:
            if process is not None:
                process.wait(20)
