"""The contract that every policy keeps, by one test for all of the folder; and what each does to its levers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from runs import bits, changed, with_policy, with_scenario

import relocsim
from relocsim.foundation import empty_levers
from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.policies import Policy, catalogue
from relocsim.spec import Spec
from relocsim.world.levers import LEVERS

KINDS = list(catalogue())
START = 2
"""Quarters after the start of the scenario in which policies under test begin."""
ROOT = Path(relocsim.__file__).parent


@pytest.fixture(scope="module", params=KINDS)
def cls(request: pytest.FixtureRequest) -> type[Policy]:
    return catalogue()[request.param]


@pytest.fixture(scope="module")
def policy(cls: type[Policy]) -> Any:
    return cls.model_validate(cls.example)


@pytest.fixture(scope="module")
def alone(chenzhou: Spec) -> Spec:
    """The small Chenzhou scenario without any policy, six quarters of it."""
    end = chenzhou.scenario.start + START + 3
    return with_scenario(Spec(chenzhou.scenario, chenzhou.world, {}, chenzhou.register), end=end)


@pytest.fixture(scope="module")
def laid(alone: Spec) -> Callable[[Spec], Foundation]:
    """What the runs of a scenario share, laid once for all policies that name the same lines."""
    known: dict[frozenset[str], Foundation] = {}

    def found(spec: Spec) -> Foundation:
        lines = frozenset(line for policy in spec.policies.values() for line in getattr(policy, "lines", ()))
        if lines not in known:
            known[lines] = lay_foundation(spec)
        return replace(known[lines], spec=spec)

    return found


@pytest.fixture(scope="module")
def tried(policy: Any, alone: Spec, laid: Callable[[Spec], Foundation]) -> Foundation:
    """That scenario with the example as a policy of its own, from the third quarter."""
    return laid(with_policy(alone, "tried", changed(policy, start=alone.scenario.start + START, end=None)))


Bits = dict[str, bytes]


@pytest.fixture(scope="module")
def untried(alone: Spec, laid: Callable[[Spec], Foundation]) -> Callable[[Foundation], tuple[Bits, Bits]]:
    """The bits before the policy starts and at the end, in a world where it is not in the file or, as it names lines, off.

    Lines that a policy names are closed where it is not in force: one run serves all policies that name the same ones.
    """
    known: dict[frozenset[str], tuple[Bits, Bits]] = {}

    def found(tried: Foundation) -> tuple[Bits, Bits]:
        lines = frozenset(tried.named_lines)
        if lines not in known:
            foundation = tried if lines else laid(alone)
            model = stepped(RelocationModel(foundation.spec, foundation=foundation, on=()), START)
            known[lines] = bits(model), bits(model.run())
        return known[lines]

    return found


def stepped(model: RelocationModel, quarters: int) -> RelocationModel:
    """Return a model after so many quarters more."""
    for _ in range(quarters):
        model.step()
    return model


@dataclass(frozen=True)
class Course:
    """What a run with a policy that ends two quarters after it starts left."""

    before: Bits
    """As it starts."""
    outlays: np.ndarray
    """What places spend in the quarter in which it starts."""
    moved: list[bool]
    """Whether any lever is moved, by quarter."""


@pytest.fixture(scope="module")
def course(tried: Foundation) -> Course:
    """One run that tells what comes before the policy starts, as it starts, and after its end."""
    end = tried.spec.scenario.start + START + 2
    ended = with_policy(tried.spec, "tried", changed(tried.spec.policies["tried"], end=end))
    model, moved = RelocationModel(ended, foundation=tried, on=["tried"]), []
    for quarter in range(START + 4):
        if quarter == START:
            before, outlays = bits(model), model.outlays()
        model.step()
        moved.append(any(np.any(model.levers[name] != lever.neutral) for name, lever in LEVERS.items()))
    return Course(before, outlays, moved)


def test_foundations_that_are_shared_are_those_laid_with_policies(
    alone: Spec, laid: Callable[[Spec], Foundation]
) -> None:
    examples = [kind.model_validate(kind.example) for kind in catalogue().values() if "lines" not in kind.model_fields]
    given = {one.kind: changed(one, start=alone.scenario.start + START, end=None) for one in examples}
    shared, own = laid(alone), lay_foundation(replace(alone, policies=given))
    assert len(given) > 20
    assert own.setting.places.rule.tobytes() == shared.setting.places.rule.tobytes()
    for name in ("output", "presence", "reference_cost", "start_pressure", "revealed_value"):
        assert getattr(own, name).tobytes() == getattr(shared, name).tobytes(), name


def test_it_is_documented(cls: type[Policy]) -> None:
    assert len(cls.__doc__ or "") > 80
    assert cls.title
    assert cls.title_zh
    assert all(ord(letter) > 127 for letter in cls.title_zh)
    for name, field in cls.model_fields.items():
        assert field.description, name


def test_its_example_is_complete_and_of_its_kind(cls: type[Policy], policy: Any) -> None:
    assert policy.kind == cls.example["kind"]
    assert catalogue()[policy.kind] is cls
    assert {"kind", "start"} <= set(cls.example)


def test_it_is_frozen_and_takes_no_unknown_field(cls: type[Policy], policy: Any) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        policy.intensity = 2.0
    with pytest.raises(ValidationError, match="Extra inputs"):
        cls.model_validate({**cls.example, "colour": "red"})


def test_every_number_of_its_own_has_a_unit_and_limits(cls: type[Policy]) -> None:
    for name, field in cls.model_fields.items():
        if field.annotation is float:
            assert (field.json_schema_extra or {}).get("unit"), name
            assert field.metadata, name


def test_it_moves_the_levers_that_it_names_and_no_other(cls: type[Policy], policy: Any, tried: Foundation) -> None:
    assert set(cls.moves) <= set(LEVERS)
    moved = {change.lever for elapsed in range(41) for change in policy.changes(tried.site, elapsed)}
    assert moved == set(cls.moves)


def test_its_changes_fit_the_levers(policy: Any, tried: Foundation) -> None:
    for elapsed in range(41):
        levers = empty_levers(tried.setting, tried.site)
        levers.apply(policy.changes(tried.site, elapsed))
        for name in LEVERS:
            assert np.all(np.isfinite(levers[name]))
            assert np.all(levers[name] >= 0)


def test_its_cost_is_never_negative_and_grows_with_intensity(policy: Any, chenzhou: Spec) -> None:
    terms = chenzhou.world.parameters
    for elapsed in range(41):
        spent = policy.spends(terms, elapsed)
        assert 0 <= policy.cost(elapsed) <= spent
        assert changed(policy, intensity=0.0).spends(terms, elapsed) == 0
        assert changed(policy, intensity=2.0).spends(terms, elapsed) == pytest.approx(2 * spent)


def test_at_zero_intensity_it_changes_no_lever(policy: Any, tried: Foundation) -> None:
    inert = changed(policy, intensity=0.0)
    for elapsed in (0, 3, 40):
        levers = empty_levers(tried.setting, tried.site)
        levers.apply(inert.changes(tried.site, elapsed))
        for name, lever in LEVERS.items():
            assert np.all(levers[name] == lever.neutral), name


def test_at_zero_intensity_a_run_has_the_bits_of_one_without_it(tried: Foundation, untried: Any) -> None:
    begun = tried.spec.policies["tried"]
    inert = with_policy(tried.spec, "tried", changed(begun, intensity=0.0))
    _, end = untried(tried)
    assert bits(RelocationModel(inert, foundation=tried, on=["tried"]).run()) == end


def test_nothing_changes_before_it_starts(course: Course, tried: Foundation, untried: Any) -> None:
    before, _ = untried(tried)
    assert course.before == before


def test_after_its_end_its_levers_are_back(course: Course) -> None:
    assert course.moved == [False] * START + [True, True, False, False]


def test_its_payers_pay_its_cost(policy: Any, course: Course, tried: Foundation) -> None:
    payers = tried.site.at("places", policy.payers()) if policy.payers() else []
    expected = np.zeros(len(tried.site.places))
    expected[payers] = policy.spends(tried.spec.world.parameters, 0)
    np.testing.assert_array_equal(course.outlays, expected)


# ---------------------------------------------------------------- policies by themselves


def test_policies_are_found_by_folder() -> None:
    files = {path.stem for path in (ROOT / "policies").glob("*.py")} - {"__init__", "base"}
    assert files == set(KINDS)


@pytest.mark.parametrize("kind", ["park_expansion", "supplier_cultivation"])
def test_what_is_built_costs_its_price_in_all_and_grows_evenly(foundation: Foundation, kind: str) -> None:
    policy: Any = next(policy for policy in foundation.spec.policies.values() if getattr(policy, "kind", "") == kind)
    quarters = round(4 * policy.build_years)
    whole = sum(policy.cost(elapsed) for elapsed in range(100))
    assert policy.cost(quarters - 1) > 0 == policy.cost(quarters)
    assert policy.cost(0) == pytest.approx(whole / quarters)
    if kind == "park_expansion":
        assert whole == pytest.approx(policy.land * policy.land_cost + policy.floor * policy.floor_cost)
        last = {change.lever: change.value for change in policy.changes(foundation.site, quarters - 1)}
        assert last == {"land_added": policy.land, "floor_added": policy.floor}


def test_a_targeted_package_reaches_its_target_alone(foundation: Foundation) -> None:
    package = changed(foundation.spec.policies["incentives"], sectors=["electronics"], classes=["large"])
    levers = empty_levers(foundation.setting, foundation.site)
    levers.apply(package.changes(foundation.site, 0))
    reached = np.argwhere(levers["capital_subsidy"] > 0)
    site = foundation.site
    assert reached.tolist() == [
        [site.places.index("beta"), site.sectors.index("electronics"), site.classes.index("large")]
    ]


def test_a_policy_of_several_cities_is_paid_by_each(foundation: Foundation) -> None:
    both = changed(foundation.spec.policies["approvals"], city=["beta", "gamma"])
    levers = empty_levers(foundation.setting, foundation.site)
    levers.apply(both.changes(foundation.site, 0))
    cut = [foundation.site.places[at] for at in np.flatnonzero(levers["fees"] < 1)]
    assert cut == ["beta", "gamma"]
    assert both.payers() == ("beta", "gamma")
