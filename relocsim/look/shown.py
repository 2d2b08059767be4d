"""What the page of this process shows. Apart from the page, so that Solara is imported only once its settings are made."""

from __future__ import annotations

from dataclasses import dataclass

from relocsim.language import ENGLISH, Words
from relocsim.look.looked import Opened


@dataclass(frozen=True)
class Shown:
    """A scenario and the language in which it is told."""

    opened: Opened
    words: Words = ENGLISH


_shown: list[Shown] = []


def show(shown: Shown) -> None:
    """Set what the page shows."""
    _shown[:] = [shown]


def now() -> Shown:
    """Return what the page shows."""
    return _shown[-1]
