"""Unit cost of every sector, origin and class of firm in every place, component by component.

In yuan per 100 yuan of yearly output, so that a planner can read the sheet and add it up. Components are broadcastable to
(O, S, Z, P); `CostSheet.total` adds them. Shares are of the input-output table and hold at national means.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from relocsim import kernels
from relocsim.kernels import costing
from relocsim.phases.credibility import believed
from relocsim.phases.haulage import clearance, freight, resources
from relocsim.phases.offers import capital_share, job_reward, leader_award, tax_refund, waived
from relocsim.phases.segments import SegmentCosts
from relocsim.phases.setting import Setting, once
from relocsim.phases.skills import skills
from relocsim.phases.supply import Supply, joint_moves
from relocsim.world.levers import CLASSES, Levers
from relocsim.world.network import Access
from relocsim.world.state import PlaceState

COMPONENTS = (
    "labour", "skills", "land and buildings", "power", "inputs", "resources", "freight", "clearance", "joint moves",
    "coordination", "administration", "tax", "other", "incentive",
)  # fmt: skip
_YUAN, _HECTARE, _TEN_THOUSAND = 1e8, 1e4, 1e4
_MONTHS, _DAYS = 12, 365


@dataclass(frozen=True)
class CostSheet:
    """What makes up unit cost, yuan per 100 yuan of output; the incentive and joint moves are negative."""

    plain: dict[str, np.ndarray]
    """Components that do not depend on origin and class at once by name, broadcastable to (O, S, Z, P)."""
    segments: SegmentCosts
    """The others."""

    @cached_property
    def components(self) -> dict[str, np.ndarray]:
        """All components by name, each broadcastable to (O, S, Z, P)."""
        of = self.segments
        dear = {"joint moves": of.joint_moves(), "coordination": of.coordination(), "incentive": of.incentive()}
        return {**self.plain, **dear}

    @cached_property
    def by_class(self) -> np.ndarray:
        """What depends neither on the origin nor on the class, (1, S, 1, P)."""
        total = self.plain["labour"].copy()
        for name in COMPONENTS:
            if name not in ("labour", "inputs") and name in self.plain:
                total += self.plain[name]
        return total

    @property
    def inputs(self) -> np.ndarray:
        """What depends on the origin and not on the class, (O, S, 1, P)."""
        return self.plain["inputs"]

    def total(self) -> np.ndarray:
        """Return unit cost, yuan per 100 yuan of output, (O, S, Z, P)."""
        return self.inputs + self.by_class + self.segments.total()

    @cached_property
    def at_home(self) -> np.ndarray:
        """Unit cost at the origins themselves, (O, S, Z)."""
        origins = self.segments.origins
        to_all = self.by_class[0, :, 0, origins] + self.inputs[np.arange(len(origins)), :, 0, origins]
        return to_all[:, :, None] + self.segments.at_home()


def cost_sheet(
    setting: Setting, state: PlaceState, levers: Levers, access: Access, supply: Supply, promised: Promise,
    talent: np.ndarray, years: float,
) -> CostSheet:  # fmt: skip
    """Return the cost sheet of a quarter, `years` after the start; `talent` is (P,)."""
    staff = labour(setting, state, levers, years)
    plain = {
        "labour": staff[None, :, None, :],
        "skills": skills(setting, staff, talent)[None, :, None, :],
        "land and buildings": land_and_buildings(setting, state, levers, years)[None, :, None, :],
        "power": power(setting, levers)[None, :, None, :],
        "inputs": inputs(setting, supply)[:, :, None, :],
        "resources": resources(setting, access, levers)[None, :, None, :],
        "freight": freight(setting, access, levers)[None, :, None, :],
        "clearance": clearance(setting, levers)[None, :, None, :],
        "administration": administration(setting, levers)[None, :, None, :],
        "tax": 100 * setting.sectors.tax[None, :, None, None],
        "other": 100 * setting.sectors.other[None, :, None, None],
    }
    belief, origins = believed(setting, state, levers).copy(), setting.places.origins
    belief[np.arange(len(belief)), :, origins] = 0.0  # only who comes is paid
    travel, joint = (trips(setting), trip_cost(setting, access)), joint_moves(setting, supply)
    return CostSheet(plain, SegmentCosts(origins, *travel, promised.annualised(setting), belief, joint))


def trend(setting: Setting, growth: np.ndarray | float, years: float) -> np.ndarray:
    """Return the growth since the start; none where the push is switched off."""
    return (1 + np.asarray(growth)) ** (years if setting.switches.origin_push else 0.0)


@once
def wage_trend(setting: Setting, years: float) -> np.ndarray:
    """Return the trend of wages since the start, (P,)."""
    return trend(setting, setting.places.wage_growth, years)


def wage(setting: Setting, state: PlaceState, levers: Levers, years: float) -> np.ndarray:
    """Return the manufacturing wage, yuan/year, (P,)."""
    return usual_wage(setting, years) * state.wage_ratio * levers["wage_push"]


@once
def usual_wage(setting: Setting, years: float) -> np.ndarray:
    """Return the wage as it drifts without newcomers, yuan/year, (P,)."""
    return setting.start_wage * wage_trend(setting, years)


def labour(setting: Setting, state: PlaceState, levers: Levers, years: float) -> np.ndarray:
    """Return labour cost, (S, P): the gap to the national wage counts to the power 1 - eta, since part of it is skill."""
    return usual_labour(setting, years) * state.wage_ratio * levers["wage_push"]


@once
def usual_labour(setting: Setting, years: float) -> np.ndarray:
    """Return labour cost as wages drift without newcomers, (S, P)."""
    terms = setting.parameters
    gap = (setting.start_wage / setting.reference_wage) ** (1 - terms.wage_eta)
    growth = wage_trend(setting, years) / trend(setting, terms.productivity_growth, years)
    return 100 * setting.sectors.labour[:, None] * gap * growth


@once
def usual_prices(setting: Setting, years: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the price of land, yuan/m2, and the rent of floor, yuan/m2/year, as they drift without newcomers, (P,) each."""
    terms, places = setting.parameters, setting.places
    growth = np.where(places.coast, terms.land_price_growth_coast, terms.land_price_growth_inland)
    drift = trend(setting, growth, years)
    return places.land_price * drift, places.floor_rent * _MONTHS * drift


