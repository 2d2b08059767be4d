"""What briefings say: never more than the numbers, in either language."""

import re
from dataclasses import asdict, replace
from pathlib import Path

import pandas as pd
import pytest
from briefs import NONE, facts, made, mapped, stored, together
from hypothesis import given, settings
from hypothesis import strategies as st
from runs import examples

from relocsim.batch.observables import OBSERVABLES
from relocsim.briefing.adding import chart_title, effects_table, per_job_cell
from relocsim.briefing.adding_up import adding_up, combining_title
from relocsim.briefing.beside import Synergy
from relocsim.briefing.blocks import Bars, Box, Chart, Points, Table, Text
from relocsim.briefing.facts import Facts
from relocsim.briefing.going import flow_map
from relocsim.briefing.opening import answer, but_for_sentence, cost_sentence, question, replicates_sentence
from relocsim.briefing.overturning import correlation_sentence
from relocsim.briefing.rules import Sign, effect_sentence, sign_of, verdict
from relocsim.briefing.sources import gained_sentence, sources
from relocsim.briefing.story import tell
from relocsim.language import words_in
from relocsim.language.fields import FIELDS
from relocsim.language.units import UNITS, unit_label
from relocsim.metrics.effects import Estimate
from relocsim.report.labels import family_label
from relocsim.report.labels_observables import OBSERVED, observable_label
from relocsim.sensitivity.families import families
from relocsim.spec import load

SCENARIOS = Path(__file__).parents[1] / "scenarios"
EN, ZH = words_in("en"), words_in("zh")
MAIN = facts().main
CLAIMS = {"en": re.compile(r"\b(raises?|lowers?|rises|falls)\b"), "zh": re.compile("提高|降低")}
OPEN = {"en": "cannot be told", "zh": "无法判定"}
MORE = {"en": re.compile(r"\b(raises?|rise)\b"), "zh": re.compile("提高")}


def everything(briefing) -> str:
    """Return every text of a briefing."""
    parts = [briefing.title, briefing.subtitle, briefing.colophon]
    for section in briefing.sections:
        parts.append(section.title)
        for block in section.blocks:
            if isinstance(block, Text):
                parts.append(block.text)
            elif isinstance(block, Points | Box):
                parts += block.items
            elif isinstance(block, Table):
                parts += [block.title, block.note, *block.columns, *(cell for row in block.rows for cell in row)]
            else:
                parts += [block.title, block.alt, block.note, block.axis]
    return "\n".join(parts)


shares = st.floats(-0.05, 0.05, allow_nan=False)


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    low, mean, high = sorted(draw(shares) for _ in range(3))
    return made(mean, low, high, draw(st.integers(2, 60)))


@pytest.mark.parametrize("words", [EN, ZH], ids=["en", "zh"])
@settings(max_examples=examples(60))
@given(rate=estimates())
def test_an_interval_across_zero_is_never_called_an_effect(words, rate):
    said = effect_sentence(words, replace(MAIN, rate=rate), "Beta")
    word = verdict(words, rate)
    if rate.low <= 0 <= rate.high:
        assert not CLAIMS[words.code].search(said)
        assert not CLAIMS[words.code].search(word)
    if rate.low < 0 < rate.high and max(-rate.low, rate.high) > 1e-4:
        assert OPEN[words.code] in said
    if min(abs(rate.low), abs(rate.high)) > 1e-4 and rate.low * rate.high > 0:
        assert bool(MORE[words.code].search(said)) == (rate.mean > 0)


@pytest.mark.parametrize("words", [EN, ZH], ids=["en", "zh"])
def test_the_sentence_changes_with_the_numbers(words):
    clear = made(0.01, 0.005, 0.012, 40)
    said = [
        answer(words, facts(rate))
        for rate in (
            clear,
            made(-0.01, -0.012, -0.005, 40),
            made(0.01, -0.005, 0.02, 40),
            NONE,
            made(0.01, 0.005, 0.012, 20),
        )
    ]
    assert len(set(said)) == 5
    assert "1.00" in said[0]
    assert "0.50" in said[0]
    assert "1.20" in said[0]


def test_few_replicates_and_wide_intervals_are_hedged():
    assert "it raises Beta's capture rate by" in answer(EN, facts(made(0.01, 0.008, 0.012, 40)))
    assert "it seems to raise" in answer(EN, facts(made(0.01, 0.008, 0.012, 20)))
    wide = answer(EN, facts(made(0.01, 0.001, 0.05, 40)))
    assert "the sign is clearer than the size" in wide
    assert "the sign is clearer" not in answer(EN, facts(made(0.01, 0.008, 0.012, 40)))
    assert "0.001 percentage points or more" in answer(EN, facts(made(1e-7, -1e-7, 2e-7)))


