"""The dashboard's pages in a headless browser, against a node."""

import pytest

import traces
from conftest import PHONE, until

POLICY = {"default-src 'self'", "img-src 'self' data:", "style-src 'self'", "script-src 'self'",
          "connect-src 'self'"}


def places(node, journey):
    """The address of every page, by its name."""
    run = node.json(f"/v1/runs/{journey.run}")
    step = run["operations"][1]
    return {
        "overview": "", "runs": "#/runs", "run": f"#/runs/{journey.run}",
        "step": f"#/runs/{journey.run}?step={step['id']}", "record": f"#/records/{step['id']}",
        "agents": "#/agents", "agent": f"#/agents/{run['agent']}", "batches": "#/batches",
        "batch": f"#/batches/{step['batch']}", "checkpoints": "#/checkpoints",
        "checkpoint": f"#/checkpoints/{step['checkpoint']}", "order": "#/order",
        "validators": "#/validators", "receipts": "#/receipts",
    }


def opened(tab, place):
    page = tab.open(place)
    page.wait_for_selector("main :is(.panel, .tiles)")
    until(page, "document.querySelectorAll('.loading, [aria-busy]').length === 0")
    return page


def test_a_run_arrives_on_the_overview_by_itself(tab, node, journey, shot):
    page = opened(tab, "")
    trace = traces.Trace("arrival", "newcomer")
    trace.step("invoke_agent newcomer")
    trace.step("chat gpt-4o-mini", tokens=(10, 5), operation="chat", model="gpt-4o-mini")
    node.send(trace)
    link = page.locator(f"#latest-runs a[href='#/runs/{trace.run}']")
    link.wait_for()
    shot(page, "overview")
    link.click()
    page.wait_for_selector("table.tree")
    assert page.locator("table.tree tbody tr").count() == 2


def test_counters_move_with_what_arrives(tab, node, journey):
    page = opened(tab, "")
    records = page.locator("#counters .tile", has_text="Records").nth(1).locator(".tile-value")
    before = int(records.inner_text().replace(",", ""))
    node.send(traces.small(900))
    until(
        page, "(least) => [...document.querySelectorAll('#counters .tile')].some((tile) =>"
        " tile.querySelector('dt').textContent === 'Records' &&"
        " Number(tile.querySelector('.tile-value').textContent.replaceAll(',', '')) >= least)",
        before + 2)


def test_the_run_is_a_tree_with_tokens_cost_and_time(tab, journey, shot):
    page = opened(tab, f"#/runs/{journey.run}")
    rows = page.locator("table.tree tbody tr")
    assert rows.count() == 9
    levels = [rows.nth(i).get_attribute("aria-level") for i in range(9)]
    assert levels == ["1", "2", "2", "2", "2", "2", "3", "3", "2"]
    first_call = rows.nth(1)
    cells = {name: first_call.locator(f"td.{name}").inner_text()
             for name in ["in", "out", "cost", "time", "with"]}
    assert cells == {"in": "812", "out": "96", "cost": "0.0021 cr", "time": "1.90 s",
                     "with": "gpt-4o-mini"}
    assert rows.locator("svg.bar rect").count() == 9
    assert rows.nth(7).locator("td.end").inner_text() == "failure"
    totals = page.locator("#totals .tile-value")
    assert totals.all_inner_texts() == ["9", "3,920", "450", "0.01108 cr", "9.40 s"]
    shot(page, "run")


def test_the_tree_folds_and_is_walked_with_the_keyboard(tab, journey):
    page = opened(tab, f"#/runs/{journey.run}")
    rows = page.locator("table.tree tbody tr")
    rows.nth(4).locator(".step-name").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "invoke_agent booking-desk"
    page.keyboard.press("ArrowLeft")
    assert rows.count() == 7
    assert rows.nth(5).get_attribute("aria-expanded") == "false"
    page.keyboard.press("ArrowRight")
    assert rows.count() == 9
    page.keyboard.press("Enter")
    page.wait_for_selector(".detail .detail-head")
    assert rows.nth(5).get_attribute("aria-selected") == "true"


def test_a_payload_is_shown_as_text_however_hostile(tab, journey):
    page = opened(tab, f"#/runs/{journey.run}")
    page.locator("table.tree .step-name", has_text="chat gpt-4o-mini").first.click()
    message = page.locator(".message[data-role=user] p")
    message.wait_for()
    assert traces.HOSTILE in message.inner_text()
    assert page.locator(".payload img").count() == 0
    assert "owned" not in page.title()


