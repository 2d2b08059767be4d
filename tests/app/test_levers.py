"""Policies that the case lacks, controls with what they are, and the log of what was changed and why, in a browser."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.app.steps import policy, switch
from tests.app.test_files import fetched

NOTHING = "Nothing: the what-if is the case as it stands."


def add(page: Page, name: str) -> None:
    """Choose a kind of policy by its name and add it."""
    page.get_by_label("Add a policy").click()
    page.get_by_label("Add a policy").fill(name)
    page.get_by_role("option", name=name, exact=True).click()
    page.get_by_test_id("add").click()


def opened(page: Page, name: str) -> Locator:
    """Open the controls of a policy."""
    frame = policy(page, name)
    frame.get_by_role("button", name=re.compile("Size, dates, cost")).click()
    return frame


def test_a_policy_that_the_case_lacks_is_added_sized_noted_undone_and_removed(tab):
    page = tab()
    page.get_by_label("Add a policy").click()
    page.get_by_role("option", name="Aftercare", exact=True).click()
    expect(page.get_by_test_id("adding")).to_contain_text("Officials call on settled firms")
    page.get_by_test_id("add").click()
    frame = policy(page, "aftercare")
    expect(frame.get_by_role("switch").first).to_have_attribute("aria-checked", "true")
    expect(frame.get_by_role("switch").first).to_be_focused()
    expect(frame.get_by_test_id("cost")).to_contain_text("Outlay over the run")
    log = page.get_by_test_id("log")
    expect(log).to_contain_text("Aftercare")
    expect(log).to_contain_text("added")
    before = frame.get_by_test_id("cost").inner_text()
    box = frame.get_by_test_id("field-intensity").get_by_role("spinbutton")
    box.fill("2")
    box.press("Enter")
    expect(frame.get_by_test_id("cost")).not_to_have_text(before)
    expect(log).to_contain_text("intensity 2")
    expect(page.get_by_test_id("progress")).to_contain_text("10 of 10 replicates: done", timeout=60_000)
    page.get_by_role("button", name="Undo").click()
    expect(frame.get_by_test_id("cost")).to_have_text(before)
    page.get_by_role("button", name="Undo").click()
    expect(frame).to_have_count(0)
    expect(page.get_by_text(NOTHING)).to_be_visible()
    page.get_by_role("button", name="Redo").click()
    expect(frame).to_be_visible()
    frame.get_by_test_id("remove").click()
    expect(frame).to_have_count(0)
    expect(page.get_by_text(NOTHING)).to_be_visible()
    assert not page.broken


def test_an_added_policy_goes_with_the_file_and_the_link(tab):
    page = tab()
    add(page, "Aftercare")
    expect(policy(page, "aftercare")).to_be_visible()
    text = fetched(page, "scenario").decode()
    assert "kind: aftercare" in text
    assert "# policies.aftercare: added" in text
    page.wait_for_timeout(500)
    other = tab(page.get_by_test_id("link").get_attribute("href"))
    expect(policy(other, "aftercare").get_by_role("switch").first).to_have_attribute("aria-checked", "true")


def test_a_second_of_a_kind_is_for_another_city_and_a_clash_is_told(tab):
    page = tab()
    add(page, "Incentive package (another)")
    frame = policy(page, "incentive-package")
    expect(frame.get_by_role("switch").first).to_be_visible()
    switch(page, "incentives")
    expect(policy(page, "incentives").get_by_role("switch").first).to_have_attribute("aria-checked", "true")
    cities = frame.get_by_test_id("field-city").get_by_role("combobox")
    cities.click()
    page.get_by_role("option", name="Beta", exact=True).click()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("notices")).to_contain_text("overlap")
    expect(page.get_by_test_id("progress")).to_be_visible()


def test_controls_tell_limits_source_grade_and_range(tab):
    page = tab()
    frame = opened(page, "campaign")
    field = frame.get_by_test_id("field-targeting")
    expect(field).to_contain_text("Not known: drawn from 1 to 2.5")
    expect(field).to_contain_text("(assumed)")
    expect(opened(page, "park-expansion").get_by_test_id("field-floor")).to_contain_text("1e4 m2")
    expect(frame.get_by_test_id("cost")).to_be_visible()


def test_the_log_tells_old_new_unit_range_grade_and_why_and_takes_back(tab):
    page = tab()
    box = opened(page, "campaign").get_by_test_id("field-targeting").get_by_role("spinbutton")
    box.fill("2")
    box.press("Enter")
    log = page.get_by_test_id("log")
    row = log.get_by_role("row", name=re.compile("Promotion campaign"))
    cells = row.get_by_role("cell")
    expect(cells.nth(1)).to_have_text("1.5")
    expect(cells.nth(2)).to_have_text("2")
    expect(cells.nth(3)).to_have_text("ratio")
    expect(cells.nth(4)).to_have_text("within its range 1 to 2.5")
    expect(cells.nth(5)).to_have_text("assumed")
    why = row.get_by_role("textbox")
    why.fill("as the bureau counts")
    why.press("Tab")
    expect(row.get_by_role("button")).to_be_focused()
    page.wait_for_timeout(500)
    text = fetched(page, "scenario").decode()
    assert "# policies.campaign.targeting: 1.5 -> 2 ratio (within its range 1 to 2.5, in the case assumed)" in text
    assert "as the bureau counts" in text
    page.get_by_test_id("language").get_by_text("中文").click()
    expect(page.get_by_test_id("log")).to_contain_text("假定")
    expect(page.get_by_test_id("log").get_by_role("textbox")).to_have_value("as the bureau counts")
    page.get_by_test_id("log").get_by_role("row").nth(1).get_by_role("button").click()
    expect(page.get_by_test_id("log").get_by_role("row")).to_have_count(0)
    assert not page.broken


def test_every_control_is_reached_by_tab_with_the_focus_in_sight(tab):
    page = tab()
    opened(page, "park-expansion")
    page.mouse.click(5, 5)
    seen = []
    for _ in range(100):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """() => {
                    const it = document.activeElement, style = getComputedStyle(it);
                    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
                        || style.boxShadow.includes('rgb(213, 94, 0)');
                    const name = it.closest('[aria-label]')?.getAttribute('aria-label') || it.innerText || '';
                    return [it.closest('[data-testid]')?.dataset.testid || name, ring || !!it.closest('.q-field--focused'),
                            it.tagName];
                }"""
            )
        )
    hidden = [one for one in seen if not one[1] and one[2] != "BODY"]
    assert not hidden, hidden
    reached = {one[0] for one in seen}
    assert {"run", "stop"} & reached
    assert {
        "language", "follow", "replicates", "policy-incentives", "field-floor", "field-start", "add-kind",
        "target-yardstick", "target-value", "target-year", "parts-rivals", "parts-run", "link", "download-scenario",
    } <= reached  # fmt: skip
    slider = policy(page, "park-expansion").get_by_test_id("field-floor").locator(".q-slider [tabindex='0']")
    slider.focus()
    slider.press("ArrowRight")
    expect(page.get_by_test_id("log")).to_contain_text("Park expansion")
    year = page.get_by_role("combobox", name="Year")
    year.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="2009")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(year).not_to_have_value("the whole period")
