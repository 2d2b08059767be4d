"""Clusters: suppliers that follow leaders, depth of supporting industry and the links that cap it."""

from __future__ import annotations

import numpy as np


def followers_per_leader(
    leader: np.ndarray, firms: np.ndarray, lag: np.ndarray, leading: np.ndarray, *, most: int
) -> float:
    """Return the mean number of firms that followed a leader within `most` quarters; nan without leaders.

    Parameters
    ----------
    leader : (n,) int
        Row of the leader that each project followed, -1 for none.
    firms : (n,)
        Firms behind each project.
    lag : (n,) int
        Quarters between the leader's ground breaking and the follower's stage.
    leading : (m,) int
        Rows of the leaders that count: those that had the time.
    """
    rows = (leader >= 0) & (lag <= most)
    if not len(leading):
        return float("nan")
    found = np.bincount(leader[rows], firms[rows], minlength=int(max(leading.max(), leader.max(initial=0))) + 1)
    return float(found[leading].mean())


def depth_of(covered: np.ndarray, need: np.ndarray, rho: float) -> np.ndarray:
    """Return the depth of supporting industry, (S,), in [0, 1]: the power mean of coverage with the weights of needs.

    `covered` (X,) is the share of the need of each input met on the spot, above zero; `need` (S, X) rows sum to one. With
    rho below zero the worst covered input caps the chain (CES with complements: Arrow, Chenery, Minhas & Solow 1961).
    """
    if abs(rho) < 1e-9:
        return np.exp(need @ np.log(covered))
    return (need @ covered**rho) ** (1 / rho)


def weakest_links(covered: np.ndarray, need: np.ndarray, rho: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the input that caps each chain, (S,) int, and what depth would be with it fully covered, (S,).

    The weakest link is the input whose full supply would raise depth most, all else as it is. Arguments as in `depth_of`.
    """
    raised = np.empty(need.shape)
    for link in range(need.shape[1]):
        full = covered.copy()
        full[link] = 1.0
        raised[:, link] = depth_of(full, need, rho)
    weakest = raised.argmax(axis=1)
    return weakest, raised[np.arange(len(need)), weakest]
