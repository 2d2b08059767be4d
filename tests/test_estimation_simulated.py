"""Choices of a run as a table: it plays the same bits, and the known coefficients are found again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from runs import differing
from typer.testing import CliRunner

import relocsim
from relocsim.cli import app
from relocsim.estimation.estimating import estimate
from relocsim.estimation.simulated import ATTRIBUTES, NEST, OUTSIDE, Chronicle, true_coefficients
from relocsim.model import Foundation, RelocationModel, lay_foundation

ROOT = Path(__file__).parents[1]
SOUGHT = ["cost", "own_industry", "log_size", "log_distance", "going", "abroad", "close", "entering"]
KEYS = {"chooser": "chooser", "alternative": "alternative", "chosen": "chosen", "nests": "nest", "offset": "way_value"}


def test_writing_choices_down_changes_no_bit(foundation: Foundation, baseline: RelocationModel) -> None:
    assert differing(Chronicle(foundation.spec, foundation=foundation).run(), baseline) == []


def test_a_table_holds_one_choice_each_among_what_was_open(foundation: Foundation) -> None:
    table = relocsim.choices(foundation, quarters=8)
    assert {"chooser", "firm", "review", "nest", "chosen", *ATTRIBUTES} <= set(table.columns)
    assert (table.groupby("chooser")["chosen"].sum() == 1).all()
    assert not table.duplicated(["chooser", "alternative"]).any()
    assert set(table["nest"]) == {NEST, *OUTSIDE}
    assert not (table["alternative"] == table["origin"]).any()
    new = table[table["new"] == 1]
    assert set(new.loc[new["nest"] != NEST, "nest"]) == {"stay"}
    assert np.isfinite(table[list(ATTRIBUTES)].to_numpy(dtype=float)).all()
    assert table["review"].max() > 1
    first = relocsim.choices(foundation, quarters=8, first=True)
    pd.testing.assert_frame_equal(first, table[table["review"] == 1].reset_index(drop=True))


def test_known_coefficients_are_found_again() -> None:
    """1,200 agents over eighteen months, a first review or birth of each; every coefficient within three of its errors."""
    settings = ["scenario.firms=1200", "scenario.study.strata=[]"]
    foundation = lay_foundation(relocsim.load(ROOT / "scenarios" / "chenzhou.yaml", settings=settings))
    table = relocsim.choices(foundation, quarters=6, first=True)
    found = estimate(table, **KEYS, attributes=SOUGHT)
    truth = np.array([true_coefficients(foundation)[name] for name in found.names])
    off = (found.fit.theta - truth) / np.sqrt(np.diag(found.covariance()))
    assert np.abs(off).max() < 3, dict(zip(found.names, off, strict=True))
    ratio = 2 * (found.fit.loglik - found.fit.likelihood.derivatives(truth).value)
    assert ratio < 23.6, "0.5 % of chi-squared with nine degrees: the truth is not refused"
    assert found.tests["p"].iloc[1] < 1e-6, "and that there is no nest is"


def test_the_command_writes_what_estimate_reads(tmp_path: Path) -> None:
    out = tmp_path / "choices.parquet"
    arguments = [
        "choices",
        "tests/toy/toy.yaml",
        "--set",
        "scenario.firms=300",
        "--quarters",
        "8",
        "--first",
        "--out",
        str(out),
    ]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert "choosers" in done.stderr
    found = estimate(out, **KEYS, attributes=["cost", "going"])
    assert found.names == ("cost", "going", f"lambda[{NEST}]")
    again = CliRunner().invoke(app, arguments)
    assert (again.exit_code, "there already" in again.stderr) == (2, True)
    arguments[-1] = str(tmp_path / "choices.xlsx")
    assert CliRunner().invoke(app, arguments).exit_code == 2
    arguments[-1] = str(tmp_path / "choices.csv")
    assert CliRunner().invoke(app, [*arguments, "--replicate", "3"]).exit_code == 0
    assert len(pd.read_csv(arguments[-1]).columns) == len(pd.read_parquet(out).columns)
