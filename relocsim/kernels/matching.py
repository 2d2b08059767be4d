"""The kernel of admission; its twin is `admission._deferred_acceptance`."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from relocsim.kernels import Arguments, pointer, structure

_Applicants = structure(
    "Applicants",
    "agents places sectors blank* value* barred* score* chance* origin* entrant* mode_draw* branch_share~ branch move entry "
    "nothing~",
)
_Vacancy = structure("Vacancy", "spaces* factors* factor_use*")
_Outcome = structure("Outcome", "held* unplaced* held_count unplaced_count gaps")


def match(
    library: ctypes.CDLL, claims: np.ndarray, spaces: np.ndarray, factors: np.ndarray, factor_use: np.ndarray, **of: Any
) -> tuple[np.ndarray, np.ndarray, bool]:
    """Return the claims held in the end, those refused everywhere, and whether room may be left where some were refused.

    `claims` are those of the first round; `of` holds the fields of the kernel's structure of applicants.
    """
    given, outcome, kind = Arguments(), _Outcome(), claims.dtype
    (agents, places), sectors = of["value"].shape, factor_use.shape[1]
    kinds = {"blank": kind, "value": np.float32, "barred": np.bool_, "entrant": np.bool_, "origin": np.int64}
    fields = {name: (field, kinds.get(name, np.float64)) if isinstance(field, np.ndarray) else field
              for name, field in of.items()}  # fmt: skip
    applicants = given.structure(_Applicants, agents=agents, places=places, sectors=sectors, **fields)
    vacancy = given.structure(_Vacancy, spaces=spaces, factors=factors, factor_use=factor_use)
    library.match(
        ctypes.byref(applicants), ctypes.byref(vacancy), ctypes.c_void_p(given.at(claims, kind)),
        ctypes.c_int64(len(claims)), ctypes.byref(outcome),
    )  # fmt: skip
    held, unplaced = np.empty(outcome.held_count, kind), np.empty(outcome.unplaced_count, kind)
    for copy, made in ((held, outcome.held), (unplaced, outcome.unplaced)):
        if len(copy):
            ctypes.memmove(pointer(copy), made, copy.nbytes)
    library.let_go(ctypes.byref(outcome))
    return held, unplaced, bool(outcome.gaps)
