"""Awareness: which places a firm knows.

A place becomes known when cumulative contact intensity exceeds the firm's own Exp(1) threshold, so that the chance to know
it is exactly 1 - exp(-intensity), and what is known stays known. Intensity here comes from standing and proximity; new
firms share what their origin's firms have heard.
"""

from __future__ import annotations

import numpy as np

from relocsim.phases.setting import Setting
from relocsim.world.network import Access


def contact_rate(setting: Setting, access: Access) -> np.ndarray:
    """Return contacts a year between origins and places, (O, P)."""
    terms, places = setting.parameters, setting.places
    near = np.exp(-terms.awareness_decay * access.hours[places.origins])
    return terms.awareness_base * places.standing + terms.awareness_proximity * near


def known(setting: Setting, intensity: np.ndarray, threshold: np.ndarray) -> np.ndarray:
    """Return whether firms know places, given their cumulative `intensity` and own `threshold`, both (F, P)."""
    if not setting.switches.awareness:
        return np.ones(threshold.shape, dtype=bool)
    return intensity > threshold
