"""Targets in words: what a what-if does to the chance of meeting one, and what would raise it. Pure: texts from numbers."""

from __future__ import annotations

import numpy as np

from relocsim.answers.targets_met import AS_WRITTEN, Chances
from relocsim.app.charts.chances import chance_words
from relocsim.language import Words
from relocsim.metrics.chances import chance_interval, paired_shift, shift_sign
from relocsim.metrics.effects import Estimate
from relocsim.report.effects import title_of
from relocsim.report.tables import records
from relocsim.spec import Spec


def chance_said(met: np.ndarray, words: Words) -> str:
    """Return the chance of a target that is met in some of the replicates, (R,), with its exact interval."""
    low, high = chance_interval(int(met.sum()), len(met))
    return chance_words({"chance": float(met.mean()), "chance_low": low, "chance_high": high}, words)


def shift_sentence(met: np.ndarray, name: str, words: Words) -> str:
    """Return the chance in the baseline and with a what-if, (R, 2), and whether the one differs from the other."""
    one, two = (chance_said(met[:, at], words) for at in (0, 1))
    told = {"one": one, "two": two, "name": name}
    text = words("The target is met with a chance of {one} in the baseline and {two} with {name}.", **told)
    return ("" if words.wide else " ").join((text, _shift(met[:, 0], met[:, 1], words)))


def _shift(before: np.ndarray, after: np.ndarray, words: Words) -> str:
    gained, lost = paired_shift(before, after)
    if not gained + lost:
        return words("It makes no difference in any of the {count} paired replicates.", count=len(before))
    told = words(
        "of {count} paired replicates {gained} meet it only with, {lost} only without",
        gained=gained, lost=lost, count=len(before),
    )  # fmt: skip
    sign = shift_sign(gained, lost)
    if sign > 0:
        return words("The chance is raised: {told}.", told=told)
    if sign < 0:
        return words("The chance is lowered: {told}.", told=told)
    return words("Whether the chance changes cannot be told: {told}.", told=told)


def change_name(name: str, spec: Spec, words: Words) -> str:
    """Return what a change is called: a policy at a size, a package, all together, or none."""
    if name == AS_WRITTEN:
        return words("the what-if as it is")
    if name == "all together":
        return words("all of these together")
    policy, _, size = name.partition(" x")
    title = title_of(spec, policy, words)
    return words("{name}, {size} times its size", name=title, size=size) if size else title


def cheapest_sentence(found: Chances, words: Words) -> str:
    """Return what is the cheapest change that makes the target likely enough, or that raises its chance at all."""
    level = words.percent(found.level)
    if found.cheapest == AS_WRITTEN:
        return words("The what-if reaches {level} as it is.", level=level)
    if found.cheapest is not None:
        name = change_name(found.cheapest, found.spec, words)
        return words("Cheapest of those that reach {level}: {name}.", level=level, name=name)
    if found.raising:
        name = change_name(found.raising[0], found.spec, words)
        return words("None reaches {level}; cheapest of those that raise the chance: {name}.", level=level, name=name)
    return words("None reaches {level}, and of none can it be told that it raises the chance.", level=level)


def change_rows(found: Chances, scale: float, words: Words) -> list[list[str]]:
    """Return one row a change in words: chance, whether it is raised, yardstick, cost."""
    met, rows = found.values >= found.target.value, []
    signs = {1: words("raised"), -1: words("lowered"), 0: words("cannot be told")}
    for at, row in enumerate(records(found.table)):
        figure = Estimate(**{name: row[name] for name in Estimate.__dataclass_fields__})
        gained, lost = paired_shift(met[:, 0], met[:, at])
        verdict = signs[shift_sign(gained, lost)]
        shift = words("{verdict} ({gained} gained, {lost} lost)", verdict=verdict, gained=gained, lost=lost)
        if not gained + lost:
            shift = words("no change")
        rows.append([
            change_name(row["change"], found.spec, words), chance_words(row, words), "-" if at == 0 else shift,
            words.span(figure, scale, sign=False), "-" if at == 0 else words.signed(row["cost"]),
        ])  # fmt: skip
    return rows
