"""Passing by: who goes through a corridor city to a place further on, who stops before it, who leaps over nearer places.

Arrays in, numbers out: distances are of any kind (km, hours) and need not be symmetric. Each function counts firms by
weight and answers with a share, nan where nothing was placed.
"""

from __future__ import annotations

import numpy as np

SLACK = 0.25
"""How much longer the way over a place may be than the direct one for the place to lie on it."""


def on_the_way(first: np.ndarray, second: np.ndarray, direct: np.ndarray, slack: float = SLACK) -> np.ndarray:
    """Return whether a place lies on the way, bool of the broadcast shape.

    Parameters
    ----------
    first, second, direct
        Distances from the start to the place, from the place to the end, and from the start to the end.
    slack
        Detour that is still on the way, as a share of the direct distance.
    """
    return (first + second <= (1 + slack) * direct) & (first < direct)


def pass_through(
    origin: np.ndarray, chosen: np.ndarray, weight: np.ndarray, distance: np.ndarray, *, city: int, slack: float = SLACK
) -> float:
    """Return the share of firms for which the city was nearer, on the way, and yet a place further along was chosen.

    Parameters
    ----------
    origin, chosen : (n,) int
        Places of each firm: where it stood and where it went.
    weight : (n,)
        Firms, yuan or jobs that it stands for.
    distance : (P, P)
        Distance between places.
    """
    passed = on_the_way(distance[origin, city], distance[city, chosen], distance[origin, chosen], slack)
    return _share(passed & (chosen != city), weight)


def interception(
    origin: np.ndarray, chosen: np.ndarray, weight: np.ndarray, distance: np.ndarray, *, city: int, slack: float = SLACK
) -> float:
    """Return the share of firms that stopped at a place on the way from their origin to the city; arrays as above."""
    stopped = on_the_way(distance[origin, chosen], distance[chosen, city], distance[origin, city], slack)
    return _share(stopped & (chosen != city) & (chosen != origin), weight)


def leapfrog(
    chosen: np.ndarray, weight: np.ndarray, distance: np.ndarray, cost: np.ndarray, open_to: np.ndarray
) -> float:
    """Return the share of firms that went beyond a nearer place which cost them less.

    Parameters
    ----------
    chosen : (n,) int
        Place of each firm.
    weight : (n,)
        Firms that it stands for.
    distance, cost : (n, P)
        Distance of each place from the firm's origin, and its cost there.
    open_to : (n, P) bool
        Places that it could have chosen.
    """
    rows = np.arange(len(chosen))
    nearer = distance < distance[rows, chosen][:, None]
    cheaper = cost < cost[rows, chosen][:, None]
    return _share((nearer & cheaper & open_to).any(axis=1), weight)


def _share(counted: np.ndarray, weight: np.ndarray) -> float:
    total = weight.sum()
    return float(weight[counted].sum() / total) if total > 0 else float("nan")
