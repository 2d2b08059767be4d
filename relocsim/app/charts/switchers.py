"""Switchers as a reactive flow diagram: the same flows, order and finding as the printed one."""

from __future__ import annotations

import pandas as pd

from relocsim.answers.switching import NOT_MOBILE, Switchers
from relocsim.app.charts.parts import Drawn, framed, said, tip
from relocsim.language import ENGLISH, Words
from relocsim.report.charts.switchers import DUST, flow_caption, flow_title, gathered, order_of, side_names
from relocsim.report.theme import BLUE, INK, LIGHT, ORANGE, SKY, VERMILLION

_SIDES = ("source", "target")


def switchers_flow(found: Switchers, words: Words = ENGLISH) -> Drawn:
    """Return the flow diagram: left what firms did without the policies, right with them; widths are investment."""
    city, title = found.spec.scenario.study.city, flow_title(found, words)
    flows = found.flows[found.flows["investment"] > DUST]
    if flows.empty:
        return Drawn(title, flow_caption(found, words), framed(title, series=[]), 80)
    table, names = gathered(flows, city), side_names(found, words)
    nodes = [node for side in _SIDES for node in _nodes(table, side, city, names, words)]
    sankey = {
        "type": "sankey", "left": 150, "right": 150, "top": 36, "bottom": 8, "nodeGap": 9, "nodeWidth": 20,
        "layoutIterations": 0, "draggable": False, "emphasis": {"focus": "adjacency"}, "data": nodes,
        "links": [_link(row, city, names, words) for row in table.to_dict("records")],
    }  # fmt: skip
    heads = [
        {"type": "text", "top": 4, side: 150,
         "style": {"text": words(text), "fontWeight": "bold", "fontSize": 13, "fill": INK}}
        for side, text in (("left", "without"), ("right", "with"))
    ]  # fmt: skip
    high = max(table["source"].nunique(), table["target"].nunique())
    option = framed(title, series=[sankey], graphic=heads)
    return Drawn(title, flow_caption(found, words), option, max(420, 120 + 34 * high))


def _nodes(table: pd.DataFrame, side: str, city: str, names: dict[str, str], words: Words) -> list[dict[str, object]]:
    """Return what stands on a side, from the top; a name is one of its side alone."""
    sums, right = table.groupby(side)["investment"].sum(), side == "target"
    nowhere = words("no longer mobile") if right else words("newly mobile")
    found = []
    for place in order_of(table, side, city):
        named = nowhere if place == NOT_MOBILE else names.get(place, place)
        colour = BLUE if place == city else (ORANGE if place == NOT_MOBILE else SKY)
        label = {"position": "right" if right else "left", "formatter": named, "color": INK, "fontSize": 13,
                 "fontWeight": "bold" if place == city else "normal", "width": 140, "overflow": "break"}  # fmt: skip
        found.append(
            {"name": f"{side}:{place}", "depth": int(right), "value": float(sums[place]), "itemStyle": {"color": colour},
             "label": label, "tooltip": tip(named, words.money(float(sums[place])))}
        )  # fmt: skip
    return found


def _link(row: dict[str, object], city: str, names: dict[str, str], words: Words) -> dict[str, object]:
    source, target, amount = str(row["source"]), str(row["target"]), float(row["investment"])  # type: ignore[arg-type]
    colour = BLUE if target == city else (VERMILLION if source == city else LIGHT)
    ends = [names.get(source, words("newly mobile")), names.get(target, words("no longer mobile"))]
    return {
        "source": f"source:{source}", "target": f"target:{target}", "value": amount,
        "lineStyle": {"color": colour, "opacity": 0.55},
        "tooltip": {"formatter": said(words("{source} to {target}", source=ends[0], target=ends[1]), words.money(amount))},
    }  # fmt: skip
