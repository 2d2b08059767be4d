"""The funnel: what of the projects signed is honoured, started, producing, and how much of the money is in place.

Stages are intention, signed, honoured, ground broken, producing; amounts are cumulated, so that what fell away stays counted
at the stages that it reached.
"""

from __future__ import annotations

import numpy as np

SIGNED, HONOURED, GROUND, PRODUCING = 1, 2, 3, 4


def tranches(shares: np.ndarray) -> np.ndarray:
    """Return the part of the investment that arrives at each stage, (5,).

    Parameters
    ----------
    shares : (4,)
        Cumulative shares in place at signing, honouring, ground breaking and production.
    """
    return np.concatenate([[0.0], np.diff(shares, prepend=0.0)])


def money_in_place(reached: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return the money in place, (...), from the investment that reached each stage, (5, ...)."""
    return arrived(reached, tranches(shares))


def arrived(reached: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """Return the same, given the `parts` of the investment that arrive at each stage, (5,)."""
    return np.dot(parts[None], reached.reshape(len(reached), -1)).reshape(reached.shape[1:])  # as np.tensordot has it


def share_in_place(dates: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return the share of each project's investment that came to be in place, (n,); `dates` are (5, n), -1 where not."""
    return money_in_place((dates >= 0).astype(float), shares)


def rate_of_signed(reached: np.ndarray, stage: int | list[int]) -> np.ndarray:
    """Return what reached `stage`, one or several, over what was signed, (...); nan where nothing was signed.

    `reached` is (5, ...).
    """
    return ratio(reached[stage], reached[SIGNED])


def overstatement(reached: np.ndarray) -> np.ndarray:
    """Return what was signed over what came to produce, (...); nan where nothing did. `reached` is (5, ...)."""
    return ratio(reached[SIGNED], reached[PRODUCING])


def reported(reached: np.ndarray, in_place: np.ndarray, attention: np.ndarray) -> np.ndarray:
    """Return the number that officials report, (...): money at the stages that count, weighed as they count.

    Parameters
    ----------
    reached : (5, ...)
        Investment that reached each stage.
    in_place : (...)
        Money in place.
    attention : (4, ...)
        Shares of signed money, projects landed, money in place and production in what officials are assessed on.
    """
    counted = np.array([reached[SIGNED], reached[GROUND], in_place, reached[PRODUCING]])
    weighed: np.ndarray = (attention * counted).sum(axis=0)
    return weighed


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return `part` over `whole`, (...); nan where there is no whole."""
    return np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=np.asarray(whole) > 0)
