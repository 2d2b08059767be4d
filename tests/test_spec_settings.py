"""Changes from the command line, from overrides and from scenarios over scenarios."""

import contextlib
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from runs import examples
from toy import SCENARIO, TOY, extending

from relocsim.sources import Grade
from relocsim.spec import Spec, SpecError, load


def problems(*settings: str) -> list[str]:
    with pytest.raises(SpecError) as raised:
        load(SCENARIO, settings=settings)
    return [str(problem) for problem in raised.value.problems]


def changes(spec: Spec) -> list[str]:
    return [str(difference) for difference in spec.differences]


def test_settings_reach_every_part() -> None:
    spec = load(
        SCENARIO,
        settings=[
            "policies.incentives.capital_subsidy=0.2",
            "policies.hsr.on=false",
            "policies.incentives.sectors=[electronics, apparel]",
            "parameters.sensitivity=0.02",
            "scenario.firms=2000",
            "scenario.name=A - b",
            "places.beta.wage=31000",
            "places.beta.specialisation.apparel=1.5",
            "places.beta.lacks=[]",
            "switches.awareness=false",
            "network.lines.alpha-delta-rail.hours[1]=1.2",
            "network.roads.neighbours=4",
            "scenario.study.stage=signed",
        ],
    )
    assert spec.policies["incentives"].model_dump()["capital_subsidy"] == 0.2
    assert spec.policies["incentives"].model_dump()["sectors"] == ("electronics", "apparel")
    assert not spec.policies["hsr"].on
    assert (spec.scenario.firms, spec.scenario.study.stage) == (2000, "signed")
    assert not spec.scenario.switches.awareness
    assert spec.world.parameters.sensitivity == 0.02
    assert spec.world.places["beta"].wage == 31000
    assert spec.world.places["beta"].specialisation == {"apparel": 1.5, "electronics": 0.4, "metal_products": 1.3}
    assert spec.world.places["beta"].lacks == ()
    assert spec.world.network.lines["alpha-delta-rail"].hours == (4.8, 1.2, 1.8, 1.5)
    assert spec.world.network.roads.neighbours == 4


def test_differences_are_told_old_and_new() -> None:
    spec = load(SCENARIO, settings=["parameters.sensitivity=0.02", "policies.hsr.on=false", "scenario.seed=7"])
    assert changes(spec) == [
        "policies.hsr.on: true -> false (the command line)",
        "parameters.sensitivity: 0.03 -> 0.02 (the command line)",
    ]


def test_what_is_set_is_assumed_without_a_range() -> None:
    register = load(SCENARIO, settings=["places.beta.wage=31000", "network.lines.alpha-gamma-rail.hours[0]=5"]).register
    wage = register.inputs["places.beta.wage"]
    assert (wage.grade, wage.source, wage.unit, wage.ranged) == (
        Grade.ASSUMED, "set on the command line", "yuan/year", False,
    )  # fmt: skip
    hours = register.inputs["network.lines.alpha-gamma-rail.hours[0]"]
    assert (hours.value, hours.ranged) == (5.0, False)


def test_what_is_set_may_bring_its_own_provenance() -> None:
    text = "places.beta.wage={value: 31000, source: A survey, grade: statistic, range: [30000, 32000]}"
    wage = load(SCENARIO, settings=[text]).register.inputs["places.beta.wage"]
    assert (wage.source, wage.grade, wage.low, wage.high) == ("A survey", Grade.STATISTIC, 30000, 32000)


def test_a_bare_number_in_place_of_a_sourced_one_leaves_the_register() -> None:
    path = "policies.park-expansion.land"
    assert path in load(SCENARIO).register.inputs
    assert path not in load(SCENARIO, settings=[f"{path}=500"]).register.inputs


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("scenario.firms", "expected a setting such as scenario.firms=2000, found 'scenario.firms'"),
        ("=3", "expected a setting such as scenario.firms=2000, found '=3'"),
        ("a..b=3", "expected a setting such as"),
        ("a b=3", "expected a setting such as"),
        ("parameters.sensitivty=0.2", "there is no entry 'sensitivty' (did you mean 'sensitivity'?)"),
        ("parmeters.sensitivity=0.2", "there is no entry 'parmeters' (did you mean 'parameters'?)"),
        ("places.betta.wage=3", "there is no entry 'betta' (did you mean 'beta'?)"),
        ("policies.incentive.on=true", "there is no entry 'incentive' (did you mean 'incentives'?)"),
        ("policies.incentives.onn=true", "there is no entry 'onn'"),
        ("switches.awarenes=false", "there is no entry 'awarenes' (did you mean 'awareness'?)"),
        ("network.lines.alpha-gamma-rail.hours[4]=2", "the list has 1 entries, counted from 0; found [4]"),
        ("places.beta.wage.value=3", "a number has no entry 'value'"),
        ("places.beta=3", "places.beta: expected a mapping, found 3"),
        ("places=3", "places: expected a mapping, found 3"),
        ("policies.hsr.on=off", "policies.hsr.on: expected true or false, found 'off' (write false)"),
        ("scenario.firms=many", "scenario.firms: expected a whole number, found 'many'"),
        ("places.beta.wage=-1", "places.beta.wage: expected a number above 0 (yuan/year), found -1"),
        ("places.beta.wage=", "places.beta.wage: expected a number (yuan/year), found nothing"),
        ("places.beta.lacks=[", "places.beta.lacks: --set: a value is missing, or a bracket is not closed"),
        ("places.beta.wage=*x", "places.beta.wage: --set: anchors and aliases are not allowed"),
        ("places.beta.wage=.nan", "places.beta.wage: --set: expected a finite number, found .nan"),
        ("places.beta.wage=\udcff", "places.beta.wage: --set: expected text in UTF-8"),
        ("parameters.mode_mu=0.9", "parameters.mode_mu: expected at most nest_lambda (0.5), found 0.9"),
        ("format=2", "there is no entry 'format'"),
    ],
)
def test_a_wrong_setting_says_what_is_wrong(setting: str, words: str) -> None:
    (problem,) = problems(setting)
    assert words in problem


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("scenario.firms=2000", "scenario.firms=3000", "set twice"),
        ("switches.size=true", "scenario.switches.size=false", "set twice"),
        ("places.beta.specialisation={apparel: 1}", "places.beta.specialisation.apparel=2", "an entry inside it"),
        ("places.beta.specialisation.apparel=2", "places.beta.specialisation={apparel: 1}", "an entry inside it"),
    ],
)
def test_two_settings_of_one_entry_clash(first: str, second: str, words: str) -> None:
    (problem,) = problems(first, second)
    assert words in problem


