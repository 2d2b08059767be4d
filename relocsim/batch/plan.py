"""What a plan says: which scenario, which factors over which design, how many replicates, what is recorded.

Frozen models, a docstring a field. Reading the file is `relocsim.batch.planning`; this module refuses to.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from relocsim.metrics.capture import MEASURES
from relocsim.world.described import Described, Identifier

Level: TypeAlias = bool | int | float | str
"""A value that a factor may take: on or off, a size, a date, a word."""
Design = Literal[
    "list", "one at a time", "full factorial", "fractional factorial", "latin hypercube", "sobol", "morris"
]  # fmt: skip
SAMPLED = ("latin hypercube", "sobol", "morris")
"""Designs that take a number of samples."""
Count = Annotated[int, Field(ge=1, le=1_000_000)]


class Factor(Described):
    """One entry of the scenario, or one policy or package, and the values that it takes."""

    path: str | None = None
    """Entry that is set, such as `policies.incentives.capital_subsidy`, `parameters.sensitivity`, `switches.awareness`."""
    policy: Identifier | None = None
    """In place of a path: a policy or package that is switched off and on."""
    inputs: tuple[str, ...] = ()
    """In place of a path: inputs with ranges that move together, all at the same quantile; paths, with `*` for any step and
    `!` before what is left out, such as `places.*.fees`. On sampled designs only."""
    levels: tuple[Level, ...] = ()
    """Values in order; effects are read against the first. A policy has `[false, true]` unless it says otherwise."""
    range: Annotated[tuple[float, float], Field(min_length=2, max_length=2)] | Literal["declared"] | None = None
    """In place of levels: ends of a range, or the range that the input has in the world, with its law. Of `inputs` the
    quantiles between which they move, all of them unless it says otherwise."""
    log: bool = False
    """Whether a range is spread evenly in logs."""


class Factors(Described):
    """Factors and the design that combines them."""

    design: Design = "full factorial"
    """How the values of factors are combined."""
    samples: Count | None = None
    """Samples of a Latin hypercube, base samples of Sobol's, trajectories of Morris's design."""
    factors: Annotated[dict[Identifier, Factor], Field(min_length=1)]
    """Factors by name."""
    points: tuple[dict[Identifier, Level], ...] = ()
    """Points of a list; a factor that a point does not name stays as the scenario has it."""


class Until(Described):
    """A precision to be reached."""

    effect: Identifier
    """Lever whose effect is meant: its last level less its first, the rest alike, mean over all such pairs of points."""
    on: str
    """Observable that the effect is read on."""
    half_width: Annotated[float, Field(gt=0)]
    """Half of the 95 % confidence interval of the mean effect over replicates, in the unit of the observable."""


class Replicates(Described):
    """A number of replicates that a precision decides."""

    least: Annotated[int, Field(ge=2, le=1_000_000)] = 10
    """Replicates before the precision is looked at for the first time."""
    step: Count = 10
    """Replicates between one look and the next."""
    most: Count
    """Replicates after which the batch ends anyway."""
    until: Until
    """What is to be reached."""


class Recording(Described):
    """What is kept of every run."""

    observables: tuple[str, ...] = ("capture",)
    """Observables of docs/model.md: one number a run each."""
    flows: tuple[Literal[MEASURES], ...] = ()  # type: ignore[valid-type]
    """Amounts of firms of the studied origins that reached `stage`, by place: real firms, 1e8 yuan, persons."""
    stage: Literal["intention", "signed", "honoured", "ground", "producing"] | None = None
    """Stage of the flows; none: the stage under study."""
    columns: tuple[str, ...] = ()
    """State of places, by the columns of the table of places."""
    detail: Literal["quarter", "year", "end"] = "end"
    """Flows and columns by quarter, by year, or for the whole period and its end."""
    places: tuple[Identifier, ...] = ()
    """Places of which flows and columns are kept; none named: all."""


class Plan(Described):
    """A batch of runs."""

    question: str = ""
    """What it is for, in a sentence."""
    scenario: str
    """Scenario file, relative to the plan."""
    settings: dict[str, Level] = Field({})
    """Entries set in all runs, by path."""
    inputs: Literal["drawn", "central"] = "drawn"
    """Whether each replicate draws the ranged inputs (those that are factors aside) or all keep their central values."""
    posterior: str | None = None
    """Posterior of a calibration, relative to the plan, by whose rows replicates draw the inputs that it holds."""
    levers: Factors | None = None
    """What somebody can decide."""
    uncertainties: Factors | None = None
    """What nobody knows; every point of the levers is played at every point of these."""
    replicates: Annotated[int, Field(ge=1, le=1_000_000)] | Replicates = 20
    """Number of replicates: seeds of luck and, where inputs are drawn, of inputs, the same at all points."""
    record: Recording = Recording()
    """What is kept."""

    @property
    def most(self) -> int:
        """Largest number of replicates."""
        return self.replicates if isinstance(self.replicates, int) else self.replicates.most

    @property
    def factors(self) -> dict[str, Factor]:
        """Levers, then uncertainties, by name."""
        return {name: one for part in (self.levers, self.uncertainties) if part for name, one in part.factors.items()}
