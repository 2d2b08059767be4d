"""The kernel of admission; its twin is `admission.by_arrays`."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from relocsim.kernels import Arguments, pointer, structure

_Applicants = structure(
    "Applicants",
    "agents places sectors blank* mass* value* unfit* score* chance* capital_ratio* origin* entrant* mode_draw* "
    "branch_share~ branch move entry nothing~",
)
_Vacancy = structure("Vacancy", "spaces* factors* factor_use*")
_Answer = structure("Answer", "claims* count")
_KINDS = {"value": np.float32, "unfit": np.bool_, "entrant": np.bool_, "origin": np.int16}


def admit(
    library: ctypes.CDLL, vacancy: dict[str, np.ndarray] | None, blank: np.ndarray, value: np.ndarray, **of: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Return the claims admitted, by agent and place, and the investment refused, (2, P).

    `blank` (m,), `value` (m, P) and what `of` holds are the fields of the kernel's structure of applicants, `vacancy` those
    of its structure of room, if that is limited.
    """
    given, answer, kind = Arguments(), _Answer(), blank.dtype
    (agents, places), refused = value.shape, np.zeros((2, value.shape[1]))
    fields = {name: (field, _KINDS.get(name, np.float64)) if isinstance(field, np.ndarray) else field
              for name, field in {"value": value, **of}.items()}  # fmt: skip
    applicants = given.structure(
        _Applicants, agents=agents, places=places, sectors=len(of["capital_ratio"]), blank=(blank, kind), **fields
    )
    room = None if vacancy is None else ctypes.byref(given.structure(_Vacancy, **vacancy))
    library.admit(ctypes.byref(applicants), room, ctypes.byref(answer), pointer(refused))
    claims = np.empty(answer.count, kind)
    if len(claims):
        ctypes.memmove(pointer(claims), answer.claims, claims.nbytes)
    library.let_go(ctypes.byref(answer))
    return claims, refused
