"""The quarter, agent by agent, in the order of docs/model.md."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass

import mesa
import numpy as np

from reference.admission import Market, Wish
from reference.anchor import Constants, solve
from reference.clusters import Followers, Plants, turn
from reference.costs import HA, YUAN, Sheets, annuity
from reference.delivery import progress
from reference.draws import Draws
from reference.firm import FirmAgent
from reference.governments import Council, expansion, ration, venture_odds, venture_place, venture_sector
from reference.limits import FACTORS, Selection, factor_readiness, factors, free, set_factors
from reference.payments import Account, believed, learn, pay
from reference.promotion import Segment, Telling, contact_rate, past_years, signing, trading_partners, yields
from reference.state import GROUND, HONOURED, PRODUCING, CityAgent, Project
from reference.values import MEDIUM, Values, reference_cost
from reference.world import Roads, Row, World, as_lists
from relocsim.spec import Spec
from relocsim.streams import Streams, derived
from relocsim.world.firms import Population


@dataclass
class Quarter:
    """What firms see in a quarter."""

    values: Values
    constants: Constants
    contacts: dict[Segment, Row]
    """Contacts so far, by segment and place."""
    owner_contacts: list[Row]
    """Contacts beside these, by owner of the firm and place."""
    scale: float
    """Scale of tastes, lambda."""


class ReferenceModel(mesa.Model):
    """The model, one agent a firm and one a place.

    `constants` may be given so that choices can be compared exactly with a model that solved for its own.
    how the yearly rates from which they are solved become quarterly.
    """

    def __init__(
        self, spec: Spec, population: Population, *, replicate: int = 0, constants: Constants | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.world = World(spec)
        self.draws = Draws(self.world, Streams(spec.scenario.seed, replicate))
        self.cities = [CityAgent(self, self.world, row) for row in range(len(self.world.places))]
        self.firms = self._firms(population)
        self._count_stock()
        self._give_room()
        for city in self.cities:
            set_factors(self.world, city)
        self.draws.give_tastes(self.firms)
        self.projects: list[Project] = []
        self.followers, self.plants = Followers(self), Plants(self)
        self.now = 0
        self.contacts: dict[Segment, Row] = defaultdict(lambda: [0.0] * len(self.cities))
        self.owner_contacts: list[Row] = [[0.0] * len(self.cities) for _ in range(4)]
        self.events: Counter[str] = Counter()
        """What happened in admission so far."""
        self.reviewed = 0
        """Agents asked so far."""
        self.constants = self._look_at_the_start(constants)

    def _firms(self, population: Population) -> list[FirmAgent]:
        columns = (population.uid, population.origin, population.sector, population.kind, population.weight,
                   population.output, population.rents, population.born, population.owner,
                   population.customer, population.tier, population.sales_share)  # fmt: skip
        self.suppliers: dict[int, list[FirmAgent]] = defaultdict(list)
        firms = []
        for row, entry in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            uid, origin, sector, kind, weight, output, rents, born, owner, customer, tier, sales_share = entry
            firm = FirmAgent(self, row, uid, (sector, self.world.origins[origin], kind), weight)
            firm.output, firm.rents, firm.born, firm.owner = output, rents, born, owner
            firm.tier, firm.sales_share = tier, sales_share
            if tier:
                self.suppliers[customer].append(firm)
            firm.home_only = not self.world.places[firm.origin].entrants_only
            firm.at_home = 0.0 if born else weight
            firms.append(firm)
        return firms

    def _count_stock(self) -> None:
        """Tell the world how many firms stand where at the start."""
        stock: dict[Segment, float] = defaultdict(float)
        for firm in self.firms:
            if not firm.born:
                stock[firm.segment] += firm.firms
        self.world.count(stock)
        self.world.partners = trading_partners(self.world)

    def _give_room(self) -> None:
        """See to it that origins have the space that their firms fill."""
        filled: dict[int, list[float]] = {origin: [0.0, 0.0] for origin in self.world.origins}
        for firm in self.firms:
            if not firm.born:
                space = self._space(firm, firm.at_home * firm.output)
                filled[firm.origin] = [sum(pair) for pair in zip(filled[firm.origin], space, strict=True)]
        for origin, (land, floor) in filled.items():
            self.cities[origin].make_room(land, floor)

    def _look_at_the_start(self, constants: Constants | None) -> Constants:
        """Work out the costs of the start, with no policy in force, and return the constants of the choice."""
        levers = self.world.levers(None)
        roads = self.world.roads(0, levers)
        sheets = Sheets(self.world, self.cities, as_lists(levers), roads, 0.0)
        self.reference = reference_cost(self.world, sheets)
        self.start_cost = self._home_costs(sheets)
        values = Values(self.world, sheets, self.reference)
        found = constants or solve(self.world, values, self.firms)
        past, places = past_years(self.world), range(len(self.cities))
        usual = {o: [past * contact_rate(self.world, roads, o, p) for p in places] for o in self.world.origins}
        sectors = range(len(self.world.sectors))
        contacts = {(s, o, MEDIUM): usual[o] for s in sectors for o in self.world.origins}
        self.council = Council(self.world, found, values, contacts)
        return found

    def _home_costs(self, sheets: Sheets) -> dict[tuple[int, int], float]:
        """Return the unit cost of a medium firm at its origin, by sector and origin."""
        sectors = range(len(self.world.sectors))
        return {(s, o): sheets.unit_cost(s, o, MEDIUM)[o] for s in sectors for o in self.world.origins}

    def step(self) -> None:
        """Play a quarter."""
        years, quarter = self.now / 4, self.now
        lever_arrays = self.world.levers(quarter)
        self.levers = as_lists(lever_arrays)
        self.ordered = list(self.levers["land_added"])
        ration(self.world, self.cities, self.levers)
        roads = self.world.roads(quarter, lever_arrays)
        self.sheets = Sheets(self.world, self.cities, self.levers, roads, years)
        self._relative: dict[tuple[int, int], Row] = {}
        self._hear(roads)
        self._hear_as_owned()
        values = Values(self.world, self.sheets, self.reference)
        bids = self.council.bids(self.cities, self.sheets, values, self.contacts, quarter)
        ventures = self._negotiate()
        deciding = self._decide(
            Quarter(values, self.constants, self.contacts, self.owner_contacts, self.world.parameters.nest_lambda)
        )
        claims = self._admit(deciding, values)
        under_way = [project for project in self.projects if project.fell < 0 and project.stage < PRODUCING]
        moves = self._deliver(under_way)
        extra = [expansion(self.world, city, self.levers) for city in self.cities]
        plants = self.plants.gather(roads)
        self._settle_claims(deciding, claims)
        for venture in ventures:
            venture.supervision = self.draws.supervision(venture.uid)
            self.projects.append(venture)
            self.cities[venture.place].take(venture.land, venture.floor)
            self.cities[venture.place].use(factors(self.world, venture.sector, venture.output))
            self.cities[venture.place].money_at[0] += venture.investment
        for project, move in zip(under_way, moves, strict=True):
            if move > 0:
                self._advance(project, years)
            elif move < 0:
                self._fall(project)
        self.plants.go_on(plants)
        self.draws.enter_stage([project for project in self.projects if project.dates[project.stage] == self.now])
        self._feed_back(extra)
        for city, bid in zip(self.cities, bids, strict=True):
            city.bid = bid
        self.now += 1

    def _hear(self, roads: Roads) -> None:
        """Forget some, and add the contacts of the quarter."""
        keeps = (1 - self.world.parameters.awareness_forget) ** 0.25
        years = past_years(self.world) if self.now == 0 else 0.25
        places, world, known = range(len(self.cities)), self.world, self.levers["standing"]
        usual = {o: [years * contact_rate(world, roads, o, p, known[p]) for p in places] for o in world.origins}
        for segment, more in Telling(world, self.cities, self.levers, roads).rows():
            before, now = self.contacts[segment], usual[segment[1]]
            self.contacts[segment] = [keeps * before[p] + now[p] + more[p] / 4 for p in places]
            if not world.switches.awareness:
                self.contacts[segment] = [float("inf")] * len(self.cities)

    def _hear_as_owned(self) -> None:
        """The same for what firms hear because of who owns them."""
        if self.world.switches.promotion:
            keeps = (1 - self.world.parameters.awareness_forget) ** 0.25
            gain = [yields(self.world, self.levers, p) for p in range(len(self.cities))]
            for owner, row in enumerate(self.owner_contacts):
                told = self.levers["owner_contacts"][owner]
                self.owner_contacts[owner] = [keeps * row[p] + told[p] * gain[p] / 4 for p in range(len(row))]

    def _decide(self, now: Quarter) -> list[FirmAgent]:
        """Let new firms and firms under review decide."""
        following = self.followers.choose()
        hazard = self._review_hazard()
        draws = self.draws.reviews(self.firms, self.now)
        deciding = [
            firm
            for firm, draw in zip(self.firms, draws, strict=True)
            if (firm.born == self.now and self.now)
            or (not firm.follows and firm.may_be_reviewed(self.now) and draw < hazard[firm.sector, firm.origin])
        ]
        self.reviewed += len(deciding)
        for firm, drawn in zip(deciding, self.draws.decisions(deciding, self.now), strict=True):
            firm.step(now, drawn, new=firm.is_new(self.now))
        return deciding + following

    def free_firms(self, firm: FirmAgent) -> float:
        """Return the firms at home that are not on the point of moving."""
        return firm.at_home - firm.moving

    def reckoned(self, project: Project) -> float:
        """Return the cost of a project against others less what its firm believes of the promises made to it."""
        origin, parameters = self.firms[project.firm].origin, self.world.parameters
        promised = project.upfront + project.yearly / annuity(parameters.interest, parameters.holiday_years)
        worth = 100 * annuity(parameters.interest, parameters.horizon) * promised / project.output
        belief = believed(self.world, self.cities[project.place], self.levers, origin, project.sector)
        return self._relative_cost(project.sector, origin, project.place) - belief * worth

    def _relative_cost(self, s: int, o: int, p: int) -> float:
        """Return the cost of a place for medium firms against the mean of destinations, incentives apart."""
        if (s, o) not in self._relative:
            pairs = zip(self.sheets.unit_cost(s, o, MEDIUM), self.sheets.incentive(s, o, MEDIUM), strict=True)
            costs = [cost - incentive for cost, incentive in pairs]
            there = [cost for cost, place in zip(costs, self.world.places, strict=True) if place.destination]
            self._relative[s, o] = [cost - sum(there) / len(there) for cost in costs]
        return self._relative[s, o][p]

    def _review_hazard(self) -> dict[tuple[int, int], float]:
        parameters, cost = self.world.parameters, self._home_costs(self.sheets)
        return {
            key: min(1.0, parameters.review_hazard * (cost[key] / start) ** parameters.review_elasticity)
            for key, start in self.start_cost.items()
        }

    def _admit(self, deciding: list[FirmAgent], values: Values) -> list[list[tuple[Wish, float]]]:
        """Return, for each agent that decided, the firms admitted and where."""
        self.selection = Selection(self.world, self.cities, self.levers)
        rooms = self.rooms
        lists = [
            [
                p
                for p in firm.wishes
                if not self._refuses(p, firm) and self._wish(firm, p, values).could_be_served(rooms[p])
            ]
            for firm in deciding
        ]
        firms = [self._firms_of(firm) for firm in deciding]
        market = Market(lists, firms, rooms, lambda one, place: self._wish(deciding[one], place, values))
        admitted = market.clear()
        self.events += market.events
        claims = [
            [(market.wish((one, position)), firms) for position, firms in sorted(places.items())]
            for one, places in enumerate(admitted)
        ]
        self._note_refusals(deciding, claims, values)
        return claims

    def _refuses(self, place: int, firm: FirmAgent) -> bool:
        return self.selection.refuses(firm.sector, place, firm.rents)

    def _note_refusals(self, deciding: list[FirmAgent], claims: list[list[tuple[Wish, float]]], values: Values) -> None:
        """Add up the investment that its first choice did not take, by whether it was fit."""
        for firm, admitted in zip(deciding, claims, strict=True):
            if firm.wishes:
                first = firm.wishes[0]
                taken = sum(firms for wish, firms in admitted if wish.place == first)
                lost = (self._firms_of(firm) - taken) * self._wish(firm, first, values).investment
                self.cities[first].refused[0 if self._refuses(first, firm) else 1] += lost

    def _negotiate(self) -> list[Project]:
        """Return the projects of state-owned enterprises and where they go; they come first in the rooms of places."""
        world, parameters = self.world, self.world.parameters
        self.rooms = [self.room(city) for city in self.cities]
        found = []
        for uid, sector_draw, size_draw, luck in self.draws.ventures(self.now):
            s = venture_sector(world, sector_draw)
            sector, high = world.sectors[s], parameters.state_investment_high / parameters.state_investment_low
            output = parameters.state_investment_low * high**size_draw / sector.capital_ratio
            liking = [venture_odds(world, self.sheets, s, p) + luck[p] if world.places[p].destination else -math.inf
                      for p in range(len(self.cities))]  # fmt: skip
            place = venture_place(world, liking, output * sector.land_use, self.rooms)
            if place >= 0:
                for resource, need in zip(FACTORS, factors(world, s, output), strict=True):
                    self.rooms[place][resource] = max(0.0, self.rooms[place][resource] - need)
                found.append(Project(
                    uid=uid, firm=-1, place=place, sector=s, kind="state", firms=1.0, output=output,
                    investment=output * sector.capital_ratio, jobs=output * sector.workers,
                    land=output * sector.land_use, floor=0.0, upfront=0.0, yearly=0.0, size=3, rents=False,
                    dates=[self.now, -1, -1, -1, -1],
                ))  # fmt: skip
        return found

    def _firms_of(self, firm: FirmAgent) -> float:
        return firm.firms if firm.is_new(self.now) else self.free_firms(firm)

    def room(self, city: CityAgent) -> list[float]:
        """Return what new plants may still take of each resource."""
        if not self.world.switches.admission_limits:
            return [float("inf")] * 5
        return [max(0.0, one) for one in free(self.world, city, self.levers)]

    def _wish(self, firm: FirmAgent, place: int, values: Values) -> Wish:
        """Return a firm's application to a place."""
        sector, parameters = self.world.sectors[firm.sector], self.world.parameters
        kind = "entry"
        if not firm.is_new(self.now):
            kind = "branch" if firm.fresh.mode < values.offer(firm.segment).branch_chance[place] else "move"
        output = firm.output * (parameters.branch_share if kind == "branch" else 1.0)
        takes = [*self._space(firm, output), *factors(self.world, firm.sector, output)]
        needs = {resource: need for resource, need in enumerate(takes) if need > 0}
        after = 0.0 if firm.leader and self.world.switches.selection else 1.0
        rank = (after, -self.selection.score(firm.sector, place, firm.rents), firm.fresh.tie)
        return Wish(firm, place, kind, needs, output * sector.capital_ratio, rank)

    def _deliver(self, under_way: list[Project]) -> list[int]:
        """Return how the projects under way get on: 1 a stage further, -1 fallen away, 0 neither."""
        closing = signing(self.world, self.levers, under_way)
        ready = factor_readiness(self.world, self.cities, self.levers, under_way)
        return [
            progress(
                self.world,
                project,
                self.cities[project.place],
                self.levers,
                closing[project.place],
                ready[project.place],
            )
            for project in under_way
        ]

    def _settle_claims(self, deciding: list[FirmAgent], claims: list[list[tuple[Wish, float]]]) -> None:
        """Turn what is admitted into projects, and let the rest of each agent stay or go."""
        for firm, admitted in zip(deciding, claims, strict=True):
            rest, new = self._firms_of(firm), firm.is_new(self.now)
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

    def _begin(self, wish: Wish, firms: float) -> None:
        """Begin a project: reserve room, fix the terms."""
        firm, sector = wish.firm, self.world.sectors[wish.firm.sector]
        share = self.world.parameters.branch_share if wish.kind == "branch" else 1.0
        output = firms * firm.output * share
        upfront, yearly = self.sheets.promise(firm.sector, firm.kind, wish.place)
        land, floor = self._space(firm, output)
        self.projects.append(
            Project(
                uid=self.draws.project(firm.uid, wish.place, self.now), firm=firm.row, place=wish.place,
                sector=firm.sector, kind=wish.kind, firms=firms, output=output,
                investment=output * sector.capital_ratio, jobs=output * sector.workers, land=land, floor=floor,
                size=firm.kind, rents=firm.rents,
                upfront=output * upfront / 100, yearly=output * yearly / 100,
                dates=[self.now, -1, -1, -1, -1], leader=firm.follows,
            )
        )  # fmt: skip
        project = self.projects[-1]
        project.expected, project.supervision = self.reckoned(project), self.draws.supervision(project.uid)
        if firm.follows:
            project.stage, project.dates[:3] = HONOURED, [self.now] * 3
        self.cities[wish.place].take(land, floor)
        for stage in range(project.stage + 1):
            self.cities[wish.place].money_at[stage] += project.investment
        self.cities[wish.place].promised += output * (upfront + yearly * self.world.parameters.holiday_years) / 100
        self.cities[wish.place].use(factors(self.world, firm.sector, output))
        firm.open_projects += 1
        if wish.kind == "move":
            firm.moving += firms
        if wish.kind == "branch":
            firm.rests_until = self.now + round(4 * self.world.parameters.branch_wait)

    def begin_expansion(self, plant: Project, share: float) -> None:
        """Begin to build at a plant: a project that starts by breaking ground, and is promised nothing."""
        uid = int(derived(np.array([plant.uid], dtype=np.uint64), self.now)[0])
        grown = Project(
            uid=uid, firm=plant.firm, place=plant.place, sector=plant.sector, kind="expansion", firms=0.0,
            output=share * plant.output, investment=share * plant.investment, jobs=share * plant.jobs,
            land=share * plant.land, floor=share * plant.floor, upfront=0.0, yearly=0.0, stage=GROUND,
            size=plant.size, rents=plant.rents, dates=[*[self.now] * 4, -1],
        )  # fmt: skip
        grown.expected, grown.supervision = self.reckoned(grown), self.draws.supervision(uid)
        self.projects.append(grown)
        city = self.cities[plant.place]
        city.take(grown.land, grown.floor)
        city.use(factors(self.world, grown.sector, grown.output))
        city.treasury += grown.land * HA * city.land_price(self.now / 4) / YUAN
        self.firms[plant.firm].open_projects += 1

    def _space(self, firm: FirmAgent, output: float) -> tuple[float, float]:
        """Return the land and floor that so much of a firm's output takes."""
        sector = self.world.sectors[firm.sector]
        return (0.0, output * sector.floor_use) if firm.rents else (output * sector.land_use, 0.0)

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
        city.take(*self._space(firm, output))
        city.use(factors(self.world, firm.sector, output))

    def _advance(self, project: Project, years: float) -> None:
        """Take a project a stage further."""
        project.stage += 1
        project.dates[project.stage] = self.now
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
        self.plants.settle(project)
        if project.kind == "move":
            firm.moving -= project.firms
            self._leave(firm, project.firms)
        if project.kind in ("move", "entry"):
            firm.moved += project.firms

    def _fall(self, project: Project) -> None:
        """Let a project fall away and give its room back."""
        firm = self.firms[project.firm]
        project.fell = self.now
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

    def _feed_back(self, extra: list[tuple[float, float]]) -> None:
        """End the quarter in every place."""
        self._pay()
        outlays, share = self._outlays(), self.world.local_share(self.now / 4)
        for city in self.cities:
            city.turned = turn(self.world, city.output, city.leaders, city.turned)
            city.feed_back(self.levers, self.ordered[city.row], outlays[city.row], share, extra[city.row])

    def _pay(self) -> None:
        """Let every place pay its plants, and firms learn from it."""
        plants: dict[int, list[Project]] = defaultdict(list)
        for project in self.projects:
            if project.stage == PRODUCING:
                plants[project.place].append(project)
        for place, here in plants.items():
            accounts = pay(self.world, self.cities[place], here, self.levers, self.now)
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
        for policy in self.world.in_force(self.now):
            for name in policy.payers():
                outlays[self.world.place_ids.index(name)] += policy.spends(
                    self.world.parameters, self.world.start + self.now - policy.start
                )
        return outlays
