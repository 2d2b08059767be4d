"""The page in the system's browser: it loads and steps, and neither it nor its server asks anybody else for anything."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from toy import SCENARIO

playwright = pytest.importorskip("playwright.sync_api", reason="!! NO PLAYWRIGHT: the page is not tried in a browser")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if CHROMIUM is None:
    pytest.skip("!! NO CHROMIUM: the page is not tried in a browser", allow_module_level=True)

WATCHED = """
import socket, sys
connect, look_up = socket.socket.connect, socket.getaddrinfo
def told(what):
    print("asked:", what, file=sys.stderr, flush=True)
def connecting(self, address):
    if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1"):
        told(address)
    return connect(self, address)
def looking(host, *more, **named):
    if host not in ("127.0.0.1", "::1", "localhost", None):
        told(host)
    return look_up(host, *more, **named)
socket.socket.connect, socket.getaddrinfo = connecting, looking
if len(sys.argv) < 2:
    socket.getaddrinfo("elsewhere.invalid", 80)
from relocsim.cli import main
main()
"""
"""The command, with everything that its process asks of others told."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of the page, and what its server has told."""
    log = tmp_path_factory.mktemp("look") / "log"
    command = [
        sys.executable,
        "-c",
        WATCHED,
        "look",
        str(SCENARIO),
        "--port",
        "0",
        "--no-open",
        "--set",
        "scenario.firms=300",
    ]
    with log.open("w") as out:
        process = subprocess.Popen(command, stderr=out, stdout=out, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        for _ in range(600):
            said = log.read_text()
            if "http://" in said or process.poll() is not None:
                break
            playwright_wait()
        yield said.partition("the run is at ")[2].split()[0], log
    finally:
        process.terminate()
        process.wait(20)


def playwright_wait() -> None:
    import time

    time.sleep(0.1)


def test_it_loads_and_steps_and_asks_nobody(served: tuple[str, Path]) -> None:
    address, log = served
    asked: list[str] = []
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda one: asked.append(one.url))
        page.goto(address)
        page.get_by_text("Step: 0").wait_for(timeout=60_000)
        page.get_by_role("button", name="Step").click()
        page.get_by_text("Step: 1").wait_for()
        page.get_by_role("img", name="2008-Q1").first.wait_for()
        page.get_by_role("tab", name="Page 1").click()
        page.get_by_text("firms that still stand at the origin").wait_for()
        browser.close()
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert len(asked) > 5
    assert "asked:" not in log.read_text()


def test_what_a_server_asks_of_others_is_told(tmp_path: Path) -> None:
    found = subprocess.run([sys.executable, "-c", WATCHED], capture_output=True, text=True, check=False)
    assert "asked: elsewhere.invalid" in found.stderr
