"""The kernels of projects: their twins are in `phases.delivery`, `readiness`, `plants` and `followers`.

`table` is the table of projects as kernels have it, `Projects.table`.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from relocsim.kernels import Arguments, address, pointer, structure

Table = structure(
    "Table",
    "uid* firm* origin* place* sector* firm_class* kind* rents* firms* output* upfront* yearly* luck* endurance* patience* "
    "gathered* worn* stage* fell* leader* expected* running* gone* expansions* function_patience* function_gathered* "
    "research* sales* headquarters* dates* room",
)
_Chances = structure(
    "Chances",
    "places sectors small advance* loss* finance* share* finance_effect~ follow_loss~ alone~ least_intention~ least_signed~ "
    "least_honoured~ least_ground~ supervised_loss~ total* used* factor_use* mobilisation~ factors*",
)
_Suppliers = structure("Suppliers", "leads first last rows* begin* settled* weight* pending* at_start* dust~")
_Changes = structure("Changes", "expansion* departure* grows~ parts~ cliff~ quarter holiday window expanded")
_LONG, _REAL = ctypes.c_int64, ctypes.c_double


def table(store: dict[str, np.ndarray]) -> ctypes.Structure:
    """Return the columns of a table of projects as kernels have them."""
    return Table(**{name: address(column) for name, column in store.items()}, room=store["dates"].shape[1])


def hazards(
    library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray, least: tuple[float, ...], used: np.ndarray, **of: Any
) -> np.ndarray:  # fmt: skip
    """Return hazards of advance and of loss, (2, n), of all projects that are open.

    `used` are the factors that places use, (3, P); `of` holds the other fields of the kernel's structure of chances.
    """
    given, found, (factors, places) = Arguments(), np.empty((2, len(rows))), used.shape
    names = ("least_intention", "least_signed", "least_honoured", "least_ground")
    chances = given.structure(
        _Chances, places=places, sectors=of["finance"].shape[1], used=used, factors=np.zeros((2 * factors + 1, places)),
        **of, **dict(zip(names, least, strict=True)),
    )  # fmt: skip
    library.hazards(ctypes.byref(table), ctypes.byref(chances), _LONG(len(rows)), pointer(rows), pointer(found))
    return found


def go_through(
    library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray, left: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the rows that advance, fall away and wait, and the hazards that the last have gathered.

    `left` are the logs of what the hazards of advance and of loss leave, (2, n).
    """
    found, gathered, counts = np.empty((3, len(rows)), np.int64), np.empty_like(left), (_LONG * 3)()
    library.go_through(
        ctypes.byref(table), _LONG(len(rows)), pointer(rows), pointer(left), pointer(found), pointer(gathered), counts
    )
    advanced, fallen, waiting = (of[:count] for of, count in zip(found, counts, strict=True))
    more, worn = gathered[:, : len(waiting)]
    return advanced, fallen, waiting, more, worn


def still_open(library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray) -> np.ndarray:
    """Return the rows that are neither producing nor fallen."""
    found = np.empty(len(rows), np.int64)
    library.still_open.restype = _LONG
    count = library.still_open(ctypes.byref(table), _LONG(len(rows)), pointer(rows), pointer(found))
    return found[:count]


def reckoned(
    library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray, relative: np.ndarray, belief: np.ndarray, *,
    holiday: float, horizon: float, against_expected: bool,
) -> np.ndarray:  # fmt: skip
    """Return relative costs less what projects believe of promises, (n,); less what they expected where asked for."""
    given, out, (_, sectors, places) = Arguments(), np.empty(len(rows)), relative.shape
    library.reckoned(
        ctypes.byref(table), _LONG(sectors), _LONG(places), _LONG(relative.size), ctypes.c_void_p(given.at(relative)),
        ctypes.c_void_p(given.at(belief)), _REAL(holiday), _REAL(horizon), _LONG(len(rows)),
        ctypes.c_void_p(given.at(rows, np.int64)), _LONG(against_expected), pointer(out),
    )  # fmt: skip
    return out


def change(
    library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray, strain: np.ndarray, **of: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Return hazards of expanding and parting that plants have gathered, each (n,); `of` holds fields of the structure."""
    given, (growth, parting) = Arguments(), np.empty((2, len(rows)))
    changes = given.structure(_Changes, **of)
    library.change(
        ctypes.byref(table), ctypes.byref(changes), _LONG(len(rows)), pointer(rows), pointer(strain),
        pointer(growth), pointer(parting),
    )  # fmt: skip
    return growth, parting


def functions(
    library: ctypes.CDLL, table: ctypes.Structure, rows: np.ndarray, hazard: float, depth: np.ndarray, near: np.ndarray,
    kinds: tuple[int, int, int],
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Return the plants that some function may follow, and the hazard of the next that they have gathered, (m,) both.

    `kinds` are the numbers of large firms, of leaders and of branches.
    """
    given, some, gathered = Arguments(), np.empty(len(rows), np.int64), np.empty(len(rows))
    library.functions.restype = _LONG
    count = library.functions(
        ctypes.byref(table), _LONG(depth.shape[1]), *map(_LONG, kinds), _REAL(hazard),
        ctypes.c_void_p(given.at(depth)), ctypes.c_void_p(given.at(near)), _LONG(len(rows)), pointer(rows), pointer(some),
        pointer(gathered),
    )  # fmt: skip
    return some[:count], gathered[:count]


def called(
    library: ctypes.CDLL, table: ctypes.Structure, projects: int, suppliers: tuple[np.ndarray, np.ndarray], *,
    settled: np.ndarray, **of: Any,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Return the pairs of a supplier and its leader's project that are open, of so many `projects`, by row.

    `suppliers` are as a population has them; `of` holds the other fields of the kernel's structure of suppliers.
    """
    given, (rows, begin) = Arguments(), suppliers
    fields = {"rows": (rows, np.int64), "begin": (begin, np.int64), "settled": (settled, np.bool_), **of}
    by, leading, most = ctypes.byref(given.structure(_Suppliers, **fields)), np.empty(projects, np.int64), _LONG(0)
    library.calling.restype = library.called.restype = _LONG
    calling = library.calling(ctypes.byref(table), by, _LONG(projects), pointer(leading), ctypes.byref(most))
    row, leader = np.empty((2, most.value), np.int64)
    count = library.called(
        ctypes.byref(table), by, _LONG(calling), pointer(leading), _LONG(projects), pointer(row), pointer(leader)
    )  # fmt: skip
    return row[:count], leader[:count]
