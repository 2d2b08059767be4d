"""Who is told what, by panel: a panel that is not shown is told when it is opened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

EVERYWHERE = ""
"""The part of the page that is always shown."""


class Listeners:
    """Callbacks by event, each of the panel in which it was added."""

    def __init__(self) -> None:
        self.within: Callable[[], AbstractContextManager[Any]] = nullcontext
        """Around every call: the tab whose page it changes."""
        self._held: list[tuple[str, str, Callable[[], Any]]] = []
        self._panel, self._shown = EVERYWHERE, EVERYWHERE
        self._behind: set[tuple[str, str]] = set()
        self._running: set[asyncio.Task[Any]] = set()

    @contextmanager
    def of(self, panel: str) -> Iterator[None]:
        """Within, what is added belongs to a panel."""
        before, self._panel = self._panel, panel
        try:
            yield
        finally:
            self._panel = before

    def add(self, event: str, callback: Callable[[], Any]) -> None:
        """Call `callback`, which may be a coroutine, at an event."""
        self._held.append((self._panel, event, callback))

    def tell(self, event: str) -> None:
        """Call who waits for an event; panels that are not shown later."""
        for panel, named, callback in list(self._held):
            if named != event:
                continue
            if panel in (EVERYWHERE, self._shown):
                self._call(callback)
            else:
                self._behind.add((panel, event))

    def show(self, panel: str) -> None:
        """Show a panel, and tell it what it has missed."""
        self._shown = panel
        missed = {event for named, event in self._behind if named == panel}
        self._behind -= {(panel, event) for event in missed}
        for named, event, callback in list(self._held):
            if named == panel and event in missed:
                self._call(callback)

    def _call(self, callback: Callable[[], Any]) -> None:
        with self.within():
            found = callback()
        if asyncio.iscoroutine(found):
            task = asyncio.ensure_future(self._inside(found))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _inside(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        with self.within():
            await coroutine

    def clear(self) -> None:
        """Forget everybody: the page is built anew, or has gone."""
        self._held.clear()
        self._behind.clear()