def test_search_finds_a_run_by_its_trace_id(tab, journey):
    page = opened(tab, "#/agents")
    page.fill("#q", journey.run[:12])
    hit = page.locator("#hits a").first
    hit.wait_for()
    assert journey.run in hit.inner_text()
    page.press("#q", "ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("table.tree")
    assert page.url.endswith(f"#/runs/{journey.run}")


def test_search_says_when_nothing_is_found(tab, journey):
    page = opened(tab, "#/agents")
    page.fill("#q", "no such thing at all")
    page.get_by_text("Nothing found").wait_for()


def filtered(page, journey, **fields):
    for name, text in fields.items():
        page.fill(f"#filter [name={name}]", text)
    page.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_url("**/#/runs?**")
    until(page, "document.querySelectorAll('.loading').length === 0")
    return page.locator("main table.list tbody a[href^='#/runs/']").evaluate_all(
        "links => links.map((link) => link.hash.slice(7))")


def test_runs_are_found_by_trace_agent_and_time(tab, journey):
    page = opened(tab, "#/runs")
    assert filtered(page, journey, trace=journey.run) == [journey.run]
    assert journey.run in filtered(page, journey, trace="", agent="travel-planner")
    assert journey.run not in filtered(page, journey, agent="clerk")
    assert filtered(page, journey, agent="", since="2020-01-01T00:00",
                    until="2020-01-02T00:00") == []
    page.get_by_text("No run matches").wait_for()


def test_runs_are_paged(tab, journey):
    page = opened(tab, "#/runs")
    rows = page.locator("main table.list tbody tr")
    before = rows.count()
    assert before >= 50
    page.get_by_role("button", name="Load more").click()
    until(page, "(count) => document.querySelectorAll('main tbody tr').length > count", before)


def test_an_agent_shows_its_usage_and_runs(tab, journey):
    page = opened(tab, "#/agents")
    page.locator("main table.list a", has_text="travel-planner").click()
    page.locator(f"a[href='#/runs/{journey.run}']").wait_for()
    assert page.locator("h1").inner_text() == "travel-planner"


def test_a_missing_thing_is_a_problem_with_its_correlation_id(tab, journey):
    tab.expected.append("404")
    for place in ["#/runs/" + "0" * 32, "#/batches/999999", "#/checkpoints/999999",
                  "#/agents/" + "0" * 64, "#/records/999999-0"]:
        page = tab.open(place)
        problem = page.locator(".problem").first
        problem.wait_for()
        assert "Correlation id" in problem.inner_text(), place


def test_an_unknown_address_says_so(tab):
    for place in ["#/nonsense", "#/runs/%", "#runs"]:
        tab.page.goto("about:blank")
        page = tab.open(place)
        page.get_by_text("There is no such page").wait_for()


def test_a_lost_connection_is_shown_and_mended(tab, node, journey):
    page = tab.page
    tab.expected += ["503", "ERR_FAILED"]
    page.route("**/v1/events", lambda route: route.fulfill(status=503, body=""))
    page.goto(node.url)
    page.wait_for_selector("#connection[data-state=lost]")
    page.unroute("**/v1/events")
    page.wait_for_selector("#connection[data-state=live]")


@pytest.mark.parametrize("tab", [{"viewport": PHONE}], indirect=True)
def test_no_page_is_wider_than_a_phone(tab, node, journey, shot):
    wide = {}
    for name, place in places(node, journey).items():
        tab.page.goto("about:blank")
        page = opened(tab, place)
        width = page.evaluate("Math.max(document.documentElement.scrollWidth,"
                              " document.body.scrollWidth)")
        shot(page, f"phone-{name}")
        if width > PHONE["width"]:
            wide[name] = width
    assert wide == {}


@pytest.mark.parametrize("tab", [{"viewport": PHONE}], indirect=True)
def test_tokens_cost_and_time_stay_visible_on_a_phone(tab, journey):
    page = opened(tab, f"#/runs/{journey.run}")
    line = page.locator("table.tree tbody tr").nth(1).locator(".sub")
    assert line.is_visible()
    assert line.inner_text() == "gpt-4o-mini · 812 in, 96 out · 0.0021 cr · 1.90 s"
    assert line.evaluate("(one) => one.scrollWidth <= one.clientWidth")


# Every visible text against what is behind it; WCAG 2.1 §1.4.3 asks for 4.5 (3 for large text).
CONTRAST = """() => {
  const parse = (text) => (text.match(/[0-9.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((one) => one / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, i) => sum + one * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const poor = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (!walker.currentNode.data.trim() || box.width < 2 || element.closest('option, noscript'))
      continue;
    if (element.closest('.arrived, :disabled')) continue;
    const a = light(parse(style.color)), b = light(behind(element));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5))
      poor.push([walker.currentNode.data.trim().slice(0, 30), ratio.toFixed(2)]);
  }
  return poor;
}"""


@pytest.mark.parametrize("tab", [{"color_scheme": "light"}, {"color_scheme": "dark"}],
                         indirect=True, ids=["light", "dark"])
def test_every_text_stands_out_from_its_ground(tab, node, journey, shot, request):
    poor = {}
    for name, place in places(node, journey).items():
        tab.page.goto("about:blank")
        page = opened(tab, place)
        if name in ("step", "record"):
            page.click("button.verify")
            page.wait_for_selector(".verdict")
        shot(page, f"{request.node.callspec.id}-{name}")
        found = page.evaluate(CONTRAST)
        if found:
            poor[name] = found
    assert poor == {}


@pytest.mark.parametrize("tab", [{"color_scheme": "dark"}], indirect=True)
def test_dark_mode_follows_the_system_and_the_button(tab, journey):
    page = opened(tab, "")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(ground)
    page.click("#theme")
    light = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == light


def test_the_policy_is_sent_and_every_control_has_a_name(tab, node, journey):
    answer = tab.page.goto(node.url)
    sent = {part.strip() for part in answer.headers["content-security-policy"].split(";")}
    assert POLICY <= sent
    for place in places(node, journey).values():
        tab.page.goto("about:blank")
        page = opened(tab, place)
        nameless = page.evaluate(
            "[...document.querySelectorAll('button, a, input, select')].filter((one) =>"
            " !(one.textContent.trim() || one.getAttribute('aria-label') || one.labels?.length))"
            ".map((one) => one.outerHTML)")
        assert nameless == []
