"""Assumptions with their ranges, the log of changes, and what entries are called in both languages."""

import re

import pytest
from toy import SCENARIO

from relocsim.language import words_in
from relocsim.language.scenario_fields import SCENARIO as NAMED
from relocsim.language.scenario_fields import SWITCHES
from relocsim.spec import Scenario, Spec, Switches
from relocsim.spec.scenario import Rivals, Study
from relocsim.whatif import Cases, WhatIf, cases_in, spec_of
from relocsim.whatif.assumptions import assumptions, log, log_told, log_words, mechanisms
from relocsim.whatif.naming import entry_name, value_words
from relocsim.whatif.specs import change

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def cases() -> Cases:
    return cases_in(SCENARIO)


@pytest.fixture(scope="module")
def case(cases: Cases) -> Spec:
    return cases["toy"].spec()


def test_every_ranged_input_is_an_assumption_that_its_ends_may_be_set_to(case: Spec, cases: Cases) -> None:
    found = assumptions(case)
    assert [one.path for one in found] == [entry.path for entry in case.register.ranged()]
    for one in found:
        assert one.least is None or one.least <= one.input.low
        assert one.most is None or one.most >= one.input.high
    for one in found[:: max(1, len(found) // 12)]:
        for end in (one.input.low, one.input.high):
            doubted = spec_of(WhatIf("toy").set(one.path, end), cases)
            assert one.path not in {entry.path for entry in doubted.register.ranged()}
            assert len(doubted.register.ranged()) == len(found) - 1


@pytest.mark.parametrize("code", ["en", "zh"])
def test_assumptions_have_names_that_tell_them_apart(code: str, case: Spec) -> None:
    words = words_in(code)
    names = [one.name(case, words) for one in assumptions(case)]
    assert all(names)
    assert len(set(names)) == len(names)


def test_names_are_in_the_language_of_the_reader(case: Spec) -> None:
    chinese = words_in("zh")
    for path in (
        "places.beta.wage", "policies.campaign.targeting", "network.lines.alpha-delta-hsr.hours[0]", "scenario.end",
        "scenario.rivals.exceptions.gamma", "scenario.switches.peers", "places.beta.specialisation.electronics",
        "policies.suppliers.output.electronics", "parameters.outreach.visits.cost", "scenario.study.city",
    ):  # fmt: skip
        told = entry_name(path, case, chinese)
        assert CHINESE.search(told), path
        assert not re.search(r"[a-z]{3}", told), (path, told)
    assert entry_name("network.lines.alpha-delta-hsr.hours[0]", case, words_in("en")).count("to") >= 1


def test_every_entry_of_a_scenario_and_every_mechanism_has_a_name(case: Spec) -> None:
    assert set(SWITCHES) == set(Switches.model_fields)
    plain = {name for name in Scenario.model_fields if name not in ("study", "rivals", "switches")}
    inner = {f"study.{name}" for name in Study.model_fields} | {f"rivals.{name}" for name in Rivals.model_fields}
    assert set(NAMED) == plain | inner
    assert [one.path for one in mechanisms(case)] == [f"scenario.switches.{name}" for name in Switches.model_fields]
    assert all(one.on and one.help and one.label for one in mechanisms(case))


def test_the_log_says_from_what_to_what_within_or_beyond_and_why(case: Spec, cases: Cases) -> None:
    whatif = WhatIf("toy").set("policies.campaign.targeting", 2.0, "a trial")
    whatif = whatif.set("policies.incentives.on", True).set("scenario.end", "2011-Q4").set("switches.peers", False)
    wage = case.register.inputs["places.gamma.wage"]
    whatif = whatif.set("places.gamma.wage", 10 * wage.value, "they doubt it")
    found = {one.path: one for one in log(whatif, cases)}
    assert [one.part for one in found.values()] == [*["assumptions"] * 3, "policies", "frame"]
    assert len(found) == len(whatif.settings)
    belief = found["policies.campaign.targeting"]
    assert (belief.part, belief.before, belief.after, belief.where) == ("assumptions", 1.5, 2.0, "within")
    assert found["places.gamma.wage"].where == ("beyond" if wage.ranged else "")
    assert found["policies.incentives.on"].part == "policies"
    assert found["scenario.switches.peers"].part == "assumptions"
    english = "\n".join(log_words(whatif, cases, words_in("en")))
    assert "1.5 -> 2 ratio, within its range 1 to 2.5, in the case assumed. a trial" in english
    assert "no -> yes" in english
    assert "2012-Q4 -> 2011-Q4" in english
    chinese = log_words(whatif, cases, words_in("zh"))
    assert len(chinese) == len(whatif.settings)
    assert all(CHINESE.search(one) for one in chinese)


def test_a_policy_that_is_added_is_one_line_of_the_log(cases: Cases) -> None:
    whatif = WhatIf("toy").set("policies.care", {"kind": "aftercare", "city": "beta", "start": "2009-Q1", "on": True})
    assert all(one.added and one.before is None for one in log(whatif, cases))
    assert log_words(whatif, cases, words_in("en")) == ["Aftercare: added (cities Beta; begins in 2009-Q1)"]
    off = whatif.set("policies.care.on", False)
    assert log_words(off, cases, words_in("en")) == ["Aftercare: added (in force no)"]


def test_a_note_is_given_afterwards_and_stays_where_the_number_is_moved(cases: Cases) -> None:
    whatif = WhatIf("toy").set("policies.campaign.targeting", 2.0).noted("policies.campaign.targeting", "they count so")
    (told,) = log_told(change(whatif, cases, "policies.campaign.targeting", 2.2), cases, words_in("en"))
    assert (told.before, told.after, told.unit, told.grade, told.note) == (
        "1.5",
        "2.2",
        "ratio",
        "assumed",
        "they count so",
    )
    assert whatif.noted("policies.campaign.on", "nothing is set there") == whatif


def test_shares_are_told_in_percent(case: Spec, cases: Cases) -> None:
    path = next(one.path for one in assumptions(case) if one.input.unit == "share" and one.input.high < 1)
    (told,) = log_told(WhatIf("toy").set(path, case.register.inputs[path].high), cases, words_in("en"))
    assert told.unit == "%"
    assert float(told.after) == pytest.approx(100 * case.register.inputs[path].high, rel=1e-5)
    assert f"to {told.after}" in told.range


def test_values_are_told_by_the_names_of_the_world(case: Spec) -> None:
    words = words_in("en")
    assert value_words(["beta", "gamma"], case, words) == "Beta and Gamma"
    assert value_words({"electronics": 3.0}, case, words).endswith(" 3")
    assert value_words({"value": 0.5, "grade": "assumed"}, case, words) == "0.5"
    assert value_words(12345, case, words) == "12,345"
    assert value_words(None, case, words) == "-"
