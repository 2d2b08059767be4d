"""Projects as columns: one firm's decision to place capacity in one city, from intention to production or to its end.

Only settlement, delivery and admission write here, through the model. Rows are appended and never removed, so that the
table at the end of a run is the whole history.
"""

from __future__ import annotations

import copy
import ctypes
from collections.abc import Iterator
from typing import Any

import numpy as np

from relocsim import kernels
from relocsim.kernels import delivering
from relocsim.world.columns import Sectors

STAGES = ("intention", "signed", "honoured", "ground", "producing")
INTENTION, SIGNED, HONOURED, GROUND, PRODUCING = range(len(STAGES))
KINDS = ("branch", "move", "entry", "state", "expansion")
BRANCH, MOVE, ENTRY, STATE, EXPANSION = range(len(KINDS))
FUNCTIONS = ("research", "sales", "headquarters")
"""What may follow production, in this order."""

_FIELDS: dict[str, tuple[type, float]] = {
    "uid": (np.uint64, 0),
    "firm": (np.int32, -1),
    "origin": (np.int16, -1),
    "place": (np.int16, -1),
    "sector": (np.int16, -1),
    "firm_class": (np.int8, -1),
    "kind": (np.int8, -1),
    "rents": (np.bool_, False),
    "firms": (np.float64, 0),
    "output": (np.float64, 0),
    "upfront": (np.float64, 0),
    "yearly": (np.float64, 0),
    "luck": (np.float64, 1),
    "endurance": (np.float64, 0),
    "patience": (np.float64, 0),
    "gathered": (np.float64, 0),
    "worn": (np.float64, 0),
    "stage": (np.int8, 0),
    "fell": (np.int16, -1),
    "leader": (np.int32, -1),
    "expected": (np.float64, 0),
    "running": (np.float64, 1),
    "gone": (np.int16, -1),
    "expansions": (np.int16, 0),
    "function_patience": (np.float64, 0),
    "function_gathered": (np.float64, 0),
    "research": (np.int16, -1),
    "sales": (np.int16, -1),
    "headquarters": (np.int16, -1),
}
"""Type of each column, and what it holds when nothing has happened."""
_HIDDEN = (
    "luck", "endurance", "worn", "expected", "expansions",
    *(name for name in _FIELDS if name.endswith(("patience", "gathered"))),
)  # fmt: skip
"""Draws and hazards, which are no part of a project's history."""
_AHEAD = 4096
"""Rows beyond those in use that are made ready at a time."""


