"""Patterns of governments that answer each other, on the Chenzhou world and a city of counties (`pytest -m slow -s`).

Inputs are drawn from their ranges, figures are over replicates and printed. What comes is what the choice implies at the
state of places after some years, so that the luck of single firms does not hide small effects; bills are those of runs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from governing import ASSIGNED, COUNTIES, after, inflow, rows_of, shares, with_counties, with_rules
from patterns import CITY, drawn, scenario, told
from runs import changed, tuned, with_policy, with_scenario
from toy import SCENARIO

from relocsim.batch.playing import realised
from relocsim.metrics.concentration import mean_concentration
from relocsim.metrics.effects import estimate
from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.phases.cost import promise
from relocsim.phases.rivals import offered, rivals_near
from relocsim.policies import catalogue
from relocsim.spec import Spec, load
from relocsim.world.columns import RULES
from relocsim.world.description import Rule
from relocsim.world.projects import PRODUCING, STATE

pytestmark = pytest.mark.slow
REPLICATES = 20
YEARS = 5


def competing(foundation: Foundation) -> list[str]:
    return [foundation.site.places[at] for at in np.flatnonzero(foundation.setting.places.open_to_rivalry)]


def bidding(foundation: Foundation, bidders: Iterable[str]) -> RelocationModel:
    """Return the model after some years in which these places bid as assessed officials do."""
    return after(with_rules(foundation, Rule.ASSESSMENT, bidders), 4 * YEARS)


def test_p1_with_rules_on() -> None:
    alone, together, moved = [], [], []
    for foundation in drawn(scenario(3000), REPLICATES):
        rivals, at = competing(foundation), foundation.setting.places.row(CITY)
        models = (bidding(foundation, one) for one in (rivals, [name for name in rivals if name != CITY], []))
        everybody, all_but_one, nobody = (inflow(model) for model in models)
        alone.append(1 - all_but_one[:, at].sum() / everybody[:, at].sum())
        with_it, without = shares(everybody, foundation), shares(nobody, foundation)
        together.append(1 - without[at] / with_it[at])
        moved.append(np.abs(without - with_it).sum() / 2)
    lost = told("P1", "inflow lost by one city that stays out of the bidding", alone)
    told("P1", "share lost by it when nobody bids", together)
    told("P1", "share of all inflow that goes elsewhere when nobody bids", moved)
    assert lost.mean - 2 * lost.simulation_error > 0
    assert np.mean(np.abs(together)) < lost.mean / 3
    assert np.max(moved) < 0.05


def test_p3_more_bidders_raise_the_bill_and_hardly_move_firms() -> None:
    raised, moved, more = [], [], []
    for foundation in drawn(scenario(3000), REPLICATES):
        rivals = competing(foundation)
        models = [bidding(foundation, bidders) for bidders in ([], rivals[::2], rivals)]
        bills = [model.places.promised.sum() for model in models]
        maps = [shares(inflow(model), foundation) for model in models]
        raised.append(bills[2] / bills[0] - 1)
        more.append(bills[2] / bills[1] - 1)
        moved.append(np.abs(maps[2] - maps[0]).sum() / 2)
    assert told("P3", "rise of the bill when all bid", raised).low > 0
    assert told("P3", "rise of the bill from half to all", more).mean > 0
    assert told("P3", "share of inflow that goes elsewhere", moved).high < 0.05


def test_p3_firms_change_city_no_more_than_inflow_does() -> None:
    """Firm by firm: of those that intend to go somewhere in both arms, how many go elsewhere."""
    changed_city = []
    for foundation in drawn(scenario(3000), 10):
        places = [first_choices(bidding(foundation, bidders)) for bidders in ([], competing(foundation))]
        both = places[0].keys() & places[1].keys()
        changed_city.append(np.mean([places[0][firm] != places[1][firm] for firm in both]))
    assert told("P3", "firms that change city", changed_city).mean < 0.05


def first_choices(model: RelocationModel) -> dict[int, int]:
    """Return the place of each firm's first project."""
    projects = model.projects
    found: dict[int, int] = {}
    for firm, place in zip(projects.firm.tolist(), projects.place.tolist(), strict=True):
        if firm >= 0:
            found.setdefault(firm, place)
    return found


