"""Settlement: intentions become projects, plants open, hire and pay tax, firms leave their origin.

The only writer of projects and firms. Nothing appears or vanishes: what a place gains by a full move its origin loses, and
land, floor and firms of a project that falls away are given back.
"""

from __future__ import annotations

import numpy as np

from relocsim import kernels
from relocsim.phases.admission import Admitted
from relocsim.phases.aftermath import Aftermath, concerning
from relocsim.phases.cost import Promise, land_price
from relocsim.phases.decision import ABROAD, CLOSE, STAY, Decisions
from relocsim.phases.delivery import Progress, enter_stages
from relocsim.phases.engaging import engaged
from relocsim.phases.ledger import DUST, ledger
from relocsim.phases.limits import Vacancy
from relocsim.phases.payments import fall_due
from relocsim.phases.plants import Outlook, Unrest
from relocsim.phases.setting import Setting
from relocsim.phases.ventures import Ventures
from relocsim.world.firms import LEADER, Population
from relocsim.world.projects import (
    BRANCH,
    ENTRY,
    EXPANSION,
    GROUND,
    HONOURED,
    INTENTION,
    MOVE,
    PRODUCING,
    STATE,
    Projects,
)
from relocsim.world.state import FirmState, PlaceState

_SQUARE_METRES, _YUAN = 1e4, 1e8
_ONE = np.int16(1)
"""A project, in the type in which firms count them: `add.at` is slow where it has to convert."""


