"""The coefficients that make what was chosen most likely, and whether there are any.

Newton steps in a trust region (scipy, `trust-exact`) on exact derivatives; attributes in units of their spread, nest
parameters in logs, so that they stay above 0. The likelihood of a nested logit may have several peaks: it is climbed from
several places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linprog, minimize

from relocsim.errors import Problem
from relocsim.estimation.design import Choices
from relocsim.estimation.likelihood import Conditional, Derivatives, Likelihood, Nested, Nests
from relocsim.estimation.table import ChoiceTableError

_STEP, _BEST = 1e-9, 1e-18
"""Newton decrement, in log-likelihood, below which a peak is reached, and below which no step makes it better."""
_ROUNDS = 500
_FLAT = 1e-6
"""Curvature a chooser, in units of an attribute's spread, below which a coefficient may have run away."""
_EDGE = 1e3
"""Nest parameter above which, or below one over which, it has run away."""
_STARTS = (1.0, 0.5)
"""Nest parameters from which a nested logit is climbed."""
_PASS = 4000
"""Comparisons that a search for perfect prediction takes in at a time."""


@dataclass(frozen=True)
class Fit:
    """A peak of a log-likelihood, in the units of the table."""

    likelihood: Likelihood
    """What was maximised, with attributes as in the table."""
    theta: np.ndarray
    """Coefficients, then nest parameters, (T,)."""
    loglik: float
    """Log-likelihood there."""
    scores: np.ndarray
    """Gradient by chooser, (N, T)."""
    hessian: np.ndarray
    """Second derivatives, (T, T)."""
    rounds: int
    """Steps taken."""


class _Climb:
    """Minus a log-likelihood a chooser, nest parameters in logs, for the optimiser; each point is worked out once."""

    def __init__(self, likelihood: Likelihood, choosers: int, width: int) -> None:
        self._likelihood, self._choosers, self._width = likelihood, choosers, width
        self._at: np.ndarray | None = None
        self.found: Derivatives

    def natural(self, point: np.ndarray) -> np.ndarray:
        """Return the coefficients at a point."""
        return np.append(point[: self._width], np.exp(point[self._width :]))

    def _look(self, point: np.ndarray) -> None:
        if self._at is None or not np.array_equal(self._at, point):
            self._at = point.copy()
            self.found = self._likelihood.derivatives(self.natural(point))

    def value(self, point: np.ndarray) -> float:
        """Return minus the log-likelihood a chooser."""
        self._look(point)
        value = -self.found.value / self._choosers
        return value if np.isfinite(value) else np.inf

    def gradient(self, point: np.ndarray) -> np.ndarray:
        """Return its gradient."""
        self._look(point)
        return -self._rates(point) * self.found.scores.sum(axis=0) / self._choosers

    def hessian(self, point: np.ndarray) -> np.ndarray:
        """Return its second derivatives."""
        self._look(point)
        rates = self._rates(point)
        bent = rates * self.found.scores.sum(axis=0)
        bent[: self._width] = 0.0
        return -(self.found.hessian * np.outer(rates, rates) + np.diag(bent)) / self._choosers

    def _rates(self, point: np.ndarray) -> np.ndarray:
        return np.append(np.ones(self._width), np.exp(point[self._width :]))


def fit_conditional(choices: Choices, spread: np.ndarray, file: str) -> Fit:
    """Return the conditional logit; `spread` is that of attributes within choice sets, (K,)."""
    _refuse_single_predictors(choices, file)
    climbed = _climb(Conditional(choices, choices.x / spread), choices, np.zeros(len(spread)), len(spread))
    if climbed is None or np.linalg.eigvalsh(-climbed[1].hessian)[0] / len(choices.start) < _FLAT:
        _refuse_perfect_prediction(choices, spread, file)
    if climbed is None:
        raise ChoiceTableError([Problem("the search for the coefficients came to no end", file=file)])
    point, _, rounds = climbed
    return _told(Conditional(choices, choices.x), point / spread, rounds)


def fit_nested(choices: Choices, nests: Nests, spread: np.ndarray, first: Fit, file: str) -> Fit:
    """Return the nested logit, climbed from the conditional one and from narrower nests; the highest peak found."""
    width, count = len(spread), len(nests.names)
    likelihood = Nested(choices, choices.x / spread, nests)
    peaks: list[tuple[np.ndarray, Any, int]] = []
    for start in _STARTS:
        begin = np.append(first.theta * spread, np.full(count, np.log(start)))
        climbed = _climb(likelihood, choices, begin, width)
        if climbed is not None:
            peaks.append(climbed)
    point, _, rounds = max(peaks, key=lambda peak: peak[1].value, default=(np.full(width + count, np.nan), None, 0))
    if not ((point[width:] > 1 / _EDGE) & (point[width:] < _EDGE)).all():
        message = "the search for the nest parameters came to no end: one of them may run to 0 or without bound"
        hint = "look whether each nest has attributes that vary within it; try other nests, or one_lambda"
        raise ChoiceTableError([Problem(message, file=file, path="nests", hint=hint)])
    return _told(Nested(choices, choices.x, nests), point / np.append(spread, np.ones(count)), rounds)


