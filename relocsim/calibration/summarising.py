"""What a posterior says of each parameter, and of pairs of them. Refuses to fit."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import ndtr

from relocsim.sensitivity.families import Family
from relocsim.spec.drawing import draw

NARROWER = 0.8
"""Width of the posterior over the prior's (90 % intervals of the quantile) above which a parameter is not identified."""
_ENDS = (0.05, 0.5, 0.95)


def quantiles(values: np.ndarray, weight: np.ndarray, at: Sequence[float]) -> np.ndarray:
    """Return weighted quantiles: the value below which a share of the weight lies, half of its own weight included."""
    order = np.argsort(values, kind="stable")
    upto = np.cumsum(weight[order]) - weight[order] / 2
    found: np.ndarray = np.interp(at, upto / weight.sum(), values[order])
    return found


def value_of(family: Family, quantile: float) -> float:
    """Return the value of a parameter at a quantile of its range: of a family of several inputs the quantile itself."""
    return draw(family.inputs[0], float(quantile)) if len(family.inputs) == 1 else float(quantile)


def summary(found: Sequence[Family], z: np.ndarray, weight: np.ndarray) -> pd.DataFrame:
    """Return one row a parameter: prior and posterior (median, 90 % interval), how much narrower, how far it moved.

    `width` is that of the posterior's 90 % interval over the prior's, on the quantile of the range; `moved` the median of
    the posterior in standard deviations of the prior (probit scale); `identified` whether `width` is at most `NARROWER`.
    """
    rows = []
    for at, family in enumerate(found):
        ends = ndtr(quantiles(z[:, at], weight, _ENDS))
        width = float((ends[2] - ends[0]) / (_ENDS[2] - _ENDS[0]))
        alone = len(family.inputs) == 1
        prior = {f"prior_{name}": value_of(family, q) for name, q in zip(("low", "median", "high"), _ENDS, strict=True)}
        after = {name: value_of(family, q) for name, q in zip(("low", "median", "high"), ends, strict=True)}
        rows.append(
            {
                "parameter": family.name,
                "label": family.label,
                "inputs": len(family.inputs),
                "unit": family.inputs[0].unit if alone else "quantile of the ranges",
                **prior,
                **after,
                "width": width,
                "moved": float(quantiles(z[:, at], weight, [0.5])[0]),
                "identified": width <= NARROWER,
            }
        )
    return pd.DataFrame(rows).sort_values("width", kind="stable", ignore_index=True)


def correlations(labels: Sequence[str], z: np.ndarray, weight: np.ndarray) -> pd.DataFrame:
    """Return one row a pair of parameters: their correlation under the posterior (probit scale), the strongest first."""
    mean = weight @ z / weight.sum()
    apart = z - mean
    covariance = (weight[:, None] * apart).T @ apart / weight.sum()
    deviation = np.sqrt(np.diag(covariance))
    rows = [
        {"one": labels[a], "other": labels[b], "correlation": float(covariance[a, b] / (deviation[a] * deviation[b]))}
        for a, b in combinations(range(len(labels)), 2)
        if deviation[a] > 0 and deviation[b] > 0
    ]
    table = pd.DataFrame(rows, columns=["one", "other", "correlation"])
    return table.sort_values("correlation", key=np.abs, ascending=False, kind="stable", ignore_index=True)