def test_a_rule_that_ignored_the_interval_would_be_found():
    rate = made(0.01, -0.005, 0.02, 40)
    lying = f"it raises Beta's capture rate by {100 * rate.mean}"
    assert CLAIMS["en"].search(lying)
    assert sign_of(rate) is Sign.UNCLEAR
    assert sign_of(replace(rate, low=0.0)) is Sign.UNCLEAR
    assert sign_of(replace(rate, replicates=0, low=float("nan"), high=float("nan"))) is Sign.UNCLEAR


@pytest.mark.parametrize("words", [EN, ZH], ids=["en", "zh"])
def test_costs_and_what_comes_anyway_follow_their_own_intervals(words):
    unclear, more = made(3.0, -1.0, 5.0), made(3.0, 2.0, 5.0)
    less = made(-3.0, -5.0, -2.0)
    said = [cost_sentence(words, held, held.main) for held in (
        facts(cost=more, treasury=less), facts(cost=more, treasury=more), facts(cost=unclear, treasury=unclear),
    )]  # fmt: skip
    assert len(set(said)) == 3
    assert OPEN[words.code] in said[2]
    assert OPEN[words.code] not in said[0]
    shares = [made(0.3, 0.2, 0.4), made(0.3, -0.1, 0.4), made(-0.3, -0.4, -0.1), NONE]
    found = [but_for_sentence(words, facts(but_for=one).main) for one in shares]
    assert len(set(found)) == 4
    assert "30" in found[0]
    assert OPEN[words.code] in found[1]


def test_a_but_for_job_has_a_cost_only_where_jobs_come():
    jobs = made(900.0, 300.0, 1500.0)
    with_jobs, without = facts(cost=made(1, 1, 2), jobs=jobs), facts(cost=made(1, 1, 2), jobs=made(900.0, -3.0, 1500.0))
    assert per_job_cell(EN, with_jobs, with_jobs.main).startswith("5.0")
    assert per_job_cell(EN, without, without.main) == "cannot be told"


def test_sources_are_told_and_hedged_where_the_net_effect_is_not_clear():
    held = facts(gained={"newly mobile": 3.0, "gamma": 1.0}, investment=made(2.0, -1.0, 5.0))
    said = gained_sentence(EN, held, held.main)
    assert "75 % of it is newly mobile, 25 % is diverted" in said
    texts = [block.text for block in sources(EN, held).blocks if isinstance(block, Text)]
    assert any("whether more comes on balance cannot be told" in text for text in texts)
    clear = facts(gained={"gamma": 4.0, "newly mobile": 1.0}, investment=made(4.0, 1.0, 5.0))
    blocks = sources(EN, clear).blocks
    assert not any("on balance" in block.text for block in blocks if isinstance(block, Text))
    (chart,) = [block for block in blocks if isinstance(block, Chart)]
    assert isinstance(chart.shown, Bars)
    assert chart.title == "Most of what moves to Beta would have gone to Gamma otherwise"
    assert "no investment moves" in gained_sentence(EN, facts(gained={}), facts(gained={}).main)


def test_the_title_of_effects_counts_what_can_be_told():
    clear = facts(made(0.01, 0.005, 0.02), arms=3)
    assert (
        chart_title(EN, clear.policies)
        == "Of 3 effects compared, 3 lie above zero, 0 below, 0 cannot be told from none"
    )
    assert chart_title(EN, facts(made(0.01, -0.01, 0.02)).policies) == "The 1 effect compared cannot be told from none"
    assert [row[2] for row in effects_table(EN, clear).rows] == ["seems to raise"] * 3


def test_the_question_is_the_scenario_s_own_in_its_language():
    held = facts()
    own = {**held.manifest, "question": "What then?", "question_zh": "又如何？"}
    asked = replace(held, stored=replace(held.stored, manifest=own))
    assert (question(EN, asked), question(ZH, asked)) == ("What then?", "又如何？")
    assert "incentive package" in question(EN, held)
    assert "“招商优惠政策”" in question(ZH, held)


@pytest.mark.parametrize("words", [EN, ZH], ids=["en", "zh"])
def test_what_comes_of_combining_is_told_only_where_its_interval_allows(words):
    more, less = made(0.01, 0.005, 0.02), made(-0.01, -0.02, -0.005)
    said = [combining_title(words, one) for one in (more, less, made(0.01, -0.005, 0.02), NONE)]
    assert len(set(said)) == 4
    assert OPEN[words.code] in said[2]
    assert [OPEN[words.code] in one for one in said].count(True) == 1


def test_steps_add_up_to_the_whole():
    found = Facts(together(stored(made(0.01, 0.005, 0.02), arms=2), made(-0.01, -0.02, 0.01)))
    chart = adding_up(EN, found, None)
    assert [mark.label for mark in chart.shown.marks] == ["Incentive package"] * 2 + ["what comes of combining"]
    assert sum(mark.mean for mark in chart.shown.marks) == pytest.approx(chart.shown.whole.mean)
    assert chart.shown.starts == pytest.approx((0.0, 1.0, 2.0, 0.0))
    assert adding_up(EN, facts(made(0.01, 0.005, 0.02)), None) is None


