"""What-ifs: what is set, links, undoing, specifications, files. Laws, and what is refused."""

import hashlib
import re
import zlib
from base64 import urlsafe_b64encode
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from commands import invoke
from hypothesis import given, settings
from hypothesis import strategies as st
from toy import SCENARIO

from relocsim.batch.variants import one_foundation
from relocsim.errors import SpecError
from relocsim.language import words_in
from relocsim.report.asking import run
from relocsim.spec import Spec, load
from relocsim.whatif import (
    ABSENT,
    Cases,
    History,
    Setting,
    WhatIf,
    baseline_of,
    cases_in,
    change,
    from_yaml,
    own_value,
    pack,
    spec_of,
    titled,
    unpack,
    yaml_of,
)
from relocsim.whatif.links import LARGEST, LONGEST
from relocsim.whatif.whatif import MOST_SETTINGS

# --- what is set

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")), max_size=20)
scalars = st.none() | st.booleans() | st.integers(-(2**62), 2**62) | words
scalars |= st.floats(allow_nan=False, allow_infinity=False, min_value=-1e18, max_value=1e18)
ids = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True).filter(lambda one: one != "value")
paths = st.builds(
    lambda root, rest: ".".join((root, *rest)),
    st.sampled_from(("policies", "scenario", "places", "parameters")),
    st.lists(ids, min_size=1, max_size=3),
)
values = scalars | st.lists(scalars, max_size=3)


@st.composite
def whatifs(draw: st.DrawFn) -> WhatIf:
    whatif = WhatIf(draw(ids), draw(words))
    for path in draw(st.lists(paths, max_size=6)):
        if not any(path.startswith(f"{one.path}.") for one in whatif.settings):
            whatif = whatif.set(path, draw(values), draw(words))
    return whatif


@given(whatifs())
def test_a_link_brings_back_the_same(whatif: WhatIf) -> None:
    again = unpack(pack(whatif))
    assert again == whatif
    assert again.settings == whatif.settings


@given(whatifs(), paths, values)
def test_setting_and_unsetting_is_nothing(whatif: WhatIf, path: str, value: object) -> None:
    whatif = whatif.unset(path)
    if not any(path.startswith(f"{one.path}.") for one in whatif.settings):
        assert whatif.set(path, value).unset(path) == whatif


@given(st.dictionaries(st.sampled_from([f"policies.p{n}.size" for n in range(9)]), values, min_size=2), st.randoms())
def test_the_order_of_settings_does_not_matter(changes: dict[str, object], shuffled: object) -> None:
    there = list(changes.items())
    back = list(changes.items())
    shuffled.shuffle(back)  # type: ignore[attr-defined]
    made = []
    for order in (there, back):
        whatif = WhatIf("case")
        for path, value in order:
            whatif = whatif.set(path, value)
        made.append(whatif)
    assert made[0] == made[1]


def test_a_mapping_is_taken_apart_and_replaced_by_what_comes_later() -> None:
    whatif = WhatIf("case").set(
        "policies.new", {"kind": "aftercare", "city": ["beta"], "outlay": {"value": 1, "unit": "x"}}
    )
    assert [one.path for one in whatif.settings] == ["policies.new.city", "policies.new.kind", "policies.new.outlay"]
    assert whatif.at("policies.new.outlay").quantity
    assert [one.path for one in whatif.set("policies.new", {"kind": "equity_fund"}).settings] == ["policies.new.kind"]


def test_truth_values_are_no_numbers_and_switches_are_of_the_scenario() -> None:
    assert WhatIf("case").set("policies.a.on", True) != WhatIf("case").set("policies.a.on", 1)
    assert WhatIf("case").set("switches.peers", False) == WhatIf("case").set("scenario.switches.peers", False)