class Projects:
    """Growable columns.

    A project of a state-owned enterprise (kind "state") has neither firm nor origin: -1.

    `firms` counts the real firms behind a project, `output` is their total in 1e8 yuan a year, `rents` says whether they
    rent factory floor; `upfront` and `yearly` are the incentives promised, 1e8 yuan once and a year of the holiday. `dates`,
    (5, rows), holds the quarter in which each stage was reached, -1 where not; `fell` the quarter in which the project fell
    away. `luck` is the draw that says whether an open project is supervised; `endurance` and `patience` are the draws
    of the stage that it is in, `worn` and `gathered` the hazards of loss and of advance gathered there, see
    `relocsim.phases.delivery`. Of a plant the same five are about parting (luck, endurance, worn) and growth (patience,
    gathered), see `relocsim.phases.plants`. `leader` is the row of the leader's project that a supplier has followed,
    -1 for others. `expected` is the cost against the mean of places that the firm decided on. Of plants: `running` is
    the part that has not been taken out, `gone` the quarter in which it left, `expansions` how often it has expanded,
    `research`, `sales` and `headquarters` the quarters in which these followed, `function_patience` and
    `function_gathered` the draw and the hazard of the next. Investment, jobs, land and floor follow from output and
    sector, and are made when asked for.
    """

    uid: np.ndarray
    firm: np.ndarray
    origin: np.ndarray
    place: np.ndarray
    sector: np.ndarray
    firm_class: np.ndarray
    kind: np.ndarray
    rents: np.ndarray
    firms: np.ndarray
    output: np.ndarray
    upfront: np.ndarray
    yearly: np.ndarray
    luck: np.ndarray
    endurance: np.ndarray
    patience: np.ndarray
    gathered: np.ndarray
    worn: np.ndarray
    stage: np.ndarray
    fell: np.ndarray
    leader: np.ndarray
    expected: np.ndarray
    running: np.ndarray
    gone: np.ndarray
    expansions: np.ndarray
    function_patience: np.ndarray
    function_gathered: np.ndarray
    research: np.ndarray
    sales: np.ndarray
    headquarters: np.ndarray
    dates: np.ndarray

    def __init__(self, sectors: Sectors, room: int = 256) -> None:
        """Take the sectors and how many rows to make room for at first; rows that are not used take no memory."""
        self._sectors = sectors
        self._count, self._ready, self._room = 0, 0, 0
        self._open, self._plants = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        self._table: ctypes.Structure | None = None
        self._store: dict[str, np.ndarray] = {name: np.empty(0, kind) for name, (kind, _) in _FIELDS.items()}
        self._store["dates"] = np.empty((len(STAGES), 0), np.int16)
        self._reserve(room)

    def __deepcopy__(self, memo: dict[int, object]) -> Projects:
        """Return a copy with columns of its own (the columns are views, which a plain copy would tear from the store)."""
        twin = copy.copy(self)
        twin._store = self._store.copy()
        twin._reserve(self._room)
        return twin

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_table": None}  # addresses mean nothing elsewhere

    def __len__(self) -> int:
        return self._count

    @property
    def table(self) -> ctypes.Structure:
        """The columns as kernels have them."""
        if self._table is None:
            self._table = delivering.table(self._store)
        return self._table

    def _reserve(self, room: int) -> None:
        """Make room for `room` rows and point the columns at those in use."""
        for name, column in self._store.items():
            grown = np.empty((*column.shape[:-1], room), column.dtype)
            grown[..., : self._ready] = column[..., : self._ready]
            self._store[name] = grown
        self._room, self._table = room, None
        self._expose()

    def _make_ready(self, rows: int) -> None:
        """Let the first `rows` be as they are when nothing has happened, as far as they are not in use."""
        for name, (_, empty) in _FIELDS.items():
            self._store[name][self._ready : rows] = empty
        self._store["dates"][:, self._ready : rows] = -1
        self._ready = rows

    def _expose(self) -> None:
        for name in _FIELDS:
            setattr(self, name, self._store[name][: self._count])
        self.dates = self._store["dates"][:, : self._count]

    def append(self, quarter: int, columns: dict[str, Any]) -> np.ndarray:
        """Add intentions of this quarter and return their rows; `columns` holds what is known of them, by name.

        A column is (n,), or one for all; identities, `uid`, are (n,).
        """
        rows = self.begin(quarter, len(columns["uid"]))
        if len(rows):
            for name, column in columns.items():
                self._store[name][rows[0] : self._count] = column
        return rows

    def begin(self, quarter: int, count: int) -> np.ndarray:
        """Add so many intentions of this quarter, of which nothing is known yet, and return their rows."""
        rows = np.arange(self._count, self._count + count)
        if not count:
            return rows
        if self._count + count > self._room:
            self._reserve(max(self._room * 5 // 4, self._count + count))
        self._count += count
        if self._count > self._ready:
            self._make_ready(min(self._count + _AHEAD, self._room))
        self._expose()
        self.dates[INTENTION, rows[0] :] = quarter
        self._open = np.concatenate([self._open, rows])
        return rows

    def open_rows(self) -> np.ndarray:
        """Return the rows that are neither producing nor fallen."""
        at = self._open
        if kernels.library:
            self._open = delivering.still_open(kernels.library, self.table, at)
            return self._open
        self._open = at[(self.fell.take(at) < 0) & (self.stage.take(at) < PRODUCING)]
        return self._open

    def begin_to_produce(self, rows: np.ndarray) -> None:
        """Take plants into the list of those that produce."""
        self._plants = np.concatenate([self._plants, rows])

    def plants(self) -> np.ndarray:
        """Return the rows that produce and have not left."""
        self._plants = self._plants[self.gone.take(self._plants) < 0]
        return self._plants

    def room(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the land (ha) and the factory floor (1e4 m2) of the projects in `rows`."""
        output, sector, rents = (column.take(rows) for column in (self.output, self.sector, self.rents))
        land = np.where(rents, 0.0, output * self._sectors.land_use[sector])
        return land, np.where(rents, output * self._sectors.floor_use[sector], 0.0)

    @property
    def land(self) -> np.ndarray:
        """Land of every project, ha."""
        return self.room(np.arange(len(self)))[0]

    @property
    def floor(self) -> np.ndarray:
        """Factory floor of every project, 1e4 m2."""
        return self.room(np.arange(len(self)))[1]

    def invested(self, rows: np.ndarray) -> np.ndarray:
        """Return the investment of the projects in `rows`, 1e8 yuan."""
        return self.output[rows] * self._sectors.capital_ratio[self.sector[rows]]

    @property
    def investment(self) -> np.ndarray:
        """Investment of every project, 1e8 yuan."""
        return self.output * self._sectors.capital_ratio[self.sector]

    @property
    def jobs(self) -> np.ndarray:
        """Jobs of every project, persons."""
        return self.output * self._sectors.workers[self.sector]

    def columns(self) -> Iterator[tuple[str, np.ndarray]]:
        """Yield every column by name, the dates of stages as columns of their own."""
        for name in _FIELDS:
            if name not in _HIDDEN:
                yield name, getattr(self, name)
        for name in ("investment", "jobs", "land", "floor"):
            yield name, getattr(self, name)
        for stage, dates in zip(STAGES, self.dates, strict=True):
            yield f"{stage}_at", dates
