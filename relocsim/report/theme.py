"""How charts look: one palette that colour-blind readers can tell apart, legible type, the same bytes every time.

Object-oriented matplotlib only: no pyplot, no global state, no files.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relocsim.language import ENGLISH, Words
from relocsim.report.fonts import chinese_font

BLUE, VERMILLION, GREEN, ORANGE = "#0072B2", "#D55E00", "#009E73", "#E69F00"
SKY, PURPLE, YELLOW, BLACK = "#56B4E9", "#CC79A7", "#F0E442", "#000000"
"""Okabe & Ito 2008, Color universal design."""
GREY, LIGHT, INK = "#7A7A7A", "#D9D9D9", "#222222"
"""The city under study is BLUE, what is changed VERMILLION."""

_STYLE: dict[Any, Any] = {
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.hashsalt": "relocsim",
    "svg.fonttype": "path",
    "path.simplify": True,
}
_CHARACTERS_PER_INCH = 10.5


_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
"""Letters as wide as two, at which lines may break."""
_NEVER_FIRST, _NEVER_LAST = "，。；：、）！？》”%", "（《“"
_WIDTH_OF_WIDE = 1.75
"""Room of a Chinese letter over that of a Latin one."""


@contextmanager
def styled(words: Words = ENGLISH) -> Iterator[None]:
    """Apply the style inside the block, with a font that can write the language."""
    font = chinese_font() if words.wide else None
    family = [font.family, "DejaVu Sans"] if font else ["DejaVu Sans"]
    with mpl.rc_context({**_STYLE, "font.family": family}):
        yield


def canvas(width: float, height: float, title: str, caption: str) -> Figure:
    """Return an empty figure, in inches, with its finding on top and its caption at the foot."""
    figure = Figure(figsize=(width, height), layout="constrained")
    head = figure.suptitle(wrapped(title, width * 0.8), x=0.012, ha="left", fontsize=12.5, fontweight="bold")
    if _WIDE.search(title):  # the font that comes with the extra has no bold face
        head.set_path_effects([patheffects.withStroke(linewidth=0.7, foreground=INK)])
    figure.supxlabel(wrapped(caption, width * 1.42), x=0.012, ha="left", fontsize=8, color=GREY)
    return figure


def wrapped(text: str, inches: float) -> str:
    """Return text in lines that fit a width."""
    return filled(text, max(30, int(inches * _CHARACTERS_PER_INCH)))


def filled(text: str, columns: int) -> str:
    """Return text in lines of at most `columns` letters; Chinese breaks anywhere but before and after some marks."""
    if not _WIDE.search(text):
        return textwrap.fill(text, columns)
    lines, line = [], ""
    for piece in _pieces(text):
        if line and columns_of(line + piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return "\n".join([*lines, line.rstrip()] if line.strip() else lines)


def columns_of(text: str) -> float:
    """Return the room that text takes, in Latin letters."""
    wide = len(_WIDE.findall(text))
    return len(text) - wide + _WIDTH_OF_WIDE * wide


def _pieces(text: str) -> list[str]:
    """Return what a line may not break inside: words, numbers, Chinese letters with the marks that belong to them."""
    found: list[str] = []
    for piece in re.findall(f"{_WIDE.pattern}|[^\\s{_WIDE.pattern[1:-1]}]+|\\s+", text):
        belongs = bool(found) and (piece[0] in _NEVER_FIRST or found[-1][-1] in _NEVER_LAST or piece.isspace())
        if belongs:
            found[-1] += piece
        else:
            found.append(piece)
    return found


def zero_line(axes: Axes) -> None:
    """Draw the vertical line of no effect."""
    axes.axvline(0, color=INK, linewidth=1, zorder=1)


def rows(axes: Axes, labels: Sequence[str], *, room: float = 0.5) -> None:
    """Name the rows of a chart, the first on top, with `room` above and below, and draw a pale grid behind them."""
    axes.set_yticks(range(len(labels)), list(labels))
    axes.set_ylim(len(labels) - 1 + room, -room)
    axes.grid(axis="x", color="#EEEEEE")
    axes.set_axisbelow(True)


def span_line(axes: Axes, ends: tuple[float, float], at: float, *, colour: str = INK, width: float = 1.4) -> None:
    """Draw an interval as a line in a row; nothing where it has no ends."""
    if np.isfinite(ends).all():
        axes.plot(ends, [at, at], color=colour, linewidth=width, solid_capstyle="butt", zorder=3)
