"""Every chart as a small picture against the one that was looked at; in Chinese letters have glyphs and text has room."""

from __future__ import annotations

import os
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from drawn import CHARTS
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import imread, imsave
from matplotlib.text import Text

from relocsim.language import ENGLISH, words_in
from relocsim.report.fonts import chinese_font, lacking
from relocsim.report.theme import styled

GOLDEN = Path(__file__).parent / "golden"
WRITE = os.environ.get("RELOCSIM_GOLDEN") == "write"
"""Set to renew the pictures, which somebody then looks at."""
VERSIONS = GOLDEN / "versions.txt"
DOTS = 45
TOLERANCE = 6.0
"""Root of the mean square over pixels, of 255, that another build of the same fonts may make."""
MINOR = ".".join(mpl.__version__.split(".")[:2])


def raster(figure: Figure) -> np.ndarray:
    """Return a figure as red, green and blue from 0 to 255."""
    with styled():
        figure.set_dpi(DOTS)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].astype(float)


def distance(one: np.ndarray, other: np.ndarray) -> float:
    """Return the root of the mean square between two pictures; infinite where their sizes differ."""
    return float(np.sqrt(((one - other) ** 2).mean())) if one.shape == other.shape else np.inf


@pytest.mark.parametrize("name", CHARTS)
def test_the_chart_looks_as_it_did_when_somebody_looked(name: str) -> None:
    found = raster(CHARTS[name](ENGLISH))
    path = GOLDEN / f"{name}.png"
    if WRITE:
        GOLDEN.mkdir(exist_ok=True)
        imsave(path, found.astype(np.uint8))
        VERSIONS.write_text(f"matplotlib {MINOR}\n")
    if VERSIONS.read_text().split()[1] != MINOR:
        pytest.skip(f"drawn, but matplotlib {MINOR} lays text out otherwise than {VERSIONS.read_text().strip()}")
    held = imread(path)[..., :3] * 255.0
    assert distance(found, held) < TOLERANCE


def test_a_chart_that_changed_is_found() -> None:
    found = raster(CHARTS["effects"](ENGLISH))
    figure = CHARTS["effects"](ENGLISH)
    for line in figure.axes[0].lines[:4]:
        line.set_xdata(np.asarray(line.get_xdata()) + 0.4)
    assert distance(raster(figure), found) > TOLERANCE
    figure = CHARTS["effects"](ENGLISH)
    figure.axes[0].set_xlabel("")
    figure.suptitle("Something else is found here, and it is said in as many words as before")
    assert distance(raster(figure), found) > TOLERANCE
    assert distance(found, found[:-1]) == np.inf


def drawn_texts(figure: Figure) -> list[Text]:
    """Return the texts that are seen: not those of ticks beyond the ends of an axis."""
    beyond = set()
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
            if not low <= tick.get_loc() <= high:
                beyond |= {id(tick.label1), id(tick.label2)}
    return [
        one for one in figure.findobj(Text) if one.get_visible() and one.get_text().strip() and id(one) not in beyond
    ]


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_in_chinese_has_a_glyph_for_every_letter_and_keeps_its_text_inside(name: str) -> None:
    words = words_in("zh")
    font = chinese_font()
    assert font is not None, "the extra zh belongs to the extra test"
    figure = CHARTS[name](words)
    canvas = FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    texts = drawn_texts(figure)
    said = "".join(one.get_text() for one in texts)
    assert any("一" <= letter <= "龥" for letter in said)
    assert [letter for letter in lacking(font.path, said) if lacking(DEJAVU, letter)] == []
    width, height = canvas.get_width_height()
    for one in texts:
        box = one.get_window_extent()
        assert box.x0 >= -2, one.get_text()
        assert box.x1 <= width + 2, one.get_text()
        assert box.y0 >= -2, one.get_text()
        assert box.y1 <= height + 2, one.get_text()


DEJAVU = str(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")


def test_a_font_without_chinese_is_told_from_one_with() -> None:
    assert lacking(DEJAVU, "郴州 abc") == ["州", "郴"]
