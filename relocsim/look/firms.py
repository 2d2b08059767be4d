"""One firm's row, as it stands: who it is, what it has, its projects, and what it weighed when it last decided.

From columns, for one firm. Refuses to change the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from relocsim.language import Words, message
from relocsim.look.looked import LookedModel
from relocsim.report.charts.delivery import STAGE_WORDS
from relocsim.report.tables import place_name, records
from relocsim.report.tracing import Review
from relocsim.world.levers import CLASSES, OWNERS
from relocsim.world.projects import KINDS, STAGES

_CLASSES = {
    "small": message("small"),
    "medium": message("medium-sized"),
    "large": message("large"),
    "leader": message("leader"),
}
_OWNERS = {
    "private": message("private"),
    "hong_kong_taiwan": message("Hong Kong or Taiwan"),
    "foreign": message("foreign"),
    "state_owned": message("state-owned"),
}
_KINDS = {
    "branch": message("branch"),
    "move": message("move"),
    "entry": message("new firm"),
    "state": message("state-owned project"),
    "expansion": message("expansion"),
}
_OTHERWISE = {"stay": message("stay"), "go abroad": message("go abroad"), "close": message("close")}
_PLACES = 8
"""Places of a decision that are shown, those worth most to the firm."""


@dataclass(frozen=True)
class Grid:
    """A table for readers."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def firm_grids(model: LookedModel, words: Words) -> list[Grid]:
    """Return the watched firm's row, its projects, and its last decision since it is watched, as tables."""
    found = [_row(model, words), _projects(model, words)]
    if model.watch.reviews:
        found.append(_decision(model, model.watch.reviews[-1], words))
    return found


def next_decider(model: LookedModel) -> int | None:
    """Return the next firm, after the one watched, that took up a project in the last quarter played; None for none."""
    projects = model.projects
    rows = np.unique(projects.firm[(projects.dates[0] == model.quarter - 1) & (projects.firm >= 0)])
    if not len(rows):
        return None
    later = rows[rows > model.watch.row]
    return int(later[0] if len(later) else rows[0])


def _row(model: LookedModel, words: Words) -> Grid:
    row, population, firms, setting = model.watch.row, model.population, model.firms, model.setting
    spec, origin = model.spec, setting.places.ids[setting.places.origins[population.origin[row]]]
    sector = setting.sectors.ids[population.sector[row]]
    start = spec.scenario.start
    rows = [
        (words("number and uid"), f"{row} · {population.uid[row]}"),
        (words("origin"), place_name(spec, origin, words)),
        (words("sector"), words.name(spec.world.sectors[sector])),
        (words("size of firm"), words(_CLASSES[CLASSES[population.kind[row]]])),
        (words("owner"), words(_OWNERS[OWNERS[population.owner[row]]])),
        (words("output of one firm, 1e8 yuan a year"), words.plain(float(population.output[row]))),
        (words("there from"), words.quarter(start + int(population.born[row]))),
        (words("firms that it stands for at the start"), words.plain(float(population.weight[row]))),
        (words("firms that still stand at the origin"), words.plain(float(firms.weight[row]))),
        (words("firms that produce elsewhere"), words.plain(float(firms.moved[row]))),
        (words("branches that produce"), words.plain(float(firms.branches[row]))),
        (words("firms gone abroad"), words.plain(float(firms.abroad[row]))),
        (words("firms closed"), words.plain(float(firms.closed[row]))),
        (words("projects under way"), words.plain(int(firms.open_projects[row]), 0)),
    ]  # fmt: skip
    return Grid(words("Firm {number}", number=row), ("", ""), rows)


def _projects(model: LookedModel, words: Words) -> Grid:
    projects, spec = model.projects, model.spec
    mine = np.flatnonzero(projects.firm == model.watch.row)
    rows = [
        (
            words.quarter(spec.scenario.start + int(projects.dates[0, at])),
            place_name(spec, model.setting.places.ids[projects.place[at]], words),
            words(_KINDS[KINDS[projects.kind[at]]]),
            words(STAGE_WORDS[STAGES[projects.stage[at]]]) if projects.fell[at] < 0 else words("fell away"),
            words.plain(float(projects.firms[at])),
            words.plain(float(projects.investment[at])),
        )
        for at in mine
    ]
    columns = (
        words("intention"), words("place"), words("kind"), words("stage now"), words("firms"), words("investment, 1e8 yuan")
    )  # fmt: skip
    title = words("Its projects") if rows else words("It has no projects so far")
    return Grid(title, columns, rows)


def _decision(model: LookedModel, review: Review, words: Words) -> Grid:
    """Return the places worth most to the firm among those it knew, yuan per 100 of output against doing nothing."""
    table, spec = review.places, model.spec
    known = table[table["known"]].nlargest(_PLACES, "value")
    rows = [
        (
            place_name(spec, row["place"], words),
            words("yes") if row["wanted"] else words("no"),
            *(words.signed(float(row[name]), 2) for name in ("value", "saving", "own_industry", "size", "taste")),
        )
        for row in records(known)
    ]
    title = words(
        "In {quarter} it knew {known} of {count} places; otherwise: {otherwise}",
        quarter=words.quarter(review.quarter), known=int(table["known"].sum()), count=len(table),
        otherwise=words(_OTHERWISE[review.otherwise]),
    )  # fmt: skip
    columns = (
        words("place"), words("wanted"), words("value, yuan per 100"), words("saving"), words("own industry"), words("size"),
        words("taste"),
    )  # fmt: skip
    return Grid(title, columns, rows)
