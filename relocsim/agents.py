"""Firm and City: Mesa agents as light views on rows of the world.

They hold no state of their own, so that `model.agents`, `mesa.DataCollector` and Mesa's viewer work without a million
objects in the way of a step. Nothing in a step uses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from relocsim.phases.limits import ENVIRONMENT, LABOUR, POWER, factors_held
from relocsim.world.levers import CLASSES

if TYPE_CHECKING:
    from relocsim.model import RelocationModel


class City(mesa.Agent):
    """A place: where firms come from and may go."""

    model: RelocationModel

    def __init__(self, model: RelocationModel, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def name(self) -> str:
        """Id of the place."""
        return self.model.setting.places.ids[self.row]

    @property
    def output(self) -> float:
        """Manufacturing output, 1e8 yuan/year."""
        return float(self.model.places.output[self.row].sum())

    @property
    def jobs(self) -> float:
        """Jobs brought in less jobs lost since the start, persons."""
        return float(self.model.places.jobs[self.row])

    @property
    def vacant_land(self) -> float:
        """Serviced industrial land that is free, ha."""
        added = self.model.levers["land_added"][self.row]
        return float(self.model.places.land_total[self.row] + added - self.model.places.land_used[self.row])

    @property
    def vacant_power(self) -> float:
        """Power that new plants could draw, 1e8 kWh/year."""
        return self._vacant(POWER)

    @property
    def vacant_allowance(self) -> float:
        """Emissions that the environmental allowance leaves to new plants, units/year."""
        return self._vacant(ENVIRONMENT)

    @property
    def vacant_labour(self) -> float:
        """Workers that new plants could hire, persons."""
        return self._vacant(LABOUR)

    def _vacant(self, factor: int) -> float:
        model = self.model
        held = factors_held(model.setting, model.places, model.levers)
        return float(held[factor, self.row] - model.places.factor_used[factor, self.row])

    @property
    def treasury(self) -> float:
        """Receipts less payments since the start that the model accounts for, 1e8 yuan."""
        return float(self.model.places.treasury[self.row])


class Firm(mesa.Agent):
    """An agent that stands for `weight` firms of one origin, sector and size."""

    model: RelocationModel

    def __init__(self, model: RelocationModel, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def uid(self) -> int:
        """64-bit identity."""
        return int(self.model.population.uid[self.row])

    @property
    def origin(self) -> str:
        """Id of the origin."""
        places = self.model.setting.places
        return places.ids[places.origins[self.model.population.origin[self.row]]]

    @property
    def sector(self) -> str:
        """Id of the sector."""
        return self.model.setting.sectors.ids[self.model.population.sector[self.row]]

    @property
    def firm_class(self) -> str:
        """Class of firm: small, medium, large or leader."""
        return CLASSES[self.model.population.kind[self.row]]

    @property
    def weight(self) -> float:
        """Firms that still stand at the origin."""
        return float(self.model.firms.weight[self.row])

    @property
    def moved(self) -> float:
        """Firms that produce elsewhere after a full move or an entry."""
        return float(self.model.firms.moved[self.row])

    @property
    def branches(self) -> float:
        """Branches that produce."""
        return float(self.model.firms.branches[self.row])


def make_views(model: RelocationModel, *, since: int) -> None:
    """Make the agents born in quarters played after `since` quarters had been (-1: none has been made yet)."""
    first = since < 0
    if first:
        for row in range(len(model.setting.places.ids)):
            City(model, row)
    born = model.population.born
    new = born < max(model.quarter, 1)
    if not first:
        new &= born >= max(since, 1)
    for firm in np.flatnonzero(new).tolist():
        Firm(model, firm)
