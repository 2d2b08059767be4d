"""Numbers as people read them: points, shares, money, intervals. Refuses to know what a number is about."""

from __future__ import annotations

import math

from relocsim.metrics.effects import Estimate

FEWEST_FOR_95 = 39
"""Replicates from which an interval of order statistics can be expected to cover 95 %."""
_BILLION = 10.0
"""1e8 yuan in a billion yuan."""


def decimals(*values: float) -> int:
    """Return how many decimals show the largest of `values` to two or three digits (at most three)."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if largest == 0:
        return 0
    digits = 1 if largest < 1 else 2
    return min(3, max(0, digits - math.floor(math.log10(largest))))


def plain(value: float, places: int | None = None) -> str:
    """Return a number with separators of thousands; `-` where there is none."""
    if not math.isfinite(value):
        return "-"
    return f"{value:,.{decimals(value) if places is None else places}f}"


def signed(value: float, places: int | None = None) -> str:
    """Return a number with its sign; zero has none."""
    places = decimals(value) if places is None else places
    text = plain(value, places)
    if not text.strip("-0.,"):
        return text.lstrip("-")
    return f"+{text}" if value > 0 else text


def ends(estimate: Estimate, scale: float = 1.0) -> tuple[str, str]:
    """Return the ends of an interval times `scale`, with their signs."""
    low, high = scale * estimate.low, scale * estimate.high
    places = decimals(low, high)
    return signed(low, places), signed(high, places)


def percent(share: float, places: int = 0) -> str:
    """Return a share as a percentage."""
    return f"{100 * share:.{places}f} %" if math.isfinite(share) else "-"


def span(estimate: Estimate, scale: float = 1.0, *, sign: bool = True) -> str:
    """Return `mean (low to high)` of an estimate times `scale`."""
    values = [scale * value for value in (estimate.mean, estimate.low, estimate.high)]
    places = decimals(*values)
    mean, low, high = ((signed if sign else plain)(value, places) for value in values)
    return mean if low == high else f"{mean} ({low} to {high})"


def money(amount: float) -> str:
    """Return an amount of 1e8 yuan in words, without its sign."""
    amount = abs(amount)
    if amount >= _BILLION:
        return f"{plain(amount / _BILLION)} billion yuan"
    return f"{plain(100 * amount, 0)} million yuan"


def money_span(estimate: Estimate) -> str:
    """Return `12 (3 to 20) billion yuan` of an estimate in 1e8 yuan."""
    largest = max(abs(estimate.mean), abs(estimate.low), abs(estimate.high))
    scale, unit = (1 / _BILLION, "billion") if largest >= _BILLION else (100.0, "million")
    return f"{span(estimate, scale, sign=False)} {unit} yuan"


def interval_name(coverage: float, replicates: int) -> str:
    """Return what an interval is, with the coverage to be expected where replicates are few."""
    if replicates >= FEWEST_FOR_95:
        return "95 % interval"
    return f"range of {replicates} replicate{'s' if replicates != 1 else ''}, expected to cover {percent(coverage)}"


def listed(words: list[str], last: str = "and") -> str:
    """Return words as a list in a sentence."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def first(words: list[str], count: int = 4) -> list[str]:
    """Return the first words, and how many more there are."""
    return words if len(words) <= count else [*words[:count], f"{len(words) - count} more"]
