"""Packages: which policies, and how much of each, bring most under a budget.

An option is one policy at one size; a package holds at most one option of each policy. Effects and costs are by replicate,
paired, so that packages are compared under the same luck and the same inputs. Greedy: options are added one at a time, by
effect a yuan, as long as the budget lasts and the effect rises (the baseline method: Nemhauser, Wolsey & Fisher 1978,
Mathematical Programming 14, within 1 - 1/e for effects with decreasing returns; no such bound with synergies). Exact: every
package is tried. This module refuses to know what a policy is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from relocsim.streams import Streams, members

Options = frozenset[str]
"""Names of the options in a package."""
Evaluate = Callable[[Sequence[Options]], Sequence[tuple[np.ndarray, np.ndarray]]]
"""Gives the effect and the cost of each of some packages by replicate, each (R,)."""
MOST_EXACT = 64
"""Packages that are tried one by one where nobody asks for more."""
BOOTSTRAPS = 1000
"""Resamples of replicates behind the chance that a mean is the highest."""


@dataclass(frozen=True)
class Package:
    """A set of options, with its effect and cost by replicate."""

    options: Options
    effect: np.ndarray
    """(R,), in the unit of the goal."""
    cost: np.ndarray
    """(R,), 1e8 yuan."""

    @property
    def mean_effect(self) -> float:
        """Mean effect over replicates."""
        return float(self.effect.mean())

    @property
    def mean_cost(self) -> float:
        """Mean cost over replicates, 1e8 yuan."""
        return float(self.cost.mean())


@dataclass(frozen=True)
class Search:
    """Every package that a search looked at, and the one that it chose."""

    tried: tuple[Package, ...]
    """In the order tried; the first is the empty one."""
    best: Package
    """The highest mean effect among those whose mean cost is within the budget."""
    method: str
    """`exact` or `greedy`."""


def packages_of(options: Mapping[str, str]) -> list[Options]:
    """Return every package, the empty one first: at most one option of each policy; `options` gives the policy of each."""
    by_policy: dict[str, list[str | None]] = {}
    for option, policy in options.items():
        by_policy.setdefault(policy, [None]).append(option)
    return [frozenset(one for one in chosen if one is not None) for chosen in product(*by_policy.values())]


def best_exact(options: Mapping[str, str], evaluate: Evaluate, budget: float, *, a_yuan: bool = False) -> Search:
    """Return the best package under a budget (1e8 yuan of mean cost) of all there are.

    Best is the highest mean effect, or with `a_yuan` the highest mean effect over mean cost.
    """
    tried = _evaluated(packages_of(options), evaluate)
    return Search(tuple(tried), _best(tried, budget, a_yuan), "exact")


def best_greedy(options: Mapping[str, str], evaluate: Evaluate, budget: float, *, a_yuan: bool = False) -> Search:
    """Return the package that adding the best option a yuan at a time leads to, under a budget as in `best_exact`.

    Of all packages looked at on the way, the best is taken.
    """
    tried = _evaluated([frozenset()], evaluate)
    now = tried[0]
    while True:
        taken = {options[one] for one in now.options}
        offers = _evaluated([now.options | {one} for one in options if options[one] not in taken], evaluate)
        tried += offers
        better = [one for one in offers if one.mean_cost <= budget and one.mean_effect > now.mean_effect]
        if not better:
            return Search(tuple(tried), _best(tried, budget, a_yuan), "greedy")
        now = better[int(np.argmax([_a_yuan(one, now) for one in better]))]


def _evaluated(packages: Sequence[Options], evaluate: Evaluate) -> list[Package]:
    found = evaluate(packages) if packages else []
    return [Package(one, *both) for one, both in zip(packages, found, strict=True)]


def _a_yuan(package: Package, before: Package) -> float:
    """Return what the package adds a yuan beyond the one before."""
    added, cost = package.mean_effect - before.mean_effect, package.mean_cost - before.mean_cost
    return float(effect_a_yuan(np.array(added), np.array(cost)))


def effect_a_yuan(effect: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """Return effect over cost, arrays of one shape; inf for a gain that costs nothing or less, 0 for none of it."""
    free = np.where(effect > 0, np.inf, 0.0)
    return np.divide(effect, cost, out=free, where=cost > 0)


def _best(tried: Sequence[Package], budget: float, a_yuan: bool) -> Package:
    """Return the best within the budget; ties go to the cheaper, then to fewer options."""
    nothing = min(tried, key=lambda one: len(one.options))
    able = [one for one in tried if one.mean_cost <= budget or one is nothing]

    def order(one: Package) -> tuple[float, float, int, list[str]]:
        score = _a_yuan(one, nothing) if a_yuan and one is not nothing else one.mean_effect - nothing.mean_effect
        return score, -one.mean_cost, -len(one.options), sorted(one.options)

    return max(able, key=order)


def chance_of_being_best(effects: np.ndarray) -> np.ndarray:
    """Return in which share of replicates each package is the best, (n,): what is not known, and luck, decide.

    `effects` is (R, n); ties are shared.
    """
    top = effects == effects.max(axis=1, keepdims=True)
    return (top / top.sum(axis=1, keepdims=True)).mean(axis=0)


def chance_of_highest_mean(
    effects: np.ndarray, streams: Streams, count: int = BOOTSTRAPS, *, costs: np.ndarray | None = None
) -> np.ndarray:
    """Return in which share of resamples of the replicates each package has the highest mean, (n,): simulation error only.

    The bootstrap of Efron (1979, Annals of Statistics 7). `effects` is (R, n); with `costs`, (R, n), the mean effect
    over the mean cost counts.
    """
    size = len(effects)
    uid = members("resample", count * size)
    rows = (streams.lanes("resampled replicates", uid)[0] * size).astype(np.intp).reshape(count, size)
    means = effects[rows].mean(axis=1)
    return chance_of_being_best(means if costs is None else effect_a_yuan(means, costs[rows].mean(axis=1)))


def rank_range(effects: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the greatest rank of each package over replicates, (n,) each; 1 is the best."""
    rank = 1 + (effects[:, None, :] > effects[:, :, None]).sum(axis=2)
    return rank.min(axis=0), rank.max(axis=0)
