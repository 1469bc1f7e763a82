"""The dashboard of one of four real validators: order, validators, and the road of a batch."""

import json
import time
import urllib.error
import urllib.request

import pytest

import traces
from committee import Committee
from conftest import DESK, Tab, until


@pytest.fixture(scope="module")
def committee(tmp_path_factory):
    running = Committee(tmp_path_factory.mktemp("committee") / "chain").start()
    send(running, 0, traces.small(0))
    yield running
    running.stop()


def send(committee, seat, trace, seconds=20):
    """Exports a trace; the owner of the development mode may still be on its way in."""
    headers = {"Content-Type": "application/json"}
    body = json.dumps(trace.request()).encode()
    limit = time.monotonic() + seconds
    while True:
        request = urllib.request.Request(f"{committee.urls[seat]}/v1/traces", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                assert "rejectedSpans" not in answer.read().decode()
            return trace
        except urllib.error.HTTPError as refusal:
            assert refusal.code == 403 and time.monotonic() < limit, refusal.read()
            time.sleep(0.1)


@pytest.fixture
def tab(browser, committee, request):
    context = browser.new_context(viewport=DESK, **getattr(request, "param", {}))
    one = Tab(context.new_page(), committee.urls[0])
    yield one
    context.close()
    one.check()


def test_the_order_grows_while_batches_come(tab, committee, shot):
    page = tab.open("#/order")
    page.wait_for_selector(".graph .block .hull")
    before = int(page.locator("#commits tbody td").first.inner_text().replace(",", "")[1:])
    for number in range(8):
        send(committee, number % 4, traces.small(10 + number))
    until(page, "(least) => Number(document.querySelector('#commits tbody td').textContent"
          ".replace(/[#,]/g, '')) >= least", before + 3)
    assert page.locator(".seat-labels text").count() == 4
    assert page.locator(".graph:not(.sample) .slot.committed.direct").count() > 4
    assert page.locator(".graph:not(.sample) .block .load:not([r='0'])").count() > 0
    shot(page, "four-order")


def test_what_the_node_decided_follows_from_the_graph_it_shows(tab, committee):
    from test_order import JUDGE
    for number in range(6):
        send(committee, number % 4, traces.small(30 + number))
    judged = tab.open().evaluate(JUDGE, committee.json(0, "/v1/dag?limit=100"))
    told = [one for one in judged if one[2][0] != "undecided"]
    # The first rounds of the answer may be judged by blocks that it leaves out.
    first = min(round_ for round_, *_ in told) + 1
    wrong = [one for one in told if one[0] > first and one[2] != one[3]]
    assert wrong == [] and len(told) > 4


def test_every_validator_is_listed_with_its_link(tab, committee, shot):
    page = tab.open("#/validators")
    rows = page.locator("#validators tbody tr")
    rows.nth(3).wait_for()
    assert rows.count() == 4
    assert page.locator("#validators .link[data-link=up]").count() == 3
    assert page.locator("#validators .link[data-link=this]").count() == 1
    port = committee.base + 3
    assert f"127.0.0.1:{port}" in rows.nth(1).inner_text()
    page.get_by_text("The first epoch is under way").wait_for()
    shot(page, "four-validators")


def test_the_overview_counts_the_committee(tab, committee):
    page = tab.open("")
    up = page.locator("#validators-up")
    up.wait_for()
    assert up.inner_text() == "4 of 4"
    assert page.locator("#commits").count() == 1


def batch_of(committee, trace):
    """The batch of a run that is final; None until it is carried out."""
    try:
        run = committee.json(0, f"/v1/runs/{trace.run}")
    except urllib.error.HTTPError as refusal:
        assert refusal.code == 404
        return None
    return committee.json(0, f"/v1/batches/{run['operations'][0]['batch']}")


def test_the_road_of_a_batch_is_told_with_its_votes(tab, committee, shot):
    trace = send(committee, 0, traces.small(50))
    limit = time.monotonic() + 10
    batch = None
    while batch is None or batch["checkpoint"] is None:
        assert time.monotonic() < limit
        batch = batch_of(committee, trace)
    assert len(batch["road"]["votes"]) >= 3
    page = tab.open(f"#/batches/{batch['number']}")
    page.wait_for_selector(".road")
    stations = page.locator(".station")
    assert [stations.nth(i).get_attribute("data-state") for i in range(7)] == ["reached"] * 7
    assert f"#{batch['road']['commit']}" in stations.nth(5).inner_text()
    shot(page, "four-batch")
    # Another validator was not told what the gateway counted.
    number = next(one["number"] for one in committee.json(2, "/v1/batches")["items"]
                  if one["digest"] == batch["digest"])
    page.goto(f"{committee.urls[2]}/#/batches/{number}")
    page.wait_for_selector(".road")
    states = [stations.nth(i).get_attribute("data-state") for i in range(7)]
    assert states[0] == states[4] == "unknown" and states.count("reached") == 5


def test_a_dead_validator_is_skipped_and_shown(tab, committee, shot):
    committee.kill(3)
    try:
        page = tab.open("#/order")
        page.wait_for_selector(".graph .block .hull")
        for number in range(6):
            send(committee, number % 3, traces.small(70 + number))
        page.locator(".graph:not(.sample) .block.missing .slot.skipped").first.wait_for()
        shot(page, "four-one-dead")
        page = tab.open("#/validators")
        page.locator("#validators .link[data-link=down]").wait_for()
    finally:
        committee.start_one(3)
        committee.wait(3, lambda status: status["consensus"]["connected"] == 3)
