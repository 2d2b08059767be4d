"""Controls are made of the schema: every field of every kind has one, what it shows loads, and new policies load."""

import re

import pytest
from toy import SCENARIO

from relocsim.errors import Problem, SpecError
from relocsim.language import words_in
from relocsim.language.policy_fields import is_named
from relocsim.policies import Policy, catalogue
from relocsim.spec import Spec
from relocsim.whatif import Cases, WhatIf, cases_in, change, spec_of
from relocsim.whatif.additions import add_policy, kinds_lacking, new_policy, set_package, usual_rivals
from relocsim.whatif.controls import Control, about, by_path, controls, outlay_of
from relocsim.whatif.usual import usual_range

KINDS = {
    "on": "switch", "start": "date", "end": "date", "city": "several", "intensity": "number", "lawful": "choice",
    "note": "text",
    "output": "table", "assigned": "assignment", "mode": "choice", "sectors": "several", "binding": "switch",
    "approval_cut": "share", "outlay": "number", "owners": "several", "lines": "several",
}  # fmt: skip


@pytest.fixture(scope="module")
def cases() -> Cases:
    return cases_in(SCENARIO)


@pytest.fixture(scope="module")
def case(cases: Cases) -> Spec:
    return cases["toy"].spec()


def one_of(kind: str, spec: Spec, cases: Cases) -> tuple[WhatIf, Spec, str]:
    """Return a what-if with a policy of a kind, its specification and the policy's id; the case's where it has one."""
    for name, policy in spec.policies.items():
        if policy.kind == kind:  # type: ignore[attr-defined]
            return WhatIf("toy"), spec, name
    added, name = add_policy(WhatIf("toy"), cases, kind)
    return added, spec_of(added, cases), name


@pytest.mark.parametrize("kind", catalogue())
def test_every_field_has_a_control_in_both_languages(kind: str, case: Spec, cases: Cases) -> None:
    _, spec, name = one_of(kind, case, cases)
    made = controls(spec, name)
    fields = set(catalogue()[kind].model_fields) - {"kind"}
    assert {one.path.split(".")[-1] for one in made} == fields
    assert len(made) == len(fields)
    for one in made:
        field = one.path.split(".")[-1]
        assert is_named(kind, field), field
        assert one.help
        assert KINDS.get(field, one.kind) == one.kind
        for code in ("en", "zh"):
            words = words_in(code)
            assert words(one.label)
            assert words.documented(one.help)
            assert all(words.name(option) for option in (*one.options, *one.columns))
        assert words_in("zh")(one.label) != one.label
        assert words_in("zh").documented(one.help) != one.help
    assert words_in("zh").documented(about(kind)) != about(kind)


def test_no_translation_is_of_what_nobody_says() -> None:
    """Documentation that changes takes its translation along."""
    texts = {about(kind) for kind in catalogue()}
    texts |= {
        " ".join((info.description or "").split()) for one in catalogue().values() for info in one.model_fields.values()
    }
    held = words_in("zh").documents  # type: ignore[attr-defined]
    assert set(held) <= texts
    numbers = re.compile(r"\d+(?:[.,]\d+)+")
    assert [text for text, said in held.items() if not set(numbers.findall(said)) <= set(numbers.findall(text))] == []


@pytest.mark.parametrize("kind", catalogue())
def test_what_a_control_shows_set_back_loads_and_changes_nothing(kind: str, case: Spec, cases: Cases) -> None:
    whatif, spec, name = one_of(kind, case, cases)
    for one in controls(spec, name):
        again = spec_of(whatif.set(one.path, one.value), cases)
        assert told(again) == told(spec)
        assert change(whatif, cases, one.path, one.value) == whatif


def told(spec: Spec) -> dict[str, dict[str, object]]:
    """Return policies as plain values, a single city as a list of one."""
    shown = {name: policy.model_dump() for name, policy in spec.policies.items()}
    return {
        name: one | ({"city": spec.policies[name].cities()} if "city" in one else {}) for name, one in shown.items()
    }


def other(one: Control) -> object:
    """Return another value that a control allows."""
    if one.kind in ("number", "share"):
        low = float(one.low or 0.0)  # type: ignore[arg-type]
        high = float(one.high) if one.high is not None else low + 10  # type: ignore[arg-type]
        return high if one.value != high else (low + high) / 2
    return {
        "switch": not one.value, "date": "2012-Q1" if one.path.endswith("end") else "2008-Q1", "text": "why",
        "choice": one.options[-1].value if one.options else None, "several": [one.options[-1].value] if one.options else [],
        "table": {one.options[0].value: 1.0} if one.options else {},
        "assignment": {one.options[0].value: [option.value for option in one.columns[:1]]} if one.options else {},
    }[one.kind]  # fmt: skip


def test_what_a_control_allows_loads_but_for_clashes(case: Spec, cases: Cases) -> None:
    """Ends of limits, other dates, other choices: whatever is refused is refused in words at a path of the policy."""
    loaded = 0
    for kind in catalogue():
        whatif, spec, name = one_of(kind, case, cases)
        for one in controls(spec, name):
            problems = problems_of(whatif.set(one.path, other(one)), cases)  # type: ignore[arg-type]
            loaded += not problems
            assert all(p.path.startswith("policies.") and p.message for p in problems)
            assert not problems or one.kind in ("date", "several"), (one, problems)
    assert loaded > 250