def test_settings_are_told_apart_by_what_they_change() -> None:
    whatif = WhatIf("case")
    parts = {
        "policies.a.on": "policies", "scenario.packages.both": "policies", "places.beta.wage": "assumptions",
        "scenario.switches.peers": "assumptions", "scenario.end": "frame", "scenario.rivals.rule": "frame",
    }  # fmt: skip
    for path in parts:
        whatif = whatif.set(path, 1)
    for path, part in parts.items():
        assert whatif.at(path) in getattr(whatif, part)
    assert sum(len(getattr(whatif, part)) for part in ("policies", "assumptions", "frame")) == len(parts)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("", 1), ("policies", 1), ("elsewhere.x", 1), ("policies..x", 1), ("policies.a=b", 1), ("policies.a b", 1),
        ("policies.a.x", float("nan")), ("policies.a.x", float("inf")), ("policies.a.x", 10**40),
        ("policies.a.x", "\x00"), ("policies.a.x", "\ud800"), ("policies.a.x", "x" * 3000), ("policies.a.x", object()),
        ("policies.a.x", [[[[[[1]]]]]]), ("policies.a.x", [1] * 2000), ("policies.a.x", {"a.b": 1, "c d": 2}),
    ],
)  # fmt: skip
def test_what_cannot_be_set_is_refused(path: str, value: object) -> None:
    with pytest.raises(SpecError):
        WhatIf("case").set(path, value)  # type: ignore[arg-type]


def test_an_entry_within_one_that_is_set_is_refused() -> None:
    with pytest.raises(SpecError, match="within which it lies"):
        WhatIf("case").set("network.lines.a.hours", [1, 2]).set("network.lines.a.hours[1]", 3)
    with pytest.raises(SpecError, match="at most 1,000"):
        WhatIf("case", settings=tuple(Setting(f"policies.a.x{n}", n) for n in range(MOST_SETTINGS + 1)))
    with pytest.raises(SpecError, match="set twice"):
        WhatIf("case", settings=(Setting("policies.a.x", 1), Setting("policies.a.x", 2)))


# --- links that are none


def _packed(text: bytes) -> str:
    return "1" + urlsafe_b64encode(zlib.compress(text, 9)).decode().rstrip("=")


@given(st.text(max_size=60))
def test_any_text_is_a_link_or_an_error_in_words(text: str) -> None:
    for candidate in (text, f"1{text}", _packed(text.encode("utf-8", "surrogatepass"))):
        with suppress(SpecError):
            assert isinstance(unpack(candidate), WhatIf)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (_packed(b"0" * (LARGEST + 1)), "unfolds to more"),
        ("1" + "A" * LONGEST, "longer than"),
        ("2abc", "this version"),
        ("1%%%", "damaged"),
        (_packed(b"["), "damaged"),
        (_packed(b"[" * 100_000), "damaged"),
        (_packed(b'["case", "", [["policies.a.x", NaN]]]'), "damaged"),
        (_packed(b'["case", "", [["policies.a.x"]]]'), "damaged"),
        (_packed(b'["case", "", {}]'), "damaged"),
        (_packed(b'["case", 1, []]'), "damaged"),
        (_packed(b'["case", "", [["elsewhere.x", 1]]]'), "nothing that can be set"),
        (_packed(b'["case", "", [[1, 1]]]'), "expected a path"),
        (_packed(b'["case", "", [["policies.a.x", 1, 7]]]'), "expected text"),
        (_packed(b'["case", "", [["policies.a.x", ' + b"9" * 5000 + b"]]]"), "damaged"),
        (_packed(b'["case", "", [["policies.a.x", 1e400]]]'), "finite"),
        (pack(WhatIf("case"))[:-4], "damaged"),
        (pack(WhatIf("case")) + "AAAA", "damaged"),
    ],
)
def test_a_link_that_is_none_is_refused_in_words(link: str, said: str) -> None:
    with pytest.raises(SpecError, match=said):
        unpack(link)


def test_a_what_if_too_large_for_a_link_says_so() -> None:
    notes = [Setting(f"policies.a.x{n}", n, hashlib.sha512(str(n).encode()).hexdigest()) for n in range(900)]
    with pytest.raises(SpecError, match="too large"):
        pack(WhatIf("case", settings=tuple(notes)))


# --- undoing


