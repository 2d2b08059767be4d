"""The page as people use it: a real server in a process of its own, a real browser. Run by `make test-app`.

Chromium is that of the system; where there is none these tests are left out, and that is said at the end.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, Queue

import pytest

from tests.app.seeing import watch_from_the_start
from tests.app.steps import asking

ROOT = Path(__file__).parents[2]
TOY = ROOT / "tests" / "toy"
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
LACKING = "NO CHROMIUM IS INSTALLED: the page was not tried in a browser (install the system's package chromium)"
collect_ignore_glob = [] if find_spec("nicegui") and find_spec("playwright") else ["test_*"]
"""Without the extras `app` and `browser` there is nothing to be tried; `make test-app` brings them."""
_START = 60
"""Seconds for a server to come up on a busy machine."""
_PATIENCE = 20_000
"""Milliseconds for a page to show what is expected, likewise."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if CHROMIUM is None:
        terminalreporter.write_sep("!", LACKING, red=True, bold=True)


class Server:
    """A server in a process of its own, and what it says."""

    def __init__(self, *arguments: str, environment: dict[str, str] | None = None) -> None:
        command = [sys.executable, "-m", "relocsim", "app", *arguments, "--no-open"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), **(environment or {})},
        )  # fmt: skip
        self.said: list[str] = []
        self._lines: Queue[str] = Queue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as lines:
            for line in lines:
                self.said.append(line)
                self._lines.put(line)

    def address(self) -> str:
        """Wait until the server is up, and return where the page is."""
        while True:
            try:
                line = self._lines.get(timeout=_START)
            except Empty:
                raise AssertionError(f"the server did not come up: {''.join(self.said)}") from None
            if "the page is at " in line:
                return line.split("the page is at ")[1].split(" ")[0]

    def end(self) -> int:
        """Interrupt it, as Ctrl-C does, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=30)
        self._listener.join(timeout=10)
        return code


@contextmanager
def serving(*arguments: str, **options: dict[str, str]) -> Iterator[Server]:
    """Give a server that is ended by id afterwards, whatever happens."""
    server = Server(*arguments, **options)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            try:
                server.end()
            except subprocess.TimeoutExpired:
                os.killpg(server.process.pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of cases on the toy world: two that are soon played, and one whose replicates take a moment."""
    folder = tmp_path_factory.mktemp("cases")
    for file in ("network", "parameters", "places", "sectors", "world"):
        shutil.copy(TOY / f"{file}.yaml", folder)
    toy = (TOY / "toy.yaml").read_text(encoding="utf-8")
    small = toy.replace("firms: 1000", "firms: 200").replace("end: 2012-Q4", "end: 2010-Q4")
    (folder / "toy.yaml").write_text(small, encoding="utf-8")
    (folder / "other.yaml").write_text(small.replace("name: Toy", "name: Another toy"), encoding="utf-8")
    wide = toy.replace("firms: 1000", "firms: 30000").replace("name: Toy", "name: Wide toy")
    (folder / "wide.yaml").write_text(wide, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def server(cases: Path) -> Iterator[Server]:
    """The server of all tests that need none of their own."""
    with serving(str(cases), "--port", "0", "--jobs", "1") as served:
        served.url = served.address()  # type: ignore[attr-defined]
        yield served


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """The system's browser."""
    if CHROMIUM is None:
        pytest.skip(LACKING)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def tab(browser, server: Server) -> Iterator[Callable[..., object]]:
    """Open tabs, each of a visitor of its own; requests, errors of scripts and all that is shown are noted.

    Ten replicates are asked for, in the address, unless a test asks for others or, with none, for as many as usual.
    """
    contexts = []

    def opened(path: str = "", *, replicates: int | None = 10, **options: object):
        context = browser.new_context(**{"locale": "en-GB", "viewport": {"width": 1366, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(_PATIENCE)
        page.asked, page.broken = [], []
        context.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.broken.append(str(error)))
        watch_from_the_start(page)
        page.goto(server.url + asking(path, replicates))  # type: ignore[attr-defined]
        page.wait_for_selector("[data-ready]")
        return page

    yield opened
    for context in contexts:
        context.close()
