"""Reactive charts of the page: every figure and every name is that of the printed chart, in both languages."""

from __future__ import annotations

import json
from typing import Any

import drawn
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle

from relocsim.app.charts import costs as echarts_costs
from relocsim.app.charts import funnel as echarts_funnel
from relocsim.app.charts import map as echarts_map
from relocsim.app.charts import switchers as echarts_switchers
from relocsim.app.charts import tornado as echarts_tornado
from relocsim.app.charts.intervals import intervals
from relocsim.app.charts.parts import Drawn, said
from relocsim.language import Words, words_in
from relocsim.metrics.effects import estimate
from relocsim.report.charts import comparison as charts
from relocsim.report.charts import costs as charts_costs
from relocsim.report.charts.delivery import depth_chart, funnel_chart
from relocsim.report.charts.map import MapOf, Track
from relocsim.report.charts.sensitivity import family_names, tornado_title
from relocsim.report.theme import GREY

BOTH = pytest.mark.parametrize("words", [words_in("en"), words_in("zh")], ids=["en", "zh"])
TARGETS = {"honoured": 0.4, "ground": 0.6, "producing": 0.3}


def one_line(text: str) -> str:
    return text.replace("\n", "").replace(" ", "")


def head(figure: Figure) -> tuple[str, str]:
    """Return title and caption of a printed chart, wrapping undone."""
    return one_line(figure._suptitle.get_text()), one_line(figure._supxlabel.get_text())


def series(found: Drawn, kind: str) -> list[dict[str, Any]]:
    return [one for one in found.option["series"] if one["type"] == kind]


def values(one: dict[str, Any]) -> list[Any]:
    return [item["value"] if isinstance(item, dict) else item for item in one["data"]]


def rows_of(found: Drawn) -> list[str]:
    axis = found.option["yAxis"]
    axis = axis[0] if isinstance(axis, list) else axis
    return [row["value"] if isinstance(row, dict) else row for row in axis["data"]]


def bars(figure: Figure) -> list[list[Rectangle]]:
    return [list(container) for container in figure.axes[0].containers]


def ticks(figure: Figure) -> list[str]:
    return [label.get_text() for label in figure.axes[0].get_yticklabels()]


# ---------------------------------------------------------------- cost sheet


def cost_parts(words: Words, monkeypatch: pytest.MonkeyPatch) -> tuple[Figure, Drawn]:
    """Return the printed cost sheet of the made table, and the reactive one of what it was drawn from."""
    given: dict[str, Any] = {}
    chart = charts_costs.cost_sheet_chart
    monkeypatch.setattr(
        drawn, "cost_sheet_chart", lambda sheet, **more: given.update(sheet=sheet, **more) or chart(sheet, **more)
    )
    figure = drawn.costs(words)
    return figure, echarts_costs.cost_sheet(given.pop("sheet"), **given)


@BOTH
def test_the_cost_sheet_has_the_figures_of_the_printed_one(words: Words, monkeypatch: pytest.MonkeyPatch) -> None:
    figure, found = cost_parts(words, monkeypatch)
    assert head(figure) == (one_line(found.title), one_line(found.caption))
    assert rows_of(found) == ticks(figure)[::-1]
    printed = bars(figure)
    stacks = series(found, "bar")
    named = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert {one["name"] for one in found.option["series"]} == set(named)
    assert len(printed) == 2 * len(stacks)
    for at, one in enumerate(stacks):
        widths = np.add(*([bar.get_width() for bar in side] for side in printed[2 * at : 2 * at + 2]))
        np.testing.assert_allclose(values(one), widths[::-1], atol=1e-6)
    (diamonds,) = (one for one in figure.axes[0].collections if isinstance(one, PathCollection))
    (total,) = series(found, "scatter")
    np.testing.assert_allclose([value[0] for value in values(total)], diamonds.get_offsets()[::-1, 0], atol=1e-6)


@BOTH
def test_depth_has_the_figures_of_the_printed_chart(words: Words) -> None:
    given = {"city": "B", "names": drawn.NAMES[words.code], "caption": drawn.CAPTION[words.code], "words": words}
    figure, found = depth_chart(drawn.sectors(), **given), echarts_costs.depth(drawn.sectors(), **given)
    assert head(figure) == (one_line(found.title), one_line(found.caption))
    assert rows_of(found) == ticks(figure)
    widths = [bar.get_width() for side in bars(figure) for bar in side][1::2]
    assert values(series(found, "bar")[0]) == widths


# ---------------------------------------------------------------- funnel


