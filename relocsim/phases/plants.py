"""Settled plants: research, sales and headquarters may follow them; they expand, shrink or leave.

Every hazard is gathered quarter by quarter until it exceeds the plant's own patience (a standard exponential drawn when the
one before was spent), so that whatever lowers a hazard can only put an event off. Only the branches of large firms and of
leaders have functions left at home that may follow. Reads only; `relocsim.phases.settlement` books what happens here.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from relocsim import kernels
from relocsim.kernels import costing, delivering
from relocsim.phases.cost import CostSheet
from relocsim.phases.payments import holiday_quarters
from relocsim.phases.setting import Setting, once
from relocsim.phases.supply import Supply
from relocsim.world.firms import LARGE, LEADER
from relocsim.world.levers import CLASSES, Levers
from relocsim.world.network import Access
from relocsim.world.projects import BRANCH, EXPANSION, FUNCTIONS, PRODUCING, Projects

GROWTH, PARTING, FUNCTION = range(3)
"""What a draw of a plant is for."""
SHRUNK = 0.5
"""What is left of a plant that shrinks, by definition of the word here."""


def relative_cost(setting: Setting, sheet: CostSheet) -> np.ndarray:
    """Return unit cost of medium firms less the mean of destinations, incentives apart, (O, S, P).

    It is what a settled plant goes by: what everybody comes to pay is no disappointment, and its own incentive was fixed
    when it came.
    """
    by_class, inputs, medium = sheet.by_class[0, :, 0], sheet.inputs[:, :, 0], CLASSES.index("medium")
    if kernels.library:
        often, trip = sheet.segments.trips[:, medium], sheet.segments.trip
        return costing.relative_cost(kernels.library, by_class, inputs, often, trip, destinations(setting))
    cost = inputs + by_class
    cost += sheet.segments.coordination_of(medium)
    cost -= cost.take(destinations(setting), axis=-1).mean(axis=-1, keepdims=True)
    return cost


@once
def destinations(setting: Setting) -> np.ndarray:
    """Return the positions of places that firms may choose, (n,)."""
    return np.flatnonzero(setting.places.destination)


def cells(setting: Setting, projects: Projects, rows: np.ndarray) -> np.ndarray:
    """Return the positions of projects among origins, sectors and places, (O, S, P) in one row (of three is slower)."""
    _, sectors, _, places = setting.shape
    of_origin = projects.origin.take(rows).astype(np.intp) * sectors + projects.sector.take(rows)
    return of_origin * places + projects.place.take(rows)


@dataclass(frozen=True)
class Outlook:
    """What settled plants go by in a quarter, each (O, S, P)."""

    relative: np.ndarray
    """Unit cost against the mean of places, incentives apart, yuan per 100 yuan of output."""
    belief: np.ndarray
    """Share of a promise that firms reckon with."""

    def reckoned(self, setting: Setting, projects: Projects, rows: np.ndarray) -> np.ndarray:
        """Return the relative cost of projects less what they believe of the promises made to them, (n,)."""
        if kernels.library:
            return self._by_kernel(kernels.library, setting, projects, rows)
        terms, output = setting.parameters, np.maximum(projects.output.take(rows), 1e-12)
        promised = projects.upfront.take(rows) + projects.yearly.take(rows) / setting.annuity(terms.holiday_years)
        worth = 100 * setting.annuity(terms.horizon) * promised / output
        at = cells(setting, projects, rows)
        return self.relative.ravel().take(at) - self.belief.ravel().take(at) * worth

    def dearer(self, setting: Setting, projects: Projects, rows: np.ndarray) -> np.ndarray:
        """Return by what that exceeds what it was when the firm decided, (n,)."""
        if kernels.library:
            return self._by_kernel(kernels.library, setting, projects, rows, against_expected=True)
        return self.reckoned(setting, projects, rows) - projects.expected.take(rows)

    def _by_kernel(
        self,
        library: ctypes.CDLL,
        setting: Setting,
        projects: Projects,
        rows: np.ndarray,
        *,
        against_expected: bool = False,
    ) -> np.ndarray:
        terms = setting.parameters
        return delivering.reckoned(
            library, projects.table, rows, self.relative, self.belief,
            holiday=setting.annuity(terms.holiday_years), horizon=100 * setting.annuity(terms.horizon),
            against_expected=against_expected,
        )  # fmt: skip


@dataclass(frozen=True)
class Unrest:
    """What goes on in settled plants in a quarter: rows of the table, and hazards gathered by those that wait."""

    rows: np.ndarray
    """Plants that produce."""
    growth: np.ndarray
    """Hazard of expanding that each has gathered, (n,)."""
    parting: np.ndarray
    """Hazard of shrinking or leaving, (n,)."""
    functions: np.ndarray
    """Plants that some function may follow."""
    following: np.ndarray
    """Hazard of the next function, (m,)."""
    outlook: Outlook
    """What they go by."""


def unrest(
    setting: Setting,
    projects: Projects,
    levers: Levers,
    access: Access,
    supply: Supply,
    talent: np.ndarray,
    outlook: Outlook,
    quarter: int,
) -> Unrest:
    """Return the hazards that plants have gathered by the end of this quarter."""
    rows = projects.plants()
    if not setting.switches.expansion:
        growth, parting = projects.gathered.take(rows), projects.worn.take(rows)
    else:
        growth, parting = _changes(setting, projects, levers, rows, outlook, quarter)
    some = rows if setting.switches.staged_transfer else rows[:0]
    return Unrest(rows, growth, parting, *_awaited(setting, projects, some, access, supply, talent), outlook)


@lru_cache(maxsize=64)
def quarterly_log(yearly: float) -> float:
    """Return the hazard that gathers in a quarter of a yearly share: a quarter of -ln(1 - h)."""
    return float(-np.log1p(-min(yearly, 1 - 1e-12)) / 4)


def _changes(
    setting: Setting, projects: Projects, levers: Levers, rows: np.ndarray, outlook: Outlook, quarter: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the hazards of expanding and of parting that plants have gathered by the end of a quarter, each (n,)."""
    terms, strain = setting.parameters, outlook.dearer(setting, projects, rows)
    strain = np.exp(terms.cost_response * strain)
    expanding, departing = quarterly_log(terms.expansion_rate), quarterly_log(terms.departure_rate)
    if kernels.library:
        return delivering.change(
            kernels.library, projects.table, rows, strain, expansion=levers["expansion"],
            departure=levers["departure"], grows=expanding, parts=departing, cliff=terms.holiday_cliff, quarter=quarter,
            holiday=holiday_quarters(setting), window=round(terms.holiday_window), expanded=EXPANSION,
        )  # fmt: skip
    place, grows = projects.place.take(rows), projects.kind.take(rows) != EXPANSION
    growth = expanding * levers["expansion"][place] / strain * grows
    ended = projects.dates[PRODUCING].take(rows) + holiday_quarters(setting)
    after = (projects.yearly.take(rows) > 0) & (quarter >= ended) & (quarter < ended + round(terms.holiday_window))
    cliff = np.where(after, terms.holiday_cliff, 1.0)
    parting = departing * levers["departure"][place] * strain * cliff
    return projects.gathered.take(rows) + growth, projects.worn.take(rows) + parting


