"""Indices of a finished batch on a design of Sobol or Morris: which factor moves an observable, or the effect of a lever.

Every row of the design counts with the mean over its replicates, which have the same luck at all points, so that nothing
but the factors differs between rows. The estimators and the intervals are SALib's; they say how well the design tells the
indices, not what other luck would do. This module refuses to play and to guess at rows that are missing.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from relocsim.batch.designs import MORRIS_LEVELS, coordinates, problem_of, salib_told
from relocsim.batch.folder import BatchError
from relocsim.batch.pairs import pairs_of
from relocsim.batch.plan import Factors, Level
from relocsim.batch.stored import StoredBatch
from relocsim.batch.summaries import by_replicate, stored_levels
from relocsim.spec.words import near

DESIGNS = ("sobol", "morris")
"""Designs that have indices."""
CONFIDENCE, RESAMPLES = 0.95, 1000
_KEYS = ("observable", "lever", "level", "at", "unit")


@dataclass(frozen=True)
class Varied:
    """The part of a plan that is on a design of Sobol or Morris, and what stands beside it."""

    part: Factors
    """Its factors."""
    seed: int
    inner: bool
    """Whether it is the levers, which vary fastest in the design."""
    rows: int
    """Rows of its design."""

    @property
    def design(self) -> str:
        """Name of the design."""
        return self.part.design

    @property
    def block(self) -> int:
        """Rows a base sample (Sobol) or a trajectory (Morris)."""
        return len(self.part.factors) + (2 if self.design == "sobol" else 1)

    def shaped(self, values: np.ndarray) -> np.ndarray:
        """Return values by row of the whole design, (..., rows), as (..., rows of this part, rows of the other)."""
        if self.inner:
            return np.swapaxes(values.reshape(*values.shape[:-1], -1, self.rows), -1, -2)
        return values.reshape(*values.shape[:-1], self.rows, -1)


@dataclass(frozen=True)
class Quantity:
    """A figure by row of the varied part: an observable, or the effect of a lever on it."""

    keys: Mapping[str, object]
    """Observable, lever, level, at, unit."""
    by_replicate: np.ndarray
    """Its values, (replicates, rows)."""

    @property
    def values(self) -> np.ndarray:
        """Mean over replicates, (rows,)."""
        return np.asarray(self.by_replicate.mean(axis=0))

    @property
    def luck(self) -> float:
        """Share of the variance of `values` over rows that is luck of the rows: what replicates disagree on; nan of one."""
        count, rows = self.by_replicate.shape
        spread = self.values.var(ddof=1)
        if count < 2 or not spread > 0:
            return float("nan")
        own = self.by_replicate - self.values - self.by_replicate.mean(axis=1, keepdims=True) + self.values.mean()
        return float((own**2).sum() / ((count - 1) * (rows - 1)) / count / spread)


def indices(batch: StoredBatch, *, on: Sequence[str] = (), lever: str | None = None) -> pd.DataFrame:
    """Return one row a quantity and factor: first-order and total indices of Sobol, or mu*, mu and sigma of Morris.

    Parameters
    ----------
    batch
        A finished batch whose levers or uncertainties are on a design of Sobol or Morris.
    on
        Observables; none named: all that are recorded.
    lever
        Of this lever the paired effect alone; else each observable at each row of the other part, and the effects of all
        levers beside the design.

    Returns
    -------
    Columns `observable`, `lever`, `level` (of an effect), `at` (what the other part sets), `unit`, `factor`, then for Sobol
    `first_order` and `total`, for Morris `mu_star`, `mu` (in the unit, over the whole range of the factor) and `sigma`, with
    `_low` and `_high` the ends of 95 % confidence intervals: SALib's bootstrap over base samples or trajectories, for mu
    Student's (SALib has none for mu and sigma); `mean` and `sd` of the quantity over the design, `luck` (see `Quantity`),
    `samples` and `replicates`. A quantity that is the same in all rows, or undefined in some run, has no index of Sobol
    (nan).

    Raises
    ------
    BatchError
        Where the design is another, runs are missing or have failed, or there is no such observable or lever.
    SpecError
        Where SALib is not installed.
    """
    varied = varied_part(batch)
    require_whole(batch, varied)
    analysed = _sobol if varied.design == "sobol" else _morris
    rows = []
    with salib_told("indices need"):
        for one in quantities(batch, varied, on=on, lever=lever):
            found = analysed(batch, varied, one.values)
            spread = {"mean": one.values.mean(), "sd": one.values.std(ddof=1), "luck": one.luck}
            counts = {"samples": varied.rows // varied.block, "replicates": _replicates(batch)}
            for at, factor in enumerate(varied.part.factors):
                figures = {name: column[at] for name, column in found.items()}
                rows.append({**one.keys, "factor": factor, **figures, **spread, **counts})
    return pd.DataFrame(rows)


def varied_part(batch: StoredBatch) -> Varied:
    """Return the part of a batch's plan that has indices; BatchError where none has, or both."""
    plan = batch.plan
    parts = [part for part in (plan.levers, plan.uncertainties) if part is not None and part.design in DESIGNS]
    if len(parts) != 1:
        named = [f"{name} {part.design!r}" for name in ("levers", "uncertainties") if (part := getattr(plan, name))]
        found = f"found {', '.join(named) or 'no factors'}"
        wanted = "levers or uncertainties on the design 'sobol' or 'morris'" + (", not both" if parts else "")
        raise BatchError(f"{batch.folder} has no indices: expected {wanted}; {found}")
    part = parts[0]
    width = len(part.factors) + (2 if part.design == "sobol" else 1)
    return Varied(part, int(batch.manifest.identity["seed"]), part is plan.levers, int(part.samples or 1) * width)