@BOTH
def test_the_funnel_has_the_figures_of_the_printed_one(words: Words) -> None:
    given = {"city": "B", "targets": TARGETS, "caption": drawn.CAPTION[words.code], "words": words}
    figure, found = funnel_chart(drawn.stages(), **given), echarts_funnel.funnel(drawn.stages(), **given)
    assert head(figure) == (one_line(found.title), one_line(found.caption))
    assert rows_of(found) == ticks(figure)
    assert values(series(found, "bar")[0]) == [bar.get_width() for side in bars(figure) for bar in side]
    lines = [line.get_xdata() for line in figure.axes[0].lines]
    spans = [list(line) for line in lines if len(line) == 2 and line[0] < line[1]]
    marks = [line[0] for line in lines if len(line) == 2 and line[0] == line[1]]
    assert [[end[0] for end in one["coords"]] for one in series(found, "lines")[0]["data"]] == spans
    assert [value[0] for value in values(series(found, "scatter")[-1])] == pytest.approx(marks)
    shares = [text.get_text() for text in figure.axes[0].texts]
    assert found.option["yAxis"][1]["data"] == shares


def test_a_funnel_without_targets_and_with_nothing_signed_is_drawn() -> None:
    empty = drawn.stages(width=0.0).assign(mean=0.0, low=0.0, high=0.0, of_signed=np.nan)
    found = echarts_funnel.funnel(empty, city="B", targets={}, caption="")
    assert found.title == "Nothing is signed in B"
    assert [one["type"] for one in found.option["series"]] == ["bar", "lines", "scatter"]
    assert not series(found, "lines")[0]["data"]


# ---------------------------------------------------------------- switchers


def moved(*rows: tuple[str, str, float]) -> Any:
    return drawn.switched(*rows, replicates=40)


FLOWS = (
    ("gamma", "beta", 30.0), ("not mobile", "beta", 10.0), ("delta", "beta", 10.0), ("beta", "delta", 2.0),
    ("delta", "not mobile", 3.0),
)  # fmt: skip


@BOTH
def test_switchers_have_the_figures_order_and_names_of_the_printed_diagram(words: Words) -> None:
    from relocsim.report.charts.switchers import switchers_chart

    given = moved(*FLOWS)
    figure, found = switchers_chart(given, words), echarts_switchers.switchers_flow(given, words)
    assert head(figure) == (one_line(found.title), one_line(found.caption))
    (sankey,) = series(found, "sankey")
    printed = [text.get_text() for text in figure.axes[0].texts[:-2]]
    assert [node["label"]["formatter"] for node in sankey["data"]] == printed
    heights = np.array([bar.get_height() for side in bars(figure) for bar in side])
    sizes = np.array([node["value"] for node in sankey["data"]])
    right = np.array([node["depth"] for node in sankey["data"]])
    for side in (0, 1):
        one, other = sizes[right == side], heights[right == side]
        np.testing.assert_allclose(one / one.sum(), other / other.sum())
    assert {(link["source"], link["target"], link["value"]) for link in sankey["links"]} == {
        (f"source:{source}", f"target:{target}", amount) for source, target, amount in FLOWS
    }
    assert len([one for one in figure.axes[0].patches if isinstance(one, PathPatch)]) == len(sankey["links"])


def test_switchers_where_nothing_moved_are_said() -> None:
    found = echarts_switchers.switchers_flow(moved())
    assert found.title == "Incentive package brings no investment to Beta"
    assert found.option["series"] == []


# ---------------------------------------------------------------- map


def map_parts(words: Words, monkeypatch: pytest.MonkeyPatch) -> tuple[Figure, MapOf]:
    given: dict[str, Any] = {}
    chart = drawn.flow_map

    def kept(flows: pd.DataFrame, points: pd.DataFrame, tracks: list[Track], **more: Any) -> Figure:
        given.update(flows=flows, points=points, tracks=tracks, **more)
        return chart(flows, points, tracks, **more)

    monkeypatch.setattr(drawn, "flow_map", kept)
    figure = drawn.flows(words)
    del given["words"]
    return figure, MapOf(**given)


