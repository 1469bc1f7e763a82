"""The page of the validators with a committee made here: lag, faults, changes of the committee."""

import json

import pytest

from conftest import PHONE

SEATS = 7
KEYS = [f"{17 * seat + 5:02x}" * 32 for seat in range(SEATS + 1)]


def member(seat):
    """Seat 1 is this node; the last one is away, behind, and caught."""
    away, own = seat == SEATS - 1, seat == 1
    return {
        "seat": seat, "key": KEYS[seat], "did": f"did:key:z6Mk{KEYS[seat][:40]}",
        "address": f"10.0.0.{seat + 1}:4318", "own": own, "connected": not (own or away),
        "roundTrip": None if own or away else str(180_000 + 90_000 * seat),
        "lastRound": "1160" if away else "1200", "lagRounds": "40" if away else "0",
        "height": None if away else "340", "lagCheckpoints": None if away else "0",
        "blocks": "100" if away else "400", "exposed": away,
        "fault": "twinVotes" if away else None}


def step(epoch, validators):
    """The end of an epoch, certified by five, and who comes next."""
    checkpoint = {"epoch": str(epoch), "height": str(100 * epoch + 100),
                  "time": str(1_800_000_000_000_000_000 + epoch)}
    return {"checkpoint": checkpoint, "validators": validators,
            "certificate": [{"validator": seat, "signature": "ab" * 64} for seat in range(5)]}


ANSWERS = {
    "**/v1/validators": {"epoch": "3", "round": "1200",
                         "validators": [member(seat) for seat in range(SEATS)]},
    "**/v1/genesis": {"chain": "00" * 32, "name": "made", "created": "1",
                      "validators": KEYS[:SEATS]},
    "**/v1/epochs*": {"epoch": "3", "steps": [
        step(0, KEYS[:SEATS]), step(1, KEYS[1:]), step(2, KEYS[1:SEATS])]},
}


def replying(body):
    return lambda route: route.fulfill(status=200, content_type="application/json", body=body)


def opened(tab):
    for pattern, answer in ANSWERS.items():
        tab.page.route(pattern, replying(json.dumps(answer)))
    page = tab.open("#/validators")
    page.wait_for_selector("#epochs table")
    page.wait_for_selector("#validators table")
    return page


def test_lag_links_and_faults_are_shown(tab, shot):
    page = opened(tab)
    last = page.locator("#validators tbody tr").last.locator("td").all_inner_texts()
    assert last[0] == "6" and last[2].startswith("no link") and last[3] == "–"
    assert last[5] == "40" and last[6] == "–" and last[8] == "4.0 %"
    assert last[9] == "two votes for one place"
    assert page.locator("#validators .late").count() == 1
    tiles = page.locator("#committee .tile-value").all_inner_texts()
    assert tiles == ["3", "1,200", "6 of 7", "2", "1"]
    shot(page, "validators")


def test_changes_of_the_committee_are_told_apart(tab):
    page = opened(tab)
    changes = page.locator("#epochs tbody tr td:nth-child(5)").all_inner_texts()
    came, left = f"+ {KEYS[7][:8]}…{KEYS[7][-4:]}", f"− {KEYS[0][:8]}…{KEYS[0][-4:]}"
    assert changes[2] == "none"
    assert changes[1].split("\n") == [came, left]
    assert changes[0] == came.replace("+", "−")


@pytest.mark.parametrize("tab", [{"viewport": PHONE}], indirect=True)
def test_faults_and_changes_fit_a_phone(tab, shot):
    page = opened(tab)
    shot(page, "phone-validators-faults")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
