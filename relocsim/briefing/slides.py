"""A briefing as slides (pptx): native charts that can be edited, and in the speaker's notes the source of each figure.

One rule a kind of block decides what stands on a slide: a chart beside the text before it, a table by itself, boxes side by
side. Details go to the notes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from relocsim.briefing.blocks import Block, Box, Briefing, Chart, Points, Section, Table, Text
from relocsim.briefing.frames import Frame
from relocsim.briefing.slide_parts import HEIGHT, WIDTH, Deck
from relocsim.briefing.zipped import timeless

_AREA = Frame(0.6, 1.35, WIDTH - 1.2, HEIGHT - 2.0)
"""Of a slide below its title, inches."""
_BOXES = 2
"""Side by side on a slide."""


@dataclass
class Planned:
    """What stands on one slide."""

    title: str
    texts: list[Text | Points] = field(default_factory=list)
    chart: Chart | None = None
    table: Table | None = None
    boxes: list[Box] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing stands on it yet."""
        return not (self.texts or self.chart or self.table or self.boxes)

    def has_no_room(self, block: Block) -> bool:
        """Whether a block needs a slide of its own after this one."""
        if isinstance(block, Text | Points) and block.detail:
            return False
        if isinstance(block, Box):
            return bool(self.chart or self.table or len(self.boxes) == _BOXES)
        return bool(self.chart or self.table or self.boxes)

    def put(self, block: Block, source: str) -> None:
        """Put a block on it, or in its notes."""
        if isinstance(block, Text | Points):
            if block.detail:
                self.notes += [block.text] if isinstance(block, Text) else block.items
            else:
                self.texts.append(block)
        elif isinstance(block, Box):
            self.boxes.append(block)
        else:
            self.notes += _told(block, source)
            if isinstance(block, Chart):
                self.chart = block
            else:
                self.table = block


def write_slides(briefing: Briefing) -> bytes:
    """Return the file."""
    deck = Deck(briefing.language, briefing.title, briefing.colophon)
    deck.cover(briefing.title, briefing.subtitle)
    for section in briefing.sections:
        for number, planned in enumerate(plan(section, briefing.terms["source"])):
            title = planned.title if not number else briefing.terms["continued"].format(planned.title)
            _put(deck, planned, title)
    held = io.BytesIO()
    deck.file.save(held)
    return timeless(held.getvalue())


def plan(section: Section, source: str) -> Iterator[Planned]:
    """Give the slides of a section: as few as its charts, tables and boxes need."""
    now = Planned(section.title)
    for block in section.blocks:
        for part in block.parts() if isinstance(block, Table) else (block,):
            if now.has_no_room(part):
                yield now
                now = Planned(section.title)
            now.put(part, source)
    if not now.empty:
        yield now


def _told(block: Chart | Table, source: str) -> list[str]:
    """Return what the speaker's notes say of a chart or a table: the figures in words, and where they come from."""
    words = block.alt if isinstance(block, Chart) else ""
    where = source.format(block.source) if block.source else ""
    return [one for one in (block.title, words, block.note, where) if one]


def _put(deck: Deck, planned: Planned, title: str) -> None:
    """Lay out one slide."""
    deck.begin(title, planned.notes)
    area = _AREA
    if planned.chart is not None:
        if planned.texts:
            left, area = area.split(0.4)
            deck.texts(planned.texts, left)
        deck.chart(planned.chart, area)
    elif planned.table is not None:
        if planned.texts:
            above, area = area.cut(min(2.1, deck.height_of(planned.texts, area.width, 14.0)))
            deck.texts(planned.texts, above, largest=14.0)
        deck.table(planned.table, area)
    elif planned.boxes:
        for box, frame in zip(planned.boxes, _beside(area, len(planned.boxes)), strict=True):
            deck.box(box, frame)
    else:
        deck.texts(planned.texts, area)


def _beside(area: Frame, count: int) -> Sequence[Frame]:
    return (area,) if count == 1 else area.split(0.5)
