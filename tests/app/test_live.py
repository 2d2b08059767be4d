"""The page lives: answers narrow while replicates come in, stop where one says so, and outlive what goes wrong."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import expect

from app.seeing import seen, watch
from app.steps import done, few, policy, switch
from relocsim.whatif.links import pack
from relocsim.whatif.whatif import Setting, WhatIf

SEVERAL = re.compile(r"([2-9]|[12]\d) of 40 replicates: playing")


def test_the_answer_narrows_while_replicates_come_in(tab):
    page = tab("?case=wide")
    done(page)
    watch(page)
    switch(page, "incentives")
    done(page)
    shown = seen(page)
    assert {one.asked for one in shown} == {10}
    changed = next(at for at, one in enumerate(shown) if not one.rate)  # from when on nothing of the baseline is left
    answers = {one.count: one.rate for one in shown[changed:] if one.rate}
    assert min(answers) >= 2, "there is no interval of one replicate"
    assert max(answers) == 10
    assert all(" to " in rate for rate in answers.values()), shown
    assert len(set(answers.values())) >= 3, shown
    counts = [one.count for one in shown[changed:]]
    assert counts == sorted(counts)
    assert (shown[-1].count, shown[-1].state) == (10, "done")


def test_what_has_no_answer_is_never_said_to_be_done(tab):
    page = tab()
    done(page)
    watch(page)
    switch(page, "incentives")
    expect(policy(page, "incentives").get_by_role("switch")).to_have_attribute("aria-checked", "true")
    done(page)
    shown = seen(page)
    assert any(one.count == 0 for one in shown)
    for one in shown:
        assert one.state != "done" or one.count == one.asked == 10, shown
        assert bool(one.rate) == bool(one.count), shown
    states = [state for state, _ in itertools.groupby(one.state for one in shown)]
    assert states[:2] == ["done", "waiting for its turn"]
    assert states[2:] in (["playing", "done"], ["done"]), "the baseline was known"


def test_a_baseline_that_nobody_has_played_is_said_to_be_prepared(tab):
    """Of an assumption that nobody has made before; once it is known a first answer takes the what-if alone."""
    many = Setting("scenario.firms", 240_000)  # so that its baseline lasts longer than the page takes to listen
    doubted = WhatIf("wide", "Doubted", (Setting("parameters.sensitivity", 0.041), many))
    page = tab(f"?w={pack(doubted)}")
    done(page)
    states = [state for state, _ in itertools.groupby(one.state for one in seen(page))]
    assert "preparing the baseline" in states, states
    assert states.index("preparing the baseline") < states.index("playing")
    assert states[-1] == "done"
    watch(page)
    switch(page, "incentives")
    done(page)
    assert "preparing the baseline" not in {one.state for one in seen(page)}


@pytest.mark.parametrize("asked", ["7", "2", "25"])
def test_an_address_asks_for_replicates(tab, asked: str):
    page = tab(f"?replicates={asked}")
    expect(page.get_by_test_id("progress")).to_have_text(f"{asked} of {asked} replicates: done", timeout=60_000)
    assert {one.asked for one in seen(page)} == {int(asked)}, "from its first moment"
    switch(page, "incentives")
    expect(page.get_by_test_id("progress")).to_have_text(f"{asked} of {asked} replicates: done", timeout=60_000)
    assert f"replicates={asked}" in page.url, "the link passes it on"


@pytest.mark.parametrize("asked", ["1", "1001", "-10", "ten", "1e2", "99999999999999999999", "%C2%B2", "10.0"])
def test_replicates_that_cannot_be_are_said_and_as_many_as_usual_played(tab, asked: str):
    page = tab(f"?replicates={asked}")
    expect(page.get_by_test_id("notices")).to_contain_text(
        "it should be a whole number from 2 to 1,000. 40 are played."
    )
    expect(page.get_by_test_id("progress")).to_contain_text("of 40 replicates")
    assert "replicates=" not in page.get_by_test_id("link").get_attribute("href")
    assert not page.broken


@pytest.mark.parametrize("way", ["reload", "back"])
def test_the_page_comes_back_with_its_what_if(tab, way: str):
    """Reloaded, or come back to from another page."""
    page = tab()
    switch(page, "incentives")
    unnamed = page.get_by_test_id("link").get_attribute("href") or ""
    page.get_by_label("Name of the what-if").fill("With money")
    page.get_by_label("Name of the what-if").press("Enter")
    expect(page.get_by_test_id("link")).not_to_have_attribute("href", unnamed)
    page.wait_for_function("document.querySelector('[data-testid=link]').getAttribute('href') === location.search")
    log = page.get_by_test_id("log").inner_text()
    if way == "reload":
        page.reload()
    else:
        page.goto("about:blank")
        page.go_back()
    page.wait_for_selector("[data-ready]")
    expect(policy(page, "incentives").get_by_role("switch")).to_have_attribute("aria-checked", "true")
    expect(page.get_by_label("Name of the what-if")).to_have_value("With money")
    assert page.get_by_test_id("log").inner_text() == log
    done(page)
    assert not page.broken


def test_other_numbers_of_replicates_are_played_on_to(tab):
    page = tab()
    done(page)
    page.get_by_test_id("replicates").click()
    page.get_by_role("option", name="20", exact=True).click()
    expect(page.get_by_test_id("progress")).to_have_text("20 of 20 replicates: done", timeout=60_000)
    assert "replicates=20" in page.get_by_test_id("link").get_attribute("href")
    few(page)
    expect(page.get_by_test_id("progress")).to_have_text("20 of 20 replicates: done")
    page.get_by_test_id("run").click()
    done(page)
    assert all(one.count <= one.asked for one in seen(page))


def test_what_is_stopped_at_once_is_not_begun(tab):
    """Whoever stops while a change is on its way means the change, too."""
    page = tab("?case=wide", replicates=160)  # what is being played meanwhile lasts
    expect(page.get_by_test_id("stop")).to_be_visible()
    page.evaluate("""() => {
      document.querySelector('[data-testid=policy-incentives] [role=switch]').click();
      document.querySelector('[data-testid=stop]').click();
    }""")
    expect(policy(page, "incentives").get_by_role("switch")).to_have_attribute("aria-checked", "true")
    expect(page.get_by_test_id("progress")).to_have_text("0 of 160 replicates: stopped")
    page.wait_for_timeout(1500)
    expect(page.get_by_test_id("progress")).to_have_text("0 of 160 replicates: stopped")
    few(page)
    page.get_by_test_id("run").click()
    done(page)


def test_what_is_stopped_in_the_middle_keeps_its_answer(tab):
    page = tab("?case=wide", replicates=40)
    switch(page, "incentives")
    progress = page.get_by_test_id("progress")
    expect(progress).to_have_text(SEVERAL, timeout=60_000)
    page.get_by_test_id("stop").click()
    expect(progress).to_have_text(re.compile(r"\d+ of 40 replicates: stopped"))
    page.wait_for_timeout(300)
    before = progress.inner_text(), page.get_by_test_id("finding").inner_text()
    page.wait_for_timeout(2500)
    assert (progress.inner_text(), page.get_by_test_id("finding").inner_text()) == before
    assert re.match(r"[2-9]|\d\d", before[0])
    assert " to " in page.locator("[data-testid=finding] .figure .value").first.inner_text()
    expect(page.get_by_test_id("over-time").locator("canvas")).to_be_visible()
    few(page)
    page.get_by_test_id("run").click()
    done(page)
