"""What the panels of "Why" play: the figures of the commands, verdicts that follow them, firms as they weighed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from runs import with_scenario

import relocsim
from relocsim.answers.switching import switchers, switchers_between
from relocsim.answers.targets_met import AS_WRITTEN, Target, chances_between, chances_of
from relocsim.app.charts.chances import chances
from relocsim.app.charts.firm import best_places, choice
from relocsim.app.why.effects import flip_title, input_words
from relocsim.app.why.handed_out import HandedOut, StoppedError
from relocsim.app.why.swings_told import first_families, labels_of, swing_rows, swings_drawn, swings_title
from relocsim.app.why.switchers_told import CAUSE_WORDS, cause_rows, source_rows, sum_rows
from relocsim.batch.between import WHATIF, Pair, effect_of, effects_between, matched, verdict
from relocsim.language import words_in
from relocsim.metrics.effects import Estimate, estimate
from relocsim.phases.cost import COMPONENTS
from relocsim.report.charts.sources import stages_of
from relocsim.report.firms_told import PART_WORDS, firm_words
from relocsim.report.funnels import funnel_over_replicates, stage_table
from relocsim.report.tracing import PARTS, trace_firm
from relocsim.sensitivity.drawn import mean_quantiles
from relocsim.sensitivity.families import families
from relocsim.sensitivity.swinging import swing_table, swings_one_at_a_time
from relocsim.spec import Spec
from relocsim.whatif.naming import entry_name, grade_words

TOY = "tests/toy/toy.yaml"
BOTH = [words_in("en"), words_in("zh")]


@pytest.fixture(scope="module")
def spec() -> Spec:
    return relocsim.load(TOY, settings=["scenario.firms=200", "scenario.end=2011-Q3", "scenario.study.stage=signed"])


@pytest.fixture(scope="module")
def pair(spec: Spec) -> Pair:
    return Pair(spec, spec.with_policies(spec.on | {"incentives"}))


# ---------------------------------------------------------------- two specifications


def test_two_specifications_give_the_figures_of_a_comparison(spec: Spec, pair: Pair) -> None:
    found = effects_between({"a": pair, "again": pair}, replicates=2)
    usual = relocsim.compare(spec, with_=["incentives"], replicates=2)
    for name in ("a", "again"):
        assert np.array_equal(found[name].amounts, usual.amounts)
        assert np.array_equal(found[name].treasury, usual.treasury)
    mine, theirs = effect_of(found["a"]), usual.effects
    row = theirs[(theirs["quantity"] == "capture_rate") & (theirs["measure"] == "investment")].iloc[0]
    assert (mine.mean, mine.low, mine.high) == (row["mean"], row["low"], row["high"])
    assert [arm.name for arm in found["a"].arms] == ["baseline", WHATIF]


def test_rivals_that_match_pursue_what_is_changed_and_nothing_else(pair: Pair) -> None:
    found = matched(pair.baseline, pair.whatif, ["gamma", "delta"])
    added = {name: policy for name, policy in found.policies.items() if name not in pair.whatif.policies}
    assert list(added) == ["incentives in rivals"]
    (policy,) = added.values()
    assert policy.cities() == ("gamma", "delta")
    assert policy.on
    assert replace(found, policies={}) == replace(pair.whatif, policies={})
    assert matched(pair.baseline, pair.baseline, ["gamma"]).policies == pair.baseline.policies


def test_rivals_that_match_take_part_of_the_gain(pair: Pair) -> None:
    strong = pair.whatif.policies["incentives"].model_copy(update={"intensity": 5.0})
    whatif = replace(pair.whatif, policies={**pair.whatif.policies, "incentives": strong})
    pairs = {"alone": Pair(pair.baseline, whatif), "matched": Pair(pair.baseline, whatif, ("gamma", "delta", "inland"))}
    found = effects_between(pairs, replicates=2)
    assert effect_of(found["matched"]).mean < effect_of(found["alone"]).mean
    assert np.array_equal(found["matched"].amounts[:, 0], found["alone"].amounts[:, 0])


def test_a_verdict_is_the_sign_that_is_clear() -> None:
    assert [verdict(estimate(np.array(one))) for one in ([1.0, 2.0], [-1.0, -2.0], [-1.0, 2.0], [])] == [1, -1, 0, 0]


def test_switchers_between_two_specifications_are_those_of_the_policy(spec: Spec, pair: Pair) -> None:
    usual, found = switchers(spec, ["incentives"], replicates=2), switchers_between(spec, pair.whatif, replicates=2)
    pd.testing.assert_frame_equal(usual.table, found.table)
    pd.testing.assert_frame_equal(usual.flows, found.flows)
    assert usual.policies == found.policies


def test_chances_of_two_specifications_are_those_of_the_policy(spec: Spec, pair: Pair) -> None:
    target = Target("signed", 20.0)
    usual = chances_of(spec, target, policies=["incentives"], barred=True, replicates=2)
    found = chances_between({"baseline": spec, "what-if": pair.whatif}, target, replicates=2)
    assert np.array_equal(usual.values, found.values)
    assert np.array_equal(usual.costs, found.costs)
    assert usual.table["change"].tolist() == [AS_WRITTEN, "incentives"]
    drawn = chances(found.table, names={}, level=0.5, title="t", caption="c")
    assert [bar["value"] for bar in drawn.option["series"][0]["data"]] == [100 * one for one in found.table["chance"]]
    low = [item["coords"][0][0] for item in drawn.option["series"][1]["data"]]
    assert low == pytest.approx([100 * one for one in found.table["chance_low"]])


# ---------------------------------------------------------------- swings


def test_swings_are_of_the_same_luck_and_none_where_an_input_does_nothing(pair: Pair) -> None:
    pair = Pair(*(with_scenario(one, end=one.scenario.end + 5) for one in (pair.baseline, pair.whatif)))
    by_label = {one.label: one for one in families(pair.whatif)}
    taken = [by_label["sensitivity"], by_label["in_place_producing"]]
    table = swings_one_at_a_time(pair, taken, replicates=1).set_index("factor")
    drawn = effects_between({"a": pair}, replicates=1)["a"]
    assert table["mean"].iloc[0] == pytest.approx(effect_of(drawn).mean)
    idle, moved = table.loc[taken[1].name], table.loc[taken[0].name]
    assert (idle["lower"], idle["upper"], idle["swing"]) == (idle["mean"], idle["mean"], 0.0)
    assert moved["swing"] != 0


def test_a_table_of_swings_has_the_student_interval_of_the_paired_difference(pair: Pair) -> None:
    found = families(pair.whatif)[:2]
    effects = np.array([[1.0, 0.0, 2.0, 1.0, 1.0], [2.0, 1.0, 5.0, 2.0, 2.0]])
    table = swing_table(effects, found)
    first = table.iloc[0]
    assert (first["factor"], first["mean"], first["lower"], first["upper"], first["swing"]) == (
        found[0].name,
        1.5,
        0.5,
        3.5,
        3.0,
    )
    assert first["swing_high"] - first["swing"] == pytest.approx(12.706 * np.sqrt(2) / np.sqrt(2), rel=1e-3)
    assert table.iloc[1][["swing", "swing_low", "swing_high"]].tolist() == [0, 0, 0]
    assert swing_table(effects[:1], found)["swing_low"].isna().all()


# ---------------------------------------------------------------- funnel


def test_the_funnel_over_replicates_is_that_of_each_run(spec: Spec) -> None:
    table, count = funnel_over_replicates(spec, replicates=2)
    city = spec.scenario.study.city
    each = []
    for replicate in range(2):
        projects = relocsim.run(spec, replicate=replicate).projects
        each.append(stages_of(projects[projects["place"].astype(str) == city]))
    assert count == 2
    np.testing.assert_allclose(table["mean"], np.mean([one["mean"] for one in each], axis=0))
    np.testing.assert_allclose(table["low"], np.min([one["mean"] for one in each], axis=0))
    np.testing.assert_allclose(table["of_signed_high"], np.max([one["of_signed"] for one in each], axis=0))


def test_a_share_of_nothing_signed_is_left_out() -> None:
    table = stage_table(np.array([[4.0, 2.0, 1.0, 1.0, 1.0], [3.0, 0.0, 0.0, 0.0, 0.0]])).set_index("stage")
    assert table.loc["producing", ["mean", "of_signed", "of_signed_low"]].tolist() == [0.5, 0.5, 0.5]


# ---------------------------------------------------------------- a firm


@pytest.fixture(scope="module")
def traced(spec: Spec):
    return trace_firm(spec, int(relocsim.run(spec).projects["firm"].iloc[0]))


@pytest.mark.parametrize("words", BOTH, ids=["en", "zh"])
def test_a_choice_is_drawn_as_the_firm_weighed_it(spec: Spec, traced, words) -> None:
    drawn = choice(spec, traced.review, words)
    rows = best_places(traced.review, spec.scenario.study.city)
    stacks = {one["name"]: one for one in drawn.option["series"] if one["type"] == "bar"}
    assert list(stacks) == [words(text) for text in PART_WORDS.values()]
    for part in PARTS:
        assert [item["value"] for item in stacks[words(PART_WORDS[part])]["data"]] == rows[part].tolist()
    dots = drawn.option["series"][-1]
    assert [item["value"][0] for item in dots["data"]] == rows["value"].tolist()
    best = traced.review.outside[traced.review.outside["open"]]["value"].max()
    assert dots["markLine"]["data"] == [{"xAxis": best}]
    filled = [item["symbol"] == "diamond" for item in dots["data"]]
    assert filled == rows["wanted"].tolist() == (rows["value"] > best).tolist()
    assert drawn.title in " ".join(firm_words(spec, traced, words))


# ---------------------------------------------------------------- words


def test_words_of_parts_are_those_of_the_trace() -> None:
    assert list(PART_WORDS) == list(PARTS)


@pytest.mark.parametrize("words", BOTH, ids=["en", "zh"])
def test_the_advice_follows_the_signs_before_and_after(words) -> None:
    gain, loss, open_ = (estimate(np.array(one)) for one in ([0.1, 0.2], [-0.2, -0.1], [-0.1, 0.1]))
    told = [
        flip_title(one, two, words)
        for one, two in ((gain, gain), (gain, loss), (gain, open_), (open_, gain), (open_, open_))
    ]
    heads = {
        "en": [
            "The advice stands",
            "The advice flips",
            "The advice is no longer clear",
            "Only with",
            "No advice before, and none after",
        ],
        "zh": ["建议仍成立", "建议反转", "建议不再明确", "只有改动", "改动前后均无"],
    }
    assert all(one.startswith(head) for one, head in zip(told, heads[words.code], strict=True))
    assert "+15" in told[0]


@pytest.mark.parametrize("words", BOTH, ids=["en", "zh"])
def test_inputs_are_named_and_their_changes_told(spec: Spec, words) -> None:
    entry = spec.register.inputs["parameters.sensitivity"]
    told, source = input_words(entry, spec, words)
    assert told.startswith(entry_name(entry.path, spec, words))
    assert grade_words(entry.grade, words) in told
    assert entry.source in source
    changed = relocsim.load(TOY, settings=["parameters.sensitivity=0.5", "places.beta.wage=20000"])
    assert entry_name(entry.path, changed, words) == entry_name(entry.path, spec, words)
    assert words.name(spec.world.places["beta"]) in entry_name("places.beta.wage", changed, words)


@pytest.mark.parametrize("words", BOTH, ids=["en", "zh"])
def test_swings_are_told_with_what_turns_the_sign(pair: Pair, words) -> None:
    found = first_families(pair, None)[:2]
    effects = np.array([[0.01, 0.0101, 0.0102, -0.02, 0.05], [0.01, 0.01, 0.01, -0.02, 0.05]])
    table, labels = swing_table(effects, found), labels_of(found, pair.whatif, words)
    drawn = swings_drawn(pair.whatif, table, labels, words)
    assert drawn.title == swings_title(table, labels, words)
    assert labels[found[1].name] in drawn.title
    assert {"en": "the sign turns with", "zh": "可使效果变号"}[words.code] in drawn.title
    assert drawn.option["series"][0]["data"][0]["value"] == pytest.approx(-2.0)
    assert len(swing_rows(table, found, labels, words)) == 2
    unsure = swing_table(effects[:1], found)
    assert {"en": "No single input", "zh": "没有哪项"}[words.code] in swings_title(unsure, labels, words)


def test_families_come_in_the_order_of_what_is_changed_or_of_what_the_effect_goes_with(pair: Pair) -> None:
    first = first_families(pair, None)
    assert {one.name for one in first} == {one.name for one in families(pair.whatif)}
    wanted = first[7]
    drawn = mean_quantiles(pair.whatif, [wanted], 8)[:, 0]
    assert first_families(pair, drawn)[0].name == wanted.name


@pytest.fixture(scope="module")
def moved(spec: Spec, pair: Pair):
    strong = pair.whatif.policies["incentives"].model_copy(update={"intensity": 4.0})
    whatif = replace(pair.whatif, policies={**pair.whatif.policies, "incentives": strong})
    return switchers_between(spec, whatif, replicates=2)


@pytest.mark.parametrize("words", BOTH, ids=["en", "zh"])
def test_switchers_are_told_with_the_figures_of_their_tables(moved, words) -> None:
    found = moved
    row = found.sums.set_index(["quantity", "unit"]).loc[("gained", "1e8 yuan")]
    gained = Estimate(**row.to_dict())
    assert sum_rows(found, words)[1][2] == words.span(gained)
    assert len(source_rows(found, words)) > 0
    assert len(cause_rows(found, words)) > 0
    assert set(found.by_cause["cause"]) <= {*CAUSE_WORDS, *COMPONENTS}


# ---------------------------------------------------------------- stops


def test_what_is_stopped_leaves_what_is_in() -> None:
    stopped = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        handed = HandedOut(pool, stopped, ahead=2, nothing="nothing is in")
        assert list(handed.map(abs, [-1, -2, -3])) == [1, 2, 3]
        found = []
        for one in handed.map(lambda at: at if at < 2 else stopped.wait(5), range(9)):
            found.append(one)
            if one == 1:
                stopped.set()
        assert found[:2] == [0, 1]
        assert len(found) <= 4
        with pytest.raises(StoppedError, match="nothing is in"):
            list(handed.map(abs, [-1]))


def test_an_error_in_a_replicate_comes_out() -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(ZeroDivisionError):
        list(HandedOut(pool, threading.Event(), ahead=2, nothing="").map(lambda one: 1 // one, [1, 0]))