@given(st.lists(st.integers(0, 3), max_size=12))
def test_undoing_goes_back_and_redoing_forth(states: list[int]) -> None:
    history = History(-1)
    for state in states:
        done = history.do(state)
        assert done.now == state
        if state != history.now:
            assert done.undo().now == history.now
            assert done.undo().redo() == done
            assert done.undo().do(99).can_redo is False
        history = done
    back = history
    while back.can_undo:
        back = back.undo()
    assert back.now == -1
    while back.can_redo:
        back = back.redo()
    assert back == history


def test_a_history_is_bounded() -> None:
    history = History(0)
    for state in range(1, 1000):
        history = history.do(state)
    assert len(history.past) == 200


# --- cases


@pytest.fixture(scope="module")
def cases() -> Cases:
    return cases_in(SCENARIO)


@pytest.fixture(scope="module")
def written() -> Spec:
    """The case as its file has it."""
    return load(SCENARIO)


def test_cases_of_a_file_of_a_folder_and_those_shipped(cases: Cases, tmp_path) -> None:
    assert list(cases) == ["toy"]
    folder = cases_in(SCENARIO.parent)
    assert set(folder) == {"toy", "variant", "delivery", "clusters"}
    shipped = cases_in(None)
    assert {"chenzhou", "yibin", "zhoukou/target"} <= set(shipped)
    assert shipped["chenzhou"].title(words_in("zh")).startswith("郴州")
    assert shipped["chenzhou"].question(words_in("en")).startswith("What do")
    with pytest.raises(SpecError, match="no scenario"):
        cases_in(tmp_path)
    with pytest.raises(SpecError, match="no such file"):
        cases_in(tmp_path / "nothing.yaml")
    with pytest.raises(SpecError, match="did you mean 'toy'"):
        cases.named("tay")


def test_a_broken_scenario_is_listed_and_says_what_is_wrong(tmp_path) -> None:
    (tmp_path / "broken.yaml").write_text("format: 1\nkind: scenario\nworld: nowhere.yaml\nscenario: {}\n")
    case = cases_in(tmp_path)["broken"]
    assert case.title(words_in("en")) == "broken"
    with pytest.raises(SpecError, match=r"nowhere\.yaml"):
        case.spec()


