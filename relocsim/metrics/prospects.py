"""Prospects: what further contacts with firms would bring, in expectation."""

from __future__ import annotations

import numpy as np


def told(contact: np.ndarray, added: np.ndarray) -> np.ndarray:
    """Return the chance that a firm comes to know a place by added contacts and not by those before, (...).

    exp(-contact) (1 - exp(-added)): knowledge comes when cumulative contact exceeds an Exp(1) threshold.
    """
    return -np.exp(-contact) * np.expm1(-added)


def brought_by_contacts(
    contact: np.ndarray, added: np.ndarray, odds: np.ndarray, rest: np.ndarray, outside: np.ndarray, scale: float
) -> np.ndarray:
    """Return the rise in the chance that a firm under review chooses a place, by segment, (G,), if added contacts are made.

    Of a nested logit: going elsewhere has the value scale x log(sum over known places of odds). With the share of firms
    that know the place raised from a to a', the expected odds go from a x odds to a' x odds.

    Parameters
    ----------
    contact, added : (G,)
        Contact intensity of the place before, and what is added.
    odds : (G,)
        exp(value of the place / scale).
    rest : (G,)
        Sum of the same over all other places, each weighted by being known.
    outside : (G,)
        Value of not going (log-sum of staying, going abroad, closing), with the constant of going taken off.
    scale
        Dissimilarity of places, in (0, 1].
    """

    def chance(aware: np.ndarray) -> np.ndarray:
        total = rest + aware * odds
        going = 1 / (1 + np.exp(outside - scale * np.log(total)))
        return aware * odds / total * going

    aware = -np.expm1(-contact)
    return chance(aware + told(contact, added)) - chance(aware)
