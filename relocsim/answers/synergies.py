"""Synergy of a package in the model: its paired effect shared out over its policies, and what pairs of them do together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd

from relocsim.answers.accounting import accounts
from relocsim.answers.arms import policies_named, policies_off, read_arms
from relocsim.batch.workers import over_replicates
from relocsim.metrics.effects import estimate
from relocsim.metrics.synergy import MOST_EXACT, interactions, orders, shapley_values, subsets
from relocsim.spec import Spec
from relocsim.streams import Streams

QUANTITIES = ("capture_rate", "investment", "jobs", "cost")
"""Share, 1e8 yuan, persons, 1e8 yuan: of the city under study."""
PAIRS = 20
"""Orders sampled, with their reverses, where there are too many policies for all subsets."""


@dataclass(frozen=True)
class Synergy:
    """Shapley shares of a package, over replicates."""

    spec: Spec
    policies: tuple[str, ...]
    shares: np.ndarray
    """Shapley values, (R, K, n), in the units of `QUANTITIES`."""
    sampling_error: np.ndarray
    """Standard error that sampling of orders adds to each, (R, K, n); zero where all subsets were played."""
    together: np.ndarray
    """Effect of the whole package, (R, K)."""
    alone: np.ndarray
    """Effect of each policy alone, (R, K, n)."""
    pairs: np.ndarray | None
    """Interaction of pairs, (R, K, n, n); none where not all subsets were played."""

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a policy and quantity: its share and its effect alone, with interval; last what comes of combining."""
        rows = []
        for k, quantity in enumerate(QUANTITIES):
            for at, policy in enumerate(self.policies):
                error = float(np.sqrt((self.sampling_error[:, k, at] ** 2).sum()) / len(self.shares))
                found = {"quantity": quantity, "policy": policy, **asdict(estimate(self.shares[:, k, at]))}
                rows.append({**found, "sampling_error": error, "alone": float(self.alone[:, k, at].mean())})
            whole, summed = self.together[:, k], self.alone[:, k].sum(axis=1)
            for name, values, alone in (("together", whole, summed), ("synergy", whole - summed, np.zeros(1))):
                found = {"quantity": quantity, "policy": name, **asdict(estimate(values))}
                rows.append({**found, "sampling_error": 0.0, "alone": float(alone.mean())})
        return pd.DataFrame(rows)

    @cached_property
    def interactions(self) -> pd.DataFrame:
        """One row a pair of policies and quantity: what the two do together beyond what each does alone, with interval."""
        rows = []
        for k, quantity in enumerate(QUANTITIES if self.pairs is not None else ()):
            for one in range(len(self.policies)):
                for two in range(one):
                    named = {"quantity": quantity, "policy": self.policies[two], "with": self.policies[one]}
                    rows.append({**named, **asdict(estimate(self.pairs[:, k, one, two]))})  # type: ignore[index]
        return pd.DataFrame(rows)


def synergy(
    spec: Spec, policies: Sequence[str] = (), *, replicates: int = 20, pairs: int = PAIRS, draw_inputs: bool = True,
    jobs: int = 1, executor: Executor | None = None, tick: Callable[[], None] | None = None,
) -> Synergy:  # fmt: skip
    """Share out the paired effect of a package over its policies.

    Policies (or packages; none named: all that are off as written) are added to the scenario less these policies. Up to ten
    all subsets are played; of more, `pairs` of an order and its reverse.
    """
    names = policies_named(spec, policies, "--with") or policies_off(spec)
    count = len(names)
    sets = all_subsets(count) if count <= MOST_EXACT else prefixes(count, pairs, spec.scenario.seed)
    one = partial(_replicate, spec, names, tuple(sets), draw_inputs)
    worth = np.array(over_replicates(one, replicates, jobs=jobs, executor=executor, tick=tick)).swapaxes(1, 2)
    place = {some: at for at, some in enumerate(sets)}
    first = worth[..., [0]]
    alone = worth[..., [place[frozenset({at})] for at in range(count)]] - first
    together = worth[..., place[frozenset(range(count))]] - first[..., 0]
    if count <= MOST_EXACT:
        shares = shapley_values(worth)
        return Synergy(spec, names, shares, np.zeros_like(shares), together, alone, interactions(worth))
    taken = orders(count, pairs, Streams(spec.scenario.seed))
    each = np.stack([_marginals(worth, place, order) for order in taken], axis=-1)
    paired = (each[..., ::2] + each[..., 1::2]) / 2
    return Synergy(
        spec, names, paired.mean(axis=-1), paired.std(axis=-1, ddof=1) / np.sqrt(pairs), together, alone, None
    )


def all_subsets(count: int) -> list[frozenset[int]]:
    """Return all sets of policies in the order of `metrics.synergy.subsets`."""
    return [frozenset(np.flatnonzero(row).tolist()) for row in subsets(count)]


def prefixes(count: int, pairs: int, seed: int) -> list[frozenset[int]]:
    """Return the sets that sampled orders go through and each policy alone, the empty one first, none twice."""
    found = [frozenset[int](), *(frozenset({one}) for one in range(count))]
    for order in orders(count, pairs, Streams(seed)):
        found += [frozenset(order[: size + 1].tolist()) for size in range(count)]
    return list(dict.fromkeys(found))


def _marginals(worth: np.ndarray, place: dict[frozenset[int], int], order: np.ndarray) -> np.ndarray:
    """Return what each policy adds in an order, (R, K, n)."""
    at = [place[frozenset(order[:size].tolist())] for size in range(len(order) + 1)]
    added = np.diff(worth[..., at], axis=-1)
    out = np.empty_like(added)
    out[..., order] = added
    return out


def _replicate(
    spec: Spec, names: Sequence[str], sets: Sequence[frozenset[int]], draw_inputs: bool, replicate: int
) -> list[list[float]]:
    """Return the quantities of every set of policies in one replicate, (sets, K)."""
    base = spec.on - set(names)
    arms = [base | {names[at] for at in some} for some in sets]
    found = read_arms(spec, arms, accounts, replicate=replicate, draw_inputs=draw_inputs)
    return [
        [float(np.nan_to_num(one.rate[1, one.city])), *one.amount[1:, one.city].tolist(), one.cost] for one in found
    ]
