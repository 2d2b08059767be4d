"""Sensitivity of an effect: Morris's screening over every family of ranged inputs, then Sobol's indices of those it keeps.

All points have the same luck, replicate by replicate. Both designs are batches in the folder, which go on where they were
stopped. This module refuses to print and to draw.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from relocsim.batch.designs import salib_told
from relocsim.batch.executing import run_batch
from relocsim.batch.folder import BatchError
from relocsim.batch.indices import indices
from relocsim.batch.planning import PlannedBatch
from relocsim.batch.stored import StoredBatch
from relocsim.sensitivity.families import Family, families, family_rows
from relocsim.sensitivity.planning import Asked, chosen, decomposition, require_sound, screening
from relocsim.sensitivity.reading import ranking, swings
from relocsim.spec import Spec

SCREENING, SOBOL = "screening", "sobol"
"""Folders of the two batches."""
LEAST = 0.05
"""Share of the largest mu* below which a family is not kept."""
Tick = Callable[[str, int, int], None]
"""Told the name of a batch, finished runs and all its runs."""


@dataclass(frozen=True)
class Sensitivity:
    """What an effect depends on."""

    spec: Spec
    asked: Asked
    unit: str
    """Unit of the effect."""
    factors: pd.DataFrame
    """One row a family: label, number of inputs, share assumed; unit and range of a single input."""
    screening: pd.DataFrame
    """One row a family: mu*, mu and sigma with intervals, most first, and whether it is kept."""
    indices: pd.DataFrame
    """One row a family that is kept: first-order and total indices with intervals, most first."""
    swings: pd.DataFrame
    """One row a family that is kept: the effect in its lower and its upper third."""
    ranking: pd.DataFrame
    """One row a policy: how often it is the best."""

    @property
    def labels(self) -> dict[str, str]:
        """Labels of families by name."""
        return dict(zip(self.factors["factor"], self.factors["label"], strict=True))

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        return {name: getattr(self, name) for name in ("factors", "screening", "indices", "swings", "ranking")}


def sensitivity(
    spec: Spec, asked: Asked, out: str | Path, *, scenario: str = "", jobs: int = 1, executor: Executor | None = None,
    retry_failed: bool = False, tick: Tick | None = None,
) -> Sensitivity:  # fmt: skip
    """Play both designs into a folder, or what is left of them, and return what they say.

    Raises
    ------
    SpecError
        Where there is no such policy or observable, a size is none, or SALib is not installed.
    BatchError
        Where the folder holds other batches, runs have failed, or the effect is the same everywhere.
    """
    require_sound(spec, asked)
    with salib_told("a sensitivity needs"):
        import SALib.analyze.morris  # noqa: F401 - before hours of runs, not after
    found = chosen(families(spec), asked)

    def played(name: str, planned: PlannedBatch) -> StoredBatch:
        told = (lambda progress: tick(name, progress.finished, progress.total)) if tick else None
        folder = run_batch(
            planned, Path(out) / name, jobs=jobs, executor=executor, retry_failed=retry_failed, tick=told
        )
        return StoredBatch(folder)

    name = Path(scenario).name or spec.scenario.name
    first = screened(played(SCREENING, screening(spec, asked, found, name)), asked)
    kept = kept_of(found, first)
    batch = played(SOBOL, decomposition(spec, asked, kept, name))
    table = indices(batch, on=[asked.on], lever=asked.effect)
    return Sensitivity(
        spec,
        asked,
        str(table["unit"].iloc[0]).replace("%", "percentage points"),
        factors=pd.DataFrame(family_rows(found)),
        screening=first,
        indices=table.sort_values("total", ascending=False, kind="stable", ignore_index=True),
        swings=swings(batch, asked.effect, asked.on),
        ranking=ranking(batch, asked.on),
    )


def screened(batch: StoredBatch, asked: Asked) -> pd.DataFrame:
    """Return Morris's measures, most first, and which families are kept: the first `keep` that reach a share of the largest.

    BatchError where the effect is the same in all runs, or undefined in some.
    """
    table = indices(batch, on=[asked.on], lever=asked.effect)
    largest = table["mu_star"].max()
    if not largest > 0:
        why = "is the same in all runs" if largest == 0 else "is undefined in some runs"
        hint = "ask for another observable, or play more firms"
        raise BatchError(f"the effect of {asked.effect} on {asked.on} {why}, and depends on nothing ({hint})")
    table = table.sort_values("mu_star", ascending=False, kind="stable", ignore_index=True)
    return table.assign(kept=(table.index < asked.keep) & (table["mu_star"] >= LEAST * largest))


def kept_of(found: Sequence[Family], first: pd.DataFrame) -> list[Family]:
    """Return the families that a screening keeps, by name."""
    kept = set(first.loc[first["kept"], "factor"])
    return [family for family in found if family.name in kept]
