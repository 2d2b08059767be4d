"""Comparisons: arms, pairing by common random numbers, the same bits on any executor (processes: `test_report.py`)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from runs import changed, played, with_policy, with_scenario

from relocsim.batch.arms import BASELINE, TOGETHER, Arm, plan_arms
from relocsim.batch.comparing import Comparison, compare
from relocsim.batch.playing import outcome, play, realised
from relocsim.batch.running import run
from relocsim.errors import SpecError
from relocsim.metrics.capture import but_for_share
from relocsim.model import lay_foundation
from relocsim.spec import Spec

COLUMNS = ("amounts", "over_time", "treasury", "at_risk")


@pytest.fixture(scope="module")
def small(toy: Spec) -> Spec:
    return with_scenario(toy, firms=200, end=toy.scenario.start + 11)


@pytest.fixture(scope="module")
def of_incentives(small: Spec) -> Comparison:
    return compare(small, with_=["incentives"], replicates=3)


@pytest.fixture(scope="module")
def compared(small: Spec) -> Comparison:
    return compare(small, packages=["soft"], with_=["incentives"], without=["hsr"], replicates=3)


def bits(found: Comparison) -> list[bytes]:
    return [getattr(found, name).tobytes() for name in COLUMNS]


# ---------------------------------------------------------------- arms


def told(arms: list[Arm]) -> dict[str, tuple[list[str], int]]:
    return {arm.name: (sorted(arm.on), arm.sign) for arm in arms}


def test_with_nothing_named_every_policy_is_compared(toy: Spec) -> None:
    add = sorted(set(toy.policies) - {"hsr"})
    arms = told(plan_arms(toy))
    assert arms[BASELINE] == (["hsr"], 1)
    assert arms["hsr"] == ([], -1), "a policy of the baseline is taken away"
    for name in add:
        assert arms[name] == (sorted(["hsr", name]), 1)
    assert arms[TOGETHER] == (sorted([*add, "hsr"]), 1)


def test_named_policies_and_packages_are_compared_alone_and_together(toy: Spec) -> None:
    arms = told(plan_arms(toy, with_=["incentives"], without=["hsr"], packages=["hardware"]))
    assert arms == {
        BASELINE: (["hsr"], 1),
        "incentives": (["hsr", "incentives"], 1),
        "hsr": ([], -1),
        "hardware": (["hsr", "park-expansion", "suppliers"], 1),
        TOGETHER: (["hsr", "incentives", "park-expansion", "suppliers"], 1),
    }


def test_one_addition_needs_no_arm_of_all_together(toy: Spec) -> None:
    assert list(told(plan_arms(toy, with_=["incentives"]))) == [BASELINE, "incentives"]


@pytest.mark.parametrize(
    ("named", "words"),
    [
        (
            {"with_": ["incentive"]},
            "--with: there is no policy 'incentive' in the scenario (did you mean 'incentives'?)",
        ),
        ({"without": ["hrs"]}, "--without: there is no policy 'hrs' in the scenario (did you mean 'hsr'?)"),
        ({"packages": ["sofd"]}, "--package: there is no package 'sofd' in the scenario (did you mean 'soft'?)"),
        ({"with_": ["hsr"]}, "--with: policy 'hsr' is on in the scenario as written (leave it out)"),
        ({"without": ["approvals"]}, "--without: policy 'approvals' is off in the scenario as written (leave it out)"),
        ({"packages": ["zzz"]}, "the scenario has: hardware, soft"),
    ],
)
def test_a_wrong_name_says_what_is_wrong(toy: Spec, named: dict[str, list[str]], words: str) -> None:
    with pytest.raises(SpecError) as raised:
        plan_arms(toy, **named)
    assert words in str(raised.value)


def test_all_wrong_names_come_at_once(toy: Spec) -> None:
    with pytest.raises(SpecError) as raised:
        plan_arms(toy, with_=["a", "b"], packages=["c"])
    assert len(raised.value.problems) == 3


# ---------------------------------------------------------------- pairing


def test_any_executor_gives_the_same_bits(small: Spec, of_incentives: Comparison) -> None:
    ticks = []
    with ThreadPoolExecutor(2) as pool:
        found = compare(small, with_=["incentives"], replicates=3, executor=pool, tick=lambda: ticks.append(1))
    assert bits(found) == bits(of_incentives)
    assert len(ticks) == 3


def test_more_replicates_leave_the_first_ones_as_they_were(small: Spec, of_incentives: Comparison) -> None:
    few = compare(small, with_=["incentives"], replicates=2)
    np.testing.assert_array_equal(of_incentives.amounts[:2], few.amounts)


def test_an_arm_does_not_depend_on_the_other_arms(small: Spec) -> None:
    others = {"with_": ["campaign", "approvals", "push"], "without": ["hsr"], "packages": ["hardware"]}
    alone, among = compare(small, with_=["approvals"], replicates=2), compare(small, replicates=2, **others)
    at = [arm.name for arm in among.arms].index("approvals")
    np.testing.assert_array_equal(among.amounts[:, [0, at]], alone.amounts)


def test_arms_that_part_late_have_the_bits_of_runs_of_their_own(small: Spec) -> None:
    dated = small
    for name, quarters in (("approvals", 2), ("incentives", 9), ("hsr", 5)):
        dated = with_policy(dated, name, changed(small.policies[name], start=small.scenario.start + quarters))
    named = ["approvals", "incentives", "park-expansion", "supply"]
    arms = plan_arms(dated, with_=named, without=["hsr"], packages=["soft"])
    foundation = lay_foundation(realised(dated, 2), replicate=2)
    for arm, found in zip(arms, play(dated, arms, replicate=2), strict=True):
        alone = outcome(played(foundation, arm.on))
        for name in ("flow", "treasury", "at_risk"):
            np.testing.assert_array_equal(getattr(found, name), getattr(alone, name), err_msg=arm.name)


def test_a_policy_of_no_intensity_has_no_effect_at_all(small: Spec) -> None:
    inert = with_policy(small, "incentives", changed(small.policies["incentives"], intensity=0.0))
    effects = compare(inert, with_=["incentives"], replicates=3).effects
    assert (effects[["mean", "low", "high", "simulation_error"]] == 0).all(axis=None)


@pytest.mark.slow
def test_common_random_numbers_take_most_of_the_noise_from_an_effect(toy: Spec) -> None:
    """Against arms with seeds of their own; inputs at their central values."""
    spec = with_scenario(toy, firms=600, end=toy.scenario.start + 15)
    arms = plan_arms(toy, with_=["incentives"])
    beta = sorted(spec.world.places).index("beta")

    def intended(on: frozenset[str], replicate: int) -> float:
        projects = played(lay_foundation(spec, replicate=replicate), on).projects
        return float(projects.investment[projects.place == beta].sum())

    without, with_ = ([intended(arm.on, replicate) for replicate in range(16)] for arm in arms)
    paired, independent = np.subtract(with_, without), np.subtract(np.roll(with_, 1), without)
    assert paired.mean() > 0
    assert paired.var(ddof=1) < 0.3 * independent.var(ddof=1)


def test_a_replicate_draws_every_ranged_input_once_for_all_arms(small: Spec) -> None:
    one, again, other = realised(small, 1), realised(small, 1), realised(small, 2)
    assert one.world == again.world
    assert one.world.parameters.sensitivity != other.world.parameters.sensitivity
    entry = small.register.inputs["parameters.sensitivity"]
    assert entry.low <= one.world.parameters.sensitivity <= entry.high
    assert one.world.parameters.small_below == small.world.parameters.small_below


# ---------------------------------------------------------------- tables


def test_effects_are_differences_of_arms_of_one_replicate(compared: Comparison) -> None:
    table = compared.effects.set_index(["arm", "measure", "quantity"])
    beta, stage = compared.city, compared.stage
    for at, arm in enumerate(compared.arms[1:], start=1):
        amount, base = (compared.amounts[:, a, 1, stage, beta] for a in (at, 0))
        found = table.loc[(arm.name, "investment", "amount")]
        assert found["mean"] == pytest.approx(arm.sign * (amount - base).mean(), abs=1e-12)
        with_, without = (amount, base) if arm.sign > 0 else (base, amount)
        share = but_for_share(with_, without)
        expected = np.mean(share[np.isfinite(share)]) if np.isfinite(share).any() else np.nan
        assert table.loc[(arm.name, "investment", "but_for_share")]["mean"] == pytest.approx(expected, nan_ok=True)
        money = arm.sign * (compared.treasury[:, at, beta] - compared.treasury[:, 0, beta])
        assert table.loc[(arm.name, "money", "treasury")]["mean"] == pytest.approx(money.mean())


def test_the_timeline_ends_in_the_capture_rate(compared: Comparison) -> None:
    last = compared.over_time[:, :, -1]
    np.testing.assert_allclose(last, compared.rates[:, :, 1, compared.stage], rtol=1e-9)
    table = compared.timeline
    assert set(table["place"]) == {"beta", "delta", "gamma"}
    assert len(table) == len(compared.arms) * 3 * compared.spec.scenario.quarters


def test_tables_have_one_row_for_each_of_what_they_tell(compared: Comparison) -> None:
    assert not compared.capture.duplicated(["arm", "place", "measure", "quantity"]).any()
    assert not compared.effects.duplicated(["arm", "measure", "quantity"]).any()
    assert len(compared.by_replicate) == 3 * len(compared.arms) * 3
    assert not compared.by_replicate.isna().all(axis=None)


def test_a_run_of_a_replicate_is_its_arm_in_a_comparison(small: Spec, compared: Comparison) -> None:
    one = run(small, replicate=2)
    np.testing.assert_array_equal(one.outcome.flow.sum(axis=2), compared.amounts[2, 0])
    beta = one.capture.query("place == 'beta' and measure == 'jobs' and stage == 'signed'")
    assert beta["capture_rate"].item() == compared.rates[2, 0, 2, 1, compared.city]


def test_only_firms_of_studied_origins_count_in_capture(small: Spec) -> None:
    one = run(small)
    projects, setting = one.model.projects, one.model.setting
    studied = setting.places.from_studied(projects.origin)
    assert not studied.all()
    intended = one.capture.query("measure == 'projects' and stage == 'intention'")["amount"].sum()
    assert intended == pytest.approx(projects.firms[studied].sum())


def test_projects_are_told_by_name(small: Spec) -> None:
    table, model = run(small).projects, run(small).model
    assert len(table) == len(model.projects)
    of_firms = table["kind"] != "state"
    assert set(table["origin"][of_firms]) == {"alpha", "inland"}
    assert table["origin"][~of_firms].isna().all()
    assert set(table["kind"]) == {"branch", "move", "entry", "state"}
    assert table["intention_at"].astype(str).between("2008-Q1", "2010-Q4").all()
    fell = table["fell"].astype(str) != ""
    assert fell.sum() == (model.projects.fell >= 0).sum()
    assert not (fell & (table["stage"] == "producing")).any()
