"""Leaders and their suppliers, and what becomes of plants (docs/model.md, 7.7): one firm and one plant at a time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from reference.costs import annuity
from reference.firm import NOTHING, FirmAgent, Fresh
from reference.limits import factors
from reference.state import GROUND, PRODUCING, Project
from reference.world import Roads, Row, World

if TYPE_CHECKING:
    from reference.model import ReferenceModel

LARGE, LEADER = 2, 3
GROWTH, PARTING, FUNCTION = 0, 1, 2
FUNCTIONS = ("research", "sales", "headquarters")


def bought(world: World, s: int) -> dict[int, float]:
    """Return the share of each sector in what a sector needs, components with who makes them."""
    shares: dict[int, float] = {}
    for x, share in world.need[s].items():
        shares[world.maker[x]] = shares.get(world.maker[x], 0.0) + share
    return shares


def gathering(yearly: float) -> float:
    """Return the hazard that gathers in a quarter."""
    return -math.log(1 - min(yearly, 1 - 1e-12)) / 4


class Followers:
    """Suppliers that choose to follow their leaders in a quarter."""

    def __init__(self, model: ReferenceModel) -> None:
        self.model, self.world = model, model.world

    def choose(self) -> list[FirmAgent]:
        """Let suppliers whose time has come choose; those who follow want one place."""
        if not self.world.switches.followers:
            return []
        best: dict[int, tuple[float, Project, float]] = {}
        followed = {(one.firm, one.leader.uid) for one in self.model.projects if one.leader}
        pairs = [(firm, project) for project in self.model.projects if self._calls(project)
                 for firm in self.model.suppliers.get(project.firm, [])]  # fmt: skip
        for (firm, project), lanes in zip(pairs, self._draws(pairs), strict=True):
            patience, taste, tie = lanes
            if not self._is_time(firm, project, patience) or self.model.free_firms(firm) <= NOTHING * firm.firms:
                continue
            if (firm.row, project.uid) in followed:
                continue
            worth = self._value(firm, project.place) + math.log(taste / (1 - taste))
            if worth > 0 and (firm.row not in best or worth > best[firm.row][0]):
                best[firm.row] = (worth, project, tie)
        return [self._ask(self.model.firms[row], *best[row][1:]) for row in sorted(best)]

    def _ask(self, firm: FirmAgent, project: Project, tie: float) -> FirmAgent:
        firm.follows, firm.outside, firm.wishes = project, "stay", [project.place]
        firm.fresh = Fresh(0.0, 0.0, 0.0, 0.0, 0.0, tie)
        return firm

    def _calls(self, project: Project) -> bool:
        """Return whether a project is a leader's that stands."""
        leads = self.model.firms[project.firm].leader and project.kind not in ("expansion", "state")
        return leads and project.dates[GROUND] >= 0 and project.fell < 0 and project.gone < 0

    def _draws(self, pairs: list[tuple[FirmAgent, Project]]) -> list[list[float]]:
        uids = np.array([firm.uid for firm, _ in pairs], dtype=np.uint64)
        keys = np.array([self.world.keys[project.place] for _, project in pairs], dtype=np.uint64)
        return self.model.draws.streams.lanes("follow", uids, keys)[:3].T.tolist()

    def _is_time(self, firm: FirmAgent, project: Project, patience: float) -> bool:
        """Return whether this is a quarter of the window by whose end a supplier's patience is spent."""
        parameters = self.world.parameters
        since = self.model.now - project.dates[GROUND] - round(parameters.follow_lag)
        if not 0 <= since < round(parameters.follow_window):
            return False
        hazard = parameters.follow_alert if firm.tier == 1 else parameters.follow_alert_tier2
        each = -math.log(1 - min(hazard, 1 - 1e-12))
        if each == 0:
            return False
        return -math.log(patience) < (since + 1) * each

    def _value(self, firm: FirmAgent, place: int) -> float:
        parameters, sector = self.world.parameters, self.world.sectors[firm.sector]
        order = min(1.0, parameters.supplier_sales_share / parameters.branch_share) if firm.tier == 1 else 0.0
        afar = self.model.sheets.supply.ways[firm.sector][place][firm.origin]
        sunk = 100 * sector.capital_ratio * parameters.sunk_share * annuity(parameters.interest, parameters.horizon)
        gain = order * (parameters.follow_premium + afar) - sunk
        return parameters.follow_constant + parameters.follow_sensitivity * gain


