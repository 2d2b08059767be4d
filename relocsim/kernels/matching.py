"""The kernel of admission; its twin is `admission.by_arrays`."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from relocsim.kernels import Arguments, pointer, structure

_Applicants = structure(
    "Applicants",
    "agents places sectors going* value* firm* entering* mode_draw* tie_draw* mass* origin* sector* kind* rents* made* "
    "land_use* floor_use* capital_ratio* unfit* score* chance* leader leaders_first branch_share~ nothing~ blank* row*",
)
_Vacancy = structure("Vacancy", "spaces* factors* factor_use*")
_Answer = structure("Answer", "claims* count")
_KINDS = {
    "going": np.int64, "value": np.float32, "firm": np.int64, "entering": np.bool_, "origin": np.int16,
    "sector": np.int16, "kind": np.int8, "rents": np.bool_, "unfit": np.bool_,
}  # fmt: skip


def admit(
    library: ctypes.CDLL, vacancy: dict[str, np.ndarray] | None, claim: np.dtype[Any], **of: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Return the claims admitted, by agent and place, and the investment refused, (2, P).

    `of` holds the fields of the kernel's structure of applicants, `vacancy` those of its structure of room, if that is
    limited; `claim` is the type of claims.
    """
    given, answer, (agents, places) = Arguments(), _Answer(), of["value"].shape
    fields = {name: (field, _KINDS.get(name, np.float64)) if isinstance(field, np.ndarray) else field
              for name, field in of.items()}  # fmt: skip
    applicants = given.structure(_Applicants, agents=agents, places=places, sectors=len(of["capital_ratio"]), **fields)
    refused = np.zeros((2, places))
    room = None if vacancy is None else ctypes.byref(given.structure(_Vacancy, **vacancy))
    library.admit(ctypes.byref(applicants), room, ctypes.byref(answer), pointer(refused))
    claims = np.empty(answer.count, claim)
    if len(claims):
        ctypes.memmove(pointer(claims), answer.claims, claims.nbytes)
    library.let_go(ctypes.byref(answer))
    return claims, refused
