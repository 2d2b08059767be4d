"""A run that keeps, beside what its agents do, what they would do in expectation: the choice without its luck.

Policies, rivals, prices and lines act as they are played; the closed form of the choice stands for the draws of those under
review, as it is in the first quarter of each year. Exact where firms know every place, else as near as
`relocsim.batch.expecting` is; the persistence of tastes is left out, as are new firms, suppliers that follow, admission and
delivery. For effects that luck would drown.
"""

from __future__ import annotations

import numpy as np

from relocsim.batch.expecting import choice_shares
from relocsim.foundation import Foundation
from relocsim.model import Conditions, RelocationModel
from relocsim.phases import cost, decision
from relocsim.spec import Spec

_YEAR = 4
"""Quarters for which a look stands."""


class Foretelling(RelocationModel):
    """A model that sums up expected first choices; it plays the same bits."""

    chosen: np.ndarray
    """Choices of each place to be expected from a firm of the start, summed over the years so far, (O, S, Z, P)."""

    def __init__(self, spec: Spec, *, foundation: Foundation | None = None) -> None:
        super().__init__(spec, foundation=foundation)
        self.chosen = np.zeros(self.setting.shape)

    def decide(self, values: decision.Values, found: Conditions) -> decision.Decisions:
        """Return what firms under review and new firms want, and add up what was to be expected."""
        if self.quarter % _YEAR == 0:
            shares = choice_shares(self.foundation, values, self.contact).reshape(self.setting.shape)
            pressure = cost.home_cost(self.setting, found.sheet)
            hazard = decision.review_hazard(self.setting, pressure, self.foundation.start_pressure)
            self.chosen += _YEAR * hazard[:, :, None, None] * shares
        return super().decide(values, found)


def expected_firms(model: Foretelling) -> np.ndarray:
    """Return the firms of the studied origins expected to choose each place, (O, S, Z, P)."""
    return _weighted(model, model.population.weight)


def expected_output(model: Foretelling) -> np.ndarray:
    """Return the output of the firms of the studied origins expected to choose each place, 1e8 yuan/year, (O, S, Z, P)."""
    return _weighted(model, model.population.weight * model.population.output)


def _weighted(model: Foretelling, amount: np.ndarray) -> np.ndarray:
    """Return expected choices times an amount of the stock at the start, (O, S, Z, P)."""
    population, setting = model.population, model.setting
    rows = population.stock & setting.places.studied[population.origin]
    mass = np.bincount(population.segment[rows], amount[rows], int(np.prod(setting.shape[:3])))
    return mass.reshape(*setting.shape[:3], 1) * model.chosen