def turn(world: World, output: Row, leaders: Row, turned: Row) -> Row:
    """Return the output that supplies leaders at the end of a quarter, by sector, given what did before."""
    parameters = world.parameters
    if not (world.switches.local_suppliers and world.switches.depth_feedback):
        return turned
    firms = [0.0] * len(output)
    for s, number in enumerate(leaders):
        for k, share in bought(world, s).items():
            firms[k] += number * parameters.local_suppliers_per_leader * share
    pace, ended = 1 - (1 - parameters.turning_rate) ** 0.25, []
    for k, before in enumerate(turned):
        most = parameters.local_suppliers_most * max(0.0, output[k])
        aim = min(firms[k] * world.sectors[k].firm_output, most)
        ended.append(before + pace * (aim - before))
    return ended


class Plants:
    """Settled plants of one run."""

    def __init__(self, model: ReferenceModel) -> None:
        self.model, self.world = model, model.world

    def _draw(self, project: Project, purpose: int, times: int) -> tuple[float, float]:
        """Return patience and luck."""
        uid = np.array([project.uid], dtype=np.uint64)
        patience, luck = self.model.draws.streams.lanes("plant", uid, purpose, times)[:2, 0].tolist()
        return -math.log(patience), luck

    def settle(self, project: Project) -> None:
        """Take in a plant that begins to produce."""
        project.growth_patience = self._draw(project, GROWTH, 0)[0]
        project.parting_patience, project.parting_luck = self._draw(project, PARTING, 0)
        project.function_patience, luck = self._draw(project, FUNCTION, 0)
        large = self.model.firms[project.firm].kind == LARGE and project.kind == "branch"
        if self.world.switches.staged_transfer and large and luck < self.world.parameters.headquarters_at_once:
            self._follow(project, "headquarters")

    def gather(self, roads: Roads) -> list[Project]:
        """Let plants gather the hazards of the quarter; return the plants."""
        plants = [one for one in self.model.projects if one.stage == PRODUCING and one.gone < 0 and one.kind != "state"]
        for project in plants:
            if self.world.switches.expansion:
                self._gather(project)
            if self.world.switches.staged_transfer and self._draws_functions(project):
                project.function_gathered += self._function_hazard(project, roads)
        return plants

    def _gather(self, project: Project) -> None:
        """Gather the hazards of growing and of parting."""
        model, parameters, place = self.model, self.world.parameters, project.place
        dearer = model.reckoned(project) - project.expected
        strain = math.exp(parameters.cost_response * dearer)
        if project.kind != "expansion":
            growth = gathering(parameters.expansion_rate) * model.levers["expansion"][place]
            project.growth_gathered += growth / strain
        parting = gathering(parameters.departure_rate) * model.levers["departure"][place] * strain
        since = model.now - project.dates[PRODUCING] - round(4 * parameters.holiday_years)
        if project.yearly > 0 and 0 <= since < round(parameters.holiday_window):
            parting *= parameters.holiday_cliff
        project.parting_gathered += parting

    def _draws_functions(self, project: Project) -> bool:
        kind = self.model.firms[project.firm].kind
        return kind in (LARGE, LEADER) and project.kind == "branch" and len(project.functions) < len(FUNCTIONS)

    def _function_hazard(self, project: Project, roads: Roads) -> float:
        parameters, talent = self.world.parameters, self.model.sheets.talent[project.place]
        near = math.exp(-parameters.function_decay * roads.hours[self._origin(project)][project.place])
        depth = self.model.sheets.depth(project.sector)[project.place]
        return gathering(parameters.function_hazard) * depth * talent**parameters.function_talent * near

    def _origin(self, project: Project) -> int:
        return self.model.firms[project.firm].origin

    def go_on(self, plants: list[Project]) -> None:
        """Let functions follow, plants shrink and leave, and others expand into the room that there was."""
        rooms = [self.model.applications.room(city) for city in self.model.cities]
        due = [one for one in plants if self._draws_functions(one) and one.function_gathered > one.function_patience]
        for project in due if self.world.switches.staged_transfer else []:
            self._follow(project, next(name for name in FUNCTIONS if name not in project.functions))
        for project in plants:
            if project.parting_gathered > project.parting_patience:
                if project.running == 1 and project.parting_luck < self.world.parameters.shrink_share:
                    self._shrink(project)
                else:
                    self._leave(project)
        self._expand([one for one in plants if one.gone < 0 and one.growth_gathered > one.growth_patience], rooms)

    def _follow(self, project: Project, function: str) -> None:
        project.functions[function] = self.model.now
        self._move_functions(project, 1)
        project.function_patience = self._draw(project, FUNCTION, len(project.functions))[0]
        project.function_gathered = 0.0

    def _move_functions(self, project: Project, count: int) -> None:
        parameters = self.world.parameters
        jobs = count * parameters.function_jobs * project.jobs
        tax = count * parameters.function_tax * self._tax(project)
        here, there = self.model.cities[project.place], self.model.cities[self._origin(project)]
        here.jobs, there.jobs = here.jobs + jobs, there.jobs - jobs
        here.tax_base, there.tax_base = here.tax_base + tax, there.tax_base - tax

    def _tax(self, project: Project) -> float:
        return project.output * self.world.sectors[project.sector].net_tax_share

    def _shrink(self, project: Project) -> None:
        self._take_out(project, 0.5)
        project.running, project.parting_gathered = 0.5, 0.0
        project.parting_patience, project.parting_luck = self._draw(project, PARTING, 1)

    def _leave(self, project: Project) -> None:
        firm, city = self.model.firms[project.firm], self.model.cities[project.place]
        self._move_functions(project, -len(project.functions))
        self._take_out(project, project.running)
        project.running, project.gone = 0.0, self.model.now
        city.unsettle(project, firm.origin, project.firms, 0.0)
        if firm.leader and project.kind != "expansion":
            city.leaders[project.sector] -= 1
        if project.kind in ("move", "entry"):
            firm.moved -= project.firms
            firm.closed += project.firms

    def _take_out(self, project: Project, part: float) -> None:
        city = self.model.cities[project.place]
        city.gain(project.sector, -part * project.output)
        city.unsettle(project, self._origin(project), 0.0, part * project.output)
        city.tax_base -= part * self._tax(project)
        city.take(-part * project.land, -part * project.floor)
        city.use(factors(self.world, project.sector, -part * project.output))

    def _expand(self, growing: list[Project], rooms: list[list[float]]) -> None:
        """Begin expansions; where they do not all find what they need, each is cut by what is shortest."""
        share = self.world.parameters.expansion_size
        needs = [self._needs(one, share) for one in growing]
        asked = [[0.0] * len(room) for room in rooms]
        for one, need in zip(growing, needs, strict=True):
            asked[one.place] = [a + n for a, n in zip(asked[one.place], need, strict=True)]
        for one, need in zip(growing, needs, strict=True):
            room = zip(need, asked[one.place], rooms[one.place], strict=True)
            part = min([1.0, *(free / total for n, total, free in room if n > 0)])
            if part > NOTHING:
                one.expansions += 1
                one.growth_gathered, one.growth_patience = 0.0, self._draw(one, GROWTH, one.expansions)[0]
                self.model.books.begin_expansion(one, share * one.running * part)

    def _needs(self, project: Project, share: float) -> list[float]:
        """Return what an expansion takes of each resource."""
        size = share * project.running
        return [size * project.land, size * project.floor, *factors(self.world, project.sector, size * project.output)]
