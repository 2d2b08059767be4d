"""What axe-core finds on the page: nothing against WCAG 2.1 A and AA, on any tab or panel, in either language."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from relocsim.app.why.panel import QUESTIONS
from tests.app.steps import done, policy, switch

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
LANGUAGES = ("en-GB", "zh-CN")


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """Return the rules that the page breaks as it stands, with where.

    The column that stays in sight is let go meanwhile: axe-core takes what it has scrolled over for its background.
    """
    page.add_style_tag(content=".levers { position: static !important }")
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)  # for colours that fade in
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], [f"{node['target']} {node['html'][:160]}" for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_what_if_breaks_no_rule(tab, locale: str):
    page = tab(locale=locale, viewport={"width": 1366, "height": 900})
    switch(page, "incentives")
    if locale == "en-GB":
        done(page)
        page.get_by_test_id("keep").click()
    expect(page.get_by_test_id("over-time").locator("canvas").first).to_be_visible(timeout=60_000)
    policy(page, "incentives").get_by_role("button").last.click()  # its sizes, dates and cost
    page.get_by_test_id("replicates").scroll_into_view_if_needed()
    assert faults(page) == []
    page.set_viewport_size({"width": 820, "height": 1180})
    assert faults(page) == []


@pytest.mark.parametrize("locale", LANGUAGES)
def test_why_breaks_no_rule(tab, locale: str):
    page = tab(locale=locale)
    switch(page, "incentives")
    page.get_by_test_id("tab-why").click()
    for one in QUESTIONS:
        page.get_by_test_id(f"why-{one.id}").click()
        panel = page.get_by_test_id(f"panel-{one.id}")
        expect(panel.get_by_role("heading").first).to_be_visible()
        if one.id in ("costs", "map", "funnel"):
            expect(panel.locator("canvas").first).to_be_visible(timeout=60_000)
        assert faults(page) == [], one.id


def test_results_of_a_batch_break_no_rule(tab):
    page = tab()
    page.get_by_test_id("tab-batch").click()
    page.wait_for_timeout(500)
    assert faults(page) == []


def test_a_page_of_errors_breaks_no_rule(tab):
    page = tab("?w=nonsense&replicates=0")
    expect(page.get_by_test_id("notices").get_by_role("button")).to_have_count(2)
    assert faults(page) == []


def test_a_fault_is_found(tab):
    page = tab()
    page.evaluate("""() => document.body.insertAdjacentHTML('beforeend',
      '<img src="data:,"><span style="color: #ccc; background: #fff">pale</span>')""")
    assert {rule for rule, _ in faults(page)} == {"image-alt", "color-contrast"}
