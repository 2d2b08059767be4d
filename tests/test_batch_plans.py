"""Plans: what is refused and where it says so, what designs mean, what a point is."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from batching import LEVERS, SMALL, START, TOY, plan_file
from hypothesis import given
from hypothesis import strategies as st

from relocsim.batch.designs import Axis, design_points
from relocsim.batch.ledger import Extent, ledger_of
from relocsim.batch.planning import check_plan, load_plan, setting
from relocsim.batch.points import Points, points_of
from relocsim.batch.precision import rounds_of
from relocsim.errors import SpecError
from relocsim.spec import load
from relocsim.spec.assigning import Assigner, assigned, value_at
from relocsim.spec.digest import Fingerprints
from relocsim.spec.nodes import steps_of

SUBSIDY = "policies.incentives.capital_subsidy"
SENSITIVITY = {"path": "parameters.sensitivity", "range": "declared"}
AXES = [Axis("a", (False, True), None), Axis("b", (1, 2, 3), None), Axis("c", (), lambda u: 10 + u)]


def expanded(folder: Path, **entries: Any) -> Points:
    planned = load_plan(plan_file(folder, **entries))
    return points_of(planned.plan, planned.spec)


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"scenari": "x"}, "scenari: unknown key 'scenari' (did you mean 'scenario'?)"),
        ({"scenario": "nowhere.yaml"}, "nowhere.yaml: there is no such file"),
        ({"settings": {"scenario.firm": 3}}, "scenario.firm: there is no entry 'firm' (did you mean 'firms'?)"),
        ({"replicates": 0}, "replicates: expected a number of at least 1"),
        ({"levers": {"factors": {"x": {}}}}, "levers.factors.x: expected one of path and policy"),
        (
            {"levers": {"factors": {"x": {"policy": "incentive"}}}},
            "there is no policy or package 'incentive' (did you mean",
        ),
        ({"levers": {"factors": {"x": {"policy": "soft", "levels": [0, 1]}}}}, "a policy is off or on"),
        ({"levers": {"factors": {"x": {"path": SUBSIDY}}}}, "expected levels or a range"),
        (
            {"levers": {"factors": {"x": {"path": SUBSIDY, "levels": [0.1, 7]}}}},
            "levels[1]: policies.incentives.capital_subsidy",
        ),
        ({"levers": {"factors": {"x": {"path": "policies.hsr.stop", "levels": [1, 2]}}}}, "there is no entry 'stop'"),
        ({"levers": {"factors": {"x": {"path": SUBSIDY, "range": [0.2, 0.1]}}}}, "expected the lower end first"),
        ({"levers": {"factors": {"x": {"path": SUBSIDY, "range": [0, 1], "log": True}}}}, "expected positive ends"),
        ({"levers": {"factors": {"x": {"path": SUBSIDY, "range": "declared"}}}}, "there is no input"),
        ({"levers": {"factors": {"x": {"path": SUBSIDY, "levels": [0.1, 0.1]}}}}, "a level is given twice"),
        ({"levers": {**LEVERS, "design": "sobol"}}, "needs a number of samples (add samples: 64)"),
        ({"levers": {**LEVERS, "samples": 3}}, "takes no samples"),
        ({"levers": {**LEVERS, "design": "list"}}, "a list needs points"),
        (
            {"levers": {**LEVERS, "design": "list", "points": [{"subsid": 0.1}]}},
            "there is no factor 'subsid' (did you mean",
        ),
        ({"uncertainties": {"factors": {"subsidy": SENSITIVITY}}}, "there is a lever called 'subsidy' too"),
        ({"uncertainties": {"factors": {"x": {"path": SUBSIDY, "levels": [0.3]}}}}, "set by 'subsidy' too"),
        ({"record": {"observables": ["captur"]}}, "there is no observable 'captur' (did you mean 'capture'?)"),
        ({"record": {"columns": ["wages"]}}, "there is no column of places 'wages'"),
        ({"record": {"flows": ["investment"], "places": ["bet"]}}, "there is no place 'bet' (did you mean 'beta'?)"),
        ({"record": {"observables": []}}, "nothing is recorded"),
        (
            {"replicates": {"most": 20, "until": {"effect": "subsidies", "on": "capture", "half_width": 1}}},
            "there is no lever 'subsidies' (did you mean 'subsidy'?)",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, entries: dict[str, Any], words: str) -> None:
    problems = check_plan(plan_file(tmp_path, **entries))
    assert len(problems) == 1, "\n".join(map(str, problems))
    assert words in str(problems[0])
    assert str(tmp_path / "plan.yaml") in problems[0].file
    assert problems[0].line
    assert problems[0].column


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    factors = {"a": {"policy": "incentive"}, "b": {"path": SUBSIDY, "levels": [7]}}
    problems = check_plan(plan_file(tmp_path, levers={"factors": factors}, record={"observables": ["captur"]}))
    assert len(problems) == 3
    assert problems == sorted(problems, key=lambda one: (one.line, one.column))


def test_designs_have_their_points() -> None:
    def made(design: str, samples: int | None = None) -> list[tuple[object, ...]]:
        points = design_points(design, AXES, samples=samples, seed=3)
        return [tuple(point.get(name) for name in "abc") for point in points]

    assert made("one at a time")[:3] == [(None, None, None), (False, None, None), (True, None, None)]
    assert len(made("one at a time")) == 1 + 2 + 3 + 2
    assert len(set(made("full factorial"))) == 2 * 3 * 2
    fraction = made("fractional factorial")
    assert len(fraction) == 8
    assert {row[1] for row in fraction} == {1, 3}
    assert all(sum(row[at] == level for row in fraction) == 4 for at, level in ((1, 3), (2, 11.0)))
    cube = made("latin hypercube", 6)
    assert sorted(int(6 * (c - 10)) for _, _, c in cube) == list(range(6))
    assert [sum(row[1] == level for row in cube) for level in (1, 2, 3)] == [2, 2, 2]
    assert len(made("sobol", 4)) == 4 * (3 + 2)
    steps = np.array([[float(a), b, c] for a, b, c in made("morris", 2)])
    assert len(steps) == 2 * (3 + 1)
    assert ((np.diff(steps[:4], axis=0) != 0).sum(axis=1) <= 1).all()
    for design in ("latin hypercube", "sobol", "morris"):
        assert made(design, 4) == made(design, 4), "a plan always means the same points"


def test_a_design_of_an_extra_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "SALib.sample", None)
    monkeypatch.setitem(sys.modules, "SALib", None)
    with pytest.raises(SpecError, match=r"relocsim\[designs\]"):
        design_points("morris", AXES, samples=1, seed=1)


def test_levers_are_crossed_with_uncertainties_and_vary_fastest(tmp_path: Path) -> None:
    unknown = {"design": "latin hypercube", "samples": 3, "factors": {"sensitivity": SENSITIVITY}}
    points = expanded(tmp_path, uncertainties=unknown)
    assert len(points.rows) == 12
    assert len({row["sensitivity"] for row in points.rows[:4]}) == 1
    assert len({row["sensitivity"] for row in points.rows}) == 3
    low, high = (
        load(TOY).register.inputs["parameters.sensitivity"].low,
        load(TOY).register.inputs["parameters.sensitivity"].high,
    )
    assert all(low <= row["sensitivity"] <= high for row in points.rows)


def test_points_that_come_to_the_same_are_played_once(tmp_path: Path) -> None:
    levers = {**LEVERS, "design": "one at a time", "factors": {"subsidy": {"path": SUBSIDY, "levels": [0.1, 0.2]}}}
    points = expanded(tmp_path, levers=levers)
    assert points.point == (0, 0, 1), "0.1 is what the scenario says"
    assert [row["subsidy"] for row in points.rows] == [0.1, 0.1, 0.2]


def test_a_list_leaves_what_it_does_not_name(tmp_path: Path) -> None:
    levers = {
        "design": "list",
        "factors": {
            "subsidy": {"path": SUBSIDY},
            "soft": {"policy": "soft"},
            "awareness": {"path": "switches.awareness"},
        },
        "points": [{}, {"soft": True}, {"subsidy": 0.3, "awareness": False}],
    }
    points = expanded(tmp_path, levers=levers)
    assert [tuple(row.values()) for row in points.rows] == [(0.1, False, True), (0.1, True, True), (0.3, False, False)]
    assert points.values[1] == {("policies", name, "on"): True for name in ("incentives", "approvals")}


def test_ranges_are_even_and_whole_where_the_entry_is(tmp_path: Path) -> None:
    factors = {
        "subsidy": {"path": SUBSIDY, "range": [0.01, 1], "log": True},
        "firms": {"path": "scenario.firms", "range": [100, 201]},
    }
    settings = {key: value for key, value in {**SMALL, **START}.items() if key != "scenario.firms"}
    points = expanded(
        tmp_path, settings=settings, levers={"design": "latin hypercube", "samples": 20, "factors": factors}
    )
    logs = sorted(math.log10(row["subsidy"]) for row in points.rows)
    assert [math.floor(10 * (one + 2)) for one in logs] == list(range(20))
    assert all(isinstance(row["firms"], int) for row in points.rows)


VALUES: dict[str, Any] = {
    SUBSIDY: 0.25, "policies.hsr.start": "2011-03-01", "policies.campaign.on": True, "parameters.sensitivity": 1,
    "places.beta.wage": 30000, "sectors.electronics.trips": 2.5, "scenario.firms": 200, "scenario.switches.peers": False,
}  # fmt: skip


@pytest.mark.parametrize("names", [[name] for name in VALUES] + [list(VALUES)])
def test_entries_set_in_memory_are_entries_loaded(names: list[str]) -> None:
    values = {steps_of(name): VALUES[name] for name in names}
    loaded = load(TOY, settings=[setting(name, VALUES[name]) for name in names])
    assigner = Assigner(load(TOY), values)
    spec = assigner.spec(values)
    assert assigner.digest(values) == spec.digest == loaded.digest
    assert (spec.scenario, spec.world, spec.policies) == (loaded.scenario, loaded.world, loaded.policies)
    assert all(value_at(spec, steps) == value_at(loaded, steps) for steps in values)


def test_a_value_that_no_model_allows_is_refused() -> None:
    with pytest.raises(SpecError, match=r"policies\.incentives\.intensity: expected a number of at most 10"):
        assigned(load(TOY), {("policies", "incentives", "intensity"): 11.0})


def test_texts_of_specifications_beside_each_other_are_made_from_the_same_parts() -> None:
    spec, other = load(TOY), load(TOY, settings=["parameters.sensitivity=0.05"])
    beside = Fingerprints.beside(spec.scenario, spec.world, spec.policies, spec.register)
    for one in (spec, other):
        assert beside.digest(one.scenario, one.world, one.policies, one.register) == one.digest


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), min_size=1, max_size=4))
def test_a_ledger_that_grew_has_every_run_once_and_keeps_its_numbers(sizes: list[tuple[int, int]]) -> None:
    extents = [Extent(*np.max(sizes[: at + 1], axis=0).tolist()) for at in range(len(sizes))]
    ledger, before = ledger_of(extents), ledger_of(extents[:-1] or extents)
    runs = list(zip(ledger.point.tolist(), ledger.replicate.tolist(), strict=True))
    last = extents[-1]
    assert sorted(runs) == [(p, r) for p in range(last.points) for r in range(last.replicates)]
    assert runs[: len(before)] == list(zip(before.point.tolist(), before.replicate.tolist(), strict=True))


def test_replicates_stop_at_the_first_look_that_is_precise_enough(tmp_path: Path) -> None:
    until = {"effect": "subsidy", "on": "capture", "half_width": 0.5}
    planned = load_plan(plan_file(tmp_path, replicates={"least": 4, "step": 3, "most": 12, "until": until}))
    points = points_of(planned.plan, planned.spec)
    rounds = rounds_of(planned.plan, points, {digest: at for at, digest in enumerate(points.digests)})
    assert rounds is not None
    assert list(rounds.looks()) == [4, 7, 10, 12]
    assert len(rounds.pairs) == 2, "with incentives and without"

    def known(spread: float) -> Any:
        effect = spread * np.resize([-1.0, 1.0], 12)
        return lambda count: np.column_stack([np.zeros(12), effect, np.zeros(12), effect])[:count]

    assert rounds.replicates(known(0.0)) == (4, 0.0)
    replicates, half_width = rounds.replicates(known(0.6))
    assert (replicates, half_width <= 0.5) == (10, True)
    assert rounds.replicates(known(9.0))[0] == 12
    assert rounds.replicates(lambda count: None if count > 4 else known(9.0)(count))[0] == 7


def test_an_effect_that_no_pair_shows_is_refused(tmp_path: Path) -> None:
    levers = {**LEVERS, "design": "list", "points": [{"incentives": True, "subsidy": 0.1}, {"subsidy": 0.2}]}
    until = {"effect": "incentives", "on": "capture", "half_width": 0.5}
    planned = load_plan(plan_file(tmp_path, levers=levers, replicates={"most": 12, "until": until}))
    points = points_of(planned.plan, planned.spec)
    with pytest.raises(SpecError, match="no two points differ in the lever 'incentives' alone"):
        rounds_of(planned.plan, points, {digest: at for at, digest in enumerate(points.digests)})


def test_the_plan_of_the_manual_is_sound(tmp_path: Path) -> None:
    root = TOY.parents[2]
    manual = (root / "docs" / "batches.md").read_text("utf-8")
    plan = manual.split("```yaml\n")[1].split("```")[0]
    path = tmp_path / "plan.yaml"
    path.write_text(
        plan.replace("../../scenarios", Path(os.path.relpath(root / "scenarios", tmp_path)).as_posix()), "utf-8"
    )
    assert check_plan(path) == []
