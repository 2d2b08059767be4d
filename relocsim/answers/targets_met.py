"""The probability of meeting a target of an official's yardstick, and the cheapest change that makes it likely enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd

from relocsim.answers.accounting import accounts
from relocsim.answers.arms import Option, options_of, read_arms
from relocsim.answers.packages import candidates
from relocsim.answers.yardsticks import YARDSTICKS, yardstick_table
from relocsim.batch.playing import realised
from relocsim.batch.variants import play_variants
from relocsim.batch.workers import over_replicates
from relocsim.errors import Problem, SpecError
from relocsim.metrics.chances import (
    chance_interval,
    chance_of_meeting,
    cheapest_change,
    paired_shift,
    shift_sign,
    size_for_chance,
)
from relocsim.metrics.effects import estimate
from relocsim.model import RelocationModel
from relocsim.spec import Spec
from relocsim.spec.words import near

AS_WRITTEN = "as written"
_SUMMED = frozenset(name for name in YARDSTICKS if not name.endswith("rate") and name != "tax per hectare")


@dataclass(frozen=True)
class Target:
    """What is to be reached."""

    yardstick: str
    """One of `answers.yardsticks.YARDSTICKS`."""
    value: float
    """In the unit of the yardstick."""
    year: int | None = None
    """Calendar year; none: the whole period (sums), or its end (rates)."""


@dataclass(frozen=True)
class Chances:
    """A yardstick of the city under study in every arm, over replicates."""

    spec: Spec
    target: Target
    level: float
    """Chance that is wanted."""
    options: tuple[Option, ...]
    sets: tuple[tuple[str, frozenset[str]], ...]
    """Name of each change and the options that it adds, the scenario as written first."""
    values: np.ndarray
    """The yardstick, (R, A)."""
    costs: np.ndarray
    """Public cost over the run, less that of the scenario as written, 1e8 yuan, (R, A)."""
    left_out: tuple[str, ...]
    """Policies that the law bars at their start."""

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a change: the yardstick with interval, its mean cost, the chance of meeting the target, with interval."""
        chances, replicates, rows = chance_of_meeting(self.values, self.target.value), len(self.values), []
        for at, (name, _) in enumerate(self.sets):
            low, high = chance_interval(round(chances[at] * replicates), replicates)
            found = {"change": name, **asdict(estimate(self.values[:, at])), "cost": float(self.costs[:, at].mean())}
            rows.append({**found, "chance": float(chances[at]), "chance_low": low, "chance_high": high})
        return pd.DataFrame(rows)

    @cached_property
    def cheapest(self) -> str | None:
        """The cheapest change whose chance is at least the level; none where none of those tried reaches it."""
        at = cheapest_change(self.table["chance"].to_numpy(), self.table["cost"].to_numpy(), self.level)
        return None if at is None else self.sets[at][0]

    @cached_property
    def raising(self) -> tuple[str, ...]:
        """Changes that raise the chance over the first as far as paired replicates can tell, the cheapest first."""
        met = self.values >= self.target.value
        costs = self.costs.mean(axis=0)
        order = [at for at in np.argsort(costs, kind="stable") if at]
        return tuple(self.sets[at][0] for at in order if shift_sign(*paired_shift(met[:, 0], met[:, at])) > 0)

    @cached_property
    def sizes(self) -> pd.DataFrame:
        """One row a policy tried at several sizes: the size at which the chance reaches the level, nan if beyond."""
        chances, rows = dict(zip(self.table["change"], self.table["chance"], strict=True)), []
        for policy in dict.fromkeys(one.policy for one in self.options):
            tried = sorted((one.size, chances[one.name]) for one in self.options if one.policy == policy)
            if len(tried) > 1:
                sizes, found = np.array([(0.0, chances[AS_WRITTEN]), *tried]).T
                rows.append({"policy": policy, "size": size_for_chance(sizes, found, self.level)})
        return pd.DataFrame(rows, columns=["policy", "size"])


