"""A briefing as a PDF, set by Typst from one template; content goes in as JSON, so that no text is taken for markup."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from relocsim.briefing.blocks import Block, Briefing, Chart, Table
from relocsim.briefing.fonts import Typefaces, typefaces
from relocsim.briefing.page import TEMPLATES, kind
from relocsim.briefing.pictures import svg

_NO_CLOCK = datetime(2000, 1, 1, tzinfo=UTC)
"""Time of creation in every file: the same briefing has the same bytes."""


def write_document(briefing: Briefing) -> bytes:
    """Return the file."""
    import typst

    held = typefaces(briefing.language)
    made: Any = typst.compile  # its overloads take a path for anything but bytes
    pdf: bytes = made(
        (TEMPLATES / "document.typ").read_bytes(),
        font_paths=[str(path) for path in held.folders],
        ignore_system_fonts=True,
        sys_inputs={"briefing": json.dumps(_content(briefing, held), ensure_ascii=False)},
        timestamp=_NO_CLOCK,
    )
    return pdf


def _content(briefing: Briefing, held: Typefaces) -> dict[str, Any]:
    """Return the briefing as plain values for the template."""
    sections = [
        {
            "title": section.title,
            "blocks": [_block(one, briefing.language) for one in section.blocks],
        }
        for section in briefing.sections
    ]
    told = {name: getattr(briefing, name) for name in ("language", "title", "subtitle", "colophon")}
    return {**told, "source": briefing.terms["source"], "fonts": list(held.names), "sections": sections}


def _block(block: Block, language: str) -> dict[str, Any]:
    if isinstance(block, Chart):
        told = {name: getattr(block, name) for name in ("title", "note", "source", "alt")}
        return {"kind": "chart", **told, "svg": svg(block, language)}
    if isinstance(block, Table):
        return {"kind": "table", **asdict(block), "widths": list(block.shares()), "long": block.long}
    return {"kind": kind(block), **asdict(block)}
