"""The kernels of entries in the books: their twins are in `phases.settlement`."""

from __future__ import annotations

import ctypes

import numpy as np

from relocsim.kernels import Arguments, pointer, structure
from relocsim.kernels.delivering import Columns

_Books = structure(
    "Books",
    "places sectors origins* land_use* floor_use* workers* capital_ratio* tax* factor_use* output* jobs* land_used* "
    "floor_used* factor_used* stage_money* stage_firms* tax_base* due* refunds* plants* plants_output* leaders* origin* "
    "sector* made* rents*",
)
_WRITTEN = (
    "output", "jobs", "land_used", "floor_used", "factor_used", "stage_money", "stage_firms", "tax_base", "due", "refunds",
    "plants", "plants_output", "leaders",
)  # fmt: skip
_KINDS = {"origins": np.int64, "origin": np.int16, "sector": np.int16, "rents": np.bool_}
_LONG, _REAL = ctypes.c_int64, ctypes.c_double


class Ledger:
    """Where the columns stand that entries are made in; they stay where they are in a run."""

    def __init__(self, state: object, factor_use: np.ndarray, **read: np.ndarray) -> None:
        """Take the state of places, which is written to, and what is read, by the names of the kernel's structure."""
        self._given, (_, sectors) = Arguments(), factor_use.shape
        written = {name: getattr(state, name) for name in _WRITTEN}
        columns = {name: (column, _KINDS.get(name, np.float64)) for name, column in read.items()}
        self._books = self._given.structure(
            _Books, places=len(written["jobs"]), sectors=sectors, factor_use=factor_use, **written, **columns
        )

    def occupy(self, library: ctypes.CDLL, at: tuple[int, ...], rows: np.ndarray, sign: float) -> None:
        """Reserve, or give back, land, floor and factors of the projects in `rows`; their columns stand `at`."""
        library.occupy(*self._table(at, rows), _REAL(sign))

    def count(self, library: ctypes.CDLL, at: tuple[int, ...], rows: np.ndarray) -> None:
        """Count projects, their money and firms, at the stage that they have reached."""
        library.count(*self._table(at, rows))

    def open_plants(self, library: ctypes.CDLL, at: tuple[int, ...], rows: np.ndarray) -> None:
        """Book output, jobs, tax and incentives due of plants that open, and where they came from."""
        library.open_plants(*self._table(at, rows))

    def at_home(self, library: ctypes.CDLL, agents: np.ndarray, firms: np.ndarray) -> None:
        """Add so many firms of agents at their origins, (n,) both."""
        given = Arguments()
        rows = ctypes.c_void_p(given.at(agents, np.int64))
        library.at_home(ctypes.byref(self._books), _LONG(len(agents)), rows, ctypes.c_void_p(given.at(firms)))

    def _table(self, at: tuple[int, ...], rows: np.ndarray) -> tuple[object, ...]:
        rows = np.ascontiguousarray(rows, np.int64)
        self._rows = rows  # kept while the kernel runs
        return ctypes.byref(self._books), ctypes.byref(Columns(*at)), _LONG(len(rows)), pointer(rows)
