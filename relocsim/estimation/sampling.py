"""Alternatives drawn from large choice sets, and the correction that keeps the coefficients right.

McFadden (1978): under conditional logit the coefficients may be found on a part D of a choice set C that holds the chosen
alternative, if the log of the chance to draw D, were j the chosen one, is added to the utility of each j in D. Where the
others are drawn alike and without replacement that chance is the same for all j and the correction nothing. Where n draws
with replacement go by weights q (sums to one in C) and the chosen one is put in once more, it is ln(m_j / q_j), m_j the
times that j is in D (Ben-Akiva & Lerman 1985, chapter 9; Frejinger, Bierlaire & Ben-Akiva 2009). Draws belong to the names
of chooser and alternative, not to rows.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from relocsim.estimation.columns import Columns
from relocsim.streams import Streams, derived

_PURPOSE = "estimation, sample of alternatives"


def sampled(table: pd.DataFrame, columns: Columns) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the rows of a checked table that are kept, and the correction of their utility, (R,)."""
    assert columns.sample is not None
    table = table.sort_values([columns.chooser, columns.alternative], kind="stable", ignore_index=True)
    chooser = pd.factorize(table[columns.chooser])[0]
    chosen = table[columns.chosen].to_numpy()
    streams = Streams(columns.seed)
    if columns.sample_by is None:
        kept = _alike(streams, chooser, chosen, _identities(table, columns), columns.sample)
        return table[kept].reset_index(drop=True), np.zeros(int(kept.sum()))
    start = np.searchsorted(chooser, np.arange(chooser[-1] + 1))
    times = _weighted(streams, table, columns, chooser, start)
    kept = times > 0
    weight = table[columns.sample_by].to_numpy(dtype=float)
    share = weight / np.add.reduceat(weight, start)[chooser]
    return table[kept].reset_index(drop=True), np.log(times[kept] / share[kept])


def _identities(table: pd.DataFrame, columns: Columns) -> np.ndarray:
    """Return an identity for each pair of chooser and alternative, (R,) uint64."""
    return derived(_hash(table[columns.chooser]), _hash(table[columns.alternative]))


def _hash(names: pd.Series) -> np.ndarray:
    return pd.util.hash_array(names.astype(str).to_numpy(dtype=object))


def _alike(streams: Streams, chooser: np.ndarray, chosen: np.ndarray, identity: np.ndarray, size: int) -> np.ndarray:
    """Return which rows are kept: the chosen one and others of each chooser, drawn alike without replacement, (R,)."""
    draw = np.where(chosen, -1.0, streams.lanes(_PURPOSE, identity)[0])
    order = np.lexsort((draw, chooser))
    start = np.searchsorted(chooser, np.arange(chooser[-1] + 1))
    rank = np.empty(len(chooser), dtype=np.intp)
    rank[order] = np.arange(len(chooser)) - start[chooser]
    return np.asarray(rank < size)


def _weighted(
    streams: Streams, table: pd.DataFrame, columns: Columns, chooser: np.ndarray, start: np.ndarray
) -> np.ndarray:
    """Return how often each row is in its chooser's sample, the chosen one once more than it was drawn, (R,)."""
    assert columns.sample is not None
    weight = table[columns.sample_by].to_numpy(dtype=float)
    cumulated = np.cumsum(weight)
    below = np.append(0.0, cumulated)[start]
    total = np.append(below[1:], cumulated[-1]) - below
    identity = _hash(table[columns.chooser].iloc[start])
    times = table[columns.chosen].to_numpy().astype(float)
    last = np.append(start[1:], len(table)) - 1
    for number in range(columns.sample - 1):
        draw = streams.lanes(_PURPOSE, derived(identity, number))[0]
        row = np.searchsorted(cumulated, below + draw * total, side="right")
        np.add.at(times, np.clip(row, start, last), 1.0)
    return times
