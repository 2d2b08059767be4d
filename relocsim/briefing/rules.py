"""What may be said of a figure: the rules that keep sentences from saying more than the numbers.

An interval that touches or crosses zero is never an effect. With fewer replicates than a 95 % interval needs, an effect
only seems to be one; where the interval is wider than the mean, its size is said to be uncertain.
"""

from __future__ import annotations

from enum import Enum

from relocsim.briefing.facts import Policy
from relocsim.language import FEWEST_FOR_95, Words
from relocsim.metrics.effects import Estimate
from relocsim.report.effects import sign_is_clear
from relocsim.report.sentences import POINTS, absolute

NO_BREAK, MINUS = "\u00a0", "\u2212"
_SLIGHT = 5e-6
"""Share below which an effect is zero in the figures that are shown: less than 0.001 percentage points."""


class Sign(Enum):
    """What may be said of the sign of an effect."""

    NONE = "none"
    """It is zero in every replicate."""
    UNCLEAR = "unclear"
    MORE = "more"
    LESS = "less"


def sign_of(estimate: Estimate) -> Sign:
    """Return what may be said of the sign of a figure; a figure without replicates is unclear."""
    if estimate.replicates and estimate.low == estimate.high == 0.0:
        return Sign.NONE
    if not sign_is_clear(estimate):
        return Sign.UNCLEAR
    return Sign.MORE if estimate.mean > 0 else Sign.LESS


def few(estimate: Estimate) -> bool:
    """Whether the interval rests on too few replicates for 95 %."""
    return estimate.replicates < FEWEST_FOR_95


def wide(estimate: Estimate) -> bool:
    """Whether the interval is wider than the mean is large."""
    return estimate.high - estimate.low > abs(estimate.mean)


def interval_of(words: Words, estimate: Estimate) -> str:
    """Return what the interval of a figure is."""
    return words.interval_name(estimate.coverage, estimate.replicates)


def title_of(words: Words, policy: Policy) -> str:
    """Return the name of a policy as a label, and at the beginning of a sentence."""
    return policy.titles.get(words.code) or policy.arm


def within(words: Words, policy: Policy) -> str:
    """Return the name of a policy within a sentence."""
    if policy.kind == "together":
        return words("all policies together")
    title = title_of(words, policy)
    if words.wide:
        return words("“{policy}”", policy=title)
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def slight(rate: Estimate) -> bool:
    """Whether an effect on a share is next to nothing in every replicate, and not zero in all."""
    return 0 < max(abs(rate.low), abs(rate.high)) < _SLIGHT


def verdict(words: Words, estimate: Estimate) -> str:
    """Return in a word or two what may be said of an effect on the capture rate, for tables."""
    sign = sign_of(estimate)
    if sign is Sign.NONE:
        return words("no change")
    if slight(estimate):
        return words("next to none")
    if sign is Sign.UNCLEAR:
        return words("cannot be told")
    if few(estimate):
        return words("seems to raise") if sign is Sign.MORE else words("seems to lower")
    return words("raises") if sign is Sign.MORE else words("lowers")


def effect_sentence(words: Words, policy: Policy, city: str) -> str:
    """Return what is said of the effect of a policy on the capture rate: the sign only where the interval allows it."""
    rate = policy.rate
    held = {"policy": title_of(words, policy), "city": city, "interval": interval_of(words, rate)}
    sign = sign_of(rate)
    if sign is Sign.NONE:
        return words(
            "{policy}: in none of {n} replicates does it change {city}'s capture rate.", n=rate.replicates, **held
        )
    if slight(rate):
        return words(
            "{policy}: in none of {n} replicates does it change {city}'s capture rate by 0.001 percentage points or more.",
            n=rate.replicates, **held,
        )  # fmt: skip
    if sign is Sign.UNCLEAR:
        return _unclear(words, rate, held)
    held["points"] = words.span(absolute(rate), POINTS, sign=False)
    if few(rate):
        text = _seems(words, sign, held)
    elif sign is Sign.MORE:
        text = words("{policy}: it raises {city}'s capture rate by {points} percentage points ({interval}).", **held)
    else:
        text = words("{policy}: it lowers {city}'s capture rate by {points} percentage points ({interval}).", **held)
    hedge = words("The interval is wide: the sign is clearer than the size.") if wide(rate) else ""
    return joined(words, text, hedge)


def _unclear(words: Words, rate: Estimate, held: dict[str, str]) -> str:
    if not rate.replicates:
        return words("{policy}: there is no replicate from which an effect could be told.", policy=held["policy"])
    low, high = words.ends(rate, POINTS)
    return words(
        "{policy}: whether it changes {city}'s capture rate cannot be told; the interval runs from {low} to {high} "
        "percentage points ({interval}), above zero in {k} of {n} replicates.",
        low=low, high=high, k=rate.positive, n=rate.replicates, **held,
    )  # fmt: skip


def _seems(words: Words, sign: Sign, held: dict[str, str]) -> str:
    if sign is Sign.MORE:
        return words(
            "{policy}: it seems to raise {city}'s capture rate by {points} percentage points ({interval}).", **held
        )
    return words(
        "{policy}: it seems to lower {city}'s capture rate by {points} percentage points ({interval}).", **held
    )


def joined(words: Words, *parts: str) -> str:
    """Return sentences one after the other; Chinese ones without a space."""
    return ("" if words.wide else " ").join(part for part in parts if part)


def signed_cell(words: Words, estimate: Estimate | None, scale: float = 1.0) -> str:
    """Return a figure with its interval and signs for a table; a dash where there is none."""
    if estimate is None or not estimate.replicates:
        return "–"
    return _unbroken(words.span(estimate, scale))


def plain_cell(words: Words, estimate: Estimate | None, scale: float = 1.0) -> str:
    """Return a figure with its interval for a table; a dash where there is none."""
    if estimate is None or not estimate.replicates:
        return "–"
    return _unbroken(words.span(estimate, scale, sign=False))


def _unbroken(text: str) -> str:
    """Return a figure that breaks before its interval, and not within, and takes little room: with narrow brackets."""
    for wide, narrow in (("（", " ("), ("）", ")"), ("-", MINUS), (" ", NO_BREAK), (f"{NO_BREAK}(", " (")):
        text = text.replace(wide, narrow)
    return text
