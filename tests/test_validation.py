"""Published figures beside the model: evidence is read, compared, and held against simple models."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from toy import SCENARIO
from typer.testing import CliRunner

from relocsim.cli import app
from relocsim.errors import SpecError
from relocsim.model import lay_foundation
from relocsim.report.validations import TABLES, page, skill_sentences, tally
from relocsim.spec import load
from relocsim.spec.evidence import load_evidence
from relocsim.validation.answering import Validated, cities_of, validate
from relocsim.validation.comparing import INSIDE, OUTSIDE, comparisons
from relocsim.validation.planning import Validation, load_validation
from relocsim.validation.simple import COSTS, GRAVITY, MODEL, PERSISTENCE, SIZE, shares, simple_shares
from relocsim.validation.skill import ERROR, PER_SIZE, RANK, adds_to_size, skill, spearman

ROOT = Path(__file__).parents[1]
SHIPPED = sorted((ROOT / "scenarios" / "evidence").glob("*.yaml"))
HELD = ROOT / "experiments" / "validation"
EVIDENCE = """format: 1
kind: evidence
figures:
  ratio:
    {place: Beta, date: "2010", what: beta over gamma, number: [3, 2], unit: projects, use: validate, grade: document,
      seen: document, source: Made up for tests}
  rate: {place: all, what: that relocate, number: 3.2, use: calibrate, grade: literature, seen: abstract, source: Nobody}
  level: {place: Beta, what: money, number: 245, use: validate, grade: document, seen: document, source: Nobody,
    silent: a level of all investors}
  sign: {place: everywhere, what: places that promise more get more, band: [-0.2, -0.1], use: validate, grade: literature,
    seen: abstract, source: Nobody, findings: ["P1: loss"]}
"""
PLAN = f"""format: 1
kind: validation
evidence: evidence.yaml
findings: findings.json
investment: investment.csv
replicates: 3
cases:
  toy: {{scenario: {SCENARIO.as_posix()}, settings: {{scenario.firms: 400}}}}
comparisons:
  beta-over-gamma:
    case: toy
    figure: ratio
    item: 0
    share_of: [1]
    measure: {{flow: expected, places: [beta]}}
    over: {{flow: expected, places: [gamma]}}
    tolerance: x/1.2
  rate:
    case: toy
    figure: rate
    measure: {{observable: relocations}}
    tolerance: 0.001
