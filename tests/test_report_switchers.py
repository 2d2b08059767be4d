"""The flow diagram of switchers: sizes add up, the title follows the numbers, small places are put together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from batching import TOY
from drawn import switched
from typer.testing import CliRunner

from relocsim.answers.switching import NOT_MOBILE
from relocsim.cli import app
from relocsim.report.charts.switchers import _blocks, _spread, flow_title, gathered, switchers_chart

FLOWS = switched(
    ("gamma", "beta", 30.0), (NOT_MOBILE, "beta", 10.0), ("delta", "beta", 10.0), ("beta", "delta", 2.0),
    ("gamma", "delta", 4.0), ("delta", NOT_MOBILE, 1.0),
)  # fmt: skip


def words(figure) -> str:
    return " ".join(" ".join(text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text"))).split())


def test_the_title_says_how_much_from_whom_with_intervals() -> None:
    title = flow_title(FLOWS)
    assert title == (
        "Of 5.00 (4.50 to 5.50) billion yuan that incentive package draws to Beta, 20 % (18 % to 22 %) is newly mobile, "
        "most of the rest diverted from Gamma and Delta; 200 (180 to 220) million yuan is lost to others"
    )
    nothing = switched(("gamma", "delta", 1.0))
    assert flow_title(nothing) == "Incentive package brings no investment to Beta"
    alone = switched((NOT_MOBILE, "beta", 1.0))
    alone.sums = alone.sums.iloc[:-1]  # as results have it that were stored before there was such a row
    assert flow_title(alone).endswith("100 % is newly mobile")


def test_what_may_be_luck_is_said_to_be() -> None:
    luck = switched(("gamma", "beta", 3.0), ("beta", "delta", 2.0), half=1.5)
    assert flow_title(luck).endswith("whether more comes on balance cannot be told")
    assert "on balance" not in flow_title(FLOWS)


def test_the_diagram_names_both_sides() -> None:
    text = words(switchers_chart(FLOWS))
    for word in ("newly mobile", "no longer mobile", "Beta", "Gamma", "Delta", "without", "mean of n = 3 replicates"):
        assert word in text
    assert "nothing moved" in words(switchers_chart(switched()))


def test_small_places_are_put_together_and_sizes_add_up() -> None:
    rows = [(f"p{at:02}", f"q{at % 3}", float(at + 1)) for at in range(30)]
    table = pd.DataFrame([*rows, ("p00", "city", 0.5)], columns=["source", "target", "investment"])
    few = gathered(table, "city")
    assert few["investment"].sum() == pytest.approx(table["investment"].sum())
    assert few["source"].nunique() == 10
    assert "city" in set(few["target"])
    blocks = _blocks(few, "source", "city")
    sizes = np.array([block.high - block.low for block in blocks.values()])
    wanted = few.groupby("source")["investment"].sum()[list(blocks)].to_numpy()
    np.testing.assert_allclose(sizes / sizes.sum(), wanted / wanted.sum())
    assert list(blocks)[-1] == "other places"
    heights = np.array(list(_spread(blocks).values()))
    assert (np.diff(heights) > 0.0379).all()


def test_the_command_draws_it(tmp_path: Path) -> None:
    short = ["--set", "scenario.firms=200", "--set", "scenario.end=2010-Q2", "--set", "scenario.study.stage=signed"]
    command = ["switchers", str(TOY), "--with", "incentives", "--replicates", "1", "--jobs", "1", *short]
    done = CliRunner().invoke(app, [*command, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert {"flows.png", "flows.svg", "flows.csv"} <= {path.name for path in (tmp_path / "out").iterdir()}
    done = CliRunner().invoke(app, [*command, "--no-charts", "--out", str(tmp_path / "bare")])
    assert "flows.png" not in {path.name for path in (tmp_path / "bare").iterdir()}
