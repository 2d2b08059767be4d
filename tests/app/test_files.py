"""What one takes away from the page: the scenario gives the page's numbers, tables and charts and briefing are whole."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from relocsim.batch.running import run
from relocsim.spec import load
from tests.app.steps import DONE


@pytest.fixture
def answered(tab) -> Page:
    page = tab()
    page.get_by_test_id("policy-incentives").get_by_role("switch").first.click()
    expect(page.get_by_test_id("log")).to_contain_text("Incentive package")
    expect(page.get_by_test_id("progress")).to_have_text(DONE, timeout=90_000)
    return page


def fetched(page: Page, kind: str) -> bytes:
    with page.expect_download(timeout=90_000) as started:
        page.get_by_test_id(f"download-{kind}").click()
    return Path(started.value.path()).read_bytes()


def test_the_scenario_gives_the_numbers_of_the_page(answered: Page, cases: Path):
    file = cases / "downloaded.yaml"
    file.write_bytes(fetched(answered, "scenario"))
    try:
        spec = load(file)
        assert "incentives" in spec.on
        tables = zipfile.ZipFile(io.BytesIO(fetched(answered, "tables")))
        stored = pd.read_csv(tables.open("by_replicate.csv"))
        for replicate in (0, 7):
            table = run(spec, replicate=replicate).capture
            mine = table[
                (table["place"] == "beta") & (table["measure"] == "investment") & (table["stage"] == "producing")
            ].iloc[0]
            row = stored[
                (stored["replicate"] == replicate) & (stored["arm"] != "baseline") & (stored["measure"] == "investment")
            ]
            assert row["amount"].item() == pytest.approx(mine["amount"], rel=1e-12)
            assert row["capture_rate"].item() == pytest.approx(mine["capture_rate"], rel=1e-12)
    finally:
        file.unlink()


def test_the_tables_hold_scenario_and_log(answered: Page):
    names = zipfile.ZipFile(io.BytesIO(fetched(answered, "tables"))).namelist()
    assert {"manifest.json", "effects.csv", "timeline.parquet", "whatif.yaml", "changes.csv"} <= set(names)


def test_the_charts_are_drawn_in_both_formats(answered: Page):
    names = set(zipfile.ZipFile(io.BytesIO(fetched(answered, "charts"))).namelist())
    assert {"capture-over-time.png", "effects.svg", "cost-sheet.png", "flows.svg"} <= names


def test_the_briefing_is_in_the_language_of_the_page(answered: Page):
    answered.get_by_test_id("language").get_by_text("中文").click()
    expect(answered.get_by_text("方案效果")).to_be_visible()
    archive = zipfile.ZipFile(io.BytesIO(fetched(answered, "briefing")))
    assert {"briefing-zh.html", "briefing-zh.pdf", "briefing-zh.pptx", "briefing-zh.docx"} <= set(archive.namelist())
    assert "捕获率" in archive.read("briefing-zh.html").decode()
