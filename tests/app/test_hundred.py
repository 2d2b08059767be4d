"""A hundred runs one after another, each of a what-if that nobody has played: memory stays as it is."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from app.conftest import serving
from app.processes import held, player
from app.steps import asking, done, policy, switch

GROWTH = 30.0
"""Megabytes that are allowed between the twentieth run and the hundredth; what the crew remembers is some 7 of them."""


def test_memory_does_not_grow_over_a_hundred_runs(cases: Path, browser):
    with serving(str(cases / "toy.yaml"), "--port", "0", "--jobs", "1") as served:
        page = browser.new_page(locale="en-GB", viewport={"width": 500, "height": 400})
        page.goto(asking(served.address(), 10))
        page.wait_for_selector("[data-ready]")
        switch(page, "park-expansion")
        frame = policy(page, "park-expansion")
        frame.get_by_role("button", name=re.compile("Size, dates, cost")).click()
        box, link = frame.get_by_test_id("field-floor").get_by_role("spinbutton"), page.get_by_test_id("link")
        found = {}
        for number in range(1, 101):
            before = link.get_attribute("href") or ""
            box.fill(str(250 + number))
            box.press("Enter")
            expect(link).not_to_have_attribute("href", before)
            done(page)
            if number in (20, 100):
                found[number] = held(served.process.pid), held(player(served.process.pid))
        page.close()
    for early, late in zip(found[20], found[100], strict=True):
        assert late - early < GROWTH, f"server and player, megabytes after so many runs: {found}"
