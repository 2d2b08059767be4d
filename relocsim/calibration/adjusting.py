"""Regression adjustment: what the kept draws would have been, had they hit the targets.

Local linear regression of each parameter on the readings (Beaumont, Zhang & Balding 2002), with a ridge that leaving one
draw out chooses for each (Blum et al. 2013): what the readings do not tell is left as it is. With many draws the spread
may depend on the readings (Blum & François 2010). On the probit scale, so that nothing leaves its range.
This module refuses to choose draws.
"""

from __future__ import annotations

import numpy as np

_RIDGES = (1e-4, 1e-2, 3e-2, 0.1, 0.3, 1.0, 3.0, 1e6)
"""Ridges that are tried, in the variance of a reading; the last leaves the mean alone."""
_WIDEST = 3.0
"""How far the spread at the targets may differ from that at a draw: few draws tell it badly."""
_DRAWS_A_READING = 100
"""Effective draws a reading below which the spread is taken to be the same everywhere."""


def adjusted(z: np.ndarray, apart: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return parameters (m, K) moved to where the readings are those of the targets.

    `apart` (m, S) are readings less targets in units of their spread, `weight` (m,) sums to 1.
    """
    size, readings = 1 / (weight**2).sum(), apart.shape[1]
    if size <= readings + 2:
        return z.copy()
    design = np.column_stack([np.ones(len(z)), apart])
    found, best = z.copy(), np.full(z.shape[1], np.inf)
    for ridge in _RIDGES:
        moved, score = _moved(design, z, weight, ridge)
        better = score < best
        found[:, better], best = moved[:, better], np.where(better, score, best)
    return found


def _moved(design: np.ndarray, z: np.ndarray, weight: np.ndarray, ridge: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the parameters moved by a regression with a ridge, (m, K), and its error at draws left out, (K,)."""
    mean = weight @ design[:, 1:]
    design = np.column_stack([design[:, 0], design[:, 1:] - mean])  # the ridge holds slopes back and not the mean
    held = np.diag([0.0, *[ridge] * len(mean)])
    inverse = np.linalg.inv((weight[:, None] * design).T @ design + held)
    coefficients = inverse @ (weight[:, None] * design).T @ z
    own = np.einsum("ij,jk,ik->i", design, inverse, design) * weight
    left = z - design @ coefficients
    score: np.ndarray = weight @ (left / np.maximum(1 - own, 1e-6)[:, None]) ** 2
    size, taken = 1 / (weight**2).sum(), own.sum()
    target = np.array([1.0, *-mean])
    luck = target @ inverse @ ((weight**2)[:, None] * design).T @ design @ inverse @ target
    # as much as was fitted makes residuals too small; and what is said at the targets is an estimate itself
    left = left * np.sqrt(size / max(size - taken, 1.0) * (1 + luck))
    if size >= _DRAWS_A_READING * len(mean):
        left = left * _spread_factor(design, left, weight, target)
    moved: np.ndarray = target @ coefficients + left
    return moved, score


def _spread_factor(design: np.ndarray, left: np.ndarray, weight: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the spread at the targets over the spread at each draw, (m, K)."""
    moments = (weight[:, None] * design).T @ design
    slopes = np.linalg.lstsq(moments, (weight[:, None] * design).T @ np.log(np.maximum(left**2, 1e-12)), rcond=None)[0]
    factor: np.ndarray = np.exp(0.5 * (target - design) @ slopes)
    return np.clip(factor, 1 / _WIDEST, _WIDEST)
