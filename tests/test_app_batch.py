"""Results of a batch as the page reads them: the figures of `relocsim results`, pairs wherever there are any."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from batching import RECORD, plan_file

from relocsim.app.batch import found as batch_found
from relocsim.app.batch import read as batch_read
from relocsim.app.batch.compared import APART, NOTHING, PAIRS, REPLICATES, SAME, compared, set_against
from relocsim.app.batch.drawn import CHANGE, COURSE, LEVELS, PHASES, Asked, made
from relocsim.app.batch.figures import course_table, levels_table, phases_table, points_table
from relocsim.app.batch.files import chart_bytes, table_file
from relocsim.app.batch.found import Batches, open_batch, served_in
from relocsim.app.batch.listed import PLACES, POINTS, RUNS, Listed, page_of, whole_table
from relocsim.app.batch.read import Chosen, Measure, values
from relocsim.app.batch.told import (
    about_rows,
    comparison_sentence,
    factor_rows,
    failure_rows,
    pairing_words,
    progress_words,
)
from relocsim.batch import opening
from relocsim.batch.executing import run_batch
from relocsim.batch.folder import BatchError
from relocsim.batch.stored import Failed, StoredBatch, status_of
from relocsim.batch.summaries import cell_summary, effects, summary
from relocsim.errors import SpecError
from relocsim.language import words_in
from relocsim.report.charts.sources import cells_of

BOTH = [words_in("en"), words_in("zh")]
UNKNOWN = {"factors": {"sensitivity": {"path": "parameters.sensitivity", "levels": [0.01, 0.03]}}}
FIGURE = Measure("intentions")
OFF, ON = Chosen({"incentives": (False,)}), Chosen({"incentives": (True,)})


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> StoredBatch:
    """Two levers by two values of an unknown, three replicates; parts of five runs."""
    folder = tmp_path_factory.mktemp("results")
    record = {**RECORD, "columns": ["wage_ratio"]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "_part_size", lambda reader: 5)
        return StoredBatch(run_batch(plan_file(folder, uncertainties=UNKNOWN, record=record), folder / "out"))


@pytest.fixture
def copied(batch: StoredBatch, tmp_path: Path) -> Path:
    return Path(shutil.copytree(batch.folder, tmp_path / "batch"))


def test_points_have_the_figures_of_the_summary(batch: StoredBatch) -> None:
    ours = points_table(batch, FIGURE, Chosen())
    theirs = summary(batch).query("observable == 'intentions'").drop(columns="observable").reset_index(drop=True)
    pd.testing.assert_frame_equal(ours, theirs, check_dtype=False)


@pytest.mark.parametrize("lever", ["incentives", "subsidy"])
def test_sets_by_the_levels_of_a_lever_have_the_figures_of_its_effect(batch: StoredBatch, lever: str) -> None:
    first, last = sorted(batch.points[lever].unique().tolist())
    found = compared(batch, FIGURE, Chosen({lever: (first,)}), Chosen({lever: (last,)}))
    row = effects(batch).query("lever == @lever and observable == 'intentions'").iloc[0]
    assert (found.kind, found.pairs, found.left_out) == (PAIRS, row["pairs"], (0, 0))
    for name in ("mean", "low", "high", "coverage", "simulation_error", "replicates", "positive"):
        assert getattr(found.effect, name) == pytest.approx(row[name]), name


def test_a_pair_is_never_lost_to_means_of_unlike_points(batch: StoredBatch) -> None:
    """The sets are of unlike points as a whole; only what is alike counts, and the rest is said."""
    one = Chosen({"incentives": (False,), "subsidy": (0.05,)})
    two = Chosen({"incentives": (True,), "subsidy": (0.05, 0.2)}, replicates=(0, 1))
    found = compared(batch, FIGURE, one, two)
    runs = batch.runs.query("replicate < 2")
    wide = runs.pivot(index=["replicate", "sensitivity"], columns=["incentives", "subsidy"], values="intentions")
    by_hand = (wide[True, 0.05] + wide[True, 0.2]) / 2 - wide[False, 0.05]
    assert found.kind == PAIRS
    assert found.effect.mean == pytest.approx(by_hand.mean())
    assert found.effect.replicates == 4


def test_what_has_no_counterpart_is_left_out_and_said() -> None:
    points = pd.DataFrame({"point": [0, 1, 2], "on": [False, True, True], "size": [1.0, 1.0, 2.0]})
    figures = np.array([[1.0, 3.0, 100.0], [2.0, 5.0, 100.0]])
    groups = {(1.0,): ([0], [1]), (2.0,): ([], [2])}
    found = set_against(figures, figures, groups, points, [])
    assert (found.kind, found.effect.mean, found.left_out) == (PAIRS, 2.5, (0, 1))
    assert "0 points of A, 1 of B" in pairing_words(found, BOTH[0])


def test_without_like_points_replicates_are_pairs_and_without_those_nothing_is_said_of_the_sign() -> None:
    points = pd.DataFrame({"point": [0, 1], "size": [1.0, 2.0]})
    luck = np.array([0.0, 100.0, 200.0])
    figures = np.column_stack([luck, luck + np.arange(1.0, 4.0)])
    groups = {("a",): ([0], []), ("b",): ([], [1])}
    found = set_against(figures, figures, groups, points, [])
    assert (found.kind, found.effect.low, found.effect.mean, found.effect.high) == (REPLICATES, 1.0, 2.0, 3.0)
    early, late = figures.copy(), figures.copy()
    early[2:], late[:2] = np.nan, np.nan
    apart = set_against(early, late, groups, points, [])
    assert (apart.kind, apart.effect.replicates, apart.effect.sign_is_clear) == (APART, 0, False)
    assert apart.effect.mean == 203.0 - 50.0
    assert set_against(early, np.full((3, 2), np.nan), groups, points, []).kind == NOTHING


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.code)
def test_every_kind_of_comparison_is_said(batch: StoredBatch, words) -> None:
    assert compared(batch, FIGURE, ON, ON).kind == SAME
    apart = compared(batch, FIGURE, Chosen(OFF.levels, replicates=(0, 0)), Chosen(ON.levels, replicates=(1, 2)))
    assert apart.kind == APART
    sides = [(OFF, ON), (ON, ON), (Chosen(OFF.levels, replicates=(0, 0)), Chosen(ON.levels, replicates=(1, 2))),
             (Chosen(replicates=(7, 9)), ON)]  # fmt: skip
    said = {comparison_sentence(compared(batch, FIGURE, *pair), "x", "%", words) for pair in sides}
    assert len(said) == len(sides)


def test_runs_are_filtered_sorted_and_turned_over(batch: StoredBatch) -> None:
    chosen = Chosen({"incentives": (True,)}, {"sensitivity": (0.0, 0.02)}, (1, 2))
    by_hand = batch.runs.query("incentives and sensitivity < 0.02 and replicate >= 1")
    ordered = by_hand.sort_values(["intentions", "run"], ascending=[False, True], ignore_index=True)
    total, rows = page_of(batch, Listed(RUNS, chosen, sort="intentions", descending=True), 1, 2)
    assert total == len(by_hand) == 4
    pd.testing.assert_frame_equal(rows, ordered.iloc[1:3].reset_index(drop=True), check_dtype=False)
    by_factor = page_of(batch, Listed(RUNS, Chosen(), sort="subsidy", descending=True), 0, 3)[1]
    assert set(by_factor["subsidy"]) == {0.2}


def test_a_page_reads_one_column_of_the_runs_that_are_not_on_it(batch: StoredBatch, monkeypatch) -> None:
    asked: list[tuple[tuple[str, ...], object]] = []
    read = StoredBatch.run_columns

    def noted(self, columns, **more):
        asked.append((tuple(columns), more.get("numbers")))
        return read(self, columns, **more)

    monkeypatch.setattr(StoredBatch, "run_columns", noted)
    fresh = StoredBatch(batch.folder)
    page_of(fresh, Listed(RUNS, ON, sort="capture"), 0, 2)
    status_of(fresh)
    assert asked[0] == (("point", "replicate", "capture"), None)
    assert len(asked[1][1]) == 2
    assert all(numbers is not None or len(columns) <= 3 for columns, numbers in asked)
    assert "runs" not in vars(fresh)


def test_places_have_the_figures_of_the_cell_summary(batch: StoredBatch) -> None:
    ours = whole_table(batch, Listed(PLACES, Chosen(), places=("beta",), sort="period"))
    pd.testing.assert_frame_equal(ours, cell_summary(batch, places=["beta"]).sort_values("period", ignore_index=True))
    part = whole_table(batch, Listed(PLACES, ON, places=("beta",)))
    assert (part["count"] == 12).all()
    cells = batch.cell_table(places=["beta"]).query("incentives")
    assert part["jobs mean"].iloc[-1] == pytest.approx(cells[cells["period"] == part["period"].iloc[-1]]["jobs"].mean())


def test_a_flow_of_a_place_is_a_figure_like_any_other(batch: StoredBatch) -> None:
    period = batch.manifest.layout["periods"][-1]
    found = values(batch, Measure("investment", "beta", period), ON)
    cells = batch.cell_table(places=["beta"], periods=[period]).query("incentives")
    assert np.nansum(found) == pytest.approx(cells["investment"].sum())
    assert np.isfinite(found).sum() == len(cells)
    course = course_table(batch, Measure("investment", "beta"), "incentives", Chosen())
    last = course[(course["period"] == period) & course["level"]].iloc[0]
    assert last["mean"] == pytest.approx(cells["investment"].mean())


def test_a_phase_diagram_is_that_of_the_printed_charts(batch: StoredBatch) -> None:
    ours = phases_table(batch, FIGURE, ("subsidy", "sensitivity"), "incentives", Chosen())
    pd.testing.assert_frame_equal(ours, cells_of(batch.runs, "subsidy", "sensitivity", "intentions", "incentives"))


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.code)
@pytest.mark.parametrize("kind", [LEVELS, CHANGE, PHASES, COURSE])
def test_charts_show_the_figures_of_their_tables_and_can_be_printed(batch: StoredBatch, kind: str, words) -> None:
    measure = Measure("investment", "beta") if kind == COURSE else FIGURE
    found = made(batch, Asked(kind, measure, Chosen(), "subsidy", "sensitivity", "incentives"), words)
    assert found is not None
    json.dumps(found.drawn.option, allow_nan=False)
    drawn = found.drawn.option["series"][0]["data"]
    if kind == PHASES:
        shown, table = [one["value"][2] for one in drawn], phases_table(batch, FIGURE, ("subsidy", "sensitivity"), "incentives", Chosen())  # fmt: skip # noqa: E501
    elif kind == COURSE:
        shown, table = [one["value"] for one in drawn], course_table(batch, measure, "subsidy", Chosen())
        table = table[table["level"] == 0.05]
    else:
        shown, table = [one["value"][0] for one in drawn], levels_table(batch, FIGURE, "subsidy", Chosen(), change=kind == CHANGE)  # fmt: skip # noqa: E501
    assert shown == pytest.approx(table["mean"].tolist())
    figure = found.printed(words_in("en"))
    assert figure.get_suptitle()


def test_a_chart_of_a_sampled_factor_has_a_point_a_point(batch: StoredBatch, monkeypatch) -> None:
    monkeypatch.setattr(batch_read, "MOST_LEVELS", 1)
    found = made(batch, Asked(LEVELS, FIGURE, Chosen(), "subsidy"), BOTH[0])
    assert found is not None
    assert len(found.drawn.option["series"][0]["data"]) == len(batch.points)
    assert chart_bytes(found.printed, "svg", BOTH[0]).startswith(b"<?xml")


def test_a_level_without_a_change_gives_no_chart_but_no_error(batch: StoredBatch) -> None:
    assert made(batch, Asked(CHANGE, FIGURE, ON, "incentives"), BOTH[0]) is None
    assert made(batch, Asked(LEVELS, FIGURE, Chosen(replicates=(8, 9)), "subsidy"), BOTH[0]) is None


def test_tables_are_taken_away_whole(batch: StoredBatch, monkeypatch) -> None:
    asked = Listed(RUNS, ON, sort="run")
    by_hand = batch.runs.query("incentives").reset_index(drop=True)
    for ending, read in (("csv", pd.read_csv), ("parquet", pd.read_parquet), ("xlsx", pd.read_excel)):
        found = read(io.BytesIO(table_file(batch, asked, ending, BOTH[0])))
        pd.testing.assert_frame_equal(found, by_hand, check_dtype=False)
    monkeypatch.setattr("relocsim.app.batch.files.LONGEST_SHEET", 3)
    with pytest.raises(BatchError, match="12 rows"):
        table_file(batch, asked, "xlsx", BOTH[0])


def test_text_of_a_workbook_is_no_formula() -> None:
    from openpyxl import load_workbook

    from relocsim.app.batch.files import table_bytes

    made_of = pd.DataFrame({"error": ["=1+1", None]})
    sheet = load_workbook(io.BytesIO(table_bytes(made_of, "xlsx", BOTH[0]))).active
    assert (sheet["A2"].data_type, sheet["A2"].value) == ("s", "=1+1")


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.code)
def test_a_batch_is_told(batch: StoredBatch, words) -> None:
    rows = dict(about_rows(batch, words))
    assert any("incentives, subsidy" in text for text in rows.values())
    assert "24" in progress_words(status_of(batch), words)
    assert factor_rows(batch, words)[1][1] == "policies.incentives.capital_subsidy"
    failed = (Failed(3, 1, 0, "ValueError: no", "line\nat the end"),)
    assert failure_rows(batch, failed, words)[0][-2:] == ["ValueError: no", "at the end"]


def test_one_that_is_being_written_shows_what_is_there(copied: Path) -> None:
    parts = sorted((copied / "runs").iterdir())
    parts[-1].rename(parts[-1].with_suffix(".later"))
    found = open_batch(copied)
    assert page_of(found, Listed(RUNS, Chosen()), 0, 50)[0] == 20
    assert status_of(found).finished == 20
    half = compared(found, FIGURE, OFF, ON)
    assert (half.kind, half.effect.replicates) == (PAIRS, 5)  # of replicates and unknowns that are whole
    parts[-1].with_suffix(".later").rename(parts[-1])
    assert status_of(open_batch(copied)).finished == 24


def test_before_the_first_part_there_is_nothing_to_see_and_no_error(copied: Path) -> None:
    for part in (*(copied / "runs").iterdir(), *(copied / "cells").iterdir()):
        part.unlink()
    found = open_batch(copied)
    assert page_of(found, Listed(RUNS, Chosen()), 0, 50)[0] == 0
    assert compared(found, FIGURE, OFF, ON).kind == NOTHING
    assert made(found, Asked(LEVELS, FIGURE, Chosen(), "subsidy"), BOTH[0]) is None
    assert len(whole_table(found, Listed(POINTS, Chosen(), FIGURE))) == 8
    assert status_of(found).finished == 0


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.code)
def test_what_is_damaged_or_of_another_version_is_said(copied: Path, words) -> None:
    part = next((copied / "runs").iterdir())
    part.write_bytes(part.read_bytes()[:100])
    with pytest.raises(BatchError, match="batch"):
        batch_found.read(open_batch(copied, words), words, page_of, Listed(RUNS, Chosen()), 0, 5)
    manifest = copied / "manifest.json"
    held = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps({**held, "format": 0}), "utf-8")
    with pytest.raises(BatchError, match="0"):
        open_batch(copied, words)
    manifest.write_text(json.dumps({key: value for key, value in held.items() if key != "layout"}), "utf-8")
    with pytest.raises(BatchError, match="layout"):
        open_batch(copied, words)
    manifest.write_text("{", "utf-8")
    with pytest.raises(BatchError, match=r"manifest\.json"):
        open_batch(copied, words)
    assert list(Batches(copied.parent).names()) == ["batch"]
    shutil.rmtree(copied)
    with pytest.raises(BatchError, match="batch"):
        open_batch(copied, words)


def test_batches_are_found_beside_scenarios_or_alone(copied: Path, tmp_path: Path) -> None:
    assert served_in(None)[1].names() == {}
    cases, batches = served_in(tmp_path)
    assert (list(batches.names()), batches.alone) == (["batch"], True)
    assert "chenzhou" in cases
    assert list(served_in(copied)[1].names()) == ["batch"]
    with pytest.raises(SpecError):
        served_in(copied / "runs")
