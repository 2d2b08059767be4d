"""Tables for readers, made from the tidy ones of a run or a comparison: chosen rows, names for ids. Refuses to print."""

from __future__ import annotations

from typing import Any

import pandas as pd

from relocsim.batch.comparing import Comparison
from relocsim.batch.running import Run
from relocsim.language import ENGLISH, Words
from relocsim.metrics.capture import MEASURES
from relocsim.spec import Spec
from relocsim.world.calendar import Quarter

TOP = 10
"""Places and flows shown from the top."""


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, each by the names of its columns."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def place_name(spec: Spec, place: str, words: Words = ENGLISH) -> str:
    """Return the name of a place."""
    return words.name(spec.world.places[place])


def capture_by_place(run: Run) -> pd.DataFrame:
    """Return one row a place outside the studied origins: rank, capture rate by investment, amounts; best first."""
    table = run.capture[run.capture["stage"] == run.spec.scenario.study.stage]
    table = table[~table["studied_origin"]]
    amounts = table.pivot(index="place", columns="measure", values="amount")[list(MEASURES)]
    rates = table[table["measure"] == "investment"].set_index("place")["capture_rate"]
    found = amounts.assign(capture_rate=rates).reset_index()
    found = found[[run.spec.world.places[name].destination for name in found["place"]]]
    return _ranked(found, "capture_rate")


def _ranked(table: pd.DataFrame, by: str) -> pd.DataFrame:
    ordered = table.sort_values([by, "place"], ascending=[False, True], ignore_index=True)
    ordered.insert(0, "rank", range(1, len(ordered) + 1))
    return ordered


def chosen_places(table: pd.DataFrame, spec: Spec, top: int = TOP) -> pd.DataFrame:
    """Return the rows of a ranked table at its top, with the city under study and its corridor."""
    study = spec.scenario.study
    return table[(table["rank"] <= top) | table["place"].isin([study.city, *study.corridor])].reset_index(drop=True)


def between_origins(run: Run) -> pd.Series:
    """Return what moved from one studied origin to another, by measure: counted apart from capture."""
    table = run.capture[(run.capture["stage"] == run.spec.scenario.study.stage) & run.capture["studied_origin"]]
    return table.groupby("measure")["amount"].sum()


def flows(run: Run, until: Quarter | None = None) -> pd.DataFrame:
    """Return one row an origin and place: projects, investment (1e8 yuan), jobs that reached the stage under study.

    By the end of a quarter, where one is named, else by the end of the run.
    """
    when = run.projects[f"{run.spec.scenario.study.stage}_at"].astype(str)
    table = run.projects[(when != "") if until is None else when.between("0", str(until))]
    studied = {name for name, place in run.spec.world.places.items() if place.origin and not place.entrants_only}
    table = table[table["origin"].isin(studied)]
    grouped = table.groupby(["origin", "place"], observed=True)[["firms", "investment", "jobs"]].sum().reset_index()
    grouped = grouped.rename(columns={"firms": "projects"}).astype({"origin": str, "place": str})
    return grouped.sort_values(["investment", "origin", "place"], ascending=[False, True, True], ignore_index=True)


def chosen_flows(table: pd.DataFrame, spec: Spec, top: int = TOP) -> pd.DataFrame:
    """Return the largest flows to places outside the studied origins, and the largest to the city under study."""
    origins = {name for name, place in spec.world.places.items() if place.origin and not place.entrants_only}
    outside = table[~table["place"].isin(origins)]
    city = outside[outside["place"] == spec.scenario.study.city].head(top // 2)
    return pd.concat([outside.head(top), city]).drop_duplicates(ignore_index=True)


def baseline_capture(comparison: Comparison) -> pd.DataFrame:
    """Return one row a place outside the origins, best first: the baseline's capture rate with its interval."""
    table = comparison.capture
    chosen = table[
        (table["arm"] == comparison.arms[0].name) & table["outside_origins"]
        & (table["measure"] == "investment") & (table["quantity"] == "capture_rate")
    ]  # fmt: skip
    return _ranked(chosen, "mean")
