"""What the panels of "Why" share in one tab: runs and looks of both sides, played once and kept while they hold.

Nothing is kept beyond the tab, and of each kind little. Refuses to draw.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from relocsim.answers.landing import corridor_home
from relocsim.app.listening import Listeners
from relocsim.batch.running import run
from relocsim.language import Words, message
from relocsim.report.charts.comparison import hours_of
from relocsim.report.looking import Look, look
from relocsim.spec import Spec
from relocsim.world.calendar import Quarter

if TYPE_CHECKING:
    from relocsim.app.session import Session

Result = TypeVar("Result")
WHATIF, BASELINE = "whatif", "baseline"
SIDES = {WHATIF: message("with the what-if"), BASELINE: message("baseline")}
"""Both sides of a what-if, in words."""
_KEPT = 3
"""Runs, looks and the like that are kept."""


@dataclass(frozen=True)
class Played:
    """What is kept of a run at central inputs: its tables, as a chart takes them, and hours along the corridor."""

    spec: Spec
    projects: pd.DataFrame
    hours: Mapping[Quarter, Mapping[str, float]]
    """By quarter that the map can be shown of, from the corridor's origin, to places of the corridor."""
    replicate: int | None = None


def played(spec: Spec) -> Played:
    """Play a specification once at central inputs, and keep what panels show of it."""
    found = run(spec)
    home = corridor_home(spec)
    hours = {when: hours_of(found, home, when) if home else {} for when in quarters_shown(spec)}
    return Played(spec, found.projects, hours)


def quarters_shown(spec: Spec) -> list[Quarter]:
    """Return the last quarter of each year of a scenario, and its end."""
    start, end = spec.scenario.start, spec.scenario.end
    every = [start + at for at in range(spec.scenario.quarters)]
    return [one for one in every if one == end or (one + 1).year > one.year]


class Desk:
    """One tab's "Why": the session, who of its panels is shown, and what was played for them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.listeners = Listeners()
        self.listeners.within = session.listeners.within
        self._kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._playing = asyncio.Lock()
        session.on_change(self._changed)

    @property
    def words(self) -> Words:
        """The language of the page."""
        return self.session.words

    def spec(self, side: str = WHATIF) -> Spec:
        """Return the specification of a side."""
        return self.session.spec() if side == WHATIF else self.session.baseline()

    def on_change(self, callback: Callable[[], Any]) -> None:
        """Call `callback` where the what-if is another, at once or when its panel is shown again."""
        self.listeners.add("change", callback)

    async def run(self, side: str) -> Played | None:
        """Return the run of a side at central inputs; None where it failed, which is said."""
        return await self._of("run", played, self.spec(side))

    async def look(self, side: str, quarter: Quarter) -> Look | None:
        """Return what firms find in a quarter of a side; None where that failed, which is said."""
        return await self._of("look", look, self.spec(side), quarter)

    async def _of(self, kind: str, function: Callable[..., Result], spec: Spec, *more: Any) -> Result | None:
        """Return what was found before of a specification, or find it off the page's loop, one at a time."""
        key = (kind, spec.digest, *more)
        async with self._playing:
            if key not in self._kept:
                found = await self.session.off_thread(function, spec, *more)
                if found is None:
                    return None
                self._kept[key] = found
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            kept: Result = self._kept[key]
            return kept

    def _changed(self) -> None:
        self.listeners.tell("change")