def require_whole(batch: StoredBatch, varied: Varied) -> None:
    """Raise BatchError where a batch is not finished, or runs failed, so that blocks of its design are not whole."""
    if not batch.manifest.complete:
        raise BatchError(
            f"{batch.folder} is not finished, and indices need all its runs; start the batch again to go on"
        )
    if batch.failures.empty:
        return
    failed = np.isin(batch.design["point"].to_numpy(), batch.failures["point"].to_numpy())
    rows: np.ndarray = np.any(varied.shaped(failed), axis=-1)
    blocks = int(rows.reshape(-1, varied.block).any(axis=1).sum())
    what = "base samples" if varied.design == "sobol" else "trajectories"
    message = (
        f"{len(batch.failures)} runs of {batch.folder} failed, so that {blocks} of {len(rows) // varied.block} {what}"
    )
    raise BatchError(
        f"{message} are not whole, and indices need whole ones: `relocsim status` shows why they failed, "
        "`relocsim batch ... --retry-failed` plays them again"
    )


def quantities(batch: StoredBatch, varied: Varied, *, on: Sequence[str], lever: str | None) -> Iterator[Quantity]:
    """Yield what indices can be had of, one observable after the other."""
    unknown = [name for name in on if name not in batch.observables]
    if unknown:
        meant = near(unknown[0], batch.observables) or f"it has {', '.join(batch.observables)}"
        raise BatchError(f"the batch has no observable {unknown[0]!r} ({meant})")
    beside = [] if varied.inner or batch.plan.levers is None else list(batch.plan.levers.factors)
    if lever is not None and lever not in beside:
        raise BatchError(f"no lever {lever!r} stands beside the design; levers: {', '.join(beside) or 'none'}")
    for name in on or batch.observables:
        yield from _of_observable(batch, varied, name, [lever] if lever else beside, alone=lever is not None)


def _of_observable(
    batch: StoredBatch, varied: Varied, name: str, levers: Sequence[str], *, alone: bool
) -> Iterator[Quantity]:
    """Yield an observable at each row of the other part (unless effects `alone` are wanted), then the effects on it."""
    table = rows_by_point(batch, varied, name)
    keys = {"observable": name, "lever": "", "level": "", "at": "", "unit": batch.manifest.layout["units"][name]}
    if varied.inner:  # unknowns are averaged over: what is asked is what the lever does
        yield Quantity(keys, table.mean(axis=-1))
        return
    settings = batch.design.head(table.shape[-1])
    others = list(batch.plan.levers.factors) if batch.plan.levers else []
    if not alone:
        for column in range(len(settings)):
            at = ", ".join(f"{name}={_told(settings[name].iloc[column])}" for name in others)
            yield Quantity({**keys, "at": at}, table[..., column])
    for one in levers:
        for level, columns in effect_columns(batch, one, settings[others]).items():
            effect = np.mean([table[..., with_] - table[..., without] for without, with_ in columns], axis=0)
            yield Quantity({**keys, "lever": one, "level": _told(level)}, effect)


