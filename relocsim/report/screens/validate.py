"""A validation for the terminal, and what it leaves in a folder. Refuses to print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from relocsim.report.screens.answers import frame
from relocsim.report.splits import split_sentences
from relocsim.report.validations import TABLES, skill_sentences, tally_sentence
from relocsim.report.writing import write_manifest, write_table
from relocsim.validation.answering import Validated
from relocsim.validation.planning import Validation

_WIDTH = 46


def validation_identity(validation: Validation, posterior: Path | None, backcast: Path | None = None) -> dict[str, Any]:
    """Return what makes a validation this validation."""
    from importlib.metadata import version

    return {
        "kind": "validation",
        "relocsim": version("relocsim"),
        "digests": {name: spec.digest for name, spec in validation.specs.items()},
        "replicates": validation.plan.replicates,
        "posterior": posterior.name if posterior else None,
        "backcast": backcast.name if backcast else None,
    }


def tables_of(found: Validated) -> dict[str, pd.DataFrame]:
    """Return the tables of a validation by name."""
    return {name: getattr(found, name) for name in TABLES}


def write_validation(folder: Path, found: Validated, identity: Mapping[str, Any], plan: Path) -> None:
    """Write the tables and the manifest of a validation."""
    for name, table in tables_of(found).items():
        if len(table):
            write_table(folder, name, table)
    write_manifest(folder, identity, {"plan": plan.name, "question": found.validation.plan.question})


def validation_screen(found: Validated) -> RenderableType:
    """Return the tally, the figures that were compared, and the skill against size."""
    table = found.figures[found.figures["comparison"] != ""].copy()
    table["short"] = [text if len(text) <= _WIDTH else f"{text[: _WIDTH - 3]}..." for text in table["comparison"]]
    table["set"] = ["yes" if use == "calibrate" else "no" for use in table["use"]]
    columns = {
        "short": "figure", "value_low": "published from", "value_high": "to", "median": "model", "low": "from ",
        "high": "to ", "set": "set from", "verdict": "says",
    }  # fmt: skip
    parts: list[RenderableType] = [Text(f"{tally_sentence(found.figures)}\n")]
    parts.append(
        frame("Figures: published with tolerance; model's median and 95 % of replicates", table, columns, top=99)
    )
    if len(found.skill):
        parts += [Text(one) for one in skill_sentences(found.skill)]
    if len(found.splits):
        parts += [Text(one) for one in split_sentences(found.splits)]
    return Group(*parts)


def backcast_screen(fits: pd.DataFrame) -> RenderableType:
    """Return how well what was foretold fits what came, by case and year."""
    if fits.empty:
        return Text("no city and year of the table is among those foretold")
    columns = {
        "case": "case", "year": "year", "cities": "cities", "rank_correlation": "rank correlation",
        "covered": "inside their intervals", "error": "shares misplaced",
    }  # fmt: skip
    return frame("Shares foretold against the table given", fits, columns, top=99)
