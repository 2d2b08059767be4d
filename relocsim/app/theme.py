"""How the page looks: colours of the printed charts, readable contrast, one column on a tablet, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from nicegui import ui

from relocsim.report.theme import BLUE, GREEN, GREY, INK, LIGHT, VERMILLION

LINE, PALE = "#D5DAE0", "#F4F6F8"
MUTED = "#565C66"
"""Grey of text: 6.4 to 1 on PALE."""
ACTION = "#005A8E"
"""BLUE darker, for white letters on it: 7.2 to 1."""
FONTS = (
    '"Noto Sans", Roboto, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", '
    "sans-serif"
)
"""Fonts of the system; Roboto comes with the page."""

Element = TypeVar("Element", bound=ui.element)

_STYLE = f"""
:root {{ --nicegui-default-padding: 0; --nicegui-default-gap: 0.5rem; }}
body {{ font-family: {FONTS}; color: {INK}; background: {PALE}; font-size: 15px; }}
.nicegui-content {{ padding: 0; width: 100%; align-items: stretch; gap: 0; }}
.w-full {{ width: 100%; }}
.page {{ width: 100%; gap: 0; align-items: stretch; }}
.skip {{ position: absolute; left: -999px; }}
.skip:focus {{ left: 8px; top: 8px; z-index: 9999; background: #fff; padding: 8px; }}
.bar {{ width: 100%; background: #fff; border-bottom: 1px solid {LINE}; padding: 6px 16px; gap: 10px;
  align-items: center; position: sticky; top: 0; z-index: 20; }}
.brand {{ font-weight: 700; font-size: 17px; letter-spacing: .01em; color: {ACTION}; }}
.case {{ min-width: 260px; flex: 1 1 260px; max-width: 520px; }}
.spread {{ flex: 1 1 0; }}
.question {{ color: {MUTED}; padding: 6px 16px 0; max-width: 110ch; }}
.tabs {{ background: #fff; border-bottom: 1px solid {LINE}; width: 100%; }}
.panels {{ background: transparent; width: 100%; }}
.panels, .panels > .q-panel, .panels .q-tab-panel {{ overflow: visible; }}
.panels .q-tab-panel {{ padding: 12px 16px 40px; }}
.sides {{ display: grid; grid-template-columns: minmax(320px, 400px) minmax(0, 1fr); gap: 14px; width: 100%;
  align-items: start; }}
.levers {{ position: sticky; top: 62px; max-height: calc(100vh - 74px); overflow-y: auto; padding-right: 4px; }}
.stack {{ display: flex; flex-direction: column; gap: 12px; min-width: 0; width: 100%; align-items: stretch; }}
.card {{ background: #fff; border: 1px solid {LINE}; border-radius: 8px; padding: 12px 14px; width: 100%; min-width: 0;
  display: flex; flex-direction: column; gap: 8px; align-items: stretch; }}
.head {{ font-weight: 600; font-size: 16px; margin: 0; line-height: 1.3; }}
.finding {{ font-size: 16px; line-height: 1.45; max-width: 100ch; }}
.muted {{ color: {MUTED}; font-size: 13.5px; line-height: 1.4; }}
.row-line {{ display: flex; flex-wrap: wrap; gap: 8px; align-items: center; width: 100%; }}
.figures {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)); gap: 8px; width: 100%; }}
.figure {{ border: 1px solid {LINE}; border-radius: 6px; padding: 8px 10px; }}
.figure .value {{ font-size: 18px; font-weight: 600; overflow-wrap: anywhere; }}
.figure.unclear .value {{ color: {MUTED}; font-weight: 500; font-size: 16px; }}
.policies {{ gap: 6px; }}
.policy {{ border: 1px solid {LINE}; border-radius: 6px; width: 100%; }}
.policy.on {{ border-left: 4px solid {BLUE}; }}
.policy.changed {{ background: #FFF8EC; }}
.field {{ width: 100%; gap: 0; }}
.notice {{ background: #FDEDE3; border: 1px solid {VERMILLION}; border-radius: 6px; padding: 8px 12px; margin: 8px 16px 0;
  white-space: pre-wrap; overflow-wrap: anywhere; display: flex; gap: 8px; align-items: flex-start; }}
.table-holder {{ overflow-x: auto; width: 100%; }}
table.plain {{ border-collapse: collapse; width: 100%; font-size: 14px; }}
table.plain th, table.plain td {{ text-align: left; padding: 5px 8px; border-bottom: 1px solid {LINE};
  vertical-align: top; }}
table.plain td.number, table.plain th.number {{ text-align: right; font-variant-numeric: tabular-nums; }}
.q-btn {{ text-transform: none; }}
.q-tab {{ text-transform: none; }}
.q-tab__label {{ font-size: 15px; }}
body :focus-visible:not(input):not(textarea) {{ outline: 3px solid {VERMILLION} !important; outline-offset: 1px; }}
/* buttons and switches of the toolkit forbid themselves an outline, in a layer that wins */
body .no-outline:focus-visible {{ box-shadow: 0 0 0 3px {VERMILLION} !important; border-radius: 4px; }}
a.nicegui-link {{ color: {ACTION}; text-decoration: underline; }}
@media (max-width: 1000px) {{ .sides {{ grid-template-columns: minmax(0, 1fr); }}
  .levers {{ position: static; max-height: none; overflow: visible; padding: 0; }} .case {{ min-width: 200px; }} }}
@media (prefers-reduced-motion: reduce) {{ * {{ transition: none !important; animation: none !important; }} }}
"""


def apply() -> None:
    """Give the page its style."""
    ui.colors(primary=ACTION, secondary=GREEN, accent=VERMILLION, negative="#B3261E", warning="#8A5A00", info=ACTION)
    ui.add_css(_STYLE)


def chart(options: dict[str, Any], *, label: str, height: int = 360) -> ui.echart:
    """Show an ECharts chart of a height in pixels; `label` says for those who do not see it what it shows."""
    drawn = ui.echart(options).style(f"height: {height}px; width: 100%")
    drawn.props["role"] = "img"
    drawn.props["aria-label"] = label
    return drawn


def labelled(element: Element, label: str) -> Element:
    """Give an element that shows no words a name for those who do not see it, and for the pointer."""
    element.props["aria-label"] = label
    with element:
        ui.tooltip(label)
    return element


def icon_button(icon: str, label: str, act: Callable[[], Any]) -> ui.button:
    """Show a small button that is an icon."""
    return labelled(ui.button(icon=icon, on_click=act).props("flat dense round size=sm"), label)


def card(title: str = "") -> ui.element:
    """Return a card to build in, under a heading."""
    held = ui.element("section").classes("card")
    if title:
        with held:
            head(title)
    return held


def head(text: str) -> ui.element:
    """Show a heading of a card."""
    return ui.label(text).classes("head").props("role=heading aria-level=2")


def table(rows: list[list[str]], columns: list[str], *, numbers: frozenset[int] = frozenset()) -> None:
    """Show a small table of texts; columns in `numbers` are set to the right."""
    with ui.element("div").classes("table-holder").props("tabindex=0"), ui.element("table").classes("plain"):
        with ui.element("thead"), ui.element("tr"):
            for at, name in enumerate(columns):
                cell = ui.element("th").props("scope=col").classes("number" if at in numbers else "")
                with cell:
                    ui.label(name)
        with ui.element("tbody"):
            for row in rows:
                with ui.element("tr"):
                    for at, text in enumerate(row):
                        with ui.element("td").classes("number" if at in numbers else ""):
                            ui.label(text)


def axis_style() -> dict[str, Any]:
    """Return how axes of charts look."""
    return {
        "axisLabel": {"color": INK},
        "axisLine": {"lineStyle": {"color": GREY}},
        "splitLine": {"lineStyle": {"color": LIGHT}},
    }
