"""Ablation: every mechanism switched off in turn, paired, and what becomes of the observables.

The arms of a replicate share seed, draws and inputs; each lays a foundation of its own, since the constants of the choice
are solved with the mechanism off: the rates of the start stay what the inputs say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import pandas as pd

from relocsim.batch.observables import OBSERVABLES, observe_all
from relocsim.batch.playing import realised
from relocsim.batch.workers import over_replicates
from relocsim.errors import Problem, SpecError
from relocsim.model import RelocationModel, lay_foundation
from relocsim.spec import Spec
from relocsim.spec.scenario import Switches
from relocsim.spec.words import near


@dataclass(frozen=True)
class Ablation:
    """Observables of the scenario as written and with each mechanism off, over replicates."""

    spec: Spec
    switches: tuple[str, ...]
    values: np.ndarray
    """(R, 1 + switches, K): the scenario as written first."""

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return len(self.values)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a mechanism and observable: with it, without it, the change (without less with) and its simulation error.

        `errors` is the change over its simulation error; a change that is the same in all replicates and not zero counts
        as infinitely many.
        """
        rows = [
            self._row(at, switch, k, name)
            for at, switch in enumerate(self.switches, start=1)
            for k, name in enumerate(OBSERVABLES)
        ]
        return pd.DataFrame(rows)

    def _row(self, at: int, switch: str, k: int, name: str) -> dict[str, object]:
        change = self.values[:, at, k] - self.values[:, 0, k]
        known = change[np.isfinite(change)]
        mean = float(known.mean()) if len(known) else np.nan
        error = float(known.std(ddof=1) / np.sqrt(len(known))) if len(known) > 1 else np.nan
        return {
            "mechanism": switch,
            "observable": name,
            "unit": OBSERVABLES[name].unit,
            "with": _mean(self.values[:, 0, k]),
            "without": _mean(self.values[:, at, k]),
            "change": mean,
            "simulation_error": error,
            "errors": abs(mean) / error if error > 0 else (np.inf if mean else 0.0),
        }

    @cached_property
    def clearest(self) -> pd.DataFrame:
        """One row a mechanism: the change in capture, and the observable that shows the mechanism most clearly."""
        rows = []
        for switch, part in self.table.groupby("mechanism", sort=False):
            captured = part.set_index("observable").loc["capture"]
            shown = part.sort_values(["errors", "observable"], ascending=[False, True], na_position="last").iloc[0]
            rows.append(
                {
                    "mechanism": switch,
                    "capture_change": captured["change"],
                    "capture_error": captured["simulation_error"],
                    **shown.drop("mechanism").to_dict(),
                }
            )
        return pd.DataFrame(rows)


def _mean(values: np.ndarray) -> float:
    return float(np.mean(values[np.isfinite(values)])) if np.isfinite(values).any() else np.nan


def mechanisms(spec: Spec, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the mechanisms to switch off: those named, or all that are on; SpecError where one is unknown or off."""
    known = Switches.model_fields
    problems = []
    for name in names:
        if name not in known:
            hint = near(name, known) or f"mechanisms are {', '.join(known)}"
            problems.append(Problem(f"there is no mechanism {name!r}", path="--switch", hint=hint))
        elif not getattr(spec.scenario.switches, name):
            problems.append(Problem(f"mechanism {name!r} is off in the scenario as written", path="--switch"))
    if problems:
        raise SpecError(problems)
    return tuple(names) or tuple(name for name in known if getattr(spec.scenario.switches, name))


def without_mechanism(spec: Spec, switch: str) -> Spec:
    """Return the specification with one mechanism off."""
    switches = spec.scenario.switches.model_copy(update={switch: False})
    return replace(spec, scenario=spec.scenario.model_copy(update={"switches": switches}))


def ablate(
    spec: Spec, *, switches: Sequence[str] = (), replicates: int = 20, draw_inputs: bool = False,
    jobs: int = 1, executor: Executor | None = None, tick: Callable[[], None] | None = None,
) -> Ablation:  # fmt: skip
    """Play a scenario as written and with each mechanism off, over `replicates`, and return the observables of all.

    Inputs are central, so that the simulation error is that of luck alone, unless `draw_inputs`. `tick` is called after
    every replicate. `jobs` processes share the replicates (or any `executor` does); the result has the same bits for any
    number of them.
    """
    off = mechanisms(spec, switches)
    one = partial(_replicate, spec, off, draw_inputs)
    values = over_replicates(one, replicates, jobs=jobs, executor=executor, tick=tick)
    return Ablation(spec, off, np.array(values))


def _replicate(spec: Spec, off: Sequence[str], draw_inputs: bool, replicate: int) -> np.ndarray:
    """Return the observables of one replicate, (1 + switches, K)."""
    drawn = realised(spec, replicate) if draw_inputs else spec
    arms = [drawn, *(without_mechanism(drawn, switch) for switch in off)]
    return np.array([_observed(arm, replicate) for arm in arms])


def _observed(spec: Spec, replicate: int) -> np.ndarray:
    return observe_all(RelocationModel(spec, foundation=lay_foundation(spec, replicate=replicate)).run())