def test_shares_of_a_synergy_take_the_place_of_each_alone():
    shares = pd.DataFrame(
        [asdict(made(0.004, -0.001, 0.01)), asdict(made(0.008, 0.002, 0.01))], index=["incentives", "x"]
    )
    synergy = Synergy("f" * 64, shares, made(0.012, 0.005, 0.02))
    chart = adding_up(EN, facts(made(0.01, 0.005, 0.02)), synergy)
    assert [mark.label for mark in chart.shown.marks] == ["x", "Incentive package"]
    assert chart.title == (
        "The largest clear share in what all do together is that of x: +0.80 (+0.20 to +1.00) percentage points"
    )
    assert "another version of the scenario (digest ffffffff)" in chart.note
    open_ = adding_up(EN, facts(), replace(synergy, shares=shares.iloc[:1]))
    assert open_.title.startswith("No share")


def test_the_map_tells_the_share_with_its_interval_and_the_flows_in_words():
    chart = flow_map(EN, Facts(mapped(stored())))
    assert chart.title == (
        "Of 3.50 (1.75 to 7.00) billion yuan that firms of the studied origins place elsewhere, "
        "Beta takes 2.00 (1.00 to 3.00) %"
    )
    assert chart.alt == (
        "Map of mean flows. The largest: Alpha to Gamma 3.00 billion yuan; Alpha to Beta 500 million yuan. "
        "To Beta: Alpha to Beta 500 million yuan."
    )
    assert chart.shown.flows[-1] == ("alpha", "gamma", 30.0)
    assert flow_map(EN, facts()) is None


def test_one_replicate_tells_nothing():
    single = facts(made(0.01, 0.01, 0.01, 1))
    assert "no interval" in replicates_sentence(EN, single)
    assert "it raises" not in answer(EN, single)


def test_a_correlation_is_told_only_where_it_stands_out_of_all():
    row = {"label": "other places: wage", "replicates": 20, "rho": 0.6}
    held = facts()
    said = [
        correlation_sentence(EN, pd.DataFrame([{**row, "label": label, "p_family": p}]), held.main, held)
        for label, p in (("other places: wage", 0.2), ("other places: wage", 0.01), ("beta: wage", 0.01))
    ]
    assert "none of 1 families" in said[0]
    assert "goes with all other places: wages more" in said[1]
    assert "goes with Beta: wages more" in said[2]


def test_what_is_missing_is_said_and_the_rest_told():
    said = everything(tell(facts(made(0.01, 0.005, 0.02)), EN))
    for table in ("fiscal", "sources", "windfall", "yardsticks", "timeline"):
        assert f"(table {table})" in said
    assert "Missing from the stored results, and so from this briefing: fiscal and sources." in said


@pytest.mark.parametrize("words", [EN, ZH], ids=["en", "zh"])
def test_every_briefing_says_what_it_cannot_tell(words):
    said = everything(tell(facts(), words))
    named = {"en": ("Personal ties", "state-owned firms", "One-off projects"), "zh": ("人脉", "国有企业", "重大项目")}
    for what in named[words.code]:
        assert what in said
    assert "{" not in said


def test_chinese_has_no_english_sentence():
    said = everything(tell(facts(made(0.01, 0.005, 0.02), cost=made(1, 1, 2), gained={"gamma": 1.0}), ZH))
    assert not re.search(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", said)


def test_families_of_inputs_have_names_in_both():
    assert family_label(EN, "other places: park_land") == "all other places: park land"
    assert family_label(ZH, "sign_hazard") == "签约速度"
    assert family_label(ZH, "never heard") == "never heard"
    assert all(ZH(name) != name for name in FIELDS.values())


@pytest.mark.parametrize("name", ["chenzhou-whole", "yibin", "zhoukou"])
def test_every_family_of_the_shipped_cases_has_a_name(name):
    found = {one.label.rpartition(": ")[2] for one in families(load(SCENARIOS / f"{name}.yaml"))}
    assert found - set(FIELDS) == set()


def test_every_observable_and_its_unit_has_a_name():
    assert set(OBSERVED) == set(OBSERVABLES)
    assert {one.unit for one in OBSERVABLES.values()} <= set(UNITS)
    assert observable_label(ZH, "capture") == "捕获率"
    assert unit_label(ZH, "1e8 yuan") == "亿元"
    assert (observable_label(ZH, "new"), unit_label(ZH, "new")) == ("new", "new")
    assert family_label(ZH, "beta: wage", {"beta": "乙城"}) == "乙城：工资"
