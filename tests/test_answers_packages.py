"""Searches, Shapley shares and fiscal answers on the toy world: they agree with comparisons and with each other."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from runs import changed, collecting_what_comes, with_policy, with_scenario, without

from relocsim.answers.accounting import Accounts, accounts, outlays
from relocsim.answers.arms import Option, extended, matching, read_arms
from relocsim.answers.costing import UNITS, fiscal
from relocsim.answers.packages import Goal, best_package, candidates, usual_rivals
from relocsim.answers.synergies import prefixes, synergy
from relocsim.batch.comparing import compare
from relocsim.errors import SpecError
from relocsim.model import RelocationModel
from relocsim.spec import Spec
from relocsim.world.calendar import Quarter

PAIR = ["approvals", "park-expansion"]


@pytest.fixture(scope="module")
def small(toy: Spec) -> Spec:
    study = toy.scenario.study.model_copy(update={"stage": "signed"})
    lawful = with_policy(toy, "incentives", changed(toy.policies["incentives"], capital_subsidy=0.6, tax_holiday=0.0))
    return with_scenario(lawful, firms=200, study=study, end=Quarter.parse("2011-Q2"))


def test_arms_read_one_by_one_are_those_of_a_comparison(small: Spec) -> None:
    arms = [small.on, small.on | {"incentives"}, small.on, small.on - {"hsr"}]
    found = read_arms(small, arms, accounts, replicate=1)
    compared = compare(small, with_=["incentives"], without=["hsr"], replicates=2)
    for at, arm in ((0, 0), (1, 1), (2, 0), (3, 2)):
        np.testing.assert_array_equal(found[at].amount, compared.amounts[1, arm, :, compared.stage])
        assert found[at].treasury.sum() == pytest.approx(compared.treasury[1, arm, compared.city])


def test_arms_with_options_have_the_bits_of_each_played_alone_and_equal_ones_are_played_once(small: Spec) -> None:
    later, twice = Option("approvals", delay=2), Option("incentives", 2.0)
    sets = [small.on, small.on | {twice.name}, small.on | {later.name}, small.on | {twice.name}]
    read: list[RelocationModel] = []

    def noted(model: RelocationModel) -> Accounts:
        read.append(model)
        return accounts(model)

    found = read_arms(small, sets, noted, replicate=1, options=[later, twice])
    assert len(read) == 3
    assert found[1] is found[3]
    for one, together in zip(sets, found, strict=True):
        (alone,) = read_arms(small, [one], accounts, replicate=1, options=[later, twice])
        np.testing.assert_array_equal(alone.amount, together.amount)
        np.testing.assert_array_equal(alone.treasury, together.treasury)


def test_a_run_is_let_go_once_it_is_read(small: Spec) -> None:
    seen: list[weakref.ref[RelocationModel]] = []
    most = 0

    def noted(model: RelocationModel) -> None:
        nonlocal most
        seen.append(weakref.ref(model))
        gc.collect()
        most = max(most, sum(one() is not None for one in seen))

    sets = [small.on, *(small.on | {name} for name in ("incentives", *PAIR))]
    with collecting_what_comes():
        read_arms(small, sets, noted, replicate=0)
    assert (len(seen), most) == (4, 1)


def test_an_option_is_its_policy_at_another_size_and_place(small: Spec) -> None:
    twice, theirs = Option("incentives", 2.0), Option("incentives", cities=("gamma", "delta"))
    assert (Option("incentives").name, twice.name) == ("incentives", "incentives x2")
    assert theirs.name == "incentives in gamma, delta"
    spec = extended(small, [twice, theirs])
    assert spec.policies[twice.name].intensity == 2
    assert spec.policies[theirs.name].payers() == ("gamma", "delta")
    assert not spec.policies[theirs.name].on
    assert spec.policies["incentives"] == small.policies["incentives"]


def test_rivals_match_what_cities_pursue(small: Spec) -> None:
    found = matching(small, [Option("incentives", 2.0), Option("hsr")], ("gamma",))
    assert [one.name for one in found] == ["incentives x2 in gamma"]
    assert usual_rivals(small) == ("delta",)


def test_an_option_of_size_one_changes_nothing_and_of_size_zero_is_inert(small: Spec) -> None:
    none = Option("incentives", 0.0)
    found = read_arms(small, [small.on, small.on | {none.name}], accounts, replicate=0, options=[none])
    np.testing.assert_array_equal(found[0].amount, found[1].amount)


def test_outlays_are_those_that_the_model_books(small: Spec) -> None:
    model = RelocationModel(small, on={"approvals", "park-expansion", "rival-programme"})
    city, booked = model.setting.places.row("beta"), []
    while not model.finished:
        booked.append(model.outlays()[city])
        model.step()
    np.testing.assert_allclose(outlays(model, "beta"), booked)


def test_the_best_of_all_packages_is_the_highest_within_the_budget(small: Spec) -> None:
    found = best_package(small, Goal("investment", 1e3), policies=["incentives", "approvals"], replicates=2)
    assert found.search.method == "exact"
    assert len(found.search.tried) == 4
    table = found.table
    assert table["mean"].is_monotonic_decreasing
    assert table["best_in"].sum() == pytest.approx(1)
    assert (table["cost"] <= 1e3).all()
    assert table["package"].tolist()[0] != "nothing"
    assert set(found.matched) == {one.options for one in found.shown if one.options}
    poor = best_package(small, Goal("jobs", 0.0), policies=["approvals"], replicates=1)
    assert poor.search.best.options == set()


def test_greedy_goes_one_policy_at_a_time(small: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relocsim.metrics.packages.MOST_EXACT", 1)
    found = best_package(small, Goal("capture", 1e3), policies=PAIR, sizes=[1, 2], rivals=["gamma"], replicates=1)
    assert found.search.method == "greedy"
    assert {len(one.options) for one in found.search.tried} >= {0, 1}
    assert found.rivals == ("gamma",)


def test_the_law_leaves_policies_out_unless_asked(toy: Spec) -> None:
    kept, out = candidates(toy, ["incentives", "approvals"], barred=False)
    assert (kept, out) == (("approvals",), ("incentives",))
    assert candidates(toy, ["incentives", "approvals"], barred=True) == (("incentives", "approvals"), ())
    every, _ = candidates(toy, [], barred=True)
    assert "transfer-park" not in every
    assert "hsr" not in every
    with pytest.raises(SpecError, match="the law bars incentives"):
        candidates(toy, ["incentives"], barred=False)
    with pytest.raises(SpecError, match="'hsr' is on in the scenario as written"):
        candidates(toy, ["hsr"], barred=False)


def test_shapley_shares_add_up_to_the_package_in_every_replicate(small: Spec) -> None:
    found = synergy(small, ["incentives", *PAIR], replicates=1)
    np.testing.assert_allclose(found.shares.sum(axis=-1), found.together, atol=1e-9)
    compared = compare(small, with_=["incentives", *PAIR], replicates=1)
    np.testing.assert_allclose(
        found.together[:, 1],
        (compared.amounts[:, -1] - compared.amounts[:, 0])[:, 1, compared.stage, compared.city],
        atol=1e-9,
    )
    table = found.table.set_index(["quantity", "policy"])
    summed = table.loc["investment", "alone"][["incentives", *PAIR]].sum()
    assert table.loc[("investment", "synergy"), "mean"] == pytest.approx(
        table.loc[("investment", "together"), "mean"] - summed
    )
    assert len(found.interactions) == 4 * 3


def test_outlays_only_add_up_and_share_out_as_they_are(small: Spec) -> None:
    table = synergy(without(small, "incentives"), PAIR, replicates=1).table.set_index(["quantity", "policy"])
    for policy in PAIR:
        assert table.loc[("cost", policy), "mean"] == pytest.approx(table.loc[("cost", policy), "alone"])
    assert table.loc[("cost", "synergy"), "mean"] == pytest.approx(0, abs=1e-12)


def test_sampled_shares_add_up_too(small: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relocsim.answers.synergies.MOST_EXACT", 2)
    found = synergy(small, ["incentives", *PAIR], replicates=1, pairs=2)
    np.testing.assert_allclose(found.shares.sum(axis=-1), found.together, atol=1e-9)
    assert found.pairs is None
    assert found.interactions.empty
    sets = prefixes(3, 2, small.scenario.seed)
    assert sets[0] == frozenset()
    assert len(sets) == len(set(sets)) <= 8


def test_fiscal_answers_are_consistent(small: Spec) -> None:
    found = fiscal(small, with_=["incentives"], without=["hsr"], replicates=2, rate=0.0)
    table = found.table.set_index(["arm", "quantity"])
    assert set(table.loc["incentives"].index) == set(UNITS)
    money = table["mean"]
    assert money["incentives", "outlays"] + money["incentives", "incentives"] == pytest.approx(
        money["incentives", "cost"]
    )
    assert money["incentives", "net present value"] == pytest.approx(money["incentives", "receipts less payments"])
    jobs = [money["incentives", f"jobs in {where}"] for where in ("the city", "other places", "the origins")]
    assert sum(jobs) == pytest.approx(money["incentives", "jobs in the nation"])
    effects = compare(small, with_=["incentives"], replicates=2).effects
    treasury = effects.query("arm == 'incentives' and quantity == 'treasury'")["mean"].item()
    assert money["incentives", "receipts less payments"] == pytest.approx(treasury)
