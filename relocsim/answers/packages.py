"""The best package under a budget: policies and sizes searched with paired effects, and what is left where rivals match.

Cost is what the city spends on policies and incentives over the run, with less without (taxes and land sales not counted).
Policies barred at their start by law are left out unless asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd

from relocsim.answers.accounting import Accounts, accounts
from relocsim.answers.arms import Option, by_name, matching, options_of, places_named, policies_named, read_arms
from relocsim.batch.workers import over_replicates
from relocsim.errors import Problem, SpecError
from relocsim.metrics import packages as packing
from relocsim.metrics.effects import estimate
from relocsim.metrics.fiscal import cost_per
from relocsim.policies import CityPolicy
from relocsim.spec import Spec
from relocsim.streams import Streams

GOALS = ("capture", "investment", "jobs")
"""What is wanted of the city under study: capture rate by investment, 1e8 yuan, persons; all with less without."""
Played = list[tuple[np.ndarray, np.ndarray, np.ndarray]]
"""Effect, cost (1e8 yuan) and but-for jobs of some packages by replicate, (R,) each."""
_LEAST = 1e-9
_SHOWN = 10
"""Packages of which the ranking is told, and which rivals match."""


@dataclass(frozen=True)
class Goal:
    """What a search is for."""

    measure: str
    """One of `GOALS`."""
    budget: float
    """Mean public cost over the run at most, 1e8 yuan."""
    a_yuan: bool = False
    """Whether effect over cost counts, and not effect."""


@dataclass(frozen=True)
class BestPackage:
    """A search, its ranking with uncertainty, and the best packages where rivals match them."""

    spec: Spec
    goal: Goal
    options: tuple[Option, ...]
    left_out: tuple[str, ...]
    """Policies that the law bars at their start."""
    rivals: tuple[str, ...]
    search: packing.Search
    jobs: dict[packing.Options, np.ndarray]
    """But-for jobs of each package tried, persons, (R,)."""
    matched: dict[packing.Options, np.ndarray]
    """Effect of the packages shown where rivals match them, against the scenario as written, (R,)."""

    @cached_property
    def shown(self) -> list[packing.Package]:
        """The packages within the budget with the highest mean effect, the best first; the empty one last."""
        able = [one for one in self.search.tried if one.mean_cost <= self.goal.budget or not one.options]
        by_yuan = self.goal.a_yuan
        score = [one.mean_effect / max(one.mean_cost, _LEAST) if by_yuan else one.mean_effect for one in able]
        order = sorted(
            range(len(able)), key=lambda at: (able[at] is not self.search.best, -score[at], able[at].mean_cost)
        )
        unique = {able[at].options: able[at] for at in reversed(order)}
        return list(reversed(unique.values()))[:_SHOWN]

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a package, the best first: effect and cost with interval, cost of a but-for job, and how sure its rank is.

        `best_in` is the share of replicates in which it is the best of those shown (what is not known, and luck);
        `highest_mean` the share of resamples of replicates in which its mean is the highest (simulation error only);
        `matched` the mean effect where rivals match the package. Where effect a yuan is wanted these and the ranks go by it.
        """
        effects, costs = (np.stack([getattr(one, of) for one in self.shown], axis=1) for of in ("effect", "cost"))
        by_yuan = self.goal.a_yuan
        scores = packing.effect_a_yuan(effects, costs) if by_yuan else effects
        (low, high), best = packing.rank_range(scores), packing.chance_of_being_best(scores)
        streams = Streams(self.spec.scenario.seed)
        mean = packing.chance_of_highest_mean(effects, streams, costs=costs if by_yuan else None)
        rows = []
        for at, one in enumerate(self.shown):
            found, cost, jobs = estimate(one.effect), estimate(one.cost), self.jobs[one.options].mean()
            kept = estimate(self.matched[one.options]) if one.options in self.matched else None
            rows.append(
                {
                    "package": " + ".join(sorted(one.options)) or "nothing",
                    **asdict(found),
                    "cost": cost.mean, "cost_low": cost.low, "cost_high": cost.high,
                    "cost_per_job": float(cost_per(np.array(cost.mean), np.array(jobs))) * 1e8,
                    "rank_low": int(low[at]), "rank_high": int(high[at]),
                    "best_in": float(best[at]), "highest_mean": float(mean[at]),
                    "matched": kept.mean if kept else np.nan,
                    "matched_low": kept.low if kept else np.nan,
                    "matched_high": kept.high if kept else np.nan,
                }
            )  # fmt: skip
        return pd.DataFrame(rows)


