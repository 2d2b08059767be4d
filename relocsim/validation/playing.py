"""Replicates of the cases of a validation, each read for its comparisons and for what comes to each place.

Played by the layer of batches: the bits of a run depend on its replicate alone. This module refuses to compare.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from relocsim.batch.bundles import Bench, Bundle, Failure, Packed
from relocsim.batch.crew import play_all
from relocsim.batch.expecting import expected_intentions
from relocsim.batch.recording import Reading
from relocsim.calibration.measures import Ratio
from relocsim.errors import RelocsimError
from relocsim.model import RelocationModel
from relocsim.spec import Spec
from relocsim.spec.grouping import Groups
from relocsim.validation.narrowed import levels_of, whole_of
from relocsim.validation.planning import Validation
from relocsim.world.projects import PRODUCING

Tick = Callable[[str, int, int], None]
"""Told the name of a case, finished runs and all its runs."""
_NO_CELLS = np.zeros((0, 0, 0), dtype=np.float32)


@dataclass(frozen=True)
class Shown:
    """What the replicates of a case showed."""

    spec: Spec
    values: np.ndarray
    """Comparisons of the case, (R, K); nan where there was nothing to divide by."""
    expected: np.ndarray
    """Output of the studied firms that would choose each place in a review at the start, 1e8 yuan/year, (R, P)."""
    yearly: np.ndarray
    """Investment of studied firms that came to produce in each place, by year, 1e8 yuan, (R, P, Y)."""
    wholes: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    """Of each level of one origin or sector (`narrowed.levels_of`): the same amount in all places, (R, L)."""


@dataclass(frozen=True)
class Survey:
    """Reads a finished run."""

    ratios: Sequence[Ratio]

    def __call__(self, model: RelocationModel) -> Reading:
        """Return the comparisons, then what is expected by place, then what came by place and year."""
        studied = model.setting.places.studied
        expected = expected_intentions(model.foundation).output[studied].sum(axis=(0, 1, 2))
        parts = [np.array([one.read(model) for one in self.ratios]), expected, yearly_inflow(model).ravel()]
        return Reading(np.concatenate(parts), _NO_CELLS)


def yearly_inflow(model: RelocationModel) -> np.ndarray:
    """Return the investment of studied firms that came to produce in each place, by calendar year, (P, Y)."""
    projects, start = model.projects, model.spec.scenario.start
    reached = projects.dates[PRODUCING]
    rows = model.setting.places.from_studied(projects.origin) & (reached >= 0)
    first, last = start.year, model.spec.scenario.end.year
    found = np.zeros((len(model.setting.places.ids), last - first + 1))
    year = (start.index + reached[rows]) // 4 - first
    np.add.at(found, (projects.place[rows], year), projects.investment[rows])
    return found


def play(
    validation: Validation,
    cases: Iterable[str] | None = None,
    *,
    jobs: int = 1,
    executor: Executor | None = None,
    tick: Tick | None = None,
) -> dict[str, Shown]:
    """Play some cases, or all, and return what they showed, by case; RelocsimError where a run fails."""
    return {name: _case(validation, name, jobs, executor, tick) for name in cases or validation.specs}


def _case(validation: Validation, name: str, jobs: int, executor: Executor | None, tick: Tick | None) -> Shown:
    spec, total = validation.specs[name], validation.plan.replicates
    aims = [aim for aim in validation.aims if aim.case == name]
    wholes = [Ratio(whole_of(aim.ratio.measure), None) for aim in levels_of(aims)]
    ratios = (*(aim.ratio for aim in aims), *wholes)
    readings: dict[int, np.ndarray] = {}
    for finished in play_all(_bundles(spec, ratios, total), jobs=jobs, executor=executor):
        for one in finished:
            if isinstance(one.outcome, Failure):
                raise RelocsimError(f"a run of the case {name!r} failed: {one.outcome.error}\n{one.outcome.traceback}")
            readings[one.run] = one.outcome.values
        if tick:
            tick(name, len(readings), total)
    table = np.array([readings[run] for run in range(total)])
    places = len(spec.world.places)
    ends = np.cumsum([len(aims), len(wholes), places])
    values, whole, expected, yearly = np.split(table, ends, axis=1)
    return Shown(spec, values, expected, yearly.reshape(total, places, -1), whole)


def _bundles(spec: Spec, ratios: Sequence[Ratio], replicates: int) -> Iterator[Bundle]:
    survey: Any = Survey(ratios)
    bench = Packed.of(Bench(spec, survey, True, (), Groups.of({})))
    for row in range(replicates):
        yield Bundle(bench, row + 1, (row,), ({},))
