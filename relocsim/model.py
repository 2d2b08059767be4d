"""The model: `RelocationModel.step` is the quarter, on one screen, in the order of docs/model.md.

`Foundation` holds what all arms of a replicate share (population, tastes, routes, constants of the choice); a model holds
one arm. This module refuses to know what is done with the result.
"""

from __future__ import annotations

import copy
from collections.abc import Collection
from dataclasses import dataclass

import mesa
import numpy as np
from mesa.agent import AgentSet
from scipy import sparse

from relocsim.agents import make_views
from relocsim.observe import Record
from relocsim.phases import admission, anchor, awareness, cost, decision, delivery, feedback, rivals, supply
from relocsim.phases.setting import Setting
from relocsim.phases.settlement import Books
from relocsim.policies import Policy, Site
from relocsim.spec import Spec
from relocsim.streams import Streams
from relocsim.world.calendar import Quarter
from relocsim.world.columns import initial_output, initial_presence, places_of, sectors_of
from relocsim.world.firms import Population, class_sizes, draw_tastes, synthesise
from relocsim.world.levers import CLASSES, Levers
from relocsim.world.network import Access, AccessTable
from relocsim.world.projects import Projects
from relocsim.world.state import FirmState, PlaceState, sealed


@dataclass(frozen=True)
class Foundation:
    """What all arms of a replicate share. Arrays are never written to."""

    spec: Spec
    setting: Setting
    site: Site
    choosers: decision.Choosers
    routes: AccessTable
    haul: dict[frozenset[str], np.ndarray]
    """Premium of hauls by open lines, filled as they are met."""
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

    @property
    def population(self) -> Population:
        """Firm agents of the run, those to be born included."""
        return self.choosers.population


@dataclass(frozen=True)
class Conditions:
    """What firms find in a quarter: access, supply, costs, promises and the values that follow."""

    access: Access
    supply: supply.Supply
    sheet: cost.CostSheet
    promised: cost.Promise
    unit_cost: np.ndarray
    """Unit cost, (O, S, Z, P)."""


def lay_foundation(spec: Spec, *, replicate: int = 0) -> Foundation:
    """Return what all arms of replicate `replicate` of `spec` share. Draws nothing but population and tastes."""
    scenario, world = spec.scenario, spec.world
    streams = Streams(scenario.seed, replicate)
    places, sectors = places_of(world), sectors_of(world)
    start_year = scenario.start.year + scenario.start.index % 4 / 4
    output = initial_output(world, places, sectors, start_year)
    terms = world.parameters
    wage = places.wage * (1 + places.wage_growth) ** (start_year - world.base_year)
    setting = Setting(
        places=places,
        sectors=sectors,
        parameters=terms,
        switches=scenario.switches,
        streams=streams,
        class_sizes=class_sizes(terms),
        start_year=start_year,
        base_year=world.base_year,
        national=output.sum(axis=0)[sectors.maker] * sectors.made_share,
        national_density=output.sum(axis=0) / places.sites[places.industry > 0].sum(),
        needs=sparse.csr_array(sectors.need),
        near=np.exp(-((places.km / terms.neighbour_decay) ** 2)),
        reference_wage=float(np.average(wage, weights=places.industry)),
    )
    population = synthesise(
        places, sectors, terms, output, agents=scenario.firms, quarters=scenario.quarters, streams=streams
    )
    routes = AccessTable(world.network, places.ids, places.lon, places.lat, value_of_time=terms.value_of_time)
    named = frozenset(line for policy in spec.policies.values() for line in getattr(policy, "lines", ()))
    site = Site(places.ids, sectors.ids, sectors.components, tuple(sorted(world.network.lines)))
    return _anchored(spec, setting, site, population, routes, output, initial_presence(world, places, sectors), named)


def _anchored(
    spec: Spec, setting: Setting, site: Site, population: Population, routes: AccessTable, output: np.ndarray,
    presence: np.ndarray, named: frozenset[str],
) -> Foundation:  # fmt: skip
    """Return the foundation with the constants of the choice, solved with no policy in force at the start."""
    levers, state = empty_levers(setting, site), first_state(setting, output, presence, 1)
    lines = routes.open_lines(spec.scenario.start.first_day) - named
    access = routes.at(lines)
    haul = {lines: supply.haul_premium(setting, access)}
    found = conditions(setting, state, levers, access, haul[lines], 0.0)
    home = home_cost(setting, found.unit_cost)
    industry = output[setting.places.origins]
    reference = (home * industry).sum(axis=0) / industry.sum(axis=0)
    values = choice_values(setting, state, levers, found.unit_cost, reference)
    contact = setting.parameters.awareness_past * awareness.contact_rate(setting, access)
    mass = np.bincount(
        population.segment[population.stock], population.weight[population.stock], minlength=len(values.home)
    )
    ways, tastes = decision.modes(setting), draw_tastes(population, setting.places, setting.streams)
    choosers = decision.Choosers(population, tastes, ways, anchor.anchor(setting, values, ways, contact, mass))
    return Foundation(
        spec, setting, site, choosers, routes, haul, output, presence, named, reference, home
    )  # fmt: skip


