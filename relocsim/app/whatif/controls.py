"""One control of a policy as an element of the page. Nothing is changed before a value is complete."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from nicegui import ui

from relocsim.app.session import Session
from relocsim.language import Words
from relocsim.language.units import unit_label
from relocsim.whatif.naming import grade_words, number_words
from relocsim.world.calendar import Quarter

if TYPE_CHECKING:
    from relocsim.whatif.controls import Control

Changed = Callable[[str, Any], Awaitable[None]]
"""Called with the path of an entry and its new value."""
_REACH = 3.0
"""How far a slider goes, in values of the case; a number beyond can be typed."""
_NONE = "-"
"""Chosen for none."""


def reach(low: Any, high: Any, value: Any, default: Any) -> tuple[float, float]:
    """Return from where to where a slider goes: within what is allowed, about the value."""
    now, usual = (float(one) if isinstance(one, int | float) else 0.0 for one in (value, default))
    size = max(abs(now), abs(usual))
    least = float(low) if isinstance(low, int | float) else min(0.0, -_REACH * size)
    most = _round_up(_REACH * size) if size else 1.0
    if isinstance(high, int | float):
        most = min(most, float(high))
    return min(least, now), max(most, now)


def _round_up(value: float) -> float:
    """Return a number of two digits that is no smaller."""
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return float(f"{math.ceil(value / unit - 1e-9) * unit:.12g}")


def plain(value: float) -> float:
    """Return a number without the dust of its arithmetic."""
    return float(f"{value:.10g}")


def quarters(low: str, high: str) -> list[str]:
    """Return the quarters from one to another."""
    first, last = Quarter.parse(low), Quarter.parse(high)
    return [str(first + at) for at in range(max(0, last - first) + 1)]


def about(control: Control, words: Words) -> str:
    """Return what a control means, what it may be, and where its number comes from."""
    parts = [words.documented(control.help), _limits(control, words)]
    if control.range is not None:
        low, high = _ends(*control.range, control, words)
        parts.append(
            words(
                "Not known: drawn from {low} to {high} in every replicate, unless it is set here.", low=low, high=high
            )
        )
    if control.grade and control.source and control.source != control.help:
        parts.append(
            words("Source: {source} ({grade}).", source=control.source, grade=grade_words(control.grade, words))
        )
    elif control.grade:
        parts.append(words("The number is {grade}.", grade=grade_words(control.grade, words)))
    return ("" if words.wide else " ").join(part for part in parts if part)


def _limits(control: Control, words: Words) -> str:
    """Return from where to where a number may be set; nothing where anything may."""
    low, high = control.low, control.high
    if control.kind not in ("number", "share", "table") or control.kind == "share":
        return ""
    if isinstance(low, int | float) and isinstance(high, int | float):
        ends = _ends(low, high, control, words)
        return words("From {low} to {high}.", low=ends[0], high=ends[1])
    if isinstance(low, int | float) and low != 0:
        return words("At least {low}.", low=_ends(low, low, control, words)[0])
    return ""


def _ends(low: float, high: float, control: Control, words: Words) -> tuple[str, str]:
    """Return two numbers as the control shows them."""
    scale, unit = (100.0, " %") if control.kind == "share" else (1.0, "")
    return number_words(scale * low, words) + unit, number_words(scale * high, words) + unit


class Field:
    """A control on the page: shows what holds, and says when that is to be another."""

    def __init__(self, session: Session, control: Control, changed: Changed) -> None:
        self.words, self.control, self.changed = session.words, control, changed
        self.scale = 100.0 if control.kind == "share" else 1.0
        name = self.words(control.label)
        unit = "%" if control.kind == "share" else unit_label(self.words, control.unit)
        self.label = self.words("{name}, {unit}", name=name, unit=unit) if unit else name
        self.shows: list[Callable[[Any], None]] = []
        with ui.element("div").classes("field").props(f"data-testid=field-{control.path.rsplit('.', 1)[-1]}"):
            {"switch": self._switch, "number": self._number, "share": self._number, "date": self._choice,
             "choice": self._choice, "several": self._several, "table": self._table, "assignment": self._assignment,
             }.get(control.kind, self._text)()  # fmt: skip
            ui.label(about(control, self.words)).classes("muted")

    def update(self, control: Control) -> None:
        """Show the value that now holds."""
        self.control = control
        for show in self.shows:
            show(control.value)

    async def _take(self, value: Any, path: str = "", held: Any = None) -> None:
        """Hand on a value that is another than the one that holds."""
        if value != (held if path else self.control.value):
            await self.changed(path or self.control.path, value)

    def _number(self) -> None:
        control, scale = self.control, self.scale
        low, high = (plain(one * scale) for one in reach(control.low, control.high, control.value, control.default))
        shown = self._scaled(control.value)
        ui.label(self.label)
        with ui.element("div").classes("row-line"):
            slider = ui.slider(
                min=low, max=high, step=plain((control.step or (high - low) / 100) * scale), value=shown or 0.0
            )
            slider.classes("spread").props["aria-label"] = self.label
            box = ui.number(value=shown).props("dense outlined").style("width: 120px")
            box.props["aria-label"] = self.label
        slider.on_value_change(lambda event: box.set_value(plain(event.value)))

        async def typed() -> None:
            if box.value is not None:
                await self._take(plain(box.value / scale))
            elif control.optional:
                await self._take(None)

        async def slid() -> None:
            await self._take(plain(slider.value / scale))

        box.on("blur", typed)
        box.on("keydown.enter", typed)
        slider.on("change", slid)

        def show(value: Any) -> None:
            number = self._scaled(value)
            slider.props["max"] = max(high, number or 0.0)
            slider.set_value(number or 0.0)
            box.set_value(number)

        self.shows.append(show)

    def _scaled(self, value: Any) -> float | None:
        return plain(float(value) * self.scale) if isinstance(value, int | float) else None

    def _switch(self) -> None:
        switch = ui.switch(self.label, value=bool(self.control.value))
        switch.on_value_change(lambda event: self._take(bool(event.value)))
        self.shows.append(lambda value: switch.set_value(bool(value)))

    def _choice(self) -> None:
        control = self.control
        if control.kind == "date":
            dates = quarters(str(control.low), str(control.high))
            offered: dict[Any, str] = {one: self.words.quarter(Quarter.parse(one)) for one in dates}
        else:
            offered = {_key(one.value): self.words.name(one) for one in control.options}
        if control.optional:
            offered = {_NONE: self.words("none"), **offered}
        held = _key(control.value)
        chosen = ui.select(offered if held in offered else {held: str(held), **offered}, value=held, label=self.label)
        chosen.props("dense outlined options-dense").classes("w-full")
        given = {_key(one.value): one.value for one in control.options}
        chosen.on_value_change(
            lambda event: self._take(None if event.value == _NONE else given.get(event.value, event.value))
        )

        def show(value: Any) -> None:
            if _key(value) not in chosen.options:
                chosen.set_options({**chosen.options, _key(value): str(value)})
            chosen.set_value(_key(value))

        self.shows.append(show)

    def _several(self) -> None:
        control = self.control
        self._many(self.label, control.path, lambda value: list(value or []))

    def _many(self, label: str, path: str, held: Callable[[Any], list[Any]], options: Any = None) -> None:
        """Show a choice of any of the options."""
        offered = {one.value: self.words.name(one) for one in options or self.control.options}
        value = held(self.control.value)
        chosen = ui.select({**{one: str(one) for one in value}, **offered}, value=value, label=label, multiple=True)
        chosen.props("dense outlined use-chips options-dense").classes("w-full")

        async def take() -> None:
            await self._take(list(chosen.value), path, held(self.control.value))

        chosen.on("popup-hide", take)
        self.shows.append(lambda value: chosen.set_value(held(value)))

    def _table(self) -> None:
        """Show a number for each of the options."""
        ui.label(self.label)
        with ui.element("div").classes("figures"):
            for one in self.control.options:
                self._cell(str(one.value), self.words.name(one))

    def _cell(self, key: str, name: str) -> None:
        def held(value: Any) -> float | None:
            return value.get(key) if isinstance(value, dict) else None

        box = ui.number(name, value=held(self.control.value)).props("dense outlined")

        async def take() -> None:
            before = held(self.control.value)
            if box.value is not None or before is not None:
                await self._take(box.value or 0.0, f"{self.control.path}.{key}", before)

        box.on("blur", take)
        box.on("keydown.enter", take)
        self.shows.append(lambda value: box.set_value(held(value)))

    def _assignment(self) -> None:
        """Show what each of the options is assigned."""
        ui.label(self.label)
        for one in self.control.options:
            key = str(one.value)
            if key in (self.control.value if isinstance(self.control.value, dict) else {}):
                path = f"{self.control.path}.{key}"
                self._many(self.words.name(one), path, partial(_assigned, key), self.control.columns)

    def _text(self) -> None:
        box = ui.input(self.label, value=str(self.control.value or "")).props("dense outlined").classes("w-full")

        async def take() -> None:
            if box.value != str(self.control.value or ""):
                await self._take(box.value)

        box.on("blur", take)
        box.on("keydown.enter", take)
        self.shows.append(lambda value: box.set_value(str(value or "")))


def _assigned(key: str, value: Any) -> list[Any]:
    """Return what one of the options is assigned."""
    return list(value.get(key, [])) if isinstance(value, dict) else []


def _key(value: Any) -> Any:
    """Return what stands for a value in a list of choices, whose keys are text."""
    if value is None:
        return _NONE
    return str(value).lower() if isinstance(value, bool) else value
