"""What a calibration reads off a finished run: observables of any place, amounts of projects, and ratios of both.

This module refuses to compare anything with a target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from relocsim.batch.expecting import expected_intentions
from relocsim.batch.observables import OBSERVABLES
from relocsim.batch.reached import outside
from relocsim.batch.recording import Reading
from relocsim.calibration.plan import Measured
from relocsim.model import RelocationModel
from relocsim.world.projects import BRANCH, ENTRY, KINDS, MOVE, SIGNED, STAGES

_UNITS = {"projects": "real firms", "investment": "1e8 yuan", "jobs": "persons", "expected": "1e8 yuan/year"}
_EMPTY = np.zeros((0, 0, 0), dtype=np.float32)
SHAPE = (0, 0, 0)
"""Cells that a run of a calibration leaves: none."""


@dataclass(frozen=True)
class Ratio:
    """A measure, or one over another."""

    measure: Measured
    over: Measured | None

    @property
    def unit(self) -> str:
        """Unit of what is read."""
        return unit_of(self.measure) if self.over is None else "ratio"

    def read(self, model: RelocationModel) -> float:
        """Return what a finished run shows; nan where there is nothing to divide by."""
        value = read(self.measure, model)
        if self.over is None:
            return value
        base = read(self.over, model)
        return value / base if base > 0 else np.nan


@dataclass(frozen=True)
class Gauge:
    """Reads several measures off a run, as a batch reads its observables."""

    ratios: Sequence[Ratio]

    def __call__(self, model: RelocationModel) -> Reading:
        """Return the measures of a finished run."""
        return Reading(np.array([one.read(model) for one in self.ratios], dtype=np.float64), _EMPTY)


def unit_of(measure: Measured) -> str:
    """Return the unit of a measure."""
    return OBSERVABLES[measure.observable].unit if measure.observable else _UNITS[str(measure.flow)]


def read(measure: Measured, model: RelocationModel) -> float:
    """Return one measure of a finished run."""
    if measure.observable:
        place = measure.place or model.spec.scenario.study.city
        return OBSERVABLES[measure.observable].measure(model, model.setting.places.row(place))
    if measure.flow == "expected":
        return _expected(measure, model)
    projects = model.projects
    rows = _rows(measure, model)
    amount = {"projects": projects.firms, "investment": projects.investment, "jobs": projects.jobs}[str(measure.flow)]
    return float(amount[rows].sum())


def _expected(measure: Measured, model: RelocationModel) -> float:
    """Return the output of the studied firms that would choose some places in a review at the start, 1e8 yuan/year."""
    setting = model.setting
    table = expected_intentions(model.foundation).output
    origins = [setting.places.row(one) for one in measure.origins]
    chosen = np.isin(setting.places.origins, origins) if origins else np.ones(len(table), dtype=bool)
    sectors = [setting.sectors.ids.index(one) for one in measure.sectors] or list(range(table.shape[1]))
    there = _places(measure, model)
    there = outside(model) if there is None else there
    of_sectors = table[chosen][:, sectors]
    return float(of_sectors[..., there].sum())


def _rows(measure: Measured, model: RelocationModel) -> np.ndarray:
    """Return which projects a flow counts, (n,) bool."""
    projects, setting, start = model.projects, model.setting, model.spec.scenario.start
    reached = projects.dates[STAGES.index(measure.stage)]
    when = reached if measure.within is None else projects.dates[SIGNED]
    rows = (reached >= 0) & (when >= (measure.start - start if measure.start else 0))
    if measure.until:
        rows &= when <= measure.until - start
    if measure.within is not None:
        rows &= reached <= when + measure.within
    kinds = [KINDS.index(kind) for kind in measure.kinds] or [BRANCH, MOVE, ENTRY]
    rows &= np.isin(projects.kind, kinds)
    if measure.sectors:
        rows &= np.isin(projects.sector, [setting.sectors.ids.index(one) for one in measure.sectors])
    return rows & _from(measure, model) & _there(measure, model)


def _from(measure: Measured, model: RelocationModel) -> np.ndarray:
    """Return which projects are of the firms of its origins, (n,) bool; state-owned projects have no origin."""
    places, origin = model.setting.places, model.projects.origin
    if measure.kinds == ("state",):
        return np.ones(len(origin), dtype=bool)
    if not measure.origins:
        return places.from_studied(origin)
    wanted = np.isin(places.origins, [places.row(one) for one in measure.origins])
    return np.append(wanted, False)[origin]


def _there(measure: Measured, model: RelocationModel) -> np.ndarray:
    """Return which projects are in its places, (n,) bool."""
    place, there = model.projects.place, _places(measure, model)
    if there is None:
        return outside(model)[place]
    return there[place]


def _places(measure: Measured, model: RelocationModel) -> np.ndarray | None:
    """Return the places that a flow names, (P,) bool; none where it names none."""
    places = model.setting.places
    if measure.places:
        return np.isin(np.arange(len(places.ids)), [places.row(one) for one in measure.places])
    if measure.province:
        described = model.spec.world.places
        return np.array([described[one].province == measure.province for one in places.ids])
    return np.ones(len(places.ids), dtype=bool) if measure.everywhere else None
