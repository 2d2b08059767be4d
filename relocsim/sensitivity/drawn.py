"""Which uncertain inputs go with an effect over the replicates of a comparison: rank correlations by family.

Every replicate drew every ranged input for itself, so that a comparison already holds a small random design. A family
stands for the mean quantile of its members' draws. With few replicates and hundreds of families some correlate by luck:
`p_family` counts all families that were looked at (Holm's bound), and only what stays below 5 % stands out. A
`relocsim sensitivity` tells more, at the price of its own runs. This module refuses to play.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from relocsim.batch.comparing import Comparison
from relocsim.batch.playing import input_draws
from relocsim.sensitivity.families import Family, families
from relocsim.spec import Spec

STANDS_OUT = 0.05
"""Chance below which a correlation is not put down to luck."""
FEWEST = 5
"""Replicates below which no correlation is told."""


def drawn_with(comparison: Comparison) -> pd.DataFrame:
    """Return one row an arm and family, strongest first: how the effect on the capture rate goes with what was drawn.

    `rho` is Spearman's rank correlation over replicates with a finite effect, `p` its chance under no relation, `p_family`
    that with all families counted, `assumed` the share of the family's inputs that is assumed. Empty with fewer than
    `FEWEST` replicates, and for arms whose effect is the same in all of them.
    """
    found = families(comparison.spec)
    if comparison.replicates < FEWEST or not found:
        return pd.DataFrame(
            columns=["arm", "factor", "label", "inputs", "assumed", "replicates", "rho", "p", "p_family"]
        )
    drawn = mean_quantiles(comparison.spec, found, comparison.replicates)
    parts = []
    for a, arm in enumerate(comparison.arms[1:], start=1):
        change = (comparison.rates[:, a] - comparison.rates[:, 0])[:, 1, comparison.stage, comparison.city]
        parts.append(correlated(arm.sign * change, drawn, found).assign(arm=arm.name))
    table = pd.concat(parts, ignore_index=True)
    return table[["arm", *(name for name in table.columns if name != "arm")]]


def mean_quantiles(spec: Spec, found: Sequence[Family], replicates: int) -> np.ndarray:
    """Return the mean quantile that the inputs of each family were drawn at, (R, F)."""
    out = np.empty((replicates, len(found)))
    for replicate in range(replicates):
        uniform = input_draws(spec, replicate)
        out[replicate] = [np.mean([uniform(entry.path) for entry in family.inputs]) for family in found]
    return out


def correlated(effect: np.ndarray, drawn: np.ndarray, found: Sequence[Family]) -> pd.DataFrame:
    """Return one row a family: the rank correlation of an effect, (R,), with its draws, (R, F), strongest first."""
    known = np.isfinite(effect)
    columns = {
        "factor": [one.name for one in found],
        "label": [one.label for one in found],
        "inputs": [len(one.inputs) for one in found],
        "assumed": [sum(entry.grade == "assumed" for entry in one.inputs) / len(one.inputs) for one in found],
        "replicates": int(known.sum()),
    }
    if known.sum() < FEWEST or np.ptp(effect[known]) == 0:
        return pd.DataFrame(columns=[*columns, "rho", "p", "p_family"])
    rho = rank_correlation(effect[known], drawn[known])
    freedom = known.sum() - 2
    with np.errstate(divide="ignore"):
        p = 2 * stats.t.sf(np.abs(rho) * np.sqrt(freedom / np.maximum(1 - rho**2, 0.0)), freedom)
    table = pd.DataFrame(columns).assign(rho=rho, p=p, p_family=holm(p))
    return table.sort_values("rho", key=np.abs, ascending=False, kind="stable", ignore_index=True)


def rank_correlation(one: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return Spearman's rank correlations of one figure, (R,), with many, (R, F); 0 where one of them does not vary."""
    left, right = (stats.rankdata(values, axis=0) for values in (one, others))
    left, right = left - left.mean(), right - right.mean(axis=0)
    scale = np.sqrt((left**2).sum() * (right**2).sum(axis=0))
    return np.divide(left @ right, scale, out=np.zeros(others.shape[1]), where=scale > 0)


def holm(p: np.ndarray) -> np.ndarray:
    """Return chances under no relation with all comparisons counted, (F,) (Holm 1979, Scand. J. Statist. 6:65-70)."""
    order, count = np.argsort(p, kind="stable"), len(p)
    out = np.empty(count)
    out[order] = np.minimum(1.0, np.maximum.accumulate((count - np.arange(count)) * p[order]))
    return out
