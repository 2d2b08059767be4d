"""Findings in words, made from the numbers. An interval that crosses zero is never called an effect."""

from __future__ import annotations

from relocsim.batch.comparing import Comparison
from relocsim.language import ENGLISH, FEWEST_FOR_95, Words, message
from relocsim.metrics.effects import Estimate
from relocsim.report.effects import Effect, estimate_of, sign_is_clear
from relocsim.spec import Spec

POINTS = 100.0
"""Percentage points in a share of one."""
_MOVES = {
    "raises": message("{subject} raises {city}'s capture rate by {points} percentage points ({interval})."),
    "lowers": message("{subject} lowers {city}'s capture rate by {points} percentage points ({interval})."),
    "seems to raise": message(
        "{subject} seems to raise {city}'s capture rate by {points} percentage points ({interval})."
    ),
    "seems to lower": message(
        "{subject} seems to lower {city}'s capture rate by {points} percentage points ({interval})."
    ),
}


def effect_sentence(effect: Effect, city: str, words: Words = ENGLISH) -> str:
    """Return what a comparison says of one policy (its title is in the language of `effects_of`)."""
    parts = [_rate_clause(effect, city, words)]
    if effect.clear:
        parts += [_level_clause(effect, words), _but_for_clause(effect, words)]
    parts.append(_treasury_clause(effect, city, words))
    return sentences(parts, words)


def sentences(parts: list[str], words: Words = ENGLISH) -> str:
    """Return whole sentences one after the other, empty ones left out."""
    return ("" if words.wide else " ").join(part for part in parts if part)


def verdict(effect: Effect) -> str:
    """Return in a word what may be said of the sign: raises, lowers, no change, not clear (weaker with few replicates)."""
    if effect.inert:
        return "no change"
    if not effect.clear:
        return "not clear"
    word = "raises" if effect.rate.mean > 0 else "lowers"
    return word if effect.rate.replicates >= FEWEST_FOR_95 else f"seems to {word[:-1]}"


def _rate_clause(effect: Effect, city: str, words: Words) -> str:
    rate, said = effect.rate, verdict(effect)
    subject = effect.title
    if effect.in_baseline:
        subject = words("{policy} (in force in the baseline)", policy=effect.title)
    if said == "no change":
        text = message("{subject}: in none of {count} replicates does it change {city}'s capture rate.")
        return words(text, subject=subject, count=rate.replicates, city=city)
    interval = words.interval_name(rate.coverage, rate.replicates)
    if said == "not clear":
        low, high = words.ends(rate, POINTS)
        return words(
            "{subject}: whether it changes {city}'s capture rate cannot be told; it lies between {low} and {high} "
            "percentage points ({interval}), above zero in {positive} of {count} replicates.",
            subject=subject, city=city, low=low, high=high, interval=interval, positive=rate.positive, count=rate.replicates,
        )  # fmt: skip
    points = words.span(absolute(rate), POINTS, sign=False)
    return words(_MOVES[said], subject=subject, city=city, points=points, interval=interval)


def _level_clause(effect: Effect, words: Words) -> str:
    """Return the effect in yuan and jobs, each named only as far as its own interval allows."""
    yuan, jobs = effect.investment, effect.jobs
    return words(
        "In investment that is {investment}, in jobs {jobs}.",
        investment=_amount(yuan, words.money_span(absolute(yuan)), words),
        jobs=_amount(jobs, words.span(absolute(jobs), sign=False), words),
    )


def _amount(estimate: Estimate, amount: str, words: Words) -> str:
    if not sign_is_clear(estimate):
        return words("not clear in sign")
    return words("{amount} more", amount=amount) if estimate.mean > 0 else words("{amount} less", amount=amount)


def absolute(estimate: Estimate) -> Estimate:
    """Return an estimate with its sign taken off, where all of it lies below zero."""
    if estimate.high >= 0:
        return estimate
    return Estimate(
        -estimate.mean, -estimate.high, -estimate.low, estimate.coverage, estimate.simulation_error,
        estimate.replicates, estimate.replicates - estimate.positive,
    )  # fmt: skip


def _but_for_clause(effect: Effect, words: Words) -> str:
    share = effect.but_for
    if not (sign_is_clear(share) and share.mean > 0):
        return ""
    text = message("{share} % of the investment that comes would not have come otherwise.")
    return words(text, share=words.span(share, 100.0, sign=False))


def _treasury_clause(effect: Effect, city: str, words: Words) -> str:
    money = effect.treasury
    if money.low == money.high == 0.0:
        return ""
    if not sign_is_clear(money):
        return words("Whether it pays for {city}'s treasury within the period cannot be told.", city=city)
    amount = words.money_span(absolute(money))
    if money.mean > 0:
        return words("{city}'s treasury ends {amount} better off.", city=city, amount=amount)
    return words("{city}'s treasury ends {amount} worse off.", city=city, amount=amount)


def baseline_sentence(comparison: Comparison, city: str, words: Words = ENGLISH) -> str:
    """Return the baseline's capture rate of the city under study in words."""
    rate = city_rate(comparison)
    scenario = comparison.spec.scenario
    return words(
        "In the baseline {city} captures {share} % of the investment that leaves the studied origins from {start} to {end} "
        "({interval}).",
        city=city, share=words.span(rate, 100.0, sign=False), start=words.quarter(scenario.start),
        end=words.quarter(scenario.end), interval=words.interval_name(rate.coverage, rate.replicates),
    )  # fmt: skip


def city_rate(comparison: Comparison, arm: str | None = None) -> Estimate:
    """Return the capture rate of the city under study, by investment, in one arm (the baseline)."""
    table, study = comparison.capture, comparison.spec.scenario.study.city
    rows = table[
        (table["arm"] == (arm or comparison.arms[0].name)) & (table["place"] == study)
        & (table["measure"] == "investment") & (table["quantity"] == "capture_rate")
    ]  # fmt: skip
    return estimate_of(rows.iloc[0])


def assumed_sentence(spec: Spec, words: Words = ENGLISH) -> str:
    """Return how much of the inputs is assumed, in words."""
    register = spec.register
    return words(
        "{share} of the {count} inputs are assumed; {ranged} have a range and are drawn anew in every replicate.",
        share=words.percent(register.assumed_share()), count=words.plain(len(register), 0),
        ranged=words.plain(len(register.ranged()), 0),
    )  # fmt: skip


def replicates_sentence(comparison: Comparison, words: Words = ENGLISH) -> str:
    """Return what the intervals are and what they leave out."""
    count = comparison.replicates
    if count >= FEWEST_FOR_95:
        return words(
            "Intervals cover 95 % of replicates ({count}): what is not known about the inputs, and luck. The simulation "
            "error is what more replicates would shrink.",
            count=count,
        )
    return words.plural(
        "With {n} replicate an interval is their whole range, expected to cover a further one with {coverage}; {fewest} or "
        "more give 95 %.",
        "With {n} replicates an interval is their whole range, expected to cover a further one with {coverage}; {fewest} or "
        "more give 95 %.",
        n=count, coverage=words.percent((count - 1) / (count + 1)), fewest=FEWEST_FOR_95,
    )  # fmt: skip
