"""How charts look: one palette that colour-blind readers can tell apart, legible type, the same bytes every time.

Object-oriented matplotlib only: no pyplot, no global state, no files.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

BLUE, VERMILLION, GREEN, ORANGE = "#0072B2", "#D55E00", "#009E73", "#E69F00"
SKY, PURPLE, YELLOW, BLACK = "#56B4E9", "#CC79A7", "#F0E442", "#000000"
"""Okabe & Ito 2008, Color universal design."""
GREY, LIGHT, INK = "#7A7A7A", "#D9D9D9", "#222222"
"""The city under study is BLUE, what is changed VERMILLION."""

_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
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


@contextmanager
def styled() -> Iterator[None]:
    """Apply the style inside the block."""
    with mpl.rc_context(_STYLE):
        yield


def canvas(width: float, height: float, title: str, caption: str) -> Figure:
    """Return an empty figure, in inches, with its finding on top and its caption at the foot."""
    figure = Figure(figsize=(width, height), layout="constrained")
    figure.suptitle(wrapped(title, width * 0.8), x=0.012, ha="left", fontsize=12.5, fontweight="bold")
    figure.supxlabel(wrapped(caption, width * 1.42), x=0.012, ha="left", fontsize=8, color=GREY)
    return figure


def wrapped(text: str, inches: float) -> str:
    """Return text in lines that fit a width."""
    return textwrap.fill(text, max(30, int(inches * _CHARACTERS_PER_INCH)))


def zero_line(axes: Axes) -> None:
    """Draw the vertical line of no effect."""
    axes.axvline(0, color=INK, linewidth=1, zorder=1)
