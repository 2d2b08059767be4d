"""What a page has shown, with every state that was there for a moment only."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Page

_WATCH = """{
  const text = (selector) => document.querySelector(selector)?.textContent ?? '';
  const look = () => {
    const now = [text('[data-testid=progress]'), text('[data-testid=finding] .figure .value')];
    const last = window.seen.at(-1);
    if (now[0] && (!last || last[1] !== now[0] || last[2] !== now[1])) window.seen.push([performance.now(), ...now]);
  };
  window.seen = [];
  window.seenFromNow = () => { window.seen = []; look(); };
  new MutationObserver(look).observe(document, {subtree: true, childList: true, characterData: true});
}"""
_PROGRESS = re.compile(r"(\d+) of (\d+) replicates?: (.+)")


@dataclass(frozen=True)
class Seen:
    """What the page showed from a moment on."""

    at: float
    """Milliseconds since it was opened."""
    count: int
    """Replicates that are in."""
    asked: int
    state: str
    rate: str
    """The effect on the capture rate with its interval; empty where there is no answer."""


def watch_from_the_start(page: Page) -> None:
    """Note everything that a page that is yet to be opened shows, from its first moment."""
    page.add_init_script(_WATCH)


def watch(page: Page) -> None:
    """Forget what it has shown so far: what was noted begins with what it shows now."""
    page.evaluate("window.seenFromNow()")


def seen(page: Page) -> list[Seen]:
    """Return what it has shown, every state that was there for a moment only included."""
    found = []
    for at, progress, rate in page.evaluate("window.seen"):
        match = _PROGRESS.fullmatch(progress)
        assert match is not None, progress
        found.append(Seen(at, int(match[1]), int(match[2]), match[3], rate))
    return found
