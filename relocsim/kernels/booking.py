"""The kernels of entries in the books: their twins are in `phases.settlement`."""

from __future__ import annotations

import ctypes

import numpy as np

from relocsim.kernels import Arguments, pointer, structure

_Books = structure(
    "Books",
    "places sectors origins* land_use* floor_use* workers* capital_ratio* tax* factor_use* output* jobs* land_used* "
    "floor_used* factor_used* stage_money* stage_firms* tax_base* due* refunds* plants* plants_output* leaders* origin* "
    "sector* made* rents*",
)
_Agreed = structure(
    "Agreed",
    "places branch classes quarter rest branch_share~ holiday_years~ agent* place* claimed* share* reviewed* follows* mass* "
    "uid* origin* sector* firm_class* rents* made* upfront* yearly* promised* pending* open_projects* rests_until* "
    "uids* firms* origins* sectors* kinds* leaders* behind* output* once* every_year* renting*",
)
_WRITTEN = (
    "output", "jobs", "land_used", "floor_used", "factor_used", "stage_money", "stage_firms", "tax_base", "due", "refunds",
    "plants", "plants_output", "leaders",
)  # fmt: skip
_KINDS = {
    "origins": np.int64, "origin": np.int16, "sector": np.int16, "rents": np.bool_, "firm_class": np.int8, "uid": np.uint64,
    "open_projects": np.int16, "rests_until": np.int16,
    **dict.fromkeys(("agent", "place", "claimed", "reviewed", "follows"), np.int64),
}  # fmt: skip
_LONG, _REAL = ctypes.c_int64, ctypes.c_double


class Ledger:
    """Where the columns stand that entries are made in; they stay where they are in a run."""

    def __init__(self, state: object, factor_use: np.ndarray, **read: np.ndarray) -> None:
        """Take the state of places, which is written to, and what is read, by the names of the kernel's structure."""
        self._given, (_, sectors) = Arguments(), factor_use.shape
        written = {name: getattr(state, name) for name in _WRITTEN}
        columns = _typed(read)
        self._books = self._given.structure(
            _Books, places=len(written["jobs"]), sectors=sectors, factor_use=factor_use, **written, **columns
        )

    def occupy(self, library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray, sign: float) -> None:
        """Reserve, or give back, land, floor and factors of the projects in `rows`; their columns stand `at`."""
        library.occupy(*self._of(table, rows), _REAL(sign))

    def count(self, library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray) -> None:
        """Count projects, their money and firms, at the stage that they have reached."""
        library.count(*self._of(table, rows))

    def open_plants(self, library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray) -> None:
        """Book output, jobs, tax and incentives due of plants that open, and where they came from."""
        library.open_plants(*self._of(table, rows))

    def at_home(self, library: ctypes.CDLL, agents: np.ndarray, firms: np.ndarray) -> None:
        """Add so many firms of agents at their origins, (n,) both."""
        given = Arguments()
        rows = ctypes.c_void_p(given.at(agents, np.int64))
        library.at_home(ctypes.byref(self._books), _LONG(len(agents)), rows, ctypes.c_void_p(given.at(firms)))

    def _of(self, table: ctypes.Structure, rows: np.ndarray) -> tuple[object, ...]:
        rows = np.ascontiguousarray(rows, np.int64)
        self._rows = rows  # kept while the kernel runs
        return ctypes.byref(self._books), ctypes.byref(table), _LONG(len(rows)), pointer(rows)


def _typed(columns: dict[str, np.ndarray]) -> dict[str, tuple[np.ndarray, type]]:
    return {name: (column, _KINDS.get(name, np.float64)) for name, column in columns.items()}


def engage(library: ctypes.CDLL, numbers: dict[str, float], **of: np.ndarray) -> dict[str, np.ndarray]:
    """Tie up the firms of claims that are admitted, and return the columns of their projects, (n,) each.

    `numbers` and `of` hold, by the names of the kernel's structure, what it goes by: numbers and columns.
    """
    given, count, columns = Arguments(), len(of["agent"]), _typed(of)
    names, (whole, real) = ("firms", "origins", "sectors", "kinds", "leaders"), (np.int64, np.float64)
    made = dict(zip(names, np.empty((len(names), count), whole), strict=True))
    money = dict(zip(("behind", "output", "once", "every_year"), np.empty((4, count)), strict=True))
    uid, rents = np.empty(count, np.uint64), np.empty(count, np.bool_)
    agreed = given.structure(
        _Agreed, **numbers, **columns, uids=(uid, np.uint64), renting=(rents, np.bool_),
        **{name: (column, whole) for name, column in made.items()},
        **{name: (column, real) for name, column in money.items()},
    )  # fmt: skip
    library.engage(ctypes.byref(agreed), _LONG(count))
    return {
        "uid": uid, "firm": made["firms"], "origin": made["origins"], "place": of["place"], "sector": made["sectors"],
        "firm_class": made["kinds"], "kind": of["claimed"], "firms": money["behind"], "output": money["output"],
        "rents": rents, "leader": made["leaders"], "upfront": money["once"], "yearly": money["every_year"],
    }  # fmt: skip
