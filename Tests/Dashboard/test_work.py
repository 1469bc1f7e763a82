"""The pages of tasks, market and law: a small story on one node, shown as it stands."""

import time

import pytest
from conftest import DESK, PHONE, Tab, until
from node import Node as Process
from test_law import People


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """Ada posts and puts up, her agent scout waits for eve, who then stops it."""
    folder = tmp_path_factory.mktemp("work")
    node = Process(folder / "data").start()
    made = People(node, folder)
    for name in ("bank", "ada", "bob", "eve"):
        made.enter(name)
    made.does("bank", "account", "transfer", "2000", "--to", made.ids["ada"])
    made.does("bank", "account", "transfer", "50", "--to", made.ids["bob"])
    made.work = folder / "work.md"
    made.work.write_text("count the words")
    yield made
    node.stop()


@pytest.fixture(scope="module")
def story(people):
    """What was made, by name."""
    ada, made = people.ids["ada"], {}
    post = ["task", "post", "--specification", people.work]
    made["paid"] = people.does("ada", *post, "--milestone", "10", "--milestone", "5")["task"]
    for name, words in (("bob", ["claim"]), ("bob", ["begin"]),
                        ("bob", ["deliver", "--result", people.work]), ("ada", ["accept"]),
                        ("bob", ["deliver", "--result", people.work]), ("ada", ["accept"])):
        people.does(name, "task", *words, made["paid"])
    made["open"] = people.does("ada", *post, "--milestone", "3")["task"]
    made["auction"] = people.does(
        "ada", "auction", "open", "--specification", people.work, "--reserve", "20")["task"]
    people.does("bob", "auction", "bid", made["auction"], "--price", "12")
    people.does("ada", "stake", "add", "1000")
    made["offer"] = people.does("ada", "offer", "add", "--name", "counting", "--price",
                                "2")["offer"]
    people.does("bob", "quote", "place", "--capability", "translation", "--unit", "0.5",
                "--capacity", "200", "--for", "1d", "--number", "1")
    people.does("ada", "team", "form", "--member", f"{people.ids['bob']}:2500:proofs")
    people.does("ada", "licence", "offer", "--name", "corpus", "--content", people.work,
                "--price", "20", "--days", "30")
    people.does("bob", "cover", "offer", "--task", made["open"], "--amount", "3", "--premium",
                "1", "--for", "1d", "--worker", people.ids["eve"])
    made["agent"] = people.tell("agent", "register", "--name", "scout", "--owner-key",
                                people.key("ada"))["agent"]
    people.does("ada", "constitution", "set", made["agent"], "--allow", "transfer", "--allow",
                "delegate", "--value", "50", "--daily", "80", "--guardian", people.ids["eve"],
                "--ask-above", "5")
    made["second"] = people.tell("agent", "register", "--name", "helper", "--owner-key",
                                 people.key("ada"))["agent"]
    made["mandate"] = people.does(
        "ada", "mandate", "grant", "--to", made["agent"], "--scope", "transfer", "--budget", "25",
        "--for", "1d")["mandate"]
    passed = ["mandate", "grant", "--to", made["second"], "--from", made["mandate"], "--as",
              made["agent"], "--scope", "transfer", "--budget", "2", "--for", "1h"]
    made["below"] = people.does("ada", *passed)["mandate"]
    made["waiting"] = people.does(
        "ada", "account", "transfer", "20", "--to", people.ids["bob"], "--as", made["agent"],
        "--mandate", made["mandate"])["approval"]
    people.does("eve", "stop", "--agent", made["agent"])
    limit = time.monotonic() + 10
    while people.node.ask("GET", f"/v1/tasks/{made['paid']}/receipt").status != 200:
        assert time.monotonic() < limit, "no checkpoint"
        time.sleep(0.1)
    while not any(item["verb"] == "stop" for item in people.node.get(
            f"/v1/operations?subject={made['agent']}")["items"]):
        assert time.monotonic() < limit, "the stop is in no checkpoint"
        time.sleep(0.1)
    made["ada"] = ada
    return made


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(browser, people, story, request):
    context = browser.new_context(viewport=request.param, accept_downloads=True)
    tab = Tab(context.new_page(), people.node.url)
    yield tab.open()
    context.close()
    tab.check()


def visit(page, place, selector):
    page.goto(page.url.split("#")[0] + place)
    page.wait_for_selector(selector)
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits), f"{place} is wider than the window"
    return page


