"""What the page says of an answer: by the same rules as the terminal and the briefing. Pure: texts from numbers.

An interval that touches or crosses zero is never an effect; with few replicates an effect only seems to be one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from relocsim.batch.comparing import Comparison
from relocsim.language import FEWEST_FOR_95, Words, message
from relocsim.metrics.effects import Estimate
from relocsim.report.effects import Effect, effects_of, sign_is_clear
from relocsim.report.sentences import POINTS, effect_sentence

_UNITS = {
    "points": message("{span} percentage points"),
    "jobs": message("{span} jobs"),
    "yuan": message("{span} yuan"),
}


@dataclass(frozen=True)
class Figure:
    """One figure with what may be said of it."""

    label: str
    value: str
    """Mean and interval; or that its sign cannot be told, with the interval."""
    note: str
    clear: bool
    """Whether the sign can be told."""


def effect_of(comparison: Comparison, name: str, words: Words) -> Effect:
    """Return the effect of a what-if, under its name."""
    return replace(effects_of(comparison, words)[0], title=name, in_baseline=False)


def finding(comparison: Comparison, name: str, words: Words) -> str:
    """Return in sentences what the what-if does."""
    return effect_sentence(effect_of(comparison, name, words), city_of(comparison, words), words)


def city_of(comparison: Comparison, words: Words) -> str:
    """Return the name of the city under study."""
    spec = comparison.spec
    return words.name(spec.world.places[spec.scenario.study.city])


def figures(comparison: Comparison, costs: Mapping[str, Estimate], words: Words) -> list[Figure]:
    """Return the figures of a what-if; `costs` holds what it costs and costs per but-for job, where that is known."""
    effect = effect_of(comparison, "", words)
    found = [
        _signed(words("Capture rate"), effect.rate, "points", words),
        _signed(words("Investment"), effect.investment, "money", words),
        _signed(words("Jobs"), effect.jobs, "jobs", words),
        _but_for(effect.but_for, words),
        _signed(words("Treasury"), effect.treasury, "money", words),
    ]
    if "cost" in costs:
        found.append(_plain(words("Public cost"), costs["cost"], "money", words))
        found.append(_per_job(costs.get("cost per but-for job"), words))
    return found


def _signed(label: str, estimate: Estimate, unit: str, words: Words) -> Figure:
    """Return a figure whose sign matters."""
    if estimate.replicates and estimate.low == estimate.high == 0.0:
        return Figure(label, words("no change"), words("in none of {n} replicates", n=estimate.replicates), clear=False)
    if not sign_is_clear(estimate):
        return Figure(
            label, words("sign not clear: {span}", span=amount(estimate, unit, words)), _note(estimate, words), False
        )
    return Figure(label, amount(estimate, unit, words), _note(estimate, words), clear=True)


def _plain(label: str, estimate: Estimate, unit: str, words: Words) -> Figure:
    return Figure(label, amount(estimate, unit, words), _note(estimate, words), clear=bool(estimate.replicates))


def _but_for(share: Estimate, words: Words) -> Figure:
    label = words("Would not have come otherwise")
    if not (sign_is_clear(share) and share.mean > 0):
        return Figure(label, words("cannot be told"), _note(share, words), clear=False)
    return Figure(
        label,
        words("{share} % of the investment", share=words.span(share, POINTS, sign=False)),
        _note(share, words),
        True,
    )


def _per_job(cost: Estimate | None, words: Words) -> Figure:
    """Return the cost per job that would not have come otherwise; none where such jobs cannot be told from none."""
    label = words("Cost per but-for job")
    if cost is None or not cost.replicates:
        return Figure(
            label,
            words("cannot be told"),
            words("not in every replicate did jobs come that else would not"),
            clear=False,
        )
    return Figure(label, amount(cost, "yuan", words), _note(cost, words), clear=True)


def amount(estimate: Estimate, unit: str, words: Words) -> str:
    """Return mean and interval with unit and signs."""
    if not estimate.replicates:
        return "–"
    if unit == "money":
        return words.money_span(estimate, sign=True)
    text = words.span(estimate, POINTS if unit == "points" else 1.0, sign=unit != "yuan")
    return words(_UNITS[unit], span=text)


def _note(estimate: Estimate, words: Words) -> str:
    return words.interval_name(estimate.coverage, estimate.replicates)


def verdict(effect: Effect, words: Words) -> str:
    """Return in a word or two what may be said of the sign, for tables."""
    return sign_words(effect.rate, words) if not effect.inert else words("no change")


def sign_words(effect: Estimate, words: Words) -> str:
    """Return in a word or two what may be said of a sign; where the interval touches or crosses zero, nothing."""
    if effect.replicates and effect.low == effect.high == 0.0:
        return words("no change")
    if not sign_is_clear(effect):
        return words("cannot be told")
    if effect.replicates < FEWEST_FOR_95:
        return words("seems to raise") if effect.mean > 0 else words("seems to lower")
    return words("raises") if effect.mean > 0 else words("lowers")


def progress(done: int, most: int, words: Words) -> str:
    """Return how far an answer is."""
    return words.plural("{n} of {most} replicate", "{n} of {most} replicates", n=done, most=most)