@once
def space(setting: Setting) -> tuple[np.ndarray, np.ndarray]:
    """Return the land that plants buy and the floor that they rent, m2 per 1e8 yuan of yearly output times 100, (S, 1)."""
    sectors = setting.sectors
    land = (1 - sectors.rents_floor) * sectors.land_use * _HECTARE
    floor = sectors.rents_floor * sectors.floor_use * _TEN_THOUSAND
    return 100 * land[:, None], 100 * floor[:, None]


def floor_cost(setting: Setting, state: PlaceState, levers: Levers, years: float) -> np.ndarray:
    """Return the rent of standard factories for the share of projects that rent, (S, P)."""
    rent = usual_prices(setting, years)[1] * state.rent_ratio * levers["rent_push"]
    return space(setting)[1] * rent / _YUAN


def land_price(setting: Setting, state: PlaceState, years: float) -> np.ndarray:
    """Return the price of serviced industrial land, yuan/m2, (P,)."""
    return usual_prices(setting, years)[0] * state.land_price_ratio


def land_bought(setting: Setting, state: PlaceState, years: float) -> np.ndarray:
    """Return the price of the land that a plant buys, yuan per 100 yuan of yearly output, (S, P)."""
    return space(setting)[0] * land_price(setting, state, years) / _YUAN


def land_and_buildings(setting: Setting, state: PlaceState, levers: Levers, years: float) -> np.ndarray:
    """Return the yearly cost of land for those who build and of rent for those who rent, (S, P)."""
    land = land_bought(setting, state, years) * setting.parameters.land_rate
    return land + floor_cost(setting, state, levers, years)


@once
def power(setting: Setting, levers: Levers) -> np.ndarray:
    """Return electricity cost, (S, P): the table's share holds at the mean tariff weighted by industry."""
    return usual_power(setting) * levers["power_tariff"]


@once
def usual_power(setting: Setting) -> np.ndarray:
    """Return electricity cost without policies, (S, P)."""
    places = setting.places
    mean = np.average(places.power_tariff, weights=places.industry)
    return 100 * setting.sectors.electricity[:, None] * places.power_tariff / mean


def inputs(setting: Setting, supply: Supply) -> np.ndarray:
    """Return the cost of manufactured inputs, (O, S, P): the share a place lacks costs the premium of its best source."""
    tradable, premium = 100 * setting.sectors.tradable, supply.premium.swapaxes(0, 1)
    if not setting.switches.supporting_depth:
        return np.broadcast_to(tradable[:, None], premium.shape)
    if kernels.library:
        return costing.bought(kernels.library, 1 - supply.depth, premium, tradable)
    cost = np.multiply(1 - supply.depth, premium, order="C")  # origins first, as in what follows
    return (cost / 100 + 1) * tradable[:, None]


