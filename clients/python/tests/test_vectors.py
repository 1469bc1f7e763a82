"""The committed vectors: accepted and refused as the index says, and made by the generator."""

import json

import pytest
from make_vectors import FOLDER, fresh

import althing

INDEX = json.loads((FOLDER / "index.json").read_text())


@pytest.mark.parametrize("entry", INDEX, ids=lambda entry: entry["file"])
def test_verdict_names_the_part(entry):
    given = {name: bytes.fromhex(entry[name]) for name in ("chain", "payload") if name in entry}
    verdict = althing.verify((FOLDER / entry["file"]).read_bytes(), **given)
    assert verdict.part == entry["part"], verdict.detail


def test_files_equal_a_fresh_generation():
    files = fresh()
    found = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file()}
    assert found == set(files)
    stale = [name for name, data in files.items() if (FOLDER / name).read_bytes() != data]
    assert stale == []


def test_every_part_is_refused_somewhere():
    assert {entry["part"] for entry in INDEX} == {None, *althing.PARTS}


def test_folder_stays_small():
    assert sum(path.stat().st_size for path in FOLDER.rglob("*.json")) < 4_900_000
