"""An explanation for the terminal, as rich renderables. Refuses to print."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from relocsim.phases.cost import COMPONENTS
from relocsim.report.explaining import Explanation
from relocsim.report.firms_told import firm_words
from relocsim.report.screens.comparison import grid, paragraphs
from relocsim.report.tables import place_name, records
from relocsim.report.tracing import PARTS, FirmTrace, Review
from relocsim.report.wording import money, percent, plain, signed
from relocsim.sources import Grade
from relocsim.spec import Spec

_LINKS, _RANGES, _BEST = 12, 15, 8
_SHORT = {"land and buildings": "land", "coordination": "coord.", "administration": "admin.", "incentive": "incent."}
"""Names of components that fit a column."""
_SAME = 5e-3
"""Difference that no sheet shows."""
_APPEAL = (
    "to home: total less that at home. own industry, size and distance: worth in the same unit, size against the mean "
    "place, distance beside what it costs; depth of supporting industry from 0 to 1. "
    "rank: by total at central inputs, and the least and greatest over draws of every uncertain input."
)
_VALUE_TITLE = (
    "What these places are worth to it, in the same unit: the parts add up to the value (saving: against the mean origin; "
    "way: branching and moving; going: of the quarter, the same for all)"
)


def explanation_screen(told: Explanation) -> RenderableType:
    """Return what explain prints."""
    parts: list[RenderableType] = [paragraphs(told.words), Text()]
    if len(told.policies):
        parts.append(_policies(told))
    parts.append(_differences(told))
    if told.firm is not None:
        parts += [Text(), firm_screen(told.spec, told.firm)]
    elif told.city is None or told.city_sheet is None or told.links is None:
        parts += [Text(), _sector_sheet(told)]
    else:
        parts += [Text(), _city_sheet(told, told.city, told.city_sheet), Text(), _links(told.links)]
    return Group(*parts, Text(), _inputs(told), _ranges(told))


def _policies(told: Explanation) -> RenderableType:
    """Return each policy over two lines: what and when, then sizes, cost and levers."""
    lines: list[RenderableType] = [Text("Policies", style="bold")]
    for row in records(told.policies):
        when = f"{row['start']} to {row['end']}" if row["end"] else f"from {row['start']}"
        lines.append(Text(f"{row['policy']}: {row['title']}, {'on' if row['on'] else 'off'} as written, {when}"))
        cost = (
            f"; costs {row['cities']} {money(row['outlay'])} over the period, beside incentives"
            if row["outlay"]
            else ""
        )
        lines.append(
            Padding(Text(f"{row['sizes']}{cost}; moves {row['levers']}", style="dim"), (0, 0, 0, 4), expand=False)
        )
    return Group(*lines, Text())


def _differences(told: Explanation) -> RenderableType:
    if told.differences.empty:
        return Text("Nothing is changed by extends, override or --set.")
    rows = [(row["path"], row["old"], row["new"], row["where"]) for row in records(told.differences)]
    return grid("Changed by extends, override or --set", ["entry", "old", "new", "where"], rows, left=4)


def _varying(table: pd.DataFrame) -> list[str]:
    """Return the components that differ between the rows of a sheet."""
    return [name for name in COMPONENTS if table[name].max() - table[name].min() > _SAME]


def _same(table: pd.DataFrame) -> Text:
    """Return in words the components that are the same in every row."""
    same = [f"{name} {plain(table[name].iloc[0], 2)}" for name in COMPONENTS if name not in _varying(table)]
    return Text(f"The same in every row, and in the total: {', '.join(same)}." if same else "")


def _sheet(title: str, table: pd.DataFrame, first: str, names: list[str], marked: list[bool]) -> RenderableType:
    """Return a cost sheet with the terms of appeal."""
    shown = _varying(table)
    rows = [
        (
            name,
            *(plain(row[part], 2) for part in shown),
            plain(row["total"], 2),
            signed(row["difference"], 2),
            *(signed(row[term], 1) for term in ("own_industry", "size", "distance")),
            plain(row["depth"], 2),
            row["missing"] or "none",
        )
        for name, row in zip(names, records(table), strict=True)
    ]
    parts = [_SHORT.get(name, name) for name in shown]
    columns = [first, *parts, "total", "to home", "own", "size", "dist.", "depth", "key parts missing"]
    if "rank" in table:
        columns.insert(1, "rank")
        rows = [(row[0], _rank(entry), *row[1:]) for row, entry in zip(rows, records(table), strict=True)]
    return Group(grid(title, columns, rows, marked=marked, words_last=True), _same(table), Text(_APPEAL))


def _rank(row: dict[str, Any]) -> str:
    """Return the rank of a place by unit cost and its range over drawn inputs; nothing for home."""
    if pd.isna(row["rank"]):
        return "home"
    return f"{row['rank']:.0f} ({row['rank_low']:.0f}-{row['rank_high']:.0f})"


def _sector_sheet(told: Explanation) -> RenderableType:
    spec, table = told.spec, told.cost_sheet
    firm = f"medium firm of {place_name(spec, told.origin)}"
    title = f"{spec.world.sectors[told.sector].name} in {told.quarter}, {firm}: yuan per 100 yuan of output"
    marked = [place == spec.scenario.study.city for place in table["place"]]
    return _sheet(title, table, "place", [place_name(spec, place) for place in table["place"]], marked)


def _city_sheet(told: Explanation, city: str, table: pd.DataFrame) -> RenderableType:
    against = f"{place_name(told.spec, city)} in {told.quarter} against {place_name(told.spec, told.origin)}"
    return _sheet(f"{against}, medium firms: yuan per 100 yuan of output", table, "sector", list(table["sector"]), [])


def _links(table: pd.DataFrame) -> RenderableType:
    rows = [
        (
            row["sector"],
            row["input"],
            percent(row["need"]),
            percent(row["coverage"]),
            plain(row["depth"], 2),
            signed(row["depth_gain"], 2),
            plain(row["saving"], 2),
        )
        for row in records(table.head(_LINKS))
    ]
    columns = ["sector", "input", "share of need", "met on the spot", "depth", "depth if met", "saves, yuan per 100"]
    return grid(
        "Weakest links: what unit cost would fall by if one input were fully met on the spot", columns, rows, left=2
    )


def firm_screen(spec: Spec, firm: FirmTrace) -> RenderableType:
    """Return the history of one firm."""
    parts: list[RenderableType] = [paragraphs(firm_words(spec, firm))]
    if firm.review is not None:
        parts += [Text(), _places_of_review(spec, firm.review), _outside(firm.review)]
    return Group(*parts)


def _places_of_review(spec: Spec, review: Review) -> RenderableType:
    """Return the best places that the firm knows: their unit cost, and the parts of their value."""
    known = review.places[review.places["known"] & review.places["value"].map(math.isfinite)]
    best = known.sort_values(["value", "place"], ascending=[False, True]).head(_BEST)
    names, marked = [place_name(spec, place) for place in best["place"]], [bool(wanted) for wanted in best["wanted"]]
    ranked, shown = records(best), _varying(best)
    costs = [
        (name, *(plain(row[part], 2) for part in shown), plain(row["unit_cost"], 2))
        for name, row in zip(names, ranked, strict=True)
    ]
    values = [
        (name, *(signed(row[part], 1) for part in PARTS), signed(row["value"], 1))
        for name, row in zip(names, ranked, strict=True)
    ]
    columns = ["place", *(_SHORT.get(name, name) for name in shown), "unit cost"]
    title = f"{review.quarter}: unit cost in the best places that it knows, yuan per 100 yuan of output"
    return Group(
        grid(title, columns, costs, marked=marked),
        _same(best),
        Text(),
        grid(_VALUE_TITLE, ["place", *PARTS.values(), "value"], values, marked=marked),
    )


def _outside(review: Review) -> RenderableType:
    rows = [
        (row["option"], signed(row["value"], 1) if row["open"] else "not open to it") for row in records(review.outside)
    ]
    return grid("What it may do instead", ["option", "value"], rows)


def _inputs(told: Explanation) -> RenderableType:
    grades = [str(grade) for grade in Grade]
    rows = [
        (
            row["part"],
            plain(row["inputs"], 0),
            *(str(row[grade]) for grade in grades),
            str(row["ranged"]),
            percent(row["assumed_share"]),
        )
        for row in records(told.inputs)
    ]
    columns = ["part", "inputs", *grades, "with a range", "share assumed"]
    return grid("What the inputs rest on", columns, rows)


def _ranges(told: Explanation) -> RenderableType:
    rows = [_range_row(row) for row in records(told.ranges.head(_RANGES))]
    columns = ["input", "unit", "how many", "value", "low", "high", "high / low"]
    return grid("Widest ranges (value: the median where there are many)", columns, rows, left=2)


def _range_row(row: dict[str, Any]) -> tuple[str, ...]:
    width = plain(row["width"], 1) if math.isfinite(row["width"]) else "reaches 0"
    ends = (f"{row[key]:.4g}" for key in ("value", "low", "high"))
    return (str(row["input"]), str(row["unit"]), str(row["count"]), *ends, width)
