"""What governments do of their own accord, one at a time (docs/model.md, 7.8)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from reference.anchor import Constants
from reference.costs import YUAN, annuity
from reference.delivery import arrival, effort, usual_hazards
from reference.firm import LAND
from reference.sheets import Sheets
from reference.state import CityAgent
from reference.values import MEDIUM, Segment, Values
from reference.world import Row, Table, World, siblings
from relocsim.world.description import Rule


def rivals(world: World) -> list[bool]:
    """Return which places compete: destinations that are no studied origins."""
    return [place.destination and not place.origin for place in world.places]


def rule_of(world: World, p: int) -> Rule:
    """Return a place's rule."""
    scenario, name = world.spec.scenario, world.place_ids[p]
    said = scenario.rivals.exceptions.get(name) or world.places[p].rule
    if said:
        return said
    return Rule.PASSIVE if name == scenario.study.city else scenario.rivals.rule


# ---------------------------------------------------------------- land and parks


def ration(world: World, cities: list[CityAgent], levers: dict[str, list]) -> None:
    """Cut the land that policies order to what the quota allows."""
    if world.switches.land_quota:
        for city, ordered in zip(cities, levers["land_added"], strict=True):
            levers["land_added"][city.row] = min(ordered, city.allowance)


def revenue(world: World, city: CityAgent) -> float:
    return max(0.0, city.place.revenue + city.tax_base * world.parameters.local_tax_share - city.refunds)


def expansion(world: World, city: CityAgent, levers: dict[str, list]) -> tuple[float, float]:
    """Return the land and floor that a full park adds to its usual growth."""
    parameters, place, made = world.parameters, city.place, levers["land_added"][city.row]
    if not world.switches.rival_response or not rivals(world)[city.row]:
        return 0.0, 0.0
    budget, land, floor = parameters.park_budget_share * revenue(world, city) / 4, 0.0, 0.0
    if city.land_used > parameters.park_full * (city.land_total + made):
        land = min(place.park_land_growth / 4 * parameters.park_boost, budget / parameters.land_preparation_cost)
        if world.switches.land_quota:
            land = min(land, max(0.0, city.allowance - made))
    left = budget - land * parameters.land_preparation_cost
    if city.floor_used > parameters.park_full * (city.floor_total + levers["floor_added"][city.row]):
        floor = min(place.floor_space_growth / 4 * parameters.park_boost, left / parameters.floor_building_cost)
    return land, floor


# ---------------------------------------------------------------- bids


@dataclass
class Market:
    """What places expect to come in a year, by sector and place."""

    inflow: Table
    share: Table


