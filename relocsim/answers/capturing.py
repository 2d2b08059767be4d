"""Capture and contested capture by stage, sector, origin and size, of a city or a group of places.

Contested capture is among the firms that knew of the city (or of a member of the group) in the quarter in which they chose.
The level stands over the capacity at risk in the origins at the start, the same in all arms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd

from relocsim.answers.arms import places_named
from relocsim.answers.witness import Witness
from relocsim.batch.arms import Arm, plan_arms
from relocsim.batch.playing import realised
from relocsim.batch.reached import outside, studied
from relocsim.batch.workers import over_replicates
from relocsim.metrics.capture import MEASURES, tally
from relocsim.metrics.effects import estimates, replicates_needed
from relocsim.metrics.funnel import share_in_place
from relocsim.model import Foundation, lay_foundation
from relocsim.observe import in_place_shares
from relocsim.spec import Spec
from relocsim.world.levers import CLASSES
from relocsim.world.projects import INTENTION, STAGES

IN_PLACE = "money in place"
COUNTED = (*STAGES, IN_PLACE)
"""Stages that are told; money in place weighs each project by the share of its investment that came."""
QUANTITIES = ("amount", "capture_rate", "contested_rate", "of_at_risk")
"""Real firms, 1e8 yuan or jobs; then shares."""


@dataclass(frozen=True)
class Captures:
    """Capture of a city or group in every arm, over replicates."""

    spec: Spec
    members: tuple[str, ...]
    arms: tuple[Arm, ...]
    values: np.ndarray
    """(R, A, quantities, K), K as in `index`."""

    @cached_property
    def index(self) -> pd.DataFrame:
        """One row for each of K: stage, measure, what it is by (`all`, `sector`, `origin`, `firm_class`) and of which."""
        return index_of(self.spec)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row an arm, stage, measure, category and quantity, with interval."""
        rows = [self._rows(arm.name, self.values[:, a]) for a, arm in enumerate(self.arms)]
        return pd.concat(rows, ignore_index=True)

    @cached_property
    def effects(self) -> pd.DataFrame:
        """The same for the paired effect of each arm on the scenario as written.

        `replicates_needed` are those that bring the simulation error (95 %) to a tenth of the mean effect.
        """
        pairs = [(arm, arm.sign * (self.values[:, a] - self.values[:, 0])) for a, arm in enumerate(self.arms) if a]
        rows = [self._rows(arm.name, change).assign(replicates_needed=_needed(change)) for arm, change in pairs]
        return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()

    def _rows(self, arm: str, values: np.ndarray) -> pd.DataFrame:
        parts = []
        for at, quantity in enumerate(QUANTITIES):
            found = pd.DataFrame(estimates(values[:, at]))
            parts.append(pd.concat([self.index.assign(arm=arm, quantity=quantity), found], axis=1))
        return pd.concat(parts, ignore_index=True)


def _needed(change: np.ndarray) -> list[int | None]:
    """Return the replicates needed for each quantity and row, in the order of `Captures._rows`."""
    flat = change.reshape(len(change), -1).T
    return [
        replicates_needed(one, abs(float(np.nanmean(one))) / 10) if np.isfinite(one).any() else None for one in flat
    ]


def categories(spec: Spec) -> list[tuple[str, str]]:
    """Return what capture is told by, and of which: all, each sector, each studied origin, each class of firms."""
    origins = sorted(name for name, place in spec.world.places.items() if place.origin and not place.entrants_only)
    named = {"sector": sorted(spec.world.sectors), "origin": origins, "firm_class": list(CLASSES)}
    return [("all", "all"), *((by, one) for by, names in named.items() for one in names)]


def index_of(spec: Spec) -> pd.DataFrame:
    """Return the rows of K in order."""
    rows = [(stage, measure, by, one) for stage in COUNTED for measure in MEASURES for by, one in categories(spec)]
    return pd.DataFrame(rows, columns=["stage", "measure", "by", "of"])