@once
def trip_cost(setting: Setting, access: Access) -> np.ndarray:
    """Return the cost of a return trip between origin and place, yuan, (O, P), with the step of a lost same-day return."""
    terms, origins = setting.parameters, setting.places.origins
    hours, fare = access.hours[origins], access.fare[origins]
    cost = 2 * (fare + hours * terms.value_of_time)
    if not setting.switches.same_day_step:
        return cost
    return cost + terms.overnight_cost / (1 + np.exp((terms.same_day_hours - hours) / terms.same_day_width))


@once
def trips(setting: Setting) -> np.ndarray:
    """Return trips to headquarters and customers per 100 yuan of output, (S, Z); larger firms travel less per output."""
    terms, sectors = setting.parameters, setting.sectors
    if not setting.switches.coordination:
        return np.zeros((len(sectors.ids), len(setting.class_sizes)))
    return 100 * (sectors.trips[:, None] * setting.class_sizes**terms.trip_size_elasticity) / 1e6


@once
def administration(setting: Setting, levers: Levers) -> np.ndarray:
    """Return fees and the cost of capital tied up while waiting for permits, (S, P)."""
    terms, places = setting.parameters, setting.places
    waiting = places.approval_days * levers["approval_days"] / _DAYS * terms.interest * setting.annuity(terms.horizon)
    return places.fees * levers["fees"] + 100 * setting.sectors.capital_ratio[:, None] * waiting


@dataclass(frozen=True)
class Promise:
    """What places promise those who come, per 100 yuan of yearly output, (S, Z, P)."""

    upfront: np.ndarray
    """Capital subsidy, reward per job and leaders' award, paid once when production starts, yuan."""
    yearly: np.ndarray
    """Refunded taxes and waived rent, every year of the holiday, yuan/year."""

    def annualised(self, setting: Setting) -> np.ndarray:
        """Return the promise as an even yearly payment over the horizon, yuan per 100 of yearly output, (S, Z, P)."""
        even = self.yearly / setting.annuity(setting.parameters.holiday_years)
        even += self.upfront
        even *= setting.annuity(setting.parameters.horizon)
        return even

    def of_class(self, kind: int) -> Promise:
        """Return what firms of one class are promised, (S, P)."""
        return Promise(self.upfront[:, kind], self.yearly[:, kind])


def promise(setting: Setting, state: PlaceState, levers: Levers, years: float) -> Promise:
    """Return the usual package of each place and what policies add; nothing where incentives are switched off."""
    if not setting.switches.incentives:
        none = np.zeros(setting.shape[1:])
        return Promise(none, none)
    upfront = capital_share(setting, levers) + state.bid
    upfront *= (100 * setting.sectors.capital_ratio)[:, None, None]
    if levers.pulled("job_subsidy"):
        upfront += job_reward(setting, levers)
    if levers.pulled("land_discount"):
        upfront += waived(setting, "land_discount", levers) * land_bought(setting, state, years)[:, None, :]
    if levers.pulled("leader_award"):
        upfront[:, -1] += leader_award(setting, levers)
    yearly = tax_refund(setting, setting.local_tax_share(years), levers)
    if levers.pulled("rent_relief"):
        rent = floor_cost(setting, state, levers, years)[:, None, :]
        yearly = yearly + waived(setting, "rent_relief", levers) * rent
    if levers.pulled("bid_off") and setting.switches.groups:
        kept = 1 - levers["bid_off"].T[:, None, :]
        upfront, yearly = upfront * kept, yearly * kept
    return Promise(upfront, yearly)


@once
def usual_promise(setting: Setting, local_share: float) -> Promise:
    """Return the usual package of each place, without bids and policies, where cities receive that share of taxes."""
    sectors, places = setting.sectors, setting.places
    upfront = 100 * sectors.capital_ratio[:, None, None] * places.capital_subsidy
    yearly = 100 * sectors.tax[:, None, None] * local_share * np.minimum(1.0, places.tax_holiday)
    return Promise(*(np.broadcast_to(part, setting.shape[1:]) for part in (upfront, yearly)))


def home_cost(setting: Setting, sheet: CostSheet) -> np.ndarray:
    """Return the unit cost of a medium firm at its own origin, (O, S)."""
    return sheet.at_home[:, :, CLASSES.index("medium")]