def problems_of(whatif: WhatIf, cases: Cases) -> list[Problem]:
    """Return what is wrong with a what-if."""
    try:
        spec_of(whatif, cases)
    except SpecError as error:
        return error.problems
    return []


@pytest.mark.parametrize("kind", catalogue())
def test_a_range_in_the_documentation_holds_the_default(kind: str) -> None:
    for name, info in catalogue()[kind].model_fields.items():
        ends = usual_range(info)
        if ends is not None:
            assert ends[0] < ends[1]
            assert ends[0] <= info.get_default() <= ends[1] or (kind, name) in {("power_supply", "treatment")}


def test_drawn_numbers_say_so_with_their_source(case: Spec) -> None:
    by = {one.path: one for one in controls(case, "campaign")}
    targeting = by["policies.campaign.targeting"]
    assert targeting.drawn
    assert targeting.range == (1, 2.5)
    assert targeting.source == "Made up for tests"
    assert not by["policies.campaign.effort"].drawn
    assert by["policies.campaign.effort"].optional
    assert by["policies.campaign.mode"].required


def test_kinds_that_a_case_lacks_are_added_with_sizes_that_load() -> None:
    shipped = cases_in(None)
    added = 0
    for name in ("chenzhou", "zhoukou"):
        whatif, names = WhatIf(name), []
        for kind in kinds_lacking(shipped[name].spec()):
            whatif, policy = add_policy(whatif, shipped, kind)
            names.append(policy)
        spec = spec_of(whatif, shipped)
        assert kinds_lacking(spec) == ()
        assert all(spec.policies[policy].on for policy in names)
        added += len(names)
    assert added > 40


def test_what_an_added_policy_costs_or_achieves_is_not_known(cases: Cases) -> None:
    shipped = cases_in(None)
    whatif, name = add_policy(WhatIf("chenzhou"), shipped, "follow_up")
    spec = spec_of(whatif, shipped)
    assert spec.register.inputs[f"policies.{name}.outlay"].ranged
    assert f"policies.{name}.supervised_share" not in spec.register.inputs
    assert outlay_of(spec, name) > 0


def test_a_second_of_a_kind_has_a_name_of_its_own_and_clashes_are_told(case: Spec, cases: Cases) -> None:
    assert new_policy("aftercare", case)[0].path.split(".")[1] not in case.policies
    added, name = add_policy(WhatIf("toy"), cases, "incentive_package")
    assert not set(spec_of(added, cases).policies[name].cities()) & set(case.policies["incentives"].cities())
    with pytest.raises(SpecError, match="overlap"):
        spec_of(added.set(f"policies.{name}.city", "beta"), cases)
    with pytest.raises(SpecError, match="did you mean 'aftercare'"):
        new_policy("aftercar", case)


def test_a_package_is_switched_as_one(cases: Cases, case: Spec) -> None:
    on = set_package(WhatIf("toy"), cases, "soft", True)
    assert spec_of(on, cases).on == case.on | {"incentives", "approvals"}
    assert set_package(on, cases, "soft", False) == WhatIf("toy")
    with pytest.raises(SpecError, match="no policy or package"):
        set_package(on, cases, "sooft", True)


def test_problems_stand_beside_their_controls() -> None:
    problems = [
        Problem("a", path="policies.x.city[1]"),
        Problem("b", path="policies.x.output.electronics"),
        Problem("c"),
    ]
    told = by_path(problems, ("policies.x.city", "policies.x.output", "policies.x"))
    assert {path: [one.message for one in some] for path, some in told.items()} == {
        "policies.x.city": ["a"], "policies.x.output": ["b"], "": ["c"],
    }  # fmt: skip


def test_a_new_kind_of_policy_has_its_controls_by_being_there(case: Spec) -> None:
    from dataclasses import replace

    from relocsim.world.described import Share

    class Novel(Policy):
        """New."""

        kind: str = "novel"
        """Kind."""
        reach: Share = 0.4
        """How far; assumed (0.2 to 0.6)."""

        def changes(self, site: object, elapsed: int) -> list:  # type: ignore[override]
            return []

    made = controls(replace(case, policies={"it": Novel(start="2009-Q1")}), "it")  # type: ignore[arg-type]
    reach = next(one for one in made if one.path == "policies.it.reach")
    assert (reach.kind, reach.label, reach.usual) == ("share", "reach", (0.2, 0.6))


def test_usual_rivals_lie_on_the_corridor(case: Spec) -> None:
    assert usual_rivals(case)
    assert case.scenario.study.city not in usual_rivals(case)


def test_every_unit_of_a_schema_is_written_in_both_languages() -> None:
    from relocsim.language.units import UNITS
    from relocsim.spec.shapes import Number, Record, Row, Table
    from relocsim.world.description import WorldDescription

    def units(shape: object) -> set[str]:
        if isinstance(shape, Number):
            return {shape.unit} if shape.unit else set()
        if isinstance(shape, Record):
            return set().union(*(units(one) for one in shape.fields.values()))
        return units(shape.item) if isinstance(shape, Table | Row) else set()

    assert set().union(*(units(Record(one)) for one in (WorldDescription, *catalogue().values()))) <= UNITS