def test_what_a_link_in_a_folder_leads_out_to_is_no_case(tmp_path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out.yaml").write_text(SCENARIO.read_text())
    (tmp_path / "in" / "own.yaml").write_text(SCENARIO.read_text())
    (tmp_path / "in" / "led.yaml").symlink_to(tmp_path / "out.yaml")
    assert set(cases_in(tmp_path / "in")) == {"own"}


# --- specifications


def test_nothing_set_is_the_case(cases: Cases, written: Spec) -> None:
    assert spec_of(WhatIf("toy"), cases).digest == written.digest
    assert baseline_of(WhatIf("toy"), cases).digest == written.digest


SET = [
    "policies.incentives.on=true", "policies.incentives.capital_subsidy=0.25", "parameters.sensitivity=0.05",
    "scenario.firms=600", "places.gamma.wage=30000", "switches.peers=false",
    "policies.push.start=2009-06-01", "network.lines.alpha-delta-hsr.hours=[0.5, 1.5]",
]  # fmt: skip


def test_a_what_if_means_what_settings_of_the_command_line_mean(cases: Cases) -> None:
    from relocsim.spec.changes import settings_of
    from relocsim.spec.nodes import dotted, plain

    whatif = WhatIf("toy").with_settings(Setting(dotted(one.steps), plain(one.leaf)) for one in settings_of(SET))
    assert spec_of(whatif, cases).digest == load(SCENARIO, settings=SET).digest


def test_worlds_that_nothing_is_set_in_are_shared(cases: Cases) -> None:
    one, two = (spec_of(WhatIf("toy").set("policies.incentives.capital_subsidy", size), cases) for size in (0.2, 0.3))
    assert one.world is two.world
    moved = spec_of(WhatIf("toy").set("parameters.sensitivity", 0.05), cases)
    assert moved.world is not one.world
    assert moved.world.network is one.world.network


def test_the_baseline_has_the_policies_of_the_case_and_the_rest_of_the_what_if(cases: Cases, written: Spec) -> None:
    whatif = WhatIf("toy", "Mine").set("policies.incentives.on", True).set("policies.new", NEW)
    whatif = whatif.set("scenario.packages.mine", ["new", "incentives"])
    assert baseline_of(whatif, cases).digest == written.digest
    doubted = whatif.set("parameters.sensitivity", 0.05).set("scenario.end", "2011-Q4").set("switches.peers", False)
    baseline = baseline_of(doubted, cases)
    assert baseline.policies == written.policies
    assert baseline.world.parameters.sensitivity == 0.05
    assert str(baseline.scenario.end) == "2011-Q4"
    assert not baseline.scenario.switches.peers


def test_a_belief_about_a_policy_holds_in_the_baseline_too(cases: Cases) -> None:
    """The number carries a range in the case, so that it is no choice; the intensity is one."""
    whatif = WhatIf("toy").set("policies.campaign.targeting", 2.0).set("policies.campaign.intensity", 2.0)
    baseline = baseline_of(whatif, cases)
    assert baseline.policies["campaign"].targeting == 2.0
    assert baseline.policies["campaign"].intensity == 1.0


NEW = {"kind": "aftercare", "city": "beta", "start": "2009-Q1", "on": True}


def test_a_policy_that_the_case_lacks_is_added(cases: Cases) -> None:
    spec = spec_of(WhatIf("toy").set("policies.new", NEW), cases)
    assert spec.policies["new"].on
    assert "new" not in baseline_of(WhatIf("toy").set("policies.new", NEW), cases).policies


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("policies.incentives.capital_subsidy", 1.5, "of at most 1"),
        ("policies.incentives.start", "2030-Q1", "outside the scenario"),
        ("policies.incentives.city", "bata", "no place 'bata'"),
        ("policies.incentives.capital_subsdy", 0.1, "unknown key"),
        ("policies.nothing.on", True, "'kind' is missing"),
        ("parameters.sensitivty", 0.1, "no entry"),
        ("places.beta.wage", "much", "expected a number"),
        ("scenario.study.city", "omega", "no place 'omega'"),
        ("scenario.end", "2007-Q1", "before it starts"),
        ("scenario.rivals.rule", "angry", "passive"),
    ],
)
def test_what_cannot_be_is_said_at_the_path_of_its_control(path: str, value: object, said: str, cases: Cases) -> None:
    with pytest.raises(SpecError, match=said) as raised:
        spec_of(WhatIf("toy").set(path, value), cases)  # type: ignore[arg-type]
    assert any(one.path.startswith(path.removesuffix(".on")) for one in raised.value.problems)


def test_policies_that_clash_are_told(cases: Cases) -> None:
    clash = {"kind": "incentive_package", "city": "beta", "start": "2011-Q1", "on": True}
    with pytest.raises(SpecError, match="overlap from 2011-Q1"):
        spec_of(WhatIf("toy").set("policies.more", clash), cases)


def test_a_control_moved_and_moved_back_has_changed_nothing(cases: Cases) -> None:
    whatif = WhatIf("toy")
    for path in (
        "policies.incentives.capital_subsidy",
        "policies.campaign.targeting",
        "places.beta.wage",
        "scenario.end",
    ):
        own = own_value(cases["toy"], path)
        assert own is not ABSENT
        moved = change(whatif, cases, path, "2011-Q4" if path == "scenario.end" else float(own) + 1, "why")  # type: ignore[arg-type]
        assert moved != whatif
        assert change(moved, cases, path, own) == whatif  # type: ignore[arg-type]
    assert own_value(cases["toy"], "policies.new.on") is ABSENT


# --- files


