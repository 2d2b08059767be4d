"""Who may ask the page: hosts, origins, tokens, sizes; on requests and on websockets."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from relocsim.app.security import COOKIE, Guard, is_loopback, new_token

TOKEN = "a-token-that-nobody-guesses"
HERE = "127.0.0.1:8080"


def apart(waiting) -> None:
    """Run a coroutine in a loop of its own: the browser of other tests has one in this thread."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, waiting).result()


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: str
    reached: bool
    """Whether the page itself was asked."""


class Visitor:
    """Asks a guarded page as a server would on behalf of a browser."""

    def __init__(self, listens: str = "127.0.0.1", token: str = "", host: str = HERE, **options: int) -> None:
        self.guard = Guard(self._page, listens, token, **options)
        self.host, self.reached = host, False

    async def _page(self, scope, receive, send) -> None:
        self.reached = True
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            return
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            size, more = size + len(message["body"]), message["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(size).encode()})

    def ask(self, path: str = "/", kind: str = "http", pieces: tuple[bytes, ...] = (b"",), **headers: str) -> Answer:
        given = {"host": self.host, **{name.replace("_", "-"): value for name, value in headers.items()}}
        waiting = [{"type": "http.request", "body": one, "more_body": True} for one in pieces]
        waiting[-1]["more_body"] = False
        if kind == "websocket":
            waiting = [{"type": "websocket.connect"}]
        sent = []

        async def receive():
            return waiting.pop(0)

        async def send(message):
            sent.append(message)

        where, _, query = path.partition("?")
        scope = {
            "type": kind, "path": where, "raw_path": where.encode(), "query_string": query.encode(), "method": "POST",
            "scheme": "http", "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        }  # fmt: skip
        self.reached = False
        apart(self.guard(scope, receive, send))
        told = {name.decode(): value.decode() for message in sent for name, value in message.get("headers", [])}
        status = next((message["status"] for message in sent if "status" in message), 0)
        body = b"".join(message.get("body", b"") for message in sent).decode()
        return Answer(status, told, body, self.reached)

    def talks(self, path: str = "/", **headers: str) -> bool:
        return self.ask(path, "websocket", **headers).reached


def test_this_machine_is_let_in_without_a_token():
    visitor = Visitor()
    assert visitor.ask().status == 200
    assert visitor.talks()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.3:8080", "", "[", "a:b:c"])
def test_a_name_that_was_made_to_resolve_to_this_machine_is_not(host: str):
    visitor = Visitor()
    answer = visitor.ask(host=host)
    assert (answer.status, answer.reached) == (421, False)
    assert not visitor.talks(host=host)


def test_pages_of_other_sites_may_not_ask():
    visitor = Visitor()
    for origin in ("http://evil.example", "http://127.0.0.1:9999", "null"):
        answer = visitor.ask(origin=origin)
        assert (answer.status, answer.reached) == (403, False)
        assert not visitor.talks(origin=origin)
    assert visitor.ask(origin=f"http://{HERE}").status == 200
    assert visitor.talks(origin=f"http://{HERE}")


def test_elsewhere_a_token_is_asked_for_on_requests_and_websockets():
    visitor = Visitor("0.0.0.0", TOKEN, "planning.example:8080")
    for path in ("/", "/?token=wrong", "/?token="):
        answer = visitor.ask(path)
        assert (answer.status, answer.reached) == (401, False)
    for cookie in ("", f"{COOKIE}=wrong", f"{COOKIE}=", "\x01=", f"other={TOKEN}"):
        assert visitor.ask(cookie=cookie).status == 401
        assert not visitor.talks(cookie=cookie)
    assert visitor.ask(cookie=f"{COOKIE}={TOKEN}").status == 200
    assert visitor.talks(cookie=f"{COOKIE}={TOKEN}")


def test_a_token_in_the_address_becomes_a_cookie_and_leaves_the_address():
    answer = Visitor("0.0.0.0", TOKEN).ask(f"/?w=a%20b&token={TOKEN}")
    assert (answer.status, answer.headers["location"], answer.reached) == (303, "/?w=a+b", False)
    cookie = answer.headers["set-cookie"].lower()
    assert f"{COOKIE}={TOKEN}" in cookie
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_a_token_in_the_address_opens_no_websocket():
    assert not Visitor("0.0.0.0", TOKEN).talks(f"/?token={TOKEN}")


def test_tokens_differ():
    assert len({new_token() for _ in range(100)}) == 100
    assert len(new_token()) >= 32


def test_large_bodies_are_refused_whatever_they_claim():
    visitor = Visitor(largest=1000)
    assert visitor.ask(content_length="1000").status == 200
    answer = visitor.ask(content_length="1001")
    assert (answer.status, answer.reached) == (413, False)
    assert visitor.ask(pieces=(b"x" * 600, b"x" * 400)).body == "1000"
    assert visitor.ask(pieces=(b"x" * 600, b"x" * 401)).status == 0  # without a length: cut off where it grows too long
    assert visitor.ask(content_length="10", pieces=(b"x" * 1001,)).status == 0


def test_the_browser_is_told_to_load_nothing_from_elsewhere():
    policy = Visitor().ask().headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy


def test_hosts_that_are_this_machine():
    assert all(map(is_loopback, ("127.0.0.1", "localhost", "::1", "[::1]", "127.9.9.9")))
    assert not any(map(is_loopback, ("0.0.0.0", "192.168.0.4", "localhost.example", "", "::")))


def test_start_and_end_of_the_server_pass_through():
    seen = []

    async def inner(scope, receive, send):
        seen.append(scope["type"])

    apart(Guard(inner, "0.0.0.0", TOKEN)({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]
