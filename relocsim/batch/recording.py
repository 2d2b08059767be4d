"""What is kept of a run: numbers of the whole run, and amounts and states by period and place.

Numbers of a run are 64-bit floats; cells are 32-bit ones, whose seven digits are more than any input has. This module
refuses to write files.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np

from relocsim.batch.observables import OBSERVABLES
from relocsim.batch.plan import Recording
from relocsim.metrics.capture import MEASURES, flows
from relocsim.model import RelocationModel
from relocsim.observe import PLACE_COLUMNS
from relocsim.spec import Spec
from relocsim.world.projects import STAGES


@dataclass(frozen=True)
class Reading:
    """What one run left."""

    values: np.ndarray
    """Observables, (K,)."""
    cells: np.ndarray
    """Flows, then columns, by period and place, (M, periods, places) of 32-bit floats."""


@dataclass(frozen=True)
class Reader:
    """Reads off a finished run what a plan wants kept."""

    observables: tuple[str, ...]
    flows: tuple[str, ...]
    stage: str
    columns: tuple[str, ...]
    places: tuple[str, ...]
    periods: tuple[str, ...]
    """Names of the periods: quarters, years, or the last quarter."""
    last: tuple[int, ...]
    """Last quarter of each period, counted from the start."""

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the flows and columns."""
        return (*self.flows, *self.columns)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Measures, periods and places of the cells of one run."""
        return len(self.measures), len(self.periods), len(self.places)

    def __call__(self, model: RelocationModel) -> Reading:
        """Return what a finished run left."""
        city = model.setting.places.row(model.spec.scenario.study.city)
        values = np.array([OBSERVABLES[name].measure(model, city) for name in self.observables], dtype=np.float64)
        return Reading(values, self._cells(model))

    def _cells(self, model: RelocationModel) -> np.ndarray:
        if not self.measures:
            return np.zeros(self.shape, dtype=np.float32)
        rows = [model.setting.places.row(place) for place in self.places]
        cells = np.concatenate([self._flows(model), self._columns(model)])[:, :, rows]
        return np.ascontiguousarray(cells, dtype=np.float32)

    def _flows(self, model: RelocationModel) -> np.ndarray:
        """Return what reached the stage in each period, (flows, periods, P)."""
        projects, setting = model.projects, model.setting
        size = len(setting.places.ids)
        if not self.flows:
            return np.zeros((0, len(self.periods), size))
        amounts = dict(zip(MEASURES, (projects.firms, projects.investment, projects.jobs), strict=True))
        reached = flows(
            np.stack([amounts[name] for name in self.flows]),
            projects.dates[STAGES.index(self.stage)][None],
            projects.place,
            setting.places.from_studied(projects.origin),
            quarters=self.last[-1] + 1,
            places=size,
        )[:, 0]
        return np.add.reduceat(reached, [0, *(quarter + 1 for quarter in self.last[:-1])], axis=1)

    def _columns(self, model: RelocationModel) -> np.ndarray:
        """Return the state at the end of each period, (columns, periods, P)."""
        return model.record.series(self.columns)[:, list(self.last)]


def reader_of(record: Recording, spec: Spec) -> Reader:
    """Return the reader that a plan asks for."""
    periods = _periods(record.detail, spec)
    return Reader(
        observables=record.observables,
        flows=record.flows,
        stage=record.stage or spec.scenario.study.stage,
        columns=record.columns,
        places=tuple(sorted(record.places or spec.world.places)) if record.flows or record.columns else (),
        periods=tuple(periods),
        last=tuple(periods.values()),
    )


def _periods(detail: str, spec: Spec) -> dict[str, int]:
    """Return the last quarter of each period by its name."""
    quarters = [(str(spec.scenario.start + at), at) for at in range(spec.scenario.quarters)]
    if detail == "quarter":
        return dict(quarters)
    if detail == "end":
        return dict(quarters[-1:])
    years = groupby(quarters, key=lambda one: one[0].partition("-")[0])
    return {year: list(inside)[-1][1] for year, inside in years}


def units(reader: Reader) -> dict[str, str]:
    """Return the unit of every observable, flow and column."""
    amounts = dict(zip(MEASURES, ("real firms", "1e8 yuan", "persons"), strict=True))
    recorded = {name: OBSERVABLES[name].unit for name in reader.observables}
    recorded |= {name: amounts[name] for name in reader.flows}
    return recorded | {name: PLACE_COLUMNS[name] for name in reader.columns}
