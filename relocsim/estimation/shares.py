"""What coefficients mean: chances of choice added up to shares, and elasticities of shares to attributes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from relocsim.estimation.design import Choices
from relocsim.estimation.likelihood import Chances


def share_table(choices: Choices, chances: Chances) -> pd.DataFrame:
    """Return one row an alternative: choosers who could choose it, who did, who were expected to, and shares of all."""
    count, everybody = len(choices.alternatives), len(choices.start)
    observed = np.bincount(choices.alternative[choices.chosen], minlength=count)
    expected = np.bincount(choices.alternative, chances.of_row, minlength=count)
    return pd.DataFrame(
        {
            "alternative": choices.alternatives,
            "available_to": np.bincount(choices.alternative, minlength=count),
            "chosen_by": observed,
            "expected": expected,
            "observed_share": observed / everybody,
            "predicted_share": expected / everybody,
        }
    )


def elasticity_table(
    choices: Choices, chances: Chances, beta: np.ndarray, lambdas: np.ndarray, scaled: bool, logs: tuple[str, ...]
) -> pd.DataFrame:
    """Return one row an attribute and alternative: by how many per cent shares go if the attribute rises by one.

    `own` is that of the alternative itself, `same_nest` and `other_nests` those of all others in its nest and outside, each
    of the sum of expected choices. An attribute in `logs` is a log: the rise is of what it is the log of. Of sets in which
    only some have an alternative, only those count in its own. What is 0 or 1 has none. `lambdas` are by nest, (M,).

    With W = V / lambda (V where not `scaled`), p within and Q of the nest, the chance P_j of a chooser answers its own V by
    P_j s (1 - p_j + lambda p_j (1 - Q)), s = 1 / lambda (or 1), what is in another nest by - lambda s p_j Q_m P_k.
    """
    by_row = lambdas[choices.nest_of_row()]
    slope = 1 / by_row if scaled else np.ones_like(by_row)
    p, nest, chance = chances.within, chances.nest, chances.of_row
    own = chance * slope * (1 - p + by_row * p * (1 - nest))
    others_out = -by_row * slope * chance * (1 - nest)
    others_in = -own - others_out
    nests_left = nest - chance
    count = len(choices.alternatives)
    expected = np.bincount(choices.alternative, chance, minlength=count)
    inside = np.bincount(choices.alternative, nests_left, minlength=count)
    outside = np.bincount(choices.alternative, 1 - nest, minlength=count)
    parts = []
    for at, name in enumerate(choices.names):
        if np.isin(choices.x[:, at], (0.0, 1.0)).all():
            continue
        reach = beta[at] * ((choices.x[:, at] != 0) if name in logs else choices.x[:, at])
        found = {
            "attribute": name,
            "alternative": choices.alternatives,
            "own": _over(np.bincount(choices.alternative, reach * own, minlength=count), expected),
            "same_nest": _over(np.bincount(choices.alternative, reach * others_in, minlength=count), inside),
            "other_nests": _over(np.bincount(choices.alternative, reach * others_out, minlength=count), outside),
        }
        parts.append(pd.DataFrame(found))
    if not parts:
        return pd.DataFrame(columns=["attribute", "alternative", "own", "same_nest", "other_nests"])
    return pd.concat(parts, ignore_index=True)


def _over(change: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Return a change over its base; nothing where there is no base."""
    return np.divide(change, base, out=np.full(len(base), np.nan), where=base > 1e-12)
