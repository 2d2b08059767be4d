"""What a comparison keeps beside its effects: the same figures as the answers that play for themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from runs import changed, with_policy, with_scenario
from scipy import stats
from toy import SCENARIO

from relocsim.answers.costing import fiscal
from relocsim.answers.landing import corridor_home
from relocsim.answers.switching import Switchers, switchers
from relocsim.answers.telling import TELLING, WINDFALL, tables_told
from relocsim.batch.comparing import Comparison, compare
from relocsim.batch.running import run
from relocsim.report.charts.comparison import hours_of
from relocsim.report.charts.sources import stages_of, stages_told
from relocsim.report.looking import studied_origins
from relocsim.report.tables import flows
from relocsim.sensitivity.drawn import correlated, drawn_with, holm, rank_correlation
from relocsim.sensitivity.families import families
from relocsim.spec import Spec, load

REPLICATES = 2


@pytest.fixture(scope="module")
def small(toy: Spec) -> Spec:
    study = toy.scenario.study.model_copy(update={"stage": "signed"})
    given = toy.policies["incentives"]
    generous = changed(given, capital_subsidy=0.8, tax_holiday=1.0, start=toy.scenario.start)
    return with_policy(with_scenario(toy, firms=200, study=study, end=toy.scenario.start + 11), "incentives", generous)


@pytest.fixture(scope="module")
def told(small: Spec) -> Comparison:
    return compare(small, with_=["incentives"], without=["hsr"], replicates=REPLICATES, beside=TELLING)


@pytest.fixture(scope="module")
def played(small: Spec) -> Switchers:
    return switchers(small, ["incentives"], replicates=REPLICATES)


def test_what_is_kept_changes_no_effect(small: Spec, told: Comparison) -> None:
    plain = compare(small, with_=["incentives"], without=["hsr"], replicates=REPLICATES)
    pd.testing.assert_frame_equal(plain.effects, told.effects)
    assert tables_told(plain) == {}


def of(table: pd.DataFrame, **at: str) -> pd.DataFrame:
    for column, value in at.items():
        table = table[table[column] == value]
    return table


def test_sources_are_those_of_the_switchers(told: Comparison, played: Switchers) -> None:
    sources = tables_told(told)["sources"]
    theirs = played.by_source
    assert len(theirs) > 3
    for _, row in theirs.iterrows():
        (mine,) = of(sources, arm="incentives", change=row["change"], source=row["source"], measure=row["measure"])[
            "mean"
        ]
        assert mine == pytest.approx(row["mean"], rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("arm", ["incentives", "hsr"])
def test_gained_less_lost_is_the_paired_effect(told: Comparison, arm: str) -> None:
    sources = of(tables_told(told)["sources"], arm=arm, source="all", measure="investment").set_index("change")["mean"]
    (effect,) = of(told.effects, arm=arm, measure="investment", quantity="amount")["mean"]
    assert sources["gained"] - sources["lost"] == pytest.approx(effect, abs=1e-6)


def test_windfall_is_that_of_the_switchers(told: Comparison, played: Switchers) -> None:
    sums = played.sums.set_index("quantity")["mean"]
    mine = of(tables_told(told)["windfall"], arm="incentives").set_index("quantity")["mean"]
    assert mine[WINDFALL] > 0
    for quantity in mine.index:
        assert mine[quantity] == pytest.approx(sums[quantity], rel=1e-6, abs=1e-9)


def test_accounts_are_those_of_the_fiscal_answer(small: Spec, told: Comparison) -> None:
    theirs = fiscal(small, with_=["incentives"], without=["hsr"], replicates=REPLICATES).table
    pd.testing.assert_frame_equal(tables_told(told)["fiscal"], theirs)


def test_yardsticks_have_levels_of_all_arms_and_effects_of_all_but_the_first(told: Comparison) -> None:
    table = tables_told(told)["yardsticks"]
    assert set(of(table, kind="level")["arm"]) == {"baseline", "incentives", "hsr"}
    assert set(of(table, kind="effect")["arm"]) == {"incentives", "hsr"}
    level = of(table, kind="level", yardstick="signed").set_index("arm")["mean"]
    effect = of(table, kind="effect", yardstick="signed").set_index("arm")["mean"]
    assert effect["incentives"] == pytest.approx(level["incentives"] - level["baseline"])
    assert effect["hsr"] == pytest.approx(level["baseline"] - level["hsr"])


def test_funnel_flows_and_hours_are_those_of_the_runs(small: Spec, told: Comparison) -> None:
    tables = tables_told(told)
    runs = [run(small, replicate=replicate) for replicate in range(REPLICATES)]
    mine = [stages_of(one.projects[one.projects["place"].astype(str) == "beta"]).set_index("stage") for one in runs]
    stages = stages_told(tables["funnel"]).set_index("stage")
    assert stages["mean"].to_numpy() == pytest.approx(np.mean([one["mean"] for one in mine], axis=0))
    assert stages["of_signed"].to_numpy() == pytest.approx(np.nanmean([one["of_signed"] for one in mine], axis=0))
    assert (stages["low"] < stages["high"]).any()
    outside = [one[~one["place"].isin(studied_origins(small))] for one in map(flows, runs)]
    sums = pd.concat(outside).groupby(["origin", "place"])["investment"].sum() / REPLICATES
    kept = of_places(tables["flows"])
    assert len(kept) == 3
    assert kept.sort_index().to_numpy() == pytest.approx(sums[sums > 0].sort_index().to_numpy())
    assert of(tables["flows"], origin="all")["mean"].iloc[0] == pytest.approx(sums.sum())
    hours = np.mean([list(hours_of(one, corridor_home(small)).values()) for one in runs], axis=0)
    assert tables["hours"]["mean"].to_numpy() == pytest.approx(hours)


def of_places(table: pd.DataFrame) -> pd.Series:
    """Return mean flows by origin and place."""
    return table[table["origin"] != "all"].set_index(["origin", "place"])["mean"]


def test_rank_correlations_are_spearman_s() -> None:
    one, others = np.array([3.0, 1.0, 2.0, 2.0, 9.0]), np.array([[1.0, 5], [2, 5], [3, 5], [0, 5], [9, 5]])
    assert rank_correlation(one, others)[0] == pytest.approx(stats.spearmanr(one, others[:, 0]).statistic)
    assert rank_correlation(one, others)[1] == 0


def test_chances_count_all_that_was_looked_at() -> None:
    np.testing.assert_allclose(holm(np.array([0.01, 0.04, 0.03])), [0.03, 0.06, 0.06])


def test_what_drives_an_effect_stands_out(toy: Spec) -> None:
    found = families(toy)
    grid = np.linspace(0, 1, 40)
    drawn = np.stack(
        [np.roll(grid, 7 * at) if at % 2 else np.roll(grid[::-1], 5 * at) for at in range(len(found))], axis=1
    )
    table = correlated(np.exp(drawn[:, 3]), drawn, found)
    assert table["factor"].iloc[0] == found[3].name
    assert table["rho"].iloc[0] == pytest.approx(1.0)
    assert table["p_family"].iloc[0] < 0.001
    assert correlated(np.ones(40), drawn, found).empty


def test_two_replicates_tell_no_correlation(told: Comparison) -> None:
    assert drawn_with(told).empty


def test_words_to_readers_change_no_digest_and_are_not_inherited(tmp_path) -> None:
    toy_path = SCENARIO.resolve()
    named = tmp_path / "named.yaml"
    named.write_text(
        f"format: 1\nkind: scenario\nextends: {toy_path}\nscenario:\n  name_zh: 玩具\n  question_zh: 如何？\n", "utf-8"
    )
    variant = tmp_path / "variant.yaml"
    variant.write_text("format: 1\nkind: scenario\nextends: named.yaml\nscenario:\n  name: Another\n", "utf-8")
    first, second, third = load(toy_path), load(named), load(variant)
    assert second.digest == first.digest
    assert second.scenario.name_zh == "玩具"
    assert third.scenario.name_zh == ""
    assert third.scenario.question_zh == "如何？"
