"""What all arms of a replicate share, and the conditions that firms find in a quarter.

`Foundation` is laid once a replicate; nothing in it changes in a run, and nothing depends on which policies are on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from relocsim.phases import anchor, awareness, bidding, cost, credibility, decision, limits, payments, supply
from relocsim.phases.plants import Outlook, relative_cost
from relocsim.phases.reviews import Reviews
from relocsim.phases.setting import Setting
from relocsim.phases.skills import pull, reach, talent
from relocsim.phases.supply import Haul
from relocsim.policies import Site
from relocsim.spec import Spec
from relocsim.streams import Streams
from relocsim.world.columns import (
    RULES,
    Places,
    places_of,
    sectors_of,
    trading_partners,
)
from relocsim.world.description import Rule
from relocsim.world.firms import Population, class_sizes, stock_of, synthesise, with_room_for
from relocsim.world.initial import initial_output, initial_presence
from relocsim.world.levers import CLASSES, OWNERS, Levers
from relocsim.world.network import Access, AccessTable
from relocsim.world.projects import STAGES
from relocsim.world.state import PlaceState
from relocsim.world.strata import strata_of
from relocsim.world.suppliers import buying
from relocsim.world.tastes import draw_tastes

_BLOCK = 31 << 20
"""Bytes asked for and given back at once: glibc then keeps smaller blocks that are given back, and does not ask the system
for them anew in every quarter. It learns this from no larger one."""


@dataclass(frozen=True, repr=False)
class Foundation:
    """What all arms of a replicate share. Arrays are never written to."""

    spec: Spec
    setting: Setting
    site: Site
    choosers: decision.Choosers
    routes: AccessTable
    neutral: Levers
    """Levers that nobody has moved."""
    output: np.ndarray
    """Output by place and sector at the start, 1e8 yuan/year, (P, S)."""
    presence: np.ndarray
    """Key components made at the start, (P, X - S)."""
    named_lines: frozenset[str]
    """Lines that some policy of the scenario opens, on or off: they follow it and not their historical date."""
    reference_cost: np.ndarray
    """Mean unit cost at the origins at the start, by sector, (S,): utility is measured from it."""
    start_pressure: np.ndarray
    """Unit cost at home at the start, (O, S), from which the push is measured."""
    revealed_value: np.ndarray
    """What a yuan of landed investment is worth to each government, as its usual package reveals, (P,)."""

    @property
    def population(self) -> Population:
        """Firm agents of the run, those to be born included."""
        return self.choosers.population

    @cached_property
    def reviews(self) -> Reviews:
        """Draws by which firms come to be reviewed."""
        return Reviews(self.setting.streams, self.population)

    @cached_property
    def at_risk(self) -> np.ndarray:
        """Capacity at risk in the studied origins at the start: firms, 1e8 yuan of capital, jobs, (3,)."""
        population, sectors = self.population, self.setting.sectors
        weight, sector = population.weight[population.stock], population.sector[population.stock]
        output = weight * population.output[population.stock]
        capital, jobs = output @ sectors.capital_ratio[sector], output @ sectors.workers[sector]
        return np.array([weight.sum(), capital, jobs])


@dataclass(frozen=True)
class Conditions:
    """What firms find in a quarter: access, supply, costs, promises and the values that follow."""

    access: Access
    supply: supply.Supply
    sheet: cost.CostSheet
    promised: cost.Promise
    talent: np.ndarray
    """Share of skilled posts that can be filled on the spot, (P,)."""
    haul: Haul
    """Extra cost of goods on the way between places, yuan per 100 of them, (P, P)."""
    outlook: Outlook
    """What settled plants go by."""

    @property
    def unit_cost(self) -> np.ndarray:
        """Unit cost, (O, S, Z, P)."""
        return self.sheet.total()


def lay_foundation(spec: Spec, *, replicate: int = 0) -> Foundation:
    """Return what all arms of replicate `replicate` of `spec` share. Draws nothing but population and tastes."""
    np.empty(_BLOCK, np.uint8)
    scenario, world = spec.scenario, spec.world
    streams = Streams(scenario.seed, replicate)
    places, sectors = places_of(world), sectors_of(world)
    start_year = scenario.start.year + scenario.start.index % 4 / 4
    output = initial_output(world, places, sectors, start_year)
    terms = world.parameters
    wage = places.wage * (1 + places.wage_growth) ** (start_year - world.base_year)
    population = synthesise(
        places,
        sectors,
        terms,
        output,
        agents=scenario.firms,
        quarters=scenario.quarters,
        streams=streams,
        strata=strata_of(places.row(scenario.study.city), scenario.study.strata),
    )
    places = replace(with_room_for(places, sectors, population), rule=rules_of(spec, places))
    routes = AccessTable(world.network, places.ids, places.lon, places.lat, value_of_time=terms.value_of_time)
    named = frozenset(line for policy in spec.policies.values() for line in getattr(policy, "lines", ()))
    first = routes.at(routes.open_lines(scenario.start.first_day, dict.fromkeys(named, dt.date.max)))
    setting = Setting(
        places=places,
        sectors=sectors,
        parameters=terms,
        switches=scenario.switches,
        streams=streams,
        class_sizes=class_sizes(terms),
        start_year=start_year,
        base_year=world.base_year,
        output=output,
        national=output.sum(axis=0)[sectors.maker] * sectors.made_share,
        national_density=output.sum(axis=0) / places.sites[places.industry > 0].sum(),
        needs=sparse.csr_array(sectors.need),
        firms=stock_of(population, places, sectors),
        partners=sparse.csr_array(trading_partners(sectors)),
        bought=buying(sectors),
        near=np.exp(-((places.km / terms.neighbour_decay) ** 2)),
        pooled=np.exp(-((places.km / terms.pooling_decay) ** 2)),
        reference_wage=float(np.average(wage, weights=places.industry)),
        start_pull=pull(reach(places, first, terms.siphon_decay), wage),
    )
    site = site_of(setting, sorted(world.network.lines))
    return _anchored(spec, setting, site, population, routes, output, initial_presence(world, places, sectors), named)


def _anchored(
    spec: Spec, setting: Setting, site: Site, population: Population, routes: AccessTable, output: np.ndarray,
    presence: np.ndarray, named: frozenset[str],
) -> Foundation:  # fmt: skip
    """Return the foundation with the constants of the choice, solved with no policy in force at the start."""
    levers, state = empty_levers(setting, site), first_state(setting, output, presence)
    lines = routes.open_lines(spec.scenario.start.first_day, dict.fromkeys(named, dt.date.max))
    access = routes.at(lines)
    found = conditions(setting, state, levers, access, supply.haul_premium(setting, access), 0.0)
    home = cost.home_cost(setting, found.sheet)
    industry = output[setting.places.origins]
    reference = (home * industry).sum(axis=0) / industry.sum(axis=0)
    values = choice_values(setting, state, levers, found.sheet, reference)
    contact = awareness.past_years(setting) * awareness.contact_rate(setting, access)
    mass = np.bincount(
        population.segment[population.stock], population.weight[population.stock], minlength=len(values.home)
    )
    study = spec.scenario.study
    strata = strata_of(setting.places.row(study.city), study.strata)
    ways, tastes = decision.modes(setting), draw_tastes(population, setting.places, setting.streams, strata)
    choosers = decision.Choosers(population, tastes, ways, anchor.anchor(setting, values, ways, contact, mass))
    by_segment = np.repeat(contact, len(values.home) // len(contact), axis=0)
    value = bidding.revealed_value(setting, bidding.expected_market(setting, choosers, values, by_segment))
    return Foundation(
        spec, setting, site, choosers, routes, levers, output, presence, named, reference, home, value
    )  # fmt: skip


def rules_of(spec: Spec, places: Places) -> np.ndarray:
    """Return the position of each place's rule, (P,); the city under study keeps to its orders unless it is named."""
    rivals = spec.scenario.rivals
    default = {spec.scenario.study.city: Rule.PASSIVE}
    given = [
        rivals.exceptions.get(name) or spec.world.places[name].rule or default.get(name, rivals.rule)
        for name in places.ids
    ]
    return np.array([RULES.index(rule) for rule in given])


