"""Writes Tests/Vectors/receipts: `python clients/python/tests/make_vectors.py`."""

import json
import shutil
import sys
from pathlib import Path

import cases_accepted
import cases_licences
import cases_members
import cases_operations
import cases_proofs
import cases_settings
import cases_signatures
import cases_steps
import cases_tasks
import cases_text
import cases_values

FOLDER = Path(__file__).resolve().parents[3] / "Tests" / "Vectors" / "receipts"
SOURCES = [
    cases_accepted, cases_members, cases_text, cases_values, cases_proofs, cases_signatures,
    cases_steps, cases_settings, cases_operations, cases_tasks, cases_licences,
]


def fresh():
    """All files of the folder, by path relative to it."""
    files, index = {}, []
    for case in (each for source in SOURCES for each in source.cases()):
        file = f"{'accepted' if case.part is None else 'refused'}/{case.name}.json"
        assert file not in files, file
        files[file] = case.data
        entry = {"file": file, "part": case.part}
        if case.chain is not None:
            entry["chain"] = case.chain.hex()
        if case.payload is not None:
            entry["payload"] = case.payload.hex()
        index.append(entry)
    index.sort(key=lambda entry: entry["file"])
    lines = ",\n".join(json.dumps(entry) for entry in index)
    files["index.json"] = f"[\n{lines}\n]\n".encode()
    return files


def main():
    files = fresh()
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name, data in files.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    total = sum(len(data) for data in files.values())
    print(f"{len(files)} files, {total:,} bytes in {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
