"""The page of the order, with graphs made here: verdicts, reasons, pausing, the keyboard."""

import json
import time
from urllib.parse import parse_qs, urlparse

import pytest

import graphs
from conftest import until

JUDGE = """async (answer) => {
  const { Graph } = await import('/dashboard/order/graph.js');
  const { derive } = await import('/dashboard/order/votes.js');
  const graph = new Graph();
  graph.take(answer);
  const { slots, verdicts } = derive(graph, 1);
  return slots.map(({ round, author, verdict, how, block }, i) => [round, author,
    [verdict, how, block], [verdicts[i].verdict, verdicts[i].how ?? null,
      verdicts[i].block ?? null]]);
}"""


def test_the_page_decides_every_slot_as_the_committer_does(tab):
    page = tab.open()
    wrong, seen = [], set()
    for seed in range(40):
        chain = graphs.wild(seed, seats=4 if seed % 2 else 7)
        for round_, seat, told, derived in page.evaluate(JUDGE, chain.answer()):
            # Above the last commit the answer tells no verdict: the page finds its own.
            if told[0] != "undecided" and told != derived:
                wrong.append((seed, round_, seat, told, derived))
            seen.add(tuple(told[:2]))
        ahead = {(at, seat): outcome for (at, seat), outcome in chain.verdicts()}
        for round_, seat, told, derived in page.evaluate(JUDGE, chain.answer()):
            outcome = ahead.get((round_, seat))
            if (round_, seat) in ahead and (outcome is None) != (derived[0] == "undecided"):
                wrong.append((seed, round_, seat, outcome, derived))
    assert wrong == []
    assert len(seen) == 5, seen


class Feed:
    """Answers /v1/dag from a chain that the test lets grow."""

    def __init__(self, tab, chain):
        self.tab, self.chain, self.now, self.asked = tab, chain, None, 0
        tab.page.route("**/v1/dag*", self.answer)

    def answer(self, route):
        query = parse_qs(urlparse(route.request.url).query)
        after = int(query["after"][0]) if "after" in query else None
        self.asked += 1
        route.fulfill(status=200, content_type="application/json",
                      body=json.dumps(self.chain.answer(after, self.now)))

    def open(self):
        page = self.tab.open("#/order")
        page.wait_for_selector(".graph .block .hull")
        return page


def scene():
    """Seven seats; one is silent for a while, and leaders go unheard: every verdict occurs."""
    chain = graphs.Chain(7, seed=4)
    chain.grow(20).grow(3, silent=lambda r: (5,))
    chain.grow(3, unheard=lambda r: [(voter, (2 * r - 2) % 7) for voter in range(7)
                                     if voter != (2 * r - 2) % 7 and (voter + r) % 3])
    chain.grow(12)
    chain.grow(1, unheard=lambda r: [(voter, 2 * (r - 1) % 7) for voter in range(4)])
    return chain.grow(1)


@pytest.mark.parametrize("tab", [{"color_scheme": "light"}, {"color_scheme": "dark"}],
                         indirect=True, ids=["light", "dark"])
def test_blocks_slots_and_commits_are_drawn(tab, node, journey, shot, request):
    feed = Feed(tab, scene())
    page, chain = feed.open(), feed.chain
    blocks = sum(len(row) for at, row in chain.rounds.items() if at > 0)
    assert page.locator(".block .hull").count() - page.locator(".legend .hull").count() == blocks
    kinds = {kind: page.locator(f".graph:not(.sample) .slot.{kind}").count()
             for kind in ["committed", "skipped", "undecided"]}
    outcomes = [one["outcome"] for commit in chain.commits for one in commit["verdicts"]]
    assert kinds["committed"] >= sum(one.startswith("committed") for one in outcomes)
    assert kinds["skipped"] >= sum(one.startswith("skipped") for one in outcomes)
    assert page.locator(".graph:not(.sample) .block.missing").count() == 1
    assert page.locator("#pace").inner_text().endswith(f"commit #{len(chain.commits)}")
    rows = page.locator("#commits tbody tr")
    assert rows.first.locator("td").first.inner_text() == f"#{len(chain.commits)}"
    shot(page, f"{request.node.callspec.id}-order")


def chosen(page, kinds):
    page.locator(f".graph:not(.sample) .block:has(.slot.{kinds})").first.click()
    page.wait_for_selector("#reason")
    return page.locator("#verdict").inner_text(), page.locator("#reason").inner_text()


def test_the_reason_for_a_verdict_names_who_voted(tab, node, journey, shot):
    page = Feed(tab, scene()).open()
    verdict, reason = chosen(page, "committed.direct")
    assert verdict == "Committed directly"
    assert "certified it in round" in reason and "5 of 7 are needed" in reason
    assert page.locator(".ballot tbody tr").count() == 7
    verdict, reason = chosen(page, "skipped.direct")
    assert verdict == "Skipped directly" and "blamed it" in reason
    assert page.locator(".ballot .vote.against").count() >= 5
    shot(page, "order-skipped")
    verdict, reason = chosen(page, "skipped.indirect")
    assert verdict == "Skipped indirectly" and "its history holds no certificate" in reason
    page.locator(".slot-detail .jump").first.click()
    assert page.locator("#verdict").inner_text().startswith("Committed")
    verdict, reason = chosen(page, "undecided")
    assert verdict == "Undecided" and "So far" in reason
    page.locator(".graph:not(.sample) .block:has(.slot.committed)").last.click()
    assert page.locator("#verdict").inner_text().endswith("waits for earlier slots")