def test_tasks_are_listed_with_their_states(page, story, shot):
    visit(page, "#/tasks", ".list tbody tr")
    rows = page.locator(".list tbody tr")
    assert rows.count() == 2
    text = page.locator("main").inner_text()
    assert "complete" in text and "pending" in text
    shot(page, f"tasks-{page.viewport_size['width']}")
    page.select_option("#task-state", "pending")
    until(page, "document.querySelectorAll('.list tbody tr').length === 1")
    assert page.url.endswith("#/tasks?state=pending")
    page.select_option("#task-state", "disputed")
    page.wait_for_selector("text=No task is disputed now")


def test_a_task_shows_its_money_its_history_and_its_receipt(page, story, shot):
    visit(page, f"#/tasks/{story['paid']}", "#history tbody tr")
    history = page.locator("#history tbody tr")
    assert history.count() == 7
    first, last = history.first.inner_text(), history.last.inner_text()
    assert "Posted" in first and "Accepted and paid" in last
    until(page, "document.querySelector('#history').innerText.includes('bob')")
    tiles = page.locator("main .tiles").inner_text()
    for part in ("15 cr", "14.985 cr", "0.015 cr", "2 of 2 milestones"):
        assert part in tiles, part
    page.click("#receipt .verify")
    page.wait_for_selector(".verdict[data-ok=true]")
    with page.expect_download() as download:
        page.click("text=Download receipt")
    assert download.value.suggested_filename == f"task-{story['paid'][:16]}.json"
    shot(page, f"task-{page.viewport_size['width']}")


def test_the_market_shows_auctions_bids_and_breakers(page, story, shot):
    visit(page, "#/market", "#auctions tbody tr")
    assert "0.1 %" in page.locator("main .tiles").inner_text()
    assert "bidding" in page.locator("#auctions").inner_text()
    page.wait_for_selector("#offers tbody tr")
    offers = page.locator("#offers").inner_text()
    assert "counting" in offers and "listed" in offers
    if page.viewport_size == DESK:
        assert "1 cr to 4 cr until" in offers, "the breaker holds for an hour"
    for place, words in (("quotes", ("translation", "200")), ("teams", ("25 %", "proofs")),
                         ("licences", ("corpus", "20 cr")), ("covers", ("offered", "1 cr"))):
        page.wait_for_selector(f"#{place} tbody tr")
        shown = page.locator(f"#{place}").inner_text()
        assert all(word in shown for word in words), shown
    shot(page, f"market-{page.viewport_size['width']}")
    visit(page, f"#/market/{story['auction']}", "#bids tbody tr")
    assert "sealed" in page.locator("#bids").inner_text()
    assert page.locator("#history tbody tr").count() == 2
    shot(page, f"auction-{page.viewport_size['width']}")


def test_the_law_shows_what_waits_who_is_stopped_and_what_is_left(page, story, shot):
    visit(page, "#/law", "#agents tbody tr")
    page.wait_for_selector("#approvals tbody tr")
    until(page, "document.querySelector('#approvals').innerText.includes('scout')")
    assert "20 cr" in page.locator("#approvals").inner_text()
    assert "stopped" in page.locator("#agents").inner_text()
    nested = page.locator("#mandates .mandates .mandates .mandate")
    assert nested.count() == 1 and "2 cr of 2 cr left" in nested.inner_text()
    assert "25 cr of 25 cr left" in page.locator("#mandates .mandate").first.inner_text()
    shot(page, f"law-{page.viewport_size['width']}")
    page.click("#agents tbody a")
    page.wait_for_selector("#constitution dl")
    told = page.locator("main").inner_text()
    assert "at most 50 cr" in told and "all above 5 cr" in told
    assert "waits for a person" in page.locator("#history").inner_text()
    assert "Stopped" in page.locator("#rulings").inner_text()
    shot(page, f"governed-{page.viewport_size['width']}")


def test_what_is_not_there_is_said_in_sentences(browser, tmp_path):
    node = Process(tmp_path / "data").start()
    context = browser.new_context(viewport=DESK)
    tab = Tab(context.new_page(), node.url)
    tab.expected = ["404"]
    page = tab.open()
    for place, words in (("#/tasks", "No tasks yet"), ("#/market", "No auctions yet"),
                         ("#/market", "No offers yet"), ("#/market", "No quotes yet"),
                         ("#/market", "No teams yet"), ("#/market", "No licences yet"),
                         ("#/market", "No covers yet"), ("#/law", "Nothing waits for a person"),
                         ("#/law", "No mandates yet"),
                         ("#/law", "No agent has a constitution yet"),
                         (f"#/tasks/{'ab' * 32}", "There is no task"),
                         (f"#/market/{'ab' * 32}", "There is no auction"),
                         (f"#/law/{'ab' * 32}", "No agent")):
        page.goto(f"{node.url}/{place}")
        page.wait_for_selector(f"text={words}")
    context.close()
    tab.check()
    node.stop()