def test_imitation_answers_at_the_published_coefficient_near_by_and_not_far_away() -> None:
    near, answered, far = [], [], []
    for foundation in drawn(scenario(3000, "scenario.rivals.rule=imitate"), REPLICATES):
        model = after(foundation, 32, ["incentives"])
        places = foundation.setting.places
        others = places.open_to_rivalry & (np.arange(len(places.ids)) != places.row(CITY))
        km = places.km[places.row(CITY)]
        bids = model.places.bid[others & (km < 200)]
        near.append(bids.mean())
        answered.append(bids.sum() / offered_around(model)[others & (km < 200)].sum())
        far.append(np.abs(model.places.bid[others & (km > 800)]).max())
    assert told("P12", "bids of places within 200 km that imitate", near).low > 0
    coefficient = told(
        "P12", "answer of places near by to a unit of what neighbours offer", answered, band=(0.36, 0.87)
    )
    assert 0.3 < coefficient.mean < 0.9
    assert told("P12", "largest bid beyond 800 km", far).high < 0.01


def offered_around(model: RelocationModel) -> np.ndarray:
    """Return what neighbours of each place offer beyond their usual packages, weighted by nearness, share of investment."""
    setting, years = model.setting, model.quarter / 4
    changes = offered(setting, promise(setting, model.places, model.levers, years), years)
    near, _ = rivals_near(setting)
    return near @ changes / np.maximum(near.sum(axis=1), 1.0)


PAIR = (CITY, "hengyang")
"""Two inland cities of like size, wages and distance on the same line, which swap their dates."""
STRATA = (0.1, 0.01)
"""Of one of the two at least, so that newcomers come in every draw."""
HEAD_START = 24
"""Quarters by which one city's policies come before the other's: six years."""
SETTLED = 8
"""Quarters after the later start from which both count as having had the policies."""
OUTCOMES = ("inflow", "later inflow", "output")


@pytest.fixture(scope="module")
def leads() -> dict[str, dict[str, list[float]]]:
    """By variant and outcome: the early mover's over that had it been late, log points; and the gain that swaps.

    The gain is what policies add, mean of both cities; the part of it that swaps is what the later date loses.
    """
    variants = {
        "": (),
        "broken promises without consequence": ("credibility_feedback",),
        "nothing fed back": ("depth_feedback", "followers", "local_suppliers", "peers"),
    }
    found: dict[str, dict[str, list[float]]] = {name: {} for name in variants}
    for number in range(16):
        for name, off in variants.items():
            spec = with_dates(realised(scenario(6000, strata=STRATA), number))
            switches = spec.scenario.switches.model_copy(update=dict.fromkeys(off, False))
            foundation = lay_foundation(with_scenario(spec, switches=switches), replicate=number)
            for what, value in swapped(foundation).items():
                found[name].setdefault(what, []).append(value)
    return found


def with_dates(spec: Spec) -> Spec:
    """Return the scenario with the whole package of either city, early and late.

    Park, incentives and suppliers as in the scenario, visits to the coast, and money in escrow so that promises are kept.
    """
    added = [
        {"kind": "promotion_campaign", "mode": "visits", "city": CITY, "start": spec.scenario.start},
        {"kind": "credibility_guarantee", "city": CITY, "start": spec.scenario.start},
    ]
    package = [spec.policies[name] for name in ("incentives", "park-expansion", "supplier-cultivation")]
    package += [catalogue()[one["kind"]].model_validate(one) for one in added]
    for city in PAIR:
        for when, wait in (("early", 0), ("late", HEAD_START)):
            for policy in package:
                dated = changed(policy, city=city, start=spec.scenario.start + wait)
                spec = with_policy(spec, f"{city}-{when}-{policy.kind}", dated)
    return spec


