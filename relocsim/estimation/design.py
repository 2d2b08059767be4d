"""Arrays of choices: rows sorted by chooser, nest and alternative, so that nothing depends on the order of a file.

A chooser's rows stand together, and those of a nest within them: sums over either are one `np.add.reduceat`, however much
choice sets differ. This module refuses to look for errors in single rows (see `tablechecks`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from relocsim.errors import Problem
from relocsim.estimation.columns import Columns
from relocsim.estimation.table import ChoiceTableError
from relocsim.estimation.tablechecks import attribute_parts

_NONE = 1e-10
"""Share of the variation of an attribute below which it has none that others do not have."""
ONE = "all"
"""Name of the nest of everything where there are none."""


@dataclass(frozen=True)
class Choices:
    """Choosers (N), rows (R), attributes (K), alternatives (A), nests (M), and blocks (B): a chooser's rows of one nest."""

    names: tuple[str, ...]
    """Attributes, then constants, (K,)."""
    x: np.ndarray
    """Attributes, (R, K)."""
    offset: np.ndarray
    """What enters utility with coefficient 1, (R,)."""
    chosen: np.ndarray
    """Row of each chooser's choice, (N,)."""
    start: np.ndarray
    """First row of each chooser, (N,), rising."""
    chooser: np.ndarray
    """Chooser of each row, (R,)."""
    alternative: np.ndarray
    """Alternative of each row, (R,)."""
    block_start: np.ndarray
    """First row of each block, (B,)."""
    block: np.ndarray
    """Block of each row, (R,)."""
    first_block: np.ndarray
    """First block of each chooser, (N,)."""
    block_nest: np.ndarray
    """Nest of each block, (B,)."""
    choosers: np.ndarray
    """Names of choosers, (N,), sorted."""
    alternatives: tuple[str, ...]
    """Names of alternatives, (A,), sorted."""
    nests: tuple[str, ...]
    """Names of nests, (M,), sorted."""
    cluster: np.ndarray | None
    """Cluster of each chooser, (N,)."""
    order: np.ndarray
    """Row of the table in which each row stood, (R,)."""

    def sizes(self) -> np.ndarray:
        """Return the number of alternatives of each chooser, (N,)."""
        return np.diff(self.start, append=len(self.chooser))

    def nest_of_row(self) -> np.ndarray:
        """Return the nest of each row, (R,)."""
        return self.block_nest[self.block]


def choices_of(table: pd.DataFrame, columns: Columns, correction: np.ndarray | None = None) -> Choices:
    """Return the arrays of a checked table; `correction` is added to utility, (R,) in the order of the table."""
    chooser, choosers = pd.factorize(table[columns.chooser], sort=True)
    named = table[columns.alternative].astype(str)
    alternative, alternatives = pd.factorize(named, sort=True)
    nests: pd.Index | list[str] = [ONE]
    nest = np.zeros(len(table), dtype=np.intp)
    if columns.nests is not None:
        nest, nests = pd.factorize(table[columns.nests].astype(str), sort=True)
    order = np.lexsort((alternative, nest, chooser))
    chooser, alternative, nest = chooser[order], alternative[order], nest[order]
    names, x = _attributes(table, columns, named.to_numpy(), list(alternatives))
    offset = np.zeros(len(table)) if columns.offset is None else table[columns.offset].to_numpy(dtype=float)
    start, block_start = _first(chooser), _first(chooser, nest)
    cluster = None
    if columns.cluster is not None:
        cluster = pd.factorize(table[columns.cluster], sort=True)[0][order][start]
    return Choices(
        names=names,
        x=np.ascontiguousarray(x[order]),
        offset=(offset if correction is None else offset + correction)[order],
        chosen=np.flatnonzero(table[columns.chosen].to_numpy()[order]),
        start=start,
        chooser=chooser,
        alternative=alternative,
        block_start=block_start,
        block=np.repeat(np.arange(len(block_start)), np.diff(block_start, append=len(order))),
        first_block=np.searchsorted(block_start, start),
        block_nest=nest[block_start],
        choosers=np.asarray(choosers),
        alternatives=tuple(str(name) for name in alternatives),
        nests=tuple(str(name) for name in nests),
        cluster=cluster,
        order=order,
    )


def _first(*keys: np.ndarray) -> np.ndarray:
    """Return the first row of each run of equal keys."""
    new = np.ones(len(keys[0]), dtype=bool)
    new[1:] = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    return np.flatnonzero(new)


def _attributes(
    table: pd.DataFrame, columns: Columns, named: np.ndarray, alternatives: list[str]
) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the names and values of attributes and constants, (R, K), in the order of the table."""
    values = []
    for name in columns.attributes:
        column, confined = attribute_parts(name, table)
        value = pd.to_numeric(table[column]).to_numpy(dtype=float)
        values.append(value if confined is None else value * (named == confined))
    constants = []
    if columns.constants:
        base = alternatives[0] if columns.base is None else columns.base
        constants = [name for name in alternatives if name != base]
        values += [(named == name).astype(float) for name in constants]
    return (*columns.attributes, *(f"constant@{name}" for name in constants)), np.stack(values, axis=1)


def require_variation(choices: Choices, columns: Columns, file: str) -> np.ndarray:
    """Return the spread of each attribute within choice sets, (K,); ChoiceTableError where coefficients cannot be told.

    What no choice set varies drops out of every choice; what others make up together has no coefficient of its own.
    """
    mean = np.add.reduceat(choices.x, choices.start, axis=0) / choices.sizes()[:, None]
    within = choices.x - mean[choices.chooser]
    scale = np.abs(choices.x).max(axis=0)
    spread = np.sqrt((within**2).mean(axis=0))
    problems = []
    for at in np.flatnonzero(spread <= 1e-12 * np.where(scale > 0, scale, 1.0)):
        name = choices.names[at]
        message = "is the same for all alternatives of every chooser, so that no choice tells of it"
        hint = f"confine it to an alternative, {name}@NAME, or leave it out"
        problems.append(Problem(f"{name!r} {message}", file=file, path=name, hint=hint))
    if problems:
        raise ChoiceTableError(problems)
    length, sets = within / spread, len(within)
    value, vector = np.linalg.eigh(length.T @ length / sets)
    if value[0] < _NONE:
        bound = [choices.names[at] for at in np.flatnonzero(np.abs(vector[:, 0]) > 1e-4)]
        message = f"{', '.join(bound)} make each other up, so that none has a coefficient of its own"
        hint = "leave one of them out" + (", or the constants" if columns.constants else "")
        raise ChoiceTableError([Problem(message, file=file, hint=hint)])
    return np.asarray(spread)
