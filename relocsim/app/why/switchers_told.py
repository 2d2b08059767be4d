"""Switchers in words: sums, from whom and to whom, what tipped them; the figures of the tables of `relocsim switchers`."""

from __future__ import annotations

from typing import Any

import pandas as pd

from relocsim.answers.switching import Switchers
from relocsim.answers.switching_rows import DELIVERY, GONE, KNOWLEDGE, LEADER, NEW, OTHERWISE, ROOM, TIMING
from relocsim.language import Words, message
from relocsim.report.charts.comparison import names_of
from relocsim.report.effects import estimate_of
from relocsim.report.tables import records
from relocsim.report.terms import short, term

_SHOWN = 12
"""Places and causes shown."""
CAUSE_WORDS = {
    LEADER: message("it followed a leading firm"),
    DELIVERY: message("it intended to come anyway, and its project fell away, came later or was smaller"),
    TIMING: message("without it was not under review then"),
    KNOWLEDGE: message("without it did not know of the city"),
    ROOM: message("without the city had no room for it"),
    "own industry": message("its own industry there"),
    "size": message("the size of the city"),
    OTHERWISE: message("none of these"),
}
"""Causes of switching in words; the others are components of cost."""
_SUMS = {
    "gained": message("gained"),
    "lost": message("lost"),
    "effect": message("effect (gained less lost)"),
    "incentives paid": message("incentives paid"),
    "windfall": message("of these, to firms that would have come anyway"),
}


def sum_rows(found: Switchers, words: Words) -> list[list[str]]:
    """Return the sums in words."""
    units = {"real firms": words("firms"), "1e8 yuan": words("1e8 yuan"), "persons": words("jobs")}
    return [
        [words(_SUMS[name]), units[row["unit"]], words.span(estimate_of(row))]
        for row in records(found.sums)
        if (name := row["quantity"]) in _SUMS
    ]


def _largest(table: pd.DataFrame) -> list[dict[str, Any]]:
    held = table[(table["measure"] == "investment") & (table["mean"] > 0)]
    return records(held.sort_values("mean", ascending=False, kind="stable").head(_SHOWN))


def source_rows(found: Switchers, words: Words) -> list[list[str]]:
    """Return what was gained from whom and lost to whom in words, largest first."""
    names = {name: short(said) for name, said in names_of(found.spec, words).items()}
    names |= {NEW: words("newly mobile"), GONE: words("no longer mobile")}
    changes = {"gained": words("gained"), "lost": words("lost")}
    return [
        [changes[row["change"]], names.get(row["source"], row["source"]), words.span(estimate_of(row), sign=False)]
        for change in ("gained", "lost")
        for row in _largest(found.by_source[found.by_source["change"] == change])
    ]


def cause_rows(found: Switchers, words: Words) -> list[list[str]]:
    """Return what tipped the firms that were gained in words, largest first."""
    rows = []
    for row in _largest(found.by_cause):
        cause = row["cause"]
        said = words(CAUSE_WORDS[cause]) if cause in CAUSE_WORDS else words("{part} there", part=term(cause, words))
        rows.append([said, words.span(estimate_of(row), sign=False)])
    return rows
