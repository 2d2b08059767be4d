"""Fiscal answers: what policies cost the city, what a job costs, when they pay, and how much is only moved about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd

from relocsim.answers.accounting import Accounts, accounts
from relocsim.answers.arms import read_arms
from relocsim.batch.arms import Arm, plan_arms
from relocsim.batch.workers import over_replicates
from relocsim.metrics.capture import but_for_share
from relocsim.metrics.effects import estimate
from relocsim.metrics.fiscal import cost_per, diverted_shares, gained, net_present_value, payback
from relocsim.spec import Spec
from relocsim.world.columns import places_of

_YUAN = 1e8
UNITS = {
    "cost": "1e8 yuan",
    "outlays": "1e8 yuan",
    "incentives": "1e8 yuan",
    "cost per job": "yuan",
    "cost per but-for job": "yuan",
    "but-for share": "share",
    "receipts less payments": "1e8 yuan",
    "net present value": "1e8 yuan",
    "payback": "years",
    "jobs in the city": "persons",
    "jobs in other places": "persons",
    "jobs in the origins": "persons",
    "jobs in the nation": "persons",
    "diverted from rivals": "share of the city's jobs",
    "diverted from origins": "share of the city's jobs",
    "new": "share of the city's jobs",
}
"""Unit of each quantity."""


@dataclass(frozen=True)
class Fiscal:
    """Accounts of every arm over replicates."""

    spec: Spec
    arms: tuple[Arm, ...]
    accounts: tuple[tuple[Accounts, ...], ...]
    """By replicate and arm, the baseline first."""
    rate: float
    """Discount rate, share a year."""

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row an arm and quantity of `UNITS`, with less without, with interval.

        A policy never paid back counts as infinitely many years and is left out of the mean: see `replicates`.
        """
        rows = []
        for a, arm in enumerate(self.arms[1:], start=1):
            pairs = [(one[0], one[a])[:: arm.sign] for one in self.accounts]
            listed = [self._of(without, with_) for without, with_ in pairs]
            found = {name: np.array([one[name] for one in listed], dtype=float) for name in listed[0]}
            found |= _shares(found)
            for quantity, unit in UNITS.items():
                rows.append({"arm": arm.name, "quantity": quantity, "unit": unit, **asdict(estimate(found[quantity]))})
        return pd.DataFrame(rows)

    @cached_property
    def _origins(self) -> np.ndarray:
        """Return which places are studied origins, (P,)."""
        places = places_of(self.spec.world)
        found = np.zeros(len(places.ids), dtype=bool)
        found[places.origins[places.studied]] = True
        return found

    def _of(self, without: Accounts, with_: Accounts) -> dict[str, float]:
        """Return every quantity of one pair of arms."""
        city, flow = with_.city, with_.treasury - without.treasury
        moved, origins = gained(with_.jobs, without.jobs), self._origins
        cost = with_.cost - without.cost
        came = with_.amount[2, city]
        found = {
            "cost": cost,
            "outlays": (with_.outlay - without.outlay).sum(),
            "incentives": (with_.paid - without.paid).sum(),
            "cost per job": _YUAN * cost_per(np.array(cost), np.array(came)),
            "cost per but-for job": _YUAN * cost_per(np.array(cost), gained(came, without.amount[2, city])),
            "but-for share": but_for_share(with_.amount[1, city], without.amount[1, city]),
            "receipts less payments": flow.sum(),
            "net present value": net_present_value(flow, self.rate),
            "payback": payback(flow),
            "jobs in the city": moved[city],
            "jobs in other places": np.delete(moved * ~origins, city).sum(),
            "jobs in the origins": (moved * origins).sum(),
            "jobs in the nation": moved.sum(),
        }
        return {name: float(value) for name, value in found.items()}


def _shares(jobs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return what is only moved about in each replicate, as shares of what the city gains on average over all of them.

    Of its gain in the same replicate they would have no mean: it may be a handful of jobs, or none.
    """
    gain = np.full_like(jobs["jobs in the city"], jobs["jobs in the city"].mean())
    shares = diverted_shares(gain, jobs["jobs in other places"], jobs["jobs in the origins"])
    named = {"diverted from rivals": "from_rivals", "diverted from origins": "from_origins", "new": "new"}
    return {name: np.where(gain > 0, shares[share], np.nan) for name, share in named.items()}


def fiscal(  # noqa: PLR0913 - the options of the command
    spec: Spec, *, with_: Sequence[str] = (), without: Sequence[str] = (), packages: Sequence[str] = (),
    rate: float | None = None, replicates: int = 20, jobs: int = 1, executor: Executor | None = None,
    tick: Callable[[], None] | None = None,
) -> Fiscal:  # fmt: skip
    """Play the arms of a comparison, paired, and return their accounts.

    `rate` discounts, share a year; none: the firms' cost of capital.
    """
    arms = plan_arms(spec, with_=with_, without=without, packages=packages)
    one = partial(_replicate, spec, tuple(arm.on for arm in arms))
    found = over_replicates(one, replicates, jobs=jobs, executor=executor, tick=tick)
    discount = spec.world.parameters.interest if rate is None else rate
    return Fiscal(spec, tuple(arms), tuple(tuple(one) for one in found), discount)


def _replicate(spec: Spec, sets: Sequence[frozenset[str]], replicate: int) -> list[Accounts]:
    return read_arms(spec, sets, accounts, replicate=replicate)
