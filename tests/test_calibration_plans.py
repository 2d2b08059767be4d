"""Plans of calibrations: every error with its place, figures that may not be fitted to; inputs drawn by a posterior."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from batching import TOY
from calibrating import SUM, calibration_file
from typer.testing import CliRunner

from relocsim.calibration.measures import read
from relocsim.calibration.plan import Measured
from relocsim.calibration.planning import check_calibration, load_calibration
from relocsim.calibration.tolerances import error_of
from relocsim.cli import app
from relocsim.model import RelocationModel
from relocsim.spec import load

TOLD = "place: Beta, what: made up, grade: document, seen: document"
EVIDENCE = f"""format: 1
kind: evidence
figures:
  moved: {{{TOLD}, number: 0.3, use: calibrate, source: a book}}
  counted: {{{TOLD}, number: [145, 227], use: calibrate, source: a page}}
  later: {{{TOLD}, number: 0.5, use: validate, source: a paper}}
"""
ONE = {"measure": {"observable": "capture"}, "value": 1.0, "tolerance": 0.5, "source": "made up"}
FLOW = {"flow": "investment", "stage": "signed", "places": ["beta"]}


def told(path: Path) -> str:
    return "\n".join(str(problem) for problem in check_calibration(path))


WRONG = {
    "factor": ({"tolerance": "x/0.5"}, "a factor is above 1"),
    "word": ({"tolerance": "wide"}, "expected a number above 0, a percentage such as +-20%"),
    "zero": ({"tolerance": 0}, "factor such as x/1.5, found 0"),
    "unsourced": ({"source": ""}, "'source' is missing"),
    "homeless": ({"case": "other"}, "there is no case 'other'"),
    "misspelt": ({"measure": {"observable": "captur"}}, "observable 'captur' (did you mean 'capture'?)"),
    "nowhere": ({"measure": {"observable": "capture", "place": "bet"}}, "there is no place 'bet'"),
    "dated": ({"measure": {"observable": "capture", "from": "2009-Q1"}}, "'from' is of flows"),
    "doubled": ({"measure": {**FLOW, "observable": "capture"}}, "expected one of observable and flow"),
    "late": ({"measure": {**FLOW, "until": "2015-Q1"}}, "2015-Q1 is not within the case, 2008-Q1 to 2010-Q1"),
    "foreign": ({"measure": {**FLOW, "origins": ["beta"]}}, "there is no origin 'beta'"),
    "timeless": ({"measure": {**FLOW, "flow": "expected", "kinds": ["move"]}}, "has no kinds and no dates"),
}


def test_everything_wrong_with_targets_is_said_at_once_with_its_place(tmp_path: Path) -> None:
    path = calibration_file(tmp_path, targets={name: {**ONE, **entries} for name, (entries, _) in WRONG.items()})
    said = {
        str(problem).split("targets.")[1].split(".")[0].split(":")[0]: str(problem)
        for problem in check_calibration(path)
    }
    for name, (_, words) in WRONG.items():
        assert words in said[name], name
        assert said[name].startswith(f"{path}:"), "file, line and column"


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"parameters": ["sensitivty"]}, "parameters[0]: no input with a range is called 'sensitivty' (did you mean"),
        ({"targets": {}}, "targets: there are no targets"),
        (
            {"targets": {"one": {**ONE, "measure": {**FLOW, "until": "2015"}}}},
            "expected a quarter such as 2010-Q1, found '2015'",
        ),
        ({"cases": {"toy": {"scenario": "no.yaml"}}}, "no.yaml: there is no such file"),
        ({"runs": {"prior": 3}}, "runs.prior: expected a number of at least 10, found 3"),
        ({"runs": {"priors": 3}}, "unknown key 'priors' (did you mean 'prior'?)"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_with_its_place(
    tmp_path: Path, entries: dict[str, object], words: str
) -> None:
    path = calibration_file(tmp_path, **entries)
    said = told(path)
    assert words in said
    assert said.startswith(f"{path}:"), "file, line and column"


def test_a_broken_plan_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = calibration_file(tmp_path, parameters=["sensitivty"])
    done = CliRunner().invoke(app, ["calibrate", str(path), "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert "did you mean 'sensitivity'?" in done.stderr
    assert not (tmp_path / "out").exists()
    assert CliRunner().invoke(app, ["check", str(path)]).exit_code == 2


def with_evidence(tmp_path: Path, evidence: str = EVIDENCE, part: str = "targets", **target: object) -> Path:
    (tmp_path / "evidence.yaml").write_text(evidence, encoding="utf-8")
    one = {"measure": {"observable": "capture"}, "tolerance": 0.5, **target}
    other = {} if part == "targets" else {"targets": SUM}
    return calibration_file(tmp_path, evidence="evidence.yaml", **{**other, part: {"one": one}})


def test_targets_take_figures_that_are_for_calibration_and_no_others(tmp_path: Path) -> None:
    (aim,) = load_calibration(with_evidence(tmp_path, figure="moved")).aims
    assert (aim.value, aim.source) == (0.3, "a book")
    (aim,) = load_calibration(with_evidence(tmp_path, figure="counted", item=0, share_of=[0, 1])).aims
    assert aim.value == pytest.approx(145 / 372)
    refused = told(with_evidence(tmp_path, figure="later"))
    assert "the figure 'later' is for use 'validate' and not for calibration (name it under held_out" in refused
    (held,) = load_calibration(with_evidence(tmp_path, part="held_out", figure="later")).held_out
    assert held.value == 0.5


def test_what_is_wrong_with_figures_is_said(tmp_path: Path) -> None:
    wrong: dict[str, tuple[dict[str, object], str]] = {
        "unknown": ({"figure": "move"}, "there is no figure of the evidence 'move' (did you mean 'moved'?)"),
        "which": ({"figure": "counted"}, "has 2 numbers (say which with item"),
        "past": ({"figure": "counted", "item": 2}, "past.item: expected at most 1, found 2"),
        "whole": ({"figure": "counted", "item": 0, "share_of": [0, 5]}, "whole.share_of: expected at most 1, found 5"),
        "twice": ({"figure": "moved", "value": 1}, "a target has a value or a figure that gives it"),
    }
    (tmp_path / "evidence.yaml").write_text(EVIDENCE, encoding="utf-8")
    targets = {
        name: {"measure": {"observable": "capture"}, "tolerance": 0.5, **one} for name, (one, _) in wrong.items()
    }
    said = told(calibration_file(tmp_path, evidence="evidence.yaml", targets=targets))
    for name, (_, words) in wrong.items():
        assert words in said, name


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (EVIDENCE.replace("number: 0.3", "number: some"), "evidence.yaml:4:"),
        (EVIDENCE.replace("number: 0.3, use: calibrate", "number: 0.3, use: calibration"), "evidence.yaml:4:"),
        (EVIDENCE.replace("number: 0.3, use", "use"), "the figure 'moved' has 0 numbers"),
        ("format: 1\nkind: evidence\ntables: {}\n", "unknown key 'tables'"),
    ],
)
def test_what_is_wrong_with_evidence_is_said(tmp_path: Path, evidence: str, words: str) -> None:
    assert words in told(with_evidence(tmp_path, evidence, figure="moved"))


def test_a_sound_plan_is_checked_as_such(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["check", str(calibration_file(tmp_path))]).stdout.endswith("calibration.yaml: ok\n")


def test_parameters_are_paths_families_or_all_of_a_part(tmp_path: Path) -> None:
    spec = load(TOY)
    parts = load_calibration(calibration_file(tmp_path, parameters=["all parameters"])).families
    paths = [entry.path for one in parts for entry in one.inputs]
    assert sorted(paths) == [entry.path for entry in spec.register.ranged() if entry.path.startswith("parameters.")]
    (fees,) = load_calibration(calibration_file(tmp_path, parameters=["other places: fees"])).families
    assert len(fees.inputs) > 1
    (path,) = load_calibration(calibration_file(tmp_path, parameters=["places.alpha.fees"])).families
    assert [entry.path for entry in path.inputs] == ["places.alpha.fees"]
    clash = told(calibration_file(tmp_path, parameters=["places.alpha.fees", "other places: fees"]))
    assert "places.alpha.fees is moved by" in clash


def test_cases_share_parameters_of_the_same_name(tmp_path: Path) -> None:
    cases = {name: {"scenario": str(TOY)} for name in ("one", "two")}
    cases["two"] = {**cases["two"], "settings": {"parameters.horizon": 9}}
    targets = {name: {**ONE, "measure": {"observable": "capture"}, "case": name} for name in cases}
    found = load_calibration(calibration_file(tmp_path, cases=cases, targets=targets))
    assert [one.label for one in found.families] == ["horizon", "nest_lambda", "sensitivity"]
    assert [len(case.families) for case in found.cases] == [3, 2], "what a case sets is no parameter of it"
    assert "there are several cases (add case: one of one, two)" in told(calibration_file(tmp_path, cases=cases))


def test_tolerances_are_deviations() -> None:
    assert error_of(0.5, 10) == (0.5, False)
    assert error_of("+-20%", -10) == (2.0, False)
    assert error_of("x/2", 10) == (pytest.approx(np.log(2)), True)


def test_measures_are_sums_over_projects(baseline: RelocationModel) -> None:
    projects, places = baseline.projects, baseline.setting.places
    beta = places.row("beta")
    studied = places.from_studied(projects.origin) & (projects.kind < 3)
    signed = studied & (projects.place == beta) & (projects.dates[1] >= 4) & (projects.dates[1] <= 11)
    flow = {"flow": "investment", "stage": "signed", "places": ("beta",), "from": "2009-Q1", "until": "2010-Q4"}
    assert read(Measured(**flow), baseline) == pytest.approx(projects.investment[signed].sum())
    soon = signed & (projects.dates[3] >= 0) & (projects.dates[3] <= projects.dates[1] + 4)
    within = Measured(**{**flow, "stage": "ground", "within": 4, "flow": "projects"})
    assert read(within, baseline) == pytest.approx(projects.firms[soon].sum())
    moves = Measured(flow="jobs", stage="signed", kinds=("move",), everywhere=True)
    rows = places.from_studied(projects.origin) & (projects.kind == 1) & (projects.dates[1] >= 0)
    assert read(moves, baseline) == pytest.approx(projects.jobs[rows].sum())
    parts = [read(Measured(flow="expected", places=(name,)), baseline) for name in places.ids]
    province = baseline.spec.world.places["beta"].province
    there = [name for name, place in baseline.spec.world.places.items() if place.province == province]
    whole = sum(part for part, name in zip(parts, places.ids, strict=True) if name in there)
    assert read(Measured(flow="expected", province=province), baseline) == pytest.approx(whole)
    inflow = Measured(observable="inflow", place="delta")
    came = places.from_studied(projects.origin) & (projects.dates[4] >= 0) & (projects.place == places.row("delta"))
    assert read(inflow, baseline) == pytest.approx(projects.investment[came].sum())
