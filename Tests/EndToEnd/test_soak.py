"""A short soak; `scripts/soak` runs long ones."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from node import binary
from soak import plan
from soak_faults import KINDS

MINUTES = os.environ.get("ALTHING_SOAK_MINUTES", "0.5")
SEED = os.environ.get("ALTHING_SEED", "1")


def test_a_seed_has_one_plan():
    """And a longer run begins with the shorter one."""
    short, long = ([str(step) for step in plan(7, seconds, list(KINDS))] for seconds in (60, 300))
    assert short == long[:len(short)] and 5 < len(short) < len(long)


@pytest.mark.parametrize("links", ["packets", "streams"])
def test_a_short_soak(tmp_path, links):
    command = [sys.executable, Path(__file__).with_name("soak.py"), "--minutes", MINUTES,
               "--seed", SEED, "--pause", "0.1", "--folder", tmp_path, "--links", links]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=600,
                         env={**os.environ, "ALTHING": str(binary())})
    print(ran.stdout)
    if "cannot" in ran.stderr and ran.returncode == 2:
        pytest.skip(ran.stderr.strip().splitlines()[-1])
    assert ran.returncode == 0, ran.stdout + ran.stderr
