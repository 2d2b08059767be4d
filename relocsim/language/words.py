"""What all languages share: messages looked up in a catalogue, numbers with as many digits as say something.

Refuses to know what a number is about; a language says how it is written.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from relocsim.metrics.effects import ROUNDING, Estimate
from relocsim.world.calendar import Quarter

FEWEST_FOR_95 = 39
"""Replicates from which an interval of order statistics can be expected to cover 95 %."""


def message(text: str) -> str:
    """Mark a text as a message of the catalogue where it is kept before it is said."""
    return text


def decimals(*values: float) -> int:
    """Return how many decimals show the largest of `values` to two or three digits (at most three)."""
    largest = _largest(*values)
    if largest == 0:
        return 0
    digits = 1 if largest < 1 else 2
    return min(3, max(0, digits - math.floor(math.log10(largest))))


def _largest(*values: float) -> float:
    return max((abs(value) for value in values if math.isfinite(value)), default=0.0)


def end_decimals(value: float, places: int, largest: float) -> int:
    """Return the decimals of an end of an interval: more than `places` where it would else be written as zero and is not.

    So that what is written lies on the side of zero on which the verdict has it; `largest` is the largest of the interval,
    beside which an end may be zero but for rounding.
    """
    if not math.isfinite(value) or abs(value) <= ROUNDING * largest or round(value, places) != 0:
        return places
    return -math.floor(math.log10(abs(value)))


class Words(ABC):
    """A language: its messages, and how it writes numbers, lists, money, dates."""

    code: ClassVar[str]
    """As in the attribute `lang` of a page."""
    wide: ClassVar[bool] = False
    """Whether a letter takes the room of two, and lines may break anywhere."""

    def __call__(self, text: str, /, **values: object) -> str:
        """Return a message with its `{values}` set in, in this language."""
        return self.lookup(text).format(**values)

    def documented(self, text: str) -> str:
        """Return the documentation of a policy or of a field in this language; as it is where nobody translated it."""
        return text

    def plural(self, one: str, many: str, /, n: int, **values: object) -> str:
        """Return the message that goes with a count; `{n}` stands for it."""
        return self.lookup(one if n == 1 else many).format(n=self.plain(n, 0), **values)

    @abstractmethod
    def lookup(self, text: str) -> str:
        """Return a message in this language; KeyError where the catalogue lacks it."""

    @abstractmethod
    def name(self, named: object) -> str:
        """Return the name of a place, sector, line (`name`, `name_zh`) or kind of policy (`title`, `title_zh`)."""

    @staticmethod
    def plain(value: float, places: int | None = None) -> str:
        """Return a number with separators of thousands, zero without a sign; `-` where there is none."""
        if not math.isfinite(value):
            return "-"
        text = f"{value:,.{decimals(value) if places is None else places}f}"
        return text if text.strip("-0.,") else text.lstrip("-")

    @classmethod
    def signed(cls, value: float, places: int | None = None) -> str:
        """Return a number with its sign; zero has none."""
        places = decimals(value) if places is None else places
        text = cls.plain(value, places)
        return f"+{text}" if value > 0 and text.strip("0.,") else text

    @classmethod
    def ends(cls, estimate: Estimate, scale: float = 1.0) -> tuple[str, str]:
        """Return the ends of an interval times `scale`, with their signs."""
        low, high = scale * estimate.low, scale * estimate.high
        places, largest = decimals(low, high), _largest(low, high)
        first, last = (cls.signed(end, end_decimals(end, places, largest)) for end in (low, high))
        return first, last

    @classmethod
    def mean_and_ends(cls, estimate: Estimate, scale: float = 1.0, *, sign: bool = True) -> tuple[str, str, str]:
        """Return mean and ends of an estimate times `scale`, as precise as one another."""
        values = [scale * value for value in (estimate.mean, estimate.low, estimate.high)]
        places, largest = decimals(*values), _largest(*values)
        each = [places, *(end_decimals(end, places, largest) for end in values[1:])]
        write = cls.signed if sign else cls.plain
        mean, low, high = (write(value, shown) for value, shown in zip(values, each, strict=True))
        return mean, low, high

    def span(self, estimate: Estimate, scale: float = 1.0, *, sign: bool = True) -> str:
        """Return mean and ends of an estimate times `scale`; the mean alone where they are the same."""
        mean, low, high = self.mean_and_ends(estimate, scale, sign=sign)
        return mean if low == high else self.between(mean, low, high)

    def first(self, given: Sequence[str], count: int = 4) -> list[str]:
        """Return the first words, and how many more there are."""
        return list(given) if len(given) <= count else [*given[:count], self.more(len(given) - count)]

    @abstractmethod
    def between(self, mean: str, low: str, high: str) -> str:
        """Return a mean with the ends of its interval."""

    @abstractmethod
    def more(self, count: int) -> str:
        """Return that there are so many more."""

    @abstractmethod
    def percent(self, share: float, places: int = 0) -> str:
        """Return a share as a percentage."""

    @abstractmethod
    def money(self, amount: float) -> str:
        """Return an amount of 1e8 yuan in words, without its sign."""

    @abstractmethod
    def money_span(self, estimate: Estimate, *, sign: bool = False) -> str:
        """Return mean and ends of an estimate in 1e8 yuan, without their signs or with them."""

    @abstractmethod
    def people(self, count: float) -> str:
        """Return a number of persons."""

    @abstractmethod
    def land(self, hectares: float) -> str:
        """Return an area of land, given in hectares."""

    @abstractmethod
    def floor(self, area: float) -> str:
        """Return an area of factory floor, given in 1e4 m2."""

    @abstractmethod
    def quarter(self, quarter: Quarter) -> str:
        """Return a quarter of a year."""

    @abstractmethod
    def listed(self, given: Sequence[str], last: str = "and") -> str:
        """Return words as a list in a sentence, `last` (and, or) before the last."""

    @abstractmethod
    def interval_name(self, coverage: float, replicates: int) -> str:
        """Return what an interval is, with the coverage to be expected where replicates are few."""
