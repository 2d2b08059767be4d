"""Figures with their intervals, one a row, beside each other: what-ifs, policies, assumptions, rivals."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from relocsim.app.charts.parts import Drawn, framed, grid, row_axis, rows_high, tip, upright, value_axis, whiskers
from relocsim.language import ENGLISH, Words
from relocsim.metrics.effects import Estimate
from relocsim.report.effects import sign_is_clear
from relocsim.report.theme import BLUE, GREY, INK


def intervals(
    rows: Sequence[tuple[str, Estimate]], *, axis: str, title: str, words: Words = ENGLISH, caption: str = "",
    scale: float = 1.0, colour: str = BLUE, told: Callable[[Estimate], str] | None = None,
) -> Drawn:  # fmt: skip
    """Return figures with their intervals, one a row: what is clearly to one side of zero in colour, the rest grey.

    `told` gives what the pointer reads of a figure under its name: mean and interval where nobody says.
    """
    told = told or (lambda one: words.span(one, scale))
    colours = [colour if sign_is_clear(one) else GREY for _, one in rows]
    dots = [
        {"value": [scale * one.mean, at], "tooltip": tip(name, told(one)), "itemStyle": {"color": colours[at]}}
        for at, (name, one) in enumerate(rows) if math.isfinite(one.mean)
    ]  # fmt: skip
    lines = [
        line for shade in dict.fromkeys(colours)
        for line in whiskers(
            words("interval"), colour=shade,
            rows=[(scale * one.low, scale * one.high, at) for at, (_, one) in enumerate(rows) if colours[at] == shade],
        )
    ]  # fmt: skip
    scatter = {"type": "scatter", "symbolSize": 13, "z": 6, "data": dots, "markLine": upright(0.0, colour=INK)}
    option = framed(
        title, series=[*lines, scatter], grid=grid(top=12), xAxis=value_axis(axis, scale=True),
        yAxis=row_axis([name for name, _ in rows]),
    )  # fmt: skip
    return Drawn(title, caption, option, rows_high(len(rows), around=90, each=44))
