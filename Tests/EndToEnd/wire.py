"""A TCP link that a test can slow down, break and cut; no privileges needed."""

import random
import socket
import threading
import time

#: Bytes taken at once.
PIECE = 65_536


class Wire:
    """Listens on a port of its own and carries what comes to `target` and back."""

    def __init__(self, target, seed=1):
        self.target, self.delay, self.loss = target, 0.0, 0.0
        self.is_cut = False
        self.draw = random.Random(seed)
        self.open, self.lock = set(), threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.is_cut:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.target), timeout=2)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            for each in (near, far):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                self.open |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=(source, sink), daemon=True).start()

    def carry(self, source, sink):
        """TCP delivers in order or not at all: loss shows as delay, and as a broken link."""
        try:
            while piece := source.recv(PIECE):
                if self.is_cut or self.draw.random() < self.loss:
                    break
                if self.delay:
                    time.sleep(self.draw.uniform(0, self.delay))
                sink.sendall(piece)
        except OSError:
            pass
        with self.lock:
            self.open -= {source, sink}
        for each in (source, sink):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            each.close()

    def cut(self):
        """Breaks what is open and lets nothing through from now on."""
        self.is_cut = True
        with self.lock:
            broken = list(self.open)
        for each in broken:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def heal(self):
        self.is_cut, self.delay, self.loss = False, 0.0, 0.0

    def close(self):
        self.cut()
        self.listener.close()
