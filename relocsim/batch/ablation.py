"""Ablation: every mechanism switched off in turn, paired, and what becomes of the observables.

The arms of a replicate share seed, draws and inputs; each lays a foundation of its own, since the constants of the choice
are solved with the mechanism off: the rates of the start stay what the inputs say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from relocsim.batch.observables import OBSERVABLES, observe
from relocsim.batch.playing import realised
from relocsim.batch.variants import play_variants
from relocsim.batch.workers import over_replicates
from relocsim.errors import Problem, SpecError
from relocsim.spec import Spec
from relocsim.spec.scenario import Switches
from relocsim.spec.words import near

CLEAR = 3.0
"""Simulation errors from which a change of one observable, named beforehand, is called one (unless replicates are few)."""
_CHANCE = 0.05
"""Chance that the largest of all changes looked at passes the bar although nothing has an effect."""


@dataclass(frozen=True)
class Ablation:
    """Observables of the scenario as written and with each mechanism off, over replicates."""

    spec: Spec
    switches: tuple[str, ...]
    values: np.ndarray
    """(R, 1 + switches, K): the scenario as written first."""
    observables: tuple[str, ...] = tuple(OBSERVABLES)
    """Names of what was measured, (K,): what was asked for, and capture."""
    named: tuple[str, ...] = tuple(OBSERVABLES)
    """Observables that were asked for."""

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return len(self.values)

    @property
    def bar(self) -> float:
        """Simulation errors from which the clearest of the observables of a mechanism is more than chance."""
        return bar(self.replicates, len(self.named))

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a mechanism and observable: with it, without it, the change (without less with) and its simulation error.

        `errors` is the change over its simulation error; a change that is the same in all replicates and not zero counts
        as infinitely many.
        """
        rows = [
            self._row(at, switch, k, name)
            for at, switch in enumerate(self.switches, start=1)
            for k, name in enumerate(self.observables)
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
            "errors": _in_errors(mean, error),
        }

    @cached_property
    def clearest(self) -> pd.DataFrame:
        """One row a mechanism: the change in capture, and the one of the observables asked for that shows it best."""
        rows = []
        for switch, part in self.table.groupby("mechanism", sort=False):
            captured = part.set_index("observable").loc["capture"]
            shown = (
                part[part["observable"].isin(self.named)]
                .sort_values(["errors", "observable"], ascending=[False, True], na_position="last")
                .iloc[0]
            )
            rows.append(
                {
                    "mechanism": switch,
                    "capture_change": captured["change"],
                    "capture_error": captured["simulation_error"],
                    **shown.drop("mechanism").to_dict(),
                }
            )
        return pd.DataFrame(rows)


def bar(replicates: int, looked_at: int) -> float:
    """Return the simulation errors, at least three, that the clearest of so many changes passes by chance once in twenty.

    By Student's t of the paired differences, each of which could go either way; with few replicates chance reaches far.
    """
    chance = -stdtrit(replicates - 1, _CHANCE / 2 / looked_at) if replicates > 1 else np.inf
    return max(CLEAR, float(chance))


def _in_errors(mean: float, error: float) -> float:
    """Return a change over its simulation error; nan where too little was there to be measured."""
    if error == 0:
        return np.inf if mean else 0.0
    return abs(mean) / error


def _mean(values: np.ndarray) -> float:
    return float(np.mean(values[np.isfinite(values)])) if np.isfinite(values).any() else np.nan


def mechanisms(spec: Spec, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the mechanisms to switch off: those named, or all that are on; SpecError where one is unknown or off."""
    known = Switches.model_fields
    problems = _unknown(names, known, "mechanism", "--switch")
    for name in dict.fromkeys(names):
        if name in known and not getattr(spec.scenario.switches, name):
            message = f"mechanism {name!r} is off in the scenario as written"
            hint = "leave it out, or set scenario.switches." + name + "=true"
            problems.append(Problem(message, path="--switch", hint=hint))
    if problems:
        raise SpecError(problems)
    return tuple(dict.fromkeys(names)) or tuple(name for name in known if getattr(spec.scenario.switches, name))


def observed(names: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the observables to look at: those named, or all; SpecError where one is unknown."""
    problems = _unknown(names, OBSERVABLES, "observable", "--observable")
    if problems:
        raise SpecError(problems)
    return tuple(dict.fromkeys(names)) or tuple(OBSERVABLES)


def _unknown(names: Iterable[str], known: Iterable[str], what: str, path: str) -> list[Problem]:
    """Return a problem for each name that is not known."""
    listed = f"{what}s are {', '.join(known)}"
    return [
        Problem(f"there is no {what} {name!r}", path=path, hint=near(name, tuple(known)) or listed)
        for name in dict.fromkeys(names)
        if name not in known
    ]


def without_mechanism(spec: Spec, switch: str) -> Spec:
    """Return the specification with one mechanism off."""
    switches = spec.scenario.switches.model_copy(update={switch: False})
    return replace(spec, scenario=spec.scenario.model_copy(update={"switches": switches}))


def ablate(
    spec: Spec, *, switches: Sequence[str] = (), observables: Sequence[str] = (), replicates: int = 20,
    draw_inputs: bool = False, jobs: int = 1, executor: Executor | None = None, tick: Callable[[], None] | None = None,
) -> Ablation:  # fmt: skip
    """Play a scenario as written and with each mechanism off, over `replicates`, and return the observables of all.

    Inputs are central, so that the simulation error is that of luck alone, unless `draw_inputs`. `tick` is called after
    every run, of which there are (1 + switches) x replicates. `jobs` processes share the runs (or any `executor` does); the
    result has the same bits for any number of them.
    """
    off, named = mechanisms(spec, switches), observed(observables)
    measured = tuple(dict.fromkeys((*named, "capture")))
    one = partial(_run, spec, off, measured, draw_inputs)
    values = over_replicates(one, replicates * (1 + len(off)), jobs=jobs, executor=executor, tick=tick)
    return Ablation(spec, off, np.array(values).reshape(replicates, 1 + len(off), -1), measured, named)


def _run(spec: Spec, off: Sequence[str], measured: Sequence[str], draw_inputs: bool, number: int) -> np.ndarray:
    """Return the observables of one run, (K,): all arms of a replicate, then those of the next."""
    replicate, at = divmod(number, 1 + len(off))
    drawn = realised(spec, replicate) if draw_inputs else spec
    arm = without_mechanism(drawn, off[at - 1]) if at else drawn
    return play_variants([arm], replicate=replicate, read=lambda model: observe(model, measured))[0]
