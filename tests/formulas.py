"""A recorder for tests of designs: observables that are formulas of what a run sets, so that indices are known exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from typing import Any

import numpy as np

from relocsim.batch.bundles import Bundle, Failure, Finished
from relocsim.batch.recording import Reading
from relocsim.spec.nodes import dotted

Formula = Callable[[Mapping[str, Any], int], float]
"""Gives an observable from what a run sets, by path, and its replicate."""


class Formulas(Executor):
    """Answers at once with formulas in place of the model; a formula that raises is a run that fails."""

    def __init__(self, *formulas: Formula) -> None:
        self._formulas = formulas

    def submit(self, played: Any, bundle: Bundle, /) -> Future[list[Finished]]:  # type: ignore[override]
        future: Future[list[Finished]] = Future()
        runs = zip(bundle.runs, bundle.variants, strict=True)
        future.set_result([Finished(run, self._outcome(values, bundle.replicate)) for run, values in runs])
        return future

    def _outcome(self, values: Mapping[Any, Any], replicate: int) -> Reading | Failure:
        given = {dotted(steps): value for steps, value in values.items()}
        try:
            found = np.array([formula(given, replicate) for formula in self._formulas])
        except ArithmeticError as error:
            return Failure(f"{type(error).__name__}: {error}", "")
        return Reading(found, np.zeros((0, 1, 0), dtype=np.float32))
