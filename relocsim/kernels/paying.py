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
    library: ctypes.CDLL, arrears: np.ndarray, meant: np.ndarray, left: np.ndarray | None, **of: np.ndarray | float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pay what falls due and change `arrears`, (quarters, O, S, P).

    Places mean to honour the share `meant`, (P,), and have `left` so much, (P,), or no limit; `of` holds due and refunds
    (O, S, P), in_arrears and escrow (P,) and what is nothing. Returns the cells, (n,); what of each was paid in time, paid
    late and broken, (3, n); and by place what was due, paid, broken and is late in the end, (4, P).
    """
    given, places, cells = Arguments(), len(meant), arrears[0].size
    cell, money, by_place = np.empty(cells, np.int64), np.empty((3, cells)), np.zeros((4, places))
    accounts = given.structure(
        _Accounts, cells=cells, places=places, quarters=len(arrears), limited=int(left is not None), arrears=arrears,
        meant=meant, left=meant if left is None else left, cell=(cell, np.int64), prompt=money[0], late=money[1],
        broken=money[2], total=by_place[0], spent=by_place[1], lost=by_place[2], owing=by_place[3], **of,
    )  # fmt: skip
    library.pay.restype = ctypes.c_int64
    count = library.pay(ctypes.byref(accounts))
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
