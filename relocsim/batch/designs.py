"""Designs: which values of the factors are played together.

Sampled designs come from scipy.stats.qmc and SALib, in the unit cube; a factor turns a coordinate into its value. Their
seed is that of the scenario, so that a plan always means the same points. This module refuses to know what a factor sets.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from relocsim.batch.plan import Level
from relocsim.errors import Problem, SpecError

Point = Mapping[str, Level]
"""Values by name of the factors that are set; the others stay as written."""
MORRIS_LEVELS = 4
"""Levels of the grid of Morris's trajectories."""


@dataclass(frozen=True)
class Axis:
    """One factor as a design sees it."""

    name: str
    levels: tuple[Level, ...]
    """Values in order; none where it is a range."""
    quantile: Callable[[float], float] | None
    """Value at a coordinate of [0, 1], where it is a range."""

    def at(self, coordinate: float) -> Level:
        """Return the value at a coordinate of [0, 1]: levels have equal parts of it."""
        if self.quantile is not None:
            return self.quantile(float(coordinate))
        return self.levels[min(int(coordinate * len(self.levels)), len(self.levels) - 1)]

    @property
    def ends(self) -> tuple[Level, Level]:
        """First and last value."""
        return self.at(0.0), self.at(1.0)


def one_at_a_time(axes: Sequence[Axis]) -> list[Point]:
    """Return the scenario as written, and each level of each factor with the others as written."""
    return [{}, *({axis.name: level} for axis in axes for level in axis.levels or axis.ends)]


def full_factorial(axes: Sequence[Axis]) -> list[Point]:
    """Return every combination of levels (of a range its ends)."""
    names = [axis.name for axis in axes]
    return [
        dict(zip(names, row, strict=True)) for row in itertools.product(*(axis.levels or axis.ends for axis in axes))
    ]


def fractional_factorial(axes: Sequence[Axis]) -> list[Point]:
    """Return the two-level design of Saltelli et al. 2008 (a Hadamard matrix and its mirror): first and last values."""
    from SALib.sample import ff

    table = ff.sample(problem_of(len(axes)))[:, : len(axes)]  # the columns behind are dummies
    return [{axis.name: axis.at(u) for axis, u in zip(axes, row, strict=True)} for row in table]


def latin_hypercube(axes: Sequence[Axis], samples: int, seed: int) -> list[Point]:
    """Return a Latin hypercube of `samples` points."""
    from scipy.stats import qmc  # takes half a second, which only this design should

    return _points(axes, qmc.LatinHypercube(len(axes), seed=seed).random(samples))


def sobol(axes: Sequence[Axis], samples: int, seed: int) -> list[Point]:
    """Return Saltelli's points for first-order and total indices of Sobol: `samples` times factors plus two."""
    return _points(axes, coordinates("sobol", len(axes), samples, seed))


def morris(axes: Sequence[Axis], samples: int, seed: int) -> list[Point]:
    """Return Morris's trajectories on a grid of four levels: `samples` times factors plus one."""
    return _points(axes, coordinates("morris", len(axes), samples, seed))


def coordinates(design: str, factors: int, samples: int, seed: int) -> np.ndarray:
    """Return the rows of Sobol's or Morris's design in the unit cube, (rows, factors)."""
    if design == "sobol":
        from SALib.sample import sobol as saltelli

        table = saltelli.sample(problem_of(factors), samples, calc_second_order=False, seed=seed % 2**32)
    else:
        from SALib.sample import morris as trajectories

        table = trajectories.sample(problem_of(factors), samples, num_levels=MORRIS_LEVELS, seed=seed % 2**32)
    return np.asarray(table, dtype=np.float64)


def problem_of(factors: int) -> dict[str, Any]:
    """Return so many factors on the unit cube, as SALib wants them told."""
    return {"num_vars": factors, "names": [f"x{at}" for at in range(factors)], "bounds": [[0.0, 1.0]] * factors}


@contextmanager
def salib_told(what: str) -> Iterator[None]:
    """Turn the want of SALib inside the block into an error that says what needs it and how to get it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if not str(error.name).startswith("SALib"):
            raise
        hint = "install it: pip install 'relocsim[designs]'"
        raise SpecError([Problem(f"{what} SALib, which is not installed", hint=hint)]) from None


def _points(axes: Sequence[Axis], table: np.ndarray) -> list[Point]:
    return [{axis.name: axis.at(u) for axis, u in zip(axes, row, strict=True)} for row in table]


_UNSAMPLED = {
    "one at a time": one_at_a_time,
    "full factorial": full_factorial,
    "fractional factorial": fractional_factorial,
}
_SAMPLED = {"latin hypercube": latin_hypercube, "sobol": sobol, "morris": morris}


def design_points(design: str, axes: Sequence[Axis], *, samples: int | None, seed: int) -> list[Point]:
    """Return the points of a design, in order (a list brings its own).

    Raises
    ------
    SpecError
        Where the design needs SALib and it is not installed.
    """
    with salib_told(f"the design {design!r} needs"):
        if design in _SAMPLED:
            return _SAMPLED[design](axes, samples or 1, seed % 2**32)
        return _UNSAMPLED[design](axes)
