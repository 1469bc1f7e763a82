"""The command: exit status and what it prints."""

import json

import pytest
from make_vectors import FOLDER
from maker import Chain, Forge

from althing.command import main

GOOD = FOLDER / "accepted" / "validators-1-record-0-of-2-item-1-of-2.json"
BAD = FOLDER / "refused" / "spoiled-record-gas.json"


def test_verified_is_status_0(capsys):
    assert main([str(GOOD)]) == 0
    assert capsys.readouterr().out == "verified: every check held\n"


def test_refused_is_status_1_and_names_the_part(capsys):
    assert main([str(BAD)]) == 1
    assert capsys.readouterr().out.startswith("refused: record: the record has the digest ")


def test_json_verdict(capsys):
    assert main([str(BAD), "--json"]) == 1
    verdict = json.loads(capsys.readouterr().out)
    assert (verdict["verified"], verdict["part"]) == (False, "record")


def test_trusted_chain(capsys):
    assert main([str(GOOD), "--chain", Chain().digest.hex()]) == 0
    assert main([str(GOOD), "--chain", "00" * 32, "--json"]) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["part"] == "genesis"


def test_payload(tmp_path, capsys):
    payload = tmp_path / "payload"
    payload.write_bytes(Forge(items=2, item=1).make()[1])
    assert main([str(GOOD), "--payload", str(payload)]) == 0
    payload.write_bytes(b"other")
    assert main([str(GOOD), "--payload", str(payload), "--json"]) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["part"] == "payload"


def test_unreadable_is_status_2(tmp_path, capsys):
    assert main([str(tmp_path / "absent")]) == 2
    assert main([str(tmp_path)]) == 2
    assert "althing-verify: " in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [
    [], [str(GOOD), "--chain", "00"], [str(GOOD), "--chain", "0 " * 32],
    [str(GOOD), "--chain", "zz" * 32], [str(GOOD), "--bogus"],
])
def test_usage_is_status_2(arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
