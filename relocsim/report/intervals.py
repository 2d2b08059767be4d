"""Means with their intervals and simulation errors, drawn: of any table with the columns of an `Estimate`.

Thin line: interval; thick bar: mean with one simulation error to either side; dot: mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from relocsim.report.theme import BLUE

Figures: TypeAlias = Mapping[str, Any] | pd.DataFrame
"""One estimate, or one a row: `mean`, `low`, `high` and, where it is known, `simulation_error`."""


@dataclass(frozen=True)
class Look:
    """How means and intervals look."""

    colour: str = BLUE
    marker: str = "o"
    bar: float = 7.0
    """Thickness of the bar of simulation error, points."""
    joined: float = 0.0
    """Thickness of the line from mean to mean, points; none by default."""


def draw_intervals(
    axes: Axes,
    found: Figures,
    at: ArrayLike,
    look: Look | None = None,
    *,
    upright: bool = False,
    label: str | None = None,
) -> None:
    """Draw estimates at positions `at`, (N,) or one: on lines that lie, or stand where they are `upright`.

    Where simulation errors are left out or not finite (one replicate), no thick bar is drawn.
    """
    look = look or Look()
    where = np.atleast_1d(np.asarray(at, dtype=float))
    mean, low, high, error = (_column(found, name, len(where)) for name in ("mean", "low", "high", "simulation_error"))
    lines = axes.vlines if upright else axes.hlines
    lines(where, low, high, color=look.colour, linewidth=1.6, zorder=2)
    sure = np.isfinite(error)
    if sure.any():
        inner = (where[sure], (mean - error)[sure], (mean + error)[sure])
        lines(*inner, color=look.colour, linewidth=look.bar, alpha=0.5, zorder=2)
    axes.plot(
        *((where, mean) if upright else (mean, where)), marker=look.marker, color=look.colour, markeredgecolor="white",
        linestyle="-" if look.joined else "none", linewidth=look.joined, label=label, zorder=3,
    )  # fmt: skip


def _column(found: Figures, name: str, count: int) -> np.ndarray:
    return np.broadcast_to(np.asarray(found.get(name, np.nan), dtype=float), (count,))
