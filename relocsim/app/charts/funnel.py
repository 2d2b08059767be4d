"""The funnel from intention to production against its targets: the same figures as the printed chart."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from relocsim.app.charts.parts import Drawn, framed, grid, legend, row_axis, rows_high, tip, value_axis, whiskers
from relocsim.language import ENGLISH, Words
from relocsim.metrics.effects import Estimate
from relocsim.report.charts.delivery import STAGE_WORDS, funnel_title, share_of_signed
from relocsim.report.tables import records
from relocsim.report.theme import BLUE, GREY, SKY, VERMILLION


def funnel(
    stages: pd.DataFrame, *, city: str, targets: Mapping[str, float], caption: str, words: Words = ENGLISH
) -> Drawn:
    """Return the funnel of a city; see `charts_delivery.funnel_chart` for `stages` and `targets`."""
    title = funnel_title(stages, city=city, targets=targets, words=words)
    held = records(stages)
    named = [words(STAGE_WORDS[stage]) for stage in stages["stage"]]
    bars = [
        {
            "value": float(row["mean"]),
            "itemStyle": {"color": BLUE if row["stage"] == "producing" else SKY},
            "tooltip": tip(named[at], _money(row, words), share_of_signed(row, words)),
        }
        for at, row in enumerate(held)
    ]
    series: list[dict[str, object]] = [{"type": "bar", "data": bars, "barCategoryGap": "35%"}]
    series += whiskers(
        words("interval"), [(row["low"], row["high"], at) for at, row in enumerate(held) if row["low"] < row["high"]]
    )
    wanted = _marks(held, targets, words)
    label = words("target, as a share of what was signed")
    if wanted:
        series.append(
            {"type": "scatter", "name": label, "symbol": "rect", "symbolSize": [4, 30], "z": 5,
             "itemStyle": {"color": VERMILLION}, "data": wanted}
        )  # fmt: skip
    axis = words("investment that reached the stage by the end of the period, 1e8 yuan")
    option = framed(
        title, series=series, grid=grid(top=40 if wanted else 12), xAxis=value_axis(axis, min=0),
        yAxis=[row_axis(named), _beside([share_of_signed(row, words) for row in held])],
        legend=legend([label] if wanted else []),
    )  # fmt: skip
    return Drawn(title, caption, option, rows_high(len(held), around=120, each=44))


def _beside(shares: list[str]) -> dict[str, object]:
    """Return the axis to the right that says of each stage what share of what was signed reached it."""
    axis = row_axis(shares, position="right")
    return axis | {"axisLabel": {"color": GREY, "fontSize": 12, "interval": 0, "width": 190, "overflow": "break"}}


def _marks(held: list[dict[str, object]], targets: Mapping[str, float], words: Words) -> list[dict[str, object]]:
    """Return where each target stands, as money."""
    signed = next((float(row["mean"]) for row in held if row["stage"] == "signed"), np.nan)  # type: ignore[arg-type]
    found: list[dict[str, object]] = []
    for at, row in enumerate(held):
        stage = str(row["stage"])
        share = targets.get(stage)
        if share is not None and np.isfinite(share * signed):
            told = words(
                "target: {share} of signed, {amount}", share=words.percent(share), amount=words.money(share * signed)
            )
            found.append({"value": [share * signed, at], "tooltip": tip(words(STAGE_WORDS[stage]), told)})
    return found


def _money(row: Mapping[str, float], words: Words) -> str:
    return words.money_span(Estimate(row["mean"], row["low"], row["high"], 0.0, 0.0, 1, 1))
