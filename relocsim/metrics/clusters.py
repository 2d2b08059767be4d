"""Clusters: suppliers that follow leaders, depth of supporting industry and the links that cap it."""

from __future__ import annotations

import numpy as np
from scipy import sparse


def followers_by_leader(
    leader: np.ndarray, firms: np.ndarray, lag: np.ndarray, leading: np.ndarray, *, most: int
) -> np.ndarray:
    """Return the firms that followed each leader within `most` quarters, (m,).

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
    size = 1 + int(max(leading.max(initial=0), leader.max(initial=0)))
    return np.bincount(leader[rows], firms[rows], minlength=size)[leading]


def followers_per_leader(
    leader: np.ndarray, firms: np.ndarray, lag: np.ndarray, leading: np.ndarray, *, most: int
) -> float:
    """Return the mean number of firms that followed a leader within `most` quarters; nan without leaders.

    Arguments as in `followers_by_leader`.
    """
    found = followers_by_leader(leader, firms, lag, leading, most=most)
    return float(found.mean()) if len(found) else float("nan")


def depth_of(covered: np.ndarray, need: np.ndarray | sparse.csr_array, rho: float) -> np.ndarray:
    """Return the depth of supporting industry, (S, ...), in [0, 1]: the power mean of coverage, weighted by needs.

    `covered` (X, ...) is the share of the need of each input met on the spot, above zero; rows of `need` (S, X) sum to one.
    With rho below zero the worst covered input caps the chain (CES: Arrow, Chenery, Minhas & Solow 1961).
    """
    if abs(rho) < 1e-9:
        return np.asarray(np.exp(need @ np.log(covered)))
    return np.asarray((need @ covered**rho) ** (1 / rho))


def weakest_links(
    covered: np.ndarray, need: np.ndarray, rho: float, named: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the input that caps each chain, (S,) int, and what depth would be with it fully covered, (S,).

    The weakest link is the input whose full supply would raise depth most, all else as it is. `named` (S, X) bool says
    which inputs may be named (all, where it is left out); other arguments as in `depth_of`.
    """
    raised = np.empty(need.shape)
    for link in range(need.shape[1]):
        full = covered.copy()
        full[link] = 1.0
        raised[:, link] = depth_of(full, need, rho)
    weakest = (raised if named is None else np.where(named, raised, -np.inf)).argmax(axis=1)
    return weakest, raised[np.arange(len(need)), weakest]
