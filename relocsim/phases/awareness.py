"""Awareness: which places a firm knows.

A place becomes known when cumulative contact intensity exceeds the firm's own Exp(1) threshold, so that the chance to know
it is exactly 1 - exp(-intensity), and what is known stays known unless a decay is set. Here are standing and proximity,
which need no plant and no policy; `relocsim.phases.promotion` adds the rest. New firms share what their segment has heard.
"""

from __future__ import annotations

import numpy as np

from relocsim.phases.setting import Setting
from relocsim.world.network import Access


def nearness(setting: Setting, access: Access) -> np.ndarray:
    """Return the part of full proximity that is left at the places' distance in hours, (O, P)."""
    return np.exp(-setting.parameters.awareness_decay * access.hours[setting.places.origins])


def contact_rate(setting: Setting, access: Access) -> np.ndarray:
    """Return usual contacts a year between origins and places, (O, P)."""
    terms = setting.parameters
    return terms.awareness_base * setting.places.standing + terms.awareness_proximity * nearness(setting, access)


def kept(setting: Setting) -> float:
    """Return the part of contacts that is still remembered a quarter later."""
    return float((1 - setting.parameters.awareness_forget) ** 0.25)


def past_years(setting: Setting) -> float:
    """Return the years of usual contact that firms have behind them at the start, less what they have forgotten of them."""
    terms = setting.parameters
    decay = -np.log1p(-terms.awareness_forget)
    return float(-np.expm1(-decay * terms.awareness_past) / decay) if decay else terms.awareness_past


def known(setting: Setting, intensity: np.ndarray, threshold: np.ndarray) -> np.ndarray:
    """Return whether firms know places, given their cumulative `intensity` and own `threshold`, both (F, P)."""
    if not setting.switches.awareness:
        return np.ones(threshold.shape, dtype=bool)
    return intensity > threshold
