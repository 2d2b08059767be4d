"""Switchers: which firms changed because of a policy, from where, what tipped them, and what was paid to the others.

Firms are compared with themselves: the same firm, with the same tastes and the same luck, in an arm without and in an arm
with the policy. Amounts are of any kind (firms, 1e8 yuan, jobs). What a firm gained in one place is taken from the places
in which it lost, in proportion; what nothing was lost for is newly mobile. So the sums are exact: what a city gained from
all sources less what it lost to all is the paired effect. This module refuses to know why a firm goes anywhere.
"""

from __future__ import annotations

import numpy as np

NEWLY_MOBILE = -1
"""Column (the last) of what came from no other place, or went to none."""
OTHERWISE = -1
"""Cause where no component spoke for the place that was gained."""
_ROUNDING = 1e-9


def flow_between(without: np.ndarray, with_: np.ndarray) -> np.ndarray:
    """Return what moved from place to place because of the policy, (P + 1, P + 1), in the unit of the amounts.

    Entry (p, q) is what firms placed in p without and in q with the policy. The last row is newly mobile (nothing without),
    the last column no longer mobile. Rows sum to what places lost, columns to what they gained. Of each firm,
    lost_p x gained_q / max(sum of lost, sum of gained).

    Parameters
    ----------
    without, with_ : (n, P)
        Amount of each firm in each place, not negative.
    """
    lost, gained, scale = _sides(without, with_)
    out = np.zeros((lost.shape[1] + 1, gained.shape[1] + 1))
    out[:, :] = lost_and_rest(lost, scale).T @ (lost_and_rest(gained, scale) / np.maximum(scale, _tiny())[:, None])
    out[-1, -1] = 0.0
    return out


def lost_and_rest(amounts: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Return amounts (n, P) with what is missing to the scale (n,) as a last column, (n, P + 1)."""
    return np.hstack([amounts, (scale - amounts.sum(axis=1))[:, None]])


def gained_from(without: np.ndarray, with_: np.ndarray, city: int) -> np.ndarray:
    """Return what the city gained of each firm by the place it was diverted from, (n, P + 1); the last: newly mobile.

    Arrays as in `flow_between`. Rows sum to max(0, with - without) in the city.
    """
    lost, gained, scale = _sides(without, with_)
    share = gained[:, city] / np.maximum(scale, _tiny())
    return lost_and_rest(lost, scale) * share[:, None]


def lost_to(without: np.ndarray, with_: np.ndarray, city: int) -> np.ndarray:
    """Return what the city lost of each firm by the place it went to instead, (n, P + 1); the last: it stays or ends."""
    return gained_from(with_, without, city)


def tipped_by(lowered_here: np.ndarray, lowered_there: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which component tipped each firm, (n,) int, and by how much, (n,), in the unit of the components.

    The component that the policy lowered most in the place gained, beyond what it lowered in the place given up; -1 where
    it lowered none by more than rounding.

    Parameters
    ----------
    lowered_here : (n, K)
        By how much each cost component was lower with the policy than without it, in the place gained (utility counts as
        a negative cost).
    lowered_there : (n, K)
        The same in the place given up (the origin for those newly mobile).
    """
    change = lowered_here - lowered_there
    if not change.size:
        return np.full(len(change), OTHERWISE), np.zeros(len(change))
    most = change.argmax(axis=1)
    size = change[np.arange(len(change)), most]
    spoke = size > _ROUNDING
    return np.where(spoke, most, OTHERWISE), np.where(spoke, size, 0.0)


def windfall_share(without: np.ndarray, with_: np.ndarray) -> np.ndarray:
    """Return the share of each firm's inflow that would have come anyway, (n,): min(1, without / with), nan for none."""
    came = np.divide(without, with_, out=np.full(np.shape(with_), np.nan), where=np.asarray(with_) > 0)
    return np.minimum(came, 1.0)


def windfall(paid: np.ndarray, without: np.ndarray, with_: np.ndarray) -> float:
    """Return the incentives paid to firms that would have come anyway, in the unit of `paid`.

    Parameters
    ----------
    paid : (n,)
        Incentives paid to each firm with the policy.
    without, with_ : (n,)
        What each firm placed in the city.
    """
    return float(np.nansum(paid * windfall_share(without, with_)))


def _sides(without: np.ndarray, with_: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what was lost and gained by firm and place, (n, P), and the greater of both sums, (n,)."""
    change = np.asarray(with_, dtype=float) - without
    lost, gained = np.maximum(-change, 0.0), np.maximum(change, 0.0)
    return lost, gained, np.maximum(lost.sum(axis=1), gained.sum(axis=1))


def _tiny() -> float:
    return float(np.finfo(float).tiny)
