"""Entries that settled plants make in the books: functions that follow, expansions, plants that shrink or leave.

Nothing appears or vanishes: functions move jobs and tax from the origin to the plant; what leaves gives back land, floor,
output and jobs, its functions go home, and what it was still promised lapses.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import numpy as np

from relocsim import kernels
from relocsim.kernels import booking
from relocsim.kernels.booking import Ledger
from relocsim.phases.limits import Vacancy
from relocsim.phases.payments import holiday_quarters
from relocsim.phases.plants import (
    FUNCTION,
    GROWTH,
    PARTING,
    SHRUNK,
    Outlook,
    Unrest,
    draws,
    first_draws_of,
    followed,
    next_function,
)
from relocsim.phases.setting import Setting
from relocsim.streams import derived
from relocsim.world.firms import LARGE, LEADER
from relocsim.world.projects import BRANCH, EXPANSION, FUNCTIONS, PRODUCING, Projects
from relocsim.world.state import FirmState, PlaceState

_NO_ROOM = 1e-9
"""Part of an expansion below which there is no room for it."""


_P = ParamSpec("_P")


def concerning(entry: Callable[_P, None]) -> Callable[_P, None]:
    """Leave out an entry in the books, a method of the rows that it is about, where it concerns none."""

    @wraps(entry)
    def made(*given: _P.args, **named: _P.kwargs) -> None:
        if len(given[1]):  # type: ignore[arg-type]
            entry(*given, **named)

    return made


class Aftermath:
    """State, firms and projects of one run, and the entries that settled plants make in them."""

    def __init__(
        self, setting: Setting, places: PlaceState, firms: FirmState, projects: Projects, ledger: Ledger
    ) -> None:
        self.setting, self.places, self.firms, self.projects = setting, places, firms, projects
        self._factor_use, self._ledger = setting.factor_use, ledger

    def settle(self, rows: np.ndarray, quarter: int) -> None:
        """Take new plants in: draw what they will go through; some bring their headquarters at once."""
        projects, uid = self.projects, self.projects.uid[rows]
        projects.begin_to_produce(rows)
        patience, luck = first_draws_of(self.setting, uid)
        projects.patience[rows], projects.endurance[rows] = patience[GROWTH], patience[PARTING]
        projects.function_patience[rows], projects.luck[rows] = patience[FUNCTION], luck[PARTING]
        if self.setting.switches.staged_transfer:
            some = rows[luck[FUNCTION] < self.setting.parameters.headquarters_at_once]
            some = some[(projects.firm_class[some] == LARGE) & (projects.kind[some] == BRANCH)]
            self._follow(some, quarter, headquarters=True)

    def go_on(self, unrest: Unrest, vacancy: Vacancy | None, quarter: int) -> np.ndarray:
        """Book a quarter of settled plants; return the rows of the expansions that break ground."""
        due, shrinking, leaving, growing = self._stir(unrest)
        self._follow(due, quarter)
        self._shrink(shrinking, quarter)
        self._leave(leaving, quarter)
        return self._expand(growing, unrest.outlook, vacancy, quarter)

    def _stir(self, unrest: Unrest) -> list[np.ndarray]:
        """Note what plants have gathered; return those whose function is due, that shrink, leave and would grow."""
        projects, rows, some = self.projects, unrest.rows, unrest.functions
        growth, parting, following = unrest.growth, unrest.parting, unrest.following
        shrink_share = self.setting.parameters.shrink_share
        if kernels.library:
            return booking.stir(kernels.library, projects.table, rows, growth, parting, some, following, shrink_share)
        projects.gathered[rows], projects.worn[rows], projects.function_gathered[some] = growth, parting, following
        parts, grows = parting > projects.endurance[rows], growth > projects.patience[rows]
        shrinks = parts & (projects.running[rows] == 1) & (projects.luck[rows] < shrink_share)
        leaves = parts & ~shrinks
        due = following > projects.function_patience[some]
        return [some[due], rows[shrinks], rows[leaves], rows[grows & ~leaves]]

    @concerning
    def _follow(self, rows: np.ndarray, quarter: int, *, headquarters: bool = False) -> None:
        """Let the next function follow each plant, or its headquarters: jobs and tax leave the origin."""
        projects = self.projects
        if kernels.library:
            times = self._ledger.follow(kernels.library, projects.table, rows, quarter, headquarters=headquarters)
        else:
            which = next_function(projects, rows)
            if headquarters:
                which[:] = FUNCTIONS.index("headquarters")
            for at, name in enumerate(FUNCTIONS):
                getattr(projects, name)[rows[which == at]] = quarter
            projects.function_gathered[rows] = 0.0
            times = followed(projects, rows)
            self._move_functions(rows, 1.0)
        projects.function_patience[rows] = draws(self.setting, projects.uid[rows], FUNCTION, times)[0]

    def _move_functions(self, rows: np.ndarray, count: np.ndarray | float) -> None:
        """Move the jobs and the tax of so many functions of each plant from its origin to its place."""
        projects, terms, sectors = self.projects, self.setting.parameters, self.setting.sectors
        output, sector = projects.output[rows] * count, projects.sector[rows]
        jobs = terms.function_jobs * output * sectors.workers[sector]
        tax = terms.function_tax * output * sectors.tax[sector]
        for place, sign in ((projects.place[rows], 1.0), (self.setting.places.origins[projects.origin[rows]], -1.0)):
            np.add.at(self.places.jobs, place, sign * jobs)
            np.add.at(self.places.tax_base, place, sign * tax)

    @concerning
    def _shrink(self, rows: np.ndarray, quarter: int) -> None:
        """Take out the other part of plants."""
        projects = self.projects
        if kernels.library:
            self._ledger.shrink(kernels.library, projects.table, rows, quarter)
        else:
            self._take_out(rows, np.full(len(rows), 1 - SHRUNK), quarter)
            projects.running[rows] = SHRUNK
            projects.worn[rows] = 0.0
        projects.endurance[rows], projects.luck[rows] = draws(self.setting, projects.uid[rows], PARTING, 1)

    @concerning
    def _leave(self, rows: np.ndarray, quarter: int) -> None:
        """Let plants go for good, with their functions and their firms."""
        projects, places = self.projects, self.places
        if kernels.library:
            self._ledger.leave(kernels.library, projects.table, rows, quarter)
            return
        self._move_functions(rows, -followed(projects, rows).astype(float))
        self._take_out(rows, projects.running[rows], quarter)
        projects.running[rows], projects.gone[rows] = 0.0, quarter
        place, sector, firm, firms = (getattr(projects, name)[rows] for name in ("place", "sector", "firm", "firms"))
        np.subtract.at(places.plants, (projects.origin[rows], sector, place), firms)
        leads = (projects.firm_class[rows] == LEADER) & (projects.kind[rows] != EXPANSION)
        np.subtract.at(places.leaders, (place[leads], sector[leads]), 1.0)
        np.add.at(places.left, place, firms)
        branch = projects.kind[rows] == BRANCH
        np.subtract.at(self.firms.branches, firm, firms * branch)
        np.subtract.at(self.firms.moved, firm, firms * ~branch)
        np.add.at(self.firms.closed, firm, firms * ~branch)

    @concerning
    def _take_out(self, rows: np.ndarray, part: np.ndarray, quarter: int) -> None:
        """Take a part of plants' capacity out of their places: output, jobs, tax, room, what is still due of incentives."""
        projects, places, sectors = self.projects, self.places, self.setting.sectors
        place, sector, output = projects.place[rows], projects.sector[rows], projects.output[rows] * part
        np.subtract.at(places.output, (place, sector), output)
        np.subtract.at(places.plants_output, (projects.origin[rows], sector, place), output)
        np.subtract.at(places.jobs, place, output * sectors.workers[sector])
        np.subtract.at(places.tax_base, place, output * sectors.tax[sector])
        land, floor = projects.room(rows)
        np.subtract.at(places.land_used, place, land * part)
        np.subtract.at(places.floor_used, place, floor * part)
        for used, use in zip(places.factor_used, self._factor_use, strict=True):
            np.subtract.at(used, place, output * use[sector])
        self._lapse(rows, part, quarter)

    @concerning
    def _lapse(self, rows: np.ndarray, part: np.ndarray, quarter: int) -> None:
        """Let yearly incentives that are still running lapse."""
        projects, places = self.projects, self.places
        end = projects.dates[PRODUCING, rows] + holiday_quarters(self.setting)
        due = np.flatnonzero(end >= quarter)
        some = rows[due]
        at = projects.origin[some], projects.sector[some], projects.place[some]
        np.subtract.at(places.refunds, at, projects.yearly[some] * part[due])

    def _expand(self, rows: np.ndarray, outlook: Outlook, vacancy: Vacancy | None, quarter: int) -> np.ndarray:
        """Begin to build at plants that grow, as far as there is room; those that find none ask again."""
        projects = self.projects
        rows, output = self._grow(rows, vacancy)
        if not len(rows):
            return rows
        projects.patience[rows] = draws(self.setting, projects.uid[rows], GROWTH, projects.expansions[rows])[0]
        added = self._build(rows, output, quarter)
        projects.expected[added] = outlook.reckoned(self.setting, projects, added)
        return added

    def _grow(self, rows: np.ndarray, vacancy: Vacancy | None) -> tuple[np.ndarray, np.ndarray]:
        """Return the plants that find room to expand, whose patience has been spent, and the output that each adds."""
        projects, size = self.projects, self.setting.parameters.expansion_size
        if kernels.library:
            room = (None, None) if vacancy is None else (vacancy.spaces, vacancy.factors)
            return self._ledger.grow(kernels.library, projects.table, rows, size, _NO_ROOM, *room)
        wanted = projects.output[rows] * projects.running[rows] * size
        part = self._room_for(rows, wanted, vacancy)
        some = part > _NO_ROOM
        rows = rows[some]
        projects.gathered[rows], projects.expansions[rows] = 0.0, projects.expansions[rows] + 1
        return rows, (wanted * part)[some]

    def _room_for(self, rows: np.ndarray, output: np.ndarray, vacancy: Vacancy | None) -> np.ndarray:
        """Return the part of each expansion that finds what it needs, (n,): all that ask for the same get the same."""
        part = np.ones(len(rows))
        if vacancy is None:
            return part
        projects, sectors = self.projects, self.setting.sectors
        place, sector, rents = projects.place[rows].astype(np.intp), projects.sector[rows], projects.rents[rows]
        need = output * np.where(rents, sectors.floor_use[sector], sectors.land_use[sector])
        part = np.minimum(part, shared(vacancy.spaces, 2 * place + rents, need))
        for room, use in zip(vacancy.factors, vacancy.factor_use, strict=True):
            part = np.minimum(part, shared(room, place, output * use[sector]))
        return part

    def _build(self, parents: np.ndarray, output: np.ndarray, quarter: int) -> np.ndarray:
        """Append expansions, which have yet to take room and to break ground, and return their rows."""
        projects, same = self.projects, ("firm", "origin", "place", "sector", "firm_class", "rents")
        if kernels.library:
            rows = projects.begin(quarter, len(parents))
            self._ledger.build(kernels.library, projects.table, rows, parents, output, quarter)
            return rows
        columns = {name: getattr(projects, name)[parents] for name in same}
        columns |= {"uid": derived(projects.uid[parents], quarter), "kind": EXPANSION, "output": output}
        rows = projects.append(quarter, columns)
        np.add.at(self.firms.open_projects, projects.firm[rows], np.int16(1))
        return rows


def shared(room: np.ndarray, at: np.ndarray, need: np.ndarray) -> np.ndarray:
    """Return the part of each need that `room` (m,) leaves, at the positions `at`, no more than all, (n,)."""
    asked = np.bincount(at, need, minlength=len(room))
    left = np.minimum(1.0, room / np.where(asked > 0, asked, 1.0))[at]
    return np.where(need > 0, left, 1.0)
