"""Briefings as files: the same bytes twice, no network, words for pictures, editable charts, clear errors."""

import importlib.util
import io
import json
import re
import zipfile
import zlib
from contextlib import suppress
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from briefs import facts, left, made, mapped, stored, together
from hypothesis import given
from hypothesis import strategies as st
from toy import SCENARIO
from typer.testing import CliRunner

from relocsim.briefing import fonts, writers
from relocsim.briefing.beside import open_sensitivity, open_validation
from relocsim.briefing.blocks import Chart, Dots, Map, Mark, Points, Table
from relocsim.briefing.facts import Facts
from relocsim.briefing.fonts import FontError
from relocsim.briefing.slide_charts import _ending, _stacked
from relocsim.briefing.slides import plan
from relocsim.briefing.stored import ResultsError, open_results
from relocsim.briefing.story import tell
from relocsim.briefing.writers import WriterError, require, writer
from relocsim.cli import app
from relocsim.language import words_in
from relocsim.report.effects import FigureError
from relocsim.report.fonts import chinese_font
from relocsim.report.writing import write_manifest, write_table

RUNNER = CliRunner()


@pytest.fixture(scope="module")
def briefing():
    held = stored(made(0.01, 0.005, 0.02), cost=made(1, 1, 2), gained={"gamma": 2.0, "newly mobile": 1.0}, arms=2)
    held = mapped(together(held, made(-0.01, -0.02, 0.01)))
    found = tell(Facts(held), words_in("en"))
    assert {type(block).__name__ for block in found.blocks()} >= {"Chart", "Table", "Points", "Box"}
    charts = {type(block.shown).__name__ for block in found.blocks() if isinstance(block, Chart)}
    assert charts >= {"Dots", "Steps", "Bars", "Map"}
    return found


@pytest.fixture(scope="module")
def files(briefing):
    return {form: writer(form)(briefing) for form in writers.FORMATS}


@pytest.mark.parametrize("form", writers.FORMATS)
def test_the_same_results_give_the_same_bytes(briefing, files, form):
    assert writer(form)(briefing) == files[form]


