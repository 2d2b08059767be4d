"""Where firms of the studied origins go in the scenario as written: the map of flows, with hours along the corridor."""

from __future__ import annotations

from itertools import groupby

import pandas as pd

from relocsim.answers.landing import ALL
from relocsim.briefing.blocks import Chart, Map, Spot
from relocsim.briefing.facts import Facts
from relocsim.briefing.rules import POINTS, interval_of
from relocsim.language import Words
from relocsim.report.effects import estimate_of

SHOWN = 30
"""Largest flows that are drawn."""
MINE = 8
"""Flows to the city that are drawn."""
_TOLD = 3
"""Flows that are told in words."""
_NAMED = 8
"""Origins and places that are named for what leaves and reaches them, beside the corridor."""


def flow_map(words: Words, facts: Facts) -> Chart | None:
    """Return the map of mean flows in the baseline; none where they were not stored."""
    table, city = facts.stored.table("flows"), facts.manifest["city"]
    if table is None:
        return None
    between = table[table["origin"] != ALL]
    rate, whole = facts.baseline, estimate_of(table[table["origin"] == ALL].iloc[0])
    name = facts.city(words)
    title = words(
        "Of {amount} that firms of the studied origins place elsewhere, {city} takes {share} %",
        amount=words.money_span(whole), city=name, share=words.span(rate, POINTS, sign=False),
    )  # fmt: skip
    shown = pd.concat([between.head(SHOWN), between[between["place"] == city].head(MINE)]).drop_duplicates()
    note = words(
        "As written, means of n = {n} replicates; the {count} largest flows and the {mine} largest to {city}; in the "
        "title: {interval}. Red: to {city}; blue: other flows; amber: the corridor; hours: door to door from its origin, at "
        "the end of the period.",
        n=facts.replicates, count=min(SHOWN, len(between)), mine=MINE, city=name, interval=interval_of(words, rate),
    )  # fmt: skip
    axis = words("flows of investment, longitude and latitude")
    return Chart(title, _map(words, facts, between, shown), axis, _alt(words, facts, between), note, "flows")


def _map(words: Words, facts: Facts, between: pd.DataFrame, shown: pd.DataFrame) -> Map:
    hours = facts.stored.table("hours")
    timed = () if hours is None else tuple((str(row["place"]), float(row["mean"])) for _, row in hours.iterrows())
    home = "" if hours is None else str(hours["home"].iloc[0])
    leaving, going = (between.groupby(side)["mean"].sum().nlargest(_NAMED).index for side in ("origin", "place"))
    city = facts.manifest["city"]
    corridor = [home, *(place for place, _ in timed)] if home else []
    drawn = shown.sort_values("mean", kind="stable")
    return Map(
        spots=tuple(_spots(words, facts)),
        flows=tuple((str(row["origin"]), str(row["place"]), float(row["mean"])) for _, row in drawn.iterrows()),
        tracks=_tracks(facts),
        city=city,
        labels=tuple(dict.fromkeys([city, *corridor, *leaving, *going])),
        hours=timed,
        home=home,
    )


def _spots(words: Words, facts: Facts) -> list[Spot]:
    """Return the places of the world that lie somewhere."""
    names = facts.stored.tables["names"]
    lying = names[(names["kind"] == "place") & names["lon"].notna()]
    return [
        Spot(str(row["id"]), facts.name(row["id"], words), float(row["lon"]), float(row["lat"]), bool(row["origin"]))
        for _, row in lying.iterrows()
    ]


def _tracks(facts: Facts) -> tuple[tuple[bool, tuple[tuple[float, float], ...]], ...]:
    table = facts.stored.table("tracks")
    rows = (
        [] if table is None else list(zip(table["track"], table["corridor"], table["lon"], table["lat"], strict=True))
    )
    found = []
    for _, stops in groupby(rows, key=lambda row: row[0]):
        held = list(stops)
        found.append((bool(held[0][1]), tuple((float(lon), float(lat)) for _, _, lon, lat in held)))
    return tuple(found)


def _alt(words: Words, facts: Facts, between: pd.DataFrame) -> str:
    """Return the largest flows, and those to the city, in words."""
    mine = between[between["place"] == facts.manifest["city"]]
    told = {"largest": between.head(_TOLD), "mine": mine.head(_TOLD)}
    said = {name: "; ".join(_flow(words, facts, row) for _, row in rows.iterrows()) for name, rows in told.items()}
    text = words("Map of mean flows. The largest: {flows}.", flows=said["largest"])
    if said["mine"]:
        text += words(" To {city}: {flows}.", city=facts.city(words), flows=said["mine"])
    return text


def _flow(words: Words, facts: Facts, row: pd.Series) -> str:
    start, end = (facts.name(row[side], words) for side in ("origin", "place"))
    return words("{origin} to {place} {money}", origin=start, place=end, money=words.money(float(row["mean"])))
