"""Draw the pictures of the planner's page anew, from the page itself: `python docs/draw_app.py [--results DIR]`.

Serves Chenzhou at its full size, switches policies on as a planner would, waits for the answer and takes pictures with the
system's Chromium, which Playwright drives (extras `app` and `browser`). The batch is that of docs/phases.yaml, which
docs/draw_pictures.py plays, too. Without Chromium the pictures stay as they are, and that is said.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "img"
SCENARIO, PLAN = ROOT / "scenarios" / "chenzhou.yaml", ROOT / "docs" / "phases.yaml"
CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
POLICIES = ("incentives", "park-expansion")
"""What the what-if of the pictures switches on."""
NAMES = ("app-whatif-en", "app-whatif-zh", "app-map-en", "app-batch-en")
LARGEST = 200_000
"""Bytes of a picture."""
_WIDE, _HIGH = 1366, 900
_ANSWERED = 1_200_000
"""Milliseconds for all replicates on a busy machine."""


def pictures() -> Iterator[Path]:
    """Give the pictures that this script makes."""
    yield from (IMAGES / f"{name}.png" for name in NAMES)


def main() -> int:
    """Draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, default=ROOT / "results" / "pictures", help="folder for what is played")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    asked = parser.parse_args()
    if CHROMIUM is None:
        print("no Chromium is installed: the pictures of the page stay as they are")
        return 0
    batch = asked.results.resolve() / "phases"
    if not (batch / "manifest.json").exists():
        subprocess.run(
            [sys.executable, "-m", "relocsim", "batch", str(PLAN), "--out", str(batch), "--jobs", str(asked.jobs)],
            check=True, cwd=ROOT,
        )  # fmt: skip
    with _browser() as browser:
        with _served(SCENARIO, asked.jobs) as address:
            _whatif(browser, address)
        with _served(batch, asked.jobs) as address:
            _batch(browser, address)
    return 0


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"] if root else [])
        yield launched
        launched.close()


@contextmanager
def _served(what: Path, jobs: int) -> Iterator[str]:
    """Serve the page of a scenario or folder, and give its address."""
    command = [sys.executable, "-m", "relocsim", "app", str(what), "--port", "0", "--jobs", str(jobs), "--no-open"]
    server = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        for line in server.stderr:
            if found := re.search(r"the page is at (\S+)", line):
                yield found[1]
                return
        raise SystemExit("the page did not come up")
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=60)


def _opened(browser: Any, address: str) -> Any:
    page = browser.new_page(viewport={"width": _WIDE, "height": _HIGH})
    page.set_default_timeout(60_000)
    page.goto(address)
    page.wait_for_selector("[data-ready]")
    return page


def _whatif(browser: Any, address: str) -> None:
    """Take pictures of a what-if in both languages, and of where firms go in it."""
    page = _opened(browser, f"{address}?lang=en")
    for name in POLICIES:
        switch = page.get_by_test_id(f"policy-{name}").get_by_role("switch")
        switch.click()
        page.wait_for_function(
            "element => element.getAttribute('aria-checked') === 'true'", arg=switch.element_handle()
        )
    progress = page.get_by_test_id("progress")
    page.wait_for_function(
        r"element => { const found = element.innerText.match(/(\d+) of (\d+)/); return found && found[1] === found[2] }",
        arg=progress.element_handle(), timeout=_ANSWERED,
    )  # fmt: skip
    page.wait_for_timeout(2_000)
    _taken(page, "app-whatif-en")
    page.get_by_test_id("language").get_by_text("中文").click()
    page.wait_for_timeout(4_000)
    _taken(page, "app-whatif-zh")
    page.get_by_test_id("language").get_by_text("English").click()
    page.get_by_role("tab", name="Why").click()
    page.get_by_role("tab", name="Map").click()
    page.locator(".finding:visible").last.wait_for(timeout=_ANSWERED)
    page.locator("canvas:visible").last.wait_for(timeout=_ANSWERED)
    page.wait_for_timeout(3_000)
    _taken(page, "app-map-en")
    page.close()


def _batch(browser: Any, address: str) -> None:
    """Take a picture of a batch: its comparison and its phase diagram."""
    page = _opened(browser, f"{address}?lang=en")
    page.get_by_test_id("batch-progress").wait_for()
    page.get_by_text("What the batch is").click()
    for side, level in (("a", "off"), ("b", "on")):
        page.get_by_test_id(f"{side}-incentives").click()
        option = page.get_by_role("option", name=level, exact=True).locator("visible=true")
        option.click()
        page.keyboard.press("Escape")
        option.wait_for(state="detached")
    page.get_by_test_id("batch-compare-go").click()
    page.get_by_test_id("batch-compared").wait_for()
    page.get_by_test_id("batch-chart").get_by_text("By two factors").click()
    _choose(page, "chart-factor", "subsidy")
    _choose(page, "chart-other", "parks")
    _choose(page, "chart-effect", "incentives")
    page.get_by_test_id("batch-draw").click()
    page.wait_for_timeout(3_000)
    page.get_by_test_id("batch-compare").evaluate("element => element.scrollIntoView({block: 'start'})")
    page.evaluate("() => window.scrollBy(0, -70)")
    page.wait_for_timeout(1_000)
    _taken(page, "app-batch-en")
    page.close()


def _choose(page: Any, box: str, name: str) -> None:
    page.get_by_test_id(box).click()
    option = page.get_by_role("option", name=re.compile(f"^{name}")).locator("visible=true")
    option.click()
    option.wait_for(state="detached")


def _taken(page: Any, name: str) -> None:
    """Take what is seen, with few colours, which keeps it small."""
    picture = (
        Image.open(io.BytesIO(page.screenshot()))
        .convert("RGB")
        .quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    )
    picture.save(IMAGES / f"{name}.png", optimize=True)
    size = (IMAGES / f"{name}.png").stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{name}.png has {size} bytes, more than {LARGEST}")


if __name__ == "__main__":
    sys.exit(main())
