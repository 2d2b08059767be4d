"""Every command of the tutorial works as written, in its order, but that runs play fewer quarters and agents."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from relocsim.cli import app
from relocsim.spec import load

DOCS = Path(__file__).parents[2] / "docs"
TUTORIAL = (DOCS / "own-city.md").read_text(encoding="utf-8")
pytestmark = pytest.mark.slow
COMMANDS = [
    line for block in re.findall(r"```console\n(.*?)```", TUTORIAL, re.DOTALL) for line in block.splitlines() if line
]
SHORT = ("scenario.start=2010-Q1", "scenario.end=2011-Q1", "scenario.firms=300")
PLAYED = ("compare", "fiscal")
COLUMNS = {"value": 4, "low": 6, "high": 7, "spread": 8, "grade": 9, "source": 10}


def table() -> list[dict[str, str]]:
    """Return the rows that the tutorial fills in."""
    lines = [line for line in TUTORIAL.splitlines() if line.startswith("| ")]
    start = next(at for at, line in enumerate(lines) if line.startswith("| sheet "))
    head, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[start:]]
    return [dict(zip(head, row, strict=True)) for row in rows if len(row) == len(head)]


def fill_in(path: Path) -> None:
    """Fill in what the tutorial does, as somebody at Excel would: a figure that has no row gets one by copying another."""
    book = load_workbook(path)
    for row in table():
        sheet = book[row["sheet"]]
        lines = {(sheet.cell(at, 1).value, sheet.cell(at, 2).value): at for at in range(2, sheet.max_row + 1)}
        at = lines.get((row["entry"], row["field"]))
        if at is None:
            at = sheet.max_row + 1
            like = lines[row["entry"], row["field"].split(".")[0] + ".iron_steel"]
            for column in range(1, 12):
                sheet.cell(at, column).value = sheet.cell(like, column).value
            sheet.cell(at, 2).value = row["field"]
        for name, column in COLUMNS.items():
            sheet.cell(at, column).value = row[name] or None
    book.save(path)


def shortened(words: list[str]) -> list[str]:
    """Return a command that plays little; the replicates too, which the tutorial has ten of."""
    if words[0] not in PLAYED:
        return [*words, "--draws", "2"] if words[0] == "explain" else words
    fewer = [re.sub(r"^(10|4)$", "2", word) for word in words]
    return [*fewer, *(word for setting in SHORT for word in ("--set", setting)), "--jobs", "1"]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Exit code and output of each command, played in order in one folder."""
    folder = tmp_path_factory.mktemp("tutorial")
    found: dict[str, object] = {"folder": folder}
    patch = pytest.MonkeyPatch()
    patch.chdir(folder)
    try:
        for command in COMMANDS:
            program, *words = shlex.split(command)
            assert program == "relocsim"
            if words[:2] == ["workbook", "read"]:
                fill_in(folder / "huaihua.xlsx")
            found[command] = CliRunner().invoke(app, shortened(words))
    finally:
        patch.undo()
    return found


@pytest.mark.parametrize("command", COMMANDS)
def test_command_of_the_tutorial(command: str, played: dict[str, object]) -> None:
    done = played[command]
    assert done.exit_code == 0, done.output  # type: ignore[attr-defined]


def test_what_was_filled_in_is_in_the_world(played: dict[str, object]) -> None:
    spec = load(Path(str(played["folder"])) / "huaihua" / "baseline.yaml")
    rows = table()
    assert len(rows) >= 5
    for row in rows:
        path = ".".join([row["sheet"], row["entry"], row["field"]])
        if row["sheet"] == "places":
            known = spec.register.inputs[path]
            assert (known.value, known.source, str(known.grade)) == (float(row["value"]), row["source"], row["grade"])
        else:
            assert getattr(spec.policies[row["entry"]], row["field"]) == float(row["value"])


def test_the_results_are_where_the_tutorial_says(played: dict[str, object]) -> None:
    assert (Path(str(played["folder"])) / "results" / "huaihua" / "effects.png").exists()


def test_the_pictures_are_there() -> None:
    for name in re.findall(r"\]\((img/[^)]+)\)", TUTORIAL):
        assert (DOCS / name).stat().st_size > 5_000, name
