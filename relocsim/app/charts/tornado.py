"""The tornado: how far each assumption moves an effect; the same figures as the printed chart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from relocsim.app.charts.parts import (
    Drawn,
    between_rows,
    framed,
    grid,
    legend,
    row_axis,
    rows_high,
    tip,
    upright,
    value_axis,
    whiskers,
)
from relocsim.language import ENGLISH, Words
from relocsim.metrics.effects import Estimate
from relocsim.report.tables import records
from relocsim.report.theme import BLUE, GREY, INK, ORANGE

_SHIFT = 0.18
"""Distance of the two bars of a row from its middle."""
ENDS = (("lower", ORANGE, -_SHIFT), ("upper", BLUE, _SHIFT))


@dataclass(frozen=True)
class Said:
    """What is written on a tornado."""

    title: str
    caption: str
    axis: str
    """Of the effect, with its unit."""
    lower: str
    """What the bars of the lower ends are."""
    upper: str


def tornado(
    swings: pd.DataFrame, said: Said, labels: Mapping[str, str], words: Words = ENGLISH, *, scale: float = 1.0
) -> Drawn:
    """Return the tornado of a table as `sensitivity.reading.swings` makes it, times `scale`, in its order."""
    rows = records(swings)
    centre = scale * float(swings["mean"].iloc[0])
    named = [labels[row["factor"]] for row in rows]
    series = []
    for name, colour, shift in ENDS:
        text = said.lower if name == "lower" else said.upper
        bars = [
            {"value": scale * row[name], "tooltip": tip(named[at], text, _interval(row, name, scale, words))}
            for at, row in enumerate(rows)
        ]
        series.append(
            {"type": "bar", "name": text, "itemStyle": {"color": colour, "opacity": 0.85}, "barWidth": "34%", "barGap": "6%",
             "data": bars, "markLine": upright(centre, colour=INK)}
        )  # fmt: skip
        ends = [(scale * row[f"{name}_low"], scale * row[f"{name}_high"], at + shift) for at, row in enumerate(rows)]
        series += whiskers(text, [one for one in ends if one[0] < one[1]], y_axis=1)
    axis = value_axis(said.axis, startValue=centre, scale=True)
    if _crosses(swings):
        series[-1]["markLine"] = upright(0.0, colour=GREY, kind="dotted")
    option = framed(
        said.title,
        series=series,
        grid=grid(top=40),
        xAxis=axis,
        yAxis=[row_axis(named), between_rows(len(named))],
        legend=legend([said.lower, said.upper]),
    )
    return Drawn(said.title, said.caption, option, rows_high(len(rows), each=40))


def _crosses(swings: pd.DataFrame) -> bool:
    low = swings[["lower_low", "upper_low"]].min().min()
    return bool(low <= 0 <= swings[["lower_high", "upper_high"]].max().max())


def _interval(row: Mapping[str, float], name: str, scale: float, words: Words) -> str:
    low, high = (row[f"{name}_{end}"] if np.isfinite(row[f"{name}_{end}"]) else row[name] for end in ("low", "high"))
    return words.span(Estimate(row[name], low, high, 0.0, 0.0, 1, 1), scale)
