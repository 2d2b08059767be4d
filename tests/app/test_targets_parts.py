"""The target beside the what-if and the parts of it, in a browser: live, with intervals, and the figures of the tables."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.app.steps import done, policy, switch


def set_target(page: Page, value: str) -> None:
    box = page.get_by_test_id("target-value")
    box.fill(value)
    box.press("Tab")


def test_the_chance_of_a_target_is_told_in_both_and_by_year(tab):
    page = tab()
    switch(page, "incentives")
    done(page)
    expect(page.get_by_test_id("target-said")).to_have_text("Set a target.")
    set_target(page, "0")
    said = page.get_by_test_id("target-said")
    expect(said).to_contain_text("100 % (69 % to 100 %) in the baseline and 100 % (69 % to 100 %) with What-if 1")
    expect(said).to_contain_text("no difference in any of the 10 paired replicates")
    set_target(page, "1000000")
    expect(said).to_contain_text("0 % (0 % to 31 %) in the baseline")
    page.get_by_test_id("target-year").click()
    page.get_by_role("option", name="2009").click()
    expect(said).to_contain_text("0 % (0 % to 31 %) in the baseline")
    expect(page.get_by_test_id("target").locator("canvas").first).to_be_visible()
    switch(page, "park-expansion")
    done(page)
    expect(said).to_contain_text("paired replicates")
    assert not page.broken


def test_what_would_raise_a_chance_is_found_and_taken(tab):
    page = tab()
    switch(page, "incentives")
    done(page)
    set_target(page, "0")
    page.get_by_test_id("target-count").click()
    page.get_by_role("option", name="10", exact=True).click()
    page.get_by_test_id("cheapest").click()
    changes = page.get_by_test_id("target-changes")
    expect(changes).to_contain_text("The what-if reaches 80 % as it is.", timeout=120_000)
    rows = changes.get_by_role("row")
    assert rows.count() > 3
    expect(rows.nth(1)).to_contain_text("the what-if as it is")
    expect(rows.nth(1)).to_contain_text("100 %")


def test_parts_are_played_with_intervals_and_signs(tab):
    page = tab()
    switch(page, "incentives")
    switch(page, "park-expansion")
    done(page)
    card = page.get_by_test_id("parts")
    page.get_by_test_id("parts-run").click()
    expect(page.get_by_test_id("parts-progress")).to_have_text(re.compile("10 of 10 replicates: done"), timeout=120_000)
    expect(card.get_by_role("table")).to_have_count(2)
    rows = card.get_by_role("table").first.get_by_role("row")
    expect(rows).to_have_count(5)
    for at in range(1, 5):
        cell = rows.nth(at).get_by_role("cell").nth(2).inner_text()
        verdict, span = cell.split(": ", 1)
        ends = re.search(r"\((\S+) to (\S+)\)", span)
        if ends is None:
            assert verdict == "no change", cell
            continue
        low, high = (float(one.replace(",", "")) for one in ends.groups())
        assert (low <= 0 <= high) == (verdict == "cannot be told"), cell
    page.get_by_test_id("language").get_by_text("中文").click()
    expect(page.get_by_test_id("parts")).to_contain_text("各项政策的贡献")
    assert not page.broken


def test_parts_without_policies_are_told_to_be_none(tab):
    page = tab()
    page.get_by_test_id("parts-run").click()
    expect(page.get_by_test_id("parts")).to_contain_text("it has no parts")
    switch(page, "incentives")
    expect(policy(page, "incentives").get_by_role("switch").first).to_have_attribute("aria-checked", "true")
    expect(page.get_by_test_id("parts")).not_to_contain_text("it has no parts")
