"""Means and intervals as they are drawn and spelled, from any table of estimates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from relocsim.metrics.effects import estimate
from relocsim.report import markdown
from relocsim.report.intervals import Look, draw_intervals
from relocsim.report.screens.comparison import two_lines

FOUND = pd.DataFrame([estimate(np.array(values)).__dict__ for values in ([1.0, 3.0, 5.0], [-2.0, 0.0, 4.0])])


def segments(axes: Axes) -> list[list[list[float]]]:
    return [
        [path.tolist() for path in part.get_segments()] for part in axes.collections if isinstance(part, LineCollection)
    ]


@pytest.mark.parametrize("upright", [False, True])
def test_line_is_the_interval_bar_the_error_and_dot_the_mean(upright: bool) -> None:
    axes = Figure().subplots()
    draw_intervals(axes, FOUND, [0, -1], Look("#D55E00", "s"), upright=upright, label="both")
    turn = slice(None, None, -1 if upright else 1)
    intervals, bars = segments(axes)
    error = FOUND["simulation_error"]
    for at, place in enumerate((0, -1)):
        row = FOUND.loc[at]
        assert [point[turn] for point in intervals[at]] == [[row["low"], place], [row["high"], place]]
        inner = [[row["mean"] - error[at], place], [row["mean"] + error[at], place]]
        assert np.allclose([point[turn] for point in bars[at]], inner)
    (dots,) = axes.lines
    assert dots.get_xydata()[:, turn].tolist() == [[3.0, 0.0], [2 / 3, -1.0]]
    assert (dots.get_marker(), dots.get_linestyle(), dots.get_label()) == ("s", "None", "both")


def test_one_row_without_an_error_has_no_bar_and_means_may_be_joined() -> None:
    axes = Figure().subplots()
    draw_intervals(axes, {"mean": 1.0, "low": 0.0, "high": 2.0}, 3)
    assert segments(axes) == [[[[0.0, 3.0], [2.0, 3.0]]]]
    draw_intervals(axes, estimate(np.array([1.0])).__dict__, 3, Look(joined=0.8))
    assert len(axes.collections) == 2, "one replicate has no simulation error"
    assert axes.lines[-1].get_linestyle() == "-"


def test_a_figure_is_spelled_with_interval_and_error() -> None:
    row = {"mean": 1234.56, "low": -0.004, "high": 2000, "simulation_error": 0.5}
    assert markdown.figures(row, 1) == "+1,234.6 (0.0 to +2,000.0; 0.5)"
    assert markdown.figures(row, 0, sign=False) == "1,235 (0 to 2,000; 0)"


def test_a_table_keeps_its_cells() -> None:
    assert markdown.table(["a", "b"], [["x|y", 0.5], ["two\nlines", 1]]) == (
        "| a | b |\n| --- | --- |\n| x\\|y | 0.5 |\n| two lines | 1 |\n"
    )


def test_a_table_writes_the_ends_of_an_interval_on_their_side_of_zero() -> None:
    assert two_lines(estimate(np.array([0.0004, 0.006, 0.02]))).endswith("\n+0.0004 to +0.020")
    assert two_lines(estimate(np.array([0.0, 0.006, 0.02]))).endswith("\n0.000 to +0.020")