def _settings() -> st.SearchStrategy[dict[str, object]]:
    choices = {
        "policies.incentives.on": st.booleans(), "policies.incentives.capital_subsidy": st.floats(0, 1),
        "policies.suppliers.output.electronics": st.floats(0, 100), "policies.campaign.targeting": st.floats(1, 3),
        "policies.suppliers.components": st.just(["electronics.electroplating"]),
        "policies.push.start": st.sampled_from(["2009-Q2", "2009-06-30"]), "policies.new": st.just(NEW),
        "parameters.sensitivity": st.floats(0.01, 0.1), "places.gamma.wage": st.floats(10_000, 50_000),
        "places.gamma.wage_correction": st.just({"value": 0.9, "grade": "literature", "source": "A", "range": [0.8, 1.0]}),
        "network.lines.alpha-delta-hsr.hours[0]": st.floats(0.1, 3), "scenario.firms": st.integers(200, 900),
        "scenario.switches.peers": st.booleans(), "scenario.rivals.rule": st.sampled_from(["imitate", "passive"]),
        "scenario.rivals.exceptions.gamma": st.just("best_response"), "scenario.seed": st.integers(0, 99),
    }  # fmt: skip
    return st.fixed_dictionaries({}, optional=choices)


@settings(deadline=None, max_examples=15)
@given(drawn=st.data())
def test_a_file_there_and_back_means_the_same(drawn: st.DataObject, cases: Cases, tmp_path_factory) -> None:
    whatif = WhatIf("toy", drawn.draw(words))
    for path, value in drawn.draw(_settings()).items():
        whatif = change(whatif, cases, path, value, drawn.draw(words))  # type: ignore[arg-type]
    text, spec = yaml_of(whatif, cases), spec_of(whatif, cases)
    again = from_yaml(text, cases)
    assert again == whatif
    assert spec_of(again, cases).digest == spec.digest
    assert yaml_of(again, cases) == text
    held = tmp_path_factory.getbasetemp() / "toy"
    if not held.exists():
        held.symlink_to(SCENARIO.parent)
    path = tmp_path_factory.getbasetemp() / "file.yaml"
    path.write_text(text.replace("extends: toy.yaml", "extends: toy/toy.yaml"))
    assert load(path).digest == titled(spec, whatif).digest


def test_a_number_that_a_file_sets_to_its_own_value_has_no_range_any_more(cases: Cases) -> None:
    text = "format: 1\nkind: scenario\nextends: toy.yaml\npolicies: {campaign: {targeting: 1.5, 'on': false}}\n"
    whatif = from_yaml(text, cases)
    assert [one.path for one in whatif.settings] == ["policies.campaign.targeting"]
    assert "policies.campaign.targeting" not in {one.path for one in spec_of(whatif, cases).register.ranged()}


HEAD = "format: 1\nkind: scenario\nextends: toy.yaml\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing in the file"),
        ("just text", "expected a mapping"),
        ("format: 1\nkind: world\nname: x\n", "expected kind: scenario"),
        ("format: 2\nkind: scenario\n", "format 2 is not supported"),
        ("format: 1\nkind: scenario\nworld: /etc/passwd\n", "may not be given here"),
        ("format: 1\nkind: scenario\n", "'extends' is missing"),
        ("format: 1\nkind: scenario\nextends: /etc/passwd\n", "no case that is open here"),
        ("format: 1\nkind: scenario\nextends: [toy]\n", "no case that is open here"),
        (HEAD + "posterior: p.parquet\n", "may not be given here"),
        (HEAD + "estimates: [/etc/passwd]\n", "may not be given here"),
        (HEAD + "surprise: 1\n", "unknown key 'surprise'"),
        (HEAD + "policies: &a {}\n", "anchors and aliases"),
        (HEAD + "policies: !!python/object:os.system {}\n", "tags such as"),
        (HEAD + "policies: {incentives: {capital_subsidy: 7}}\n", "policies.incentives.capital_subsidy"),
        (HEAD + "override: {places: {beta: {wages: 1}}}\n", "did you mean 'wage'"),
        (HEAD + "override: 7\n", "expected a mapping with places"),
        (HEAD + "policies: [1]\n", "expected a mapping"),
        (HEAD + "scenario: 7\n", "expected a mapping"),
        (HEAD + "scenario: {name: 7}\n", "expected text"),
        (HEAD + "policies: {x: " + "[" * 60, "nested deeper"),
        (HEAD + "# " + "x" * 500_000, "at most 0.4 are read"),
        (b"\xff\xfe" + HEAD.encode(), "UTF-8"),
    ],
)
def test_a_file_that_is_no_what_if_is_refused_in_words(text: str | bytes, said: str, cases: Cases) -> None:
    with pytest.raises(SpecError, match=said):
        from_yaml(text, cases)


