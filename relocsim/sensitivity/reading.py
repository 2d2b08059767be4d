"""What Sobol's batch says beside its indices: how far each input moves the effect, and whether the ranking stands.

Both are read off the same runs. This module refuses to play.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from relocsim.batch.indices import CONFIDENCE, Varied, effect_columns, rows_by_point, varied_part
from relocsim.batch.stored import StoredBatch


def effects_by_row(batch: StoredBatch, varied: Varied, on: str) -> pd.DataFrame:
    """Return the effect of each lever, with less without, by row of the design, mean over replicates."""
    levers = list(batch.plan.levers.factors) if batch.plan.levers else []
    table = rows_by_point(batch, varied, on).mean(axis=0)
    settings = batch.design.head(table.shape[-1])[levers]
    found = {}
    for lever in levers:
        ((without, with_),) = next(iter(effect_columns(batch, lever, settings).values()))
        found[lever] = table[:, with_] - table[:, without]
    return pd.DataFrame(found)


def swings(batch: StoredBatch, lever: str, on: str) -> pd.DataFrame:
    """Return one row a factor: the mean effect where it is in its lower and its upper third, all else as it comes.

    Of the two independent samples of Sobol's design, `2 samples` rows. Intervals are Student's, 95 %, of each mean and of
    their difference (`swing`, Welch's).
    """
    varied = varied_part(batch)
    effect = effects_by_row(batch, varied, on)[lever].to_numpy()
    apart = np.isin(np.arange(varied.rows) % varied.block, (0, varied.block - 1))
    design = batch.design.iloc[:: len(batch.design) // varied.rows]
    rows = []
    for name in varied.part.factors:
        value, own = design[name].to_numpy()[apart], effect[apart]
        low, high = np.quantile(value, [1 / 3, 2 / 3])
        lower, upper = own[value <= low], own[value >= high]
        rows.append({"factor": name, **_ends("lower", lower), **_ends("upper", upper), **_difference(lower, upper)})
    table = pd.DataFrame(rows).assign(mean=effect[apart].mean())
    return table.sort_values("swing", key=np.abs, ascending=False, kind="stable", ignore_index=True)


def _ends(name: str, values: np.ndarray) -> dict[str, float]:
    half = _half(values.var(ddof=1) / len(values), len(values) - 1) if len(values) > 1 else np.nan
    mean = float(values.mean())
    return {name: mean, f"{name}_low": mean - half, f"{name}_high": mean + half}


def _difference(lower: np.ndarray, upper: np.ndarray) -> dict[str, float]:
    swing = float(upper.mean() - lower.mean())
    half = np.nan
    if min(len(lower), len(upper)) > 1:
        parts = [(part.var(ddof=1) / len(part), len(part) - 1) for part in (lower, upper)]
        variance = sum(one for one, _ in parts)
        below = sum(one**2 / freedom for one, freedom in parts)
        half = _half(variance, variance**2 / below if below > 0 else 1.0)
    return {"swing": swing, "swing_low": swing - half, "swing_high": swing + half}


def _half(variance: float, freedom: float) -> float:
    return float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom) * np.sqrt(variance))


def ranking(batch: StoredBatch, on: str) -> pd.DataFrame:
    """Return one row a policy, the highest mean effect first: how it ranks among the others over the design.

    `mean`, `low`, `high`: of the effect, and the range of 95 % of the rows; `best_in`: share of rows in which it alone has
    the highest effect, with a 95 % interval over base samples (Student's); `rank` the mean rank, `rank_low` and `rank_high`
    the range of 95 % of the rows; `above_zero`: share of rows in which the effect is above zero.
    """
    varied = varied_part(batch)
    effects = effects_by_row(batch, varied, on)
    ranks = effects.rank(axis=1, ascending=False, method="min")
    alone = (ranks == 1).sum(axis=1).to_numpy() == 1
    rows = []
    for name in effects:
        own, rank = effects[name].to_numpy(), ranks[name].to_numpy()
        low, high = np.quantile(own, [0.025, 0.975])
        first, last = np.quantile(rank, [0.025, 0.975], method="nearest")
        rows.append(
            {"policy": name, "mean": own.mean(), "low": low, "high": high, **_share((rank == 1) & alone, varied.block),
             "rank": rank.mean(), "rank_low": int(first), "rank_high": int(last), "above_zero": (own > 0).mean()}
        )  # fmt: skip
    return pd.DataFrame(rows).sort_values("mean", ascending=False, kind="stable", ignore_index=True)


def _share(best: np.ndarray, block: int) -> dict[str, float]:
    """Return a share over rows with its interval: rows of a base sample are alike, base samples are not."""
    by_block = best.reshape(-1, block).mean(axis=1)
    half = _half(by_block.var(ddof=1) / len(by_block), len(by_block) - 1) if len(by_block) > 1 else np.nan
    share = float(by_block.mean())
    return {"best_in": share, "best_low": max(0.0, share - half), "best_high": min(1.0, share + half)}
