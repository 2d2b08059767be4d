"""The server as it is started: who may ask it, what it says where it cannot start, what it does for who has gone."""

from __future__ import annotations

import os
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from app.conftest import Server, serving
from app.processes import below, player, until, working
from app.steps import asking, done, few, switch

PLAYING = re.compile(r"([2-9]|\d\d) of 160 replicates: playing")


@pytest.fixture(scope="module")
def own(cases: Path) -> Iterator[Server]:
    """A server of these tests alone, which look at its processes."""
    with serving(str(cases), "--port", "0", "--jobs", "1") as served:
        served.url = served.address()  # type: ignore[attr-defined]
        yield served


@pytest.fixture
def page(browser, own: Server):
    """A page of it."""
    context = browser.new_context(locale="en-GB")
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    opened.goto(own.url + "?case=wide")  # type: ignore[attr-defined]
    opened.wait_for_selector("[data-ready]")
    yield opened
    context.close()


def long(page) -> None:
    """Begin with what would take minutes."""
    page.get_by_test_id("replicates").click()
    page.get_by_role("option", name="160", exact=True).click()
    switch(page, "incentives")
    expect(page.get_by_test_id("progress")).to_have_text(PLAYING, timeout=60_000)


# ---------------------------------------------------------------- runs that nobody waits for


def test_a_run_that_nobody_waits_for_is_stopped(page, own: Server):
    long(page)
    assert working(own.process.pid), "while somebody looks on, it is played"
    page.close()
    until(lambda: not working(own.process.pid), 30.0)
    assert not working(own.process.pid, 2.0)


def test_who_asks_for_the_page_and_does_not_show_it_has_nothing_played(own: Server):
    until(lambda: not working(own.process.pid))
    with urlopen(own.url + "?case=wide") as answer:  # type: ignore[attr-defined]
        assert b"relocsim" in answer.read()
    until(lambda: not working(own.process.pid, 2.0), 20.0)


# ---------------------------------------------------------------- processes that end


def test_a_process_that_is_killed_costs_time_alone(page, own: Server):
    long(page)
    killed = player(own.process.pid)
    os.kill(killed, signal.SIGKILL)
    before = int(page.get_by_test_id("progress").inner_text().split()[0])
    until(lambda: int(page.get_by_test_id("progress").inner_text().split()[0]) >= before + 2)
    assert killed not in set(below(own.process.pid))
    assert page.get_by_test_id("notices").inner_text() == ""
    page.get_by_test_id("stop").click()


def test_a_replicate_that_ends_every_process_is_said_and_the_page_lives(page, own: Server):
    long(page)
    notices = page.get_by_test_id("notices")
    killed: set[int] = set()

    def kill() -> bool:
        now = player(own.process.pid)
        if now not in killed and working(own.process.pid, 0.1):
            killed.add(now)
            os.kill(now, signal.SIGKILL)
        return notices.inner_text() != ""

    until(kill)
    expect(notices).to_contain_text("the process that played it ended, 2 times: is there memory enough?")
    expect(page.get_by_test_id("progress")).to_contain_text("failed")
    assert " to " in page.locator("[data-testid=finding] .figure .value").first.inner_text(), "the answer so far stays"
    few(page)
    page.get_by_test_id("run").click()
    done(page)


# ---------------------------------------------------------------- who may ask


def status(url: str, **headers: str) -> int:
    """Return how a server answers, redirects not followed by a cookie of a browser."""
    try:
        with urlopen(
            Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
        ) as answer:
            return answer.status
    except HTTPError as error:
        return error.code


def test_elsewhere_than_on_loopback_a_token_is_asked_for(cases: Path, browser):
    with serving(str(cases), "--host", "0.0.0.0", "--port", "0", "--jobs", "1") as served:
        address = urlsplit(served.address())
        here = f"http://127.0.0.1:{address.port}/"
        assert re.fullmatch(r"token=[\w-]{32,}", address.query)
        assert status(here) == 401
        assert status(f"{here}?token=wrong") == 401
        assert status(f"{here}_nicegui_ws/socket.io/?EIO=4&transport=polling") == 401
        page = browser.new_page(locale="en-GB")
        page.goto(asking(f"{here}?{address.query}", 10))
        page.wait_for_selector("[data-ready]")
        assert "token" not in page.url
        done(page)
        page.close()


def test_a_token_of_ones_own_is_asked_for_on_loopback_too(cases: Path):
    with serving(str(cases), "--port", "0", "--jobs", "1", environment={"RELOCSIM_TOKEN": "mine"}) as served:
        address = served.address()
        assert address.endswith("/?token=mine")
        assert status(address.partition("?")[0]) == 401


def test_a_port_that_is_in_use_is_said(cases: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = Server(str(cases), "--port", str(port))
        assert server.process.wait(60) == 2
        server.end()
    said = "".join(server.said)
    assert f"port {port} of 127.0.0.1 is in use" in said
    assert "--port" in said
    assert "Traceback" not in said


def test_it_ends_with_its_processes_when_it_is_interrupted(cases: Path):
    server = Server(str(cases), "--port", "0", "--jobs", "2")
    server.address()
    until(lambda: len(set(below(server.process.pid))) >= 4)
    processes = set(below(server.process.pid))
    assert server.end() in (0, 130)
    assert "Traceback" not in "".join(server.said)
    until(lambda: not any(Path(f"/proc/{one}").exists() for one in processes), 20.0)