class Council:
    """The governments of a run and what they know of the choice."""

    def __init__(self, world: World, constants: Constants, values: Values, contacts: dict[Segment, Row]) -> None:
        self.world, self.constants = world, constants
        self.spread = annuity(world.parameters.interest, world.parameters.horizon)
        self.value = self._revealed(self.market(values, contacts))

    def market(self, values: Values, contacts: dict[Segment, Row]) -> Market:
        world, places = self.world, range(len(self.world.places))
        inflow = [[0.0 for _ in places] for _ in world.sectors]
        for o in world.origins:
            if not world.places[o].entrants_only:
                for s, row in enumerate(inflow):
                    for p, share in self._going(values, contacts[s, o, MEDIUM], s, o).items():
                        row[p] += world.output[o][s] * world.parameters.branch_share * share
        return Market(inflow, [[one / sum(row) for one in row] for row in inflow])

    def _going(self, values: Values, contacts: Row, s: int, o: int) -> dict[int, float]:
        """Return the yearly chance of a medium firm to go to each place."""
        offer, scale = values.offer((s, o, MEDIUM)), self.world.parameters.nest_lambda
        high = max(offer.either.values())
        aware = dict.fromkeys(offer.places, 1.0)
        if self.world.switches.awareness:
            aware = {p: 1 - math.exp(-contacts[p]) for p in offer.places}
        odds = {p: aware[p] * math.exp((offer.either[p] - high) / scale) for p in offer.places}
        away = high + scale * math.log(sum(odds.values())) + self.constants.relocate
        stay = math.exp(offer.home) + math.exp(self.constants.abroad) + math.exp(self.constants.close)
        going = 4 * self.world.parameters.review_hazard / (1 + stay * math.exp(-away))
        return {p: going * one / sum(odds.values()) for p, one in odds.items()}

    def pull(self, s: int, p: int) -> float:
        """Return the change of a place's log odds for each share of investment."""
        parameters, place = self.world.parameters, self.world.places[p]
        counted = 100 * self.world.sectors[s].capital_ratio * self.spread * place.credibility
        return parameters.sensitivity / parameters.nest_lambda * counted

    def plain_worth(self, s: int, p: int) -> float:
        """Return tax and jobs less the usual package, per yuan of landed output."""
        parameters, place, sector = self.world.parameters, self.world.places[p], self.world.sectors[s]
        tax = sector.net_tax_share * parameters.local_tax_share
        holiday = annuity(parameters.interest, parameters.holiday_years)
        usual = sector.capital_ratio * place.capital_subsidy + tax * min(1.0, place.tax_holiday) / holiday
        return tax / self.spread + sector.workers * parameters.job_value / YUAN - place.credibility * usual

    def _revealed(self, market: Market) -> Row:
        """Return the value of investment that makes the usual package the best answer at the start."""
        found = []
        for p, place in enumerate(self.world.places):
            missing = weight = 0.0
            for s, sector in enumerate(self.world.sectors):
                flow, share = market.inflow[s][p], market.share[s][p]
                steep = self.pull(s, p) * (1 - (1 - self.world.parameters.nest_lambda) * share) * flow
                missing += flow * sector.capital_ratio * place.credibility - steep * self.plain_worth(s, p)
                weight += steep * sector.capital_ratio
            found.append(missing / weight if weight > 0 else 0.0)
        return found

    def worth(self, sheets: Sheets, s: int, p: int) -> float:
        """Return what a yuan of landed output is worth to a place."""
        world, capital = self.world, self.world.sectors[s].capital_ratio
        value = self.value[p]
        if rule_of(world, p) is Rule.ASSESSMENT:
            advance, loss = usual_hazards(world, 0)
            signed = advance / (advance + (1 - advance) * loss)
            counted = world.parameters.signed_weight * effort(world, sheets.levers, p, 0)
            value += counted * signed / arrival(world)[0]
        return self.plain_worth(s, p) + capital * value

    # -------------------------------------------------------- the quarter

    def bids(
        self, cities: list[CityAgent], sheets: Sheets, values: Values, contacts: dict[Segment, Row], now: int
    ) -> Row:
        """Return the bids of the next quarter."""
        world, bids = self.world, [city.bid for city in cities]
        if not world.switches.rival_response or not world.switches.incentives:
            return bids
        turn = [p for p in range(len(cities)) if rivals(world)[p] and world.keys[p] % 4 == now % 4]
        turn = [p for p in turn if rule_of(world, p) is not Rule.PASSIVE]
        if not turn:
            return bids
        market = self.market(values, contacts)
        for p in turn:
            if rule_of(world, p) is Rule.IMITATE:
                target = self._imitated(sheets, market, cities[p])
            else:
                target = self._best(sheets, market, cities, p)
            bids[p] += world.parameters.bid_adjustment * (target - cities[p].bid)
        return bids

    def offered(self, sheets: Sheets, p: int) -> float:
        """Return what a place offers beyond its usual package, as a share of investment."""
        world, place, years = self.world, self.world.places[p], sheets.years
        holiday = annuity(world.parameters.interest, world.parameters.holiday_years)
        change = counted = 0.0
        for s, sector in enumerate(world.sectors):
            upfront, yearly = sheets.promise(s, MEDIUM, p)
            upfront -= 100 * sector.capital_ratio * place.capital_subsidy
            yearly -= 100 * sector.net_tax_share * world.local_share(years) * min(1.0, place.tax_holiday)
            change += sector.gross_output * (upfront + yearly / holiday)
            counted += sector.gross_output * 100 * sector.capital_ratio
        return change / counted

    def _imitated(self, sheets: Sheets, market: Market, city: CityAgent) -> float:
        world, parameters, p = self.world, self.world.parameters, city.row
        near = [
            math.exp(-((km / parameters.rival_reach) ** 2)) if q != p and rivals(world)[q] else 0.0
            for q, km in enumerate(world.km[p])
        ]
        seen = sum(weight * self.offered(sheets, q) for q, weight in enumerate(near)) / max(1.0, sum(near))
        landed = sum(row[p] * sector.capital_ratio for row, sector in zip(market.inflow, world.sectors, strict=True))
        budget = parameters.bid_budget_share * revenue(world, city)
        most = budget / (arrival(world)[0] * landed * city.place.credibility)
        target = min(parameters.rival_reaction * seen, most)
        return min(parameters.bid_limit, max(-city.place.capital_subsidy, target))

    def _best(self, sheets: Sheets, market: Market, cities: list[CityAgent], p: int) -> float:
        parameters = self.world.parameters
        down = round(max(place.capital_subsidy for place in self.world.places) / parameters.bid_step)
        best, found = -math.inf, 0.0
        for step in range(-down, round(parameters.bid_limit / parameters.bid_step) + 1):
            level = max(step * parameters.bid_step, -cities[p].place.capital_subsidy)
            score = self._score(sheets, market, cities, p, level)
            if score > best:
                best, found = score, level
        return found

    def _score(self, sheets: Sheets, market: Market, cities: list[CityAgent], p: int, level: float) -> float:
        world, parameters, score, bill = self.world, self.world.parameters, 0.0, 0.0
        joint = sheets.levers["bids_jointly"][p] * world.switches.groups
        for s in range(len(world.sectors)):
            kept = 1 - sheets.levers["bid_off"][p][s] * world.switches.groups
            odds, share = math.exp(self.pull(s, p) * kept * (level - cities[p].bid)), market.share[s][p]
            others = (1 - share + share * odds) ** (parameters.nest_lambda - 1)
            cost = self._price(sheets, s, p) * level
            score += market.inflow[s][p] * odds * others * (self.worth(sheets, s, p) - cost)
            bill += arrival(world)[0] * market.inflow[s][p] * odds * others * cost
            for q in siblings(world, p):
                net = self.worth(sheets, s, q) - self._price(sheets, s, q) * cities[q].bid
                score += joint * others * market.inflow[s][q] * net
        if level > 0 and bill > parameters.bid_budget_share * revenue(world, cities[p]):
            return -math.inf
        return score

    def _price(self, sheets: Sheets, s: int, p: int) -> float:
        """Return what a bid of one costs per yuan of landed output."""
        kept = 1 - sheets.levers["bid_off"][p][s] * self.world.switches.groups
        return self.world.places[p].credibility * self.world.sectors[s].capital_ratio * kept


