"""A briefing as one HTML file: style and charts inside, no script, nothing fetched; prints on A4."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from relocsim.briefing.blocks import Block, Box, Briefing, Chart, Points, Table, Text
from relocsim.briefing.pictures import svg

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATES = Path(__file__).parent / "templates"


def write_page(briefing: Briefing) -> bytes:
    """Return the file."""
    text = _template().render(briefing=briefing, style=(TEMPLATES / "page.css").read_text("utf-8"), kind=kind, svg=svg)
    return text.encode()


def kind(block: Block) -> str:
    """Return what a block is, for the template."""
    names = {Text: "text", Points: "points", Table: "table", Chart: "chart", Box: "box"}
    return names[type(block)]


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2")
