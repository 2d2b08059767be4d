"""Parts of a slide."""

from __future__ import annotations

from dataclasses import dataclass

_GAP = 0.35
"""Between parts side by side, inches."""


@dataclass(frozen=True)
class Frame:
    """A part of a slide, inches."""

    left: float
    top: float
    width: float
    height: float

    def split(self, share: float) -> tuple[Frame, Frame]:
        """Return a left and a right part with a gap between."""
        first = share * (self.width - _GAP)
        rest = self.width - _GAP - first
        return (
            Frame(self.left, self.top, first, self.height),
            Frame(self.left + first + _GAP, self.top, rest, self.height),
        )

    def cut(self, height: float) -> tuple[Frame, Frame]:
        """Return an upper part of a height and what is below it."""
        return (
            Frame(self.left, self.top, self.width, height),
            Frame(self.left, self.top + height, self.width, self.height - height),
        )
