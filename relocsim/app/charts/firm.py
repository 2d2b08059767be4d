"""One choice of a firm: what the best places it knows are worth to it, part by part, against what else it may do."""

from __future__ import annotations

import math

import pandas as pd

from relocsim.app.charts.parts import (
    Drawn,
    Option,
    framed,
    grid,
    legend,
    row_axis,
    rows_high,
    tip,
    upright,
    value_axis,
)
from relocsim.language import ENGLISH, Words
from relocsim.report.charts.comparison import caption_of
from relocsim.report.firms_told import DOING, PART_WORDS, review_words
from relocsim.report.tables import place_name, records
from relocsim.report.terms import short
from relocsim.report.theme import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILLION, YELLOW
from relocsim.report.tracing import PARTS, Review
from relocsim.spec import Spec

BEST = 8
"""Places shown."""
_COLOURS = {
    "saving": BLUE, "own_industry": GREEN, "size": SKY, "distance": ORANGE, "mode": PURPLE, "taste": YELLOW, "going": GREY,
}  # fmt: skip


def best_places(review: Review, always: str = "", count: int = BEST) -> pd.DataFrame:
    """Return the best places that the firm knows, best first, and one that is always shown if it knows it."""
    known = review.places[review.places["known"] & review.places["value"].map(math.isfinite)]
    ranked = known.sort_values(["value", "place"], ascending=[False, True], ignore_index=True)
    return ranked[(ranked.index < count) | (ranked["place"] == always)]


def choice(spec: Spec, review: Review, words: Words = ENGLISH) -> Drawn:
    """Return the parts of the value of each place, stacked, with their sum, and a line at the best of what else is open."""
    city, table = spec.scenario.study.city, best_places(review, spec.scenario.study.city)
    rows = records(table)
    names = [short(place_name(spec, row["place"], words)) for row in rows]
    tips = [tip(*_told(row, names[at], words)) for at, row in enumerate(rows)]
    series: list[Option] = [
        {
            "type": "bar", "name": words(PART_WORDS[part]), "stack": "parts", "itemStyle": {"color": _COLOURS[part]},
            "barCategoryGap": "34%",
            "data": [{"value": float(row[part]), "tooltip": tips[at]} for at, row in enumerate(rows)],
        }
        for part in PARTS
    ]  # fmt: skip
    worth = words("worth in all")
    dots = [
        {"value": [float(row["value"]), at], "tooltip": tips[at],
         "symbol": "diamond" if row["wanted"] else "emptyCircle", "symbolSize": 12}
        for at, row in enumerate(rows)
    ]  # fmt: skip
    outside = review.outside[review.outside["open"]].sort_values("value", ascending=False)
    line = {"type": "scatter", "name": worth, "z": 6, "itemStyle": {"color": BLACK}, "data": dots}
    if len(outside):
        line["markLine"] = _instead(outside.iloc[0], words)
    axis = words("worth to the firm, yuan per 100 yuan of output")
    own = next((at for at, row in enumerate(rows) if row["place"] == city), None)
    title = review_words(spec, review, words)
    option = framed(
        title, series=[*series, line], grid=grid(top=84), xAxis=value_axis(axis),
        yAxis=row_axis(names, bold=own, colour=BLUE),
        legend=legend([*(one["name"] for one in series), worth]),
    )  # fmt: skip
    what = words("n = 1: central inputs; filled diamonds: worth more to it than anything else it may do")
    return Drawn(title, caption_of(spec, what, words), option, rows_high(len(rows), around=170, each=32))


def _told(row: dict[str, float], name: str, words: Words) -> list[str]:
    named = {part: words(PART_WORDS[part]) for part in PARTS}
    parts = [f"{named[part]} {words.signed(row[part], 1)}" for part in PARTS]
    admitted = words("takes {firms} firms", firms=words.plain(row["admitted"], 1)) if row["admitted"] > 0 else ""
    return [name, words("worth {value} in all", value=words.signed(row["value"], 1)), *parts, admitted]


def _instead(option: pd.Series, words: Words) -> dict[str, object]:
    """Return the line at the best of what else the firm may do, with its name above: rows count downwards."""
    doing = words(DOING[str(option["option"])])
    label = {"show": True, "formatter": doing.replace("{", "("), "position": "start", "color": VERMILLION}
    return upright(float(option["value"]), colour=VERMILLION) | {"label": label}
