"""Factors that are groups of inputs: the same quantile for all, by the laws that replicates draw with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from batching import SMALL, START, TOY, plan_file
from formulas import Formulas

from relocsim.batch.executing import run_batch
from relocsim.batch.planning import load_plan
from relocsim.batch.points import members_of, points_of
from relocsim.batch.stored import StoredBatch
from relocsim.errors import SpecError
from relocsim.spec import load
from relocsim.spec.drawing import draw
from relocsim.spec.grouping import Groups, Settler, matching

FEES = {"inputs": ["places.*.fees", "!places.beta.*"], "range": [0.05, 0.95]}
OWN = {"inputs": ["places.beta.fees"]}
OUTREACH = {"inputs": ["parameters.outreach.*.cost"]}
UNKNOWN = {"design": "sobol", "samples": 2, "factors": {"fees": FEES, "own": OWN, "outreach": OUTREACH}}


def test_a_pattern_names_inputs_with_ranges() -> None:
    register = load(TOY).register
    paths = [entry.path for entry in matching(register, FEES["inputs"])]
    assert paths
    assert all(path.startswith("places.") and path.endswith(".fees") for path in paths)
    assert "places.beta.fees" not in paths
    assert len(matching(register, ["**"])) == len(register.ranged())
    assert {e.path.split(".")[-1] for e in matching(register, OUTREACH["inputs"])} == {"cost"}


def test_all_of_a_group_are_at_one_quantile_of_their_ranges() -> None:
    spec = load(TOY)
    members = {"fees": matching(spec.register, FEES["inputs"]), "own": matching(spec.register, OWN["inputs"])}
    values = {("inputs", "fees"): 0.9, ("inputs", "own"): 0.2, ("policies", "incentives", "on"): True}
    found = Settler(spec, Groups.of(members)).settled(values)
    for entry in members["fees"]:
        assert found.world.places[entry.path.split(".")[1]].fees == draw(entry, 0.9)
    assert found.world.places["beta"].fees == draw(members["own"][0], 0.2)
    assert found.policies["incentives"].on
    assert found.world.sectors is spec.world.sectors


def test_a_plan_of_groups_is_what_replicates_draw(tmp_path: Path) -> None:
    """A run at a point plays the world that a replicate would with these uniform numbers."""
    planned = load_plan(plan_file(tmp_path, levers=None, uncertainties=UNKNOWN, inputs="central"))
    points = points_of(planned.plan, planned.spec)
    assert len(points.rows) == 2 * (3 + 2) == len(set(points.digests))
    assert all(0.05 <= row["fees"] <= 0.95 for row in points.rows)
    members = members_of(planned.plan, planned.spec)
    of = {entry.path: name for name, group in members.items() for entry in group}
    row, values = points.rows[3], points.values[3]
    drawn = load(TOY, settings=[f"{path}={value}" for path, value in {**SMALL, **START}.items()]).drawn(
        lambda path: row[of[path]] if path in of else 0.5
    )
    found = Settler(planned.spec, Groups.of(members)).settled(values)
    assert {name: one.fees for name, one in found.world.places.items()} == {
        name: one.fees for name, one in drawn.world.places.items()
    }
    assert found.world.parameters.outreach != planned.spec.world.parameters.outreach


def test_runs_of_groups_are_played_and_resumed(tmp_path: Path) -> None:
    moving = {"inputs": ["parameters.review_hazard", "parameters.relocation_rate", "parameters.entry_rate"]}
    unknown = {"design": "sobol", "samples": 2, "factors": {"moving": moving, "fees": FEES}}
    plan = plan_file(tmp_path, levers=None, uncertainties=unknown, replicates=1)
    batch = StoredBatch(run_batch(plan, tmp_path / "out"))
    assert (batch.runs["status"] == "ok").all()
    assert batch.runs["intentions"].nunique() > 2
    before = (batch.folder / "manifest.json").read_bytes()
    run_batch(plan, tmp_path / "out", executor=Formulas(lambda *_: 1 / 0))
    assert (batch.folder / "manifest.json").read_bytes() == before, "nothing is played twice"


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        ({"inputs": ["places.*.fee"]}, "no input with a range is called 'places.*.fee'"),
        ({"inputs": ["places.*.fees"], "levels": [1, 2]}, "inputs stand without path, policy and levels"),
        ({"inputs": ["places.*.fees"], "range": [-1, 2]}, "expected quantiles such as [0.05, 0.95], found [-1, 2]"),
        ({"inputs": ["places.beta.*"]}, "some of its inputs are set by 'own' too"),
        ({"path": "places.beta.fees", "range": "declared"}, "some of its inputs are set by 'own' too"),
    ],
)
def test_what_is_wrong_with_a_group_is_told(tmp_path: Path, factor: dict[str, Any], words: str) -> None:
    unknown = {"design": "morris", "samples": 2, "factors": {"own": OWN, "x": factor}}
    with pytest.raises(SpecError) as told:
        load_plan(plan_file(tmp_path, uncertainties=unknown))
    assert words in str(told.value)


def test_groups_need_a_sampled_design(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="inputs move together on sampled designs only"):
        load_plan(plan_file(tmp_path, uncertainties={"factors": {"own": OWN}}))