def test_all_problems_come_at_once() -> None:
    found = problems("scenario.firms=3", "places.bta.wage=1", "policies.incentives.sectors=[elektronics]")
    assert len(found) == 3


def test_a_setting_goes_over_an_override() -> None:
    spec = load(TOY / "variant.yaml", settings=["places.beta.approval_days=40"])
    assert spec.world.places["beta"].approval_days == 40
    assert changes(spec)[-1] == "places.beta.approval_days: 60 -> 40 (the command line)"


def test_an_override_says_who_set_the_number() -> None:
    spec = load(TOY / "variant.yaml")
    days = spec.register.inputs["places.beta.approval_days"]
    assert (days.value, days.grade, days.ranged) == (60.0, Grade.ASSUMED, False)
    assert days.source == f"set in {TOY / 'variant.yaml'}"
    assert spec.world.parameters.sensitivity == 0.04


def test_a_variant_tells_its_changes() -> None:
    where = TOY / "variant.yaml"
    assert changes(load(where)) == [
        f"scenario.name: Toy -> Toy with more land ({where}:5:12)",
        f"policies.park-expansion.on: false -> true ({where}:7:20)",
        f"policies.park-expansion.land: 1000 -> 2000 ({where}:7:30)",
        f"parameters.sensitivity: 0.03 -> 0.04 ({where}:9:16)",
        f"places.beta.approval_days: 130 -> 60 ({where}:10:19)",
    ]


def test_lists_and_quantities_are_replaced_whole(tmp_path: Path) -> None:
    land = "{value: 5, source: x, grade: document}"
    body = f"scenario: {{packages: {{soft: [hsr]}}}}\npolicies: {{park-expansion: {{land: {land}}}}}\n"
    spec = load(extending(tmp_path, body))
    assert spec.scenario.packages == {"hardware": ("park-expansion", "suppliers"), "soft": ("hsr",)}
    assert not spec.register.inputs["policies.park-expansion.land"].ranged


def test_an_added_policy_is_one_difference(tmp_path: Path) -> None:
    body = "policies: {more: {kind: park_expansion, city: gamma, start: 2010-Q1}}\n"
    assert len(load(extending(tmp_path, body)).differences) == 1


def test_a_chain_of_variants_is_laid_in_order(tmp_path: Path) -> None:
    extending(tmp_path, "scenario: {firms: 2000, seed: 5}\n", "one.yaml")
    two = tmp_path / "two.yaml"
    two.write_text("format: 1\nkind: scenario\nextends: one.yaml\nscenario: {firms: 3000}\n")
    spec = load(two)
    assert (spec.scenario.firms, spec.scenario.seed, spec.scenario.study.city) == (3000, 5, "beta")
    assert [d.new for d in spec.differences if d.path == "scenario.firms"] == ["2000", "3000"]


def test_exactly_the_named_policies_are_in_force() -> None:
    spec = load(SCENARIO)
    assert spec.on == {"hsr"}
    assert spec.with_policies(frozenset({"incentives", "hardware"})).on == {"incentives", "park-expansion", "suppliers"}
    assert spec.with_policies(frozenset()).on == frozenset()
    assert spec.variant(on={"soft"}, off={"hsr"}).on == {"incentives", "approvals"}
    assert spec.with_policies(spec.on) == spec
    with pytest.raises(SpecError, match=r"there is no policy or package 'incentive' \(did you mean 'incentives'"):
        spec.with_policies({"incentive"})


SETTINGS = st.sampled_from(
    [
        "places.beta.wage=",
        "scenario.firms=",
        "policies.hsr=",
        "switches=",
        "network.lines.alpha-gamma-rail.hours[0]=",
        "",
    ]
)


@given(SETTINGS, st.text(max_size=20) | st.sampled_from(["{value: 1}", "[1]", "{}", "{a: {b: 1}}", "true", "\ud800"]))
@hypothesis.settings(max_examples=examples(80), deadline=None)
def test_no_setting_crashes_the_reader(start: str, rest: str) -> None:
    with contextlib.suppress(SpecError):
        load(SCENARIO, settings=[start + rest])
