"""Who switched, read off finished models of the toy world: sums are exact, causes follow from what was changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from runs import bits, changed, played, with_policy, with_scenario

from relocsim.answers.paying import paid_by_firm, paid_by_project
from relocsim.answers.switching import Switchers, switchers
from relocsim.answers.switching_rows import DELIVERY, KNOWLEDGE, LEADER, MEASURES, OTHERWISE, ROOM, TIMING
from relocsim.answers.witness import CAUSES, Witness
from relocsim.errors import SpecError
from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.spec import Spec
from relocsim.world.projects import PRODUCING

KNOWN_CAUSES = {DELIVERY, KNOWLEDGE, LEADER, OTHERWISE, ROOM, TIMING, *CAUSES}


@pytest.fixture(scope="module")
def small(toy: Spec) -> Spec:
    study = toy.scenario.study.model_copy(update={"stage": "signed"})
    given = toy.policies["incentives"]
    generous = changed(given, capital_subsidy=0.8, tax_holiday=1.0, start=toy.scenario.start)
    return with_policy(with_scenario(toy, firms=300, study=study, end=toy.scenario.start + 11), "incentives", generous)


@pytest.fixture(scope="module")
def found(small: Spec) -> Switchers:
    return switchers(small, ["incentives"], replicates=2, draw_inputs=False)


def test_a_witness_plays_the_same_bits(foundation: Foundation, baseline: RelocationModel) -> None:
    watching = Witness(foundation.spec, foundation=foundation).run()
    assert bits(watching) == bits(baseline)


def test_terms_of_the_choice_add_up_to_the_cost(foundation: Foundation) -> None:
    watching = Witness(foundation.spec, foundation=foundation)
    watching.step()
    firms, population = np.arange(5), foundation.population
    terms = watching.terms(firms)
    at = population.origin[firms], population.sector[firms], population.kind[firms]
    np.testing.assert_allclose(terms[:, :-2].sum(axis=1), watching.found.sheet.total()[at])
    beta = foundation.setting.parameters.sensitivity
    np.testing.assert_allclose(-beta * terms[:, -1], np.broadcast_to(watching.room, (5, len(watching.room))))


def test_gained_less_lost_is_the_paired_effect(small: Spec, found: Switchers) -> None:
    sums = found.sums.set_index(["quantity", "unit"])["mean"]
    for unit in ("real firms", "1e8 yuan", "persons"):
        assert sums["gained", unit] - sums["lost", unit] == pytest.approx(sums["effect", unit], abs=1e-6)
    assert sums["gained", "1e8 yuan"] > 0


def test_the_effect_is_that_of_a_comparison(small: Spec, found: Switchers) -> None:
    city = sorted(small.world.places).index("beta")
    for replicate, one in enumerate(found.changed):
        laid = lay_foundation(small, replicate=replicate)
        came = []
        for on in (small.on, small.on | {"incentives"}):
            model = played(laid, on)
            rows = (model.projects.place == city) & (model.projects.dates[1] >= 0)
            rows &= model.setting.places.from_studied(model.projects.origin)
            came.append(model.projects.investment[rows].sum())
        assert one.effect[1] == pytest.approx(came[1] - came[0], abs=1e-9)


def test_a_firm_has_the_same_luck_wherever_a_policy_sends_it(small: Spec) -> None:
    laid = lay_foundation(small)
    without, with_ = (
        dict(zip(zip(one.firm, one.dates[0], strict=True), zip(one.place, one.uid, strict=True), strict=True))
        for one in (played(laid, on).projects for on in (small.on - {"incentives"}, small.on | {"incentives"}))
    )
    sent = [key for key in without.keys() & with_.keys() if key[0] >= 0 and without[key][0] != with_[key][0]]
    assert sent
    assert all(without[key][1] == with_[key][1] for key in sent)


def test_every_row_has_a_source_and_a_cause(found: Switchers) -> None:
    table = found.table
    gained = table[table["change"] == "gained"]
    assert set(gained["cause"]) <= KNOWN_CAUSES
    assert not (table["source"] == "beta").any()
    assert (gained["quarter"] != "").all()
    assert (table[list(MEASURES)] >= 0).all(axis=None)
    by_cause = found.by_cause.query("measure == 'investment'")["mean"].sum()
    by_source = found.by_source.query("measure == 'investment' and change == 'gained'")["mean"].sum()
    assert by_cause == pytest.approx(by_source) == pytest.approx(gained["investment"].sum() / 2)


def test_flows_sum_to_what_the_city_gained_and_lost(found: Switchers) -> None:
    flows = found.flows
    gained = flows[flows["target"] == "beta"]["investment"].sum()
    lost = flows[flows["source"] == "beta"]["investment"].sum()
    sums = found.sums.set_index(["quantity", "unit"])["mean"]
    assert (gained, lost) == pytest.approx((sums["gained", "1e8 yuan"], sums["lost", "1e8 yuan"]))


def test_a_policy_of_no_size_switches_nobody(small: Spec) -> None:
    inert = with_policy(small, "incentives", changed(small.policies["incentives"], intensity=0.0))
    found = switchers(inert, ["incentives"], replicates=1)
    assert found.table.empty
    assert found.flows.empty
    assert found.by_cause.empty
    sums = found.sums.set_index("quantity")["mean"]
    assert sums["incentives paid"] == pytest.approx(sums["windfall"])
    assert sums["windfall of the policies"] == 0


def test_with_incentives_alone_what_tips_most_firms_is_the_incentive(found: Switchers) -> None:
    tipped = found.table[found.table["cause"].isin(CAUSES)]
    share = tipped.loc[tipped["cause"] == "incentive", "investment"].sum() / tipped["investment"].sum()
    assert share > 0.7
    assert (tipped["size"] > 0).all()


def test_what_firms_are_paid_adds_up_to_what_the_place_paid(baseline: RelocationModel) -> None:
    places, projects = baseline.places, baseline.projects
    paid = np.bincount(projects.place, paid_by_project(baseline), len(places.paid))
    np.testing.assert_allclose(paid, places.paid, rtol=0.05, atol=1e-6)
    firms = np.unique(projects.firm[(projects.firm >= 0) & (projects.dates[PRODUCING] >= 0)])
    city = int(places.paid.argmax())
    assert paid_by_firm(baseline, firms, city).sum() == pytest.approx(paid[city])


def test_an_unknown_policy_is_told(small: Spec) -> None:
    with pytest.raises(SpecError, match="there is no policy or package 'incentive'"):
        switchers(small, ["incentive"], replicates=1)


def test_any_executor_gives_the_same_rows(small: Spec, found: Switchers) -> None:
    with ThreadPoolExecutor(2) as pool:
        again = switchers(small, ["incentives"], replicates=2, draw_inputs=False, executor=pool)
    pd.testing.assert_frame_equal(again.table, found.table)