def test_a_pause_keeps_the_picture_and_following_catches_up(tab, node, journey):
    feed = Feed(tab, graphs.Chain(4, seed=2).grow(12))
    page = feed.open()
    page.locator("#follow").click()
    held = page.locator(".round-label").all_inner_texts()
    feed.chain.grow(9)
    page.locator("#follow", has_text="9 newer rounds").wait_for()
    assert page.locator(".round-label").all_inner_texts() == held
    page.locator("#follow").click()
    until(page, "[...document.querySelectorAll('.round-label')].some((one) =>"
          " one.textContent === '20')")
    assert page.locator("#follow").inner_text() == "Pause"


def test_the_graph_is_walked_with_the_keyboard(tab, node, journey):
    page = Feed(tab, graphs.Chain(4, seed=3).grow(12)).open()
    label = "document.activeElement.getAttribute('aria-label')"
    assert page.locator(".graph:not(.sample) .block[tabindex='0']").count() == 1
    page.locator(".graph:not(.sample) .block[tabindex='0']").focus()
    assert page.evaluate(label).startswith("Validator 3, round 12:")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(label).startswith("Validator 2, round 10:")
    page.keyboard.press("Enter")
    assert page.locator(".order-side h2").inner_text() == "Validator 2, round 10"
    assert page.locator("#follow").inner_text().startswith("Follow")
    page.get_by_role("button", name="Close").click()
    assert page.locator(".order-side").inner_text() == ""


def test_rest_and_standstill_are_told_apart(tab, node, journey):
    chain = graphs.Chain(4, seed=5, step=graphs.SECOND).grow(12, items=0)
    feed = Feed(tab, chain)
    page = feed.open()
    page.locator("#pace[data-pace=resting]", has_text="Resting").wait_for()
    feed.now = chain.start + 40 * graphs.SECOND
    silent = page.locator("#pace[data-pace=silent]")
    silent.wait_for()
    assert "3 of 4 validators are needed" in silent.inner_text()


def test_a_validator_that_is_alone_rests_without_blocks(tab, node, journey):
    feed = Feed(tab, graphs.Chain(1, leaders=1).grow(5))
    feed.now = feed.chain.start + 90 * graphs.SECOND
    feed.open().locator("#pace[data-pace=resting]", has_text="Resting").wait_for()


def test_another_epoch_and_a_gap_begin_anew(tab, node, journey):
    script = """async ([first, second]) => {
      const { Graph } = await import('/dashboard/order/graph.js');
      const graph = new Graph();
      graph.take(first);
      const before = graph.rows.size;
      graph.take(second);
      return [before, graph.rounds];
    }"""
    page = tab.open()
    chain = graphs.Chain(4, seed=6).grow(10)
    first, later = chain.answer(), chain.grow(20).answer(after=25)
    before, rounds = page.evaluate(script, [first, later])
    assert before == 10 and min(rounds) >= 25, rounds
    young = graphs.Chain(4, seed=7).grow(5).answer()
    young["epoch"] = "1"
    young["commits"] = []
    assert page.evaluate(script, [first, young])[1] != []


def test_sixty_rounds_of_seven_validators_draw_in_a_frame(tab, node, journey):
    chain = graphs.Chain(7, seed=8).grow(60)
    later = graphs.Chain(7, seed=8).grow(66)
    script = """async ([first, second]) => {
      const { Graph } = await import('/dashboard/order/graph.js');
      const { Drawing } = await import('/dashboard/order/drawing.js');
      const graph = new Graph(), drawing = new Drawing(() => {});
      document.body.append(drawing.svg);
      graph.take(first);
      drawing.draw(graph);
      const kept = [...drawing.columns.values()].map(({ parts }) => parts[2]);
      graph.take(second);
      drawing.draw(graph);
      const still = kept.filter((part) => part.isConnected).length;
      drawing.svg.remove();
      return [kept.length, still, drawing.columns.size];
    }"""
    kept, still, now = tab.open().evaluate(script, [chain.answer(), later.answer()])
    assert (kept, now) == (60, 66)
    assert still >= 54, "columns that did not change were drawn again"


def test_hostile_texts_stay_texts(tab, node, journey):
    chain = graphs.Chain(4, seed=9).grow(8)
    for row in chain.rounds.values():
        for block in row:
            block.digest = block.digest[:50] + "<img src=x onerror=alert(1)>"
    chain.commits.clear()
    chain.head, chain.ordered = 0, set()
    chain.commit()
    page = Feed(tab, chain).open()
    page.locator(".graph:not(.sample) .block").last.click()
    page.get_by_text("<img src=x").first.wait_for()
    assert page.locator(".order-side img").count() == 0
