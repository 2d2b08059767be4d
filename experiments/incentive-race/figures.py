"""Figures of the incentive race: `python experiments/incentive-race/figures.py results/incentive-race`.

Reads the batch of plan.yaml, works out beside it what the choice implies without luck, prints both and writes figures.csv.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from relocsim import StoredBatch
from relocsim.batch.expecting import expected_intentions
from relocsim.batch.playing import realised
from relocsim.foundation import Foundation, lay_foundation
from relocsim.metrics.effects import estimate
from relocsim.spec import load

HERE = Path(__file__).parent
CITY, LINE = "chenzhou", "wuhan-guangzhou-hsr"
OFFERS = {1: "incentives", 2: "offer-2", 4: "offer-4", 8: "offer-8", 16: "offer-16", 60: "offer-60", 79: "offer-79"}
"""Policies by the number of bidders once each is in force; those before it are in force too."""
DRAWS = 40
BILLS = ("incentives_due_1e8yuan", "incentives_paid_1e8yuan", "treasury_1e8yuan", "output_1e8yuan")
DROPS = "loss of Chenzhou if it alone drops out"
Figures = dict[tuple[int, str], list[float]]


def sets() -> dict[tuple[int, bool], list[str]]:
    """Return the policies in force by number of bidders and whether Chenzhou is one of them."""
    found: dict[tuple[int, bool], list[str]] = {(0, True): []}
    for number in OFFERS:
        on = [policy for count, policy in OFFERS.items() if count <= number]
        found[number, True] = on
        if number > 1:
            found[number, False] = on[1:]
    return found


def bidders(on: list[str], policies: dict, places: list[str]) -> np.ndarray:
    """Return which places bid, (P,)."""
    return np.isin(places, [city for name in on for city in policies[name].cities()])


def against_nobody(came: np.ndarray, nobody: np.ndarray, bid: np.ndarray, city: int) -> dict[str, float]:
    """Return what bidding does to what comes by place, (P,), against nobody bidding."""
    group, before = came[bid].sum(), nobody[bid].sum()
    return {
        "gain of the bidders together": 100 * (group / before - 1),
        "gain of Chenzhou against nobody bidding": 100 * (came[city] / nobody[city] - 1),
        "new to the nation": 100 * (came.sum() / nobody.sum() - 1),
    }


def expected() -> Figures:
    """Return figures without luck by draw of the inputs: of output of firms that choose a place in a review."""
    spec, found = load(HERE / "scenario.yaml", settings=["scenario.firms=4000"]), {}
    for number in range(DRAWS):
        foundation = lay_foundation(realised(spec, number), replicate=number)
        flow = {key: flow_of(foundation, on) for key, on in sets().items()}
        for figure, value in of_draw(foundation, flow):
            found.setdefault(figure, []).append(value)
    return found


def flow_of(foundation: Foundation, on: list[str]) -> np.ndarray:
    """Return the output expected to choose each place, 1e8 yuan/year, (P,)."""
    levers = foundation.neutral.twin()
    for name in on:
        levers.apply(foundation.spec.policies[name].changes(foundation.site, 0))
    return expected_intentions(foundation, [LINE], levers=levers).output.sum(axis=(0, 1, 2))


def of_draw(foundation: Foundation, flow: dict) -> Iterator[tuple[tuple[int, str], float]]:
    """Yield the figures of one draw."""
    places, nobody = foundation.setting.places, flow[0, True]
    city = places.row(CITY)
    for (count, bids), came in flow.items():
        if count and not bids:
            yield (count, DROPS), 100 * (1 - came[city] / flow[count, True][city])
        elif count:
            bid = bidders(sets()[count, True], foundation.spec.policies, list(places.ids))
            for name, value in against_nobody(came, nobody, bid, city).items():
                yield (count, name), value
            yield from sources(count, came, nobody, bid)
    yield (1, DROPS), 100 * (1 - nobody[city] / flow[1, True][city])


def sources(
    count: int, came: np.ndarray, nobody: np.ndarray, bid: np.ndarray
) -> Iterator[tuple[tuple[int, str], float]]:
    """Yield where what the bidders take comes from, % of it, and how far the map moves."""
    taken = came[bid].sum()
    anyway = np.minimum(came, nobody)[bid].sum()
    new = came.sum() - nobody.sum()
    yield (count, "of what the bidders take: would have come anyway"), 100 * anyway / taken
    yield (count, "of what the bidders take: from other places"), 100 * (taken - anyway - new) / taken
    yield (count, "of what the bidders take: would have gone nowhere"), 100 * new / taken
    moved = np.abs(came / came.sum() - nobody / nobody.sum()).sum() / 2
    yield (count, "share of all that goes elsewhere"), 100 * moved


def whole_runs(folder: str) -> Figures:
    """Return figures of whole runs by replicate: of investment that came to produce, and of money."""
    batch, policies = StoredBatch(folder), load(HERE / "scenario.yaml").policies
    table = batch.cell_table()
    places, found = sorted(table["place"].astype(str).unique()), {}
    measured = {name: by_point(table, name) for name in ("investment", *BILLS)}
    points = points_of(batch.points)
    for replicate in range(measured["investment"].shape[1]):
        played = {name: {key: values[at, replicate] for key, at in points.items()} for name, values in measured.items()}
        for figure, value in of_replicate(played, places, policies):
            found.setdefault(figure, []).append(value)
    return found


def points_of(points: pd.DataFrame) -> dict[tuple[int, bool], int]:
    """Return the point of the batch by number of bidders and whether Chenzhou is one of them."""
    row = {tuple(one[list(OFFERS.values())]): one["point"] for _, one in points.iterrows()}
    wanted = {key: tuple(policy in on for policy in OFFERS.values()) for key, on in sets().items()}
    return {key: row[levels] for key, levels in wanted.items() if levels in row}


def of_replicate(played: dict[str, dict], places: list[str], policies: dict) -> Iterator[tuple[tuple[int, str], float]]:
    """Yield the figures of one replicate; `played` holds measures by number of bidders and place, (P,) each."""
    flow, city = played["investment"], places.index(CITY)
    nobody = flow[0, True]
    for (count, bids), came in flow.items():
        if count and not bids:
            yield (count, DROPS), 100 * (1 - came[city] / flow[count, True][city])
        elif count:
            bid = bidders(sets()[count, True], policies, places)
            change = {name: played[name][count, True] - played[name][0, True] for name in BILLS}
            for name, value in (against_nobody(came, nobody, bid, city) | of_money(came, nobody, bid, change)).items():
                yield (count, name), value
    yield (1, DROPS), 100 * (1 - nobody[city] / flow[1, True][city])


def by_point(table: pd.DataFrame, name: str) -> np.ndarray:
    """Return a measure by point, replicate and place, (N, R, P), places by name."""
    ordered = table.assign(place=table["place"].astype(str)).sort_values(["point", "replicate", "place"])
    shape = tuple(ordered[key].nunique() for key in ("point", "replicate", "place"))
    return ordered[name].to_numpy(dtype=float).reshape(shape)


def of_money(came: np.ndarray, nobody: np.ndarray, bid: np.ndarray, change: dict[str, np.ndarray]) -> dict[str, float]:
    """Return the bill and who has it; `change` is against nobody bidding, by place."""
    due, paid = (change[f"incentives_{what}_1e8yuan"][bid].sum() for what in ("due", "paid"))
    anyway = min(1.0, nobody[bid].sum() / came[bid].sum())
    return {
        "bill fallen due": due,
        "bill paid": paid,
        "bill paid to firms that would have come anyway": paid * anyway,
        "more investment at the bidders": (came - nobody)[bid].sum(),
        "more investment in the nation": (came - nobody).sum(),
        "more output in the nation at the end, a year": change["output_1e8yuan"].sum(),
        "treasuries of the bidders": change["treasury_1e8yuan"][bid].sum(),
        "treasuries of the nation": change["treasury_1e8yuan"].sum(),
    }


def unit(figure: str) -> str:
    """Return the unit of a figure."""
    if figure.startswith(("bill", "more", "treasuries")):
        return "1e8 yuan/year" if "a year" in figure else "1e8 yuan"
    return "%"


def table(method: str, figures: Figures) -> pd.DataFrame:
    """Return one row a number of bidders and figure."""
    rows = [
        {"method": method, "bidders": count, "figure": name, "unit": unit(name), **asdict(estimate(np.array(values)))}
        for (count, name), values in sorted(figures.items())
    ]
    return pd.DataFrame(rows)


def main() -> None:
    """Write figures.csv and print it."""
    found = pd.concat([table("whole runs", whole_runs(sys.argv[1])), table("expected", expected())], ignore_index=True)
    found.round(4).to_csv(HERE / "figures.csv", index=False, lineterminator="\n")
    print(found.drop(columns="coverage").round(2).to_string(index=False))


if __name__ == "__main__":
    main()
