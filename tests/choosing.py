"""Tables of choices made by plain rules, and the logit formulas written out chooser by chooser, for tests of estimation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from relocsim.streams import Streams, members

ATTRIBUTES = ("cost", "size", "depth")
BETA = {"cost": -0.8, "size": 0.5, "depth": 1.0}
KEYS = {"chooser": "firm", "alternative": "city", "chosen": "chosen"}


def attributes(seed: int, choosers: int, alternatives: int, *, open_share: float = 1.0) -> pd.DataFrame:
    """Return a table of attributes; each alternative but the first two is open to that share of choosers."""
    draws = Streams(seed).lanes("attributes", members("row", choosers * alternatives))
    firm, city = np.divmod(np.arange(choosers * alternatives), alternatives)
    table = pd.DataFrame(
        {
            "firm": [f"f{at:05d}" for at in firm],
            "city": [f"c{at:02d}" for at in city],
            "nest": np.where(city == 0, "home", np.where(city % 2, "north", "south")),
            "cost": 4 * draws[0] - 2,
            "size": 2 * draws[1],
            "depth": np.where(city == 0, 0.0, draws[2]),
        }
    )
    return table[(draws[3] < open_share) | (city < 2)].reset_index(drop=True)


def chances(
    rows: Sequence[Mapping[str, float]], beta: Mapping[str, float], lambdas: Mapping[str, float]
) -> list[float]:
    """Return the chances of one chooser's alternatives, by the formula of the nested logit (1 for nests not named)."""
    value = [sum(beta[name] * row[name] for name in beta) for row in rows]
    nests = sorted({str(row["nest"]) for row in rows})
    scale = {nest: lambdas.get(nest, 1.0) for nest in nests}
    weight = [math.exp(v / scale[str(row["nest"])]) for v, row in zip(value, rows, strict=True)]
    inside = {n: sum(w for w, row in zip(weight, rows, strict=True) if row["nest"] == n) for n in nests}
    total = sum(inside[n] ** scale[n] for n in nests)
    return [
        w / inside[str(row["nest"])] * inside[str(row["nest"])] ** scale[str(row["nest"])] / total
        for w, row in zip(weight, rows, strict=True)
    ]


def chosen(
    table: pd.DataFrame, seed: int, beta: Mapping[str, float] = BETA, lambdas: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Return the table with a choice for each chooser, drawn from its chances."""
    parts = []
    firms = table["firm"].drop_duplicates().to_numpy()
    draws = Streams(seed).lanes("choice", members("firm", len(firms)))[0]
    for draw, (_, rows) in zip(draws, table.groupby("firm", sort=False), strict=True):
        cumulated = np.cumsum(chances(rows.to_dict("records"), beta, lambdas or {}))
        pick = np.zeros(len(rows), dtype=int)
        pick[min(int(np.searchsorted(cumulated, draw)), len(rows) - 1)] = 1
        parts.append(pick)
    return table.assign(chosen=np.concatenate(parts))


def made(
    seed: int, choosers: int = 300, alternatives: int = 5, *, open_share: float = 0.7,
    lambdas: Mapping[str, float] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return a table of choices with known coefficients; choice sets differ."""
    return chosen(attributes(seed, choosers, alternatives, open_share=open_share), seed, lambdas=lambdas)
