"""Unit costs in yuan per 100 yuan of yearly output, part by part, and what firms are promised (docs/model.md, 7.1)."""

from __future__ import annotations

import math

from reference.costs import HA, LEADER, YUAN, Supply, annuity, class_sizes
from reference.payments import believed
from reference.skills import talent
from reference.state import CityAgent
from reference.world import Roads, Row, World


class Sheets:
    """Cost sheets of one quarter, worked out when they are asked for."""

    def __init__(
        self, world: World, cities: list[CityAgent], levers: dict[str, list], roads: Roads, years: float
    ) -> None:
        self.world, self.cities, self.levers, self.roads, self.years = world, cities, levers, roads, years
        self.supply = Supply(world, cities, levers, roads)
        self.talent = talent(world, cities, levers, roads, years)
        self.sizes = class_sizes(world)
        self.horizon = annuity(world.parameters.interest, world.parameters.horizon)
        self.holiday = annuity(world.parameters.interest, world.parameters.holiday_years)
        self._common: dict[int, Row] = {}
        self._depth: dict[int, Row] = {}
        self._trips: dict[int, Row] = {}
        self._promises: dict[tuple[int, int], list[tuple[float, float]]] = {}
        self._beliefs: dict[tuple[int, int], Row] = {}
        self._inputs: dict[tuple[int, int], Row] = {}
        self._whole: dict[tuple[int, int, int], Row] = {}

    def unit_cost(self, s: int, o: int, z: int) -> Row:
        """Return the unit cost of a segment in every place."""
        if (s, o, z) not in self._whole:
            self._whole[s, o, z] = [
                sum(parts)
                for parts in zip(
                    self.common(s),
                    self.inputs(s, o),
                    self.coordination(s, o, z),
                    self.incentive(s, o, z),
                    self.brought_along(s, o, z),
                    strict=True,
                )
            ]
        return self._whole[s, o, z]

    def common(self, s: int) -> Row:
        """Return what depends on sector and place only, by place."""
        if s not in self._common:
            parts = (
                self.labour, self.skills, self.land, self.buildings, self.power, self.resources, self.freight,
                self.clearance, self.administration,
            )  # fmt: skip
            fixed = 100 * self.world.sectors[s].net_tax_share + self.other(s)
            self._common[s] = [sum(part(s, p) for part in parts) + fixed for p in range(len(self.cities))]
        return self._common[s]

    def labour(self, s: int, p: int) -> float:
        world, parameters = self.world, self.world.parameters
        level = (world.wage[p] / world.mean_wage) ** (1 - parameters.wage_eta)
        trend = (1 + world.growth(world.places[p])) / (1 + parameters.productivity_growth)
        rise = trend**self.years if world.switches.origin_push else 1.0
        push = self.levers["wage_push"][p]
        return 100 * world.sectors[s].labour_share * level * rise * self.cities[p].wage_ratio * push

    def skills(self, s: int, p: int) -> float:
        """Return what skilled staff who are not to be had on the spot cost more."""
        if not self.world.switches.skills:
            return 0.0
        skilled = self.labour(s, p) * self.world.sectors[s].skilled_share
        return skilled * self.world.parameters.skill_premium * (1 - self.talent[p])

    def land(self, s: int, p: int) -> float:
        sector = self.world.sectors[s]
        price = self.cities[p].land_price(self.years) * self.world.parameters.land_rate
        return 100 * (1 - sector.rents_floor) * sector.land_use * HA * price / YUAN

    def buildings(self, s: int, p: int) -> float:
        sector = self.world.sectors[s]
        rent = self.cities[p].rent(self.years) * self.levers["rent_push"][p]
        return 100 * sector.rents_floor * sector.floor_use * HA * rent * 12 / YUAN

    def power(self, s: int, p: int) -> float:
        tariff = self.world.places[p].power_tariff * self.levers["power_tariff"][p]
        return 100 * self.world.sectors[s].electricity_share * tariff / self.world.mean_tariff

    def freight(self, s: int, p: int) -> float:
        sector, parameters, roads = self.world.sectors[s], self.world.parameters, self.roads
        home, abroad = 1 - sector.export_share, sector.export_share
        through = self.levers["port_access"][p]
        quay = (1 - through) * roads.port_km[p] + through * min(roads.port_km[p], roads.bulk_port_km[p])
        haul = (home * roads.market_km[p] + abroad * quay) / parameters.mean_haul
        cost = 100 * sector.freight_share * haul + abroad * parameters.inventory_cost * roads.port_hours[p] / 24
        if not self.world.switches.bulk_freight:
            return cost
        haul = (home * roads.bulk_market_km[p] + abroad * roads.bulk_port_km[p]) / parameters.bulk_mean_haul
        days = roads.bulk_port_hours[p] / 24
        bulk = 100 * sector.freight_share * haul + abroad * parameters.inventory_cost * days
        return sector.bulk_share * bulk + (1 - sector.bulk_share) * cost

    def clearance(self, s: int, p: int) -> float:
        if not self.world.switches.clearance:
            return 0.0
        days = self.world.places[p].clearance_days * self.levers["clearance_days"][p]
        return self.world.sectors[s].export_share * self.world.parameters.delay_cost * days

    def resources(self, s: int, p: int) -> float:
        """Return the cost of raw materials that some place is endowed with."""
        cost, place = 0.0, self.world.places[p]
        for name in self.world.raw:
            price = 1.0
            if self.world.switches.resources:
                price -= place.resources.get(name, 0.0) * (1 - self.levers["resource_price"][p])
                price += self.world.parameters.resource_freight[name] / 100 * self.roads.raw_way[name][p]
            cost += 100 * self.world.sectors[s].inputs.get(name, 0.0) * price
        return cost

    def administration(self, s: int, p: int) -> float:
        place, capital = self.world.places[p], self.world.sectors[s].capital_ratio
        years = place.approval_days * self.levers["approval_days"][p] / 365
        fees = place.fees * self.levers["fees"][p]
        return fees + 100 * capital * years * self.world.parameters.interest * self.horizon

    def other(self, s: int) -> float:
        """Return what the input-output table leaves, profit apart."""
        sector = self.world.sectors[s]
        named = sector.labour_share + sector.electricity_share + sector.freight_share + sector.net_tax_share
        raw = sum(sector.inputs.get(name, 0.0) for name in self.world.raw)
        return 100 * max(0.0, 1 - named - self.world.tradable[s] - raw - sector.operating_surplus_share)

    def depth(self, s: int) -> Row:
        if s not in self._depth:
            self._depth[s] = [self.supply.depth(s, p) for p in range(len(self.cities))]
        return self._depth[s]

    def inputs(self, s: int, o: int) -> Row:
        if (s, o) not in self._inputs:
            base = 100 * self.world.tradable[s]
            if self.world.switches.supporting_depth:
                pairs = zip(self.depth(s), self.supply.premium(s, o), strict=True)
                self._inputs[s, o] = [base * (1 + (1 - depth) * premium / 100) for depth, premium in pairs]
            else:
                self._inputs[s, o] = [base] * len(self.cities)
        return self._inputs[s, o]

    def brought_along(self, s: int, o: int, z: int) -> Row:
        """Return what leaders save since their suppliers would come along (negative), by place."""
        switches, share = self.world.switches, self.world.parameters.joint_share
        if z != LEADER or not (switches.supporting_depth and switches.followers and switches.joint_moves):
            return [0.0] * len(self.cities)
        pairs = zip(self.depth(s), self.supply.premium(s, o), strict=True)
        saved = [-share * self.world.tradable[s] * (1 - depth) * premium for depth, premium in pairs]
        saved[o] = 0.0
        return saved

    def trip_cost(self, o: int, p: int) -> float:
        """Return the cost of a return trip between origin and place, yuan."""
        parameters, hours = self.world.parameters, self.roads.hours[o][p]
        trip = 2 * (self.roads.fare[o][p] + hours * parameters.value_of_time)
        if self.world.switches.same_day_step:
            late = math.exp((parameters.same_day_hours - hours) / parameters.same_day_width)
            trip += parameters.overnight_cost / (1 + late)
        return trip

    def coordination(self, s: int, o: int, z: int) -> Row:
        if not self.world.switches.coordination:
            return [0.0] * len(self.cities)
        if o not in self._trips:
            self._trips[o] = [self.trip_cost(o, p) for p in range(len(self.cities))]
        elasticity = self.world.parameters.trip_size_elasticity
        trips = self.world.sectors[s].trips * self.sizes[z] ** elasticity
        return [100 * trips * trip / 1e6 for trip in self._trips[o]]

    def promise(self, s: int, z: int, p: int) -> tuple[float, float]:
        """Return what a place promises per 100 yuan of output: once, and a year of the holiday."""
        world, sector, place = self.world, self.world.sectors[s], self.world.places[p]
        if not world.switches.incentives:
            return 0.0, 0.0
        levers = self.levers
        share = place.capital_subsidy + self.cities[p].bid + levers["capital_subsidy"][p][s][z]
        upfront = 100 * sector.capital_ratio * share
        upfront += 100 * levers["job_subsidy"][p][s][z] * sector.workers / YUAN
        land = (1 - sector.rents_floor) * sector.land_use * HA * self.cities[p].land_price(self.years) / YUAN
        upfront += 100 * min(1.0, levers["land_discount"][p][s][z]) * land
        if z == LEADER:
            upfront += 100 * levers["leader_award"][p][s] / (world.parameters.leader_size * sector.firm_output)
        holiday = min(1.0, place.tax_holiday + levers["tax_holiday"][p][s][z])
        reformed = world.start_year + self.years >= world.parameters.tax_reform_year
        local = world.parameters.local_tax_share_2016 if reformed else world.parameters.local_tax_share
        yearly = 100 * sector.net_tax_share * local * holiday
        yearly += min(1.0, levers["rent_relief"][p][s][z]) * self.buildings(s, p)
        kept = 1 - levers["bid_off"][p][s] * world.switches.groups
        return upfront * kept, yearly * kept

    def incentive(self, s: int, o: int, z: int) -> Row:
        """Return what firms of an origin count on in every place: nothing at home, since only who comes is paid."""
        if (s, z) not in self._promises:
            self._promises[s, z] = [self.promise(s, z, p) for p in range(len(self.cities))]
        if (s, o) not in self._beliefs:
            self._beliefs[s, o] = [believed(self.world, city, self.levers, o, s) for city in self.cities]
        return [
            0.0 if p == o else -belief * (upfront + yearly / self.holiday) * self.horizon
            for p, (belief, (upfront, yearly)) in enumerate(zip(self._beliefs[s, o], self._promises[s, z], strict=True))
        ]
