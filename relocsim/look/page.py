"""Mesa's page of a run: SolaraViz with the project's pictures, drawn anew after every quarter that is shown.

Every tab of a browser has a model of its own. Mesa's own words on the page (Controls, Step, Play Interval) are English.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable

import solara
from matplotlib.figure import Figure
from mesa.visualization import SolaraViz
from mesa.visualization.utils import force_update, update_counter

from relocsim.errors import RelocsimError
from relocsim.language import Words
from relocsim.look.firms import Grid, firm_grids, next_decider
from relocsim.look.looked import LookedModel, controls
from relocsim.look.pictures import DRAWING, capture_so_far, funnel_so_far, map_so_far
from relocsim.look.shown import now
from relocsim.report.tracing import firm_row

_DOTS = 90
"""Dots per inch of a picture."""
_PAUSE = 200
"""Milliseconds between two quarters that are played."""


_PICTURE = "display:block;width:100%;max-height:calc(100vh - 170px);object-fit:contain;object-position:left top"
_LAYOUT = """
.vue-grid-layout { display: grid; grid-template-columns: repeat(auto-fit, minmax(620px, 1fr)); gap: 12px;
  height: auto !important }
.vue-grid-layout > .vue-grid-item { position: static !important; transform: none !important; width: auto !important;
  height: auto !important }
.vue-grid-layout > .vue-grid-placeholder, .vue-grid-item > .vue-resizable-handle { display: none }
"""
"""Mesa gives every component a tile of one size, too small for a map: as wide as there is room for, as high as it needs."""


@solara.component
def Page() -> None:  # noqa: N802 - Solara calls components as classes
    """Show the run."""
    shown = now()
    opened, words = shown.opened, shown.words
    model = solara.use_memo(lambda: LookedModel(opened=opened), [])
    offered = solara.use_memo(lambda: controls(opened, words), [])
    solara.Title(words("relocsim: inside a run"))
    solara.Style(_LAYOUT)
    scenario = model.spec.scenario
    name = words("relocsim: {scenario}", scenario=(words.wide and scenario.name_zh) or scenario.name)
    SolaraViz(
        model, components=[(Map, 0), (Capture, 0), (Funnel, 1), (Firm, 1)], model_params=offered, name=name,
        play_interval=_PAUSE,
    )  # fmt: skip


def _pictured(draw: Callable[[LookedModel, Words], Figure], model: LookedModel) -> None:
    """Show a picture of the model as it stands."""
    update_counter.get()
    words = now().words
    if model.problem:
        solara.Error(words("Not set: {problem}. The scenario's own numbers are played.", problem=model.problem))
    source, told = solara.use_memo(lambda: _drawn(draw(model, words)), [model.number, model.quarter])
    solara.HTML(tag="img", attributes={"src": source, "alt": told, "style": _PICTURE})


def _drawn(figure: Figure) -> tuple[str, str]:
    """Return a picture as the source of an image, and its finding."""
    held = io.BytesIO()
    with DRAWING:
        figure.savefig(held, format="png", dpi=_DOTS)
    return f"data:image/png;base64,{base64.b64encode(held.getvalue()).decode()}", " ".join(
        figure.get_suptitle().split()
    )


@solara.component
def Map(model: LookedModel) -> None:  # noqa: N802
    """Show the flows so far."""
    _pictured(map_so_far, model)


@solara.component
def Capture(model: LookedModel) -> None:  # noqa: N802
    """Show capture rates so far."""
    _pictured(capture_so_far, model)


@solara.component
def Funnel(model: LookedModel) -> None:  # noqa: N802
    """Show the funnel so far."""
    _pictured(funnel_so_far, model)


@solara.component
def Firm(model: LookedModel) -> None:  # noqa: N802
    """Show one firm's row, which can be any firm's."""
    update_counter.get()
    words = now().words
    problem, set_problem = solara.use_state("")

    def follow(text: str) -> None:
        try:
            model.watch_firm(firm_row(model.population, int(text)))
            set_problem("")
        except (RelocsimError, ValueError) as error:
            set_problem(str(error))
        force_update()

    def follow_next() -> None:
        row = next_decider(model)
        if row is None:
            set_problem(words("No firm took up a project in the last quarter."))
        else:
            follow(str(row))

    with solara.Column(style={"padding": "0 8px"}):
        with solara.Row():
            solara.InputText(words("Number or uid of a firm"), value=str(model.watch.row), on_value=follow)
            solara.Button(words("Next firm that took up a project"), on_click=follow_next)
        if problem:
            solara.Error(problem)
        solara.HTML(tag="div", unsafe_innerHTML="".join(grid_html(grid) for grid in firm_grids(model, words)))
        if not model.watch.reviews:
            solara.Text(words("What it weighs is shown from its first decision after it is chosen here."))


def grid_html(grid: Grid) -> str:
    """Return a table in HTML, its words escaped."""

    def line(cells: tuple[str, ...], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag} style='{_CELL}'>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    head = line(grid.columns, "th") if grid.rows and any(grid.columns) else ""
    body = "".join(line(row, "td") for row in grid.rows)
    return f"<h4 style='margin:12px 0 4px'>{html.escape(grid.title)}</h4><table>{head}{body}</table>"


_CELL = "text-align:left;padding:1px 14px 1px 0;vertical-align:top;font-size:14px"