def empty_levers(setting: Setting, site: Site) -> Levers:
    """Return levers that change nothing."""
    return Levers(
        {
            "place": len(site.places),
            "sector": len(site.sectors),
            "class": len(CLASSES),
            "component": len(site.components),
            "line": len(site.lines),
        }
    )


def first_state(setting: Setting, output: np.ndarray, presence: np.ndarray, quarters: int) -> PlaceState:
    """Return the state of places at the start; arrays are copies."""
    places = setting.places
    size, holiday = len(places.ids), round(4 * setting.parameters.holiday_years)
    return PlaceState(
        output=output.copy(),
        presence=presence.copy(),
        land_total=places.land.copy(),
        land_used=places.land * places.land_occupied,
        floor_total=places.floor.copy(),
        floor_used=places.floor * places.floor_occupied,
        jobs=np.zeros(size),
        wage_ratio=np.ones(size),
        land_price_ratio=np.ones(size),
        rent_ratio=np.ones(size),
        treasury=np.zeros(size),
        tax_base=np.zeros(size),
        refunds=np.zeros(size),
        refunds_end=np.zeros((quarters + holiday + 1, size)),
    )


def first_firms(population: Population) -> FirmState:
    """Return the state of firms at the start: the stock stands at its origins, new firms are not born yet."""

    def zeros() -> np.ndarray:
        return np.zeros(len(population))

    return FirmState(
        weight=population.weight.copy(),
        settled=population.stock.copy(),
        open_projects=np.zeros(len(population), dtype=np.int16),
        rests_until=np.zeros(len(population), dtype=np.int16),
        branches=zeros(),
        abroad=zeros(),
        closed=zeros(),
        moved=zeros(),
        pending=zeros(),
    )


def conditions(
    setting: Setting, state: PlaceState, levers: Levers, access: Access, haul: np.ndarray, years: float
) -> Conditions:
    """Return what firms find in a quarter, `years` after the start."""
    supplied = supply.supply(setting, state, levers, haul)
    promised = cost.promise(setting, state, levers, years)
    sheet = cost.cost_sheet(setting, state, levers, access, supplied, promised, years)
    return Conditions(access, supplied, sheet, promised, sheet.total())


def home_cost(setting: Setting, unit_cost: np.ndarray) -> np.ndarray:
    """Return the unit cost of a medium firm at its own origin, (O, S)."""
    origins = setting.places.origins
    return unit_cost[np.arange(len(origins)), :, CLASSES.index("medium"), origins]


def choice_values(
    setting: Setting, state: PlaceState, levers: Levers, unit_cost: np.ndarray, reference: np.ndarray
) -> decision.Values:
    """Return the systematic values of every segment."""
    own = decision.own_industry(setting, state, levers)
    attraction = own + decision.size(setting, state, levers)
    return decision.place_values(setting, unit_cost, reference, attraction, own)


