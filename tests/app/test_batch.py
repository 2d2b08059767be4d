"""A folder of batches in a browser: read, filter, compare, chart, take away, go on where a file is damaged."""

from __future__ import annotations

import io
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from app.conftest import ROOT, serving
from relocsim.batch import opening
from relocsim.batch.executing import run_batch
from relocsim.batch.stored import StoredBatch
from relocsim.batch.summaries import effects

sys.path.insert(0, str(ROOT / "tests"))
from batching import plan_file


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two batches, one of which lacks its last part."""
    plans, held = tmp_path_factory.mktemp("plans"), tmp_path_factory.mktemp("batches")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "_part_size", lambda reader: 6)
        run_batch(plan_file(plans, question="Does money help?"), held / "money")
    shutil.copytree(held / "money", held / "unfinished")
    (held / "unfinished" / "runs" / "part-000001.parquet").rename(held / "later")
    return held


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[object]:
    with serving(str(folder), "--port", "0", "--jobs", "1") as served:
        served.url = served.address()  # type: ignore[attr-defined]
        yield served


def opened(tab):
    page = tab()
    expect(page.get_by_test_id("batch-progress")).to_contain_text("12 of 12 runs")
    return page


def choose(page, box: str, name: str) -> None:
    page.get_by_test_id(box).click()
    option = page.get_by_role("option", name=name, exact=True).locator("visible=true")
    option.click()
    page.keyboard.press("Escape")
    expect(option).to_have_count(0)


def test_a_folder_of_batches_opens_with_their_results(tab):
    page = opened(tab)
    expect(page.get_by_text("Does money help?")).to_be_visible()
    expect(page.get_by_test_id("batch-count")).to_contain_text("1 to 12 of 12")
    expect(page.get_by_test_id("batch-charts").locator("canvas").first).to_be_visible()
    assert not page.broken


def test_runs_are_filtered_and_taken_away(tab, folder):
    page = opened(tab)
    choose(page, "filter-subsidy", "0.2")
    expect(page.get_by_test_id("batch-count")).to_contain_text("1 to 6 of 6")
    with page.expect_download() as found:
        page.get_by_test_id("batch-table-csv").click()
    taken = pd.read_csv(io.BytesIO(Path(found.value.path()).read_bytes()))
    by_hand = StoredBatch(folder / "money").runs.query("subsidy == 0.2").reset_index(drop=True)
    pd.testing.assert_frame_equal(taken, by_hand, check_dtype=False)
    page.get_by_test_id("batch-kind").get_by_text("Places").click()
    expect(page.get_by_test_id("batch-runs")).to_contain_text("investment mean")


def test_two_sets_are_compared_in_pairs_as_the_effects_say(tab, folder):
    page = opened(tab)
    page.get_by_test_id("compare-figure").click()
    page.get_by_role("option", name=re.compile("^firms that intend")).locator("visible=true").click()
    choose(page, "a-incentives", "off")
    choose(page, "b-incentives", "on")
    page.get_by_test_id("batch-compare-go").click()
    row = effects(StoredBatch(folder / "money")).query("lever == 'incentives' and observable == 'intentions'").iloc[0]
    expect(page.get_by_test_id("batch-paired")).to_contain_text(f"Paired: {row['pairs']} pairs")
    expect(page.get_by_test_id("batch-paired")).to_contain_text(f"n = {row['replicates']}")
    assert not page.broken


def test_charts_are_drawn_and_printed(tab):
    page = opened(tab)
    for kind in ("Paired change by a factor", "By two factors"):
        page.get_by_test_id("batch-chart").get_by_text(kind).click()
        page.get_by_test_id("batch-draw").click()
        expect(page.get_by_test_id("batch-charts").locator("canvas").first).to_be_visible()
    page.get_by_test_id("batch-chart").get_by_text("Over time").click()
    page.get_by_test_id("batch-draw").click()
    expect(page.get_by_test_id("batch-chart-said")).to_contain_text("choose such a figure")
    page.get_by_test_id("chart-figure").click()
    page.get_by_role("option", name="investment of a place").locator("visible=true").click()
    page.get_by_test_id("batch-draw").click()
    expect(page.get_by_test_id("batch-charts").locator(".finding")).to_contain_text("at the end")
    with page.expect_download() as found:
        page.get_by_test_id("batch-chart-png").click()
    assert Path(found.value.path()).read_bytes().startswith(b"\x89PNG")
    assert not page.broken


def test_one_that_is_being_written_shows_more_when_it_is_read_again(tab, folder):
    page = opened(tab)
    choose(page, "batch", "unfinished")
    expect(page.get_by_test_id("batch-progress")).to_contain_text("6 of 12 runs")
    part = folder / "unfinished" / "runs" / "part-000001.parquet"
    (folder / "later").rename(part)
    page.get_by_test_id("batch-reload").click()
    expect(page.get_by_test_id("batch-progress")).to_contain_text("12 of 12 runs")


def test_a_damaged_file_is_said_and_the_page_lives_on(tab, folder):
    shutil.copytree(folder / "money", folder / "torn")
    (folder / "torn" / "runs" / "part-000000.parquet").write_bytes(b"PAR1")
    page = opened(tab)
    choose(page, "batch", "torn")
    expect(page.get_by_role("alert")).to_contain_text("damaged, incomplete")
    choose(page, "batch", "money")
    expect(page.get_by_test_id("batch-progress")).to_contain_text("12 of 12 runs")


def test_it_is_read_in_chinese_and_the_batch_stays_open(tab):
    page = opened(tab)
    page.get_by_test_id("language").get_by_text("中文").click()
    expect(page.get_by_test_id("batch-progress")).to_contain_text("已完成")
    assert not page.broken
