"""What a comparison can tell beside its effects, off the same finished runs: accounts, sources, windfall, yardsticks, flows.

`compare(..., beside=TELLING)` keeps it; `tables_told` makes tidy tables of it. Of each firm only what it placed and what it
was paid is kept, so that nothing is played twice. What tipped a firm needs both arms side by side: see `switching`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from relocsim.answers.accounting import Accounts, accounts
from relocsim.answers.costing import Fiscal
from relocsim.answers.landing import Landing, flow_table, funnel_table, hour_table, landing
from relocsim.answers.paying import paid_by_project
from relocsim.answers.switching_rows import GONE, MEASURES, NEW
from relocsim.answers.yardsticks import YARDSTICKS, is_standing, yardsticks_by_quarter
from relocsim.batch.arms import Arm
from relocsim.batch.comparing import Beside, Comparison
from relocsim.batch.reached import outside, reached
from relocsim.metrics.effects import estimate
from relocsim.metrics.switching import gained_from, windfall, windfall_share
from relocsim.model import RelocationModel
from relocsim.world.projects import STAGES

UNITS = ("real firms", "1e8 yuan", "persons")
"""Of `MEASURES`."""
PAID, PAID_WITHOUT, WINDFALL, WINDFALL_ADDED = (
    "incentives paid", "incentives paid without", "windfall", "windfall of the policies",
)  # fmt: skip
"""As in the sums of `switching.Switchers`."""


@dataclass(frozen=True)
class Told:
    """What is kept of one finished run."""

    accounts: Accounts
    firm: np.ndarray
    """Rows of the population of what was placed outside the origins, (n,); a firm may have several."""
    place: np.ndarray
    """Where, (n,)."""
    amount: np.ndarray
    """Real firms, 1e8 yuan, jobs, (M, n)."""
    paid: np.ndarray
    """Incentives that the city paid to each, 1e8 yuan, (n,)."""
    yardsticks: np.ndarray
    """Of the city over the run, or at its end, (K,), as in `YARDSTICKS`."""
    landing: Landing


@dataclass(frozen=True)
class Pairs:
    """What one replicate tells of each arm against the baseline; entries of the baseline itself are zero."""

    accounts: tuple[Accounts, ...]
    yardsticks: np.ndarray
    """(A, K)."""
    gained: np.ndarray
    """What the city gained, by the place it came from instead (the last: newly mobile), (A, M, P + 1)."""
    lost: np.ndarray
    """What the city lost, by the place it went to instead (the last: no longer mobile), (A, M, P + 1)."""
    windfall: np.ndarray
    """Paid with, paid without, windfall, windfall of the policies, 1e8 yuan, (A, 4)."""
    stages: np.ndarray
    """See `landing.Landing`, (A, stages)."""
    flows: np.ndarray
    """Of the baseline, see `landing.Landing`, (P, P)."""
    hours: np.ndarray
    """Of the baseline, see `landing.Landing`, (places of the corridor,)."""


def told(model: RelocationModel) -> Told:
    """Return what is kept of a finished run."""
    projects, study = model.projects, model.spec.scenario.study
    stage, city = STAGES.index(study.stage), model.setting.places.row(study.city)
    rows = np.flatnonzero(reached(model, stage) & outside(model)[projects.place])
    standing = np.array([is_standing(name) for name in YARDSTICKS])
    by_quarter = np.stack([values[:, city] for values in yardsticks_by_quarter(model).values()])
    return Told(
        accounts=accounts(model),
        firm=projects.firm[rows],
        place=projects.place[rows],
        amount=np.stack([projects.firms[rows], projects.invested(rows), projects.jobs[rows]]),
        paid=np.where(projects.place[rows] == city, paid_by_project(model)[rows], 0.0),
        yardsticks=np.where(standing, by_quarter[:, -1], by_quarter.sum(axis=1)),
        landing=landing(model),
    )


def paired(arms: Sequence[Arm], kept: Sequence[Told]) -> Pairs:
    """Return what one replicate tells of each arm against the baseline: with less without."""
    places = len(kept[0].accounts.rate[0])
    gained, lost = (np.zeros((len(arms), len(MEASURES), places + 1)) for _ in range(2))
    found = np.zeros((len(arms), 4))
    for a, arm in enumerate(arms[1:], start=1):
        without, with_ = (kept[0], kept[a])[:: arm.sign]
        gained[a], lost[a], found[a] = _changed(without, with_, places)
    base = kept[0].landing
    return Pairs(
        tuple(one.accounts for one in kept), np.array([one.yardsticks for one in kept]), gained, lost, found,
        stages=np.array([one.landing.stages for one in kept]), flows=base.flows, hours=base.hours,
    )  # fmt: skip


def _changed(without: Told, with_: Told, places: int) -> tuple[np.ndarray, np.ndarray, tuple[float, ...]]:
    """Return what was gained and lost by source, (M, P + 1) each, and what was paid, to whom it made no difference too."""
    city, firms = with_.accounts.city, np.union1d(without.firm, with_.firm)
    before, after = (_placed(one, firms, places) for one in (without, with_))
    came = before[1][:, city], after[1][:, city]
    paid_without, paid = (
        np.bincount(np.searchsorted(firms, one.firm), one.paid, len(firms)) for one in (without, with_)
    )
    anyway = paid * np.nan_to_num(windfall_share(*came))
    gained = np.array([gained_from(one, two, city).sum(axis=0) for one, two in zip(before, after, strict=True)])
    lost = np.array([gained_from(two, one, city).sum(axis=0) for one, two in zip(before, after, strict=True)])
    beyond = np.maximum(anyway - paid_without, 0.0).sum()
    return gained, lost, (paid.sum(), paid_without.sum(), windfall(paid, *came), beyond)


def _placed(one: Told, firms: np.ndarray, places: int) -> np.ndarray:
    """Return what firms (sorted) placed, (M, n, P)."""
    at, size = np.searchsorted(firms, one.firm) * places + one.place, len(firms) * places
    return np.stack([np.bincount(at, amount, size).reshape(-1, places) for amount in one.amount])


TELLING = Beside(read=told, gather=paired)
"""For `compare(..., beside=TELLING)`."""


def tables_told(comparison: Comparison) -> dict[str, pd.DataFrame]:
    """Return tidy tables of all that was kept, by name; none where the comparison kept nothing.

    `flows` and `hours` are of the baseline.
    """
    if not comparison.beside:
        return {}
    pairs: tuple[Pairs, ...] = comparison.beside
    spec = comparison.spec
    kept = tuple(one.accounts for one in pairs)
    return {
        "fiscal": Fiscal(spec, comparison.arms, kept, spec.world.parameters.interest).table,
        "sources": pd.DataFrame(_sources(comparison, pairs)),
        "windfall": pd.DataFrame(_windfalls(comparison, pairs)),
        "yardsticks": pd.DataFrame(_yardsticks(comparison, pairs)),
        "funnel": funnel_table(comparison.arms, np.array([one.stages for one in pairs])),
        "flows": flow_table(comparison.place_ids, np.array([one.flows for one in pairs])),
        "hours": hour_table(spec, np.array([one.hours for one in pairs])),
    }


def _sources(comparison: Comparison, pairs: Sequence[Pairs]) -> Iterator[Mapping[str, object]]:
    """Give one row an arm, change (gained, lost), source and measure that is anything, and one of all sources together."""
    for change, last in (("gained", NEW), ("lost", GONE)):
        found = np.array([getattr(one, change) for one in pairs])
        for a, arm in enumerate(comparison.arms[1:], start=1):
            for at, source in enumerate([*comparison.place_ids, last]):
                if found[:, a, :, at].any():
                    yield from _by_measure(found[:, a, :, at], arm=arm.name, change=change, source=source)
            yield from _by_measure(found[:, a].sum(axis=-1), arm=arm.name, change=change, source="all")


def _by_measure(found: np.ndarray, **named: str) -> Iterator[Mapping[str, object]]:
    for measure, unit, values in zip(MEASURES, UNITS, found.T, strict=True):
        yield {**named, "measure": measure, "unit": unit, **asdict(estimate(values))}


def _windfalls(comparison: Comparison, pairs: Sequence[Pairs]) -> Iterator[Mapping[str, object]]:
    """Give one row an arm and quantity."""
    found = np.array([one.windfall for one in pairs])
    for a, arm in enumerate(comparison.arms[1:], start=1):
        for q, quantity in enumerate((PAID, PAID_WITHOUT, WINDFALL, WINDFALL_ADDED)):
            yield {"arm": arm.name, "quantity": quantity, "unit": "1e8 yuan", **asdict(estimate(found[:, a, q]))}


def _yardsticks(comparison: Comparison, pairs: Sequence[Pairs]) -> Iterator[Mapping[str, object]]:
    """Give one row an arm, yardstick and kind: its `level`, and its paired `effect` (less the baseline; none for that)."""
    found = np.array([one.yardsticks for one in pairs])
    for a, arm in enumerate(comparison.arms):
        kinds = {"level": found[:, a], "effect": arm.sign * (found[:, a] - found[:, 0])}
        for kind in ("level", "effect")[: 1 + (a > 0)]:
            for k, (name, unit) in enumerate(YARDSTICKS.items()):
                named = {"arm": arm.name, "yardstick": name, "unit": unit, "kind": kind}
                yield {**named, **asdict(estimate(kinds[kind][:, k]))}
