"""The kernels of entries in the books: their twins are in `phases.settlement` and `phases.aftermath`.

`table` is the table of projects as kernels have it, `Projects.table`; `rows` are rows of it, (n,).
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from relocsim.kernels import Arguments, pointer, structure

_NUMBERS = "places sectors classes rest holiday "
_READ = "origins* studied* land_use* floor_use* workers* capital_ratio* tax* factor_use* "
_TERMS = "branch_share~ holiday_years~ function_jobs~ function_tax~ shrunk~ dust~ "
_OF_FIRMS = "uid* origin* sector* firm_class* made* rents* "
_PLACES = (
    "output", "jobs", "land_used", "floor_used", "factor_used", "stage_money", "stage_firms", "tax_base", "promised",
    "treasury", "left", "due", "refunds", "plants", "plants_output", "leaders",
)  # fmt: skip
_FIRMS = "weight", "pending", "branches", "abroad", "closed", "moved", "open_projects", "rests_until", "settled"
_WRITTEN = " ".join(f"{name}*" for name in (*_PLACES, *_FIRMS))
_Books = structure("Books", _NUMBERS + _READ + _TERMS + _OF_FIRMS + _WRITTEN)
_Agreed = structure("Agreed", "claims* firm* follows* mass* upfront* yearly*")
_Vacancy = structure("Vacancy", "spaces* factors* asked* asked_factors* size~ least~")
_KINDS = {
    "origins": np.int64, "studied": np.bool_, "uid": np.uint64, "origin": np.int16, "sector": np.int16,
    "firm_class": np.int8, "rents": np.bool_, "open_projects": np.int16, "rests_until": np.int16, "settled": np.bool_,
    "firm": np.int64, "follows": np.int64,
}  # fmt: skip
_LONG, _REAL = ctypes.c_int64, ctypes.c_double


def _typed(columns: dict[str, np.ndarray]) -> dict[str, tuple[np.ndarray, type]]:
    return {name: (column, _KINDS.get(name, np.float64)) for name, column in columns.items()}


class Ledger:
    """Where the columns stand that entries are made in; they stay where they are in a run."""

    def __init__(self, places: object, firms: object, numbers: dict[str, float], **read: np.ndarray) -> None:
        """Take the states of places and firms, which are written to, numbers and columns by the names of the structure."""
        self._given, columns = Arguments(), _typed(read)
        written = {
            name: getattr(state, name) for state, names in ((places, _PLACES), (firms, _FIRMS)) for name in names
        }
        self._books = ctypes.byref(self._given.structure(_Books, **numbers, **columns, **_typed(written)))

    def occupy(self, library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray, sign: float) -> None:
        """Reserve, or give back, land, floor and factors of projects."""
        library.occupy(*self._of(table), *_listed(rows), _REAL(sign))

    def stand_by(
        self, library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray, stage: int, quarter: int
    ) -> None:
        """Let new projects begin at a later stage."""
        library.stand_by(*self._of(table), *_listed(rows), _LONG(stage), _LONG(quarter))

    def engage(
        self, library: ctypes.CDLL, table: ctypes.Structure, first: int, claims: np.ndarray, quarter: int,
        **of: np.ndarray,
    ) -> None:  # fmt: skip
        """Fill in the projects of claims, from row `first` on, and tie up firms and room; `of` are fields of `_Agreed`."""
        given = Arguments()
        agreed = given.structure(_Agreed, claims=given.at(claims, claims.dtype), **_typed(of))
        library.engage(*self._of(table), ctypes.byref(agreed), _LONG(len(claims)), _LONG(first), _LONG(quarter))

    def stay_or_leave(self, library: ctypes.CDLL, firm: np.ndarray, outside: np.ndarray, rest: np.ndarray) -> None:
        """Book what the `rest` of firms does instead of going to a place, (n,) each."""
        given = Arguments()
        whole = (ctypes.c_void_p(given.at(column, np.int64)) for column in (firm, outside))
        library.stay_or_leave(self._books, _LONG(len(firm)), *whole, pointer(rest))

    def sell_land(self, library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray, price: np.ndarray) -> None:
        """Book the price of land, (P,) yuan/m2, of projects that break ground."""
        library.sell_land(*self._of(table), *_listed(rows), pointer(price))

    def advance(
        self, library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray, price: np.ndarray, quarter: int
    ) -> np.ndarray:
        """Let projects pass to the next stage, and return the rows of firms' plants that open."""
        opened, library.advance.restype = np.empty(len(rows), np.int64), _LONG
        count = library.advance(*self._of(table), *_listed(rows), pointer(price), _LONG(quarter), pointer(opened))
        return opened[:count]

    def arrive(self, library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray) -> None:
        """Let firms go on whose plants have opened."""
        library.arrive(*self._of(table), *_listed(rows))

    def fall(self, library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray, quarter: int) -> None:
        """Let projects fall away."""
        library.fall(*self._of(table), *_listed(rows), _LONG(quarter))

    def follow(
        self, library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray, quarter: int, *, headquarters: bool
    ) -> np.ndarray:
        """Let the next function follow each plant, or its headquarters, and return how many have, (n,)."""
        times = np.empty(len(rows), np.int64)
        library.follow(*self._of(table), *_listed(rows), _LONG(headquarters), _LONG(quarter), pointer(times))
        return times

    def shrink(self, library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray, quarter: int) -> None:
        """Take out the other part of plants."""
        library.shrink(*self._of(table), *_listed(rows), _LONG(quarter))

    def leave(self, library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray, quarter: int) -> None:
        """Let plants go for good."""
        library.leave(*self._of(table), *_listed(rows), _LONG(quarter))

    def grow(
        self, library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray, size: float, least: float,
        spaces: np.ndarray | None, factors: np.ndarray | None,
    ) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
        """Return the plants that expand where places have so much room (none: without end), and the output they add.

        `size` is the part of a plant that an expansion is, `least` the part of that below which there is no room.
        """
        given, grown, output = Arguments(), np.empty(len(rows), np.int64), np.empty(len(rows))
        asked = {} if spaces is None else {"asked": np.zeros_like(spaces), "asked_factors": np.zeros_like(factors)}
        vacancy = given.structure(_Vacancy, spaces=spaces, factors=factors, size=size, least=least, **asked)
        library.grow.restype = _LONG
        count = library.grow(*self._of(table), *_listed(rows), ctypes.byref(vacancy), pointer(grown), pointer(output))
        return grown[:count], output[:count]

    def build(
        self, library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray, parents: np.ndarray, output: np.ndarray,
        quarter: int,
    ) -> None:  # fmt: skip
        """Fill in expansions, new rows of the table, of plants by so much output."""
        library.build(*self._of(table), *_listed(parents), pointer(output), _LONG(rows[0]), _LONG(quarter))

    def _of(self, table: ctypes.Structure) -> tuple[Any, Any]:
        return self._books, ctypes.byref(table)


def stir(
    library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray, growth: np.ndarray, parting: np.ndarray,
    functions: np.ndarray, following: np.ndarray, shrink_share: float,
) -> list[np.ndarray]:  # fmt: skip
    """Note what plants have gathered, and return those whose function is due, that shrink, leave and would grow."""
    found, counts = np.empty((4, len(rows)), np.int64), (_LONG * 4)()
    library.stir(
        ctypes.byref(table), *_listed(rows), pointer(growth), pointer(parting), *_listed(functions), pointer(following),
        _REAL(shrink_share), pointer(found), counts,
    )  # fmt: skip
    return [of[:count] for of, count in zip(found, counts, strict=True)]


def _listed(rows: np.ndarray) -> tuple[ctypes.c_int64, ctypes.c_void_p]:
    """Return how many rows there are and where they stand: whole numbers of 64 bits in a row, as tables give them."""
    return _LONG(len(rows)), pointer(rows)
