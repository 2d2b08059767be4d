"""Rivals: how cities answer when nobody orders a policy.

Every city here follows the passive rule: it keeps its usual package and prepares park land and factory floor at its usual
rate, whatever the others do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relocsim.phases.setting import Setting


@dataclass(frozen=True)
class Growth:
    """Land and floor prepared in a quarter, (P,)."""

    land: np.ndarray
    """Hectares."""
    floor: np.ndarray
    """1e4 m2."""


def passive(setting: Setting) -> Growth:
    """Return the usual growth of parks in a quarter."""
    return Growth(setting.places.land_growth / 4, setting.places.floor_growth / 4)
