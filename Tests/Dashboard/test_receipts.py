"""Receipts in the dashboard: verified, spoiled, pinned, downloaded."""

import json
import sys

import pytest

from node import ROOT

sys.path.insert(0, str(ROOT / "clients/python/src"))

PARTS = ["format", "genesis", "record", "batchInclusion", "batchSignature",
         "checkpointInclusion", "committee", "certificate", "payload"]

# Where a digit is changed, and the part that must be named for it.
SPOILED = {
    "record.cost": "record", "record.payload.digest": "record", "batch.root": "batchInclusion",
    "batch.signature": "batchSignature", "checkpoint.stateRoot": "certificate",
    "checkpoint.itemsRoot": "checkpointInclusion", "certificate.0.signature": "certificate",
    "genesis.created": "genesis",
}


def open_step(tab, journey, name="chat gpt-4o"):
    page = tab.open(f"#/runs/{journey.run}")
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_selector("#receipt")
    return page


def verdict(page):
    page.wait_for_selector(".verdict")
    mark = page.locator(".verdict")
    return mark.get_attribute("data-ok") == "true", mark.get_attribute("data-part")


def test_verify_checks_every_part(tab, journey, shot):
    page = open_step(tab, journey)
    page.click("button.verify")
    assert verdict(page) == (True, "")
    checks = page.locator(".check")
    assert [checks.nth(i).get_attribute("data-part") for i in range(checks.count())] == PARTS
    assert page.locator(".check[data-ok=true]").count() == len(PARTS)
    shot(page, "verified")


@pytest.mark.parametrize("target", list(SPOILED))
def test_a_spoiled_byte_names_its_part(tab, journey, shot, target):
    page = open_step(tab, journey)
    page.select_option("#receipt select", target)
    page.click("button.spoil")
    assert verdict(page) == (False, SPOILED[target])
    assert page.locator(".check[data-ok=false]").get_attribute("data-part") == SPOILED[target]
    after = PARTS[PARTS.index(SPOILED[target]) + 1:]
    assert page.locator(".check[data-ok=skipped]").count() == len(after)
    shot(page, f"spoiled-{target}")


def test_every_byte_spoiled_anywhere_is_refused(tab, journey):
    page = open_step(tab, journey)
    for _ in range(8):
        page.click("button.spoil:enabled")
        page.wait_for_selector("button.spoil:enabled")
        assert verdict(page)[0] is False


def test_the_chain_is_pinned_at_first_use_and_another_refused(tab, journey, node):
    page = open_step(tab, journey)
    page.click("button.verify")
    assert verdict(page)[0]
    pinned = page.evaluate("localStorage.getItem('althing.chain')")
    assert pinned == node.json("/v1/genesis")["chain"]
    page.evaluate("localStorage.setItem('althing.chain', '11'.repeat(32))")
    page.click("button.verify:enabled")
    page.wait_for_selector(".verdict[data-part=genesis]")
    page.get_by_role("button", name="trust the new chain").click()
    page.wait_for_selector(".verdict[data-ok=true]")
    assert page.evaluate("localStorage.getItem('althing.chain')") == pinned


def test_a_spoiled_receipt_never_pins(tab, journey):
    page = open_step(tab, journey)
    page.click("button.spoil")
    assert verdict(page)[0] is False
    assert page.evaluate("localStorage.getItem('althing.chain')") is None


def test_the_downloaded_receipt_is_accepted_by_the_python_verifier(tab, journey):
    import althing
    page = open_step(tab, journey)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download receipt").click()
    path = waiting.value.path()
    data = path.read_bytes()
    assert althing.verify(data).part is None
    assert json.loads(data)["record"]["run"] == journey.run


def test_a_receipt_that_is_not_there_yet_is_waited_for(tab, journey):
    page = open_step(tab, journey)
    turns = []

    def not_yet(route):
        turns.append(1)
        if len(turns) > 2:
            return route.continue_()
        body = json.dumps({"type": "/problems/not-checkpointed", "title": "Not yet",
                           "status": 409, "detail": "", "instance": "c0"})
        return route.fulfill(status=409, content_type="application/problem+json", body=body)

    tab.expected.append("409")
    page.route("**/receipt", not_yet)
    page.click("button.verify")
    page.get_by_text("Waiting for the next checkpoint").wait_for()
    assert verdict(page) == (True, "")


VECTORS = ROOT / "Tests/Vectors/receipts"

DROP = """([selector, name, text]) => {
  const files = new DataTransfer();
  files.items.add(new File([text], name, { type: 'application/json' }));
  const dropped = new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true });
  document.querySelector(selector).dispatchEvent(dropped);
}"""


def dropped(page, file):
    """Drops a receipt of the vectors where receipts are dropped; gives the verdict."""
    path = VECTORS / file
    page.evaluate(DROP, ["#drop", path.name, path.read_text()])
    page.wait_for_selector(f"strong:text-is('{path.name}')")
    return verdict(page)


def test_a_dropped_licence_is_checked_and_shown(tab, shot):
    page = tab.open("#/receipts")
    assert dropped(page, "accepted/licence-of-an-agent.json") == (True, "")
    checks = page.locator(".check")
    assert [checks.nth(i).get_attribute("data-part") for i in range(checks.count())] == [
        "format", "genesis", "state", "licence", "holder", "committee", "certificate"]
    says = page.locator("#says").inner_text()
    assert "Licence: what it shows" in says and "3 of its offer" in says and "agent" in says
    shot(page, "dropped-licence")
    assert dropped(page, "refused/licence-ended-at-the-checkpoint.json") == (False, "licence")
    assert "what it claims, unproven" in page.locator("#says").inner_text()
    assert dropped(page, "refused/licence-of-somebody-else.json") == (False, "holder")


@pytest.mark.parametrize("file, kind", [
    ("licence-for-ever", "Licence"), ("task-with-its-operations", "Task"),
    ("operation-done", "Operation"), ("validators-1-record-0-of-1-item-0-of-1", "Record"),
])
def test_receipts_of_all_kinds_can_be_dropped(tab, file, kind):
    page = tab.open("#/receipts")
    page.set_input_files("#receipt-file", VECTORS / f"accepted/{file}.json")
    assert verdict(page) == (True, "")
    assert f"{kind}: what it shows" in page.locator("#says").inner_text()
    assert page.evaluate("localStorage.getItem('althing.chain')") is None


def test_what_is_no_receipt_is_refused_where_it_is_dropped(tab):
    page = tab.open("#/receipts")
    for name, text in [("noise.json", "{"), ("empty.json", ""), ("list.json", "[1, 2]")]:
        page.evaluate(DROP, ["#drop", name, text])
        page.wait_for_selector(f"strong:text-is('{name}')")
        assert verdict(page) == (False, "format")
    page.evaluate(DROP, ["#drop", "long.json", " " * (4_194_304 + 1)])
    page.wait_for_selector("text=Too long for a receipt")


def test_a_dropped_receipt_of_another_chain_is_not_taken_for_ours(tab):
    page = tab.open("#/receipts")
    page.evaluate("localStorage.setItem('althing.chain', '11'.repeat(32))")
    assert dropped(page, "accepted/licence-of-an-owner.json") == (False, "genesis")
    page.get_by_role("button", name="Check it by itself").click()
    page.wait_for_selector(".verdict[data-ok=true]")
    assert page.evaluate("localStorage.getItem('althing.chain')") == "11" * 32
