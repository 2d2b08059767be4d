"""Every command of docs/estimation.md works as written, and finds what the page says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import relocsim
from relocsim.cli import app

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "estimation.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def invoke(line: str) -> str:
    _, *words = line.split()
    done = CliRunner().invoke(app, words, env={"COLUMNS": "180"})
    assert done.exit_code == 0, done.output
    return done.output


def test_the_worked_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("statsmodels", reason="the test extra brings it")
    monkeypatch.chdir(tmp_path)
    exec(blocks("python")[0], {})
    plain, nested, unscaled = (invoke(line) for line in blocks("console")[0].splitlines())
    assert "log-likelihood -199.1284" in plain
    assert "log-likelihood -194.9439" in nested
    assert "log-likelihood -193.6561" in unscaled


def test_the_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As written but for fewer agents and quarters."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    export, fit, check = blocks("console")[1].splitlines()
    invoke(export.replace("firms=4000", "firms=500").replace("--quarters 8", "--quarters 4"))
    assert "distance_elasticity" in invoke(fit)
    assert "estimates.yaml: ok" in invoke(check)
    scenario = next(block for block in blocks("yaml") if "extends" in block)
    Path("mine.yaml").write_text(scenario, encoding="utf-8")
    assert relocsim.check("mine.yaml") == []
    assert relocsim.load("mine.yaml").register.inputs["parameters.sensitivity"].grade == "statistic"
    question = next(block for block in blocks("yaml") if "chooser" in block)
    Path("question.yaml").write_text(question, encoding="utf-8")
    assert relocsim.estimate(columns="question.yaml").names == ("cost", "log_size")