def test_a_folder_s_case_is_named_by_its_path(tmp_path) -> None:
    (tmp_path / "below").mkdir()
    text = SCENARIO.read_text().replace("world: world.yaml", f"world: {SCENARIO.parent / 'world.yaml'}")
    (tmp_path / "below" / "own.yaml").write_text(text)
    cases = cases_in(tmp_path)
    written = yaml_of(WhatIf("below/own").set("scenario.firms", 500), cases)
    assert "extends: below/own.yaml" in written
    (tmp_path / "mine.yaml").write_text(written)
    assert load(tmp_path / "mine.yaml").scenario.firms == 500
    assert from_yaml(written.replace("below/own.yaml", "../below/own.yaml"), cases).case == "below/own"


def test_a_file_logs_what_was_changed_and_is_plain_to_read(cases: Cases) -> None:
    whatif = (
        WhatIf("toy", "Mine").set("policies.campaign.targeting", 3.0).set("policies.push.start", "2009-06-01", "later")
    )
    text = yaml_of(whatif.set("policies.new", NEW), cases)
    assert "# policies.campaign.targeting: 1.5 -> 3 ratio (beyond its range 1 to 2.5, in the case assumed)\n" in text
    assert "# policies.push.start: 2008-Q3 -> 2009-06-01; why: later\n" in text
    assert "# note policies.push.start: later\n" in text
    assert "    on: true\n" in text
    assert "start: 2009-06-01\n" in text


# --- the command line


def test_the_command_line_plays_the_file_as_the_specification_is_played(cases: Cases, tmp_path) -> None:
    whatif = WhatIf("toy", "Half").set("policies.incentives", {"on": True, "capital_subsidy": 0.05})
    whatif = whatif.set("scenario.firms", 300).set("scenario.end", "2010-Q4").set("policies.new", NEW)
    whatif = whatif.set("parameters.sensitivity", 0.05, "a doubt").set("network.lines.alpha-delta-hsr.hours[0]", 0.9)
    (tmp_path / "toy").symlink_to(SCENARIO.parent)
    file = tmp_path / "half.yaml"
    file.write_text(yaml_of(whatif, cases).replace("extends: toy.yaml", "extends: toy/toy.yaml"))
    found = invoke("run", str(file), "--replicate", "3", "--out", str(tmp_path / "out"))
    assert found.exit_code == 0, found.output
    assert "Half" in found.output
    expected = run(spec_of(whatif, cases), replicate=3)
    for name in ("capture", "places", "projects"):
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "out" / f"{name}.parquet"), getattr(expected, name))
    assert not expected.capture.equals(run(baseline_of(whatif, cases), replicate=3).capture)
    assert one_foundation(baseline_of(whatif.unset("policies.new"), cases), spec_of(whatif, cases))


def test_renaming_is_no_other_what_if_to_play(cases: Cases) -> None:
    whatif = WhatIf("toy", "One").set("policies.incentives.on", True)
    assert spec_of(whatif, cases) is spec_of(whatif.renamed("Two"), cases)
    assert titled(spec_of(whatif, cases), whatif).scenario.name == "One"


def test_the_example_of_the_documentation_works() -> None:
    page = (Path(__file__).parents[1] / "docs" / "what-ifs.md").read_text("utf-8")
    found: dict[str, object] = {}
    exec(re.findall(r"```python\n(.*?)```", page, re.DOTALL)[0], found)
    assert from_yaml(str(found["text"]), found["cases"]) == found["whatif"]  # type: ignore[arg-type]