def chances_of(  # noqa: PLR0913 - the options of the command
    spec: Spec, target: Target, *, level: float = 0.8, policies: Sequence[str] = (), sizes: Sequence[float] = (),
    barred: bool = False, replicates: int = 20, jobs: int = 1, executor: Executor | None = None,
    tick: Callable[[], None] | None = None,
) -> Chances:  # fmt: skip
    """Return the chance that the city meets a target as written, with each policy at each size, packages and all together.

    Policies (or packages) named, else all of the city that are off; those that the law bars are left out unless `barred`.
    """
    _check(spec, target)
    names, left_out = candidates(spec, policies, barred=barred)
    options = options_of(names, sizes)
    sets: dict[str, frozenset[str]] = {AS_WRITTEN: frozenset(), **{one.name: frozenset({one.name}) for one in options}}
    for package, members in spec.scenario.packages.items():
        if set(members) <= set(names):
            sets[package] = frozenset(members)
    if len(names) > 1:
        sets["all together"] = frozenset(names)
    written = options_of([name for some in sets.values() for name in some if name in names], ())
    one = partial(_replicate, spec, tuple(sets.values()), tuple(dict.fromkeys([*options, *written])), target)
    found = np.array(over_replicates(one, replicates, jobs=jobs, executor=executor, tick=tick))
    costs = found[:, :, 1] - found[:, :1, 1]
    return Chances(spec, target, level, options, tuple(sets.items()), found[:, :, 0], costs, left_out)


def chances_between(
    specs: Mapping[str, Spec], target: Target, *, level: float = 0.8, replicates: int = 20, jobs: int = 1,
    executor: Executor | None = None, tick: Callable[[], None] | None = None,
) -> Chances:  # fmt: skip
    """Return the chance that the city meets a target in each of some specifications, over the same replicates.

    Costs are less that of the first. Inputs are drawn anew in every replicate.
    """
    first = next(iter(specs.values()))
    _check(first, target)
    one = partial(_between, tuple(specs.values()), target)
    found = np.array(over_replicates(one, replicates, jobs=jobs, executor=executor, tick=tick))
    sets = tuple((name, frozenset[str]()) for name in specs)
    met, cost = found[:, :, 0], found[:, :, 1]
    return Chances(first, target, level, (), sets, met, cost - cost[:, :1], ())


def _between(specs: Sequence[Spec], target: Target, replicate: int) -> list[tuple[float, float]]:
    """Return the yardstick and the cost of every specification in one replicate, (A, 2)."""
    drawn = [realised(spec, replicate) for spec in specs]
    return play_variants(drawn, replicate=replicate, read=partial(_read, target))


def _check(spec: Spec, target: Target) -> None:
    problems = []
    if target.yardstick not in YARDSTICKS:
        hint = near(target.yardstick, YARDSTICKS) or f"there are: {', '.join(YARDSTICKS)}"
        problems.append(Problem(f"there is no yardstick {target.yardstick!r}", path="--yardstick", hint=hint))
    start, end = spec.scenario.start.year, spec.scenario.end.year
    if target.year is not None and not start <= target.year <= end:
        problems.append(Problem(f"{target.year} is outside the scenario, {start} to {end}", path="--year"))
    if problems:
        raise SpecError(problems)


def _replicate(
    spec: Spec, sets: Sequence[frozenset[str]], options: Sequence[Option], target: Target, replicate: int
) -> list[tuple[float, float]]:
    """Return the yardstick and the cost of every change in one replicate, (A, 2)."""
    read = partial(_read, target)
    return read_arms(spec, [spec.on | one for one in sets], read, replicate=replicate, options=options)


def _read(target: Target, model: RelocationModel) -> tuple[float, float]:
    table = yardstick_table(model, yearly=True)
    table = table[(table["yardstick"] == target.yardstick) & (table["place"] == model.spec.scenario.study.city)]
    if target.year is not None:
        value = table.loc[table["period"] == target.year, "value"].iloc[0]
    else:
        value = table["value"].sum() if target.yardstick in _SUMMED else table["value"].iloc[-1]
    return float(value), accounts(model).cost