def empty_levers(setting: Setting, site: Site) -> Levers:
    """Return levers that change nothing."""
    return Levers(
        {
            "place": len(site.places),
            "sector": len(site.sectors),
            "class": len(CLASSES),
            "component": len(site.components),
            "line": len(site.lines),
            "origin": len(site.origins),
            "owner": len(OWNERS),
        }
    )


def site_of(setting: Setting, lines: Sequence[str]) -> Site:
    """Return what policies may point at and know."""
    places, terms = setting.places, setting.parameters
    studied = places.origins[places.studied]
    return Site(
        places.ids,
        setting.sectors.ids,
        setting.sectors.components,
        tuple(lines),
        origins=tuple(places.ids[at] for at in studied),
        firms=setting.firms[places.studied],
        reviewed=1 - (1 - terms.review_hazard) ** 4,
        modes=terms.outreach,
    )


def first_state(setting: Setting, output: np.ndarray, presence: np.ndarray) -> PlaceState:
    """Return the state of places at the start; arrays are copies."""
    places = setting.places
    origins, sectors, _, size = setting.shape
    return PlaceState(
        output=output.copy(),
        presence=presence.copy(),
        land_total=places.land.copy(),
        land_used=places.land * places.land_occupied,
        floor_total=places.floor.copy(),
        floor_used=places.floor * places.floor_occupied,
        factor_total=limits.total_at_start(setting),
        factor_used=setting.factors_at_start.copy(),
        refused=np.zeros((2, size)),
        jobs=np.zeros(size),
        plants=np.zeros((len(places.origins), len(setting.sectors.ids), size)),
        plants_output=np.zeros((len(places.origins), len(setting.sectors.ids), size)),
        leaders=np.zeros((size, len(setting.sectors.ids))),
        left=np.zeros(size),
        turned=np.zeros((size, len(setting.sectors.ids))),
        wage_ratio=np.ones(size),
        land_price_ratio=np.ones(size),
        rent_ratio=np.ones(size),
        treasury=np.zeros(size),
        tax_base=np.zeros(size),
        stage_money=np.zeros((len(STAGES), size)),
        stage_firms=np.zeros((len(STAGES), size)),
        refunds=np.zeros((origins, sectors, size)),
        due=np.zeros((origins, sectors, size)),
        arrears=np.zeros((payments.arrears_quarters(setting), origins, sectors, size)),
        in_arrears=np.zeros(size),
        fallen_due=np.zeros(size),
        paid=np.zeros(size),
        broken=np.zeros(size),
        credibility=credibility.at_start(setting),
        **{
            name: np.zeros(size)
            for name in ("bid", "promised", "land_allowance", "land_extra", "floor_extra", "land_ordered", "land_made")
        },
    )


def conditions(
    setting: Setting, state: PlaceState, levers: Levers, access: Access, haul: Haul, years: float
) -> Conditions:
    """Return what firms find in a quarter, `years` after the start."""
    supplied = supply.supply(setting, state, levers, haul)
    promised = cost.promise(setting, state, levers, years)
    found = talent(setting, levers, access, cost.wage(setting, state, levers, years))
    sheet = cost.cost_sheet(setting, state, levers, access, supplied, promised, found, years)
    outlook = Outlook(relative_cost(setting, sheet), credibility.believed(setting, state, levers))
    return Conditions(access, supplied, sheet, promised, found, haul, outlook)


def choice_values(
    setting: Setting, state: PlaceState, levers: Levers, sheet: cost.CostSheet, reference: np.ndarray
) -> decision.Values:
    """Return the systematic values of every segment."""
    own = decision.own_industry(setting, state, levers)
    attraction = own + decision.size(setting, state, levers)
    return decision.place_values(setting, sheet, reference, attraction, own)
