"""Each panel of "Why" in a browser: opened, drawn, its figures those of its table or of the model, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from relocsim.answers.targets_met import Target, chances_between
from relocsim.batch.between import Pair, effect_of, effects_between
from relocsim.batch.running import run
from relocsim.language import words_in
from relocsim.report.charts.sources import stages_of
from relocsim.spec import Spec, load
from tests.app.conftest import Server, serving
from tests.app.steps import policy, switch

READ = """el => getElement(+el.id.slice(1)).chart.getOption()"""
"""Script that reads what a chart on the page shows."""
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
PLAYED = 60_000
ICONS = r"play_arrow|arrow_drop_down|keyboard_arrow_down|expand_more"


@pytest.fixture(scope="module")
def file(cases: Path) -> Iterator[Path]:
    """The toy case counted where contracts are signed, so that something happens in its few years."""
    text = (cases / "toy.yaml").read_text(encoding="utf-8")
    file = cases / "signed.yaml"
    file.write_text(text.replace("city: beta\n", "city: beta\n    stage: signed\n", 1), encoding="utf-8")
    yield file
    file.unlink()


@pytest.fixture(scope="module")
def server(file: Path) -> Iterator[Server]:
    with serving(str(file), "--port", "0", "--jobs", "1") as served:
        served.url = served.address()
        yield served


@pytest.fixture(scope="module")
def base(file: Path) -> Spec:
    return load(file)


@pytest.fixture(scope="module")
def pair(base: Spec) -> Pair:
    return Pair(base, base.with_policies(base.on | {"incentives"}))


@pytest.fixture(params=list(LANGUAGES))
def words(request):
    return words_in(request.param)


@pytest.fixture
def why(tab, words) -> Callable[[str], Locator]:
    """Open a panel of "Why" on a what-if with incentives."""

    def opened(name: str) -> Locator:
        page = tab(locale=LANGUAGES[words.code])
        page.get_by_test_id("follow").click()
        switch(page, "incentives")
        expect(policy(page, "incentives").get_by_role("switch").first).to_have_attribute("aria-checked", "true")
        page.get_by_test_id("tab-why").click()
        page.get_by_test_id(f"why-{name}").click()
        panel = page.get_by_test_id(f"panel-{name}")
        expect(panel.get_by_role("heading").first).to_be_visible()
        return panel

    return opened


def charts(panel: Locator) -> list[dict[str, Any]]:
    """Return what the charts of a panel show, once they are drawn."""
    expect(panel.locator(".nicegui-echart canvas").first).to_be_visible(timeout=PLAYED)
    panel.page.wait_for_timeout(700)
    return [one.evaluate(READ) for one in panel.locator(".nicegui-echart").all()]


def cells(table: Locator) -> list[list[str]]:
    """Return the texts of the body of a table."""
    return [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()]


def number(text: str) -> float:
    """Return the first number of a text."""
    return float(re.search(r"[-+]?\d[\d,]*\.?\d*", text).group().replace(",", ""))  # type: ignore[union-attr]


def drawn(series: dict[str, Any]) -> list[float]:
    """Return the figures of a series: of dots along the x axis."""
    values = [one["value"] if isinstance(one, dict) else one for one in series["data"]]
    return [value[0] if isinstance(value, list) else value for value in values]


def agrees(shown: list[float], told: list[str]) -> bool:
    """Whether figures of a chart are those of a table, as far as its digits go."""

    def close(value: float, text: str) -> bool:
        digits = re.search(r"[-+]?\d[\d,]*\.?(\d*)", text).group(1)  # type: ignore[union-attr]
        return abs(value - number(text)) <= 0.5000001 * 10.0 ** -len(digits)

    return len(shown) == len(told) and all(close(value, text) for value, text in zip(shown, told, strict=True))


def play(panel: Locator, words, label: str) -> None:
    """Press a button, and wait until what it plays is in."""
    panel.get_by_role("button", name=words(label)).click()
    expect(panel.get_by_role("button", name=words("Stop"))).to_be_hidden(timeout=PLAYED)
    expect(panel.locator("table, canvas").first).to_be_visible(timeout=PLAYED)


def choose(panel: Locator, label: str, option: str) -> None:
    """Choose an option of a list by their names."""
    panel.get_by_label(label, exact=True).click()
    panel.page.get_by_role("option", name=option, exact=True).click()


def spoken(panel: Locator, words) -> None:
    """No English sentence stands in a Chinese page."""
    if words.code == "zh":
        text = re.sub(ICONS, "", panel.inner_text()).replace(
            "Made up for tests", ""
        )  # a source stays as it was written
        assert not re.findall(r"[A-Za-z]{3,} [A-Za-z]{2,} [A-Za-z]{2,}", text), text


def test_the_cost_sheet_draws_the_figures_of_its_table(why, words):
    panel = why("costs")
    sheet = charts(panel)[0]
    panel.get_by_text(words("The figures as a table")).click()
    rows = [row for row in cells(panel.locator("table").first) if not row[0].endswith(words(" (home)"))]
    dots = next(one for one in sheet["series"] if one["type"] == "scatter")
    gap = len(rows[0]) - 2
    assert agrees(sorted(drawn(dots)), sorted((row[gap] for row in rows), key=number))
    bars = [one for one in sheet["series"] if one["type"] == "bar"]
    sums = [sum(each) for each in zip(*(drawn(one) for one in bars), strict=True)]
    assert sums == pytest.approx(drawn(dots), abs=1e-4)
    spoken(panel, words)


def test_the_map_says_what_the_run_gives_and_follows_the_years(why, words, pair: Pair):
    panel = why("map")
    shown = charts(panel)[0]
    assert {"lines", "scatter"} <= {one["type"] for one in shown["series"]} or len(shown["series"]) > 2
    found = run(pair.whatif).capture
    stage = pair.whatif.scenario.study.stage
    mine = (found["place"] == "beta") & (found["measure"] == "investment") & (found["stage"] == stage)
    title = panel.locator(".finding").first.inner_text()
    assert words.name(pair.whatif.world.places["beta"]) in title
    rate = 100 * float(found.loc[mine, "capture_rate"].iloc[0])
    assert any(abs(float(one) - rate) < 0.06 for one in re.findall(r"([\d.]+) ?%", title)), (title, rate)
    slider = panel.get_by_role("slider").first.locator("[tabindex='0']")
    slider.focus()
    slider.press("ArrowLeft")
    expect(panel.get_by_text(words.quarter(pair.whatif.scenario.end), exact=True)).to_have_count(0)
    spoken(panel, words)


def test_the_funnel_is_that_of_the_run(why, words, pair: Pair):
    panel = why("funnel")
    projects = run(pair.whatif).projects
    stages = stages_of(projects[projects["place"].astype(str) == "beta"])
    bars = next(one for one in charts(panel)[0]["series"] if one["type"] == "bar")
    assert sorted(drawn(bars)) == pytest.approx(sorted(stages["mean"]), abs=1e-4)
    choose(panel, words("Replicates"), "5")
    play(panel, words, "Play replicates, for intervals")
    expect(panel).to_contain_text("n = 5")
    spoken(panel, words)


def test_switchers_are_told_with_sums(why, words):
    panel = why("switchers")
    choose(panel, words("Replicates"), "8")
    play(panel, words, "Play and compare")
    rows = cells(panel.locator("table").first)
    gained, lost, effect = (
        [row for row in rows if row[0] == words(name)] for name in ("gained", "lost", "effect (gained less lost)")
    )
    for one, two, three in zip(gained, lost, effect, strict=True):
        assert number(three[2]) == pytest.approx(
            number(one[2]) - abs(number(two[2])), abs=0.02 + 0.01 * abs(number(one[2]))
        )
    assert charts(panel)
    spoken(panel, words)


def test_one_firm_is_followed(why, words):
    panel = why("firm")
    panel.get_by_role("combobox").first.click()
    panel.page.get_by_role("option").first.click()
    expect(panel.get_by_text(words("What it may do instead"))).to_be_visible(timeout=PLAYED)
    shown = charts(panel)[0]
    bars = [one for one in shown["series"] if one["type"] == "bar"]
    dots = [one for one in shown["series"] if one["type"] == "scatter"][-1]
    sums = [sum(each) for each in zip(*(drawn(one) for one in bars), strict=True)]
    assert sums == pytest.approx(drawn(dots), abs=1e-6)
    assert len(cells(panel.locator("table").first)) >= 2
    spoken(panel, words)


def test_an_assumption_is_changed_and_the_log_says_whether_the_advice_stands(why, words, pair: Pair):
    panel = why("assumptions")
    page = panel.page
    choose(panel, words("Replicates"), "2")
    entry = pair.whatif.register.inputs["parameters.nest_lambda"]
    box = panel.get_by_role("spinbutton")
    expect(box).to_have_value(f"{entry.value:g}")
    box.fill(f"{entry.high:g}")
    box.press("Tab")
    panel.get_by_label(words("Why it may be so (kept with the what-if)")).fill("as seen elsewhere")
    play(panel, words, "Does the advice flip?")
    found = effects_between({"before": pair}, replicates=2)["before"]
    rows = cells(panel.locator("table").first)
    assert number(rows[0][1]) == pytest.approx(
        100 * effect_of(found).mean, abs=0.006 + 0.02 * abs(100 * effect_of(found).mean)
    )
    dots = [one for one in charts(panel)[0]["series"] if one["type"] == "scatter"][-1]
    assert agrees(drawn(dots), [row[1] for row in rows])
    title = panel.locator(".finding").first.inner_text()
    panel.get_by_role("button", name=words("Keep it in the what-if")).click()
    note = panel.locator("table input")
    expect(note).to_have_value(re.compile("as seen elsewhere"))
    assert title in note.input_value()
    log = cells(panel.locator("table").last)[0]
    assert number(log[2]) == pytest.approx(entry.high)
    page.get_by_test_id("tab-whatif").click()
    expect(page.get_by_test_id("log").locator("input").first).to_have_value(re.compile("as seen elsewhere"))
    page.get_by_test_id("tab-why").click()
    spoken(panel, words)
    panel.get_by_role("button", name=words("Take back: {name}", name="")[:4]).first.click()
    expect(panel.locator("table input")).to_have_count(0)


def test_swings_are_those_of_the_table(why, words):
    panel = why("swings")
    choose(panel, words("Families of inputs"), "5")
    choose(panel, words("Replicates"), "1")
    play(panel, words, "Play them")
    rows = cells(panel.locator("table").first)
    shown = charts(panel)[0]
    assert len(rows) == 5
    centre = shown["xAxis"][0].get("startValue")
    bars = [one for one in shown["series"] if one["type"] == "bar"]
    for at, one in enumerate(bars):
        told = [row[2 + at] for row in rows]
        values = drawn(one)
        assert agrees(values, told) or agrees(values[::-1], told) or centre is None, (values, told)
    spoken(panel, words)


def test_targets_are_those_of_the_command(why, words, pair: Pair):
    panel = why("targets")
    choose(panel, words("Replicates"), "4")
    panel.get_by_label(words("Target"), exact=True).fill("5")
    play(panel, words, "Play")
    found = chances_between({"baseline": pair.baseline, "what-if": pair.whatif}, Target("in place", 5.0), replicates=4)
    rows = cells(panel.locator("table").first)
    bars = next(one for one in charts(panel)[0]["series"] if one["type"] == "bar")
    assert sorted(drawn(bars)) == pytest.approx(sorted(100 * found.table["chance"]))
    assert [number(row[1]) for row in rows] == pytest.approx([round(100 * one) for one in found.table["chance"]])
    spoken(panel, words)


def test_rivals_that_match_it_are_played(why, words):
    panel = why("rivals")
    choose(panel, words("Replicates"), "2")
    play(panel, words, "Play and compare")
    rows = cells(panel.locator("table").first)
    dots = [one for one in charts(panel)[0]["series"] if one["type"] == "scatter"][-1]
    assert len(rows) >= 2
    assert agrees(drawn(dots), [row[1] for row in rows])
    spoken(panel, words)
