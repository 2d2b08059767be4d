"""Costs that depend on origin, sector, class and place at once: trips, incentives as far as believed, what leaders save.

Each is a product of arrays over two or three of these, and is kept so: a quarter needs their sum once, and only who asks
what a place costs needs them one by one. This module refuses to know where the factors come from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relocsim import kernels
from relocsim.kernels import costing


@dataclass(frozen=True)
class JointMoves:
    """Factors of what leaders save by suppliers that come along."""

    share: float
    """Share of the missing supplies that would be there in the end."""
    lacking: np.ndarray
    """Supplies that a place lacks, by sector, as a share of output, (S, P)."""
    premium: np.ndarray
    """Extra cost of what does not come from the spot, yuan per 100 of inputs, (O, S, P)."""
    origins: np.ndarray
    """Places of the origins, (O,): there the suppliers are already."""

    def saved(self) -> np.ndarray:
        """Return what they save as a cost below zero, yuan per 100 yuan of output, (O, S, P), nothing at home."""
        saved = -self.share * (self.lacking * self.premium)
        saved[np.arange(len(saved)), :, self.origins] = 0.0
        return saved


@dataclass(frozen=True)
class SegmentCosts:
    """Factors of what every segment pays in every place, yuan per 100 yuan of output."""

    origins: np.ndarray
    """Places of the origins, (O,)."""
    trips: np.ndarray
    """Trips per 100 yuan of yearly output, (S, Z)."""
    trip: np.ndarray
    """Cost of a trip, yuan, (O, P)."""
    promise: np.ndarray
    """Promise of a place as an even yearly payment, (S, Z, P)."""
    belief: np.ndarray
    """Share of it that firms reckon with, (O, S, P); none at the own origin: only who comes is paid."""
    joint: JointMoves | None
    """What leaders alone save by suppliers that come along, or none."""

    def coordination(self) -> np.ndarray:
        """Return the cost of trips, (O, S, Z, P)."""
        return self.trips[None, :, :, None] * self.trip[:, None, None, :]

    def coordination_of(self, kind: int) -> np.ndarray:
        """Return the cost of trips of one class, (O, S, P)."""
        return self.trips[None, :, kind, None] * self.trip[:, None, :]

    def incentive(self) -> np.ndarray:
        """Return the promise as far as firms believe it, as a cost below zero, (O, S, Z, P)."""
        return -self.promise * self.belief[:, :, None, :]

    def joint_moves(self) -> np.ndarray:
        """Return what joint moves save, (O, S, Z, P) or one zero."""
        if self.joint is None:
            return np.zeros((1, 1, 1, 1))
        of_leaders = self.joint.saved()
        saved = np.zeros((*of_leaders.shape[:2], self.trips.shape[1], of_leaders.shape[2]))
        saved[:, :, -1] = of_leaders
        return saved

    def total(self) -> np.ndarray:
        """Return their sum, (O, S, Z, P)."""
        total = self.incentive()
        total += self.coordination()
        if self.joint is not None:
            total[:, :, -1] += self.joint.saved()
        return total

    def at_home(self) -> np.ndarray:
        """Return their sum at the origins themselves, (O, S, Z): trips alone, see `belief` and `joint`."""
        return self.trips * self.trip[np.arange(len(self.origins)), self.origins][:, None, None]

    def worth(self, beta: float, by_class: np.ndarray, inputs: np.ndarray, lost: np.ndarray) -> np.ndarray:
        """Return -beta times the sum, and what is the same to all classes added, (O, S, Z, P).

        That is worth `by_class` (S, P), less beta times the cost of `inputs` (O, S, P), less what is `lost` by distance,
        (O, P), which is without end at home.
        """
        if kernels.library:
            return costing.worth(kernels.library, beta, by_class, inputs, lost, self)
        to_all = -beta * inputs
        to_all -= lost[:, None, :]
        to_all += by_class
        value = -beta * self.total()
        value += to_all[:, :, None, :]
        return value
