"""Patterns that the literature reports and that the model must show, on the Chenzhou world (`pytest -m slow -s`).

Each is stated over replicates, with inputs drawn from their ranges, and printed. A bound is not to be loosened because it
fails. Expected flows are those of the choice in closed form at the conditions of one quarter; simulated ones come from
whole runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from conftest import CHENZHOU
from runs import changed, played, start_of, tuned, with_policy
from scipy.special import expit, logsumexp
from scipy.stats import spearmanr

from relocsim.batch.playing import realised
from relocsim.metrics.effects import Estimate, estimate
from relocsim.model import Foundation, RelocationModel, choice_values, conditions, lay_foundation
from relocsim.phases import awareness
from relocsim.phases.decision import Intercepts
from relocsim.phases.setting import Setting
from relocsim.phases.supply import haul_premium
from relocsim.spec import Spec, load
from relocsim.world.levers import CLASSES, Levers
from relocsim.world.projects import BRANCH, ENTRY, MOVE, PRODUCING

pytestmark = pytest.mark.slow
CITY = "chenzhou"
INLAND = (CITY, "changsha", "ganzhou", "hengyang", "shaoguan", "wuhan", "xiangtan", "zhuzhou")
"""Cities that together take enough projects for a whole run to tell."""
PACKAGE = 2.5
"""What a typical package is worth, yuan per 100 of output (Bartik 2018: 2 to 3)."""


def scenario(firms: int, *settings: str) -> Spec:
    """Return the Chenzhou scenario with so many agents."""
    return load(CHENZHOU, settings=[f"scenario.firms={firms}", *settings])


def drawn(spec: Spec, replicates: int) -> Iterator[Foundation]:
    """Yield the foundations of some replicates, every ranged input drawn."""
    for number in range(replicates):
        yield lay_foundation(realised(spec, number), replicate=number)


def told(what: str, values: Iterable[float]) -> Estimate:
    """Return the estimate of a figure over replicates, and print it."""
    found = estimate(np.array(list(values)))
    print(f"\n{what}: mean {found.mean:.4f} (simulation error {found.simulation_error:.4f}), draws between {found.low:.4f} "
          f"and {found.high:.4f}, {found.replicates} replicates", end="")  # fmt: skip
    return found


def surely_between(found: Estimate, low: float, high: float) -> bool:
    """Whether the mean lies between two bounds, twice its simulation error included."""
    return low < found.mean - 2 * found.simulation_error and found.mean + 2 * found.simulation_error < high


# ---------------------------------------------------------------- expected flows


def expected(
    foundation: Foundation,
    *,
    levers: Levers | None = None,
    opened: bool = False,
    years: float = 0.0,
    entries: bool = True,
) -> np.ndarray:
    """Return firms of the studied origins that intend to place something, a year, by sector and place, (S, P).

    With policies' `levers`, with the lines that policies name `opened` or not; `entries` says whether new firms count.
    """
    setting, (state, neutral) = foundation.setting, start_of(foundation)
    levers, terms = levers or neutral, setting.parameters
    lines = foundation.routes.open_lines(foundation.spec.scenario.start.first_day) - foundation.named_lines
    access = foundation.routes.at(lines | (foundation.named_lines if opened else frozenset()))
    here = conditions(setting, state, levers, access, haul_premium(setting, access), years)
    values = choice_values(setting, state, levers, here.sheet, foundation.reference_cost)
    contact = (terms.awareness_past + years) * awareness.contact_rate(setting, access)
    contact = np.repeat(contact, len(values.home) // len(contact), axis=0)
    either = np.repeat(foundation.choosers.ways.either.reshape(-1, contact.shape[1]), len(CLASSES), axis=0)
    constants, stock = foundation.choosers.intercepts, foundation.population.stock
    mass = np.bincount(foundation.population.segment[stock], foundation.population.weight[stock], len(values.home))
    settled = _going(setting, values.place + either, contact, constants.elsewhere, values.home, constants)
    new = _going(setting, values.place, contact, constants.entry, values.home, None)
    yearly = mass[:, None] * (4 * terms.review_hazard * settled + entries * terms.entry_rate * new)
    origins, sectors, classes, places = setting.shape
    return yearly.reshape(origins, sectors, classes, places).sum(axis=(0, 2))


def _going(
    setting: Setting, value: np.ndarray, contact: np.ndarray, constant: float, home: np.ndarray, ends: Intercepts | None
) -> np.ndarray:
    """Return the chance to go to each place, (G, P); `ends` are the constants of going abroad and closing, or none."""
    scale = setting.parameters.nest_lambda
    with np.errstate(divide="ignore"):
        log = value / scale + np.log(-np.expm1(-contact))
    away = scale * logsumexp(log, axis=1) + constant
    others = home if ends is None else np.logaddexp(home, np.logaddexp(ends.abroad, ends.close))
    return expit(away - others)[:, None] * np.exp(log - logsumexp(log, axis=1, keepdims=True))


def outside(foundation: Foundation) -> np.ndarray:
    """Return which places are outside the studied origins and may be chosen, (P,)."""
    places = foundation.setting.places
    found = places.destination.copy()
    found[places.origins[places.studied]] = False
    return found


def worth(foundation: Foundation, yuan: float, where: np.ndarray) -> Levers:
    """Return levers of a capital subsidy that firms of each sector reckon to be worth `yuan` per 100 of output."""
    setting, (_, levers) = foundation.setting, start_of(foundation)
    per_share = 100 * setting.sectors.capital_ratio * setting.annuity(setting.parameters.horizon)
    needed = yuan / per_share / setting.places.credibility[:, None]
    levers["capital_subsidy"][where] += needed[where, :, None]
    return levers


def share(flow: np.ndarray, foundation: Foundation) -> np.ndarray:
    """Return the shares of places in what goes anywhere outside the origins, (P,)."""
    return np.where(outside(foundation), flow, 0.0) / flow[outside(foundation)].sum()


def at(foundation: Foundation, *cities: str) -> np.ndarray:
    """Return which places are these cities, (P,)."""
    return np.isin(foundation.setting.places.ids, cities)


def with_columns(foundation: Foundation, **columns: np.ndarray) -> Foundation:
    """Return the foundation with columns of places changed; constants, firms and tastes stay."""
    return replace(foundation, setting=tuned(foundation.setting, **columns))


def simulated(foundation: Foundation, on: Iterable[str] = ()) -> np.ndarray:
    """Return firms of the studied origins that intended a project in a whole run, by place, (P,)."""
    projects, places = played(foundation, on).projects, foundation.setting.places
    rows = places.studied[projects.origin]
    return np.bincount(projects.place[rows], projects.firms[rows], len(places.ids))


def room_taken(foundation: Foundation, on: Iterable[str] = ()) -> np.ndarray:
    """Return the room of projects that stand at the end of a whole run, ha and 1e4 m2 added up, by place, (P,)."""
    projects = played(foundation, on).projects
    stands = projects.fell < 0
    return np.bincount(projects.place[stands], (projects.land + projects.floor)[stands], len(foundation.site.places))


def test_expected_flows_are_those_that_come() -> None:
    """The closed form that patterns rest on, against the first quarter of runs of many agents."""
    expected_flow, seen, weight = 0.0, 0.0, 0.0
    for number in range(6):
        foundation = lay_foundation(scenario(30_000, "switches.admission_limits=false"), replicate=number)
        stock = foundation.population.stock
        model = RelocationModel(foundation.spec, foundation=foundation, on=())
        model.step()
        expected_flow = expected_flow + expected(foundation, entries=False).sum(axis=0) / 4
        seen = seen + np.bincount(model.projects.place, model.projects.firms, len(foundation.site.places))
        weight = foundation.population.weight[stock].max()
    error = np.sqrt(expected_flow * weight)
    standard = (seen - expected_flow)[expected_flow > 0] / error[expected_flow > 0]
    assert np.abs(standard).max() < 5
    assert np.mean(standard**2) < 2
    assert seen.sum() == pytest.approx(expected_flow.sum(), abs=4 * np.sqrt(expected_flow.sum() * weight))


# ---------------------------------------------------------------- P1 and P2: incentives


def test_p1_one_city_dropping_its_package_loses_much_and_all_dropping_theirs_hardly_move_the_map() -> None:
    alone, together, moved = [], [], []
    for foundation in drawn(scenario(3000), 40):
        bidders, city = foundation.setting.places.destination, at(foundation, CITY)
        all_bid = expected(foundation, levers=worth(foundation, PACKAGE, bidders)).sum(axis=0)
        all_but_one = expected(foundation, levers=worth(foundation, PACKAGE, bidders & ~city)).sum(axis=0)
        nobody = expected(foundation).sum(axis=0)
        alone.append(1 - (all_but_one[city] / all_bid[city]).item())
        together.append(1 - (share(nobody, foundation)[city] / share(all_bid, foundation)[city]).item())
        moved.append(np.abs(share(nobody, foundation) - share(all_bid, foundation)).sum() / 2)
    assert surely_between(told("P1 inflow lost by one city that drops a typical package", alone), 0.05, 0.3)
    told("P1 share lost by the same city when all drop it", together)
    assert np.max(np.abs(together)) < 0.2 * np.min(alone)
    assert told("P1 share of all inflow that goes elsewhere when all drop it", moved).high < 0.02


def test_p1_holds_for_the_usual_packages_too() -> None:
    """Which differ between places, so that the map moves a little when all are dropped."""
    alone, together, moved = [], [], []
    for foundation in drawn(scenario(3000), 40):
        city, usual = at(foundation, CITY), expected(foundation).sum(axis=0)
        one, none = (dropped(foundation, where) for where in (city, np.ones_like(city)))
        alone.append(1 - (one[city] / usual[city]).item())
        together.append(abs(1 - (share(none, foundation)[city] / share(usual, foundation)[city]).item()))
        moved.append(np.abs(share(none, foundation) - share(usual, foundation)).sum() / 2)
    lost = told("P1 inflow lost by one city that drops its usual package", alone)
    kept = told("P1 change of its share when all drop theirs", together)
    assert lost.mean > 2 * kept.mean
    assert told("P1 share of all inflow that goes elsewhere", moved).high < 0.02


def dropped(foundation: Foundation, where: np.ndarray) -> np.ndarray:
    """Return expected flows by place when some places drop their usual package, (P,)."""
    places = foundation.setting.places
    columns = {name: np.where(where, 0.0, getattr(places, name)) for name in ("capital_subsidy", "tax_holiday")}
    return expected(with_columns(foundation, **columns)).sum(axis=0)


def test_p2_a_typical_package_brings_a_few_to_a_quarter_of_the_inflow_in_expectation() -> None:
    shares = []
    for foundation in drawn(scenario(3000), 40):
        city = at(foundation, CITY)
        with_it = expected(foundation, levers=worth(foundation, PACKAGE, city)).sum(axis=0)
        shares.append(1 - (expected(foundation).sum(axis=0)[city] / with_it[city]).item())
    found = told("P2 but-for share of a typical package, expected", shares)
    assert surely_between(found, 0.02, 0.25)
    assert found.high < 0.25
    assert found.low > 0.02


def but_for(
    spec: Spec, replicates: int, inflow: Callable[[Foundation, Iterable[str]], np.ndarray], **columns: float
) -> np.ndarray:
    """Return the but-for share of a typical package of several inland cities over whole runs, by replicate."""
    shares = []
    for foundation in drawn(spec, replicates):
        cities, places = at(foundation, *INLAND), foundation.setting.places
        changes = {name: np.where(cities, value, getattr(places, name)) for name, value in columns.items()}
        foundation = with_columns(foundation, **changes)
        needed = worth(foundation, PACKAGE, cities)["capital_subsidy"][cities].mean()
        package: Any = foundation.spec.policies["incentives"]
        nothing = dict.fromkeys(("rent_relief", "tax_holiday", "job_subsidy", "leader_award"), 0.0)
        flat = changed(package, city=INLAND, start=spec.scenario.start, capital_subsidy=min(needed, 1.0), **nothing)
        foundation = replace(foundation, spec=with_policy(foundation.spec, "incentives", flat))
        without, with_it = (inflow(foundation, on)[cities].sum() for on in ([], ["incentives"]))
        shares.append(1 - without / with_it)
    return np.array(shares)


def test_p2_holds_in_whole_runs_where_land_does_not_bind() -> None:
    found = told("P2 but-for share of a typical package, simulated", but_for(scenario(6000), 20, simulated))
    assert surely_between(found, 0.02, 0.25)


def test_p2_the_package_brings_next_to_nothing_where_land_binds() -> None:
    full = {"land_occupied": 0.999, "floor_occupied": 0.999, "land_growth": 0.0, "floor_growth": 0.0}
    found = told("P2 but-for share where parks are full", but_for(scenario(6000), 20, room_taken, **full))
    assert surely_between(found, -0.05, 0.05)


# ---------------------------------------------------------------- P4: rates


def test_p4_a_few_per_cent_of_firms_relocate_a_year_and_branches_and_entries_outnumber_moves() -> None:
    rates, ratios = [], []
    for foundation in drawn(scenario(3000), 20):
        model, standing = RelocationModel(foundation.spec, foundation=foundation), []
        settled = foundation.setting.places.studied[model.population.origin]
        while not model.finished:
            model.step()
            standing.append(model.firms.weight[settled & model.firms.settled].sum())
        projects, began = model.projects, model.projects.dates[PRODUCING]
        arrived = foundation.setting.places.studied[projects.origin] & (began >= 12)
        relocated = projects.firms[arrived & (projects.kind != ENTRY)].sum()
        rates.append(4 * relocated / np.sum(standing[12:]))
        firms = [projects.firms[arrived & (projects.kind == kind)].sum() for kind in (BRANCH, MOVE, ENTRY)]
        ratios.append((firms[BRANCH] + firms[ENTRY]) / firms[MOVE])
    assert surely_between(told("P4 firms that relocate a year, after three years", rates), 0.02, 0.045)
    assert told("P4 branches and entries over full moves", ratios).low > 1


# ---------------------------------------------------------------- P5: wages


def test_p5_a_tenth_more_wage_costs_one_to_five_per_cent_of_entries_in_expectation() -> None:
    falls = []
    for foundation in drawn(scenario(3000), 40):
        city = at(foundation, CITY)
        dearer = with_columns(foundation, wage=np.where(city, 1.1, 1.0) * foundation.setting.places.wage)
        before, after = (expected(one).sum(axis=0)[city].item() for one in (foundation, dearer))
        falls.append(1 - after / before)
    assert surely_between(told("P5 fall of entries at wages +10 %, expected", falls), 0.01, 0.05)


def test_p5_holds_in_whole_runs() -> None:
    falls = []
    for foundation in drawn(scenario(6000), 16):
        cities = at(foundation, *INLAND)
        dearer = with_columns(foundation, wage=np.where(cities, 1.1, 1.0) * foundation.setting.places.wage)
        falls.append(1 - simulated(dearer)[cities].sum() / simulated(foundation)[cities].sum())
    assert surely_between(told("P5 fall of entries at wages +10 %, simulated", falls), 0.01, 0.05)


# ---------------------------------------------------------------- P6: high-speed rail


def test_p6_high_speed_rail_raises_sectors_of_many_trips_more_than_freight_bound_ones() -> None:
    gains, ranks = [], []
    for foundation in drawn(scenario(3000), 40):
        sectors, cities = foundation.setting.sectors, at(foundation, "shaoguan", CITY, "hengyang")
        with_it, without = (
            expected(foundation, opened=opened, years=2.0)[:, cities].sum(axis=1) for opened in (True, False)
        )
        rise = with_it / without - 1
        many, bound = (
            sectors.trips >= np.quantile(sectors.trips, 2 / 3),
            sectors.freight >= np.quantile(sectors.freight, 2 / 3),
        )
        gains.append(rise[many & ~bound].mean() - rise[bound & ~many].mean())
        ranks.append(spearmanr(sectors.trips, rise).statistic)
    assert told("P6 gain of sectors of many trips less that of freight-bound ones", gains).low > 0
    assert told("P6 rank correlation of the gain with trips", ranks).low > 0.5