def _awaited(
    setting: Setting, projects: Projects, rows: np.ndarray, access: Access, supply: Supply, talent: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the plants that some function may follow, and the hazard of the next that each has gathered, (m,) both."""
    terms, near = setting.parameters, function_nearness(setting, access)
    near = np.maximum(talent, 0.0) ** terms.function_talent * near
    hazard = quarterly_log(terms.function_hazard)
    if kernels.library:
        kinds = LARGE, LEADER, BRANCH
        return delivering.functions(kernels.library, projects.table, rows, hazard, supply.depth, near, kinds)
    some = waiting(projects, rows)
    origin, sector, place = (column.take(some) for column in (projects.origin, projects.sector, projects.place))
    pull = hazard * supply.depth[sector, place] * near[origin, place]
    return some, projects.function_gathered.take(some) + pull


@once
def function_nearness(setting: Setting, access: Access) -> np.ndarray:
    """Return by what distance in hours from headquarters weakens the pull on its functions, (O, P)."""
    return np.exp(-setting.parameters.function_decay * access.hours[setting.places.origins])


def waiting(projects: Projects, rows: np.ndarray) -> np.ndarray:
    """Return the plants of `rows` that some function may still follow."""
    large = (projects.firm_class.take(rows) == LARGE) | (projects.firm_class.take(rows) == LEADER)
    left = (projects.research.take(rows) < 0) | (projects.sales.take(rows) < 0) | (projects.headquarters.take(rows) < 0)
    return rows[large & (projects.kind.take(rows) == BRANCH) & left]


def next_function(projects: Projects, rows: np.ndarray) -> np.ndarray:
    """Return which function follows next, by its position in `FUNCTIONS`: the first that has not."""
    absent = np.stack([getattr(projects, name)[rows] < 0 for name in FUNCTIONS])
    return np.argmax(absent, axis=0)


def followed(projects: Projects, rows: np.ndarray) -> np.ndarray:
    """Return how many functions have followed plants, (n,)."""
    return sum((getattr(projects, name)[rows] >= 0).astype(int) for name in FUNCTIONS)


def draws(
    setting: Setting, uid: np.ndarray, purpose: np.ndarray | int, times: np.ndarray | int
) -> tuple[np.ndarray, np.ndarray]:
    """Return patience (standard exponential) and luck (uniform) of plants for a purpose, after so many times of it."""
    lanes = setting.streams.lanes("plant", uid, purpose, times)
    return -np.log(lanes[0]), lanes[1]


def first_draws_of(setting: Setting, uid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first patience and luck of new plants for all purposes, each (3, n)."""
    purposes = np.repeat(np.arange(3, dtype=np.uint64), len(uid))
    patience, luck = draws(setting, np.concatenate([uid] * 3), purposes, 0)
    return patience.reshape(3, -1), luck.reshape(3, -1)
