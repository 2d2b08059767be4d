"""What the quarter's decisions leave in firms, projects and places: the only writers of the reference (model.md, 7.5)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from reference.admission import Wish
from reference.clusters import turn
from reference.costs import HA, YUAN
from reference.firm import FirmAgent
from reference.limits import factors
from reference.payments import Account, learn, pay
from reference.state import GROUND, HONOURED, PRODUCING, CityAgent, Project
from reference.world import Row
from relocsim.streams import derived

if TYPE_CHECKING:
    from reference.model import ReferenceModel


class Books:
    """Begins, takes further and ends projects, and closes the quarter."""

    def __init__(self, model: ReferenceModel) -> None:
        self.model, self.world, self.cities, self.firms = model, model.world, model.cities, model.firms

    def settle(self, deciding: list[FirmAgent], claims: list[list[tuple[Wish, float]]]) -> None:
        """Turn what is admitted into projects, and let the rest of each agent stay or go."""
        for firm, admitted in zip(deciding, claims, strict=True):
            rest, new = firm.asking(self.model.now), firm.is_new(self.model.now)
            for wish, firms in admitted:
                self._begin(wish, firms)
            firm.follows = None
            rest = max(0.0, rest - sum(firms for _, firms in admitted))
            if new and firm.outside == "stay":
                self._settle_at_home(firm, rest)
            elif firm.outside in ("abroad", "close"):
                if not new:
                    self._leave(firm, rest)
                if firm.outside == "abroad":
                    firm.abroad += rest
                else:
                    firm.closed += rest

    def take_in(self, ventures: list[Project]) -> None:
        """Begin the projects of state-owned enterprises."""
        for venture in ventures:
            venture.supervision = self.model.draws.supervision(venture.uid)
            self.model.projects.append(venture)
            city = self.cities[venture.place]
            city.take(venture.land, venture.floor)
            city.use(factors(self.world, venture.sector, venture.output))
            city.money_at[0] += venture.investment

    def _begin(self, wish: Wish, firms: float) -> None:
        """Begin a project: reserve room, fix the terms."""
        firm, sector = wish.firm, self.world.sectors[wish.firm.sector]
        share = self.world.parameters.branch_share if wish.kind == "branch" else 1.0
        output = firms * firm.output * share
        upfront, yearly = self.model.sheets.promise(firm.sector, firm.kind, wish.place)
        land, floor = firm.space(output)
        self.model.projects.append(
            Project(
                uid=self.model.draws.project(firm.uid, self.model.now), firm=firm.row, place=wish.place,
                sector=firm.sector, kind=wish.kind, firms=firms, output=output,
                investment=output * sector.capital_ratio, jobs=output * sector.workers, land=land, floor=floor,
                size=firm.kind, rents=firm.rents,
                upfront=output * upfront / 100, yearly=output * yearly / 100,
                dates=[self.model.now, -1, -1, -1, -1], leader=firm.follows,
            )
        )  # fmt: skip
        project = self.model.projects[-1]
        project.expected, project.supervision = self.model.reckoned(project), self.model.draws.supervision(project.uid)
        if firm.follows:
            project.stage, project.dates[:3] = HONOURED, [self.model.now] * 3
        self.cities[wish.place].take(land, floor)
        for stage in range(project.stage + 1):
            self.cities[wish.place].money_at[stage] += project.investment
        self.cities[wish.place].promised += output * (upfront + yearly * self.world.parameters.holiday_years) / 100
        self.cities[wish.place].use(factors(self.world, firm.sector, output))
        firm.open_projects += 1
        if wish.kind == "move":
            firm.moving += firms
        if wish.kind == "branch":
            firm.rests_until = self.model.now + round(4 * self.world.parameters.branch_wait)

    def begin_expansion(self, plant: Project, share: float) -> None:
        """Begin to build at a plant: a project that starts by breaking ground, and is promised nothing."""
        uid = int(derived(np.array([plant.uid], dtype=np.uint64), self.model.now)[0])
        grown = Project(
            uid=uid, firm=plant.firm, place=plant.place, sector=plant.sector, kind="expansion", firms=0.0,
            output=share * plant.output, investment=share * plant.investment, jobs=share * plant.jobs,
            land=share * plant.land, floor=share * plant.floor, upfront=0.0, yearly=0.0, stage=GROUND,
            size=plant.size, rents=plant.rents, dates=[*[self.model.now] * 4, -1],
        )  # fmt: skip
        grown.expected, grown.supervision = self.model.reckoned(grown), self.model.draws.supervision(uid)
        self.model.projects.append(grown)
        city = self.cities[plant.place]
        city.take(grown.land, grown.floor)
        city.use(factors(self.world, grown.sector, grown.output))
        city.treasury += grown.land * HA * city.land_price(self.model.now / 4) / YUAN
        self.firms[plant.firm].open_projects += 1

    def _settle_at_home(self, firm: FirmAgent, firms: float) -> None:
        """Let new firms settle at their origin."""
        firm.at_home += firms
        self._change_at_home(firm, firms)

    def _leave(self, firm: FirmAgent, firms: float) -> None:
        """Take firms from their origin."""
        firm.at_home -= firms
        self._change_at_home(firm, -firms)

    def _change_at_home(self, firm: FirmAgent, firms: float) -> None:
        city, output = self.cities[firm.origin], firms * firm.output
        city.gain(firm.sector, output)
        city.take(*firm.space(output))
        city.use(factors(self.world, firm.sector, output))

    def advance(self, project: Project, years: float) -> None:
        """Take a project a stage further."""
        project.stage += 1
        project.dates[project.stage] = self.model.now
        city = self.cities[project.place]
        if project.kind != "expansion":
            city.money_at[project.stage] += project.investment
        if project.stage == GROUND:
            city.treasury += project.land * HA * city.land_price(years) / YUAN
        elif project.stage == PRODUCING:
            self._open(project, city)

    def _open(self, project: Project, city: CityAgent) -> None:
        """Let a plant begin to produce."""
        world, firm = self.world, self.firms[project.firm]
        city.gain(project.sector, project.output)
        city.tax_base += project.output * world.sectors[project.sector].net_tax_share
        if project.kind == "state":
            return
        city.settle(project, firm.origin)
        firm.open_projects -= 1
        if firm.leader and project.kind != "expansion":
            city.leaders[project.sector] += 1
        self.model.plants.settle(project)
        if project.kind == "move":
            firm.moving -= project.firms
            self._leave(firm, project.firms)
        if project.kind in ("move", "entry"):
            firm.moved += project.firms

    def fall(self, project: Project) -> None:
        """Let a project fall away and give its room back."""
        firm = self.firms[project.firm]
        project.fell = self.model.now
        self.cities[project.place].take(-project.land, -project.floor)
        self.cities[project.place].use(factors(self.world, project.sector, -project.output))
        if project.kind == "state":
            return
        firm.open_projects -= 1
        if project.kind == "move":
            firm.moving -= project.firms
        if project.kind == "entry" and firm.home_only:
            self._settle_at_home(firm, project.firms)
        elif project.kind == "entry":
            firm.closed += project.firms

    def close(self, extra: list[tuple[float, float]]) -> None:
        """End the quarter in every place."""
        self._pay()
        outlays, share = self._outlays(), self.world.local_share(self.model.now / 4)
        for city in self.cities:
            city.turned = turn(self.world, city.output, city.leaders, city.turned)
            city.feed_back(self.model.levers, self.model.ordered[city.row], outlays[city.row], share, extra[city.row])

    def _pay(self) -> None:
        """Let every place pay its plants, and firms learn from it."""
        plants: dict[int, list[Project]] = defaultdict(list)
        for project in self.model.projects:
            if project.stage == PRODUCING:
                plants[project.place].append(project)
        for place, here in plants.items():
            accounts = pay(self.world, self.cities[place], here, self.model.levers, self.model.now)
            seen: dict[tuple[int, int], Account] = defaultdict(Account)
            for project, account in zip(here, accounts, strict=True):
                one = seen[self.firms[project.firm].origin, project.sector]
                one.prompt += account.prompt
                one.late += account.late
                one.broken += account.broken
            learn(self.world, self.cities[place], seen)

    def _outlays(self) -> Row:
        """Return what policies cost each place this quarter; each city pays for its own."""
        outlays = [0.0] * len(self.cities)
        for policy in self.world.in_force(self.model.now):
            for name in policy.payers():
                outlays[self.world.place_ids.index(name)] += policy.spends(
                    self.world.parameters, self.world.start + self.model.now - policy.start
                )
        return outlays