class Page(HTMLParser):
    """What matters of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


def test_a_page_is_one_file_that_fetches_nothing(files):
    page = Page(files["html"].decode())
    assert not [tag for tag, _ in page.tags if tag in ("script", "link", "img", "iframe", "object")]
    fetching = [value for _, held in page.tags for name, value in held.items() if name in ("src", "srcset", "data")]
    assert fetching == []
    links = [v for _, held in page.tags for n, v in held.items() if n in ("href", "xlink:href")]
    assert all(link.startswith("#") for link in links)
    assert "@import" not in files["html"].decode()
    assert "url(http" not in files["html"].decode()


def test_a_page_is_accessible(files, briefing):
    text = files["html"].decode()
    page = Page(text)
    assert ("html", {"lang": "en"}) in page.tags
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    pictures = [held for tag, held in page.tags if held.get("role") == "img"]
    charts = [block for block in briefing.blocks() if isinstance(block, Chart)]
    assert [held["aria-label"] for held in pictures] == [chart.alt for chart in charts]
    assert all(held.get("scope") for tag, held in page.tags if tag == "th")
    assert text.count("<caption>") == text.count("<table>")


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_has_contrast():
    from relocsim.briefing.page import TEMPLATES

    style = (TEMPLATES / "page.css").read_text("utf-8")
    colours = {name: f"#{''.join(2 * one for one in code) if len(code) == 3 else code}"
               for name, code in re.findall(r"--(\w+): #([0-9a-f]+)", style)}  # fmt: skip
    for text in ("ink", "soft", "accent"):
        for ground in ("#ffffff", colours["tint"]):
            assert contrast(colours[text], ground) >= 4.5
    assert contrast("#999999", "#ffffff") < 4.5  # the check finds what is too pale


def test_markup_in_names_is_text(briefing):
    nasty = replace(briefing, title='<script>alert("x")</script> #panic() $x$')
    assert writer("pdf")(replace(nasty, sections=()))
    assert "<script>" not in writer("html")(nasty).decode()


def test_slides_have_native_charts_notes_and_asian_fonts(files, briefing):
    from pptx import Presentation

    deck = Presentation(io.BytesIO(files["pptx"]))
    charts = [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    shown = [block for block in briefing.blocks() if isinstance(block, Chart)]
    assert len(charts) == len(shown)
    assert all(shape.chart.part.chart_workbook.xlsx_part is not None for shape in charts)
    assert [shape._element.nvGraphicFramePr.cNvPr.get("descr") for shape in charts] == [one.alt for one in shown]
    (dots,) = [one for one in shown if isinstance(one.shown, Dots)]
    marks = list(charts[0].chart.plots[0].series[0].values)
    assert marks == pytest.approx([mark.mean for mark in dots.shown.marks])
    assert b"errBars" in charts[0].chart.part.blob
    for slide in deck.slides:
        assert slide.shapes.title.has_text_frame
        assert slide.shapes.title.text_frame.text
        if any(shape.has_chart or shape.has_table for shape in slide.shapes):
            assert "0123456" in slide.notes_slide.notes_text_frame.text
    with zipfile.ZipFile(io.BytesIO(files["pptx"])) as held:
        theme = held.read("ppt/theme/theme1.xml").decode()
        slide = held.read("ppt/slides/slide2.xml").decode()
    assert '<a:ea typeface="Microsoft YaHei"/>' in theme
    assert '<a:ea typeface="Microsoft YaHei"/>' in slide


@given(start=st.floats(-3, 3), mean=st.floats(-3, 3))
def test_a_stacked_bar_spans_from_where_it_starts_to_where_it_ends(start, mean):
    mark = Mark("x", mean, mean, mean, True)
    base, above, below = _stacked(mark, start)
    ends = {0.0, base, base + above, base + below} if base else {above, below}
    for end in (start, start + mean):
        assert min(abs(end - one) for one in ends) < 1e-9 or start * (start + mean) < 0
    if start * (start + mean) < 0:
        assert base == 0.0
        assert {above, below} == {max(start, start + mean), min(start, start + mean)}
    reached = (base, base + above, base + below)[_ending(mark, start)]
    assert reached == pytest.approx(start + mean, abs=1e-9)


def test_a_native_map_has_a_series_for_every_line_and_flow_and_names_places(files, briefing):
    from pptx import Presentation

    (shown,) = [one.shown for one in briefing.blocks() if isinstance(one, Chart) and isinstance(one.shown, Map)]
    deck = Presentation(io.BytesIO(files["pptx"]))
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    (chart,) = [one for one in charts if "XY_SCATTER" in one.chart_type.name]
    series = list(chart.plots[0].series)
    assert len(series) == len(shown.tracks) + len(shown.flows) + 3
    assert len({len(list(one.iter_values())) for one in series[:-3]}) == 1
    first = next(iter(chart.plots[0].series[len(shown.tracks)].iter_values()))
    assert first == pytest.approx(23.0)  # where the flow begins
    text = chart.part.blob.decode()
    assert "Beta 3.2 h" in text
    assert "Gamma" in text


def test_nothing_of_a_section_is_lost_on_slides(briefing):
    for section in briefing.sections:
        slides = list(plan(section, "source {}"))
        put = [one for slide in slides for one in (*slide.texts, slide.chart, slide.table, *slide.boxes) if one]
        kept = [block for block in section.blocks if not getattr(block, "detail", False)]
        assert put == kept


def test_a_long_table_goes_over_several_slides():
    long = facts(made(0.01, 0.005, 0.02), arms=20)
    slides = list(plan(tell(long, words_in("en")).sections[1], "source {}"))
    tables = [slide.table for slide in slides if slide.table and slide.table.title == "What each policy adds"]
    assert [len(table.rows) for table in tables] == [14, 6]


def test_a_text_has_styles_header_rows_and_words_for_pictures(files, briefing):
    import docx

    document = docx.Document(io.BytesIO(files["docx"]))
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings == [section.title for section in briefing.sections]
    told = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert told == [block.alt for block in briefing.blocks() if isinstance(block, Chart)]
    assert 'w:eastAsia="Microsoft YaHei"' in zipfile.ZipFile(io.BytesIO(files["docx"])).read("word/styles.xml").decode()
    with_rows = [table for table in document.tables if len(table.rows) > 1]
    assert with_rows
    assert document.element.xml.count("<w:tblHeader/>") == len(with_rows)


def unpacked(pdf: bytes) -> bytes:
    """Return a PDF with its streams unpacked."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    opened = []
    for stream in streams:
        with suppress(zlib.error):
            opened.append(zlib.decompress(stream))
    return b"\n".join([pdf, *opened])


