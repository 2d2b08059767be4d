"""What projects of the studied origins reached, and where: the sums that observables are made of."""

from __future__ import annotations

import numpy as np

from relocsim.model import RelocationModel


def studied(model: RelocationModel) -> np.ndarray:
    """Return which projects are of firms of the studied origins, (n,) bool."""
    return model.setting.places.from_studied(model.projects.origin)


def outside(model: RelocationModel) -> np.ndarray:
    """Return which places are destinations outside the studied origins, (P,) bool."""
    places = model.setting.places
    outside = places.destination.copy()
    outside[places.origins[places.studied]] = False
    return outside


def reached(model: RelocationModel, stage: int) -> np.ndarray:
    """Return which projects of the studied origins reached a stage, (n,) bool."""
    return studied(model) & (model.projects.dates[stage] >= 0)


def taken(model: RelocationModel, amount: np.ndarray, stage: int) -> np.ndarray:
    """Return an amount that reached a stage, by place, (P,)."""
    rows = reached(model, stage)
    return np.bincount(model.projects.place[rows], amount[rows], len(model.setting.places.ids))


def ratio(part: float, whole: float) -> float:
    """Return part over whole, nan where there is no whole."""
    return part / whole if whole > 0 else np.nan
