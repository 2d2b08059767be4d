"""The plain blocks that a briefing is made of. They know nothing of the model, and nothing of pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TypeAlias

MOST_ROWS = 14
"""Of a table that is kept on one page."""


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str
    lead: bool = False
    """Whether it is what the reader must not miss."""
    detail: bool = False
    """Whether it is for the reader of the document only: in slides it goes to the speaker's notes."""


@dataclass(frozen=True)
class Points:
    """A list, each entry a sentence or two."""

    items: tuple[str, ...]
    detail: bool = False


@dataclass(frozen=True)
class Table:
    """A table of texts; all columns but the first hold figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    """What is said below: units, intervals."""
    source: str = ""
    """Which stored table it comes from."""
    widths: tuple[float, ...] = ()
    """Relative widths of columns; none: the first is twice as wide as the others."""

    def shares(self) -> tuple[float, ...]:
        """Return the widths of columns as shares of the whole."""
        widths = self.widths or (2.0, *[1.0] * (len(self.columns) - 1))
        return tuple(width / sum(widths) for width in widths)

    @property
    def long(self) -> bool:
        """Whether it may run over the end of a page."""
        return len(self.rows) > MOST_ROWS

    def parts(self) -> tuple[Table, ...]:
        """Return the table in parts that fit a slide."""
        starts = range(0, max(1, len(self.rows)), MOST_ROWS)
        return tuple(replace(self, rows=self.rows[start : start + MOST_ROWS]) for start in starts)


@dataclass(frozen=True)
class Mark:
    """A figure with its interval in a chart."""

    label: str
    mean: float
    low: float
    high: float
    clear: bool
    """Whether the interval lies on one side of zero."""


@dataclass(frozen=True)
class Dots:
    """Figures with intervals, one below the other, the line of no effect marked."""

    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Steps:
    """Figures that add up, each from where the ones before it end, and last the whole, from zero."""

    marks: tuple[Mark, ...]
    whole: Mark

    @property
    def starts(self) -> tuple[float, ...]:
        """Where each figure begins, and the whole."""
        return (0.0, *accumulate(mark.mean for mark in self.marks[:-1]), 0.0)


@dataclass(frozen=True)
class Spot:
    """A place on a map."""

    place: str
    name: str
    lon: float
    lat: float
    origin: bool
    """Whether its firms are those that are studied."""


@dataclass(frozen=True)
class Map:
    """Flows between places, on longitude and latitude."""

    spots: tuple[Spot, ...]
    flows: tuple[tuple[str, str, float], ...]
    """Origin, place and amount, the largest last; those to the city stand out."""
    tracks: tuple[tuple[bool, tuple[tuple[float, float], ...]], ...]
    """Railway lines: whether it is the corridor, and longitudes and latitudes of stops."""
    city: str
    labels: tuple[str, ...]
    """Places that are named, the most important first."""
    hours: tuple[tuple[str, float], ...] = ()
    """Places of the corridor and their hours from its origin."""
    home: str = ""
    """Origin of the corridor."""


@dataclass(frozen=True)
class Bars:
    """Amounts, one below the other, in one or two series."""

    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]
    """Name and amounts of each."""


@dataclass(frozen=True)
class Line:
    """A course over time with its band."""

    label: str
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True)
class Lines:
    """Courses over time."""

    times: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Chart:
    """A chart: what it shows, in words too, for who cannot see it."""

    title: str
    """The finding."""
    shown: Dots | Steps | Bars | Lines | Map
    axis: str
    """What is shown, with its unit."""
    alt: str
    """The figures in words."""
    note: str = ""
    """What intervals are, number of replicates, run and source."""
    source: str = ""
    """Which stored table it comes from."""


@dataclass(frozen=True)
class Box:
    """A frame with a title."""

    title: str
    items: tuple[str, ...]


Block: TypeAlias = Text | Points | Table | Chart | Box


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Briefing:
    """A whole briefing in one language."""

    language: str
    """Code, as in the attribute `lang` of a page."""
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    colophon: str
    """Where it comes from: run, version, date of nothing."""
    terms: dict[str, str] = field(default_factory=dict)
    """Words that writers need: `figure`, `table`, `source`, `contents`."""

    def blocks(self) -> Iterator[Block]:
        """Give all blocks in order."""
        for section in self.sections:
            yield from section.blocks
