"""The yardsticks that officials answer to, of a finished model: by place (city or county), quarter or year.

All projects count that were recruited: firms of every origin and state-owned enterprises, not expansions of settled plants.
Inland investors without a place of their own, and state-owned enterprises, come from outside the city and the province.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from relocsim.metrics.yardsticks import LARGE, large_projects, money_by_quarter, outside_of, tax_per_hectare
from relocsim.model import RelocationModel
from relocsim.observe import in_place_shares
from relocsim.world.projects import EXPANSION, GROUND, HONOURED, PRODUCING, SIGNED

YARDSTICKS = {
    "in place": "1e8 yuan",
    "in place from outside the city": "1e8 yuan",
    "in place from outside the province": "1e8 yuan",
    "signed": "1e8 yuan",
    "signed projects": "firms",
    "large projects": "firms that signed 1e8 yuan or more",
    "honoured rate": "share of signed firms so far",
    "started rate": "share of signed firms so far",
    "in-place rate": "share of signed money so far",
    "tax per hectare": "1e8 yuan/year/ha of plants that built, at the end of the period",
}
"""Unit of each yardstick; sums are of the period."""


def yardstick_table(model: RelocationModel, *, yearly: bool = False) -> pd.DataFrame:
    """Return one row a place, period (quarter or calendar year) and yardstick: `value` in its `unit`."""
    start, ids = model.spec.scenario.start, model.setting.places.ids
    found = yardsticks_by_quarter(model)
    quarters = [start + t for t in range(model.quarter)]
    labels = np.array([one.year if yearly else str(one) for one in quarters])
    last = np.flatnonzero(np.append(labels[1:] != labels[:-1], True)) if len(labels) else np.zeros(0, dtype=np.intp)
    parts = []
    for name, unit in YARDSTICKS.items():
        values = found[name]
        if not is_standing(name) and len(last):
            values = np.add.reduceat(values, np.append(0, last[:-1] + 1), axis=0)
        else:
            values = values[last]
        index = pd.MultiIndex.from_product([labels[last], ids], names=["period", "place"])
        parts.append(
            pd.DataFrame({"yardstick": name, "unit": unit, "value": values.ravel()}, index=index).reset_index()
        )
    return pd.concat(parts, ignore_index=True)


def is_standing(name: str) -> bool:
    """Return whether a yardstick tells how things stand and is not summed over a period."""
    return name.endswith("rate") or name == "tax per hectare"


def yardsticks_by_quarter(model: RelocationModel) -> dict[str, np.ndarray]:
    """Return every yardstick by quarter and place, (T, P): flows of the quarter, or how things stand at its end."""
    projects, places = model.projects, model.setting.places
    rows = projects.kind != EXPANSION
    place, dates, firms = projects.place[rows], projects.dates[:, rows], projects.firms[rows]
    invested = projects.investment[rows]
    origin = projects.origin[rows]
    came_from = np.where(origin < 0, -1, places.origins[origin])
    shares, size = in_place_shares(model.setting.parameters), {"quarters": model.quarter, "places": len(places.ids)}

    def arrived(counted: np.ndarray) -> np.ndarray:
        return money_by_quarter(invested * counted, dates, place, shares, **size)

    def reached(amount: np.ndarray, stage: int) -> np.ndarray:
        at = np.flatnonzero(dates[stage] >= 0)
        flat = np.bincount(
            dates[stage, at].astype(np.int64) * size["places"] + place[at],
            amount[at],
            size["quarters"] * size["places"],
        )
        return flat.reshape(model.quarter, -1)

    signed_firms, signed, in_place = reached(firms, SIGNED), reached(invested, SIGNED), arrived(np.ones(len(firms)))
    return {
        "in place": in_place,
        "in place from outside the city": arrived(outside_of(came_from, place, np.arange(len(places.ids)))),
        "in place from outside the province": arrived(outside_of(came_from, place, places.province)),
        "signed": signed,
        "signed projects": signed_firms,
        "large projects": reached(large_projects(invested, firms, LARGE), SIGNED),
        "honoured rate": _so_far(reached(firms, HONOURED), signed_firms),
        "started rate": _so_far(reached(firms, GROUND), signed_firms),
        "in-place rate": _so_far(in_place, signed),
        "tax per hectare": _tax_per_hectare(model),
    }


def _so_far(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return cumulated part over cumulated whole, (T, P); nan where there is no whole."""
    one, all_ = part.cumsum(axis=0), whole.cumsum(axis=0)
    return np.divide(one, all_, out=np.full(one.shape, np.nan), where=all_ > 0)


def _tax_per_hectare(model: RelocationModel) -> np.ndarray:
    """Return yearly taxes of plants that built over their land, by quarter and place, 1e8 yuan/year/ha, (T, P)."""
    projects, sectors, size = model.projects, model.setting.sectors, len(model.setting.places.ids)
    rows = np.flatnonzero(~projects.rents & (projects.dates[PRODUCING] >= 0))
    tax = projects.output[rows] * projects.running[rows] * sectors.tax[projects.sector[rows]]
    land, place = projects.land[rows] * projects.running[rows], projects.place[rows]
    out = np.empty((model.quarter, size))
    for quarter in range(model.quarter):
        gone = projects.gone[rows]
        runs = (projects.dates[PRODUCING, rows] <= quarter) & ((gone < 0) | (gone > quarter))
        sums = [np.bincount(place[runs], one[runs], size) for one in (tax, land)]
        out[quarter] = tax_per_hectare(sums[0], sums[1])
    return out
