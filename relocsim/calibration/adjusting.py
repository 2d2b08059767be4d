"""Regression adjustment: what the kept draws would have been, had they hit the targets.

Local linear regression of each parameter on the readings (Beaumont, Zhang & Balding 2002), with a spread that may depend on
them (Blum & François 2010). On the probit scale, so that nothing leaves its range. Refuses to choose draws.
"""

from __future__ import annotations

import numpy as np

_RIDGE = 1e-4
"""Share of the weight's total that holds slopes back: readings that hardly vary tell nothing."""
_WIDEST = 3.0
"""How far the spread at the targets may differ from that at a draw: few draws tell it badly."""
_DRAWS_A_READING = 100
"""Effective draws a reading below which the spread is taken to be the same everywhere."""


def adjusted(z: np.ndarray, apart: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return parameters (m, K) moved to where the readings are those of the targets.

    `apart` (m, S) are readings less targets in units of their spread, `weight` (m,) sums to 1.
    """
    size = 1 / (weight**2).sum()
    readings = apart.shape[1]
    if size <= readings + 2:
        return z.copy()
    design = np.column_stack([np.ones(len(z)), apart])
    slopes = _fitted(design, z, weight)
    left = z - design @ slopes
    left *= np.sqrt(size / (size - readings - 1))  # as many as were fitted make residuals too small
    left *= np.sqrt(1 + _leverage(design, weight))  # what is said at the targets is an estimate itself
    if size >= _DRAWS_A_READING * readings:
        logs = np.log(np.maximum(left**2, 1e-12))
        fall = _fitted(design, logs, weight)[1:]
        factor = np.exp(-0.5 * apart @ fall)  # spread at the targets over spread at the draw
        factor = np.clip(factor, 1 / _WIDEST, _WIDEST)
        left = left * factor
    found: np.ndarray = slopes[0] + left
    return found


def _leverage(design: np.ndarray, weight: np.ndarray) -> float:
    """Return the variance of the fit at the targets over that of a residual."""
    moments = (weight[:, None] * design).T @ design + _RIDGE * np.eye(design.shape[1])
    twice = ((weight**2)[:, None] * design).T @ design
    inverse = np.linalg.inv(moments)
    return float((inverse @ twice @ inverse)[0, 0])


def _fitted(design: np.ndarray, values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return weighted least-squares coefficients, (1 + S, K), slopes held back a little."""
    moments = (weight[:, None] * design).T @ design
    held = np.full(design.shape[1], _RIDGE)
    held[0] = 0.0
    found: np.ndarray = np.linalg.solve(moments + np.diag(held), (weight[:, None] * design).T @ values)
    return found
