"""The server of the page: one port of this machine, one crew of processes for all tabs. Refuses to keep anything on disk."""

from __future__ import annotations

import errno
import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from relocsim.app.security import Guard, is_loopback
from relocsim.errors import RelocsimError
from relocsim.whatif.specs import baseline_of
from relocsim.whatif.whatif import WhatIf

if TYPE_CHECKING:
    from relocsim.app.batch.found import Batches
    from relocsim.whatif.cases import Cases
    from relocsim.whatif.crew import Crew

PATIENCE = 6.0
"""Seconds for which a tab that has lost its connection may come back to its session."""
PREPARED = 8
"""Cases whose baselines are begun with before anybody asks: as many as processes keep the foundations of."""
GRACE = 3
"""Seconds for which open connections are waited for when the server ends."""
_LOG = logging.getLogger("relocsim.app")


class ServerError(RelocsimError):
    """The page cannot be served as asked."""


@dataclass(frozen=True)
class Served:
    """What is served, and to whom."""

    cases: Cases
    crew: Crew
    host: str
    token: str = ""
    batches: Batches | None = None


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens at a port, 0 for any that is free; ServerError in words where it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
        opened.listen(128)
    except OSError as error:
        opened.close()
        raise ServerError(_in_words(error, host, port)) from None
    return opened


def _in_words(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is in use, perhaps by another `relocsim app`: end that, or choose another with --port"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"port {port} of {host} may not be used by you: choose one from 1024 with --port"
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"{host} is no address of this machine: choose one that is with --host, such as 127.0.0.1"
    return f"port {port} of {host} cannot be listened at: {error.strerror}"


def address(opened: socket.socket, token: str = "") -> str:
    """Return the address under which the page is opened."""
    host, port = opened.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/{f'?token={token}' if token else ''}"


def serve(served: Served, opened: socket.socket, ready: Callable[[], None]) -> None:
    """Serve the page until it is interrupted; `ready` is called when it can be opened."""
    import uvicorn

    threading.Thread(target=get_ready, args=(served,), name="gets ready", daemon=True).start()
    server = uvicorn.Server(
        uvicorn.Config(
            application(served, ready), log_level="warning", access_log=False, server_header=False,
            timeout_graceful_shutdown=GRACE, ws_max_size=_LARGEST_FRAME, lifespan="on",
        )
    )  # fmt: skip
    server.run(sockets=[opened])


def get_ready(served: Served) -> None:
    """Let the processes start, and play the first replicates of the baselines of cases, before anybody asks.

    They give way to whoever has something to play.
    """
    served.crew.start()
    for case in islice(served.cases, PREPARED):
        try:
            play = served.crew.prepare(baseline_of(WhatIf(case), served.cases))  # held: a play without an owner stops
            play.wait()
        except RelocsimError as error:  # said on the page to who opens the case
            _LOG.info("%s is not prepared: %s", case, error)


_LARGEST_FRAME = 1024 * 1024
"""Bytes of one message of a browser."""


def application(served: Served, ready: Callable[[], None]) -> Any:
    """Return the application, guarded."""
    if not is_loopback(served.host) and not served.token:
        raise ServerError(f"{served.host} can be reached by others: a token is needed")
    os.environ.setdefault("MPLBACKEND", "agg")
    os.environ["NICEGUI_STORAGE_PATH"] = os.devnull  # nothing of a session is ever written
    from fastapi import FastAPI
    from nicegui import app as page
    from nicegui import ui

    from relocsim.app.address import asked_in
    from relocsim.app.shell import PANELS, build

    for panel in PANELS:
        _ = panel.build  # imported before the page can be opened, not while somebody waits for it
    outer = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    page.on_startup(ready)
    page.on_shutdown(served.crew.close)

    @ui.page("/", title="relocsim", response_timeout=30)
    async def planner(request: Request) -> None:
        await build(served.cases, served.crew, asked_in(request.query_params), batches=served.batches)

    ui.run_with(
        outer, title="relocsim", reconnect_timeout=PATIENCE, tailwind=False,
        show_welcome_message=False, binding_refresh_interval=None,
    )  # fmt: skip
    return Guard(outer, served.host, served.token)
