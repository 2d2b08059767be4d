"""Whether nests matter: a parameter of 1 is no nest, between 0 and 1 a nest, outside no choice by utility for all values."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from relocsim.estimation.fitting import Fit


def nest_table(names: tuple[str, ...], values: np.ndarray, covariance: np.ndarray, level: float) -> pd.DataFrame:
    """Return one row a nest parameter: estimate, error, interval, Wald test against 1 and a verdict in words."""
    error = np.sqrt(np.diag(covariance))
    reach = stats.norm.ppf(0.5 + level / 2) * error
    z = (values - 1) / error
    return pd.DataFrame(
        {
            "nest": names,
            "parameter": values,
            "standard_error": error,
            "low": values - reach,
            "high": values + reach,
            "z_against_1": z,
            "p_against_1": 2 * stats.norm.sf(np.abs(z)),
            "verdict": [verdict(*row) for row in zip(values, values - reach, values + reach, strict=True)],
        }
    )


def verdict(value: float, low: float, high: float) -> str:
    """Return what a nest parameter says."""
    if low <= 1 <= high:
        said = "no nest can be told from 1" if value <= 1 else "above 1, but not told from 1: no nest"
    elif value > 1:
        said = "outside 0 to 1: not choice by utility for all values; these alternatives are not each other's rivals"
    else:
        said = "a nest: its alternatives stand in for each other more than for others"
    return said


def test_table(conditional: Fit, nested: Fit | None, covariance: np.ndarray, null: float) -> pd.DataFrame:
    """Return tests: of all coefficients, and of all nest parameters being 1 (likelihood ratio and Wald).

    `covariance` is that of all coefficients; `null` the log-likelihood of equal chances.
    """
    width = len(conditional.theta)
    last = nested or conditional
    rows = [("likelihood ratio", "all alternatives alike", 2 * (last.loglik - null), len(last.theta))]
    if nested is not None:
        count = len(nested.theta) - width
        gap = nested.theta[width:] - 1
        wald = float(gap @ np.linalg.solve(covariance[width:, width:], gap))
        ratio = 2 * (nested.loglik - conditional.loglik)
        rows += [("likelihood ratio", "no nests: every parameter 1", ratio, count)]
        rows += [("Wald", "no nests: every parameter 1", wald, count)]
    table = pd.DataFrame(rows, columns=["test", "of", "statistic", "degrees"])
    return table.assign(p=stats.chi2.sf(table["statistic"], table["degrees"]))


test_table.__test__ = False  # type: ignore[attr-defined]
