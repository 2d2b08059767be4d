"""What people do on the page, by name."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

DONE = re.compile(r"(10|40) of \1 replicates: done")
"""Of ten, or of the forty that were in before ten were asked for."""


def policy(page: Page, name: str) -> Locator:
    """The card of a policy."""
    return page.get_by_test_id(f"policy-{name}")


def switch(page: Page, name: str) -> None:
    """Put a policy on or off, and wait until the page has taken it: from then on it shows no answer of before."""
    link = page.get_by_test_id("link")
    before = link.get_attribute("href") or ""
    policy(page, name).get_by_role("switch").first.click()
    expect(link).not_to_have_attribute("href", before)


def few(page: Page) -> None:
    """Ask for ten replicates."""
    page.get_by_test_id("replicates").click()
    page.get_by_role("option", name="10", exact=True).click()


def done(page: Page) -> str:
    """Wait until the answer is whole, and return the finding."""
    expect(page.get_by_test_id("progress")).to_have_text(DONE, timeout=60_000)
    return page.get_by_test_id("finding").inner_text()
