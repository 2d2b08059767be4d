"""Observables of every arm, paired: passing through and interception along the corridor, clusters, the funnel.

Also path dependence: how much of the gap between two cities goes with the date of a policy, and how much with the city.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd

from relocsim.answers.accounting import Accounts, accounts
from relocsim.answers.arms import Option, places_named, policies_named, read_arms
from relocsim.answers.packages import candidates
from relocsim.batch.arms import Arm, plan_arms
from relocsim.batch.observables import OBSERVABLES, Observable, observe_all
from relocsim.batch.reached import outside, reached
from relocsim.batch.workers import over_replicates
from relocsim.errors import Problem, SpecError
from relocsim.metrics.capture import tally
from relocsim.metrics.concentration import ellison_glaeser
from relocsim.metrics.effects import estimate
from relocsim.metrics.paths import swapped_share
from relocsim.model import RelocationModel
from relocsim.policies import CityPolicy
from relocsim.spec import Spec
from relocsim.world.projects import GROUND, HONOURED, PRODUCING, SIGNED


def clustering(model: RelocationModel, city: int) -> float:
    """Index of Ellison and Glaeser of jobs signed outside the origins, mean over sectors weighted by jobs."""
    projects, away = model.projects, outside(model)
    rows = np.flatnonzero(reached(model, SIGNED) & away[projects.place])
    shape = (len(model.setting.sectors.ids), len(away))
    jobs, sector = projects.jobs[rows], projects.sector[rows]
    table = tally(jobs, shape, sector, projects.place[rows])
    each = jobs / np.maximum(projects.firms[rows], 1.0)  # a row stands for so many firms of one size
    total = np.maximum(table.sum(axis=1), np.finfo(float).tiny)
    plants = tally(jobs * each, shape[:1], sector) / total**2
    some = (table.sum(axis=1) > 0) & (plants < 1)
    if not some.any():
        return float("nan")
    index = ellison_glaeser(table[some], table.sum(axis=0), plants[some])
    return float(np.average(index, weights=table[some].sum(axis=1)))


def _of_signed(stage: int) -> Callable[[RelocationModel, int], float]:
    def measure(model: RelocationModel, city: int) -> float:
        firms = model.places.stage_firms[:, city]
        return 100 * firms[stage] / firms[SIGNED] if firms[SIGNED] > 0 else np.nan

    return measure


def in_place_over_signed(model: RelocationModel, city: int) -> float:
    """Money in place over money signed in the city."""
    seen = model.record.places()
    return 100 * float(seen.loc[seen["place"] == model.setting.places.ids[city], "in_place_over_signed"].iloc[-1])


BESIDE: Mapping[str, Observable] = {
    "Ellison-Glaeser": Observable("index", clustering),
    "honoured over signed in the city": Observable("% of firms", _of_signed(HONOURED)),
    "started over signed in the city": Observable("% of firms", _of_signed(GROUND)),
    "producing over signed in the city": Observable("% of firms", _of_signed(PRODUCING)),
    "money in place over money signed in the city": Observable("%", in_place_over_signed),
}
"""What is observed beside `batch.observables.OBSERVABLES`."""
EVERYTHING: Mapping[str, Observable] = {**OBSERVABLES, **BESIDE}


@dataclass(frozen=True)
class Observed:
    """Observables of every arm over replicates."""

    arms: tuple[Arm, ...]
    values: np.ndarray
    """(R, A, K), K as in `EVERYTHING`."""

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row an arm and observable: its level and, for all arms but the first, the paired change, with intervals."""
        rows = []
        for a, arm in enumerate(self.arms):
            for k, (name, one) in enumerate(EVERYTHING.items()):
                change = arm.sign * (self.values[:, a, k] - self.values[:, 0, k])
                level = {"arm": arm.name, "observable": name, "unit": one.unit, "level": _mean(self.values[:, a, k])}
                rows.append({**level, **asdict(estimate(change))})
        return pd.DataFrame(rows)


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else np.nan


def observed(
    spec: Spec, *, with_: Sequence[str] = (), without: Sequence[str] = (), packages: Sequence[str] = (),
    replicates: int = 20, jobs: int = 1, executor: Executor | None = None, tick: Callable[[], None] | None = None,
) -> Observed:  # fmt: skip
    """Play the arms of a comparison, paired, and return what is observed in each, and the changes."""
    arms = plan_arms(spec, with_=with_, without=without, packages=packages)
    one = partial(_observed, spec, tuple(arm.on for arm in arms))
    found = over_replicates(one, replicates, jobs=jobs, executor=executor, tick=tick)
    return Observed(tuple(arms), np.array(found))


def _observed(spec: Spec, sets: Sequence[frozenset[str]], replicate: int) -> list[np.ndarray]:
    return read_arms(spec, sets, observe_everything, replicate=replicate)


def observe_everything(model: RelocationModel) -> np.ndarray:
    """Return every observable of a finished model, (K,), in the order of `EVERYTHING`."""
    city = model.setting.places.row(model.spec.scenario.study.city)
    return np.concatenate([observe_all(model), [one.measure(model, city) for one in BESIDE.values()]])


def path_dependence(
    spec: Spec, policies: Sequence[str], rival: str, delay: int, *, replicates: int = 20, jobs: int = 1,
    executor: Executor | None = None, tick: Callable[[], None] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return how the gap in investment between the city and a rival changes if the dates of their policies are swapped.

    Both pursue the same policies, one of them `delay` quarters later. One row a quantity, with interval: the gap with the
    city early, with the rival early (1e8 yuan, city less rival), and the share of the gap that goes with the date.
    """
    names = policies_named(spec, policies, "--with") or candidates(spec, (), barred=True)[0]
    places_named(spec, [rival], "--rival")
    nobodys = [name for name in names if not isinstance(spec.policies[name], CityPolicy)]
    if nobodys:
        raise SpecError(
            [Problem(f"policy {name!r} is of no city, and cannot be swapped", path="--with") for name in nobodys]
        )
    city = spec.scenario.study.city
    options = {
        (place, late): tuple(Option(name, cities=(place,), delay=late) for name in names)
        for place in (city, rival) for late in (0, delay)
    }  # fmt: skip
    one = partial(_swapped, spec, options, rival, delay)
    gaps = np.array(over_replicates(one, replicates, jobs=jobs, executor=executor, tick=tick))
    first, second = gaps.T
    found = {"gap, city early": first, "gap, rival early": second, "share with the date": swapped_share(first, second)}
    units = ("1e8 yuan", "1e8 yuan", "share")
    rows = [
        {"quantity": name, "unit": unit, **asdict(estimate(one))}
        for (name, one), unit in zip(found.items(), units, strict=True)
    ]
    return pd.DataFrame(rows)


def _swapped(
    spec: Spec, options: Mapping[tuple[str, int], Sequence[Option]], rival: str, delay: int, replicate: int
) -> list[float]:
    """Return the gap with the city early and with the rival early, in one replicate, 1e8 yuan."""
    city, base = spec.scenario.study.city, spec.on - {one.policy for each in options.values() for one in each}
    names = {key: {one.name for one in each} for key, each in options.items()}
    sets = [base, base | names[city, 0] | names[rival, delay], base | names[city, delay] | names[rival, 0]]
    every = [one for each in options.values() for one in each]
    found: list[Accounts] = read_arms(spec, sets, accounts, replicate=replicate, options=every)
    row = sorted(spec.world.places).index(rival)
    return [float(one.amount[1, one.city] - one.amount[1, row]) for one in found[1:]]
