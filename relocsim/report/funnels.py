"""The funnel of the city under study over replicates: what reached each stage, with intervals. Refuses to draw."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial

import numpy as np
import pandas as pd

from relocsim.batch.running import Run, run
from relocsim.batch.workers import over_replicates
from relocsim.metrics.effects import estimate
from relocsim.metrics.funnel import SIGNED
from relocsim.spec import Spec
from relocsim.world.projects import STAGES


def funnel_over_replicates(
    spec: Spec, *, replicates: int = 20, jobs: int = 1, executor: Executor | None = None,
    tick: Callable[[], None] | None = None,
) -> tuple[pd.DataFrame, int]:  # fmt: skip
    """Return the funnel as `charts_sources.stages_of` gives it, with intervals over replicates, and their number.

    Inputs are drawn anew in every replicate. A share of nothing signed is none, and left out of its interval.
    """
    found = over_replicates(partial(_amounts, spec), replicates, jobs=jobs, executor=executor, tick=tick)
    return stage_table(np.array(found)), len(found)


def stage_table(amounts: np.ndarray) -> pd.DataFrame:
    """Return one row a stage, means and intervals of money and of its share of what was signed, from (R, stages)."""
    signed = amounts[:, [SIGNED]]
    shares = np.divide(amounts, signed, out=np.full(amounts.shape, np.nan), where=signed > 0)
    rows = []
    for at, stage in enumerate(STAGES):
        money, share = estimate(amounts[:, at]), estimate(shares[:, at])
        ends = {"of_signed": share.mean, "of_signed_low": share.low, "of_signed_high": share.high}
        rows.append({"stage": stage, "mean": money.mean, "low": money.low, "high": money.high, **ends})
    return pd.DataFrame(rows)


def _amounts(spec: Spec, replicate: int) -> list[float]:
    """Return what reached each stage in the city in one replicate, 1e8 yuan."""
    return city_amounts(run(spec, replicate=replicate))


def city_amounts(played: Run) -> list[float]:
    """Return what reached each stage in the city under study in a run, 1e8 yuan."""
    projects = played.projects
    mine = projects[projects["place"].astype(str) == played.spec.scenario.study.city]
    return [float(mine.loc[mine[f"{stage}_at"].astype(str) != "", "investment"].sum()) for stage in STAGES]
