"""Findings in words, made from the numbers. An interval that crosses zero is never called an effect."""

from __future__ import annotations

from relocsim.batch.comparing import Comparison
from relocsim.metrics.effects import Estimate
from relocsim.report.effects import Effect, sign_is_clear
from relocsim.report.wording import FEWEST_FOR_95, ends, interval_name, money_span, percent, plain, span
from relocsim.spec import Spec

POINTS = 100.0
"""Percentage points in a share of one."""


def effect_sentence(effect: Effect, city: str) -> str:
    """Return what a comparison says of one policy."""
    parts = [_rate_clause(effect, city)]
    if effect.clear:
        parts += [_level_clause(effect), _but_for_clause(effect)]
    parts.append(_treasury_clause(effect, city))
    return " ".join(part for part in parts if part)


def verdict(effect: Effect) -> str:
    """Return in a word what may be said of the sign: raises, lowers, no change, not clear (weaker with few replicates)."""
    if effect.inert:
        return "no change"
    if not effect.clear:
        return "not clear"
    word = "raises" if effect.rate.mean > 0 else "lowers"
    return word if effect.rate.replicates >= FEWEST_FOR_95 else f"seems to {word[:-1]}"


def _rate_clause(effect: Effect, city: str) -> str:
    rate = effect.rate
    said = verdict(effect)
    subject = f"{effect.title}{' (in force in the baseline)' if effect.in_baseline else ''}"
    if said == "no change":
        return f"{subject}: in none of {rate.replicates} replicates does it change {city}'s capture rate."
    interval = interval_name(rate.coverage, rate.replicates)
    if said == "not clear":
        low, high = ends(rate, POINTS)
        return (
            f"{subject}: whether it changes {city}'s capture rate cannot be told; it lies between {low} and {high} "
            f"percentage points ({interval}), above zero in {rate.positive} of {rate.replicates} replicates."
        )
    points = span(_absolute(rate), POINTS, sign=False)
    return f"{subject} {said} {city}'s capture rate by {points} percentage points ({interval})."


def _level_clause(effect: Effect) -> str:
    """Return the effect in yuan and jobs, each named only as far as its own interval allows."""
    yuan, jobs = effect.investment, effect.jobs
    text = f"In investment that is {_amount(yuan, money_span(_absolute(yuan)))}"
    return f"{text}, in jobs {_amount(jobs, span(_absolute(jobs), sign=False))}."


def _amount(estimate: Estimate, words: str) -> str:
    if not sign_is_clear(estimate):
        return "not clear in sign"
    return f"{words} {'more' if estimate.mean > 0 else 'less'}"


def _absolute(estimate: Estimate) -> Estimate:
    """Return an estimate with its sign taken off, where all of it lies below zero."""
    if estimate.high >= 0:
        return estimate
    return Estimate(
        -estimate.mean, -estimate.high, -estimate.low, estimate.coverage, estimate.simulation_error,
        estimate.replicates, estimate.positive,
    )  # fmt: skip


def _but_for_clause(effect: Effect) -> str:
    share = effect.but_for
    if not (sign_is_clear(share) and share.mean > 0):
        return ""
    return f"{span(share, 100.0, sign=False)} % of the investment that comes would not have come otherwise."


def _treasury_clause(effect: Effect, city: str) -> str:
    money = effect.treasury
    if money.low == money.high == 0.0:
        return ""
    if not sign_is_clear(money):
        return f"Whether it pays for {city}'s treasury within the period cannot be told."
    change = "better" if money.mean > 0 else "worse"
    return f"{city}'s treasury ends {money_span(_absolute(money))} {change} off."


def baseline_sentence(comparison: Comparison, city: str) -> str:
    """Return the baseline's capture rate of the city under study in words."""
    rate = city_rate(comparison)
    scenario = comparison.spec.scenario
    interval = interval_name(rate.coverage, rate.replicates)
    return (
        f"In the baseline {city} captures {span(rate, 100.0, sign=False)} % of the investment that leaves the studied "
        f"origins from {scenario.start} to {scenario.end} ({interval})."
    )


def city_rate(comparison: Comparison, arm: str | None = None) -> Estimate:
    """Return the capture rate of the city under study, by investment, in one arm (the baseline)."""
    table, study = comparison.capture, comparison.spec.scenario.study.city
    rows = table[
        (table["arm"] == (arm or comparison.arms[0].name)) & (table["place"] == study)
        & (table["measure"] == "investment") & (table["quantity"] == "capture_rate")
    ]  # fmt: skip
    row = rows.iloc[0]
    return Estimate(**{name: row[name] for name in Estimate.__dataclass_fields__})


def assumed_sentence(spec: Spec) -> str:
    """Return how much of the inputs is assumed, in words."""
    register = spec.register
    share, ranged = register.assumed_share(), len(register.ranged())
    return (
        f"{percent(share)} of the {plain(len(register), 0)} inputs are assumed; {plain(ranged, 0)} have a range and are "
        "drawn anew in every replicate."
    )


def replicates_sentence(comparison: Comparison) -> str:
    """Return what the intervals are and what they leave out."""
    count = comparison.replicates
    if count >= FEWEST_FOR_95:
        return (
            f"Intervals cover 95 % of replicates ({count}): what is not known about the inputs, and luck. The simulation "
            "error is what more replicates would shrink."
        )
    coverage = percent((count - 1) / (count + 1))
    return (
        f"With {count} replicate{'s' if count != 1 else ''} an interval is their whole range, expected to cover a further "
        f"one with {coverage}; {FEWEST_FOR_95} or more give 95 %."
    )
