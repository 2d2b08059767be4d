"""What the parts of "Results of batches" share in one tab: the batch that is open, what is chosen of it, which figure.

Files are read in a thread; what is wrong with them is said on the page, and the page goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from nicegui import ui

from relocsim.app.batch.found import read
from relocsim.app.batch.read import Chosen, Measure, has_cells, is_ranged, last_period, levels_in, replicates_in
from relocsim.app.batch.told import factor_label, figure_label, level_label, place_names
from relocsim.batch.plan import Level
from relocsim.batch.stored import StoredBatch
from relocsim.language import Words

if TYPE_CHECKING:
    from relocsim.app.session import Session

Result = TypeVar("Result")


class BatchDesk:
    """An opened batch in one tab."""

    def __init__(self, session: Session, batch: StoredBatch) -> None:
        self.session, self.batch = session, batch
        self.chosen = Chosen()
        self.factors = [name for name in batch.points.columns if name != "point"]

    @property
    def words(self) -> Words:
        """The language of the tab."""
        return self.session.words

    async def read(self, function: Callable[..., Result], *given: object) -> Result | None:
        """Return what a function reads off the batch; None where a file cannot be read, which is said."""
        return await self.session.off_thread(read, self.batch, self.words, function, *given)

    def factor_names(self) -> dict[str, str]:
        """Return the factors by name, as they are read."""
        return {name: factor_label(self.batch, name, self.words) for name in self.factors}


class Picker:
    """Controls that choose levels of factors, and replicates where asked; what `changed` gives may be awaited."""

    def __init__(self, desk: BatchDesk, mark: str, changed: Callable[[], object], *, replicates: bool = False) -> None:
        self.desk, self.changed, words = desk, changed, desk.words
        self.levels: dict[str, tuple[Level, ...]] = {}
        self.ranges: dict[str, tuple[float, float]] = {}
        self.first, self.last, self.end = 0, replicates_in(desk.batch) - 1, replicates_in(desk.batch) - 1
        with ui.element("div").classes("row-line"):
            for name, label in desk.factor_names().items():
                if is_ranged(desk.batch, name):
                    self._range(name, label, mark)
                else:
                    self._levels(name, label, mark)
            if replicates:
                self._number(words("First replicate"), self.first, f"{mark}-first", self._first)
                self._number(words("Last replicate"), self.last, f"{mark}-last", self._last)

    def _levels(self, name: str, label: str, mark: str) -> None:
        options = {one: level_label(one, self.desk.words) for one in levels_in(self.desk.batch, name)}

        def take(found: list[Level]) -> object:
            self.levels[name] = tuple(found)
            return self.changed()

        box = ui.select(options, multiple=True, value=[], label=label, clearable=True,
                        on_change=lambda event: take(event.value or []))  # fmt: skip
        box.props(f"outlined dense options-dense use-chips data-testid={mark}-{name}").style("min-width: 250px")

    def _range(self, name: str, label: str, mark: str) -> None:
        column = self.desk.batch.points[name]
        low, high = float(column.min()), float(column.max())
        words = self.desk.words

        def take(end: int, value: float | None) -> object:
            ends = list(self.ranges.get(name, (low, high)))
            ends[end] = (low, high)[end] if value is None else float(value)
            self.ranges[name] = (ends[0], ends[1])
            return self.changed()

        for end, text in enumerate((words("{name} from", name=label), words("{name} to", name=label))):
            self._number(text, (low, high)[end], f"{mark}-{name}-{end}", partial(take, end))

    def _number(self, label: str, value: float, mark: str, take: Callable[[float | None], object]) -> None:
        box = ui.number(label, value=value, on_change=lambda event: take(event.value))
        box.props(f"outlined dense debounce=500 data-testid={mark}").style("width: 150px")

    def _first(self, value: float | None) -> object:
        self.first = int(value or 0)
        return self.changed()

    def _last(self, value: float | None) -> object:
        self.last = self.end if value is None else int(value)
        return self.changed()

    @property
    def chosen(self) -> Chosen:
        """What is chosen."""
        levels = {name: found for name, found in self.levels.items() if found}
        whole = self.first <= 0 and self.last >= self.end
        return Chosen(levels, dict(self.ranges), None if whole else (self.first, self.last))


class MeasurePicker:
    """Controls that choose a figure: an observable, or a flow or column of a place in a period."""

    def __init__(self, desk: BatchDesk, mark: str, changed: Callable[[], object]) -> None:
        self.desk, self.changed, words, batch = desk, changed, desk.words, desk.batch
        cells = batch.measures if has_cells(batch) else []
        names = {name: figure_label(name, words) for name in batch.observables}
        names |= {f"@{name}": words("{name} of a place", name=figure_label(name, words)) for name in cells}
        first = "capture" if "capture" in names else next(iter(names), None)
        self.name = ui.select(names, value=first, label=words("Figure"), on_change=self._named)
        self.name.props(f"outlined dense options-dense data-testid={mark}-figure").style("min-width: 230px")
        self.place, self.period = _place(desk, mark, self.changed), _period(desk, mark, self.changed)
        self._shown()

    def _named(self) -> object:
        self._shown()
        return self.changed()

    def _shown(self) -> None:
        self.place.visible = self.period.visible = str(self.name.value or "").startswith("@")

    @property
    def measure(self) -> Measure | None:
        """What is chosen; none where the batch records nothing."""
        name = str(self.name.value or "")
        if name.startswith("@"):
            return Measure(name[1:], str(self.place.value), str(self.period.value))
        return Measure(name) if name else None


def _place(desk: BatchDesk, mark: str, changed: Callable[[], object]) -> ui.select:
    names = place_names(desk.batch, desk.words)
    city = desk.batch.manifest.about.get("city")
    box = ui.select(names, value=city if city in names else next(iter(names), None), label=desk.words("Place"),
                    with_input=True, on_change=lambda: changed())  # fmt: skip
    return box.props(f"outlined dense options-dense data-testid={mark}-place").style("min-width: 160px")


def _period(desk: BatchDesk, mark: str, changed: Callable[[], object]) -> ui.select:
    periods = [str(one) for one in desk.batch.manifest.layout["periods"]]
    box = ui.select(
        periods, value=last_period(desk.batch) or None, label=desk.words("Period"), on_change=lambda: changed()
    )
    return box.props(f"outlined dense options-dense data-testid={mark}-period").style("min-width: 120px")
