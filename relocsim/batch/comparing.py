"""Comparisons: arms paired by common random numbers over replicates, and the tables that answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd

from relocsim.batch.arms import Arm, plan_arms
from relocsim.batch.playing import Outcome, outcome, realised
from relocsim.batch.variants import play_variants
from relocsim.batch.workers import over_replicates
from relocsim.metrics.capture import MEASURES, but_for_share, capture_rate
from relocsim.metrics.effects import estimate, estimates
from relocsim.model import RelocationModel
from relocsim.spec import Spec
from relocsim.world.projects import STAGES


@dataclass(frozen=True)
class Beside:
    """What else a comparison keeps, made where the runs are, so that only little travels between processes."""

    read: Callable[[RelocationModel], Any]
    """What is kept of a finished run."""
    gather: Callable[[Sequence[Arm], Sequence[Any]], Any]
    """What is made of that of all arms of one replicate."""


@dataclass(frozen=True)
class Comparison:
    """Outcomes of all arms over replicates, and tidy tables made from them.

    `rates`, (R, A, M, stages, P), are capture rates over the whole period; `amounts` likewise in firms, 1e8 yuan and
    jobs; `over_time`, (R, A, T, P), the capture rate by investment, cumulated, at the stage under study.
    """

    spec: Spec
    arms: tuple[Arm, ...]
    place_ids: tuple[str, ...]
    outside: np.ndarray
    amounts: np.ndarray
    over_time: np.ndarray
    treasury: np.ndarray
    """Receipts less payments by place, (R, A, P), 1e8 yuan."""
    at_risk: np.ndarray
    """Capacity at risk in the origins, (R, M)."""
    beside: tuple[Any, ...] = ()
    """What else was kept, by replicate (see `Beside`)."""

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return len(self.amounts)

    @cached_property
    def rates(self) -> np.ndarray:
        """Capture rates, (R, A, M, stages, P)."""
        return capture_rate(self.amounts, self.outside)

    @property
    def city(self) -> int:
        """Row of the city under study."""
        return self.place_ids.index(self.spec.scenario.study.city)

    @property
    def stage(self) -> int:
        """Stage from which a project counts as captured."""
        return STAGES.index(self.spec.scenario.study.stage)

    @cached_property
    def capture(self) -> pd.DataFrame:
        """One row an arm, place and measure: capture rate and amount, with interval and simulation error."""
        names = [arm.name for arm in self.arms]
        levels = [names, list(MEASURES), list(self.place_ids), ["capture_rate", "amount"]]
        index = pd.MultiIndex.from_product(levels, names=["arm", "measure", "place", "quantity"])
        figures = np.stack([self.rates[:, :, :, self.stage], self.amounts[:, :, :, self.stage]], axis=-1)
        table = pd.DataFrame(estimates(figures.reshape(len(figures), -1)), index=index).reset_index()
        table.insert(3, "outside_origins", np.tile(np.repeat(self.outside, 2), len(names) * len(MEASURES)))
        return table[["arm", "place", "measure", "outside_origins", "quantity", *table.columns[5:]]]

    @cached_property
    def effects(self) -> pd.DataFrame:
        """One row an arm, measure and quantity: the paired effect on the city under study.

        Quantities: `capture_rate` (share), `amount` (firms, 1e8 yuan, jobs), `of_at_risk` (share of the capacity at risk
        in the origins), `but_for_share`, and once an arm `treasury` (1e8 yuan).
        """
        rows = []
        for a, arm in enumerate(self.arms[1:], start=1):
            for m, measure in enumerate(MEASURES):
                for quantity, values in self.effects_by_replicate(a, m).items():
                    rows.append({"arm": arm.name, "measure": measure, "quantity": quantity, **asdict(estimate(values))})
            budget = arm.sign * (self.treasury[:, a, self.city] - self.treasury[:, 0, self.city])
            rows.append({"arm": arm.name, "measure": "money", "quantity": "treasury", **asdict(estimate(budget))})
        return pd.DataFrame(rows)

    def effects_by_replicate(self, arm: int, measure: int) -> dict[str, np.ndarray]:
        """Return the effects of one arm (row of `arms`) on one measure by quantity, (R,) each."""
        at, sign = (measure, self.stage, self.city), self.arms[arm].sign
        rate, base = self.rates[:, arm, *at], self.rates[:, 0, *at]
        amount, base_amount = self.amounts[:, arm, *at], self.amounts[:, 0, *at]
        with_, without = (amount, base_amount) if sign > 0 else (base_amount, amount)
        return {
            "capture_rate": sign * (rate - base),
            "amount": sign * (amount - base_amount),
            "of_at_risk": sign * (amount - base_amount) / self.at_risk[:, measure],
            "but_for_share": but_for_share(with_, without),
        }

    @cached_property
    def timeline(self) -> pd.DataFrame:
        """One row an arm, place and quarter: capture rate by investment, cumulated, with its interval."""
        start, places = self.spec.scenario.start, np.flatnonzero(self.outside)
        quarters = [str(start + t) for t in range(self.over_time.shape[2])]
        levels = [[arm.name for arm in self.arms], [self.place_ids[p] for p in places], quarters]
        index = pd.MultiIndex.from_product(levels, names=["arm", "place", "quarter"])
        rates = np.moveaxis(self.over_time[..., places], 3, 2)
        return pd.DataFrame(estimates(rates.reshape(len(rates), -1)), index=index)[
            ["mean", "low", "high"]
        ].reset_index()

    @cached_property
    def by_replicate(self) -> pd.DataFrame:
        """One row a replicate, arm and measure for the city under study: amount and capture rate."""
        shape = self.amounts.shape[:3]
        index = pd.MultiIndex.from_product(
            [range(shape[0]), [arm.name for arm in self.arms], MEASURES], names=["replicate", "arm", "measure"]
        )
        at = (self.stage, self.city)
        columns = {"amount": self.amounts[:, :, :, *at].ravel(), "capture_rate": self.rates[:, :, :, *at].ravel()}
        return pd.DataFrame(columns, index=index).reset_index()


def compare(  # noqa: PLR0913 - the options of the command
    spec: Spec, *, with_: Sequence[str] = (), without: Sequence[str] = (), packages: Sequence[str] = (),
    replicates: int = 40, jobs: int = 1, executor: Executor | None = None, tick: Callable[[], None] | None = None,
    meanwhile: Callable[[], None] | None = None, beside: Beside | None = None,
) -> Comparison:  # fmt: skip
    """Play the baseline and each policy alone and all together, paired, over `replicates`, and return the comparison.

    `jobs` processes share the replicates (or any `executor` does); the result has the same bits for any number of them.
    `tick` is called after every replicate, `meanwhile` once while other processes play; `beside` says what else to keep.
    """
    arms = plan_arms(spec, with_=with_, without=without, packages=packages)
    one = partial(_play, spec, arms, beside)
    found = over_replicates(one, replicates, jobs=jobs, executor=executor, tick=tick, meanwhile=meanwhile)
    kept = tuple(more for _, more in found) if beside else ()
    return gather(spec, arms, [outcomes for outcomes, _ in found], kept)


def _play(spec: Spec, arms: list[Arm], beside: Beside | None, replicate: int) -> tuple[list[Outcome], Any]:
    """Return the outcomes of one replicate, and what else is kept of it."""
    drawn = realised(spec, replicate)
    variants = [drawn.with_policies(arm.on) for arm in arms]
    found = play_variants(variants, replicate=replicate, read=partial(_read, beside))
    return [one for one, _ in found], beside.gather(arms, [more for _, more in found]) if beside else None


def _read(beside: Beside | None, model: RelocationModel) -> tuple[Outcome, Any]:
    return outcome(model), beside.read(model) if beside else None


def gather(
    spec: Spec, arms: Sequence[Arm], outcomes: Sequence[Sequence[Outcome]], beside: tuple[Any, ...] = ()
) -> Comparison:
    """Return the comparison made of outcomes by replicate and arm, and of what else was kept by replicate."""
    ids, outside = compared_places(spec)
    stage = STAGES.index(spec.scenario.study.stage)
    flow = [[arm.flow for arm in replicate] for replicate in outcomes]
    invested = np.array([[arm[1, stage].cumsum(axis=0) for arm in replicate] for replicate in flow])
    return Comparison(
        spec=spec,
        arms=tuple(arms),
        place_ids=ids,
        outside=outside,
        amounts=np.array([[arm.sum(axis=2) for arm in replicate] for replicate in flow]),
        over_time=capture_rate(invested, outside),
        treasury=np.array([[arm.treasury for arm in replicate] for replicate in outcomes]),
        at_risk=np.array([replicate[0].at_risk for replicate in outcomes]),
        beside=beside,
    )


def compared_places(spec: Spec) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the ids of all places in order, and which of them are destinations outside the studied origins, (P,) bool."""
    ids = tuple(sorted(spec.world.places))
    described = [spec.world.places[name] for name in ids]
    outside = [place.destination and not (place.origin and not place.entrants_only) for place in described]
    return ids, np.array(outside)
