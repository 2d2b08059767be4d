"""The plan of the ablation: what each mechanism should show in, and which pattern rests on it. Refuses to play."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from relocsim.batch.ablation import observed
from relocsim.spec import Spec, load
from relocsim.spec.scenario import Switches

ROOT = Path(__file__).parents[2]
PLAN = Path(__file__).with_name("plan.yaml")


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Played(_Entry):
    """A scenario that mechanisms are switched off in."""

    file: str
    """File in `scenarios/`."""
    all_policies: bool
    """Whether every policy of it is on."""
    firms: Annotated[int, Field(ge=100)]
    """Agents."""
    replicates: Annotated[int, Field(ge=2)]

    def spec(self, seed: int, firms: int | None = None) -> Spec:
        """Return the specification that is played."""
        settings = [f"scenario.firms={firms or self.firms}", f"scenario.seed={seed}"]
        spec = load(ROOT / "scenarios" / self.file, settings=settings)
        return spec.with_policies(list(spec.policies)) if self.all_policies else spec


class Shown(_Entry):
    """What a mechanism should show in."""

    scenario: str | None = None
    """Scenario by name; none: the base."""
    shows: str
    """Observable."""
    goes: Literal["up", "down", "either"]
    """Which way it goes when the mechanism is off."""
    since: str
    """Why."""


class Mechanism(_Entry):
    """A mechanism that city leaders name, and where it is in the model."""

    where: str
    switches: tuple[str, ...]
    policies: tuple[str, ...] = ()


class Pattern(_Entry):
    """A pattern, and what takes it away."""

    rests_on: tuple[str, ...] = ()
    """Switches."""
    without: str
    """What is left of it with them off."""
    tests: tuple[str, ...] = ()
    """Tests in `tests/slow` that switch them off."""
    figure: str = ""
    """Finding of the slow tests with the mechanism on."""
    figure_off: str = ""
    """The same with it off."""
    seen_in: tuple[str, ...] = ()
    """Observables of a run that tell of the pattern."""


class Plan(_Entry):
    """The whole plan."""

    seed: int
    base: str
    """Scenario in which every mechanism is switched off."""
    scenarios: dict[str, Played]
    switches: dict[str, Shown]
    mechanisms: dict[str, Mechanism]
    patterns: dict[str, Pattern]

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        used = [name for each in (*self.mechanisms.values(),) for name in each.switches]
        used += [name for each in self.patterns.values() for name in each.rests_on]
        for name in [self.base, *(one.scenario or self.base for one in self.switches.values())]:
            if name not in self.scenarios:
                raise ValueError(f"there is no scenario {name!r} among {', '.join(self.scenarios)}")
        missing = sorted(set(used) - set(self.switches))
        if missing:
            raise ValueError(f"no line says what these should show in: {', '.join(missing)}")
        observed([one.shows for one in self.switches.values()])
        observed([name for one in self.patterns.values() for name in one.seen_in])
        return self

    def where(self, switch: str) -> str:
        """Return the scenario in which a mechanism should show."""
        return self.switches[switch].scenario or self.base

    def played_in(self, scenario: str) -> tuple[str, ...]:
        """Return the mechanisms that are switched off in a scenario: all in the base, else those that should show there."""
        return tuple(name for name in self.switches if scenario == self.base or self.where(name) == scenario)

    def looked_at(self, scenario: str) -> tuple[str, ...]:
        """Return the observables that are kept of a scenario."""
        wanted = ["capture", "inflow", *(self.switches[name].shows for name in self.played_in(scenario))]
        if scenario == self.base:
            wanted += [name for one in self.patterns.values() for name in one.seen_in]
        return tuple(dict.fromkeys(wanted))


def read(path: Path = PLAN) -> Plan:
    """Return the plan; SpecError or ValueError with what is wrong, a mechanism of the model without a line among it."""
    plan = Plan.model_validate(yaml.safe_load(path.read_text("utf-8")))
    named, known = set(plan.switches), set(Switches.model_fields)
    if named != known:
        raise ValueError(f"{path.name}: one line a mechanism, but for {', '.join(sorted(named ^ known))}")
    return plan