def captures(  # noqa: PLR0913 - the options of the command
    spec: Spec, *, members: Sequence[str] = (), with_: Sequence[str] = (), without: Sequence[str] = (),
    packages: Sequence[str] = (), replicates: int = 20, jobs: int = 1, executor: Executor | None = None,
    tick: Callable[[], None] | None = None,
) -> Captures:  # fmt: skip
    """Play the arms of a comparison, paired, and return the capture of the city, or of a group of places (`members`)."""
    group = places_named(spec, members, "--place") or (spec.scenario.study.city,)
    arms = plan_arms(spec, with_=with_, without=without, packages=packages)
    one = partial(_replicate, spec, tuple(arm.on for arm in arms), group)
    found = over_replicates(one, replicates, jobs=jobs, executor=executor, tick=tick)
    return Captures(spec, group, tuple(arms), np.array(found))


def _replicate(spec: Spec, sets: Sequence[frozenset[str]], group: Sequence[str], replicate: int) -> list[np.ndarray]:
    drawn = realised(spec, replicate)
    foundation = lay_foundation(drawn, replicate=replicate)
    places = foundation.setting.places
    rows = np.array([places.row(name) for name in group])
    base = at_risk_by(foundation)
    found = []
    for on in sets:
        model = Witness(drawn, foundation=foundation, on=on)
        knew = play_asking(model, rows)
        found.append(capture_of(model, knew, rows, base))
    return found


def play_asking(model: Witness, places: np.ndarray) -> np.ndarray:
    """Play to the end and return which projects are of firms that knew one of some places when they chose, (n,) bool."""
    parts = []
    while not model.finished:
        before = len(model.projects)
        model.step()
        firm = model.projects.firm[before:]
        parts.append(np.any([model.knew(firm, place) for place in places], axis=0))
    return np.concatenate(parts)


def at_risk_by(foundation: Foundation) -> np.ndarray:
    """Return the capacity at risk in the studied origins at the start, by measure and category, (M, C)."""
    population, setting = foundation.population, foundation.setting
    stock = np.flatnonzero(population.stock)
    weight, sector = population.weight[stock], population.sector[stock]
    output = weight * population.output[stock]
    amounts = weight, output * setting.sectors.capital_ratio[sector], output * setting.sectors.workers[sector]
    codes = sector, population.origin[stock], population.kind[stock]
    return np.stack(
        [_by_category(foundation, amount, codes, np.zeros(len(stock), np.intp), 1)[:, 0] for amount in amounts]
    )


def _by_category(
    foundation: Foundation, amount: np.ndarray, codes: tuple[np.ndarray, ...], place: np.ndarray, places: int
) -> np.ndarray:
    """Return amounts by category and place, (C, P); `codes` are sector, origin, class."""
    setting = foundation.setting
    sectors, origins, classes = (
        tally(amount, (size, places), code, place)
        for code, size in zip(codes, (setting.shape[1], setting.shape[0], setting.shape[2]), strict=True)
    )
    return np.concatenate([sectors.sum(axis=0)[None], sectors, origins[setting.places.studied], classes])


def capture_of(model: Witness, knew: np.ndarray, group: np.ndarray, at_risk: np.ndarray) -> np.ndarray:
    """Return the quantities of a group in a finished model, (quantities, K)."""
    projects, away = model.projects, outside(model)
    rows = np.flatnonzero(studied(model) & away[projects.place] & (projects.dates[INTENTION] >= 0))
    place, places = projects.place[rows], len(away)
    codes = projects.sector[rows], projects.origin[rows], projects.firm_class[rows]
    amounts = projects.firms[rows], projects.invested(rows), projects.jobs[rows]
    reached = projects.dates[:, rows]
    weights = [*(reached >= 0), share_in_place(reached, in_place_shares(model.setting.parameters))]
    aware = knew[rows] | np.isin(place, group)
    found = []
    for weight in weights:
        for m, amount in enumerate(amounts):
            every, contested = (
                _by_category(model.foundation, amount * weight * some, codes, place, places)
                for some in (np.ones(len(rows)), aware)
            )
            took = every[:, group].sum(axis=1)
            found.append((took, _share(took, every), _share(took, contested), took / np.maximum(at_risk[m], _TINY)))
    return np.concatenate(found, axis=1)


_TINY = float(np.finfo(float).tiny)


def _share(took: np.ndarray, every: np.ndarray) -> np.ndarray:
    total = every.sum(axis=1)
    return np.divide(took, total, out=np.full(len(total), np.nan), where=total > 0)
