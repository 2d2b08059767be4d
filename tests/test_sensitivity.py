"""Sensitivity of an effect: families of inputs, what the screening keeps, indices, swings, ranking, resume, charts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from batching import TOY
from formulas import Formulas
from typer.testing import CliRunner

from relocsim.batch.folder import BatchError
from relocsim.cli import app
from relocsim.errors import SpecError
from relocsim.report.charts.sensitivity import sensitivity_charts
from relocsim.report.sensitivities import sensitivity_screen
from relocsim.sensitivity.answering import Sensitivity, sensitivity
from relocsim.sensitivity.families import families
from relocsim.sensitivity.planning import Asked, runs_of
from relocsim.spec import load
from relocsim.spec.grouping import matching

SPEC = load(TOY)
ASKED = Asked("incentives", "inflow", ("approvals", "hsr"), trajectories=2, samples=32, replicates=2)
ON = {name: f"policies.{name}.on" for name in ("incentives", "approvals", "hsr")}


def formula(given, replicate: int) -> float:
    """Return an inflow that incentives raise by 4 x sensitivity + horizon, approvals by 2.5 and the railway by 1."""
    x = {path.removeprefix("inputs."): value for path, value in given.items() if path.startswith("inputs.")}
    gain = 4 * x.get("sensitivity", 0) + x.get("horizon", 0)
    on = {name: given.get(path, name == "hsr") for name, path in ON.items()}
    return 10 * x.get("beta-fees", 0) + gain * on["incentives"] + 2.5 * on["approvals"] + on["hsr"] + replicate


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Sensitivity:
    return sensitivity(SPEC, ASKED, tmp_path_factory.mktemp("sensitivity"), executor=Formulas(formula))


def test_every_ranged_input_is_in_one_family_and_its_patterns_name_it() -> None:
    parts = families(SPEC)
    for family in parts:
        assert matching(SPEC.register, family.patterns) == list(family.inputs), family.label
    paths = [entry.path for family in parts for entry in family.inputs]
    assert sorted(paths) == [entry.path for entry in SPEC.register.ranged()]
    assert len({family.name for family in parts}) == len(parts)
    labels = {family.label: family for family in parts}
    assert len(labels["sensitivity"].inputs) == 1
    assert {entry.path.split(".")[1] for entry in labels["beta: fees"].inputs} == {"beta"}
    assert "beta" not in {entry.path.split(".")[1] for entry in labels["other places: fees"].inputs}
    assert len(labels["outreach: cost"].inputs) > 1


def test_the_screening_keeps_what_the_effect_depends_on(found: Sensitivity) -> None:
    table = found.screening
    assert len(table) == len(families(SPEC))
    assert table.loc[table["kept"], "factor"].tolist() == ["sensitivity", "horizon"]
    np.testing.assert_allclose(table["mu_star"].head(2), [4 * 0.9, 0.9])
    assert (table["mu_star"].iloc[2:] < 1e-9).all(), "an input of the level alone is none of the effect"


def test_indices_swings_and_ranking_are_those_of_the_formula(found: Sensitivity) -> None:
    table = found.indices.set_index("factor")
    np.testing.assert_allclose(table.loc[["sensitivity", "horizon"], "total"], [16 / 17, 1 / 17], atol=0.03)
    assert table["luck"].iloc[0] == pytest.approx(0, abs=1e-9)
    swing = found.swings.set_index("factor")
    assert swing.loc["sensitivity", "swing"] == pytest.approx(4 * 0.9 * 2 / 3, rel=0.1)
    assert swing.loc["sensitivity", "swing_low"] > 0
    assert swing.loc["sensitivity", "lower"] < swing.loc["sensitivity", "mean"] < swing.loc["sensitivity", "upper"]
    ranked = found.ranking.set_index("policy")
    assert set(ranked.index) == {"incentives", "approvals", "hsr"}
    assert ranked.loc["hsr", "mean"] == pytest.approx(1), "of a policy of the baseline: with less without"
    assert ranked.loc["approvals", "best_in"] == pytest.approx(0.5, abs=0.15)
    assert ranked["best_in"].sum() == pytest.approx(1)
    assert ranked.loc["hsr", ["rank_low", "rank_high"]].tolist() == [2, 3]


def test_what_is_played_costs_what_is_said(tmp_path: Path) -> None:
    played: list[str] = []

    def counted(given, replicate: int) -> float:
        played.append("")
        return formula(given, replicate)

    asked = Asked(
        "incentives", "inflow", trajectories=2, samples=4, keep=2, replicates=1, only=("sens*", "horizon", "interest")
    )
    sensitivity(SPEC, asked, tmp_path, executor=Formulas(counted))
    assert len(played) == sum(runs_of(asked, 3)) == 2 * 4 * 2 + 4 * 4 * 2
    sensitivity(SPEC, asked, tmp_path, executor=Formulas(counted))
    assert len(played) == sum(runs_of(asked, 3)), "nothing is played twice"


def test_charts_say_what_was_found(found: Sensitivity) -> None:
    charts = sensitivity_charts(found)
    assert list(charts) == ["screening", "indices", "tornado", "ranking"]
    titles = {name: " ".join(figure.get_suptitle().split()) for name, figure in charts.items()}
    assert titles["screening"].startswith("Sensitivity to costs, horizon of firms and")
    assert "2 of 253 families of inputs are kept" in titles["screening"]
    assert titles["indices"].startswith(
        "The effect of incentive package on investment that came to produce depends on sensitivity to costs (0.9"
    )
    assert titles["tornado"].startswith(
        "Sensitivity to costs swings the effect of incentive package on investment that came to produce most: +"
    )
    assert "the best on average, " in titles["ranking"]
    assert sensitivity_screen(found)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked("incentive", "capture"), "--effect: there is no policy or package 'incentive' (did you mean"),
        (Asked("incentives", "captur"), "--on: there is no observable 'captur' (did you mean 'capture'?)"),
        (Asked("incentives", "capture", ("x",)), "--against: there is no policy or package 'x'"),
        (Asked("incentives", "capture", samples=48), "--samples: expected a power of two of at least 2, found 48"),
        (Asked("incentives", "capture", keep=21), "--keep: expected 1 to 20 factors, found 21"),
        (
            Asked("incentives", "capture", only=("horizn",)),
            "no family of inputs is called 'horizn' (did you mean 'horizon'?)",
        ),
    ],
)
def test_what_cannot_be_asked_is_said(tmp_path: Path, asked: Asked, words: str) -> None:
    with pytest.raises(SpecError) as told:
        sensitivity(SPEC, asked, tmp_path / "out", executor=Formulas(formula))
    assert words in str(told.value)


def test_an_effect_that_is_the_same_everywhere_depends_on_nothing(tmp_path: Path) -> None:
    asked = Asked("incentives", "inflow", trajectories=2, samples=2, only=("horizon",))
    with pytest.raises(BatchError, match="effect of incentives on inflow is the same in all runs"):
        sensitivity(SPEC, asked, tmp_path, executor=Formulas(lambda *_: 1.0))


def test_a_folder_of_another_sensitivity_is_refused(tmp_path: Path) -> None:
    asked = Asked("incentives", "inflow", trajectories=2, samples=2, only=("horizon", "sensitivity"))
    sensitivity(SPEC, asked, tmp_path, executor=Formulas(formula))
    other = Asked("approvals", "inflow", trajectories=2, samples=2, only=("horizon", "sensitivity"))
    with pytest.raises(BatchError, match="holds another batch; what differs"):
        sensitivity(SPEC, other, tmp_path, executor=Formulas(formula))


def test_the_command_plays_and_writes(tmp_path: Path) -> None:
    sizes = ["--trajectories", "2", "--samples", "2", "--replicates", "1", "--jobs", "1", "--keep", "2"]
    inputs = ["--only", "entry_rate", "--only", "review_hazard"]
    short = ["--set", "scenario.firms=100", "--set", "scenario.end=2010-Q1"]
    short += ["--set", "policies.incentives.start=2008-Q2"]
    command = [
        "sensitivity",
        str(TOY),
        "--effect",
        "incentives",
        "--on",
        "intentions",
        "--alone",
        *sizes,
        *inputs,
        *short,
    ]
    told = CliRunner().invoke(app, [*command, "--dry"])
    assert told.exit_code == 0
    assert "12 runs to screen 2 families of inputs, then 16 at most for those kept" in told.stderr
    out = tmp_path / "out"
    done = CliRunner().invoke(app, [*command, "--out", str(out)], env={"COLUMNS": "160"})
    assert done.exit_code == 0, done.output
    assert "Does the best stay the best" in done.stdout
    names = {path.name for path in (out / "answer").iterdir()}
    assert {"screening.csv", "indices.parquet", "tornado.png", "indices.svg", "manifest.json"} <= names
    assert len(pd.read_csv(out / "answer" / "screening.csv")) == 2
