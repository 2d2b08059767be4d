"""The commands that answer, on the toy world: what they print, refuse and write."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import relocsim.answers
from relocsim.cli import app

TOY = "tests/toy/toy.yaml"
SMALL = (
    "--set", "scenario.firms=200", "--set", "scenario.end=2010-Q3", "--set", "scenario.study.stage=intention",
)  # fmt: skip
ONE = (*SMALL, "--replicates", "1", "--jobs", "1")
CASES = {
    "switchers": (("--with", "incentives"), ("What tipped those gained", "windfall")),
    "synergy": (("--with", "soft"), ("Shapley shares", "approvals", "synergy")),
    "fiscal": (("--with", "incentives"), ("net present value", "cost per but-for job", "diverted from rivals")),
    "best": (("--with", "soft", "--budget", "100"), ("left out, barred by law", "Guofa [2000] No. 2", "nothing")),
    "targets": ((), ("Best origin of each sector", "missing link")),
    "chances": (("--with", "approvals", "--yardstick", "signed", "--target", "0"), ("Cheapest", "as written")),
    "captures": (("--with", "approvals", "--place", "beta", "--place", "delta"), ("contested rate", "electronics")),
    "swap": (("--with", "incentives", "--rival", "delta", "--delay", "4"), ("share with the date",)),
    "observe": (("--with", "approvals"), ("passed through", "Ellison-Glaeser")),
}


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "180"})


@pytest.fixture(autouse=True)
def at_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent.parent)


@pytest.mark.parametrize("command", CASES)
def test_a_command_prints_its_answer_and_writes_its_tables(command: str, tmp_path: Path) -> None:
    options, words = CASES[command]
    found = invoke(command, TOY, *options, *ONE, "--out", str(tmp_path / "out"))
    assert found.exit_code == 0, found.output
    for word in words:
        assert word in found.stdout, found.stdout
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == command
    assert "table.parquet" in manifest["files"]
    assert len(pd.read_parquet(tmp_path / "out" / "table.parquet")) >= (0 if command == "switchers" else 1)


def test_yardsticks_are_told_by_year_and_written_by_quarter(tmp_path: Path) -> None:
    found = invoke("yardsticks", TOY, *SMALL, "--quarterly", "--out", str(tmp_path / "out"))
    assert found.exit_code == 0, found.output
    assert "in place from outside the province" in found.stdout
    assert "2010" in found.stdout
    assert "2010-Q3" in set(pd.read_parquet(tmp_path / "out" / "table.parquet")["period"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("best", TOY, "--budget", "1", "--goal", "fame"), "there is no goal 'fame'"),
        (("best", TOY, "--budget", "1", "--rival", "gama"), "did you mean 'gamma'"),
        (("switchers", TOY, "--with", "incentive"), "did you mean 'incentives'"),
        (("targets", TOY, "--mode", "letters"), "there is no mode of outreach 'letters'"),
        (("chances", TOY, "--yardstick", "signd", "--target", "1"), "did you mean 'signed'"),
        (("captures", TOY, "--place", "nowhere"), "there is no destination 'nowhere'"),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments: tuple[str, ...], words: str) -> None:
    found = invoke(*arguments)
    assert found.exit_code == 2
    assert words in found.stderr


def test_another_question_does_not_overwrite_an_answer(tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "out"))
    assert invoke("targets", TOY, *ONE, *out).exit_code == 0
    assert invoke("targets", TOY, *ONE, *out).exit_code == 0
    other = invoke("targets", TOY, *ONE, "--visits", "5", *out)
    assert other.exit_code == 2
    assert "--force" in other.stderr


def test_every_public_name_of_answers_is_there() -> None:
    for name in relocsim.answers.__all__:
        assert not isinstance(getattr(relocsim.answers, name), type(relocsim.answers)), name
        assert name in dir(relocsim.answers)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        relocsim.answers.nonsense  # noqa: B018
