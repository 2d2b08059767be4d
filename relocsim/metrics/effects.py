"""Paired effects and their uncertainty.

A replicate is a seed and one draw of every ranged input, the same in all arms, so that the effect of a policy is taken
within a replicate. The interval covers both what is not known and luck: it is a distribution-free interval of the
replicates. The simulation error is the standard error of their mean: what more replicates would shrink.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

import numpy as np
from scipy.special import ndtri, stdtrit

LEVEL = 0.95
"""Coverage that intervals aim at."""
WHOLE_RANGE = 39
"""Replicates up to which the interval is their whole range: 39 cover 38/40 = 95 % of further ones."""

ROUNDING = 1e-9
"""Ends of intervals are interpolated: where the least of all replicates is zero an end may be 1e-16 of the other."""


@dataclass(frozen=True)
class Estimate:
    """A figure over replicates."""

    mean: float
    """Mean over replicates."""
    low: float
    """Low end of the interval."""
    high: float
    """High end of the interval."""
    coverage: float
    """Expected coverage of the interval; below 0.95 with fewer than 39 replicates."""
    simulation_error: float
    """Standard error of the mean."""
    replicates: int
    """Replicates with a finite figure."""
    positive: int
    """Replicates in which the figure is above zero."""

    @property
    def sign_is_clear(self) -> bool:
        """Whether the interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


def estimate(values: np.ndarray) -> Estimate:
    """Return mean, interval and simulation error of one figure over replicates, (R,); not finite ones are left out.

    The interval is between the order statistics (R + 1)(1 - c)/2 and (R + 1)(1 + c)/2, interpolated (Weibull positions),
    with c = 0.95 where there are 39 replicates or more and c = (R - 1)/(R + 1), the whole range, where there are fewer:
    the expected coverage of a new replicate is then c exactly, whatever the distribution.
    """
    finite = np.sort(values[np.isfinite(values)])
    count = len(finite)
    if not count:
        return Estimate(np.nan, np.nan, np.nan, 0.0, np.nan, 0, 0)
    coverage = min(LEVEL, (count - 1) / (count + 1))
    low, high = finite[0], finite[-1]
    if count > WHOLE_RANGE:
        low, high = np.quantile(finite, [(1 - coverage) / 2, (1 + coverage) / 2], method="weibull")
    error = float(finite.std(ddof=1) / np.sqrt(count)) if count > 1 else np.nan
    return Estimate(float(finite.mean()), float(low), float(high), coverage, error, count, int((finite > 0).sum()))


def estimates(values: np.ndarray) -> dict[str, np.ndarray]:
    """Return the fields of `estimate` for many figures at once, each (N,), from values (R, N)."""
    finite = np.isfinite(values).all(axis=0)
    whole = _of_finite(values[:, finite]) if finite.any() else {}
    parts = [asdict(estimate(column)) for column in values[:, ~finite].T]
    found = {}
    for name in (field.name for field in fields(Estimate)):
        kind = int if name in {"replicates", "positive"} else float
        found[name] = np.empty(len(finite), dtype=kind)
        found[name][finite] = whole.get(name, 0)
        found[name][~finite] = [part[name] for part in parts]
    return found


def _of_finite(values: np.ndarray) -> dict[str, np.ndarray | float]:
    """Return the fields of `estimate` of figures that are all finite, (N,) or the same for all."""
    ordered, count = np.sort(values, axis=0), len(values)
    coverage = min(LEVEL, (count - 1) / (count + 1))
    low, high = ordered[0], ordered[-1]
    if count > WHOLE_RANGE:
        low, high = np.quantile(ordered, [(1 - coverage) / 2, (1 + coverage) / 2], axis=0, method="weibull")
    error = ordered.std(axis=0, ddof=1) / np.sqrt(count) if count > 1 else np.nan
    return {"mean": ordered.mean(axis=0), "low": low, "high": high, "coverage": coverage, "simulation_error": error,
            "replicates": count, "positive": (ordered > 0).sum(axis=0)}  # fmt: skip


def paired_effect(with_: np.ndarray, without: np.ndarray) -> Estimate:
    """Return the estimate of with less without, replicate by replicate; both (R,), in the unit of the figure."""
    return estimate(np.asarray(with_, dtype=float) - without)


def replicates_needed(values: np.ndarray, half_width: float, level: float = LEVEL) -> int | None:
    """Return how many replicates bring the simulation error of the mean to `half_width` at `level`; none if not known.

    The least n with t(n - 1) s / sqrt(n) <= half_width; s is the standard deviation of the replicates seen, (R,), t the
    quantile of Student's distribution (Law 2015, Simulation Modeling and Analysis, section 9.4). The interval over what is
    not known does not shrink with replicates, and is not meant here.
    """
    finite = values[np.isfinite(values)]
    if len(finite) < 2 or half_width <= 0:
        return None
    spread = float(finite.std(ddof=1))
    normal = float(ndtri((1 + level) / 2))  # a bound from below
    needed = max(2, int((normal * spread / half_width) ** 2))
    while stdtrit(needed - 1, (1 + level) / 2) * spread / np.sqrt(needed) > half_width:
        needed += 1
    return needed
