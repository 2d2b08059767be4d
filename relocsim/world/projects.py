"""Projects as columns: one firm's decision to place capacity in one city, from intention to production or to its end.

Only settlement, delivery and admission write here, through the model. Rows are appended and never removed, so that the
table at the end of a run is the whole history.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from relocsim.world.columns import Sectors

STAGES = ("intention", "signed", "honoured", "ground", "producing")
INTENTION, SIGNED, HONOURED, GROUND, PRODUCING = range(len(STAGES))
KINDS = ("branch", "move", "entry", "state")
BRANCH, MOVE, ENTRY, STATE = range(len(KINDS))

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
    "luck": (np.float64, 0),
    "patience": (np.float64, 0),
    "gathered": (np.float64, 0),
    "stage": (np.int8, 0),
    "fell": (np.int16, -1),
}


class Projects:
    """Growable columns.

    A project of a state-owned enterprise (kind "state") has neither firm nor origin: -1.

    `firms` counts the real firms behind a project, `output` is their total in 1e8 yuan a year, `rents` says whether they
    rent factory floor; `upfront` and `yearly` are the incentives promised, 1e8 yuan once and a year of the holiday. `dates`,
    (5, rows), holds the quarter in which each stage was reached, -1 where not; `fell` the quarter in which the project fell
    away. `luck`, `patience` and `gathered` are the draws of the stage that it is in and the hazard gathered there, see
    `relocsim.phases.delivery`. Investment, jobs, land and floor follow from output and sector, and are made when asked for.
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
    patience: np.ndarray
    gathered: np.ndarray
    stage: np.ndarray
    fell: np.ndarray
    dates: np.ndarray

    def __init__(self, sectors: Sectors) -> None:
        self._sectors = sectors
        self._count, self._room = 0, 0
        self._open = np.zeros(0, dtype=np.int64)
        self._store: dict[str, np.ndarray] = {}
        self._reserve(256)

    def __deepcopy__(self, memo: dict[int, object]) -> Projects:
        """Return a copy with columns of its own (the columns are views, which a plain copy would tear from the store)."""
        twin = Projects(self._sectors)
        twin._count, twin._room, twin._open = self._count, self._room, self._open
        twin._store = {name: column.copy() for name, column in self._store.items()}
        twin._expose()
        return twin

    def __len__(self) -> int:
        return self._count

    def _reserve(self, room: int) -> None:
        """Make room for `room` rows and point the columns at the rows in use."""
        for name, (kind, empty) in _FIELDS.items():
            grown: np.ndarray = np.full(room, empty, kind)
            grown[: self._count] = self._store.get(name, grown)[: self._count]
            self._store[name] = grown
        dates = np.full((len(STAGES), room), -1, np.int16)
        if self._room:
            dates[:, : self._count] = self._store["dates"][:, : self._count]
        self._store["dates"], self._room = dates, room
        self._expose()

    def _expose(self) -> None:
        for name in _FIELDS:
            setattr(self, name, self._store[name][: self._count])
        self.dates = self._store["dates"][:, : self._count]

    def append(self, quarter: int, columns: dict[str, np.ndarray]) -> np.ndarray:
        """Add intentions of this quarter and return their rows; `columns` names every column but stage, fell, dates."""
        added = len(columns["uid"])
        if self._count + added > self._room:
            self._reserve(max(self._room * 5 // 4, self._count + added))
        rows = np.arange(self._count, self._count + added)
        self._count += added
        self._expose()
        for name, values in columns.items():
            getattr(self, name)[self._count - added :] = values
        self.dates[INTENTION, self._count - added :] = quarter
        self._open = np.concatenate([self._open, rows])
        return rows

    def open_rows(self) -> np.ndarray:
        """Return the rows that are neither producing nor fallen."""
        at = self._open
        self._open = at[(self.fell[at] < 0) & (self.stage[at] < PRODUCING)]
        return self._open

    def room(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the land (ha) and the factory floor (1e4 m2) of the projects in `rows`."""
        output, sector, rents = self.output[rows], self.sector[rows], self.rents[rows]
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
            if name not in ("luck", "patience", "gathered"):
                yield name, getattr(self, name)
        for name in ("investment", "jobs", "land", "floor"):
            yield name, getattr(self, name)
        for stage, dates in zip(STAGES, self.dates, strict=True):
            yield f"{stage}_at", dates
