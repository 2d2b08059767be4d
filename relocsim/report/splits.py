"""Figures by origin and by sector beside simple models, in words and Markdown. Refuses to play, to print."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from relocsim.report.markdown import between, lines_of, quantity, records
from relocsim.report.wording import listed
from relocsim.validation.simple import GRAVITY, MODEL, PERSISTENCE, SIZE
from relocsim.validation.splitting import ALIKE, BETTER, WORSE

_NONE = "nothing there"


def split_sentences(splits: pd.DataFrame) -> list[str]:
    """Return what the model adds to size alone by origin and by sector, over the figures that nothing was set from."""
    found: list[str] = []
    if splits.empty:
        return found
    splits = splits.fillna({"predictor": ""})
    for by in ("origin", "sector"):
        table = splits[splits["by"].str.contains(by)]
        model = table[(table["predictor"] == MODEL) & (table["use"] == "validate")]
        told = model[model["said"].isin([BETTER, WORSE, ALIKE])]
        counts = [f"{int((told['said'] == said).sum())} {said}" for said in (BETTER, WORSE, ALIKE)]
        silent = table.loc[table["predictor"] == "", "figure"].nunique()
        what = (
            f"{len(told)} held-out figures say where firms go"
            if len(told) != 1
            else "1 held-out figure says where firms go"
        )
        against = f", the model against size alone: {listed(counts)}{_beside_gravity(table, told)}" if len(told) else ""
        found.append(f"By {by} {what}{against}; {silent} more are published about which nothing can be said")
    return found


def _beside_gravity(table: pd.DataFrame, told: pd.DataFrame) -> str:
    """Return in how many of the figures the model is nearer than gravity, by its median or mean."""
    gravity = table[table["predictor"] == GRAVITY].set_index("comparison")["off"]
    nearer = int((told.set_index("comparison")["off"] < gravity.loc[told["comparison"]]).sum())
    return f" (nearer than gravity in {nearer} of {len(told)})"


def split_section(splits: pd.DataFrame) -> Iterator[str]:
    """Yield the lines of the page's section."""
    if splits.empty:
        return
    splits = splits.astype({"date": object}).fillna(
        {"said": "", "reason": "", "unit": "", "comparison": "", "predictor": "", "date": ""}
    )
    shown, silent = splits[~splits["predictor"].isin(["", PERSISTENCE])], splits[splits["predictor"] == ""]
    yield from (
        "## By origin and by sector",
        "",
        "What was published of the firms of one origin or of one sector, beside where simple models send the same firms:",
        "by the GDP of all destinations, by GDP over the distance from their origin, by the unit costs of their sector and",
        "origin. A share needs nothing else; where the figure is an amount, what leaves everywhere is the model's own, so",
        "that only the place is judged, and it is means of replicates that are compared (of shares the medians). `off`:",
        "distance to the figure in deviations of its tolerance. `nearer than size`: by how many deviations, 95 % of",
        "replicates (of amounts: of resamples of them), of which `said` tells; less than one or two is within what the",
        "figure itself may be off. Last share persists has nothing to persist: no origin or sector was counted twice.",
        "",
    )
    heads = ("by", "figure", "published", "set from", "predictor", "says", "95 %", "off", "nearer than size", "said")
    yield from lines_of(heads, (_row(row) for row in records(shown)))
    yield ""
    yield "By origin or sector too, and nothing to compare:"
    yield ""
    yield from lines_of(("by", "figure", "place", "published", "why"), (_silent(row) for row in records(silent)))
    yield ""


def _row(row: dict[str, object]) -> tuple[str, ...]:
    predicted = quantity(row["predicted"])
    return (
        str(row["by"]),
        f"{', '.join(str(row[name]) for name in ('place', 'date') if row[name])} (`{row['comparison']}`)",
        f"{quantity(row['value'])}{_unit(row)}",
        "yes" if row["use"] == "calibrate" else "no",
        str(row["predictor"]),
        predicted if predicted != "-" else str(row["reason"]),
        between(row["low"], row["high"]) if row["low"] != row["high"] else "",
        _deviations(row["off"]),
        "" if row["predictor"] == SIZE else _gain(row),
        str(row["said"]),
    )


def _silent(row: dict[str, object]) -> tuple[str, ...]:
    value = quantity(row["value"])
    told = f"{value} {row['unit']}" if value != "-" else "several numbers"
    return (str(row["by"]), str(row["what"]), str(row["place"]), told, str(row["reason"]))


def _unit(row: dict[str, object]) -> str:
    return "" if row["unit"] in ("", "ratio") else f" {row['unit']}"


def _deviations(value: object) -> str:
    off = float(str(value))
    return "" if off != off else _NONE if off == float("inf") else f"{off:.1f}"


def _gain(row: dict[str, object]) -> str:
    ends = [float(str(row[name])) for name in ("gain_low", "gain_high")]
    if any(end != end for end in ends):
        return ""
    if any(abs(end) == float("inf") for end in ends):
        return ""
    return f"{ends[0]:.1f} to {ends[1]:.1f}"
