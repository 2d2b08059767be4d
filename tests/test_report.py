"""Sentences, tables and files of results: words follow the numbers, files come whole or not at all."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import relocsim
from relocsim.errors import OutputExistsError
from relocsim.metrics.effects import Estimate, estimate
from relocsim.report import asking, tables
from relocsim.report.charts.effects import effects_title
from relocsim.report.effects import Effect, effects_of, title_of
from relocsim.report.sentences import effect_sentence, replicates_sentence, verdict
from relocsim.report.wording import decimals, listed, money, money_span, percent, plain, signed, span
from relocsim.report.writing import OutputError, results_folder, write_manifest, write_table

TOY = "tests/toy/toy.yaml"
QUICK = ["scenario.firms=300", "scenario.end=2010-Q4"]


def figure(mean: float, low: float, high: float, *, replicates: int = 40) -> Estimate:
    coverage = min(0.95, (replicates - 1) / (replicates + 1))
    return Estimate(
        mean, low, high, coverage, abs(high - low) / 10, replicates, replicates if low > 0 else replicates // 2
    )


def effect(mean: float, low: float, high: float, *, replicates: int = 40, **changed) -> Effect:
    """Return an effect whose rate, amounts and but-for share go together."""
    rate = figure(mean, low, high, replicates=replicates)
    given = {
        "arm": "parks", "title": "Park expansion", "in_baseline": False, "start": None, "rate": rate,
        "investment": figure(1000 * mean, 1000 * low, 1000 * high), "jobs": figure(1e6 * mean, 1e6 * low, 1e6 * high),
        "but_for": figure(mean, low, high), "treasury": figure(-25, -27, -24),
    }  # fmt: skip
    return Effect(**{**given, **changed})


# --- numbers ---


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.0421, "0.042"), (0.42, "0.42"), (4.2, "4.20"), (42.4, "42.4"), (4242.0, "4,242"), (np.nan, "-")],
)
def test_plain_numbers_show_two_or_three_digits(value, text):
    assert plain(value) == text


def test_signs_stand_only_where_there_is_one_to_see():
    assert signed(0.42) == "+0.42"
    assert signed(-0.42) == "-0.42"
    assert signed(-0.0004, 2) == "0.00"
    assert signed(0.0) == "0"


def test_money_is_in_words():
    assert money(27.2) == "2.72 billion yuan"
    assert money(-3) == "300 million yuan"
    assert money_span(figure(12, 3, 25)) == "1.20 (0.30 to 2.50) billion yuan"
    assert money_span(figure(3, 3, 3)) == "300 million yuan"


def test_shares_spans_and_lists():
    assert percent(0.314) == "31 %"
    assert percent(np.nan) == "-"
    assert span(figure(0.0042, 0.001, 0.008), 100) == "+0.42 (+0.10 to +0.80)"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed([]) == ""
    assert decimals() == 0


# --- sentences ---


def test_a_clear_effect_is_told_in_points_yuan_jobs_and_but_for():
    words = effect_sentence(effect(0.0042, 0.001, 0.008), "Beta")
    assert "Park expansion raises Beta's capture rate by 0.42 (0.10 to 0.80) percentage points (95 % interval)" in words
    assert "420 (100 to 800) million yuan more" in words
    assert "4,200 (1,000 to 8,000) more" in words
    assert "would not have come otherwise" in words
    assert "Beta's treasury ends 2.50 (2.40 to 2.70) billion yuan worse off" in words


def test_a_harm_is_told_as_one():
    words = effect_sentence(effect(-0.0042, -0.008, -0.001), "Beta")
    assert "lowers Beta's capture rate by 0.42 (0.10 to 0.80) percentage points" in words
    assert "less" in words
    assert "would not have come otherwise" not in words


def test_few_replicates_only_seem():
    few = effect(0.0042, 0.001, 0.008, replicates=9)
    assert verdict(few) == "seems to raise"
    assert "range of 9 replicates, expected to cover 80 %" in effect_sentence(few, "Beta")


def test_a_policy_of_the_baseline_is_named_so():
    assert "(in force in the baseline) raises" in effect_sentence(effect(0.01, 0.005, 0.02, in_baseline=True), "Beta")


def test_what_changes_nothing_is_told_so():
    words = effect_sentence(effect(0.0, 0.0, 0.0, treasury=figure(0, 0, 0)), "Beta")
    assert words == "Park expansion: in none of 40 replicates does it change Beta's capture rate."


def test_jobs_of_unclear_sign_are_not_told_as_more():
    words = effect_sentence(effect(0.0042, 0.001, 0.008, jobs=figure(50, -100, 200)), "Beta")
    assert "in jobs not clear in sign" in words


def test_a_treasury_that_crosses_zero_is_not_told_as_a_gain():
    words = effect_sentence(effect(0.0042, 0.001, 0.008, treasury=figure(3, -1, 8)), "Beta")
    assert "Whether it pays for Beta's treasury within the period cannot be told." in words


def test_an_end_that_is_zero_but_for_rounding_touches_zero():
    rate = estimate(np.arange(39.0) / 1000)
    assert verdict(effect(0, 0, 0, rate=rate)) == "not clear"


@given(
    low=st.floats(-1, 0), high=st.floats(0, 1), at=st.floats(0, 1), replicates=st.integers(1, 200), base=st.booleans()
)
def test_an_interval_that_crosses_or_touches_zero_is_never_called_an_effect(low, high, at, replicates, base):
    found = effect(low + at * (high - low), low, high, replicates=replicates, in_baseline=base)
    words = effect_sentence(found, "Beta") + effects_title([found], "Beta")
    for claim in ("raise", "lower", "effect", "bring", "more investment"):
        assert claim not in words


def test_titles_of_effects_follow_the_numbers():
    clear, harm = effect(0.01, 0.005, 0.02), effect(-0.01, -0.02, -0.005, title="Transport link")
    unclear, none = effect(0.01, -0.005, 0.02, title="Incentive package"), effect(0, 0, 0, title="Suppliers")
    assert effects_title([clear], "Beta") == "Park expansion raises Beta's capture rate"
    assert effects_title([clear, harm, unclear, none], "Beta") == (
        "Park expansion raises Beta's capture rate; transport link lowers Beta's capture rate; whether incentive package "
        "changes it cannot be told; suppliers changes nothing"
    )
    assert effects_title([unclear] * 5, "Beta") == (
        "Whether incentive package, incentive package and 3 others change Beta's capture rate cannot be told"
    )


# --- tables ---


@pytest.fixture(scope="module")
def played():
    return relocsim.run(TOY, settings=QUICK)


def test_capture_by_place_leaves_origins_out_and_its_rates_add_up(played):
    table = tables.capture_by_place(played)
    assert set(table["place"]) == {"beta", "gamma", "delta"}
    assert table["capture_rate"].sum() == pytest.approx(1)
    assert table["capture_rate"].is_monotonic_decreasing


def test_flows_add_up_to_what_places_took(played):
    flows = tables.flows(played)
    table = tables.capture_by_place(played).set_index("place")
    taken = flows.groupby("place")["investment"].sum()
    for place, amount in taken.items():
        assert amount == pytest.approx(table.loc[place, "investment"])


def test_the_city_and_its_corridor_are_always_shown(played):
    ranked = pd.DataFrame({"rank": range(1, 4), "place": ["gamma", "delta", "beta"]})
    assert tables.chosen_places(ranked, played.spec, top=1)["place"].tolist() == ["gamma", "delta", "beta"]


def test_effects_are_those_of_the_comparison_all_together_last(compared):
    found = effects_of(compared)
    assert [one.arm for one in found][-1] == "all together"
    assert {one.arm for one in found} == {arm.name for arm in compared.arms[1:]}
    rows = compared.effects.set_index(["arm", "measure", "quantity"])
    for one in found:
        assert one.rate.mean == rows.loc[(one.arm, "investment", "capture_rate"), "mean"]
        assert one.treasury.low == rows.loc[(one.arm, "money", "treasury"), "low"]
    assert {one.arm for one in found if one.in_baseline} == {"hsr"}


def test_arms_have_titles(compared):
    assert title_of(compared.spec, "park-expansion") == "Park expansion"
    assert title_of(compared.spec, "soft") == "Package soft"
    assert title_of(compared.spec, "all together") == "All together"


def test_replicates_are_told_with_what_an_interval_covers(compared):
    assert "expected to cover a further one with 50 %; 39 or more give 95 %" in replicates_sentence(compared)


def test_workers_do_not_change_a_bit(compared):
    again = relocsim.compare(TOY, settings=QUICK, replicates=3, jobs=2, with_=["approvals"])
    at = [arm.name for arm in compared.arms].index("approvals")
    for name in ("amounts", "over_time", "treasury"):
        assert getattr(again, name).tobytes() == getattr(compared, name)[:, [0, at]].tobytes(), name
    assert again.at_risk.tobytes() == compared.at_risk.tobytes()


def test_a_specification_is_as_good_as_its_path():
    spec = relocsim.load(TOY, settings=QUICK)
    assert asking.specification(spec) is spec
    assert asking.specification(spec, seed=9).digest == relocsim.load(TOY, settings=[*QUICK, "scenario.seed=9"]).digest


# --- files ---

KIND = {"kind": "test", "seed": 1}


def fill(target, text, identity=KIND, **options):
    with results_folder(target, identity, **options) as folder:
        write_table(folder, "table", pd.DataFrame({"text": [text]}))
        write_manifest(folder, identity, {})


def test_a_folder_is_written_whole_with_its_parents(tmp_path):
    fill(tmp_path / "deep" / "a", "x")
    assert {path.name for path in (tmp_path / "deep" / "a").iterdir()} == {
        "table.csv",
        "table.parquet",
        "manifest.json",
    }
    assert len(list((tmp_path / "deep").iterdir())) == 1


def stop_halfway(target):
    with results_folder(target, KIND) as folder:
        (folder / "half").write_text("half")
        raise RuntimeError("stop")


def test_failing_in_the_middle_leaves_what_was_there(tmp_path):
    fill(tmp_path / "a", "x")
    before = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    with pytest.raises(RuntimeError, match="stop"):
        stop_halfway(tmp_path / "a")
    assert {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_another_run_is_refused_before_any_work(tmp_path):
    fill(tmp_path / "a", "x")
    with pytest.raises(OutputExistsError, match="seed 1, not 2"):
        fill(tmp_path / "a", "y", {**KIND, "seed": 2})
    fill(tmp_path / "a", "y", {**KIND, "seed": 2}, force=True)
    assert pd.read_csv(tmp_path / "a" / "table.csv")["text"].tolist() == ["y"]


def test_a_broken_manifest_is_not_trusted(tmp_path):
    fill(tmp_path / "a", "x")
    (tmp_path / "a" / "manifest.json").write_text("{")
    with pytest.raises(OutputExistsError, match="no finished run"):
        fill(tmp_path / "a", "y", force=True)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        fill(tmp_path / "file" / "a", "x")


def test_manifests_hold_sums_of_every_file(tmp_path):
    fill(tmp_path / "a", "x")
    held = json.loads((tmp_path / "a" / "manifest.json").read_text())
    assert set(held["files"]) == {"table.csv", "table.parquet"}
    assert all(len(total) == 64 for total in held["files"].values())
    assert set(held["versions"]) >= {"python", "numpy", "mesa"}