def review_hazard(setting: Setting, pressure: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return the hazard of a review by origin and sector, (O, S): it rises with cost at home since the start."""
    terms = setting.parameters
    return np.minimum(1.0, terms.review_hazard * (pressure / start) ** terms.review_elasticity)


class RelocationModel(mesa.Model):
    """One arm: a specification with the policies that are on, stepped quarter by quarter.

    `foundation` may be shared between arms of one replicate; by default it is laid anew with central values and
    replicate 0. `model.agents` holds `City` and `Firm` views on the columns, made when first asked for.
    """

    def __init__(self, spec: Spec, *, foundation: Foundation | None = None, on: Collection[str] | None = None) -> None:
        super().__init__(rng=spec.scenario.seed)
        self.spec = spec
        self.foundation = foundation or lay_foundation(spec)
        self.setting, self.population = self.foundation.setting, self.foundation.population
        self.in_force: dict[str, Policy] = {
            name: policy for name, policy in sorted(spec.policies.items()) if (policy.on if on is None else name in on)
        }
        self.quarter = 0
        self.places = first_state(
            self.setting, self.foundation.output, self.foundation.presence, spec.scenario.quarters
        )
        self.firms = first_firms(self.population)
        self.projects = Projects(self.setting.sectors)
        self.books = Books(self.setting, self.population, self.places, self.firms, self.projects)
        self.record = Record(self.setting, spec.scenario.start, spec.scenario.quarters)
        self.contact = np.zeros((self.setting.shape[0], self.setting.shape[3]))
        self.levers = empty_levers(self.setting, self.foundation.site)
        self._year_of_draws = np.empty((4, 0))
        self._views_of = -1

    @property
    def date(self) -> Quarter:
        """The quarter that the next step plays."""
        return self.spec.scenario.start + self.quarter

    @property
    def finished(self) -> bool:
        """Whether the last quarter has been played."""
        return self.quarter >= self.spec.scenario.quarters

    def step(self) -> None:
        """Play one quarter."""
        quarter, years = self.quarter, self.quarter / 4
        with sealed(self.places, self.firms):
            self.levers = self.pull_levers()
            found = self.look_around(years)
            growth = rivals.passive(self.setting)
            values = choice_values(
                self.setting, self.places, self.levers, found.unit_cost, self.foundation.reference_cost
            )
            self.contact = self.contact + self.hear(found.access)
            decided = self.decide(values, found)
            admitted = self.admit(decided)
            progress = delivery.deliver(self.setting, self.projects, self.levers)
        self.books.open_projects(decided, admitted, found.promised, quarter)
        self.books.progress(progress, quarter)
        feedback.feed_back(self.setting, self.places, self.levers, growth, self.outlays(), quarter)
        self.record.observe(self.places, self.levers, found.supply.depth)
        self.quarter += 1
        self.running = not self.finished

    def run(self) -> RelocationModel:
        """Play all quarters that are left and return the model."""
        while not self.finished:
            self.step()
        return self

    def fork(self, on: Collection[str]) -> RelocationModel:
        """Return a twin with other policies in force from here on; the past is shared by copy.

        Right only if no policy in which the two differ has acted so far, which is for the caller to see to.
        """
        twin = RelocationModel(self.spec, foundation=self.foundation, on=on)
        twin.quarter, twin.contact, twin._year_of_draws = self.quarter, self.contact, self._year_of_draws
        twin.places, twin.firms, twin.projects, twin.record = copy.deepcopy(
            (self.places, self.firms, self.projects, self.record), {id(self.setting): self.setting}
        )
        twin.books = Books(twin.setting, twin.population, twin.places, twin.firms, twin.projects)
        return twin

    def pull_levers(self) -> Levers:
        """Return the levers as the policies in force set them."""
        levers = empty_levers(self.setting, self.foundation.site)
        for policy in self.in_force.values():
            if policy.in_force(self.date):
                levers.apply(policy.changes(self.foundation.site, self.date - policy.start))
        return levers

    def open_lines(self) -> frozenset[str]:
        """Return the lines open this quarter: by their date, or by the policy that names them."""
        site, named = self.foundation.site, self.foundation.named_lines
        by_policy = {site.lines[at] for at in np.flatnonzero(self.levers["line_open"])}
        return (self.foundation.routes.open_lines(self.date.first_day) - named) | by_policy

    def look_around(self, years: float) -> Conditions:
        """Return access, supply, costs and promises of the quarter."""
        lines = self.open_lines()
        access = self.foundation.routes.at(lines)
        if lines not in self.foundation.haul:
            self.foundation.haul[lines] = supply.haul_premium(self.setting, access)
        haul = self.foundation.haul[lines]
        return conditions(self.setting, self.places, self.levers, access, haul, years)

    def hear(self, access: Access) -> np.ndarray:
        """Return the contacts of this quarter (the first brings the years before it), (O, P)."""
        years = 0.25 if self.quarter else self.setting.parameters.awareness_past
        return years * awareness.contact_rate(self.setting, access)

    def decide(self, values: decision.Values, found: Conditions) -> decision.Decisions:
        """Return what firms under review and new firms want."""
        setting, population = self.setting, self.population
        pressure = home_cost(setting, found.unit_cost)
        hazard = review_hazard(setting, pressure, self.foundation.start_pressure)
        draws = self.review_draws()
        rows = decision.reviewed(population, self.firms, hazard, draws, self.quarter)
        return decision.decide(setting, self.foundation.choosers, rows, values, self.contact, self.quarter)

    def review_draws(self) -> np.ndarray:
        """Return every agent's review draw of the quarter, (F,): one address holds the four quarters of a year."""
        if self.quarter % 4 == 0:
            self._year_of_draws = np.empty((4, 0))  # frees last year's before this year's are made
            self._year_of_draws = self.setting.streams.lanes("review", self.population.uid, 0, self.quarter // 4)
        return self._year_of_draws[self.quarter % 4]

    def admit(self, decided: decision.Decisions) -> np.ndarray:
        """Return the claims that the places admit."""
        mass = self.firms.weight[decided.firm]
        choosers = self.foundation.choosers
        applicants = admission.Applicants(self.setting, choosers, decided, mass)
        if not self.setting.switches.admission_limits:
            return admission.admit(applicants, None)
        land = self.places.land_total + self.levers["land_added"] - self.places.land_used
        floor = self.places.floor_total + self.levers["floor_added"] - self.places.floor_used
        vacancy = admission.Vacancy(np.maximum(land, 0.0), np.maximum(floor, 0.0))
        return admission.admit(applicants, vacancy)

    def outlays(self) -> np.ndarray:
        """Return what each place spends on its policies this quarter, 1e8 yuan, (P,)."""
        spent = np.zeros(len(self.setting.places.ids))
        for policy in self.in_force.values():
            if policy.in_force(self.date) and policy.payers():
                payers = self.foundation.site.at("places", policy.payers())
                spent[payers] += policy.cost(self.date - policy.start)
        return spent

    @property
    def agents(self) -> AgentSet:
        """Cities and firms as Mesa agents: views on the columns, made when first asked for."""
        if self._views_of < self.quarter:
            make_views(self, since=self._views_of)
            self._views_of = self.quarter
        return super().agents
