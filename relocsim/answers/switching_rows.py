"""Rows of the table of switchers: what each firm changed between two arms played side by side, and why.

Cause of a firm that was gained, the first that holds:

- `leader`: it followed a leader.
- `delivery`: it intended to come without the policies too, but its project fell away, came later or was smaller.
- `timing`: without them it was not under review in the quarter in which it first chose the city.
- `knowledge`: without them it did not know of the city.
- `room`: without them the city was its first choice and refused it, or had no room.
- a component of cost, `own industry` or `size`: the term of the choice that the policies improved most in the city, beyond
  what they improved in the place given up (the origin for those newly mobile).
- `otherwise`: none of these.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from relocsim.answers.witness import CAUSES, Witness
from relocsim.batch.reached import outside, reached
from relocsim.metrics.switching import gained_from, lost_to, tipped_by
from relocsim.model import RelocationModel
from relocsim.world.levers import CLASSES
from relocsim.world.projects import INTENTION, STAGES

NEW, GONE = "newly mobile", "no longer mobile"
_DUST = 1e-9
"""Amounts below which rounding speaks."""
MEASURES = ("firms", "investment", "jobs")
"""Real firms, 1e8 yuan, persons."""
TIMING, KNOWLEDGE, ROOM, LEADER, DELIVERY, OTHERWISE = (
    "timing", "knowledge", "room", "leader", "delivery", "otherwise",
)  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """Firms that chose the city with the policies, the first time of each, and what they found in both arms."""

    firm: np.ndarray
    """Rows of the population, sorted, (n,)."""
    quarter: np.ndarray
    """Quarter of the choice, (n,)."""
    reason: np.ndarray
    """What kept it from choosing so without: timing, knowledge or room; empty for nothing, (n,)."""
    lowered: np.ndarray
    """By how much each term was lower with the policies, by place, yuan per 100 yuan of output, (n, K, P)."""


def watch(without: Witness, with_: Witness, city: int) -> Chosen:
    """Play both arms side by side to the end and return the firms that came to choose the city with the policies."""
    seen, parts = np.zeros(0, dtype=np.int64), []
    while not with_.finished:
        without.step()
        with_.step()
        projects, quarter = with_.projects, with_.quarter - 1
        rows = (projects.dates[INTENTION] == quarter) & (projects.place == city) & (projects.firm >= 0)
        firm = np.setdiff1d(projects.firm[rows], seen)
        seen = np.union1d(seen, firm)
        lowered = (without.terms(firm) - with_.terms(firm)).astype(np.float32)
        parts.append((firm, np.full(len(firm), quarter), _reasons(without, firm, city), lowered))
    firm, *rest = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(firm)
    return Chosen(firm[order], *(column[order] for column in rest))


def _reasons(without: Witness, firm: np.ndarray, city: int) -> np.ndarray:
    """Return what kept firms from choosing the city in the arm without, beside what it costs, (n,)."""
    wanted = dict(zip(without.under_review.tolist(), without.first_choice.tolist(), strict=True))
    choice = np.array([wanted.get(one, -2) for one in firm.tolist()], dtype=np.int64)
    return np.select([choice == -2, ~without.knew(firm, city), choice == city], [TIMING, KNOWLEDGE, ROOM], "")


def involved(*models: RelocationModel) -> np.ndarray:
    """Return the firms that placed something outside the origins in any of the arms, sorted."""
    return np.unique(np.concatenate([model.projects.firm[_rows(model)] for model in models]))


def _rows(model: RelocationModel) -> np.ndarray:
    """Return the projects of studied origins that reached the stage under study outside the origins."""
    stage = STAGES.index(model.spec.scenario.study.stage)
    return np.flatnonzero(reached(model, stage) & outside(model)[model.projects.place])


def placed(model: RelocationModel, firms: np.ndarray) -> np.ndarray:
    """Return what firms (sorted) placed outside the origins: real firms, 1e8 yuan, jobs, (M, n, P)."""
    projects, rows, places = model.projects, _rows(model), len(model.setting.places.ids)
    at = np.searchsorted(firms, projects.firm[rows]) * places + projects.place[rows]
    amounts = projects.firms[rows], projects.invested(rows), projects.jobs[rows]
    return np.stack([np.bincount(at, one, len(firms) * places).reshape(len(firms), places) for one in amounts])


def lost_rows(
    model: RelocationModel, firms: np.ndarray, before: np.ndarray, after: np.ndarray, city: int
) -> pd.DataFrame:
    """Return one row a firm and place to which the city lost it; `before` and `after` are (M, n, P)."""
    parts = np.stack([lost_to(one, two, city) for one, two in zip(before, after, strict=True)])
    return _table(model, firms, parts, GONE).assign(change="lost", quarter="", cause="", size=np.nan)


def gained_rows(
    arms: tuple[RelocationModel, RelocationModel],
    chosen: Chosen,
    firms: np.ndarray,
    before: np.ndarray,
    after: np.ndarray,
) -> pd.DataFrame:
    """Return one row a firm and source of what the city gained, with its cause; `arms` are without and with."""
    model, start = arms[1], arms[1].spec.scenario.start
    city = model.setting.places.row(model.spec.scenario.study.city)
    parts = np.stack([gained_from(one, two, city) for one, two in zip(before, after, strict=True)])
    table = _table(model, firms, parts, NEW)
    at = np.searchsorted(chosen.firm, table["firm"])
    cause, size = _causes(arms, chosen, table, at, city)
    quarter = [str(start + int(one)) for one in chosen.quarter[at]]
    return table.assign(change="gained", quarter=quarter, cause=cause, size=size.astype(float))


def _causes(
    arms: tuple[RelocationModel, RelocationModel], chosen: Chosen, table: pd.DataFrame, at: np.ndarray, city: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the cause of each row, and by how much the term that tipped it was improved (nan for other causes)."""
    without, with_ = arms
    places, firm = with_.setting.places, table["firm"].to_numpy()
    home = places.origins[with_.population.origin[firm]]
    source = np.where(table["source_at"] == len(places.ids), home, table["source_at"])
    lowered, rows = chosen.lowered[at], np.arange(len(at))
    term, size = tipped_by(lowered[:, :, city], lowered[rows, :, source])
    intended = without.projects.firm[without.projects.place == city]
    followed = with_.projects.firm[(with_.projects.place == city) & (with_.projects.leader >= 0)]
    terms = np.array([*CAUSES, OTHERWISE])[term]
    reason = chosen.reason[at]
    cause = np.select(
        [np.isin(firm, followed), np.isin(firm, intended), reason != ""], [LEADER, DELIVERY, reason], terms
    )
    return cause, np.where((cause == terms) & (term >= 0), size, np.nan)


def _table(model: RelocationModel, firms: np.ndarray, parts: np.ndarray, last: str) -> pd.DataFrame:
    """Return one row a firm and place with anything to tell; `parts` is (M, n, P + 1), the last column named `last`."""
    ids, population = np.array(model.setting.places.ids), model.population
    row, source = np.nonzero((parts > _DUST).any(axis=0))
    firm = firms[row]
    named = {
        "firm": firm,
        "source_at": source,
        "firm_uid": population.uid[firm],
        "origin": ids[model.setting.places.origins[population.origin[firm]]],
        "sector": np.array(model.setting.sectors.ids)[population.sector[firm]],
        "firm_class": np.array(CLASSES)[population.kind[firm]],
        "source": np.append(ids, last)[source],
    }
    return pd.DataFrame({**named, **{name: parts[m, row, source] for m, name in enumerate(MEASURES)}})
