"""How what policies add makes up what they do together: a waterfall of shares, or of each alone and what combining adds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from relocsim.briefing.beside import Synergy
from relocsim.briefing.blocks import Chart, Mark, Steps
from relocsim.briefing.facts import Facts
from relocsim.briefing.rules import POINTS, Sign, interval_of, sign_of, signed_cell, title_of
from relocsim.language import Words
from relocsim.metrics.effects import Estimate
from relocsim.report.effects import estimate_of, sign_is_clear

Step: TypeAlias = tuple[str, Estimate]


def adding_up(words: Words, facts: Facts, synergy: Synergy | None) -> Chart | None:
    """Return the waterfall to all policies together; none where there is nothing to add up."""
    if synergy is not None:
        return _of_shares(words, facts, synergy)
    table, main = facts.stored.table("combined"), facts.main
    if table is None or main is None:
        return None
    held = table[table["quantity"] == "capture_rate"].set_index("part")
    combining = estimate_of(held.loc["synergy"])
    added = [one for one in facts.policies if one.kind != "together" and not one.in_baseline]
    steps = [(title_of(words, one), one.rate) for one in added] + [(words("what comes of combining"), combining)]
    note = words(
        "Each policy by itself, then what all together do beyond that sum. Mean of n = {n} paired replicates; lines: "
        "{interval}. Grey: the interval touches or crosses zero.",
        n=facts.replicates, interval=interval_of(words, main.rate),
    )  # fmt: skip
    return _chart(words, facts, combining_title(words, combining), steps, main.rate, note, "combined")


def combining_title(words: Words, combining: Estimate) -> str:
    """Return whether policies do more together than the sum of each alone."""
    points = {"points": words.span(combining, POINTS), "count": combining.replicates}
    match sign_of(combining):
        case Sign.MORE:
            return words("Together policies do more than the sum of each alone: {points} percentage points", **points)
        case Sign.LESS:
            return words("Together policies do less than the sum of each alone: {points} percentage points", **points)
        case Sign.NONE:
            return words("Together policies do what they do alone, summed, in all {count} replicates", **points)
    return words("Whether policies do more together than the sum of each alone cannot be told")


def _of_shares(words: Words, facts: Facts, synergy: Synergy) -> Chart:
    """Return the waterfall by Shapley share."""
    shares = {str(name): estimate_of(row) for name, row in synergy.shares.iterrows()}
    titles = {one.arm: title_of(words, one) for one in facts.policies}
    ordered = sorted(shares, key=lambda name: (-shares[name].mean, name))
    steps = [(titles.get(name, name), shares[name]) for name in ordered]
    clear = [name for name in ordered if sign_is_clear(shares[name])]
    if not clear:
        title = words("No share of a single policy in what all do together is clear in sign")
    else:
        first = max(clear, key=lambda name: abs(shares[name].mean))
        title = words(
            "The largest clear share in what all do together is that of {policy}: {points} percentage points",
            policy=titles.get(first, first), points=words.span(shares[first], POINTS),
        )  # fmt: skip
    note = words(
        "Shapley shares: what a policy adds, mean over all orders in which policies may come. n = {n} paired replicates; "
        "lines: {interval}. Grey: the interval touches or crosses zero.",
        n=synergy.whole.replicates, interval=interval_of(words, synergy.whole),
    )  # fmt: skip
    if synergy.digest != facts.manifest["digest"]:
        note += words(" Played on another version of the scenario (digest {digest}).", digest=synergy.digest[:8])
    return _chart(words, facts, title, steps, synergy.whole, note, "synergy: table")


def _chart(
    words: Words, facts: Facts, title: str, steps: Sequence[Step], whole: Estimate, note: str, source: str
) -> Chart:
    last = (words("All together"), whole)
    shown = Steps(tuple(mark_of(*one) for one in steps), mark_of(*last))
    told = [_told(words, label, rate) for label, rate in (*steps, last)]
    axis = words("change of {city}'s capture rate from the baseline, percentage points", city=facts.city(words))
    alt = words("Steps in percentage points, mean with interval: {figures}.", figures="; ".join(told))
    return Chart(title, shown, axis, alt, note, source)


def mark_of(label: str, rate: Estimate) -> Mark:
    """Return an effect on the capture rate as it is drawn, percentage points."""
    low, mean, high = (POINTS * value for value in (rate.low, rate.mean, rate.high))
    return Mark(label, mean, low, high, sign_is_clear(rate))


def _told(words: Words, label: str, rate: Estimate) -> str:
    return words("{policy} {figure}", policy=label, figure=signed_cell(words, rate, POINTS))
