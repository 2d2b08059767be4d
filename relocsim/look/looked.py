"""The model as Mesa's viewer makes it, from keyword arguments, and the controls that the viewer offers for them.

It plays as `relocsim run` does with the same settings: the same loader, the same foundation, the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

import numpy as np

from relocsim.batch.playing import realised
from relocsim.errors import RelocsimError
from relocsim.language import Words
from relocsim.model import Foundation, lay_foundation
from relocsim.report.asking import specification
from relocsim.report.naming import title_in
from relocsim.report.tracing import WatchedModel
from relocsim.spec import Spec
from relocsim.spec.scenario import Scenario

POLICY = "policies."
"""Before the name of a policy, in the name of its control."""
REPLICATES = 40
"""Replicates that are offered."""
_made = count()
"""Numbers of the models of this process, by which they are told apart."""
_HELD = 2
"""Foundations that are kept for models to come, those of the last settings."""


@dataclass(frozen=True)
class Opened:
    """A scenario that is looked at."""

    file: str
    settings: tuple[str, ...] = ()
    """As in `--set`."""

    def spec(self, **changed: object) -> Spec:
        """Return the specification, with entries of the scenario (firms, seed) as they are set on the page; SpecError."""
        return _loaded(self, tuple(f"scenario.{name}={value}" for name, value in sorted(changed.items())))


@lru_cache(maxsize=_HELD)
def _loaded(opened: Opened, changed: tuple[str, ...]) -> Spec:
    taken = {one.partition("=")[0] for one in changed}
    kept = [one for one in opened.settings if one.partition("=")[0].strip() not in taken]
    return specification(opened.file, settings=[*kept, *changed])


@lru_cache(maxsize=_HELD)
def _laid(opened: Opened, changed: tuple[str, ...], replicate: int | None) -> Foundation:
    """Return what models of the same settings share, whichever policies are on."""
    spec = _loaded(opened, changed)
    resolved = spec if replicate is None else realised(spec, replicate)
    return lay_foundation(resolved, replicate=replicate or 0)


class LookedModel(WatchedModel):
    """A run that is looked at. Mesa's viewer makes it anew from the values of its controls at every reset.

    Parameters
    ----------
    opened
        The scenario.
    firms, seed
        As the scenario has them where not given. What the schema refuses is told in `problem`, and the scenario's own taken.
    replicate
        Replicate whose inputs and luck are played; what is no number (words, None) stands for central inputs.
    kwargs
        `policies.NAME`: whether that policy is on; others are as the scenario has them.
    """

    def __init__(  # the viewer asks for what takes any name to be called kwargs
        self, *, opened: Opened, firms: object = None, seed: object = None, replicate: object = None, **kwargs: Any
    ) -> None:
        given = {name: str(value).strip() for name, value in (("firms", firms), ("seed", seed)) if value is not None}
        self.problem = ""
        try:
            opened.spec(**given)
        except RelocsimError as error:
            self.problem, given = str(error), {}
        changed = tuple(f"scenario.{name}={value}" for name, value in sorted(given.items()))
        number = int(str(replicate)) if str(replicate).isdecimal() else None
        laid = _laid(opened, changed, number)
        on = {name for name in laid.spec.policies if kwargs.get(f"{POLICY}{name}", name in laid.spec.on)}
        super().__init__(laid.spec.with_policies(on), foundation=laid, row=_first_firm(laid))
        self.replicate, self.number = number, next(_made)

    def step(self) -> None:
        """Play one quarter; after the last one nothing, which the viewer asks for where it takes several at a time."""
        if self.finished:
            self.steps = self.quarter  # the viewer counts what it asks for
            return
        super().step()

    def watch_firm(self, row: int) -> None:
        """Follow another firm from the next quarter on."""
        if row != self.watch.row:
            self.watch.row = row
            self.watch.reviews.clear()


def _first_firm(foundation: Foundation) -> int:
    """Return the largest firm of the studied origins at the start."""
    population, places = foundation.population, foundation.setting.places
    there = population.stock & places.studied[population.origin]
    return int(np.argmax(np.where(there, population.output, -1.0)))


def controls(opened: Opened, words: Words) -> dict[str, Any]:
    """Return what can be set, as Mesa's viewer takes it; the viewer asks for the scenario too, and it stays as it is."""
    spec = opened.spec()
    offered: dict[str, Any] = {
        "opened": opened,
        "firms": _number("firms", words("Agents that stand for firms, {bounds}", bounds=bounds("firms", words)), spec),
        "seed": _number("seed", words("Seed, {bounds}", bounds=bounds("seed", words)), spec),
        "replicate": {
            "type": "Select",
            "label": words("Replicate whose inputs and luck are played"),
            "value": words("central inputs"),
            "values": [words("central inputs"), *map(str, range(REPLICATES))],
        },
    }
    for name, policy in spec.policies.items():
        offered[f"{POLICY}{name}"] = {"type": "Checkbox", "label": title_in(words, spec, name), "value": policy.on}
    return offered


def _number(name: str, label: str, spec: Spec) -> dict[str, Any]:
    return {"type": "InputText", "label": label, "value": str(getattr(spec.scenario, name))}


def bounds(name: str, words: Words) -> str:
    """Return in words what the schema allows for a number of the scenario."""
    held = Scenario.model_json_schema()["properties"][name]
    low, high = (words.plain(held.get(end, np.inf), 0) for end in ("minimum", "maximum"))
    return words("{low} to {high}", low=low, high=high) if "maximum" in held else words("{low} or more", low=low)
