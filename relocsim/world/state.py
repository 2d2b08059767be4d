"""What changes in a run: places' output, land, floor, jobs, money; firms' mass and waiting.

Only settlement and feedback write here; the other phases read. `sealed` makes the arrays read-only meanwhile, so that a
phase that writes by mistake fails loudly.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from relocsim.world.firms import Population


@dataclass
class PlaceState:
    """Columns of places that change, (P,) unless said otherwise."""

    output: np.ndarray
    """Output by sector, 1e8 yuan/year at the scale of the start, (P, S)."""
    presence: np.ndarray
    """How fully each key component is made here, before policies, (P, X - S)."""
    land_total: np.ndarray
    """Serviced industrial land, ha, before policies."""
    land_used: np.ndarray
    """Occupied or reserved, ha."""
    floor_total: np.ndarray
    """Standard factory floor, 1e4 m2, before policies."""
    floor_used: np.ndarray
    """Occupied or reserved, 1e4 m2."""
    factor_total: np.ndarray
    """Power (1e8 kWh/year), environmental allowance (emission units/year) and labour (persons), before policies, (3, P)."""
    factor_used: np.ndarray
    """What plants take or have reserved of each, at the scale of the start, (3, P)."""
    refused: np.ndarray
    """Investment whose first choice refused it by a threshold, and for want of room, cumulated, 1e8 yuan, (2, P)."""
    jobs: np.ndarray
    """Jobs brought in by plants that produce, less those that left, persons."""
    plants: np.ndarray
    """Firms that came and produce, by origin and sector, (O, S, P)."""
    plants_output: np.ndarray
    """Their output, 1e8 yuan/year, (O, S, P)."""
    leaders: np.ndarray
    """Leaders' plants that came and produce, by sector, (P, S)."""
    left: np.ndarray
    """Firms that came, produced and have left again."""
    turned: np.ndarray
    """Output of local firms that have turned to supplying leaders, 1e8 yuan/year, (P, S): part of what they made before."""
    wage_ratio: np.ndarray
    """Wage over the wage at the start."""
    land_price_ratio: np.ndarray
    """Land price over that at the start, the common trend apart."""
    rent_ratio: np.ndarray
    """Rent of factory floor over that at the start, the common trend apart."""
    treasury: np.ndarray
    """Cumulated receipts less payments that the model accounts for, 1e8 yuan."""
    tax_base: np.ndarray
    """Net taxes on production of plants that came, all levels of government, 1e8 yuan/year."""
    stage_money: np.ndarray
    """Investment of projects that have reached each stage so far, 1e8 yuan, (stages, P)."""
    stage_firms: np.ndarray
    """Firms behind them, (stages, P)."""
    refunds: np.ndarray
    """Incentives that fall due every year of a running holiday, 1e8 yuan/year, by origin and sector, (O, S, P)."""
    due: np.ndarray
    """Incentives that fall due once, this quarter, 1e8 yuan, by origin and sector, (O, S, P)."""
    arrears: np.ndarray
    """Incentives that are late, by quarters since they fell due less one, 1e8 yuan, (quarters, O, S, P)."""
    in_arrears: np.ndarray
    """Incentives that are late, 1e8 yuan."""
    fallen_due: np.ndarray
    """Incentives that have fallen due so far, 1e8 yuan: paid, in arrears or broken."""
    paid: np.ndarray
    """Incentives paid so far, 1e8 yuan."""
    broken: np.ndarray
    """Incentives that fell due and will not be paid, 1e8 yuan."""
    credibility: np.ndarray
    """Share of a promise that firms of an origin and sector expect to be paid, escrow apart, (O, S, P)."""
    bid: np.ndarray
    """What the place adds to its usual package of its own accord, share of investment; below zero it takes off."""
    promised: np.ndarray
    """Incentives promised so far, those of the holiday's years added up, 1e8 yuan."""
    land_allowance: np.ndarray
    """Quota of land beyond the usual growth that rules of the place have not used, cumulated, ha."""
    land_extra: np.ndarray
    """Land prepared by rule beyond the usual growth, within `land_total`, ha."""
    floor_extra: np.ndarray
    """Floor built by rule beyond the usual growth, within `floor_total`, 1e4 m2."""
    land_ordered: np.ndarray
    """Land that policies had ordered by the end of the quarter, ha."""
    land_made: np.ndarray
    """How much of it the quota let be made, ha."""


@dataclass
class FirmState:
    """Columns of firms that change, (F,)."""

    weight: np.ndarray
    """Firms that still stand at the origin."""
    settled: np.ndarray
    """Whether the agent's firms stand at the origin and count in its output (new firms first choose)."""
    open_projects: np.ndarray
    """Projects under way."""
    rests_until: np.ndarray
    """Quarter before which the firm is not reviewed (it has just placed a branch)."""
    branches: np.ndarray
    """Branches that produce, in firms."""
    abroad: np.ndarray
    """Firms that went abroad."""
    closed: np.ndarray
    """Firms that closed."""
    moved: np.ndarray
    """Firms that moved away or, of entrants, settled elsewhere."""
    pending: np.ndarray
    """Firms in full moves or entries under way: they stand at the origin until production."""

    @classmethod
    def at_start(cls, population: Population) -> FirmState:
        """Return the state at the start: the stock stands at its origins, new firms are not born yet."""
        of_firms = ("branches", "abroad", "closed", "moved", "pending")
        return cls(
            weight=population.weight.copy(),
            settled=population.stock.copy(),
            open_projects=np.zeros(len(population), dtype=np.int16),
            rests_until=np.zeros(len(population), dtype=np.int16),
            **{name: np.zeros(len(population)) for name in of_firms},
        )


@contextmanager
def sealed(*states: PlaceState | FirmState) -> Iterator[None]:
    """Make the arrays of `states` read-only inside the block."""
    arrays = [array for state in states for array in vars(state).values()]
    for array in arrays:
        array.setflags(write=False)
    try:
        yield
    finally:
        for array in arrays:
            array.setflags(write=True)
