"""What an answer says: the tables of a comparison, what the parts of a what-if do, how well it is known, targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace

import numpy as np
import pytest
from runs import changed, with_policy, with_scenario

from relocsim.answers.arms import Option, read_arms
from relocsim.answers.targets_met import Target, chances_of
from relocsim.answers.telling import TELLING, tables_told
from relocsim.batch.arms import BASELINE, TOGETHER
from relocsim.batch.comparing import Comparison, compare
from relocsim.batch.pairs import half_width
from relocsim.batch.playing import outcome
from relocsim.errors import SpecError
from relocsim.metrics.effects import Estimate, estimate, paired_effect
from relocsim.spec import Spec
from relocsim.whatif.answer import Answer
from relocsim.whatif.crew import Crew
from relocsim.whatif.play import Play
from relocsim.whatif.reading import QUANTITIES

PARTS = ("approvals", "incentives")
LONG = 60.0


@pytest.fixture(scope="module")
def small(toy: Spec) -> Spec:
    early = toy
    for name, policy in toy.policies.items():
        early = with_policy(early, name, changed(policy, start=toy.scenario.start + 1))
    return with_scenario(early, firms=100, end=toy.scenario.start + 11)


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    with Crew(1) as found:
        yield found


@pytest.fixture(scope="module")
def play(crew: Crew, small: Spec) -> Play:
    what = small.variant(on=PARTS)
    found = crew.play(what, small, most=4, alone=True, left_out=True, matched_by=["gamma", "delta"])
    found.wait(timeout=LONG)
    assert found.state == "done", found.error
    return found


@pytest.fixture(scope="module")
def answer(play: Play) -> Answer:
    assert play.answer is not None
    return play.answer


@pytest.fixture(scope="module")
def compared(small: Spec) -> Comparison:
    return compare(small, with_=PARTS, replicates=4, beside=TELLING)


def row(table, **named):  # type: ignore[no-untyped-def]
    for name, value in named.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


def same(found: Estimate, expected: Estimate) -> None:
    np.testing.assert_array_equal(list(asdict(found).values()), list(asdict(expected).values()))


# ---------------------------------------------------------------- comparisons


def test_tables_are_those_of_a_comparison(answer: Answer, compared: Comparison) -> None:
    """Of the arm in which everything is on."""
    assert [arm.name for arm in answer.comparison.arms] == [BASELINE, TOGETHER]
    for name in ("capture", "effects", "timeline", "by_replicate"):
        theirs = getattr(compared, name)
        theirs = theirs[theirs["arm"].isin([BASELINE, TOGETHER])].reset_index(drop=True)
        assert getattr(answer.comparison, name).equals(theirs), name
    told, expected = tables_told(answer.comparison), tables_told(compared)
    for name in ("fiscal", "windfall", "yardsticks", "sources"):
        theirs = expected[name][expected[name]["arm"].isin([BASELINE, TOGETHER])].reset_index(drop=True)
        assert told[name].equals(theirs), name


def test_each_change_alone_is_the_comparison_of_policies(answer: Answer, compared: Comparison) -> None:
    assert answer.alone is not None
    assert answer.alone.arms == compared.arms
    assert answer.alone.effects.equals(compared.effects)
    assert answer.alone.treasury.tobytes() == compared.treasury.tobytes()


def test_what_a_change_adds_to_the_others_is_what_is_lost_without_it(answer: Answer, small: Spec) -> None:
    taken = compare(small.variant(on=PARTS), without=PARTS, replicates=4)
    assert answer.left_out is not None
    assert answer.left_out.arms == taken.arms
    assert answer.left_out.effects.equals(taken.effects)


def test_parts_say_what_each_change_does_alone_and_on_top(answer: Answer) -> None:
    assert set(answer.parts["policy"]) == set(PARTS)
    assert answer.alone is not None
    assert answer.left_out is not None
    for kind, found in (("alone", answer.alone), ("added", answer.left_out)):
        effect = row(found.effects, arm="incentives", measure="jobs", quantity="amount")
        told = row(answer.parts, policy="incentives", kind=kind, quantity="jobs")
        assert (told["mean"], told["low"], told["high"]) == (effect["mean"], effect["low"], effect["high"])
        cost = row(tables_told(found)["fiscal"], arm="incentives", quantity="cost")
        assert row(answer.parts, policy="incentives", kind=kind, quantity="cost")["mean"] == cost["mean"]


def test_rivals_match_what_cities_do(answer: Answer, small: Spec) -> None:
    """As the search for packages lets them, by options of the same policies in other cities."""
    options = tuple(Option(name, cities=("gamma", "delta")) for name in PARTS)
    sets = [small.on, small.on | set(PARTS) | {one.name for one in options}]
    alone = read_arms(small, sets, outcome, replicate=3, options=options)
    assert answer.matched is not None
    np.testing.assert_array_equal(answer.matched.amounts[3], [one.flow.sum(axis=2) for one in alone])
    assert (answer.matched.amounts != answer.comparison.amounts).any()


def test_what_matching_takes_away_is_paired(answer: Answer) -> None:
    table = answer.matching
    assert answer.matched is not None
    assert row(table, quantity="jobs", kind="planned")["mean"] == answer.effect["jobs"].mean
    at = (slice(None), 1, 2, answer.comparison.stage, answer.comparison.city)
    lost = paired_effect(answer.comparison.amounts[at], answer.matched.amounts[at])
    assert row(table, quantity="jobs", kind="lost")["mean"] == pytest.approx(lost.mean)
    assert row(table, quantity="jobs", kind="lost")["low"] == pytest.approx(lost.low)


def test_a_size_that_is_changed_has_its_own_draws_in_every_part(crew: Crew, small: Spec) -> None:
    """The land of the park has a range: the park of the baseline is drawn in the parts that keep it."""
    both = small.variant(on=["park-expansion"])
    policy = changed(both.policies["incentives"], on=True)
    what = with_policy(both, "incentives", policy)
    found = crew.play(what, small, most=1, alone=True, left_out=True)
    found.wait(timeout=LONG)
    assert found.answer is not None
    expected = compare(small, with_=["incentives", "park-expansion"], replicates=1)
    assert found.answer.alone is not None
    assert found.answer.alone.amounts.tobytes() == expected.amounts.tobytes()


# ---------------------------------------------------------------- figures


def test_figures_of_the_effect_are_those_of_the_table(answer: Answer) -> None:
    table = answer.comparison.effects
    for name, (measure, quantity) in list(QUANTITIES.items())[:3]:
        expected = row(table, measure=measure, quantity=quantity)
        assert (answer.effect[name].mean, answer.effect[name].low) == (expected["mean"], expected["low"])
    assert answer.effect["treasury"].mean == row(table, quantity="treasury")["mean"]
    assert answer.cost.mean == row(answer.fiscal, quantity="cost")["mean"] > 0


def test_a_but_for_job_has_a_cost_only_where_jobs_can_be_told(answer: Answer) -> None:
    def with_jobs(low: float, high: float, replicates: int = 4) -> Answer:
        other = replace(answer)
        jobs = Estimate((low + high) / 2, low, high, 0.6, 1.0, replicates, replicates)
        other.__dict__["effect"] = {**answer.effect, "jobs": jobs}
        cost = answer.fiscal.assign(replicates=replicates, mean=7.0)
        other.__dict__["fiscal"] = cost
        return other

    told = with_jobs(1.0, 5.0).cost_per_job
    assert told is not None
    assert told.mean == 7.0
    assert with_jobs(-1.0, 5.0).cost_per_job is None
    assert with_jobs(3.0, 3.0, replicates=1).cost_per_job is None, "one replicate tells no sign"
    partly = with_jobs(1.0, 5.0)
    partly.__dict__["fiscal"] = partly.fiscal.assign(replicates=3)
    assert partly.cost_per_job is None, "a replicate brought no job"


def test_ranks_are_those_of_capture_rates(answer: Answer) -> None:
    found = answer.comparison
    table = answer.ranks[answer.ranks["arm"] == TOGETHER].set_index("place")
    assert set(table.index) == {"beta", "delta", "gamma"}
    assert sorted(table["rank"]) == [1, 2, 3]
    rates = found.rates[:, 1, 1, found.stage]
    best = rates.mean(axis=0)[found.outside].argmax()
    assert table["rank"].idxmin() == np.array(found.place_ids)[found.outside][best]
    first = (rates[:, found.outside].argmax(axis=1) == best).mean()
    assert table["first"].max() == first
    assert (table["rank_low"] <= table["rank_high"]).all()
    assert table["first"].sum() == pytest.approx(1.0)


def test_over_time_ends_in_the_capture_rate(answer: Answer) -> None:
    table = answer.over_time()
    assert len(table) == 2 * answer.spec.scenario.quarters
    last = table.groupby("arm")["mean"].last()
    found = answer.comparison
    assert last[TOGETHER] == pytest.approx(found.rates[:, 1, 1, found.stage, found.city].mean())
    assert set(answer.over_time("delta")["place"]) == {"delta"}


def test_narrowing_is_read_off_the_first_replicates(answer: Answer) -> None:
    effect = np.diff(answer.comparison.rates[:, :2, 1, answer.comparison.stage, answer.comparison.city], axis=1)[:, 0]
    assert answer.narrowing["replicates"].tolist() == [2, 3, 4]
    assert answer.narrowing["half_width"].tolist() == [half_width(effect[:n]) for n in (2, 3, 4)]
    assert answer.half_width == answer.narrowing["half_width"].iloc[-1]
    assert not answer.precise
    assert answer.replicates_needed is not None
    assert answer.replicates_needed > 4
    wide = replace(answer, until=100.0)
    assert wide.precise
    assert (wide.wanted, wide.replicates_needed) == (100.0, 2)


def test_a_play_ends_where_it_is_precise_enough(crew: Crew, small: Spec) -> None:
    """At the first look: after ten replicates, whoever plays; it would go on for a precision that is out of reach."""
    what = small.variant(on=PARTS)
    play = crew.play(what, small, most=1000, until=1.0)
    play.wait(timeout=LONG)
    assert (play.state, play.replicates) == ("done", 10)
    never = crew.play(what, small, most=11, until=1e-12)
    never.wait(timeout=LONG)
    assert (never.state, never.replicates) == ("done", 11)


@pytest.mark.parametrize(
    "target",
    [
        Target("in place", 100.0), Target("signed", 50.0, 2009), Target("honoured rate", 0.5),
    ],
    ids=lambda target: f"{target.yardstick} {target.year}",
)  # fmt: skip
def test_chances_of_targets_are_those_of_the_question(answer: Answer, small: Spec, target: Target) -> None:
    expected = chances_of(small, target, policies=PARTS, barred=True, replicates=1).table.set_index("change")
    first = replace(answer, yearly=answer.yearly[:1])
    found = first.target(target).set_index("arm")
    for arm, change in ((BASELINE, "as written"), (TOGETHER, "all together")):
        for column in ("mean", "low", "high", "chance", "chance_low", "chance_high"):
            assert found.loc[arm, column] == pytest.approx(expected.loc[change, column]), column


def test_a_target_that_is_none_is_said(answer: Answer) -> None:
    with pytest.raises(SpecError) as raised:
        answer.target(Target("in places", 1.0, 1999))
    assert "there is no yardstick 'in places' (did you mean 'in place'?)" in str(raised.value)
    assert "1999 is outside the scenario, 2008 to 2010" in str(raised.value)


def test_the_estimates_are_those_of_every_answer(answer: Answer) -> None:
    found = answer.comparison
    change = found.treasury[:, 1, found.city] - found.treasury[:, 0, found.city]
    same(answer.effect["treasury"], estimate(change))
