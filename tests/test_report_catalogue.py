"""The catalogue of charts: titles follow the numbers, stored and played results give the same, errors say what to do."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from drawn import NAMES, accounts, cells, sectors, shares, stages, timeline
from packaging.requirements import Requirement
from toy import SCENARIO
from typer.testing import CliRunner

from relocsim.cli import app
from relocsim.language import ENGLISH, words_in
from relocsim.report import doctor, fonts
from relocsim.report.charts.delivery import depth_title, funnel_title
from relocsim.report.charts.design import multiples_title, phase_title
from relocsim.report.charts.package import job_cost_title, waterfall_title
from relocsim.report.charts.sources import cells_of, stages_of
from relocsim.report.charts.stored import StoredComparison, StoredError, arms_named, read_stored
from relocsim.report.charts.writing import chosen_formats
from relocsim.report.effects import effects_of
from relocsim.report.results import write_comparison
from relocsim.report.sentences import baseline_sentence, effect_sentence
from relocsim.report.theme import columns_of, filled
from relocsim.spec import load

EN = NAMES["en"]
QUICK = ["--set", "scenario.firms=200", "--set", "scenario.end=2010-Q2"]


def test_the_waterfall_names_only_what_is_clear() -> None:
    told = waterfall_title(shares(), city="Beta", names=EN)
    assert told.startswith("The package changes Beta's capture rate by +1.20 (+0.80 to +1.60) percentage points")
    assert told.endswith("the largest clear share is that of Park expansion: +1.10 (+0.90 to +1.30)")
    unclear = waterfall_title(shares(clear=False), city="Beta", names=EN)
    none = shares().assign(mean=0.0, low=-1e-17, high=1e-17)
    told = waterfall_title(none, city="Beta", names=EN)
    assert told == "In none of 40 replicates does the package change Beta's capture rate"
    assert unclear.startswith("Whether the package changes Beta's capture rate cannot be told")


def test_the_cost_of_a_job_is_told_where_there_are_some_in_all_replicates() -> None:
    assert job_cost_title(accounts(), city="Beta", names=EN) == (
        "A but-for job in Beta costs 20.0 (14.0 to 26.0) x 10,000 yuan with Equity fund; "
        "whether that is less than with Park expansion cannot be told"
    )
    assert "cannot be told" in job_cost_title(accounts(sure=False), city="Beta", names=EN)


def test_a_target_is_met_missed_or_not_told() -> None:
    targets = {"honoured": 0.4, "ground": 0.6, "producing": 0.3}
    told = funnel_title(stages(), city="Beta", targets=targets)
    assert (
        "target met: contract honoured; target missed: ground broken; whether the target is met cannot be told" in told
    )
    sure = funnel_title(stages(width=0.0), city="Beta", targets={"producing": 0.3})
    assert sure == "Of the investment signed in Beta, 36 % is in production by the end; target met: in production"
    nothing = stages().assign(mean=0.0)
    assert funnel_title(nothing, city="Beta", targets=targets) == "Nothing is signed in Beta"


def test_depth_tells_how_many_lack_a_link() -> None:
    assert depth_title(sectors(), city="Beta", names=EN).endswith("1 of 2 sectors lacks a key link")
    whole = sectors().assign(missing=[[], []])
    assert depth_title(whole, city="Beta", names=EN).endswith("no key link is missing")


def test_cells_are_counted_by_sign() -> None:
    table = cells()
    gain, loss = (table["low"] > 0).sum(), (table["high"] < 0).sum()
    told = phase_title(table, effect="x")
    assert told == f"x: above zero in {gain}, below zero in {loss} and not clear in {12 - gain - loss} of 12 cells"
    assert phase_title(table.assign(low=-9.0, high=9.0), effect="x") == "x: the sign is clear in none of 12 cells"


def test_intervals_that_overlap_are_said_to() -> None:
    apart = {"A": timeline({"a": 0.01}), "B": timeline({"b": 0.2})}
    assert "B captures most" in multiples_title(apart, arms=("baseline", None))
    near = {"A": timeline({"a": 0.10}), "B": timeline({"b": 0.12})}
    assert "overlap" in multiples_title(near, arms=("baseline", None))


def test_stages_are_cumulated_and_shares_are_of_what_was_signed() -> None:
    columns = {f"{stage}_at": ["x", "x", ""] for stage in ("honoured", "ground")}
    projects = pd.DataFrame(
        {"investment": [1.0, 2.0, 4.0], "intention_at": "x", "signed_at": ["x", "x", "x"], **columns,
         "producing_at": ["x", "", ""]}
    )  # fmt: skip
    found = stages_of(projects).set_index("stage")
    assert found["mean"].tolist() == [7.0, 7.0, 3.0, 3.0, 1.0]
    assert found.loc["producing", "of_signed"] == pytest.approx(1 / 7)


def test_cells_of_a_batch_are_paired_within_replicates() -> None:
    rows = [
        {"replicate": r, "x": x, "y": y, "on": on, "capture": 100.0 * r + x * y * on}
        for r in range(3) for x in (1, 2) for y in (1, 3) for on in (False, True)
    ]  # fmt: skip
    found = cells_of(pd.DataFrame(rows), "x", "y", "capture", "on").set_index(["x", "y"])
    assert found.loc[(2, 3), ["mean", "low", "high"]].tolist() == [6.0, 6.0, 6.0]
    runs = pd.DataFrame(rows)
    from_first = cells_of(runs[runs["on"]], "x", "y", "capture", None).set_index(["x", "y"])
    assert from_first.loc[(2, 3), "mean"] == pytest.approx(5.0)
    assert (1, 1) not in from_first.index


# --- stored results ---


def test_a_stored_comparison_says_what_the_played_one_says(compared, tmp_path: Path) -> None:
    write_comparison(tmp_path, compared, SCENARIO, [], charts=False)
    stored = StoredComparison(read_stored(tmp_path), compared.spec)
    assert [arm.name for arm in stored.arms] == [arm.name for arm in compared.arms]
    assert [arm.on for arm in stored.arms] == [arm.on for arm in compared.arms]
    for words in (ENGLISH, words_in("zh")):
        told = [
            [
                baseline_sentence(one, "Beta", words),
                *(effect_sentence(e, "Beta", words) for e in effects_of(one, words)),
            ]
            for one in (compared, stored)
        ]
        assert told[0] == told[1]


def test_results_of_another_scenario_are_refused(compared, tmp_path: Path) -> None:
    write_comparison(tmp_path, compared, SCENARIO, ["scenario.firms=123"], charts=False)
    with pytest.raises(StoredError, match="is not the scenario that"):
        read_stored(tmp_path).spec(SCENARIO)
    with pytest.raises(StoredError, match="no policy or package 'gone'"):
        arms_named(compared.spec, ["baseline", "gone"])
    with pytest.raises(StoredError, match="holds no results"):
        read_stored(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [([], "give one scenario file"), ([str(SCENARIO), "--only", "pie"], "there is no chart 'pie'"),
     ([str(SCENARIO), "--only", "tornado"], "give the folder that relocsim sensitivity --out left"),
     ([str(SCENARIO), "--to", "gif"], "formats are png, svg, pdf"), ([str(SCENARIO), "--lang", "fr"], "'fr' is not known"),
     ([str(SCENARIO), "--target", "signed=2"], "stages are")],
)  # fmt: skip
def test_what_cannot_be_drawn_is_said(arguments: list[str], said: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["charts", *arguments, *QUICK, "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())
    assert not (tmp_path / "out").exists()


def test_the_command_draws_both_languages_from_one_run(tmp_path: Path) -> None:
    names = "cost-sheet,funnel,depth"
    command = ["charts", str(SCENARIO), *QUICK, "--only", names, "--lang", "both", "--to", "svg", "--out"]
    done = CliRunner().invoke(app, [*command, str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert done.output.count("playing relocsim run") == 1
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert files == {
        "manifest.json",
        "played",
        *(f"{one}-{code}.svg" for one in names.split(",") for code in ("en", "zh")),
    }
    assert "<text" not in (tmp_path / "out" / "depth-zh.svg").read_text("utf-8")
    held = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert held["drawn_from"] == {"cost-sheet": "scenario", "funnel": "run", "depth": "scenario"}
    kept = tmp_path / "out" / "played" / "run"
    assert held["sources"]["run"]["folder"] == "played/run"
    assert held["sources"]["run"]["manifest"] == hashlib.sha256((kept / "manifest.json").read_bytes()).hexdigest()
    again = [
        str(kept),
        "--scenario",
        str(SCENARIO),
        "--only",
        "funnel",
        "--to",
        "svg",
        "--out",
        str(tmp_path / "again"),
    ]
    assert CliRunner().invoke(app, ["charts", *again]).exit_code == 0
    assert (tmp_path / "again" / "funnel.svg").read_bytes() == (tmp_path / "out" / "funnel-en.svg").read_bytes()


def test_the_list_names_every_chart() -> None:
    done = CliRunner().invoke(app, ["charts", "--list"])
    assert done.exit_code == 0
    for name in ("waterfall", "tornado", "multiples"):
        assert name in done.output


def test_formats_are_taken_once_in_their_order() -> None:
    assert chosen_formats("svg, png,svg") == ("svg", "png")


# --- fonts and lines ---


def test_without_a_chinese_font_charts_are_in_english_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "chinese_font", lambda: None)
    words, advice = fonts.readable(words_in("zh"))
    assert words is ENGLISH
    assert "pip install 'relocsim[zh]'" in advice
    assert fonts.readable(ENGLISH) == (ENGLISH, "")


def test_every_letter_of_the_catalogue_has_a_glyph() -> None:
    font = fonts.chinese_font()
    assert font is not None
    said = "".join(words_in("zh").messages.values())  # type: ignore[attr-defined]
    assert fonts.lacking(font.path, said) == []


def test_chinese_lines_keep_their_width_and_their_marks() -> None:
    text = "郴州市承接珠三角转移投资的 1.25（0.80 至 1.60）%，主要来自电子信息（含手机）、金属制品业和其他行业。" * 2
    lines = filled(text, 30).split("\n")
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    assert all(columns_of(line) <= 30 + 4 for line in lines)
    assert all(line[0] not in "，。；：、）！？》%" and line[-1] not in "（《" for line in lines)
    assert filled("plain words that are only English", 12) == "plain words\nthat are\nonly English"


# --- doctor ---


def test_the_doctor_finds_what_is_wanting(tmp_path: Path) -> None:
    assert doctor.judged(Requirement("numpy>=1.26"), "1.20").advice == "1.20 will not do: pip install 'numpy>=1.26'"
    assert not doctor.judged(Requirement("nothing>=1"), None).well
    assert doctor.judged(Requirement("numpy>=1.26"), "2.0").well
    assert not doctor.memory(0.5 * 2**30).well
    assert doctor.memory(np.nan).well
    assert doctor.writing(tmp_path).well
    assert not doctor.writing(tmp_path / "gone").well


def test_the_doctor_knows_every_extra() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(doctor.EXTRAS) == set(project["optional-dependencies"])


def test_the_doctor_ends_with_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    assert CliRunner().invoke(app, ["doctor"]).exit_code == 0
    ill = replace(doctor.python_version(), well=False)
    monkeypatch.setattr(doctor, "python_version", lambda: ill)
    monkeypatch.setenv("COLUMNS", "160")  # as wide as where there is no terminal
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1
    assert "install Python 3.11 or newer" in done.output


def test_the_spec_of_results_is_found_again(compared, tmp_path: Path) -> None:
    settings = ["scenario.firms=300"]
    spec = load(SCENARIO, settings=settings)
    write_comparison(tmp_path, replace(compared, spec=spec), SCENARIO, settings, charts=False)
    assert read_stored(tmp_path).spec(SCENARIO).digest == spec.digest