def test_a_pdf_carries_its_title_and_no_clock(files, briefing):
    found = unpacked(files["pdf"])
    assert found.startswith(b"%PDF")
    assert briefing.title.encode() in found
    assert set(re.findall(rb"D:(\d{4})", found)) <= {b"2000"}
    assert b"/Lang" in found
    assert b"/Alt" in found


@pytest.fixture
def folder(tmp_path):
    return left(tmp_path / "results", stored(made(0.01, 0.005, 0.02)))


def test_stored_results_are_read_as_they_are(folder):
    found = open_results(folder)
    assert found.missing == (
        "fiscal", "sources", "windfall", "yardsticks", "assumptions", "timeline", "replicates", "flows", "hours", "tracks",
    )  # fmt: skip


def broken(folder: Path, what: str) -> Path:
    """Break the results in a folder."""
    manifest = folder / "manifest.json"
    held = json.loads(manifest.read_text("utf-8"))
    if what == "no manifest":
        manifest.unlink()
    elif what == "no json":
        manifest.write_text("{", "utf-8")
    elif what == "another kind":
        manifest.write_text(json.dumps({**held, "kind": "run"}), "utf-8")
    elif what == "another format":
        manifest.write_text(json.dumps({**held, "format": 99}), "utf-8")
    elif what == "an older version":
        manifest.write_text(json.dumps({name: value for name, value in held.items() if name != "ranged"}), "utf-8")
    elif what == "no effects":
        (folder / "effects.parquet").unlink()
    elif what == "changed":
        (folder / "effects.parquet").write_bytes(b"PAR1")
    else:
        table = pd.read_parquet(folder / "effects.parquet").drop(columns="low")
        write_table(folder, "effects", table)
        write_manifest(folder, {k: v for k, v in held.items() if k not in ("format", "versions", "files")}, {})
    return folder


@pytest.mark.parametrize(
    ("what", "said"),
    [("no manifest", "holds no manifest.json"), ("no json", "is no JSON"), ("another kind", "of the kind 'run'"),
     ("another format", "of format 99"), ("an older version", "does not say ranged"),
     ("no effects", "lacks effects.parquet"), ("changed", "another SHA-256"), ("no column", "lacks the columns low")],
)  # fmt: skip
def test_broken_results_are_refused_by_name(folder, what, said):
    with pytest.raises(ResultsError, match=said):
        open_results(broken(folder, what))


def test_damaged_tables_are_refused_when_told():
    held = stored(made(0.01, 0.005, 0.02))
    tables = {**held.tables, "effects": held.tables["effects"].iloc[1:]}
    with pytest.raises(FigureError, match="0 figures for the effect of incentives on capture_rate"):
        tell(Facts(replace(held, tables=tables)), words_in("en"))


def test_a_sensitivity_of_another_city_is_refused(tmp_path):
    (tmp_path / "s").mkdir()
    write_manifest(tmp_path / "s", {"kind": "sensitivity", "digest": "f" * 64, "city": "gamma", "asked": {}}, {})
    with pytest.raises(ResultsError, match="is of gamma, not of beta"):
        open_sensitivity(tmp_path / "s", "beta")


def test_a_sensitivity_is_taken_in(tmp_path):
    (tmp_path / "s").mkdir()
    table = pd.DataFrame({"factor": ["wages"], "total": [0.7], "total_low": [0.5], "total_high": [0.9]})
    write_table(tmp_path / "s", "indices", table)
    write_table(tmp_path / "s", "factors", pd.DataFrame({"factor": ["wages"], "label": ["other places: wage"]}))
    asked = {"effect": "incentives", "on": "capture"}
    write_manifest(tmp_path / "s", {"kind": "sensitivity", "digest": "f" * 64, "city": "beta", "asked": asked}, {})
    found = open_sensitivity(tmp_path / "s", "beta")
    told = tell(facts(), words_in("en"), sensitivity=found)
    texts = [block.text for block in told.blocks() if hasattr(block, "text")]
    assert any("depends most on all other places: wages" in text for text in texts)
    assert any("another version of the scenario" in text for text in texts)