def candidates(spec: Spec, named: Sequence[str], *, barred: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the policies that may be in a package, and those left out because the law bars them at their start.

    Those named (policies or packages), else all of the city under study that are off as written.
    """
    names = policies_named(spec, named, "--with") or tuple(
        name for name, policy in spec.policies.items()
        if not policy.on and isinstance(policy, CityPolicy) and spec.scenario.study.city in policy.cities()
    )  # fmt: skip
    on = [name for name in names if spec.policies[name].on]
    if on:
        raise SpecError([Problem(f"policy {name!r} is on in the scenario as written", path="--with") for name in on])
    out = () if barred else tuple(name for name in names if spec.policies[name].barred)
    kept = tuple(name for name in names if name not in out)
    if not kept:
        message = "no policy is left to choose from" + (
            f": the law bars {', '.join(out)} (--barred takes them in)" if out else ""
        )
        raise SpecError([Problem(message, path="--with")])
    return kept, out


def usual_rivals(spec: Spec) -> tuple[str, ...]:
    """Return the main rivals where none is named: destinations of the corridor that are no origins, the city left out."""
    study = spec.scenario.study
    places = [(name, spec.world.places[name]) for name in study.corridor if name != study.city]
    return tuple(name for name, place in places if place.destination and not place.origin)


def best_package(  # noqa: PLR0913 - the options of the command
    spec: Spec, goal: Goal, *, policies: Sequence[str] = (), sizes: Sequence[float] = (), barred: bool = False,
    exact: bool = False, rivals: Sequence[str] = (), replicates: int = 20, draw_inputs: bool = True, jobs: int = 1,
    executor: Executor | None = None, tick: Callable[[], None] | None = None,
) -> BestPackage:  # fmt: skip
    """Search the best package under a budget: every one where they are few (or `exact`), else greedily.

    Effects are against the scenario as written, paired. `tick` is called after every replicate of every round.
    """
    if goal.measure not in GOALS:
        raise SpecError(
            [Problem(f"there is no goal {goal.measure!r}", path="--goal", hint=f"goals are {', '.join(GOALS)}")]
        )
    names, left_out = candidates(spec, policies, barred=barred)
    options, main = options_of(names, sizes), places_named(spec, rivals, "--rival") or usual_rivals(spec)
    held: dict[packing.Options, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}

    def played(sets: Sequence[packing.Options], more: Sequence[Option]) -> Played:
        one = partial(_round, spec, tuple(sets), (*options, *more), draw_inputs)
        found = over_replicates(one, replicates, jobs=jobs, executor=executor, tick=tick)
        return [_against(goal, [(replicate[0], replicate[1 + at]) for replicate in found]) for at in range(len(sets))]

    def evaluate(sets: Sequence[packing.Options]) -> list[tuple[np.ndarray, np.ndarray]]:
        fresh = [one for one in dict.fromkeys(sets) if one not in held]
        if fresh:
            held.update(zip(fresh, played(fresh, ()), strict=True))
        return [held[one][:2] for one in sets]

    of_options = by_name(options)
    few = np.prod([1 + list(of_options.values()).count(name) for name in names]) <= packing.MOST_EXACT
    method = packing.best_exact if few or exact else packing.best_greedy
    found = method(of_options, evaluate, goal.budget, a_yuan=goal.a_yuan)
    result = BestPackage(spec, goal, options, left_out, main, found, {one: both[2] for one, both in held.items()}, {})
    result.matched.update(_matched(spec, result, played))
    return result


def _matched(
    spec: Spec, found: BestPackage, played: Callable[[Sequence[packing.Options], Sequence[Option]], Played]
) -> dict[packing.Options, np.ndarray]:
    """Return the effects of the packages shown where rivals match them."""
    some = [one.options for one in found.shown if one.options]
    if not found.rivals or not some:
        return {}
    theirs = {
        one: matching(spec, [option for option in found.options if option.name in one], found.rivals) for one in some
    }
    more = tuple(dict.fromkeys(option for each in theirs.values() for option in each))
    sets = [one | {option.name for option in theirs[one]} for one in some]
    return {one: effect for one, (effect, *_) in zip(some, played(sets, more), strict=True)}


def _round(
    spec: Spec, sets: Sequence[packing.Options], options: Sequence[Option], draw_inputs: bool, replicate: int
) -> list[Accounts]:
    """Return the accounts of the scenario as written and with each package, in one replicate."""
    return read_arms(
        spec, [spec.on, *(spec.on | one for one in sets)], accounts, replicate=replicate, options=options,
        draw_inputs=draw_inputs,
    )  # fmt: skip


def _against(goal: Goal, pairs: Sequence[tuple[Accounts, Accounts]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return effect, cost (1e8 yuan) and but-for jobs by replicate, (R,) each, of pairs without and with a package."""
    effect = [_wanted(with_, goal.measure) - _wanted(without, goal.measure) for without, with_ in pairs]
    cost = [with_.cost - without.cost for without, with_ in pairs]
    jobs = [_wanted(with_, "jobs") - _wanted(without, "jobs") for without, with_ in pairs]
    return np.array(effect), np.array(cost), np.array(jobs)


def _wanted(one: Accounts, measure: str) -> float:
    """Return what the goal counts of the city, a finite number: a rate of nothing is none."""
    found = {"capture": one.rate[1], "investment": one.amount[1], "jobs": one.amount[2]}[measure][one.city]
    return float(found) if np.isfinite(found) else 0.0
