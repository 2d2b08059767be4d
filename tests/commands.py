"""Commands on the toy world, called in this process, for tests of the command line."""

from __future__ import annotations

from pathlib import Path

from click.testing import Result
from typer.testing import CliRunner

from relocsim.cli import app

ROOT = Path(__file__).parents[1]
TOY = "tests/toy/toy.yaml"
SMALL = ("--set", "scenario.firms=100", "--set", "scenario.end=2010-Q2")


def invoke(*arguments: str) -> Result:
    """Run a command on a wide screen."""
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "160"})


def refused(*arguments: str) -> str:
    """Return what a command says when it refuses: exit code 2, nothing on stdout, no traceback."""
    found = invoke(*arguments)
    assert found.exit_code == 2, found.output
    assert found.stdout == ""
    assert "Traceback" not in found.stderr
    return found.stderr
