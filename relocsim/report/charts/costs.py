"""The cost sheet of a sector by place, as deviations from home, component by component."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from relocsim.language import ENGLISH, Words, message
from relocsim.phases.cost import COMPONENTS
from relocsim.report.terms import short, term
from relocsim.report.theme import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    YELLOW,
    canvas,
    styled,
    zero_line,
)

COLOURS = {
    "labour": BLUE, "skills": "#7FB2D9", "land and buildings": ORANGE, "power": YELLOW, "inputs": VERMILLION,
    "resources": "#8C6D31", "freight": SKY, "clearance": "#3B8EA5", "coordination": PURPLE, "administration": GREY,
    "tax": "#BBBBBB", "joint moves": "#5B3A86", "other": "#999999", "incentive": GREEN,
}  # fmt: skip
"""Colour of each component."""
_SHOWN = 5e-3
"""Difference below which a component is left out of the legend."""
PLACES = 25
"""Places shown."""


def cost_sheet_chart(
    sheet: pd.DataFrame, *, home: str, city: str, names: Mapping[str, str], title: str, caption: str,
    words: Words = ENGLISH,
) -> Figure:  # fmt: skip
    """Return the chart of a cost sheet (chosen rows of `costsheets.sector_sheet`): deviations from home, total marked."""
    rows, gaps = deviations(sheet, home)
    with styled(words):
        figure = canvas(10, 2.2 + 0.27 * len(rows), title, caption)
        axes = figure.subplots()
        height = np.arange(len(rows))
        ends = {sign: np.zeros(len(rows)) for sign in (1, -1)}
        for name in gaps:
            for sign in (1, -1):
                part = np.where(np.sign(gaps[name]) == sign, gaps[name], 0.0)
                label = term(name, words) if sign == 1 else None
                axes.barh(height, part, left=ends[sign], color=COLOURS[name], height=0.72, label=label)
                ends[sign] += part
        axes.scatter(
            rows["difference"], height, marker="D", s=26, color=BLACK, edgecolor="white", zorder=4, label=words("total")
        )
        zero_line(axes)
        axes.set_yticks(height, [short(names[place]) for place in rows["place"]])
        for tick, place in zip(axes.get_yticklabels(), rows["place"], strict=True):
            tick.set(fontweight="bold" if place == city else "normal", color=BLUE if place == city else BLACK)
        axes.set_ylim(-0.6, len(rows) - 0.4)
        axes.set_xlabel(
            words("unit cost less that at home in {home}, yuan per 100 yuan of output", home=short(names[home]))
        )
        axes.legend(frameon=False, ncols=5, loc="lower center", bbox_to_anchor=(0.42, 1.0), fontsize=9)
    return figure


def deviations(sheet: pd.DataFrame, home: str) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Return the places of a sheet, dearest first, and by component that shows what each costs more than at home."""
    base = sheet[sheet["place"] == home].iloc[0]
    rows = sheet[sheet["place"] != home].sort_values(["total", "place"], ascending=[False, True])
    gaps = {name: (rows[name] - base[name]).to_numpy() for name in COMPONENTS}
    return rows, {name: found for name, found in gaps.items() if np.abs(found).max(initial=0) > _SHOWN}


def chosen_rows(sheet: pd.DataFrame, always: Sequence[str], count: int = PLACES) -> pd.DataFrame:
    """Return home (the first row), the places named in `always`, and the cheapest others up to `count`."""
    away = sheet.iloc[1:]
    kept = away[away["place"].isin(always)]
    others = away[~away["place"].isin(always)].head(max(0, count - len(kept)))
    return pd.concat([sheet.iloc[:1], kept, others])


_DEARER = message("{city} is {amount} yuan per 100 dearer than home")
_CHEAPER = message("{city} is {amount} yuan per 100 cheaper than home")
_LESS, _MORE = message("{amount} less, most by {parts}"), message("{amount} more, most by {parts}")


def cost_title(
    sheet: pd.DataFrame, *, sector: str, city: str, names: Mapping[str, str], quarter: str, words: Words = ENGLISH
) -> str:
    """Return the finding of a cost sheet in words: dearer or cheaper than home, by what."""
    base, row = sheet.iloc[0], sheet[sheet["place"] == city].iloc[0]
    gaps = {name: float(row[name] - base[name]) for name in COMPONENTS}
    total = float(row["difference"])
    dear = sorted((name for name in gaps if gaps[name] > _SHOWN), key=lambda name: -gaps[name])
    cheap = sorted((name for name in gaps if gaps[name] < -_SHOWN), key=lambda name: gaps[name])
    parts = [
        words(
            text,
            amount=words.plain(abs(sum(gaps[name] for name in held)), 2),
            parts=words.listed([term(name, words) for name in held[:2]]),
        )
        for held, text in ((cheap, _LESS), (dear, _MORE))
        if held
    ]
    where = words("{sector} from {home} in {quarter}", sector=sector, home=names[str(base["place"])], quarter=quarter)
    told = words(_DEARER if total > 0 else _CHEAPER, city=names[city], amount=words.plain(abs(total), 2))
    if not parts:
        return words("{where}: {finding}", where=where, finding=told)
    return words("{where}: {finding} ({reasons})", where=where, finding=told, reasons=words("; ").join(parts))