@BOTH
def test_the_map_has_the_flows_places_and_names_of_the_printed_one(
    words: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure, given = map_parts(words, monkeypatch)
    found = echarts_map.flows_map(given, words)
    assert head(figure) == (one_line(found.title), one_line(found.caption))
    printed = [one for one in figure.axes[0].patches if isinstance(one, PathPatch)]
    flows = [item for one in series(found, "lines")[2:] for item in one["data"]]
    by_end = {tuple(one.get_path().vertices[-1]): one for one in printed}
    assert len(flows) == len(printed) == len(given.flows)
    for flow in flows:
        patch = by_end[tuple(flow["coords"][1])]
        assert flow["lineStyle"]["width"] == pytest.approx(patch.get_linewidth())
        assert flow["coords"][0] == list(patch.get_path().vertices[0])
    texts = [text.get_text() for text in figure.axes[0].texts]
    dots = series(found, "scatter")[1]["data"]
    labels = [dot["label"]["formatter"] for dot in dots if dot["label"]["show"]]
    assert [one for one in labels if one in texts] == [one for one in texts if one in labels]
    assert set(labels) >= {one for one in texts if not one.startswith(("h:", "h：")) and one in labels}
    assert len(set(labels) & set(texts)) == len(given.labels)
    legend = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert set(found.option["legend"]["data"]) == set(legend)
    assert found.aspect == pytest.approx(0.5, rel=0.3)


def test_a_map_with_nothing_on_it_and_one_scale_for_all_quarters(monkeypatch: pytest.MonkeyPatch) -> None:
    _, given = map_parts(words_in("en"), monkeypatch)
    wide = echarts_map.flows_map(given, largest=200.0, then=True)
    widths = [item["lineStyle"]["width"] for item in series(wide, "lines")[2]["data"]]
    assert widths == pytest.approx([9.0 * 30 / 200, 9.0 * 100 / 200])
    assert "other high-speed lines open then" in wide.option["legend"]["data"]
    empty = MapOf(**{**vars(given), "flows": given.flows.head(0)})
    assert not [item for one in series(echarts_map.flows_map(empty), "lines")[2:] for item in one["data"]]


@BOTH
def test_the_map_of_a_run_is_told_by_any_quarter(compared: Any, words: Words) -> None:
    from relocsim.batch.running import run

    played = run(compared.spec)
    end, start = compared.spec.scenario.end, compared.spec.scenario.start
    last, first = charts.map_of(played, words), charts.map_of(played, words, until=start)
    assert last.flows.equals(charts.map_of(played, words, until=end).flows)
    assert first.flows["investment"].sum() < last.flows["investment"].sum()
    assert head(charts.map_chart(played, words))[0] == one_line(echarts_map.flows_map(last, words).title)
    assert len(first.tracks) <= len(last.tracks)
    assert all(first.hours[place] >= hours - 1e-9 for place, hours in last.hours.items())


# ---------------------------------------------------------------- tornado, intervals


@BOTH
def test_the_tornado_has_the_figures_of_the_printed_one(words: Words) -> None:
    given = drawn.sensitivity()
    figure = drawn.tornado_chart(given, words)
    legend = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    text = echarts_tornado.Said(tornado_title(given, words), "", figure.axes[0].get_xlabel(), *legend)
    found = echarts_tornado.tornado(given.swings, text, family_names(given, words), words)
    assert head(figure)[0] == one_line(found.title)
    assert rows_of(found) == ticks(figure)
    for one, printed in zip(series(found, "bar"), bars(figure), strict=True):
        assert values(one) == pytest.approx([bar.get_x() + bar.get_width() for bar in printed])
    assert found.option["xAxis"]["startValue"] == given.swings["mean"].iloc[0]
    lines = [line.get_xdata() for line in figure.axes[0].lines if line.get_xdata()[0] < line.get_xdata()[1]]
    ends = [[end[0] for end in item["coords"]] for one in series(found, "lines") for item in one["data"]]
    assert ends == [list(line) for line in lines]


def test_intervals_are_shown_with_their_ends_and_what_is_unclear_is_grey() -> None:
    rows = [
        ("one", estimate(np.array([1.0, 2.0, 3.0]))),
        ("two", estimate(np.array([-1.0, 2.0]))),
        ("none", estimate(np.array([]))),
    ]
    found = intervals(rows, axis="x", title="t", caption="c", scale=10.0)
    lines = {one["lineStyle"]["color"]: one["data"] for one in series(found, "lines")}
    dots = series(found, "scatter")[-1]["data"]
    assert [dot["value"] for dot in dots] == [[20.0, 0], [5.0, 1]]
    ends = [[end[0] for end in line["coords"]] for dot in dots for line in lines[dot["itemStyle"]["color"]]]
    assert ends == [[10, 30], [-10, 20]]
    assert dots[1]["itemStyle"]["color"] == GREY != dots[0]["itemStyle"]["color"]


# ---------------------------------------------------------------- all


def keys(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(key for one in value.values() for key in keys(one))]
    return [key for one in value for key in keys(one)] if isinstance(value, list) else []


@BOTH
def test_options_are_plain_json_and_say_their_finding_to_those_who_do_not_see(
    words: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [
        cost_parts(words, monkeypatch)[1],
        echarts_funnel.funnel(drawn.stages(), city="B", targets=TARGETS, caption="", words=words),
        echarts_switchers.switchers_flow(moved(*FLOWS), words),
        echarts_map.flows_map(map_parts(words, monkeypatch)[1], words),
    ]
    for one in found:
        assert json.loads(json.dumps(one.option, allow_nan=False)) == one.option
        assert one.option["aria"]["label"]["description"] == one.title
        assert not [key for key in keys(one.option) if key.startswith(":")]  # which a page would take for code


def test_a_name_cannot_write_on_the_page() -> None:
    assert said("<img src=x>{a}", "", "b") == "&lt;img src=x&gt;&#123;a}<br>b"
