"""Typefaces of briefings by language: those of packages for a PDF, those of the reader's machine for office files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from relocsim.errors import RelocsimError
from relocsim.report.fonts import chinese_font

_LATIN = "Libertinus Serif"
"""Comes with Typst."""
OFFICE = {"en": ("Calibri", "Microsoft YaHei"), "zh": ("Calibri", "Microsoft YaHei")}
"""Latin and East Asian typefaces of office files; where they are not installed the office program takes others."""


class FontError(RelocsimError):
    """There is no font for a language."""


@dataclass(frozen=True)
class Typefaces:
    """Where fonts are, and which are meant: of each letter the first that has it."""

    folders: tuple[Path, ...]
    names: tuple[str, ...]


def typefaces(language: str) -> Typefaces:
    """Return the typefaces of a PDF."""
    if language != "zh":
        return Typefaces((), (_LATIN,))
    require_font(language)
    font = chinese_font()
    assert font is not None
    return Typefaces((Path(font.path).parent,), (font.family,))


def require_font(language: str) -> None:
    """Raise FontError where there is no font that can write a language: a briefing never shows empty boxes."""
    if language == "zh" and chinese_font() is None:
        raise FontError(
            "a Chinese briefing needs a Chinese font, and none is found: pip install 'relocsim[zh]', or "
            "install Noto Sans CJK "
            "SC; --lang en works without"
        )