def swapped(foundation: Foundation) -> dict[str, float]:
    """Return leads and the part of the gain that swaps, see `leads`."""
    none, first, second = (outcomes(foundation, dates) for dates in ({}, order(PAIR), order(PAIR[::-1])))
    found = {}
    for what in OUTCOMES:
        early = np.array([first[what][0], second[what][1]])
        late = np.array([second[what][0], first[what][1]])
        found[f"lead in {what}"] = float(np.log(early / late).mean())
        found[f"gain in {what} that swaps"] = float((early - late).sum() / (early - none[what]).sum())
    return found


def order(cities: tuple[str, str]) -> dict[str, str]:
    """Return when each city moves: the first one early."""
    return dict(zip(cities, ("early", "late"), strict=True))


def outcomes(foundation: Foundation, dates: dict[str, str]) -> dict[str, np.ndarray]:
    """Return what comes to the two cities, (2,): in all years, once both have moved, and what stands at the end."""
    on = ["hsr", *(name for name in foundation.spec.policies for city, when in dates.items()
                   if name.startswith(f"{city}-{when}-"))]  # fmt: skip
    model, rows, flows = RelocationModel(foundation.spec, foundation=foundation, on=on), rows_of(foundation, PAIR), []
    while not model.finished:
        model.step()
        if model.quarter % 4 == 0:
            flows.append(inflow(model).sum(axis=0)[rows])
    projects = model.projects
    came = np.where(projects.dates[PRODUCING] >= 0, projects.output * projects.running, 0.0)
    came[projects.kind == STATE] = 0.0
    stands = np.bincount(projects.place, came, len(foundation.site.places))[rows]
    later = flows[(HEAD_START + SETTLED) // 4 :]
    return {"inflow": np.sum(flows, axis=0), "later inflow": np.sum(later, axis=0), "output": stands}


def test_p11_what_policies_bring_goes_with_their_dates(leads: dict[str, dict[str, list[float]]]) -> None:
    for variant, found in leads.items():
        said = {what: told("P11", f"{what}, {variant}" if variant else what, values) for what, values in found.items()}
        if not variant:
            for what in ("lead in inflow", "gain in inflow that swaps"):
                assert said[what].mean - 2 * said[what].simulation_error > 0


def test_p11_a_head_start_feeds_on_itself(leads: dict[str, dict[str, list[float]]]) -> None:
    """Less where broken or kept promises have no consequence, and where what comes feeds nothing back."""
    whole, faithful, bare = (estimate(np.array(found["lead in later inflow"])) for found in leads.values())
    assert whole.mean - 2 * whole.simulation_error > 0
    assert max(faithful.mean, bare.mean) < whole.mean


def counties() -> Spec:
    """Return a city of three counties that may promote jointly, and in which each may send visitors to the coast."""
    toy = load(SCENARIO, settings=["scenario.firms=1000"])
    start = {"start": toy.scenario.start}
    joint = {"kind": "joint_promotion", "assigned": ASSIGNED, **start}
    visits = {"kind": "promotion_campaign", "city": COUNTIES, "mode": "visits", **start}
    spec = with_counties(toy)
    for name, policy in {"joint": joint, "visits": visits, "binding": {**joint, "binding": True}}.items():
        spec = with_policy(spec, name, catalogue()[str(policy["kind"])].model_validate(policy))
    return spec


def alone_and_joint(
    foundation: Foundation, rule: Rule, on: tuple[str, ...] = (), *, groups: bool = True
) -> list[tuple[float, float]]:
    """Return the bill over all investment and the Herfindahl index over counties, each for itself and jointly."""
    rows, base = rows_of(foundation, COUNTIES), replace(foundation, setting=tuned(foundation.setting, groups=groups))
    found = []
    for policies in (on, (*on, "joint")):
        model = after(with_rules(base, rule, COUNTIES), 20, policies)
        bill = model.places.promised[rows].sum() / max(model.projects.investment.sum(), 1.0)
        found.append((float(bill), mean_concentration(inflow(model)[:, rows])))
    return found


@pytest.mark.parametrize("rule", [Rule.ASSESSMENT, Rule.BEST_RESPONSE])
def test_p12_counties_that_bid_alone_pay_more(rule: Rule) -> None:
    saved, off, deeper = [], [], []
    for foundation in drawn(counties(), REPLICATES):
        alone, joint = alone_and_joint(foundation, rule)
        saved.append(1 - joint[0] / alone[0])
        deeper.append(joint[1] - alone[1])
        alone, joint = alone_and_joint(foundation, rule, groups=False)
        off.append(1 - joint[0] / alone[0])
    part = told("P12", f"part of the bill that joint promotion saves, {rule.value}", saved)
    told("P12", f"the same with coordination off, {rule.value}", off)
    told("P12", f"rise of the Herfindahl index over counties by packages alone, {rule.value}", deeper)
    assert part.low > 0
    assert np.mean(off) < 0.2 * part.mean


def test_p12_joint_promotion_deepens_clusters_where_counties_promote() -> None:
    """Each county sends visitors to every sector; jointly, to the firms of its own sectors alone."""
    deeper, off = [], []
    for foundation in drawn(counties(), REPLICATES):
        for groups, found in ((True, deeper), (False, off)):
            alone, joint = alone_and_joint(foundation, Rule.ASSESSMENT, ("visits",), groups=groups)
            found.append(joint[1] - alone[1])
    gain = told("P12", "rise of the Herfindahl index over counties that promote", deeper)
    told("P12", "the same with coordination off", off)
    assert gain.mean - 2 * gain.simulation_error > 0
    assert abs(np.mean(off)) < 0.5 * gain.mean


def test_p12_a_binding_assignment_gathers_each_industry_and_turns_firms_away() -> None:
    """What a county refuses goes to the county of its sector only if that is the next best; much of it goes elsewhere."""
    gathered, lost, deeper = [], [], []
    for foundation in drawn(counties(), REPLICATES):
        base, rows = with_rules(foundation, Rule.ASSESSMENT, COUNTIES), rows_of(foundation, COUNTIES)
        flows, depth = [], []
        for policies in (["visits"], ["visits", "binding"]):
            model = after(base, 20, policies)
            came = np.zeros((len(foundation.site.sectors), len(foundation.site.places)))
            firms = model.projects.firm >= 0
            np.add.at(came, (model.projects.sector[firms], model.projects.place[firms]), model.projects.firms[firms])
            flows.append(came[:, rows])
            of_assigned = [
                (foundation.site.sectors.index(ASSIGNED[one][0]), at) for one, at in zip(COUNTIES, rows, strict=True)
            ]
            depth.append(np.mean([model.look_around(YEARS).supply.depth[at] for at in of_assigned]))
        gathered.append(mean_concentration(flows[1]) - mean_concentration(flows[0]))
        lost.append(1 - flows[1].sum() / flows[0].sum())
        deeper.append(depth[1] - depth[0])
    rise = told("P12", "rise of the Herfindahl index of what comes, assignment binding", gathered)
    told("P12", "part of the firms that the city then loses", lost)
    told("P12", "rise of the depth of the assigned sectors", deeper)
    assert rise.low > 0.1


def test_rules_are_what_the_scenario_says() -> None:
    foundation = lay_foundation(scenario(3000, "scenario.rivals.rule=best_response"))
    rules = {RULES[code] for code in foundation.setting.places.rule}
    assert rules == {Rule.BEST_RESPONSE, Rule.PASSIVE}
