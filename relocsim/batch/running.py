"""One run, with tidy tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from relocsim.batch.playing import Outcome, outcome, realised
from relocsim.metrics.capture import MEASURES, capture_rate
from relocsim.model import RelocationModel, lay_foundation
from relocsim.observe import project_table
from relocsim.spec import Spec
from relocsim.world.projects import STAGES


@dataclass(frozen=True)
class Run:
    """A finished run of one arm."""

    model: RelocationModel
    replicate: int | None
    """Replicate whose draw of inputs was used; none: central values."""

    @property
    def spec(self) -> Spec:
        """The specification as run."""
        return self.model.spec

    @cached_property
    def outcome(self) -> Outcome:
        """Amounts by stage, quarter and place."""
        return outcome(self.model)

    @cached_property
    def projects(self) -> pd.DataFrame:
        """One row a project."""
        return project_table(self.model.setting, self.model.population, self.model.projects, self.spec.scenario.start)

    @cached_property
    def places(self) -> pd.DataFrame:
        """One row a quarter and place."""
        return self.model.record.places()

    @cached_property
    def capture(self) -> pd.DataFrame:
        """One row a place, measure and stage: what it took by the end, and its capture rate."""
        return capture_table(self.model, self.outcome.flow.sum(axis=2))


def outside_origins(model: RelocationModel) -> np.ndarray:
    """Return which places are outside the studied origins and may be chosen, (P,) bool."""
    places = model.setting.places
    outside = places.destination.copy()
    outside[places.origins[places.studied]] = False
    return outside


def capture_table(model: RelocationModel, total: np.ndarray) -> pd.DataFrame:
    """Return the tidy table of what each place took, from amounts (M, stages, P)."""
    ids, outside = model.setting.places.ids, outside_origins(model)
    index = pd.MultiIndex.from_product([MEASURES, STAGES, ids], names=["measure", "stage", "place"])
    table = pd.DataFrame(
        {"amount": total.ravel(), "capture_rate": capture_rate(total, outside).ravel()}, index=index
    ).reset_index()
    table["studied_origin"] = np.tile(~outside, len(MEASURES) * len(STAGES))
    return table


def run(spec: Spec, *, replicate: int | None = None, tick: Callable[[], None] | None = None) -> Run:
    """Play a scenario once and return the run.

    With `replicate` None every input has its central value; with a number it is drawn as in that replicate of a
    comparison. `tick` is called after every quarter.
    """
    resolved = spec if replicate is None else realised(spec, replicate)
    model = RelocationModel(resolved, foundation=lay_foundation(resolved, replicate=replicate or 0))
    while not model.finished:
        model.step()
        if tick:
            tick()
    return Run(model, replicate)
