"""English: its messages are the keys of the catalogue."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

from relocsim.language.words import FEWEST_FOR_95, Words
from relocsim.metrics.effects import Estimate
from relocsim.world.calendar import Quarter

_BILLION = 10.0
"""1e8 yuan in a billion yuan."""


class English(Words):
    """English."""

    code: ClassVar[str] = "en"

    def lookup(self, text: str) -> str:
        """Return the message itself."""
        return text

    def name(self, named: object) -> str:
        """Return the English name."""
        return str(getattr(named, "name", None) or named.title)  # type: ignore[attr-defined]

    def between(self, mean: str, low: str, high: str) -> str:
        """Return `mean (low to high)`."""
        return f"{mean} ({low} to {high})"

    def more(self, count: int) -> str:
        """Return `3 more`."""
        return f"{count} more"

    def percent(self, share: float, places: int = 0) -> str:
        """Return `12 %`."""
        return f"{100 * share:.{places}f} %" if math.isfinite(share) else "-"

    def money(self, amount: float) -> str:
        """Return `1.2 billion yuan`, `340 million yuan`."""
        amount = abs(amount)
        if amount >= _BILLION:
            return f"{self.plain(amount / _BILLION)} billion yuan"
        return f"{self.plain(100 * amount, 0)} million yuan"

    def money_span(self, estimate: Estimate, *, sign: bool = False) -> str:
        """Return `12 (3 to 20) billion yuan`."""
        largest = max(abs(estimate.mean), abs(estimate.low), abs(estimate.high))
        scale, unit = (1 / _BILLION, "billion") if largest >= _BILLION else (100.0, "million")
        return f"{self.span(estimate, scale, sign=sign)} {unit} yuan"

    def people(self, count: float) -> str:
        """Return `1,200 people`."""
        return f"{self.plain(count, 0)} {'person' if round(count) == 1 else 'people'}"

    def land(self, hectares: float) -> str:
        """Return `320 ha`."""
        return f"{self.plain(hectares)} ha"

    def floor(self, area: float) -> str:
        """Return `1.2 million m2`, `30,000 m2`."""
        return f"{self.plain(area / 100)} million m2" if abs(area) >= 100 else f"{self.plain(1e4 * area, 0)} m2"

    def quarter(self, quarter: Quarter) -> str:
        """Return `2010-Q1`."""
        return str(quarter)

    def listed(self, given: Sequence[str], last: str = "and") -> str:
        """Return `a, b and c`."""
        return f"{', '.join(given[:-1])} {last} {given[-1]}" if len(given) > 1 else "".join(given)

    def interval_name(self, coverage: float, replicates: int) -> str:
        """Return `95 % interval`, or the range of how many replicates it is."""
        if replicates >= FEWEST_FOR_95:
            return "95 % interval"
        plural = "s" if replicates != 1 else ""
        return f"range of {replicates} replicate{plural}, expected to cover {self.percent(coverage)}"