def test_a_validation_is_taken_in(tmp_path):
    rows = [("exports", "outside"), ("jobs", "inside"), ("land", "too wide to tell"), ("", "")]
    ends = {"value_low": 1.0, "value_high": 2.0, "low": 3.0, "high": 4.0}
    (tmp_path / "v").mkdir()
    table = pd.DataFrame([{"comparison": name, "verdict": said, **ends} for name, said in rows])
    write_table(tmp_path / "v", "figures", table)
    write_manifest(tmp_path / "v", {"kind": "validation"}, {})
    told = tell(facts(), words_in("en"), validity=open_validation(tmp_path / "v"))
    points = [item for block in told.blocks() if isinstance(block, Points) for item in block.items]
    assert any("Of 3 published figures" in item and "1 lie within its interval, 1 do not" in item for item in points)
    (misses,) = [block for block in told.blocks() if isinstance(block, Table) and block.title == "Known misses"]
    assert misses.rows == (("exports", "1.00 to 2.00", "3.00 to 4.00"),)


def test_what_lacks_is_said_before_anything_is_played(monkeypatch):
    with pytest.raises(WriterError, match="format 'doc' is not known: choose among html"):
        require(["doc"])
    monkeypatch.setattr(writers, "find_spec", lambda name: None if name == "typst" else importlib.util.find_spec(name))
    with pytest.raises(WriterError, match=r"typst is not installed.*relocsim\[brief\]"):
        require(["html", "pdf"])
    monkeypatch.setattr(fonts, "chinese_font", lambda: None)
    with pytest.raises(FontError, match=r"relocsim\[zh\]"):
        fonts.require_font("zh")


@pytest.mark.parametrize("code", ["en", "zh"])
def test_what_a_what_if_changed_is_told_in_its_language_and_nothing_where_nothing_was(code, folder, tmp_path):
    words, said = words_in(code), "wages (Beta): 20000 -> 22000 yuan/year. They doubt <it>"
    held = open_results(folder)
    changes = pd.DataFrame({"language": [code, "other"], "sentence": [said, "nobody reads this"]})
    log = replace(held, tables={**held.tables, "changes": changes})
    heads = [one.title for one in tell(Facts(held), words).sections]
    told = tell(Facts(log), words)
    assert [one.title for one in told.sections if one.title not in heads] == [
        words("What was changed against the case")
    ]
    page = writer("html")(told).decode()
    assert "20000 -&gt; 22000" in page
    assert "nobody reads this" not in page


def test_the_command_tells_a_folder(folder, tmp_path):
    found = RUNNER.invoke(app, ["brief", str(folder), "--lang", "en", "--to", "html", "--out", str(tmp_path / "out")])
    assert found.exit_code == 0, found.output
    assert {one.name for one in (tmp_path / "out").iterdir()} == {"briefing-en.html", "manifest.json"}


@pytest.mark.parametrize(
    ("more", "said"),
    [(("--lang", "fr"), "'fr' is not known"), (("--to", "odt"), "'odt' is not known"), (("--to", ","), "names no format"),
     (("--set", "a=1"), "--set goes with a scenario")],
)  # fmt: skip
def test_the_command_refuses_clearly(folder, tmp_path, more, said):
    found = RUNNER.invoke(app, ["brief", str(folder), "--lang", "en", "--out", str(tmp_path / "out"), *more])
    assert found.exit_code == 2
    assert said in found.stderr
    assert not (tmp_path / "out").exists()


def test_the_command_compares_a_scenario_first(tmp_path):
    arguments = ["brief", str(SCENARIO), "--replicates", "2", "--jobs", "1", "--with", "incentives", "--lang", "en"]
    small = ["--set", "scenario.firms=200", "--set", "scenario.end=2010-Q4", "--to", "html"]
    found = RUNNER.invoke(
        app, [*arguments, *small, "--out", str(tmp_path / "out"), "--results", str(tmp_path / "kept")]
    )
    assert found.exit_code == 0, found.output
    kept = open_results(tmp_path / "kept")
    assert "assumptions" not in kept.missing
    assert "sources" not in kept.missing
    text = (tmp_path / "out" / "briefing-en.html").read_text("utf-8")
    assert "What could overturn it" in text


@pytest.mark.skipif(chinese_font() is None, reason="no Chinese font: pip install 'relocsim[zh]'")
def test_a_chinese_pdf_embeds_its_font():
    made_up = tell(facts(made(0.01, 0.005, 0.02)), words_in("zh"))
    font = chinese_font()
    assert font is not None
    found = unpacked(writer("pdf")(replace(made_up, sections=made_up.sections[5:6])))
    assert font.family.replace(" ", "").lower().encode() in found.lower()