def _told(likelihood: Likelihood, theta: np.ndarray, rounds: int) -> Fit:
    found = likelihood.derivatives(theta)
    return Fit(likelihood, theta, found.value, found.scores, found.hessian, rounds)


def _climb(
    likelihood: Likelihood, choices: Choices, begin: np.ndarray, width: int
) -> tuple[np.ndarray, Derivatives, int] | None:
    """Return coefficients at a peak, what holds there and the steps taken; none where no peak was reached."""
    climb = _Climb(likelihood, len(choices.start), width)
    with np.errstate(over="ignore", invalid="ignore"):
        done = minimize(
            climb.value, begin, jac=climb.gradient, hess=climb.hessian, method="trust-exact",
            options={"gtol": 1e-7, "maxiter": _ROUNDS, "max_trust_radius": 100.0},
        )  # fmt: skip
    point, rounds = np.asarray(done.x), int(done.nit)
    left = np.inf
    for _ in range(6):  # the optimiser stops by the gradient, which says little of flat directions
        gradient, hessian = climb.gradient(point), climb.hessian(point)
        if not np.isfinite(hessian).all() or np.linalg.eigvalsh(hessian)[0] <= 0:
            return None
        step = np.linalg.solve(hessian, gradient)
        left = float(gradient @ step) * len(choices.start)
        if left < _BEST:
            break
        point, rounds = point - step, rounds + 1
    return (climb.natural(point), climb.found, rounds) if left < _STEP else None


def _refuse_single_predictors(choices: Choices, file: str) -> None:
    """Raise ChoiceTableError for attributes by one of which alone every choice can be told: their coefficient has no end."""
    chosen = choices.x[choices.chosen]
    problems = []
    for reduced, sign, most in ((np.maximum, 1, "most"), (np.minimum, -1, "least")):
        extreme = reduced.reduceat(choices.x, choices.start, axis=0)
        for at in np.flatnonzero((chosen == extreme).all(axis=0)):
            name, way = choices.names[at], "infinity" if sign > 0 else "minus infinity"
            message = f"every chooser takes an alternative with the {most} {name!r}: its coefficient runs to {way}"
            hint = "perfect prediction; leave it out, or merge alternatives"
            if name.startswith("constant@"):
                often = "always" if sign > 0 else "never"
                message = (
                    f"{name.removeprefix('constant@')!r} is {often} chosen where it can be, so its constant has no end"
                )
                hint = "leave the alternative out, merge it with another, or do without constants"
            problems.append(Problem(message, file=file, path=name, hint=hint))
    if problems:
        raise ChoiceTableError(problems)


def _refuse_perfect_prediction(choices: Choices, spread: np.ndarray, file: str) -> None:
    """Raise ChoiceTableError where some mix of attributes tells every choice.

    A direction d with (x_chosen - x_j) d >= 0 for all rows, > 0 for some, is one along which the likelihood never falls
    (Albert & Anderson 1984). It is sought by linear programmes on the comparisons that matter, taken in bit by bit.
    """
    x = choices.x / spread
    gain = x[choices.chosen][choices.chooser] - x
    gain = np.delete(gain, choices.chosen, axis=0)
    total, taken = gain.sum(axis=0) / len(gain), np.arange(min(_PASS, len(gain)))
    while True:
        done = linprog(-total, A_ub=-gain[taken], b_ub=np.zeros(len(taken)), bounds=(-1, 1), method="highs")
        if done.status != 0 or -done.fun < 1e-9:
            return
        worst = gain @ done.x
        broken = np.flatnonzero(worst < -1e-7)
        if not len(broken):
            break
        taken = np.union1d(taken, broken[np.argsort(worst[broken], kind="stable")[:_PASS]])
    named = [choices.names[at] for at in np.flatnonzero(np.abs(done.x) > 1e-6)]
    message = f"{', '.join(named)} together tell every choice, so that their coefficients have no end"
    hint = "perfect prediction; leave one of them out, or add choosers"
    raise ChoiceTableError([Problem(message, file=file, hint=hint)])
