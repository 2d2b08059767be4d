"""Two ways to fit choice shares, written apart, for tests of identities and patterns: conditional logit and Poisson.

Choosers come in groups (sectors) that choose among the same alternatives (places). Both are Newton's method; a group's own
constant is a fixed effect in the Poisson model and drops out of the logit.
"""

from __future__ import annotations

import numpy as np

_ROUNDS, _TOLERANCE = 100, 1e-11


def conditional_logit(counts: np.ndarray, features: np.ndarray) -> np.ndarray:
    """Return coefficients (K,) that maximise sum counts log softmax(features @ b), counts (G, A), features (G, A, K).

    Newton's steps are halved until the likelihood does not fall.
    """
    beta = np.zeros(features.shape[-1])
    total = counts.sum(axis=1)
    reached = _log_shares(features, beta)
    for _ in range(_ROUNDS):
        share = np.exp(reached)
        expected = total[:, None] * share
        gradient = np.einsum("ga,gak->k", counts - expected, features)
        mean = np.einsum("ga,gak->gk", share, features)
        hessian = np.einsum("ga,gak,gal->kl", expected, features, features)
        hessian -= np.einsum("g,gk,gl->kl", total, mean, mean)
        step = np.linalg.lstsq(hessian, gradient, rcond=None)[0]
        while (counts * _log_shares(features, beta + step)).sum() < (counts * reached).sum() - 1e-9 * total.sum():
            step = step / 2
        beta += step
        reached = _log_shares(features, beta)
        if np.abs(step).max() < _TOLERANCE:
            break
    return beta


def _log_shares(features: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """Return the log of the logit shares, (G, A)."""
    value = features @ beta
    value = value - value.max(axis=1, keepdims=True)
    return value - np.log(np.exp(value).sum(axis=1, keepdims=True))


def poisson(counts: np.ndarray, features: np.ndarray) -> np.ndarray:
    """Return coefficients (K,) of a Poisson regression of counts (G, A) on features (G, A, K) and a dummy for each group."""
    groups, alternatives, width = features.shape
    dummies = np.repeat(np.eye(groups), alternatives, axis=0)
    design = np.hstack([features.reshape(-1, width), dummies])
    y = counts.ravel()
    level = np.log(np.maximum(y, 0.1))
    beta = np.linalg.lstsq(design, level, rcond=None)[0]
    for _ in range(_ROUNDS):
        mu = np.exp(np.clip(design @ beta, -40, 40))
        step = np.linalg.lstsq((design * mu[:, None]).T @ design, design.T @ (y - mu), rcond=None)[0]
        beta += step
        if np.abs(step).max() < _TOLERANCE:
            break
    return beta[:width]


def with_place_effects(features: np.ndarray) -> np.ndarray:
    """Return features (G, A, K + A - 1) with a dummy for every alternative but the first."""
    groups, alternatives, _ = features.shape
    dummies = np.broadcast_to(np.eye(alternatives)[:, 1:], (groups, alternatives, alternatives - 1))
    return np.concatenate([features, dummies], axis=-1)
