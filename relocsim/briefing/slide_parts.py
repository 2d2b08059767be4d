"""What slides are made of: titles, texts that fit their frames, tables, boxes; native charts are in `slide_charts`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relocsim.briefing.blocks import Box, Chart, Points, Table, Text
from relocsim.briefing.fonts import OFFICE
from relocsim.briefing.frames import Frame
from relocsim.briefing.slide_charts import add_chart

WIDTH, HEIGHT = 13.333, 7.5
"""Of a slide, inches."""
_ACCENT, _INK, _SOFT, _TINT = "0B4A78", "222222", "555555", "EEF3F8"
_BULLET = "\N{BULLET} "
"""Before a text that is an item of a list."""
_SIZES = (20.0, 18.0, 16.0, 14.0, 13.0, 12.0, 11.0, 10.0)


class Deck:
    """Slides as they are made, one after the other."""

    def __init__(self, language: str, title: str, colophon: str) -> None:
        from pptx import Presentation
        from pptx.util import Inches

        self.file: Any = Presentation()
        self.file.slide_width, self.file.slide_height = Inches(WIDTH), Inches(HEIGHT)
        self.language, self.colophon = language, colophon
        self.latin, self.asian = OFFICE[language]
        about = self.file.core_properties
        about.title, about.author, about.language = title, "relocsim", language
        about.comments, about.last_modified_by = colophon, "relocsim"
        self._theme()
        self.slide: Any = None

    def _theme(self) -> None:
        """Set the typefaces of the theme, East Asian ones too, for text that is added later."""
        from lxml import etree
        from pptx.opc.package import Part

        for relation in self.file.slide_master.part.rels.values():
            if relation.reltype.endswith("/theme"):
                part: Part = relation.target_part
                tree = etree.fromstring(part.blob)
                space = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
                for kind in ("latin", "ea"):
                    for one in tree.iterfind(f".//a:fontScheme/*/a:{kind}", space):
                        one.set("typeface", self.asian if kind == "ea" else self.latin)
                part._blob = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)

    def cover(self, title: str, subtitle: str) -> None:
        """Add the first slide."""
        self.begin(title, [self.colophon], top=2.3, size=36.0)
        self._paragraphs(Frame(0.6, 4.1, WIDTH - 1.2, 1.0), [(subtitle, 18.0, False, _SOFT)])

    def begin(self, title: str, notes: Sequence[str], *, top: float = 0.35, size: float = 26.0) -> None:
        """Begin a slide with its title, its notes and the foot."""
        from pptx.util import Inches

        self.slide = self.file.slides.add_slide(self.file.slide_layouts[5])
        held = self.slide.shapes.title
        held.left, held.top, held.width, held.height = (
            Inches(one) for one in (0.6, top, WIDTH - 1.2, 0.85 if top < 1 else 1.6)
        )
        frame = held.text_frame
        frame.word_wrap = True
        while size > 18 and _lines(title, WIDTH - 1.2, size) > (1 if top < 1 else 2):
            size -= 2
        self._run(frame.paragraphs[0], title, size, True, _ACCENT)
        self._left(frame.paragraphs[0])
        self._paragraphs(Frame(0.6, HEIGHT - 0.45, WIDTH - 1.2, 0.3), [(self.colophon, 10.0, False, _SOFT)])
        self.slide.notes_slide.notes_text_frame.text = "\n".join(notes)

    def texts(self, texts: Sequence[Text | Points], frame: Frame, *, largest: float = 20.0) -> None:
        """Add paragraphs and lists, as large as they fit."""
        size = next(
            (one for one in _SIZES if one <= largest and self.height_of(texts, frame.width, one) <= frame.height), 10.0
        )
        parts: list[tuple[str, float, bool, str]] = []
        for one in texts:
            if isinstance(one, Text):
                parts.append((one.text, size, one.lead, _ACCENT if one.lead else _INK))
            else:
                parts += [(_BULLET + item, size, False, _INK) for item in one.items]
        self._paragraphs(frame, parts)

    def height_of(self, texts: Sequence[Text | Points], width: float, size: float) -> float:
        """Return the height that texts take at a size, inches."""
        items = [item for one in texts for item in ([one.text] if isinstance(one, Text) else one.items)]
        return sum(_lines(item, width - 0.2, size) * 1.22 * size + 0.5 * size for item in items) / 72 + 0.1

    def box(self, box: Box, frame: Frame) -> None:
        """Add a tinted box with a title."""
        held = [Points(box.items)]
        size = next((one for one in _SIZES if self.height_of(held, frame.width, one) + 0.6 <= frame.height), 10.0)
        parts = [(box.title, size + 2, True, _ACCENT), *((_BULLET + item, size, False, _INK) for item in box.items)]
        self._paragraphs(frame, parts, fill=_TINT)

    def chart(self, chart: Chart, frame: Frame) -> None:
        """Add a native chart with its finding above and its note below."""
        lines = _lines(chart.title, frame.width, 15.0)
        above, rest = frame.cut(0.3 * lines + 0.15)
        self._paragraphs(above, [(chart.title, 15.0, True, _INK)])
        note = 0.19 * _lines(chart.note, frame.width, 10.5) + 0.15
        middle, below = rest.cut(rest.height - note)
        add_chart(self.slide, chart, middle, (self.latin, self.asian))
        self._paragraphs(below, [(chart.note, 10.5, False, _SOFT)])

    def table(self, table: Table, frame: Frame) -> None:
        """Add a table with its title above and its note below."""
        from pptx.util import Inches

        above, rest = frame.cut(0.45)
        self._paragraphs(above, [(table.title, 15.0, True, _INK)])
        note = 0.19 * _lines(table.note, frame.width, 10.5) + 0.15 if table.note else 0.0
        middle, below = rest.cut(rest.height - note)
        size, lines = _table_lines(table, middle)
        where = (Inches(one) for one in (middle.left, middle.top, middle.width, 0.3 * (1 + len(table.rows))))
        held = self.slide.shapes.add_table(1 + len(table.rows), len(table.columns), *where)
        held._element.nvGraphicFramePr.cNvPr.set("descr", table.title)
        for column, share in zip(held.table.columns, table.shares(), strict=True):
            column.width = Inches(middle.width * share)
        for number, texts in enumerate((table.columns, *table.rows)):
            row = held.table.rows[number]
            row.height = Inches(_row_height(lines[number], size))
            for at, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                cell.margin_top = cell.margin_bottom = Inches(0.025)
                paragraph = cell.text_frame.paragraphs[0]
                self._run(paragraph, text, size, number == 0, "FFFFFF" if number == 0 else _INK)
                self._aligned(paragraph, right=at > 0)
                cell.fill.solid()
                self._coloured(cell.fill, _ACCENT if number == 0 else (_TINT if number % 2 == 0 else "FFFFFF"))
        if note:
            self._paragraphs(below, [(table.note, 10.5, False, _SOFT)])

    def _paragraphs(self, frame: Frame, parts: Sequence[tuple[str, float, bool, str]], *, fill: str = "") -> None:
        """Add a box of paragraphs: text, size, whether bold, colour."""
        from pptx.util import Inches, Pt

        box = self.slide.shapes.add_textbox(
            *(Inches(one) for one in (frame.left, frame.top, frame.width, frame.height))
        )
        if fill:
            box.fill.solid()
            self._coloured(box.fill, fill)
        held = box.text_frame
        held.word_wrap = True
        for number, (text, size, bold, colour) in enumerate(parts):
            paragraph = held.paragraphs[0] if not number else held.add_paragraph()
            paragraph.space_after = Pt(0.4 * size)
            if text.startswith(_BULLET):
                _listed(paragraph, size)
            self._run(paragraph, text.removeprefix(_BULLET), size, bold, colour)

    def _run(self, paragraph: Any, text: str, size: float, bold: bool, colour: str) -> None:
        """Add text with its typefaces, East Asian one too, and its language."""
        from pptx.dml.color import RGBColor
        from pptx.util import Pt

        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold, run.font.name = Pt(size), bold, self.latin
        run.font.color.rgb = RGBColor.from_string(colour)
        properties = run._r.get_or_add_rPr()
        properties.set("lang", "zh-CN" if self.language == "zh" else "en-GB")
        properties.set("altLang", "en-GB" if self.language == "zh" else "zh-CN")
        latin = properties.find("{http://schemas.openxmlformats.org/drawingml/2006/main}latin")
        asian = latin.makeelement(latin.tag.replace("latin", "ea"), {"typeface": self.asian})
        latin.addnext(asian)

    @staticmethod
    def _coloured(fill: Any, colour: str) -> None:
        from pptx.dml.color import RGBColor

        fill.fore_color.rgb = RGBColor.from_string(colour)

    def _left(self, paragraph: Any) -> None:
        self._aligned(paragraph, right=False)

    @staticmethod
    def _aligned(paragraph: Any, *, right: bool) -> None:
        from pptx.enum.text import PP_ALIGN

        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT


def _listed(paragraph: Any, size: float) -> None:
    """Make a paragraph an item of a list: the program draws its bullet, hanging before the text."""
    from pptx.util import Pt

    properties = paragraph._p.get_or_add_pPr()
    hanging = int(Pt(size))
    properties.set("marL", str(hanging))
    properties.set("indent", str(-hanging))
    for tag, attribute, value in (("buFont", "typeface", "Arial"), ("buChar", "char", "\N{BULLET}")):
        name = f"{{http://schemas.openxmlformats.org/drawingml/2006/main}}{tag}"
        properties.append(properties.makeelement(name, {attribute: value}))


def _row_height(lines: int, size: float) -> float:
    """Return the height of a table's row, inches."""
    return 1.3 * size * lines / 72 + 0.06


def _table_lines(table: Table, frame: Frame) -> tuple[float, list[int]]:
    """Return the largest size of letters at which a table fits, and the lines that each of its rows then takes."""
    for size in (14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0):
        lines = [
            max(
                _lines(text, frame.width * share - 0.25, size)
                for text, share in zip(texts, table.shares(), strict=True)
            )
            for texts in (table.columns, *table.rows)
        ]
        if sum(_row_height(one, size) for one in lines) <= frame.height:
            break
    return size, lines


def _lines(text: str, width: float, size: float) -> int:
    """Return how many lines a text takes; a Chinese letter is as wide as high, others somewhat more than half that."""
    wide = sum(ord(letter) > 0x2E7F for letter in text)
    inches = (1.02 * wide + 0.6 * (len(text) - wide)) * size / 72
    return max(1, -(-int(100 * inches) // max(1, int(100 * width))))
