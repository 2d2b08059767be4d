"""The quarter, agent by agent, in the order of docs/model.md."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import mesa

from reference.anchor import Constants, solve
from reference.applying import Applications
from reference.books import Books
from reference.clusters import Followers, Plants
from reference.costs import annuity
from reference.delivery import progress
from reference.draws import Draws
from reference.firm import FirmAgent
from reference.governments import Council, expansion, ration
from reference.limits import factor_readiness, set_factors
from reference.payments import believed
from reference.promotion import Segment, Telling, contact_rate, past_years, signing, trading_partners, yields
from reference.sheets import Sheets
from reference.state import PRODUCING, CityAgent, Project
from reference.values import MEDIUM, Values, reference_cost
from reference.world import Roads, Row, World, as_lists
from relocsim.spec import Spec
from relocsim.streams import Streams
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
        self.applications, self.books = Applications(self), Books(self)
        self.reviewed = 0
        """Agents asked so far."""
        self.constants = self._look_at_the_start(constants)

    def _firms(self, population: Population) -> list[FirmAgent]:
        columns = (population.uid, population.origin, population.sector, population.kind, population.weight,
                   population.output, population.rents, population.born, population.owner,
                   population.customer, population.tier, population.stratum)  # fmt: skip
        self.suppliers: dict[int, list[FirmAgent]] = defaultdict(list)
        firms = []
        for row, entry in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            uid, origin, sector, kind, weight, output, rents, born, owner, customer, tier, stratum = entry
            firm = FirmAgent(self, row, uid, (sector, self.world.origins[origin], kind), weight)
            firm.output, firm.rents, firm.born, firm.owner = output, rents, born, owner
            firm.tier, firm.stratum = tier, stratum
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
                space = firm.space(firm.at_home * firm.output)
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
        ventures = self.applications.negotiate()
        deciding = self._decide(
            Quarter(values, self.constants, self.contacts, self.owner_contacts, self.world.parameters.nest_lambda)
        )
        claims = self.applications.admit(deciding, values)
        under_way = [project for project in self.projects if project.fell < 0 and project.stage < PRODUCING]
        moves = self._deliver(under_way)
        extra = [expansion(self.world, city, self.levers) for city in self.cities]
        plants = self.plants.gather(roads)
        self.books.settle(deciding, claims)
        self.books.take_in(ventures)
        for project, move in zip(under_way, moves, strict=True):
            if move > 0:
                self.books.advance(project, years)
            elif move < 0:
                self.books.fall(project)
        self.plants.go_on(plants)
        self.draws.enter_stage([project for project in self.projects if project.dates[project.stage] == self.now])
        self.books.close(extra)
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
        return firm.free

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