"""
INVESTMENT = "# made up\ncity,year,value\n" + "\n".join(
    f"{city},{year},{value + year - 2009}"
    for city, value in (("beta", 3), ("gamma", 2), ("delta", 7))
    for year in (2009, 2010)
)


def planned(folder: Path, **texts: str) -> Path:
    """Write a plan with its files, some of them other than usual, and return its path."""
    files = {
        "plan.yaml": PLAN, "evidence.yaml": EVIDENCE, "investment.csv": INVESTMENT,
        "findings.json": json.dumps({"P1": {"loss": {"mean": 0.14, "low": 0.06, "high": 0.2, "band": None}}}),
    }  # fmt: skip
    for name, text in {**files, **{name.replace("_", "."): text for name, text in texts.items()}}.items():
        (folder / name).write_text(text, "utf-8")
    return folder / "plan.yaml"


@pytest.fixture(scope="module")
def validation(tmp_path_factory: pytest.TempPathFactory) -> Validation:
    return load_validation(planned(tmp_path_factory.mktemp("validation")))


@pytest.fixture(scope="module")
def found(validation: Validation) -> Validated:
    return validate(validation)


# ---------------------------------------------------------------- evidence


def test_every_shipped_figure_is_told_of() -> None:
    figures = load_evidence(*map(str, SHIPPED))
    assert len(figures) > 80
    told = load_validation(HELD / "plan.yaml")
    assert set(told.figures) == set(figures)
    compared = {one.figure for one in told.plan.comparisons.values()}
    assert compared <= set(figures)
    assert not [name for name in compared if figures[name].silent], "silent, and compared all the same"


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_no_text_of_a_shipped_figure_breaks_off(file: Path) -> None:
    for name, figure in load_evidence(str(file)).items():
        for text in (figure.what, figure.note, figure.source, figure.silent):
            assert text.count("(") == text.count(")"), name


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("use: calibrate", "use: calibrated"), "evidence.yaml:7:"),
        (("number: 3.2", "number: a lot"), "evidence.yaml:7:"),
        (("silent: a level", "quiet: a level"), "unknown key 'quiet'"),
        (
            ("    silent: a level of all investors", "    note: a level of all investors"),
            "nothing is said of the figure 'level'",
        ),
        (("P1: loss", "P1: los"), "there is no finding 'P1: los'"),
    ],
)
def test_unsound_evidence_is_told_with_its_place(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    text = EVIDENCE.replace(*change)
    assert text != EVIDENCE
    with pytest.raises(SpecError) as told:
        load_validation(planned(tmp_path, evidence_yaml=text))
    assert words in str(told.value)


def test_a_figure_is_there_once(tmp_path: Path) -> None:
    planned(tmp_path)
    with pytest.raises(SpecError, match="there is a figure 'ratio' already"):
        load_evidence(str(tmp_path / "evidence.yaml"), str(tmp_path / "evidence.yaml"))


# ---------------------------------------------------------------- comparisons


def test_figures_stand_beside_the_model_with_what_was_set_from_them(found: Validated) -> None:
    table = found.figures.set_index("figure")
    assert list(table.index) == ["ratio", "rate", "sign", "level"]
    assert table.loc["ratio", "value"] == 1.5
    assert table.loc["ratio", "value_high"] == pytest.approx(1.5 * 1.2**1.96)
    assert table.loc["rate", "verdict"] == OUTSIDE
    assert table.loc["sign", "verdict"] == INSIDE, "a fall is told as a positive number by the patterns"
    assert table.loc["level", "reason"] == "a level of all investors"
    assert tally(found.figures)["calibrate"] == {INSIDE: 0, "only with its error": 0, OUTSIDE: 1, "too wide to tell": 0}
    assert "**outside**" in page({name: getattr(found, name) for name in TABLES}, {"replicates": 3})


def test_the_verdict_is_of_the_interval_and_the_tolerance(validation: Validation, found: Validated) -> None:
    low, high = found.figures.set_index("figure").loc["ratio", ["low", "high"]]
    for value, said in (
        (np.sqrt(low * high), INSIDE),
        (high * 1.1, "only with its error"),
        (high * 1.2**1.96 * 1.01, OUTSIDE),
        (low / 1.2**1.96 / 1.01, OUTSIDE),
    ):
        aims = tuple(
            replace(aim, value=float(value)) if aim.name == "beta-over-gamma" else aim for aim in validation.aims
        )
        table = comparisons(replace(validation, aims=aims), found.shown)
        assert table.set_index("figure").loc["ratio", "verdict"] == said


# ---------------------------------------------------------------- simple models


def test_simple_models_are_what_they_say() -> None:
    spec = load(SCENARIO, settings=["scenario.firms=200"])
    cities = ("beta", "gamma", "delta")
    told = simple_shares(spec, cities, np.array([1.0, 3.0, 4.0]))
    np.testing.assert_allclose(told[PERSISTENCE], [0.125, 0.375, 0.5])
    gdp = np.array([spec.world.places[city].gdp for city in cities])
    np.testing.assert_allclose(told[SIZE], gdp / gdp.sum())
    foundation = lay_foundation(spec)
    places = foundation.setting.places
    rows = [places.row(city) for city in cities]
    origin = places.origins[places.studied]
    pull = gdp * (foundation.output[origin].sum(axis=1)[:, None] / (places.km[origin] + 50))[:, rows].sum(axis=0)
    np.testing.assert_allclose(told[GRAVITY], pull / pull.sum())
    assert told[COSTS].sum() == pytest.approx(1)
    assert np.isnan(shares(np.zeros(3))).all()


def test_a_rank_correlation_is_that_of_scipy() -> None:
    one, other = np.array([3.0, 1, 4, 1, 5]), np.array([9.0, 2, 6, 5, 3])
    assert spearman(one, other) == pytest.approx(spearmanr(one, other).statistic)
    np.testing.assert_allclose(spearman(np.stack([one, other]), np.stack([other, one])), spearman(one, other))
    assert np.isnan(spearman(one, np.ones(5)))


def test_skill_tells_a_good_predictor_from_size_and_a_bad_one() -> None:
    gdp = np.arange(1.0, 21)
    actual = np.roll(gdp, 9)
    before = np.ones(20)
    good = skill({SIZE: gdp, MODEL: actual}, actual, before, gdp)
    assert adds_to_size(good) == adds_to_size(good, PER_SIZE) == adds_to_size(good, ERROR) == "better"
    assert adds_to_size(skill({SIZE: actual, MODEL: gdp}, actual, before, gdp)) == "worse"
    assert adds_to_size(skill({SIZE: gdp, MODEL: gdp}, actual, before, gdp)) == "not told apart"
    row = good.set_index(["measure", "predictor"]).loc[(RANK, MODEL)]
    assert row["value"] == row["low"] == row["high"] == pytest.approx(1)
    assert "adds to size" in skill_sentences(good.assign(case="toy", cities=20))[0]


def test_cities_of_a_case_are_those_with_figures_that_are_no_origin(validation: Validation) -> None:
    assert cities_of(validation) == {}, "three are too few for ranks"


# ---------------------------------------------------------------- the command and the page


def test_the_command_writes_tables_and_a_page(tmp_path: Path) -> None:
    plan, out = planned(tmp_path), tmp_path / "out"
    told = CliRunner().invoke(
        app, ["validate", str(plan), "--out", str(out), "--page", str(tmp_path / "page.md"), "--jobs", "1"]
    )
    assert told.exit_code == 0, told.output
    assert "figures that nothing was set from" in told.output
    assert set(pd.read_csv(out / "figures.csv")["figure"]) == {"ratio", "rate", "sign", "level"}
    assert (tmp_path / "page.md").read_text("utf-8").startswith("# Validation")


def outdated(table: pd.DataFrame, validation: Validation) -> list[str]:
    """Return what a kept table of figures says otherwise than evidence and plan do now."""
    figures, aims = validation.figures, {aim.name: aim for aim in validation.aims}
    rows = table.fillna({"comparison": ""}).to_dict("records")
    found = [
        str(row["figure"]) for row in rows if row["figure"] in figures and row["use"] != figures[row["figure"]].use
    ]
    found += [name for name in figures if name not in set(table["figure"])]
    kept = {row["comparison"]: row["value"] for row in rows if row["case"] in validation.specs}
    found += [
        name for name in {*kept, *aims} if name not in aims or not np.isclose(kept.get(name, np.nan), aims[name].value)
    ]
    return sorted(found)


def test_tables_of_other_evidence_are_noticed(validation: Validation, found: Validated) -> None:
    assert outdated(found.figures, validation) == []
    figures = {**validation.figures, "sign": validation.figures["sign"].model_copy(update={"use": "calibrate"})}
    figures["new"] = validation.figures["level"]
    assert outdated(found.figures, replace(validation, figures=figures)) == ["new", "sign"]
    aims = (replace(validation.aims[0], value=9.0), *validation.aims[1:])
    assert outdated(found.figures, replace(validation, aims=aims)) == ["beta-over-gamma"]
    assert outdated(found.figures, replace(validation, aims=aims[1:])) == ["beta-over-gamma"]


def test_the_page_in_docs_is_that_of_the_tables_kept() -> None:
    tables = {name: pd.read_csv(HELD / f"{name}.csv") for name in TABLES}
    about = json.loads((HELD / "manifest.json").read_text("utf-8"))
    assert page(tables, about) == (ROOT / "docs" / "validation.md").read_text("utf-8")
    now = load_validation(HELD / "plan.yaml").under(HELD.parent / "calibration" / about["posterior"])
    assert about["digests"] == {name: spec.digest for name, spec in now.specs.items()}
    assert outdated(tables["figures"], now) == []
    assert page({**tables, "figures": tables["figures"].iloc[1:]}, about) != page(tables, about)
