"""Tables that cannot be used: what is said of each, with the row and the chooser, and exit code 2."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from choosing import KEYS, attributes, made
from typer.testing import CliRunner, Result

from relocsim.cli import app
from relocsim.errors import SpecError
from relocsim.estimation.estimating import estimate
from relocsim.estimation.table import ChoiceTableError

OPTIONS = ("--chooser", "firm", "--alternative", "city", "--chosen", "chosen")


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["estimate", *arguments], env={"COLUMNS": "180"})


def small() -> pd.DataFrame:
    return made(3, 40, 4, open_share=1.0)


def put(table: pd.DataFrame, row: int, column: str, value: object) -> pd.DataFrame:
    held = table.astype({column: object})
    held.loc[row, column] = value
    return held


def unchosen(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(chosen=np.where(table["firm"] == "f00002", 0, table["chosen"]))


def twice_chosen(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(chosen=np.where(table["firm"] == "f00003", 1, table["chosen"]))


def alone(table: pd.DataFrame) -> pd.DataFrame:
    return table[(table["firm"] != "f00001") | (table["chosen"] == 1)].reset_index(drop=True)


def best_cost(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(chosen=(table.groupby("firm")["cost"].transform("min") == table["cost"]).astype(int))


def best_mix(table: pd.DataFrame) -> pd.DataFrame:
    value = table["size"] - table["cost"]
    return table.assign(chosen=(value.groupby(table["firm"]).transform("max") == value).astype(int))


def never(table: pd.DataFrame) -> pd.DataFrame:
    return table[~table["firm"].isin(table.loc[(table["city"] == "c01") & (table["chosen"] == 1), "firm"])]


CASES: dict[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], tuple[str, ...], tuple[str, ...]]] = {
    "no choice": (unchosen, (), ("chosen: nothing is chosen: chooser f00002 (row 9)",)),
    "two choices": (twice_chosen, (), ("more than one alternative is chosen: chooser f00003 (row 13)",)),
    "one alternative of one chooser": (alone, (), ("firm: there is one alternative: chooser f00001 (row 5)",)),
    "one alternative": (
        lambda table: table[table["city"] == "c01"].assign(chosen=1), (), ("city: there is one alternative, 'c01'",)),
    "empty cell": (
        lambda table: put(table, 5, "cost", None), (),
        ("cost: expected a number, found nothing in row 6 (chooser f00001, alternative c01)", "fill it in")),
    "infinity": (
        lambda table: put(table, 5, "cost", np.inf).astype({"cost": float}), (), ("found infinity in row 6",)),
    "words": (
        lambda table: put(table, 2, "size", "large"), (), ("size: expected a number, found 'large' in row 3", "0 and 1")),
    "choice in words": (lambda table: put(table, 0, "chosen", "perhaps"), (), ("true or false", "'perhaps' in row 1")),
    "choice missing": (lambda table: put(table, 0, "chosen", None), (), ("found nothing in row 1",)),
    "chooser missing": (lambda table: put(table, 7, "firm", None), (), ("firm: nothing stands in row 8",)),
    "duplicate rows": (
        lambda table: pd.concat([table, table.iloc[[6, 9]]]), (),
        ("stand there before: row 161 (chooser f00001, alternative c02), row 162 (chooser f00002",)),
    "unknown column": (
        lambda table: table.rename(columns={"cost": "costs"}), (), ("no column 'cost'", "did you mean 'costs'?")),
    "unknown key": (lambda table: table, ("--cluster", "provnce"), ("there is no column 'provnce'",)),
    "unknown alternative": (
        lambda table: table, ("--attributes", "cost,size@c99"), ("size@c99: there is no alternative 'c99'",)),
    "attribute twice": (lambda table: table, ("--attributes", "cost,cost"), ("attributes named twice: cost",)),
    "no variation": (
        lambda table: table.assign(size=table["firm"].str[-2:].astype(int)), (),
        ("'size' is the same for all alternatives of every chooser", "size@NAME")),
    "collinear": (lambda table: table.assign(size=2 - 3 * table["cost"]), (), ("cost, size make each other up",)),
    "collinear with constants": (
        lambda table: table.assign(size=table["city"].str[-1].astype(int)), ("--constants",), ("or the constants",)),
    "perfect prediction": (
        best_cost, (), ("every chooser takes an alternative with the least 'cost'", "minus infinity", "perfect prediction")),
    "perfect prediction by a mix": (best_mix, (), ("cost, size together tell every choice", "perfect prediction")),
    "never chosen": (never, ("--constants",), ("'c01' is never chosen where it can be",)),
    "alternative in two nests": (
        lambda table: table.assign(zone=table["firm"].str[-1]), ("--nests", "zone"),
        ("zone: alternative 'c00' stands in more than one nest: 0, 1, 2",)),
    "chooser in two clusters": (
        lambda table: table, ("--cluster", "city"), ("chooser 'f00000' stands in more than one cluster",)),
    "one cluster": (lambda table: table.assign(all="x"), ("--cluster", "all"), ("there is one cluster",)),
    "nests of one": (lambda table: table, ("--nests", "city"), ("no nest holds two alternatives of one chooser",)),
    "one nest": (
        lambda table: table.assign(zone="all"), ("--nests", "zone"),
        ("zone: no chooser has a choice between the nest 'all' and another",)),
    "dates": (
        lambda table: table.assign(cost="2010-01-01"), (), ("cost: expected a number, found '2010-01-01' in row 1",)),
    "no rows": (lambda table: table.iloc[:0], (), ("the table has no rows",)),
    "weights below zero": (
        lambda table: table, ("--sample", "2", "--sample-by", "cost"), ("cost: expected a weight above 0 in row",)),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_bad_table_is_refused_with_its_place(case: str, tmp_path: Path) -> None:
    spoil, options, words = CASES[case]
    file = tmp_path / "choices.csv"
    spoil(small()).to_csv(file, index=False)
    chosen_attributes = () if "--attributes" in options else ("--attributes", "cost,size")
    done = invoke(str(file), *OPTIONS, *chosen_attributes, *options)
    assert done.exit_code == 2, done.output
    for word in (*words, str(file)):
        assert word in done.stderr, done.stderr
    assert "Traceback" not in done.output


def test_all_that_is_wrong_in_a_stage_is_said_at_once() -> None:
    with pytest.raises(ChoiceTableError) as caught:
        estimate(twice_chosen(alone(unchosen(small()))), **KEYS, attributes=["cost"])
    assert len(caught.value.problems) == 3
    many = small().assign(cost=np.nan)
    with pytest.raises(ChoiceTableError, match=r"row 3 \(chooser f00000, alternative c02\) and 157 more"):
        estimate(many, **KEYS, attributes=["cost"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("missing.csv",), "missing.csv: there is no such file"),
        (("choices.csv", "--sample", "2", "--nests", "nest"), "sampled alternatives does not hold with nests"),
        (("choices.csv", "--errors", "clustered"), "clustered errors need a cluster"),
        (("choices.csv", "--errors", "best"), "errors: expected"),
        (("choices.csv", "--sample-by", "size"), "weights of sampling without a sample"),
        (("choices.csv", "--one-lambda"), "no nests that could"),
        (("choices.csv", "--base", "c00"), "a base without constants"),
        (("choices.csv", "--constants", "--base", "c09"), "base: there is no alternative 'c09'"),
        (("choices.csv", "--logs", "depth"), "logs of what is no attribute: depth"),
        (("choices.csv", "--level", "2"), "level: expected a number below 1"),
        (("broken.parquet",), "broken.parquet: expected a table in CSV (or Parquet"),
        (("empty.csv",), "empty.csv: expected a table in CSV"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(
    arguments: tuple[str, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    small().to_csv("choices.csv", index=False)
    Path("broken.parquet").write_bytes(b"no table")
    Path("empty.csv").write_bytes(b"")
    done = invoke(*arguments, *OPTIONS, "--attributes", "cost,size")
    assert done.exit_code == 2, done.output
    assert words in done.stderr


def test_dates_of_a_data_frame_are_no_numbers() -> None:
    dated = small().assign(cost=pd.Timestamp("2010-01-01"))
    with pytest.raises(
        ChoiceTableError, match=r"cost: expected a number, found Timestamp\('2010-01-01 00:00:00'\) in row 1"
    ):
        estimate(dated, **KEYS, attributes=["cost"])


def test_what_is_not_named_is_asked_for() -> None:
    with pytest.raises(SpecError) as caught:
        estimate(small(), chooser="firm")
    told = str(caught.value)
    assert all(f"'{name}' is missing" in told for name in ("alternative", "chosen", "attributes"))


def test_columns_may_stand_in_a_file_and_options_go_over_it(tmp_path: Path) -> None:
    table = small()
    table.to_parquet(tmp_path / "choices.parquet")
    question = tmp_path / "question.yaml"
    question.write_text(
        "table: choices.parquet\nchooser: firm\nalternative: city\nchosen: chosen\nattributes: [cost]\nconstants: true\n",
        encoding="utf-8",
    )
    found = estimate(columns=question)
    assert found.choices.names == ("cost", "constant@c01", "constant@c02", "constant@c03")
    over = estimate(columns=question, attributes=["cost", "size"], constants=False)
    assert over.choices.names == ("cost", "size")
    done = invoke("--columns", str(question), "--attributes", "size")
    assert done.exit_code == 0, done.output
    assert "choices.parquet" in done.stdout
    question.write_text("chooser: firm\nchosn: chosen\n", encoding="utf-8")
    done = invoke("--columns", str(question))
    assert done.exit_code == 2
    assert "question.yaml:2:1: chosn: unknown key 'chosn'" in done.stderr


@pytest.mark.parametrize("form", [bool, float, str])
def test_choices_may_be_told_in_several_ways(form: type) -> None:
    table = small()
    told = table["chosen"].map({1: "yes", 0: "no"}) if form is str else table["chosen"].astype(form)
    one, other = (estimate(held, **KEYS, attributes=["cost"]) for held in (table, table.assign(chosen=told)))
    assert one.fit.theta.tobytes() == other.fit.theta.tobytes()


def test_a_nest_whose_parameter_runs_away_is_said_to() -> None:
    """Inside the nest the dearer city is never taken, while staying is by chance: the nest parameter falls to 0."""
    table = attributes(5, 200, 3)
    best = table[table["city"] != "c00"].sort_values("cost").drop_duplicates("firm").set_index("firm")["city"]
    taken = np.where(table["firm"].str[-1].astype(int) < 4, "c00", table["firm"].map(best))
    table = table.assign(
        chosen=(table["city"] == taken).astype(int), nest=np.where(table["city"] == "c00", "home", "away")
    )
    with pytest.raises(ChoiceTableError, match="one of them may run to 0 or without bound"):
        estimate(table, **KEYS, attributes=["cost"], nests="nest")
