"""What people do on the page, by name."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

DONE = "10 of 10 replicates: done"


def asking(path: str, replicates: int | None) -> str:
    """Return an address that asks for so many replicates, too, unless it says how many or none are given."""
    if replicates is None or "replicates=" in path:
        return path
    return f"{path}{'&' if '?' in path else '?'}replicates={replicates}"


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
    """Choose ten replicates on the page."""
    page.get_by_test_id("replicates").click()
    page.get_by_role("option", name="10", exact=True).click()


def done(page: Page) -> str:
    """Wait until the answer is whole, and return the finding."""
    expect(page.get_by_test_id("progress")).to_have_text(DONE, timeout=60_000)
    return page.get_by_test_id("finding").inner_text()
