"""A briefing as a text document (docx): real styles and headings, tables with header rows, pictures with words for them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from relocsim.briefing.blocks import Block, Box, Briefing, Chart, Points, Table, Text
from relocsim.briefing.fonts import OFFICE
from relocsim.briefing.pictures import png
from relocsim.briefing.zipped import timeless

if TYPE_CHECKING:
    from docx.document import Document

_ACCENT, _SOFT, _TINT = "0B4A78", "555555", "EEF3F8"
_WIDTH = 17.4
"""Of the text, cm."""


def write_texts(briefing: Briefing) -> bytes:
    """Return the file."""
    import docx

    document = docx.Document()
    _page(document, briefing)
    document.add_heading(briefing.title, 0)
    document.add_paragraph(briefing.subtitle, "Subtitle")
    for section in briefing.sections:
        document.add_heading(section.title, 1)
        for block in section.blocks:
            _add(document, block, briefing)
    held = io.BytesIO()
    document.save(held)
    return timeless(held.getvalue())


def _add(document: Document, block: Block, briefing: Briefing) -> None:
    if isinstance(block, Text):
        held = document.add_paragraph(block.text, "Intense Quote" if block.lead else None)
        held.paragraph_format.keep_together = block.lead
    elif isinstance(block, Points):
        for item in block.items:
            document.add_paragraph(item, "List Bullet")
    elif isinstance(block, Box):
        _box(document, block)
    elif isinstance(block, Chart):
        _chart(document, block, briefing)
    else:
        _table(document, block, briefing)


def _page(document: Document, briefing: Briefing) -> None:
    """Set paper, styles, fonts, language and properties."""
    from docx.shared import Cm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin = section.bottom_margin = Cm(1.8)
    section.footer.paragraphs[0].text = briefing.colophon
    section.footer.paragraphs[0].style = document.styles["Caption"]
    latin, asian = OFFICE[briefing.language]
    sizes = {"Normal": 10.5, "Title": 20, "Subtitle": 11, "Heading 1": 14, "Heading 2": 11.5, "Caption": 8.5}
    for name in (*sizes, "List Bullet", "Intense Quote"):
        style: Any = document.styles[name]
        _typeface(style.element.get_or_add_rPr(), latin, asian, briefing.language)
        if name in sizes:
            style.font.size = Pt(sizes[name])
        if name != "Normal" and name != "List Bullet":
            style.font.italic = False
            style.font.color.rgb = RGBColor.from_string(_SOFT if name in ("Caption", "Subtitle") else _ACCENT)
    document.styles["Caption"].font.bold = False
    document.styles["Normal"].paragraph_format.space_after = Pt(6)
    quote = document.styles["Intense Quote"].paragraph_format
    quote.left_indent = quote.right_indent = Cm(0.3)
    about = document.core_properties
    about.title, about.author, about.language = briefing.title, "relocsim", briefing.language
    about.comments, about.last_modified_by = briefing.colophon, "relocsim"


def _typeface(properties: Any, latin: str, asian: str, language: str) -> None:
    """Set the typefaces of a style or a run, East Asian ones too, and its language."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for name, value in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", asian)):
        fonts.set(qn(f"w:{name}"), value)
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    held = OxmlElement("w:lang")
    held.set(qn("w:val"), "en-GB")
    held.set(qn("w:eastAsia"), "zh-CN")
    properties.append(held)


def _chart(document: Document, chart: Chart, briefing: Briefing) -> None:
    from docx.shared import Cm

    document.add_heading(chart.title, 2).paragraph_format.keep_with_next = True
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    picture = paragraph.add_run().add_picture(io.BytesIO(png(chart, briefing.language)), width=Cm(_WIDTH))
    picture._inline.docPr.set("descr", chart.alt)
    document.add_paragraph(f"{chart.note} {briefing.terms['source'].format(chart.source)}", "Caption")


def _table(document: Document, table: Table, briefing: Briefing) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    document.add_heading(table.title, 2).paragraph_format.keep_with_next = True
    held = document.add_table(1 + len(table.rows), len(table.columns), "Light List Accent 1")
    held.autofit = False
    for column, share in zip(held.columns, table.shares(), strict=True):
        column.width = Cm(_WIDTH * share)
    for number, texts in enumerate((table.columns, *table.rows)):
        row = held.rows[number]
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for at, (cell, text, share) in enumerate(zip(row.cells, texts, table.shares(), strict=True)):
            cell.width = Cm(_WIDTH * share)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(1)
            paragraph.paragraph_format.keep_with_next = number < len(table.rows) and not table.long
            run = paragraph.add_run(text)
            run.font.size = Pt(8.5)
            run.bold = number == 0
            if at:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    source = briefing.terms["source"].format(table.source) if table.source else ""
    document.add_paragraph(f"{table.note} {source}".strip(), "Caption")


def _box(document: Document, box: Box) -> None:
    """Add a box: a table of one cell, tinted, with its own heading."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    cell = document.add_table(1, 1, "Table Grid").rows[0].cells[0]
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", _TINT)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)
    cell.paragraphs[0].text = box.title
    cell.paragraphs[0].style = document.styles["Heading 2"]
    for item in box.items:
        cell.add_paragraph(item, "List Bullet")
    document.add_paragraph()
