"""Who may ask the page anything: checked on every request and on every websocket, before anything else sees it.

On loopback a request must name this machine as its host, which keeps other sites' pages out that resolve to it; a
websocket must come from a page of this server. Elsewhere a token is asked for: by `?token=`, which becomes a cookie.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "relocsim_token"
LARGEST_BODY = 2 * 1024 * 1024
"""Bytes of a request that are taken; scenarios are a few thousand."""
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'self'"
)
"""What a browser may load for the page: nothing from elsewhere (Vue compiles its templates, hence `unsafe-eval`)."""
_HEADERS = {
    "content-security-policy": _POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def new_token() -> str:
    """Return a token that nobody guesses."""
    return secrets.token_urlsafe(24)


@dataclass
class Guard:
    """ASGI application around the page's: lets through what may pass."""

    app: ASGIApp
    host: str
    """Where the server listens."""
    token: str = ""
    """Asked for on every request; empty for none (loopback)."""
    largest: int = LARGEST_BODY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the page answer."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal is None:
            await self.app(scope, _limited(receive, self.largest), _with_headers(send))
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refusal(scope, receive, send)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> Response | None:
        """Return the answer to a request that may not pass; none where it may."""
        if is_loopback(self.host) and not is_loopback(_host_of(headers.get("host", ""))):
            return PlainTextResponse("This page is for this machine only: open it as 127.0.0.1.", 421)
        origin = headers.get("origin", "")
        if origin and urlsplit(origin).netloc != headers.get("host", ""):
            return PlainTextResponse("Pages of other sites may not ask this one.", 403)
        if _length(headers) > self.largest:
            return PlainTextResponse(f"Files of more than {self.largest // 1024} KiB are not taken.", 413)
        return self._without_token(scope, headers) if self.token else None

    def _without_token(self, scope: Scope, headers: dict[str, str]) -> Response | None:
        """Return the answer to a request without the right token; to one that has just brought it, a cookie."""
        if self._right(_cookie(headers.get("cookie", ""))):
            return None
        asked = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
        query = [one for one in asked if one[0] != "token"]
        if scope["type"] == "http" and any(self._right(value) for name, value in asked if name == "token"):
            answer = RedirectResponse(f"{scope['path']}?{urlencode(query)}" if query else scope["path"], 303)
            answer.set_cookie(COOKIE, self.token, httponly=True, samesite="lax", secure=scope["scheme"] == "https")
            return answer
        return PlainTextResponse("Open the address with the token that `relocsim app` has shown.", 401)

    def _right(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.token.encode())


def _host_of(netloc: str) -> str:
    """Return the host of `host:port`; empty where it is none."""
    try:
        return urlsplit(f"//{netloc}").hostname or ""
    except ValueError:
        return ""


def _length(headers: dict[str, str]) -> int:
    text = headers.get("content-length", "0")
    return int(text) if text.isdecimal() else 0


def _cookie(text: str) -> str:
    try:
        held = SimpleCookie(text).get(COOKIE)
    except CookieError:
        return ""
    return held.value if held else ""


def _limited(receive: Receive, largest: int) -> Receive:
    """Return a `receive` that ends the request where its body grows beyond the limit, whatever length it had claimed."""
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > largest:
                return {"type": "http.disconnect"}
        return message

    return limited


def _with_headers(send: Send) -> Send:
    """Return a `send` that adds the headers of the page to every answer."""

    async def sending(message: Any) -> None:
        if message["type"] == "http.response.start":
            added = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
            message = {**message, "headers": [*message.get("headers", []), *added]}
        await send(message)

    return sending
