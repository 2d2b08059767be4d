"""Draws the first rows of a sheet of a workbook as a picture: `python docs/draw_workbook.py FILE.xlsx SHEET PICTURE.png`."""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib import font_manager
from matplotlib.patches import Rectangle
from openpyxl import load_workbook

ROWS = 24
COLUMNS = {"A": 9, "B": 15, "C": 30, "D": 9, "E": 17, "F": 9, "G": 9, "H": 11, "I": 9, "J": 38}
"""Columns that are shown, and their widths in characters."""
HEIGHT = 0.2
FONTS = ["Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "DejaVu Sans"]


def shown(value: object, width: int) -> str:
    """Return what fits into a cell; Chinese characters are twice as wide."""
    text, used = "", 0
    for letter in str("" if value is None else value):
        used += 2 if ord(letter) > 0x2E80 else 1
        if used > width * 1.25:
            return text + "…"
        text += letter
    return text


def draw(file: str, sheet: str, picture: str) -> None:
    """Write the picture."""
    rows = load_workbook(file)[sheet]
    figure, axes = plt.subplots(figsize=(sum(COLUMNS.values()) * 0.078, (ROWS + 1) * HEIGHT), dpi=160)
    left = 0.0
    for letter, width in COLUMNS.items():
        for line in range(1, ROWS + 1):
            cell = rows[f"{letter}{line}"]
            fill = f"#{str(cell.fill.fgColor.rgb)[-6:]}"
            axes.add_patch(Rectangle((left, -line), width, 1, facecolor=fill, edgecolor="#d0d0d0", linewidth=0.5))
            colour, weight = ("white", "bold") if line == 1 else ("black", "normal")
            text = shown(cell.value, width)
            axes.text(left + 0.4, -line + 0.5, text, va="center", fontsize=6, color=colour, weight=weight, clip_on=True)
        left += width
    axes.set_xlim(0, left)
    axes.set_ylim(-ROWS, 0)
    axes.axis("off")
    figure.subplots_adjust(0.003, 0.003, 0.997, 0.997)
    figure.savefig(picture, metadata={"Software": None})


if __name__ == "__main__":
    for found in font_manager.findSystemFonts():
        if any(word in Path(found).name for word in ("CJK", "SourceHan", "msyh")):
            font_manager.fontManager.addfont(found)
    known = {font.name for font in font_manager.fontManager.ttflist}
    mpl.rcParams["font.family"] = [name for name in FONTS if name in known]
    draw(sys.argv[1], sys.argv[2], str(Path(sys.argv[3])))
