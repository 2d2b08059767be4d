"""The command `look`: Mesa's viewer on a run, for modellers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from relocsim.terminal import say


def look(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Scenario file.")],
    settings: Annotated[
        list[str], typer.Option("--set", metavar="PATH=VALUE", help="Change one entry, such as scenario.firms=2000; repeat.")
    ] = [],  # noqa: B006 - typer reads it
    lang: Annotated[str, typer.Option(metavar="en|zh", help="Language of pictures and tables.")] = "en",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0 for any that is free.")] = 8765,
    open_: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:  # fmt: skip
    """Look inside a run: Mesa's viewer, quarter by quarter, with map, capture, funnel and one firm. Ends with Ctrl-C."""
    import sys
    import webbrowser

    from relocsim.language import words_in
    from relocsim.look import server
    from relocsim.look.looked import Opened
    from relocsim.look.shown import Shown
    from relocsim.report.fonts import readable

    words, advice = readable(words_in(lang))
    opened = Opened(scenario, tuple(settings))
    opened.spec()
    server.require_viz()
    if advice:
        say(advice)
    listening = server.listening(port)

    def ready(address: str) -> None:
        say(f"the run is at {address} (Ctrl-C ends it)")
        if open_ and sys.stderr.isatty():
            webbrowser.open(address)

    server.serve(Shown(opened, words), listening, ready)


COMMANDS: tuple[Callable[..., None], ...] = (look,)
