"""The questions, of a scenario file or a specification: run, compare, ablate. Refuses to print and to write files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from relocsim.batch import ablation, comparing, running
from relocsim.batch.ablation import Ablation
from relocsim.batch.comparing import Beside, Comparison
from relocsim.batch.running import Run
from relocsim.errors import Problem, SpecError
from relocsim.spec import Spec, load
from relocsim.spec.posterior import with_posterior

Scenario: TypeAlias = str | Path | Spec
"""A scenario file, or what was loaded from one."""


def specification(
    scenario: Scenario, *, settings: Sequence[str] = (), seed: int | None = None, posterior: str | Path | None = None
) -> Spec:
    """Return the specification of a scenario, with settings such as `scenario.firms=2000`, another seed, a posterior."""
    if not isinstance(scenario, Spec):
        seeded = [*settings, *([] if seed is None else [f"scenario.seed={seed}"])]
        return load(scenario, settings=seeded, posterior=posterior)
    if posterior is not None:
        scenario = with_posterior(scenario, posterior)
    if settings:
        raise SpecError(
            [Problem("settings change a scenario file", hint="give its path, or set them in relocsim.load")]
        )
    if seed is None:
        return scenario
    return replace(scenario, scenario=scenario.scenario.model_copy(update={"seed": seed}))


def run(
    scenario: Scenario, *, settings: Sequence[str] = (), seed: int | None = None, replicate: int | None = None,
    tick: Callable[[], None] | None = None,
) -> Run:  # fmt: skip
    """Play a scenario once and return the run.

    With `replicate` None every input has its central value; with a number it is drawn as in that replicate of a
    comparison. `tick` is called after every quarter.
    """
    return running.run(specification(scenario, settings=settings, seed=seed), replicate=replicate, tick=tick)


def compare(  # noqa: PLR0913 - the options of the command
    scenario: Scenario, *, settings: Sequence[str] = (), seed: int | None = None, with_: Sequence[str] = (),
    without: Sequence[str] = (), packages: Sequence[str] = (), replicates: int = 40, jobs: int = 1,
    executor: Executor | None = None, tick: Callable[[], None] | None = None,
    meanwhile: Callable[[], None] | None = None, beside: Beside | None = None,
) -> Comparison:  # fmt: skip
    """Play the baseline and each policy alone and all together, paired, and return the comparison.

    The bits of the result do not depend on `jobs`, the number of processes (or an `executor`). `tick` is called after every
    replicate, `meanwhile` once while other processes play; `beside` says what else to keep.
    """
    spec = specification(scenario, settings=settings, seed=seed)
    return comparing.compare(
        spec, with_=with_, without=without, packages=packages, replicates=replicates, jobs=jobs, executor=executor,
        tick=tick, meanwhile=meanwhile, beside=beside,
    )  # fmt: skip


def ablate(
    scenario: Scenario, *, settings: Sequence[str] = (), seed: int | None = None, switches: Sequence[str] = (),
    observables: Sequence[str] = (), replicates: int = 20, jobs: int = 1, tick: Callable[[], None] | None = None,
) -> Ablation:  # fmt: skip
    """Switch mechanisms off one at a time, all by default, and return what becomes of the observables, all by default.

    Inputs are central. The bits of the result do not depend on `jobs`. `tick` is called after every run, of which there are
    (1 + switches) x replicates.
    """
    spec = specification(scenario, settings=settings, seed=seed)
    return ablation.ablate(
        spec, switches=switches, observables=observables, replicates=replicates, jobs=jobs, tick=tick
    )
