"""What the commands print with: messages, tables as wide as the terminal, progress bars. Only commands import this."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

WIDTH = 160
"""Columns of output that goes to a file or a pipe, and least columns of cost sheets."""


def say(text: str) -> None:
    """Print to stderr."""
    print(text, file=sys.stderr)


def console(least: int = 0) -> Console:
    """Return the console: as wide as the terminal, and at least `least` columns."""
    from rich.console import Console

    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    console = Console(width=None if known else WIDTH, markup=False, highlight=False, emoji=False)
    console.width = max(console.width, least)
    return console


def bar() -> Progress:
    """Return a progress bar on stderr with a rate and the time that is left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    speed = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), speed, TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def rate(speed: float | None) -> str:
    """Return a speed, 1/s, in words."""
    return f"{60 * speed:.0f} a minute" if speed else ""


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Give a function that advances a bar on stderr (none where it is no terminal)."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    with bar() as shown:
        task = shown.add_task(what, total=total, rate="")

        def tick() -> None:
            shown.advance(task)
            shown.update(task, rate=rate(shown.tasks[0].speed))

        yield tick


@contextmanager
def parts() -> Iterator[Callable[[str, int, int], None] | None]:
    """Give a function that shows how far each named part is, finished of total, on stderr (none where it is no terminal)."""
    if not sys.stderr.isatty():
        yield None
        return
    with bar() as shown:
        tasks: dict[str, TaskID] = {}

        def tick(name: str, finished: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = shown.add_task(name, total=total, completed=finished, rate="")
            task = tasks[name]
            shown.update(task, completed=finished, total=total)
            shown.update(task, rate=rate(shown.tasks[list(tasks).index(name)].speed))

        yield tick
