"""Chinese fonts: found among those of the system and in a package that the extra `zh` brings, without importing it.

A font counts only where it has the letters that are asked of it: charts never show empty boxes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from matplotlib.font_manager import FontProperties, findSystemFonts, fontManager, get_font

from relocsim.language import ENGLISH, Words

PACKAGES = {"mplfonts": "mplfonts/fonts/NotoSansCJKsc-Regular.otf"}
"""Packages that hold a font for Simplified Chinese under the Open Font License, and the file in them."""
FAMILIES = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "Heiti SC", "Arial Unicode MS",
)  # fmt: skip
"""Families of systems that can write Simplified Chinese, best first."""
PROBE = "产业转移捕获率郴州市亿元区间"
"""Letters that a font must have to count as Chinese."""
ADVICE = "no Chinese font is found: pip install 'relocsim[zh]', or install Noto Sans CJK SC; English is used"


_BOLD = 700


@dataclass(frozen=True)
class Font:
    """A font file."""

    family: str
    path: str
    source: str
    """The package it comes with, or `system`."""


@cache
def chinese_font() -> Font | None:
    """Return the font in which Chinese is written, registered with matplotlib; none where there is none."""
    for font in (*_packaged(), *_installed()):
        if not lacking(font.path, PROBE):
            if font.source != "system":
                fontManager.addfont(font.path)
            _stand_in_for_bold(font)
            return font
    return None


def _stand_in_for_bold(font: Font) -> None:
    """Let a font without a bold face be its own, so that matplotlib need not look for one in vain."""
    faces = [entry for entry in fontManager.ttflist if entry.name == font.family]
    if faces and not any(_weight(entry.weight) >= _BOLD for entry in faces):
        fontManager.ttflist.append(replace(faces[0], weight=_BOLD))


def lacking(path: str, letters: Iterable[str]) -> list[str]:
    """Return the letters that a font has no glyph for, sorted."""
    font = get_font(path)
    return sorted({letter for letter in letters if not letter.isspace() and not font.get_char_index(ord(letter))})


def _packaged() -> Iterator[Font]:
    for name, inside in PACKAGES.items():
        try:
            path = Path(str(distribution(name).locate_file(inside)))
        except PackageNotFoundError:
            continue
        if path.is_file():
            yield Font(FontProperties(fname=str(path)).get_name(), str(path), name)


def _installed() -> Iterator[Font]:
    """Return fonts of the system, those that came after matplotlib made its list too."""
    held = {entry.fname for entry in fontManager.ttflist}
    new = [path for path in findSystemFonts() if path not in held and _looks_chinese(path)]
    for path in sorted(new):
        fontManager.addfont(path)
    for family in FAMILIES:
        for entry in sorted(fontManager.ttflist, key=lambda one: (abs(int(_weight(one.weight)) - 400), one.fname)):
            if entry.name == family and Path(entry.fname).is_file():
                yield Font(family, entry.fname, "system")


def _weight(weight: object) -> int:
    return weight if isinstance(weight, int) else {"bold": 700, "light": 300}.get(str(weight), 400)


def _looks_chinese(path: str) -> bool:
    name = Path(path).name.lower()
    return any(part in name for part in ("cjk", "sourcehan", "notosanssc", "wqy", "msyh", "pingfang", "simhei"))


def readable(words: Words) -> tuple[Words, str]:
    """Return the language that charts can be written in here, and what to tell the reader where it is another one."""
    return (ENGLISH, ADVICE) if words.wide and chinese_font() is None else (words, "")
