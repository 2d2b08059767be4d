"""Estimates become parameters: rules and their errors, the file, and a scenario that takes it in."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from choosing import KEYS, made
from typer.testing import CliRunner, Result

import relocsim
from relocsim.cli import app
from relocsim.errors import OutputExistsError, SpecError
from relocsim.estimation.estimating import Estimate, estimate
from relocsim.estimation.parameterfile import parameters_of, write_parameters
from relocsim.sources import Grade
from relocsim.spec import Spec

TOY = Path(__file__).parent / "toy" / "toy.yaml"
RULES = {"sensitivity": "-0.04 * cost", "own_industry_theta": "size", "nest_lambda": "lambda[south]"}
OPTIONS = ("--chooser", "firm", "--alternative", "city", "--chosen", "chosen", "--attributes", "cost,size,depth")


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "180"})


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return made(1, lambdas={"north": 0.5, "south": 0.7})


@pytest.fixture(scope="module")
def nested(table: pd.DataFrame) -> Estimate:
    return estimate(table, **KEYS, attributes=["cost", "size", "depth"], nests="nest")


def scenario(folder: Path, *names: str, more: str = "") -> Path:
    path = folder / "mine.yaml"
    base = Path(*[".."] * len(folder.resolve().parts[1:]), *TOY.parts[1:])
    path.write_text(
        f"format: 1\nkind: scenario\nextends: {base.as_posix()}\nestimates: [{', '.join(names)}]\n{more}",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("rule", "value", "error"),
    [
        ("-cost", lambda b, n, v: -b[0], lambda b, n, v: v[0, 0] ** 0.5),
        ("2*size/4", lambda b, n, v: b[1] / 2, lambda b, n, v: v[1, 1] ** 0.5 / 2),
        (
            "size * lambda[north]",
            lambda b, n, v: b[1] * n[0],
            lambda b, n, v: (n[0] ** 2 * v[1, 1] + b[1] ** 2 * v[3, 3] + 2 * n[0] * b[1] * v[1, 3]) ** 0.5,
        ),
        (
            "size / lambda[north]",
            lambda b, n, v: b[1] / n[0],
            lambda b, n, v: (
                b[1] / n[0] * (v[1, 1] / b[1] ** 2 + v[3, 3] / n[0] ** 2 - 2 * v[1, 3] / b[1] / n[0]) ** 0.5
            ),
        ),
    ],
)
def test_a_rule_is_a_product_with_the_error_of_the_delta_method(nested: Estimate, rule: str, value, error) -> None:
    beta, lambdas = nested.fit.theta[:3], nested.fit.theta[3:]
    (found,) = parameters_of(nested, {"log_size_coefficient": rule})
    assert found.value == pytest.approx(value(beta, lambdas, nested.covariance()))
    assert found.error == pytest.approx(error(beta, lambdas, nested.covariance()))
    assert (found.low + found.high) / 2 == pytest.approx(found.value)
    assert found.high - found.value == pytest.approx(1.959964 * found.error, rel=1e-6)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"sensitivity": "cost"}, "sensitivity: cost is -"),
        ({"sensitivty": "-cost"}, "did you mean 'sensitivity'?"),
        ({"sensitivity": "-costs"}, "did you mean 'cost'?"),
        ({"nest_lambda": "lambda"}, "there is no coefficient 'lambda'"),
        ({"sensitivity": "0.03"}, "names no coefficient"),
        ({"sensitivity": "-cost / 0"}, "there is no coefficient '0'"),
        ({"nest_lambda": "2 * lambda[south]"}, "too high: the limit of nest_lambda is 1"),
        ({"outreach": "cost"}, "no parameter 'outreach'"),
        ({}, "no parameter of the model was asked for"),
    ],
)
def test_a_rule_that_makes_no_parameter_is_refused(nested: Estimate, rules: dict[str, str], words: str) -> None:
    with pytest.raises(SpecError, match=r".") as caught:
        parameters_of(nested, rules)
    assert words in str(caught.value)


def test_the_file_says_where_its_numbers_come_from_and_passes_the_check(nested: Estimate, tmp_path: Path) -> None:
    path = write_parameters(nested, tmp_path / "estimates.yaml", RULES, grade=Grade.STATISTIC)
    assert relocsim.check(path) == []
    text = path.read_text("utf-8")
    for word in (
        nested.source.digest[:16],
        "300 choosers",
        "nested logit",
        "classical standard errors",
        "95 % interval",
    ):
        assert word in text
    assert "sensitivity = -0.04 * cost" in text
    assert [one.name for one in tmp_path.iterdir()] == ["estimates.yaml"]


def test_a_scenario_takes_the_estimates_in_and_its_own_overrides_go_over_them(nested: Estimate, tmp_path: Path) -> None:
    write_parameters(nested, tmp_path / "estimates.yaml", RULES)
    found = {one.rule.parameter: one for one in parameters_of(nested, RULES)}
    spec = relocsim.load(scenario(tmp_path, "estimates.yaml"))
    for name, one in found.items():
        assert getattr(spec.world.parameters, name) == pytest.approx(one.value, rel=1e-5)
        entry = spec.register.inputs[f"parameters.{name}"]
        assert entry.grade == "statistic"
        assert entry.source.startswith("Estimated from a data frame (sha256 ")
        assert (entry.low, entry.high) == (pytest.approx(one.low, rel=1e-4), pytest.approx(one.high, rel=1e-4))
    assert any(note.path == "parameters.sensitivity" and "estimates.yaml" in note.where for note in spec.differences)
    over = "override: {parameters: {sensitivity: {value: 0.02, source: mine, grade: assumed, range: x/2}}}\n"
    spec = relocsim.load(scenario(tmp_path, "estimates.yaml", more=over))
    assert spec.world.parameters.sensitivity == 0.02
    assert relocsim.check(scenario(tmp_path, "estimates.yaml")) == []


def test_a_draw_of_the_inputs_draws_the_estimates(nested: Estimate, tmp_path: Path) -> None:
    write_parameters(nested, tmp_path / "estimates.yaml", RULES)
    spec: Spec = relocsim.load(scenario(tmp_path, "estimates.yaml"))
    entry = spec.register.inputs["parameters.sensitivity"]
    low, high = (spec.drawn(lambda _, u=u: u).world.parameters.sensitivity for u in (0.001, 0.999))
    assert entry.low < low < spec.world.parameters.sensitivity < high < entry.high


def test_a_file_without_estimates_leaves_digests_as_they_were(toy: Spec, tmp_path: Path) -> None:
    spec = relocsim.load(scenario(tmp_path), settings=["scenario.firms=300"])
    assert spec.digest == toy.digest


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("  sensitivity:", "  sensitivty:"), "there is no entry 'sensitivty' (did you mean 'sensitivity'?)"),
        (("unit: 1/(yuan/100 yuan output)", "unit: yuan"), "expected the unit '1/(yuan/100 yuan output)'"),
        (("grade: statistic", "grade: sure"), "expected a grade"),
        (("kind: estimates", "kind: estimate"), "did you mean 'estimates'?"),
        (("parameters:", "parametres:"), "'parameters' is missing"),
        (("value: 0.0", "value: -0.0"), "expected a number above 0"),
    ],
)
def test_a_file_that_was_spoilt_is_refused_by_check_and_scenario(
    nested: Estimate, tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    path = write_parameters(nested, tmp_path / "estimates.yaml", {"sensitivity": "-0.04*cost"})
    path.write_text(path.read_text("utf-8").replace(*change), encoding="utf-8")
    for file in (path, scenario(tmp_path, "estimates.yaml")):
        done = invoke("check", str(file))
        assert done.exit_code == 2
        assert words in done.stderr
        assert "estimates.yaml" in done.stderr


def test_a_file_that_is_not_there_is_said_where_it_is_named(tmp_path: Path) -> None:
    (problem,) = relocsim.check(scenario(tmp_path, "none.yaml"))
    assert problem.line == 4
    assert "none.yaml: there is no such file" in problem.message
    path = scenario(tmp_path)
    path.write_text(path.read_text("utf-8").replace("estimates: []", "estimates: none.yaml"), encoding="utf-8")
    (problem,) = relocsim.check(path)
    assert "expected a list of files" in problem.message


def test_another_file_is_not_overwritten(nested: Estimate, tmp_path: Path) -> None:
    path = write_parameters(nested, tmp_path / "estimates.yaml", RULES)
    write_parameters(nested, path, RULES)
    with pytest.raises(OutputExistsError, match="--force"):
        write_parameters(nested, path, {"sensitivity": "-0.05 * cost"})
    write_parameters(nested, path, {"sensitivity": "-0.05 * cost"}, force=True)
    assert "-0.05" in path.read_text("utf-8")


def test_the_command_prints_the_tables_and_writes_them(table: pd.DataFrame, tmp_path: Path) -> None:
    file, out, folder = tmp_path / "choices.csv", tmp_path / "estimates.yaml", tmp_path / "tables"
    table.to_csv(file, index=False)
    rules = [word for name, rule in RULES.items() for word in ("--parameter", f"{name}={rule}")]
    done = invoke(
        "estimate", str(file), *OPTIONS, "--nests", "nest", "--cluster", "firm", *rules,
        "--out", str(out), "--tables", str(folder),
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    for words in ("nested logit, 300 choosers", "s.e. clustered", "z against 1", "Wald", "predicted", "other nests",
                  "-0.04 * cost", "by clustered standard errors"):  # fmt: skip
        assert words in done.stdout
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert f"choices.csv (sha256 {digest[:16]})" in " ".join(out.read_text("utf-8").split())
    assert len(pd.read_parquet(folder / "coefficients.parquet")) == 3
    assert invoke("estimate", str(file), *OPTIONS, "--tables", str(folder)).exit_code == 2
    nothing = invoke("estimate", str(file), *OPTIONS, "--out", str(tmp_path / "other.yaml"))
    assert (nothing.exit_code, (tmp_path / "other.yaml").exists()) == (2, False)
    wrong = invoke("estimate", str(file), *OPTIONS, "--parameter", "sensitivity")
    assert wrong.exit_code == 2
    assert "expected a parameter and a rule" in wrong.stderr
    assert invoke("estimate", str(file), *OPTIONS, "--grade", "sure").exit_code == 2


def test_the_public_name_is_the_function(table: pd.DataFrame) -> None:
    found = relocsim.estimate(table, **KEYS, attributes=["cost"])
    assert isinstance(found, relocsim.Estimate)
    assert np.isfinite(found.coefficients["estimate"]).all()