def rows_by_point(batch: StoredBatch, varied: Varied, name: str) -> np.ndarray:
    """Return an observable, (replicates, rows of the varied part, rows of the other part)."""
    return varied.shaped(by_replicate(batch, name)[:, batch.design["point"].to_numpy()])


def effect_columns(batch: StoredBatch, lever: str, settings: pd.DataFrame) -> dict[Level, list[tuple[int, int]]]:
    """Return the pairs of rows of the levers' design without and with each level of a lever, all else alike."""
    rows = settings.to_dict("records")
    found: dict[Level, list[tuple[int, int]]] = {}
    for pair in pairs_of(lever, stored_levels(batch, lever), rows, range(len(rows))):
        found.setdefault(pair.level, []).append((pair.first, pair.second))
    return found


def _told(value: object) -> str:
    return str(value).lower() if isinstance(value, bool | np.bool_) else str(value)


def _replicates(batch: StoredBatch) -> int:
    return int(batch.runs["replicate"].max()) + 1


Figures = dict[str, np.ndarray]


def _sobol(batch: StoredBatch, varied: Varied, values: np.ndarray) -> Figures:
    """Return first-order and total indices with their intervals, each (factors,)."""
    count = len(varied.part.factors)
    if not np.isfinite(values).all() or np.ptp(values) == 0:
        names = ("first_order", "first_order_low", "first_order_high", "total", "total_low", "total_high")
        return {name: np.full(count, np.nan) for name in names}
    from SALib.analyze import sobol

    found = _analysed(sobol.analyze, problem_of(count), values, calc_second_order=False, seed=_seed(varied))
    return {
        **_with_ends("first_order", found["S1"], found["S1_conf"]),
        **_with_ends("total", found["ST"], found["ST_conf"]),
    }


def _morris(batch: StoredBatch, varied: Varied, values: np.ndarray) -> Figures:
    """Return mu*, mu and sigma with their intervals, each (factors,)."""
    from SALib.analyze import morris

    table = _grid(batch, varied)
    problem = problem_of(table.shape[1])
    found = _analysed(morris.analyze, problem, table, values, num_levels=MORRIS_LEVELS, seed=_seed(varied))
    count = varied.rows // varied.block
    sigma = np.asarray(found["sigma"], dtype=float)
    half = (
        stats.t.ppf((1 + CONFIDENCE) / 2, count - 1) * sigma / np.sqrt(count)
        if count > 1
        else np.full(len(sigma), np.nan)
    )
    return {
        **_with_ends("mu_star", found["mu_star"], found["mu_star_conf"]),
        **_with_ends("mu", found["mu"], half),
        "sigma": sigma,
    }


def _grid(batch: StoredBatch, varied: Varied) -> np.ndarray:
    """Return the coordinates of Morris's rows, made anew from the seed; BatchError where they are not those of the batch."""
    names = list(varied.part.factors)
    table = coordinates("morris", len(names), varied.rows // varied.block, varied.seed)
    other = len(batch.design) // varied.rows
    stored = batch.design.iloc[: varied.rows] if varied.inner else batch.design.iloc[::other]
    for at, name in enumerate(names):
        if pd.Series(stored[name].to_numpy()).groupby(table[:, at]).nunique().max() > 1:
            message = f"the trajectories of {batch.folder} are not those that this release of SALib makes"
            raise BatchError(f"{message}; use the release that the batch was played with")
    return table


def _analysed(analyse: Callable[..., Mapping[str, Any]], *arguments: object, **options: object) -> Mapping[str, Any]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "unique with argument", FutureWarning)  # SALib 1.5.1, of pandas 2.2
        return analyse(*arguments, num_resamples=RESAMPLES, conf_level=CONFIDENCE, **options)


def _seed(varied: Varied) -> int:
    return varied.seed % 2**32 or 1  # SALib takes zero for none


def _with_ends(name: str, centre: object, half: object) -> Figures:
    middle, width = np.asarray(centre, dtype=float), np.asarray(half, dtype=float)
    return {name: middle, f"{name}_low": middle - width, f"{name}_high": middle + width}
