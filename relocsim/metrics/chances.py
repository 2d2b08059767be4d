"""Chances: how likely a target is met, and the cheapest change that makes it likely enough.

A chance is the share of replicates that meet the target: each is a draw of all that is not known, and luck. Its interval is
the exact one of Clopper & Pearson (1934, Biometrika 26), which covers at least what it says.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betaincinv

from relocsim.metrics.effects import LEVEL


def chance_of_meeting(values: np.ndarray, target: float) -> np.ndarray:
    """Return the share of replicates in which a yardstick is at or above its target, (...).

    `values` is (R, ...), in the unit of the target; a figure that is not finite does not meet it.
    """
    with np.errstate(invalid="ignore"):
        return (np.asarray(values) >= target).mean(axis=0)


def chance_interval(met: int, replicates: int, level: float = LEVEL) -> tuple[float, float]:
    """Return the exact interval of a chance seen `met` times in so many replicates."""
    tail = (1 - level) / 2
    low = float(betaincinv(met, replicates - met + 1, tail)) if met else 0.0
    high = float(betaincinv(met + 1, replicates - met, 1 - tail)) if met < replicates else 1.0
    return low, high


def paired_shift(before: np.ndarray, after: np.ndarray) -> tuple[int, int]:
    """Return in how many replicates a target is met only after a change, and in how many only before; (R,) each, bool."""
    return int((after & ~before).sum()), int((before & ~after).sum())


def shift_sign(gained: int, lost: int) -> int:
    """Return whether a change raises (1) or lowers (-1) a chance, or that cannot be told (0), from paired replicates.

    Of the replicates that turn, as many would turn either way if the change did nothing: a sign is told where the exact
    interval of the share that is gained leaves out one half (the sign test of McNemar, 1947, Psychometrika 12).
    """
    if not gained + lost:
        return 0
    low, high = chance_interval(gained, gained + lost)
    return int(low > 0.5) - int(high < 0.5)


def cheapest_change(chances: np.ndarray, costs: np.ndarray, level: float) -> int | None:
    """Return the position of the cheapest change whose chance is at least `level`; none where none reaches it.

    Ties go to the higher chance, then to the first. `chances` (shares) and `costs` (of one unit) are (n,).
    """
    able = np.flatnonzero(np.asarray(chances) >= level)
    if not len(able):
        return None
    order = np.lexsort((able, -np.asarray(chances)[able], np.asarray(costs)[able]))
    return int(able[order[0]])


def size_for_chance(sizes: np.ndarray, chances: np.ndarray, level: float) -> float:
    """Return the least size at which the chance reaches `level`, between sizes tried by straight lines; nan if beyond.

    `sizes` (n,) rise. What lies below a larger chance at a smaller size is raised to it: more of a policy is taken never
    to lower the chance, so that luck between sizes does not count.
    """
    rising = np.maximum.accumulate(chances)
    if rising[-1] < level:
        return float("nan")
    at = int(np.argmax(rising >= level))
    if at == 0:
        return float(sizes[0])
    part = (level - rising[at - 1]) / (rising[at] - rising[at - 1])
    return float(sizes[at - 1] + part * (sizes[at] - sizes[at - 1]))
