"""What a plan of a calibration says: cases, parameters, targets, how much is played.

Frozen models, a docstring a field. Reading the file is `relocsim.calibration.planning`; this module refuses to.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from relocsim.batch.plan import Level
from relocsim.world.calendar import Quarter
from relocsim.world.described import Described, Identifier

Share = Annotated[float, Field(gt=0, le=1)]


class Measured(Described):
    """What is read off a run: an observable, or an amount of projects."""

    observable: str | None = None
    """Observable of docs/model.md, read at the end of the run."""
    place: Identifier | None = None
    """Place that the observable is read for; none: the city under study."""
    flow: Literal["projects", "investment", "jobs", "expected"] | None = None
    """In place of an observable: what is added up over projects: real firms, 1e8 yuan, persons; or `expected`, the
    output (1e8 yuan a year) of the firms that would choose a place at the start, in expectation and so without luck."""
    stage: Literal["intention", "signed", "honoured", "ground", "producing"] = "producing"
    """Of a flow: projects that reached this stage."""
    places: tuple[Identifier, ...] = ()
    """Of a flow: in these places; none named: in all destinations outside the studied origins."""
    everywhere: bool = False
    """Of a flow: in all places, the studied origins included."""
    province: str | None = None
    """Of a flow: in the places of this province."""
    origins: tuple[Identifier, ...] = ()
    """Of a flow: of firms of these origins; none named: of all studied ones."""
    sectors: tuple[Identifier, ...] = ()
    """Of a flow: in these sectors; none named: in all."""
    kinds: tuple[Literal["branch", "move", "entry", "state", "expansion"], ...] = ()
    """Of a flow: of these kinds; none named: all but expansions and state-owned projects."""
    start: Quarter | None = Field(None, alias="from")
    """Of a flow: stage reached in this quarter or later."""
    until: Quarter | None = None
    """Of a flow: stage reached in this quarter or before."""
    within: Annotated[int, Field(ge=0, le=400)] | None = None
    """Of a flow: `from` and `until` are of signing, and the stage was reached within so many quarters after it."""


class Target(Described):
    """A figure, what it is compared with, and how far it may be off."""

    case: Identifier | None = None
    """Case whose run is read; may be left out where there is one."""
    measure: Measured
    """What is read off the run."""
    over: Measured | None = None
    """What it is divided by."""
    figure: str | None = None
    """Figure of the evidence that gives value and source."""
    item: Annotated[int, Field(ge=0)] | None = None
    """Which number of a figure that has several, counted from 0."""
    share_of: tuple[Annotated[int, Field(ge=0)], ...] = ()
    """Numbers of the figure by whose sum it is divided."""
    value: float | None = None
    """Value, where no figure gives it; in the unit of what is read."""
    tolerance: float | str
    """One standard deviation of what model and figure may differ by, the figure's own error included: a number in the unit
    of the value, a percentage of it such as +-20%, or a factor such as x/1.5."""
    source: str = ""
    """Where the value is from, where no figure says it."""
    note: str = ""
    """Why it may be compared, and with this tolerance."""


class CaseOf(Described):
    """A scenario that is played for every draw."""

    scenario: str
    """Scenario file, relative to the plan."""
    settings: dict[str, Level | tuple[Level, ...]] = Field({})
    """Entries set in all runs, by path."""
    on: tuple[Identifier, ...] = ()
    """Policies and packages that are put on."""


class Effort(Described):
    """How much is played."""

    prior: Annotated[int, Field(ge=10, le=1_000_000)] = 400
    """Draws of the prior, the table that all generations and the recovery share."""
    generations: Annotated[int, Field(ge=0, le=50)] = 3
    """Generations after the prior, each proposed from the draws that are nearest so far."""
    draws: Annotated[int, Field(ge=4, le=1_000_000)] = 200
    """Draws a generation."""
    accepted: Share = 0.2
    """Share of all draws so far that is kept, the nearest."""
    checks: Annotated[int, Field(ge=0, le=100_000)] = 100
    """Draws of the posterior that are played for the predictive check."""


class PlanOfCases(Described):
    """A question to several scenarios."""

    question: str = ""
    """What it is for, in a sentence."""
    cases: Annotated[dict[Identifier, CaseOf], Field(min_length=1)]
    """Scenarios by name; parameters of the same name are one parameter in all of them."""


class CalibrationPlan(PlanOfCases):
    """A calibration."""

    parameters: Annotated[tuple[str, ...], Field(min_length=1)]
    """Inputs with ranges that are calibrated: a path; the name of a family as `relocsim sensitivity` has it, with `*` for
    anything; or `all parameters`, `all policies`, ...: all families of one part. What is not named is drawn in every run."""
    evidence: str | tuple[str, ...] = ()
    """Files of evidence whose figures targets may name, relative to the plan."""
    targets: dict[Identifier, Target] = Field({})
    """Targets by name."""
    held_out: dict[Identifier, Target] = Field({})
    """Figures that are compared with the posterior and that nothing is fitted to."""
    runs: Effort = Effort()
    """How much is played."""