class Books:
    """State, firms and projects of one run, and the entries that settlement makes in them."""

    def __init__(
        self, setting: Setting, population: Population, places: PlaceState, firms: FirmState, projects: Projects
    ) -> None:
        self.setting, self.population = setting, population
        self.places, self.firms, self.projects = places, firms, projects
        self._factor_use = setting.factor_use
        self._entered: list[np.ndarray] = []  # projects new in a stage, whose draws are made together
        self._ledger = ledger(setting, population, places, firms)
        self.aftermath = Aftermath(setting, places, firms, projects, self._ledger)

    def open_projects(
        self, decisions: Decisions, answer: Admitted, promised: Promise, outlook: Outlook, quarter: int
    ) -> None:
        """Book a round of decisions: projects of the admitted, and what the rest of each firm does instead.

        `promised` is what places promise in this quarter, `outlook` what they cost against others.
        """
        mass, admitted = self.firms.weight[decisions.firm] - self.firms.pending[decisions.firm], answer.claims
        self.places.refused += answer.refused
        rows = self._append(decisions, admitted, mass, promised, quarter)
        self.projects.expected[rows] = outlook.reckoned(self.setting, self.projects, rows)
        agent, share = admitted["agent"], admitted["share"]
        placed = np.bincount(agent, share, minlength=len(mass))
        self._elsewise(decisions, np.maximum(1 - placed, 0.0) * mass)

    def _append(
        self, decisions: Decisions, admitted: np.ndarray, mass: np.ndarray, promised: Promise, quarter: int
    ) -> np.ndarray:
        """Append a project for each admitted claim, tie up its firm, reserve its room, and return the rows."""
        projects = self.projects
        if kernels.library and len(admitted):
            rows = projects.begin(quarter, len(admitted))
            self._ledger.engage(
                kernels.library, projects.table, int(rows[0]), admitted, quarter, firm=decisions.firm,
                follows=decisions.follows, mass=mass, upfront=promised.upfront, yearly=promised.yearly,
            )  # fmt: skip
        else:
            rows = projects.append(quarter, engaged(self, decisions, admitted, mass, promised, quarter))
            after = projects.leader[rows] >= 0
            self._stand_by(rows[after], HONOURED, quarter)
            self._stand_by(rows[~after], INTENTION, quarter)
            self._occupy(rows, 1.0)
        self._entered.append(rows)
        return rows

    @concerning
    def _stand_by(self, rows: np.ndarray, stage: int, quarter: int) -> None:
        """Let new projects begin at a stage, which counts as having gone through those before."""
        projects = self.projects
        if kernels.library:
            self._ledger.stand_by(kernels.library, projects.table, rows, stage, quarter)
            return
        for before in range(stage + 1):
            projects.stage[rows], projects.dates[before, rows] = before, quarter
            self._count(rows)

    @concerning
    def _count(self, rows: np.ndarray) -> None:
        """Count projects, their money and firms, at the stage that they have reached; expansions are not recruited."""
        rows = rows[self.projects.kind[rows] != EXPANSION]
        at = self.projects.stage[rows], self.projects.place[rows]
        np.add.at(self.places.stage_money, at, self.projects.invested(rows))
        np.add.at(self.places.stage_firms, at, self.projects.firms[rows])

    def open_ventures(self, ventures: Ventures, quarter: int) -> None:
        """Book projects of state-owned enterprises: no firm of the population stands behind them, nothing is promised."""
        of_all = {"firm_class": LEADER, "kind": STATE, "firms": 1.0}
        of_each = {name: getattr(ventures, name) for name in ("uid", "place", "sector", "output")}
        rows = self.projects.append(quarter, of_all | of_each)
        self._entered.append(rows)
        self._stand_by(rows, INTENTION, quarter)
        self._occupy(rows, 1.0)

    @concerning
    def _occupy(self, rows: np.ndarray, sign: float) -> None:
        """Reserve (or give back) the land and floor of projects, and their power, emissions and labour."""
        if kernels.library:
            self._ledger.occupy(kernels.library, self.projects.table, rows, sign)
            return
        place, (land, floor) = self.projects.place[rows], self.projects.room(rows)
        np.add.at(self.places.land_used, place, sign * land)
        np.add.at(self.places.floor_used, place, sign * floor)
        self._use(place, self.projects.sector[rows], sign * self.projects.output[rows])

    @concerning
    def _use(self, place: np.ndarray, sector: np.ndarray, output: np.ndarray) -> None:
        """Take (or give back) the factors that so much output needs."""
        for used, use in zip(self.places.factor_used, self._factor_use, strict=True):
            np.add.at(used, place, output * use[sector])

    def _elsewise(self, decisions: Decisions, rest: np.ndarray) -> None:
        """Book what firms do that place nothing: new ones settle at home, some go abroad, some close."""
        if kernels.library:
            self._ledger.stay_or_leave(kernels.library, decisions.firm, decisions.outside, rest)
            return
        for option, column in ((ABROAD, self.firms.abroad), (CLOSE, self.firms.closed)):
            at = np.flatnonzero((decisions.outside == option) & (rest > 0))
            column[decisions.firm[at]] += rest[at]
            self._leave(decisions.firm[at], rest[at])
        home = decisions.firm[(decisions.outside == STAY) & (rest > 0)]
        self._settle(home[~self.firms.settled[home]])

    @concerning
    def _settle(self, firm: np.ndarray) -> None:
        """Let new firms stand at their origin, less what they have under way elsewhere."""
        self.firms.settled[firm] = True
        self._at_home(firm, self.firms.weight[firm] - self.firms.pending[firm])

    @concerning
    def _leave(self, firm: np.ndarray, firms: np.ndarray) -> None:
        """Take firms away from their origin, and their output if it counted there."""
        self._take(firm, firms)
        stood = self.firms.settled[firm]
        self._at_home(firm[stood], -firms[stood])

    @concerning
    def _take(self, firm: np.ndarray, firms: np.ndarray) -> None:
        """Take firms off agents' weights; what rounding leaves of an agent that is gone is nothing."""
        np.subtract.at(self.firms.weight, firm, firms)
        left = self.firms.weight[firm]
        self.firms.weight[firm] = np.where(left < DUST, 0.0, left)

    @concerning
    def _at_home(self, firm: np.ndarray, firms: np.ndarray) -> None:
        """Add (or take away) firms' output, jobs, room and factors at their origin."""
        population, sectors = self.population, self.setting.sectors
        place, sector = self.setting.places.origins[population.origin[firm]], population.sector[firm]
        output, rents = firms * population.output[firm], population.rents[firm]
        np.add.at(self.places.output, (place, sector), output)
        np.add.at(self.places.jobs, place, output * sectors.workers[sector])
        np.add.at(self.places.land_used, place, output * sectors.land_use[sector] * ~rents)
        np.add.at(self.places.floor_used, place, output * sectors.floor_use[sector] * rents)
        self._use(place, sector, output)

    def progress(self, step: Progress, quarter: int) -> None:
        """Book a quarter of delivery: stages reached, plants that open, projects that fall away."""
        projects = self.projects
        projects.gathered[step.waiting], projects.worn[step.waiting] = step.gathered, step.worn
        self._entered.append(step.advanced)
        opened = self._advance(step.advanced, quarter)
        self.aftermath.settle(opened, quarter)
        self._arrive(opened)
        self._fall(step.fallen, quarter)

    def go_on(self, unrest: Unrest, vacancy: Vacancy | None, quarter: int) -> None:
        """Book a quarter of settled plants; expansions find room where `vacancy` says so (none: everywhere)."""
        rows = self.aftermath.go_on(unrest, vacancy, quarter)
        self._stand_by(rows, GROUND, quarter)
        self._occupy(rows, 1.0)
        self._sell_land(rows, quarter)
        entered = np.concatenate([*self._entered, rows])
        enter_stages(self.setting, self.projects, entered[self.projects.stage[entered] < PRODUCING], quarter)
        self._entered = []

    @concerning
    def _sell_land(self, rows: np.ndarray, quarter: int) -> None:
        """Book the price of land when ground is broken, 1e8 yuan, at the places' prices of the day."""
        price = land_price(self.setting, self.places, quarter / 4)
        if kernels.library:
            self._ledger.sell_land(kernels.library, self.projects.table, rows, price)
            return
        place, area = self.projects.place[rows], self.projects.room(rows)[0] * _SQUARE_METRES
        np.add.at(self.places.treasury, place, area * price[place] / _YUAN)

    def _advance(self, rows: np.ndarray, quarter: int) -> np.ndarray:
        """Let projects pass to the next stage, where nothing has gathered; return the rows of firms' plants that open."""
        projects = self.projects
        if kernels.library:
            price = land_price(self.setting, self.places, quarter / 4)
            return self._ledger.advance(kernels.library, projects.table, rows, price, quarter)
        projects.stage[rows] += 1
        stage = projects.stage[rows]
        projects.dates[stage, rows] = quarter
        projects.gathered[rows] = projects.worn[rows] = 0.0
        self._count(rows)
        self._sell_land(rows[stage == GROUND], quarter)
        opened = rows[stage == PRODUCING]
        self._open_plants(opened)
        return opened[projects.kind[opened] != STATE]

    @concerning
    def _arrive(self, rows: np.ndarray) -> None:
        """Let firms go on whose plants have opened: full movers leave their origin."""
        projects = self.projects
        if kernels.library:
            self._ledger.arrive(kernels.library, projects.table, rows)
            return
        gone = rows[projects.kind[rows] != BRANCH]
        self._release(rows, gone)
        np.add.at(self.firms.moved, projects.firm[gone], projects.firms[gone])
        np.add.at(self.firms.branches, projects.firm[rows], projects.firms[rows] * (projects.kind[rows] == BRANCH))
        movers = gone[projects.kind[gone] == MOVE]
        self._take(projects.firm[gone], projects.firms[gone])
        self._at_home(projects.firm[movers], -projects.firms[movers])

    @concerning
    def _open_plants(self, rows: np.ndarray) -> None:
        """Book plants where they open: output, jobs, tax, incentives due, and where they came from."""
        projects, places = self.projects, self.places
        place, sector = projects.place[rows], projects.sector[rows]
        np.add.at(places.output, (place, sector), projects.output[rows])
        np.add.at(places.jobs, place, projects.output[rows] * self.setting.sectors.workers[sector])
        np.add.at(places.tax_base, place, projects.output[rows] * self.setting.sectors.tax[sector])
        rows = rows[projects.kind[rows] != STATE]
        fall_due(places, projects, rows)
        at = projects.origin[rows], projects.sector[rows], projects.place[rows]
        np.add.at(places.plants, at, projects.firms[rows])
        np.add.at(places.plants_output, at, projects.output[rows])
        leads = rows[(projects.firm_class[rows] == LEADER) & (projects.kind[rows] != EXPANSION)]
        np.add.at(places.leaders, (projects.place[leads], projects.sector[leads]), 1.0)

    @concerning
    def _release(self, rows: np.ndarray, gone: np.ndarray) -> None:
        """Free the firms of projects that have ended, one way or the other."""
        np.subtract.at(self.firms.open_projects, self.projects.firm[rows], _ONE)
        np.subtract.at(self.firms.pending, self.projects.firm[gone], self.projects.firms[gone])

    @concerning
    def _fall(self, rows: np.ndarray, quarter: int) -> None:
        """Let projects fall away: room is given back, new firms settle at home, inland investors give up."""
        projects = self.projects
        if kernels.library:
            self._ledger.fall(kernels.library, projects.table, rows, quarter)
            return
        projects.fell[rows] = quarter
        self._occupy(rows, -1.0)
        rows = rows[projects.kind[rows] != STATE]
        self._release(rows, rows[projects.kind[rows] != BRANCH])
        entry = rows[projects.kind[rows] == ENTRY]
        homeless = ~self.setting.places.from_studied(projects.origin[entry])
        self._give_up(entry[homeless])
        self._come_home(entry[~homeless])

    @concerning
    def _give_up(self, rows: np.ndarray) -> None:
        np.add.at(self.firms.closed, self.projects.firm[rows], self.projects.firms[rows])
        self._take(self.projects.firm[rows], self.projects.firms[rows])

    @concerning
    def _come_home(self, rows: np.ndarray) -> None:
        """Settle new firms whose plant elsewhere came to nothing; those settled in part already only add to it."""
        firm, firms = self.projects.firm[rows], self.projects.firms[rows]
        self.firms.settled[firm] = True
        self._at_home(firm, firms)
