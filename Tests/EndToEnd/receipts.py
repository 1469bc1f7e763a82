"""Both verifiers asked about the same receipt."""

import json
import random

import althing
from node import run


def ours(data, folder, chain=None, payload=None):
    """The part that `althing receipt verify` names, or None."""
    file = folder / "receipt.json"
    file.write_bytes(data)
    arguments = ["receipt", "verify", file, "--json"]
    if chain is not None:
        arguments += ["--chain", chain.hex()]
    if payload is not None:
        (folder / "payload").write_bytes(payload)
        arguments += ["--payload", folder / "payload"]
    result = run(*arguments)
    verdict = json.loads(result.stdout)
    assert result.returncode == (0 if verdict["part"] is None else 1), result.stderr
    return verdict["part"]


def accepted(data, folder, chain, payload):
    """Both verifiers accept."""
    verdict = althing.verify(data, chain=chain, payload=payload)
    assert verdict.part is None, verdict
    assert ours(data, folder, chain, payload) is None


def spoiled(data, seed):
    """The receipt with one digit or letter of it changed to another."""
    draw = random.Random(seed)
    while True:
        place = draw.randrange(len(data))
        if chr(data[place]).isalnum():
            break
    other = draw.choice([each for each in b"0123456789abcdef" if each != data[place]])
    return data[:place] + bytes([other]) + data[place + 1:]


def refused_alike(data, folder, seed):
    """Both refuse a spoiled copy and name the same part, which is returned."""
    bad = spoiled(data, seed)
    part = althing.verify(bad).part
    assert part is not None, seed
    assert ours(bad, folder) == part, (seed, part)
    return part
