"""The kernels of money: their twins are in `phases.payments` and `phases.credibility`."""

from __future__ import annotations

import ctypes

import numpy as np

from relocsim.kernels import Arguments, pointer, structure

_Accounts = structure(
    "Accounts",
    "cells places quarters limited due* refunds* in_arrears* arrears* meant* left* escrow* nothing~ cell* prompt* late* "
    "broken* total* spent* lost* owing*",
)
_Seen = structure("Seen", "origins sectors places count cell* kin~ far~ peers~ inertia~ credibility*")


def pay(
    library: ctypes.CDLL, due: np.ndarray, refunds: np.ndarray, arrears: np.ndarray, in_arrears: np.ndarray,
    meant: np.ndarray, *, left: np.ndarray | None, escrow: np.ndarray, nothing: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Pay what falls due, (O, S, P), and change `arrears`, (quarters, O, S, P).

    Places have `left` so much, (P,), or no limit. Returns the cells, (n,); what of each was paid in time, paid late and
    broken, (3, n); and by place what was due, paid, broken and is late in the end, (4, P).
    """
    given, places, cells = Arguments(), len(meant), due.size
    cell, money, by_place = np.empty(cells, np.int64), np.empty((3, cells)), np.zeros((4, places))
    of = given.structure(
        _Accounts, cells=cells, places=places, quarters=len(arrears), limited=int(left is not None), due=due,
        refunds=refunds, in_arrears=in_arrears, arrears=arrears, meant=meant, left=meant if left is None else left,
        escrow=escrow, nothing=nothing, cell=(cell, np.int64), prompt=money[0], late=money[1], broken=money[2],
        total=by_place[0], spent=by_place[1], lost=by_place[2], owing=by_place[3],
    )  # fmt: skip
    library.pay.restype = ctypes.c_int64
    count = library.pay(ctypes.byref(of))
    return cell[:count], money[:, :count], by_place


def learn(
    library: ctypes.CDLL, cell: np.ndarray, due: np.ndarray, kept: np.ndarray, credibility: np.ndarray, **weights: float
) -> None:
    """Move `credibility`, (O, S, P), towards the part kept of what was due in some cells, (n,) each."""
    given, (origins, sectors, places) = Arguments(), credibility.shape
    of = given.structure(
        _Seen, origins=origins, sectors=sectors, places=places, count=len(cell), cell=(cell, np.int64),
        credibility=credibility, **weights,
    )  # fmt: skip
    library.learn(ctypes.byref(of), pointer(np.ascontiguousarray(due)), pointer(np.ascontiguousarray(kept)))
