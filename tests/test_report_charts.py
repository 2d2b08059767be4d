"""Charts: findings for titles that follow the numbers, units, captions, the same bytes twice."""

import hashlib
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from drawn import CHARTS
from matplotlib.figure import Figure
from rich.console import Console

from relocsim.batch.comparing import compare
from relocsim.batch.running import run
from relocsim.language import ENGLISH
from relocsim.report.charts import comparison as charts
from relocsim.report.charts.costs import chosen_rows, cost_title
from relocsim.report.charts.map import _free_box, bent
from relocsim.report.charts.time import years
from relocsim.report.costsheets import sector_sheet
from relocsim.report.looking import look
from relocsim.report.screens.comparison import comparison_screen
from relocsim.report.writing import write_chart
from relocsim.sources import Register


@pytest.fixture(scope="module")
def drawn(compared):
    own = {"cost-sheet": charts.cost_chart(compared.spec), "flows": charts.map_chart(run(compared.spec))}
    return charts.comparison_charts(compared) | own


def words(figure: Figure) -> str:
    """Return every text of a figure, wrapping undone."""
    texts = [text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))]
    return " ".join(" ".join(texts).split())


def test_every_chart_is_there(drawn):
    assert list(drawn) == ["capture-over-time", "effects", "cost-sheet", "flows"]


@pytest.mark.parametrize(
    ("name", "unit"),
    [("capture-over-time", "share of investment placed so far, %"), ("effects", "percentage points"),
     ("cost-sheet", "yuan per 100 yuan of output"), ("flows", "degrees")],
)  # fmt: skip
def test_axes_have_units_and_captions_say_where_it_comes_from(drawn, compared, name, unit):
    found = words(drawn[name])
    assert unit in found
    assert f"digest {compared.spec.digest[:8]}" in found
    register = compared.spec.register
    assert f"{100 * register.assumed_share():.0f} % of {len(register)} inputs assumed" in found
    assert "n = 3 paired replicates" in found or "n = 1" in found
    assert "expected to cover 50 %" in found or "no interval" in found


def test_titles_of_time_follow_the_numbers(compared):
    title = words(charts.time_chart(compared))
    assert "Beta captures" in title
    assert any(words in title for words in ("cannot be told", "% with everything together", "changes nothing"))


def test_a_comparison_of_one_policy_and_of_none_can_be_drawn_and_told(compared):
    one = compare(compared.spec, with_=["approvals"], replicates=2)
    assert "Administrative reform" in words(charts.comparison_charts(one)["capture-over-time"])
    scenario = compared.spec.scenario.model_copy(update={"packages": {}})
    register = Register(
        {entry.path: entry for entry in compared.spec.register if not entry.path.startswith("policies")}
    )
    none = compare(replace(compared.spec, scenario=scenario, policies={}, register=register), replicates=1)
    assert list(charts.comparison_charts(none)) == ["capture-over-time"]
    console = Console(width=160, record=True, file=StringIO())
    console.print(comparison_screen(none))
    assert "Baseline: capture rate" in console.export_text()


def test_the_title_of_a_cost_sheet_adds_up_and_follows_the_numbers(compared):
    names = charts.names_of(compared.spec)
    sheet = sector_sheet(look(compared.spec), "electronics", "alpha")
    told = {city: cost_title(sheet, sector="E", city=city, names=names, quarter="q") for city in ("beta", "delta")}
    for city, title in told.items():
        gap = sheet.set_index("place").loc[city, "difference"]
        assert f"{names[city]} is {abs(gap):.2f} yuan per 100 {'dearer' if gap > 0 else 'cheaper'} than home" in title
        less, more = re.search(r"\(([0-9.]+) less, .*; ([0-9.]+) more,", title).groups()
        assert float(more) - float(less) == pytest.approx(gap, abs=0.05)
    assert told["beta"] != told["delta"]


def test_the_cost_sheet_shows_the_cheapest_and_those_named(compared):
    sheet = sector_sheet(look(compared.spec), "electronics", "alpha")
    assert chosen_rows(sheet, ["delta"], 2)["place"].tolist() == [
        "alpha",
        "delta",
        next(place for place in sheet["place"] if place not in ("alpha", "delta")),
    ]


def test_the_same_chart_has_the_same_bytes(tmp_path):
    sums = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for chart in ("effects", "cost-sheet"):
            write_chart(tmp_path / name, chart, CHARTS[chart](ENGLISH))
        held = sorted((tmp_path / name).iterdir())
        sums.append([hashlib.sha256(path.read_bytes()).hexdigest() for path in held])
    assert len(sums[0]) == 4
    assert sums[0] == sums[1]


def test_a_quarter_stands_at_its_end():
    assert years(["2010-Q1", "2010-Q4"]).tolist() == [2010.25, 2011.0]


def test_flows_begin_and_end_at_their_places():
    path = bent((0.0, 0.0), (2.0, 0.0))
    assert path.vertices[0].tolist() == [0, 0]
    assert path.vertices[-1].tolist() == [2, 0]
    assert path.vertices[1][1] > 0


def test_names_on_the_map_do_not_overlap():
    taken = []
    for _ in range(20):
        box = _free_box((0.0, 0.0), (2.0, 1.0), taken, (-9.0, 9.0, -9.0, 9.0))
        if box is None:
            break
        for other in taken:
            assert box[2] <= other[0] or other[2] <= box[0] or box[3] <= other[1] or other[3] <= box[1]
        taken.append(box)
    assert 2 <= len(taken) < 20


def test_names_on_the_map_stay_between_its_sides():
    left = _free_box((0.0, 0.0), (2.0, 1.0), [], (-9.0, 1.0, -9.0, 9.0))
    assert left is not None
    assert left[2] <= 1.0
    assert _free_box((0.0, 0.0), (2.0, 1.0), [], (-0.5, 0.5, -9.0, 9.0)) is None


def test_the_corridor_and_open_high_speed_lines_are_drawn(compared):
    tracks = charts.tracks_of(compared.spec)
    assert [track.corridor for track in tracks] == [False, True]
    closed = compared.spec.variant(off=["hsr"])
    assert [track.corridor for track in charts.tracks_of(closed)] == [True]


def test_no_chart_uses_the_global_state_of_pyplot():
    for source in Path("relocsim").rglob("*.py"):
        assert "import matplotlib.pyplot" not in source.read_text(encoding="utf-8")
