"""Every command of the README works as written (`make test` itself aside), but that most play fewer quarters and agents."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from relocsim.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


COMMANDS = [line for block in blocks("console") for line in block.splitlines() if line]
# without what a `make` that runs this suite hands down: its variables would be those of the `make demo` below
OUTER = {
    name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name not in ("VENV", "BIN")
}
ENVIRONMENT = {**OUTER, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}


WHOLE = ("scenario.start=2009-Q1", "scenario.end=2011-Q4")
"""Quarters in which all policies of the whole scenario begin."""
SHORT = ("scenario.start=2009-Q4", "scenario.end=2011-Q2")
"""The same of the scenario of five policies."""
LETTER = "relocsim schema"
"""The command that is played to the letter, by what is installed, beside `make demo`: the quickest of them."""
FEW = "scenario.firms=300"


def shortened(*words: str) -> list[str]:
    """Return a command with settings under which it plays few quarters and agents in one process, or draws few inputs."""
    settings = WHOLE if "scenarios/chenzhou-whole.yaml" in words else SHORT
    fewer = [FEW if word.startswith("scenario.firms=") else word for word in words]
    match words[0]:
        case "compare" | "ablate" | "--set":
            return [*fewer, *(word for setting in settings for word in ("--set", setting)), "--jobs", "1"]
        case "run":
            return [*fewer, *(word for setting in settings for word in ("--set", setting))]
        case "explain":
            return [*fewer, "--draws", "3"]
    return [*words]


def played(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_readme_has_the_two_commands():
    assert COMMANDS[:2] == ["make demo", "make test"]
    assert LETTER in COMMANDS


@pytest.mark.parametrize("command", [line for line in COMMANDS if line.startswith("relocsim")])
def test_command_of_the_readme(command, monkeypatch):
    """One to the letter by the command that is installed, the others by what that calls."""
    if command == LETTER:
        assert played(command.split(), ROOT)
        return
    monkeypatch.chdir(ROOT)
    _, *words = command.split()
    found = CliRunner().invoke(app, shortened(*words))
    assert found.exit_code == 0, found.output
    assert found.stdout


@pytest.mark.skipif(not shutil.which("make"), reason="make is not on this machine")
def test_make_demo(tmp_path):
    """As written but for the environment, which is there, the number of replicates, and of quarters."""
    copied = ["Makefile", "pyproject.toml", "constraints.txt", "scenarios"]
    for name in copied:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    played(
        [
            "make",
            "demo",
            "-o",
            ".venv/run.stamp",
            "VENV=.venv",
            f"BIN={BIN}",
            "REPLICATES=2",
            f"SETTINGS={' '.join(shortened('--set', FEW))}",
        ],
        tmp_path,
    )
    results = {path.name for path in (tmp_path / "results" / "demo").iterdir()}
    charts = {
        f"{name}.{kind}" for name in ("capture-over-time", "effects", "cost-sheet", "flows") for kind in ("png", "svg")
    }
    assert {"manifest.json", "effects.parquet", "effects.csv", *charts} <= results


def test_python_of_the_readme(monkeypatch, capsys):
    (program,) = blocks("python")
    few = program.replace('"scenario.firms=2000"', ", ".join(f'"{one}"' for one in (FEW, *SHORT)))
    assert few != program
    monkeypatch.chdir(ROOT)
    exec(compile(few, "README.md", "exec"), {"__name__": "__main__"})
    said = capsys.readouterr().out
    assert "capture_rate" in said
    assert int(said.split()[-1]) > 0, "agents of the model"


def test_own_city_of_the_readme(tmp_path):
    """The override of the README, in a copy of the scenario for another city, is accepted."""
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    text = (tmp_path / "scenarios" / "chenzhou.yaml").read_text(encoding="utf-8")
    (override,) = [re.sub(r"^ {3}", "", block, flags=re.MULTILINE) for block in blocks("yaml") if "override" in block]
    own = tmp_path / "scenarios" / "yours.yaml"
    own.write_text(
        text.replace("city: chenzhou\n    corridor", "city: hengyang\n    corridor") + override, encoding="utf-8"
    )
    found = CliRunner().invoke(app, ["check", str(own)])
    assert found.exit_code == 0, found.output
    assert found.stdout == f"{own}: ok\n"
