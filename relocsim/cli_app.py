"""The command of the planner's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from relocsim.errors import RelocsimError
from relocsim.terminal import say

if TYPE_CHECKING:
    import socket


def app(
    what: Annotated[
        str | None, typer.Argument(metavar="SCENARIO|FOLDER", help="Scenario, folder of them or of batches; else shipped.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen at; any but loopback asks for a token.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 for any that is free.")] = 8080,
    token: Annotated[
        str,
        typer.Option(metavar="TOKEN", envvar="RELOCSIM_TOKEN", help="Token to be asked for; else one is made where needed."),
    ] = "",
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes that play; all cores by default.")] = None,
    open_: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:  # fmt: skip
    """Open the planner's page in the browser: move a lever, see who comes. Ends with Ctrl-C."""
    try:
        import nicegui  # noqa: F401
    except ImportError:
        raise RelocsimError("the page needs NiceGUI, which is not installed: pip install 'relocsim[app]'") from None
    from relocsim.app import server
    from relocsim.app.batch.found import served_in
    from relocsim.app.security import is_loopback, new_token
    from relocsim.batch.workers import cores
    from relocsim.whatif.crew import Crew

    cases, batches = served_in(what)
    token = token or ("" if is_loopback(host) else new_token())
    opened = server.listening(host, port)
    served = server.Served(cases, Crew(jobs or cores()), host, token, batches)
    server.serve(served, opened, lambda: _tell(opened, token, browser=open_))


def _tell(opened: socket.socket, token: str, *, browser: bool) -> None:
    import sys
    import webbrowser

    from relocsim.app.server import address

    where = address(opened, token)
    say(f"the page is at {where} (Ctrl-C ends it)")
    if browser and sys.stderr.isatty():
        webbrowser.open(where)


COMMANDS = (app,)