# ---------------------------------------------------------------- state-owned enterprises


def venture_odds(world: World, sheets: Sheets, s: int, p: int) -> float:
    """Return the log of a place's weight for a project of a sector."""
    place, parameters = world.places[p], world.parameters
    density = sheets.cities[p].supporting[s] / place.sites / world.mean_output[s]
    fit = parameters.state_fit * math.log(max(density, parameters.own_industry_floor))
    cost = sheets.common(s)[p]
    known = place.standing * sheets.levers["standing"][p] * (1 + sheets.levers["negotiation"][p])
    size = math.log(world.gdp[p] * known) if known > 0 else -math.inf
    return size + fit - parameters.state_cost_weight * parameters.sensitivity * cost


def venture_place(world: World, liking: Row, need: float, rooms: list[Row]) -> int:
    """Return the place that gets a project, or -1; its land is taken from the rooms."""
    able = [p for p, place in enumerate(world.places) if place.destination and rooms[p][LAND] >= need]
    able = [p for p in able if liking[p] > -math.inf]
    if not able:
        return -1
    best = max(able, key=lambda p: liking[p])
    rooms[best][LAND] -= need
    return best


def venture_sector(world: World, uniform: float) -> int:
    """Return the sector in which a uniform falls, sectors weighted by the nation's fixed capital."""
    weights = [sector.gross_output * sector.capital_ratio for sector in world.sectors]
    upto = 0.0
    for s, weight in enumerate(weights):
        upto += weight / sum(weights)
        if uniform <= upto:
            return s
    return len(weights) - 1
