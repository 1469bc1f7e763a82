"""A wall clock that a test sets for one process: a small library in front of `clock_gettime`."""

import mmap
import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = r"""
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *offset;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("ALTHING_TEST_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *found = mmap(NULL, sizeof *offset, PROT_READ, MAP_SHARED, file, 0);
    if (found != MAP_FAILED) offset = found;
    close(file);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int failed = (int)syscall(SYS_clock_gettime, clock, time);
    if (!failed && clock == CLOCK_REALTIME && offset) time->tv_sec += *offset;
    return failed;
}
"""


def can_set():
    return shutil.which("cc") is not None


class WallClock:
    """The clock of one node, which is started with `variables`."""

    def __init__(self, folder, name):
        folder = Path(folder)
        self.file, library = folder / f"{name}.clock", folder / "clock.so"
        self.file.write_bytes(bytes(8))
        if not library.exists():
            subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-x", "c", "-o", library, "-"],
                           input=SOURCE, text=True, check=True)
        self.variables = {"LD_PRELOAD": str(library), "ALTHING_TEST_CLOCK": str(self.file)}

    def set(self, seconds):
        """It is so many seconds ahead of the machine's from now on."""
        with open(self.file, "r+b") as file, mmap.mmap(file.fileno(), 8) as shared:
            shared[:] = struct.pack("q", seconds)
