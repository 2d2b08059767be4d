"""A calibration: draws of the prior, generations ever nearer to the targets, a posterior, and what it foretells.

An adaptive population Monte Carlo for approximate Bayesian computation: every run of every generation keeps its weight
(deterministic mixture), the nearest share is kept, and a regression moves what is kept to the targets. This module refuses
to print and to draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from relocsim.batch.folder import BatchError, locked
from relocsim.calibration.adjusting import adjusted
from relocsim.calibration.nearness import Kept, distances, nearest, spread
from relocsim.calibration.planning import Calibration
from relocsim.calibration.playing import Draws, Played, Table, Tick
from relocsim.calibration.predicting import checked
from relocsim.calibration.proposing import Kernel, importance, normals, numbers, uniforms
from relocsim.calibration.recovering import Recovery, recovered
from relocsim.calibration.summarising import correlations, summary
from relocsim.calibration.tolerances import scaled

PRIOR, CHECKS = "generation-00", "checks"
_LEAST_DRAWS = 5
"""Draws of the prior that must show all targets."""
_LEAST_TRIALS = 10
"""Trials below which ranks say nothing."""
_CHECKED = 1000
"""Generation under which draws of the predictive check are numbered."""


@dataclass(frozen=True)
class Fit:
    """A weighted sample of the posterior."""

    names: tuple[str, ...]
    z: np.ndarray
    """Adjusted parameters on the probit scale, (m, K)."""
    kept: Kept
    """Which of all draws they are, with weights and distances."""
    distance: np.ndarray
    """Distance of each, before it was adjusted, (m,)."""


@dataclass(frozen=True)
class Calibrated:
    """What a calibration found."""

    calibration: Calibration
    fit: Fit
    generations: pd.DataFrame
    """One row a generation: runs, draws that could be read, draws kept, their effective number, distance of the farthest."""
    parameters: pd.DataFrame
    """One row a parameter: prior and posterior, how much narrower, whether the targets identify it."""
    correlations: pd.DataFrame
    """One row a pair of parameters, the strongest first."""
    targets: pd.DataFrame
    """One row a target or held-out figure: value, prior, posterior, inside or outside."""
    recovery: Recovery | None
    """What a test on simulated targets found."""
    runs: int
    """Runs that were played for it in all."""
    failed: int
    """Runs that failed."""


def calibrate(
    calibration: Calibration, out: str | Path, *, jobs: int = 1, executor: Executor | None = None, recovery: int = 0,
    tick: Tick | None = None,
) -> Calibrated:  # fmt: skip
    """Play a calibration into a folder, or what is left of it, and return what it found.

    Raises
    ------
    BatchError
        Where the folder holds another calibration, or hardly a run shows what the targets are compared with.
    """
    folder = Path(out)
    with locked(folder):
        table = Table(calibration, folder, jobs, executor, tick)
        shown, fits, rows = _generations(table)
        fit = fits[-1]
        checks = _checks(table, fit)
    scored = [_readable(one, calibration) for one in (shown[0], checks)]
    test = recover(calibration, shown[0], recovery) if recovery else None
    played = [*shown, *([checks] if len(checks.values) else [])]
    return Calibrated(
        calibration,
        fit,
        pd.DataFrame(rows),
        summary(calibration.families, fit.z, fit.kept.weight),
        correlations([one.label for one in calibration.families], fit.z, fit.kept.weight),
        checked(calibration, *scored),
        test,
        runs=sum(len(one.values) for one in played) * len(calibration.cases),
        failed=sum(one.failed for one in played),
    )


def _readable(played: Played, calibration: Calibration) -> np.ndarray:
    return scaled([*calibration.aims, *calibration.held_out], played.values)


def _generations(table: Table) -> tuple[list[Played], list[Fit], list[dict[str, object]]]:
    """Play the prior and the generations; return what they showed, and the fit after each."""
    calibration, runs = table.calibration, table.calibration.plan.runs
    names = tuple(one.name for one in calibration.families)
    seed = calibration.seed
    first = numbers(0, runs.prior)
    shown = [table.played(Draws(PRIOR, first, normals(seed, "prior", first, names), names))]
    kernels: list[Kernel] = []
    fits: list[Fit] = []
    rows: list[dict[str, object]] = []
    for generation in range(runs.generations + 1):
        if generation:
            kept = fits[-1].kept
            everything = np.concatenate([one.draws.z for one in shown])
            kernels.append(Kernel.about(everything, kept.rows, kept.weight))
            number = numbers(generation, runs.draws)
            z = kernels[-1].propose(seed, number, names)
            shown.append(table.played(Draws(f"generation-{generation:02d}", number, z, names)))
        fits.append(fitted(calibration, shown, kernels))
        rows.append(_row(generation, shown, fits[-1], calibration))
    return shown, fits, rows


def noisy(calibration: Calibration, played: Sequence[Played]) -> np.ndarray:
    """Return the readings of targets on the scales that are compared, each with an error of the size of its tolerance."""
    aims = calibration.aims
    values = np.concatenate([scaled(aims, one.values[:, : len(aims)]) for one in played])
    number = np.concatenate([one.draws.number for one in played])
    errors = normals(calibration.seed, "errors", number, [aim.name for aim in aims])
    found: np.ndarray = values + errors * np.array([aim.error for aim in aims])
    return found


def fitted(calibration: Calibration, shown: Sequence[Played], kernels: Sequence[Kernel]) -> Fit:
    """Return the posterior after some generations."""
    values = noisy(calibration, shown)
    at = np.array([aim.at for aim in calibration.aims])
    first = values[: len(shown[0].values)]
    if np.isfinite(first).all(axis=1).sum() < _LEAST_DRAWS:
        said = next((f"; the first that failed says: {one.error}" for one in shown if one.error), "")
        unread = ", ".join(
            aim.name for aim, there in zip(calibration.aims, np.isfinite(first).T, strict=True) if not there.any()
        )
        lacking = f"; none shows {unread}" if unread else ""
        raise BatchError(
            f"fewer than {_LEAST_DRAWS} draws of the prior show all that the targets are compared with{lacking}{said}"
        )
    scale = spread(first)
    z = np.concatenate([one.draws.z for one in shown])
    weight = importance(z, [len(one.values) for one in shown], kernels)
    distance = distances(values, at, scale)
    kept = nearest(distance, weight, calibration.plan.runs.accepted)
    moved = adjusted(z[kept.rows], (values[kept.rows] - at) / scale, kept.weight)
    return Fit(shown[0].draws.names, moved, kept, distance[kept.rows])


def _row(generation: int, shown: Sequence[Played], fit: Fit, calibration: Calibration) -> dict[str, object]:
    values = noisy(calibration, shown)
    return {
        "generation": generation,
        "draws": len(values),
        "runs": len(values) * len(calibration.cases),
        "readable": int(np.isfinite(values).all(axis=1).sum()),
        "failed": sum(one.failed for one in shown),
        "kept": len(fit.kept.rows),
        "effective": fit.kept.size,
        "distance": fit.kept.distance,
    }


def _checks(table: Table, fit: Fit) -> Played:
    """Play draws of the posterior, each with luck of its own."""
    calibration = table.calibration
    number = numbers(_CHECKED, calibration.plan.runs.checks)
    name = f"{CHECKS}-{calibration.plan.runs.generations:02d}"
    if not len(number):
        aims = len(calibration.aims) + len(calibration.held_out)
        return Played(Draws(name, number, np.zeros((0, len(fit.names))), fit.names), np.zeros((0, aims)), 0)
    which = uniforms(calibration.seed, "checks", number, ["row"])[:, 0]
    upto = np.cumsum(fit.kept.weight)
    rows = np.minimum(np.searchsorted(upto, which * upto[-1], side="right"), len(upto) - 1)
    return table.played(Draws(name, number, fit.z[rows], fit.names))


def recover(calibration: Calibration, prior: Played, trials: int) -> Recovery:
    """Return what the method finds of the first draws of the prior that could be read, each in turn taken as the truth."""
    values, z = noisy(calibration, [prior]), prior.draws.z
    there = np.flatnonzero(np.isfinite(values).all(axis=1))
    values, z = values[there], z[there]
    trials = min(trials, len(z))
    if trials < _LEAST_TRIALS:
        raise BatchError(
            f"a recovery takes at least {_LEAST_TRIALS} trials, and {trials} draws of the prior can be read"
        )
    scale = spread(values)
    found = []
    for trial in range(trials):
        others = np.delete(np.arange(len(z)), trial)
        distance = distances(values[others], values[trial], scale)
        kept = nearest(distance, np.ones(len(others)), calibration.plan.runs.accepted)
        rows = others[kept.rows]
        found.append((adjusted(z[rows], (values[rows] - values[trial]) / scale, kept.weight), kept.weight))
    return recovered([one.label for one in calibration.families], z, found, z[:trials])
