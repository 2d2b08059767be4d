"""Back-cast: what is foretold is held against a table of what came, and its posterior knows nothing later."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_validation import planned
from toy import SCENARIO

from relocsim.calibration.planning import load_calibration
from relocsim.report.foretelling import foretold_section
from relocsim.spec import load
from relocsim.spec.evidence import load_evidence
from relocsim.validation import answering
from relocsim.validation.backcast import foretold, held_against, template
from relocsim.validation.investment import InvestmentError, read_investment, require_known
from relocsim.validation.planning import Validation, load_validation
from relocsim.validation.playing import Shown

ROOT = Path(__file__).parents[1]
SHIPPED = sorted((ROOT / "scenarios" / "evidence").glob("*.yaml"))
HELD = ROOT / "experiments" / "validation"


def test_the_posterior_of_the_backcast_knows_nothing_after_2010() -> None:
    plan = load_calibration(HELD / "to-2010.yaml").plan
    figures = load_evidence(*map(str, SHIPPED))
    assert plan.targets
    for name, target in plan.targets.items():
        assert target.figure in figures, f"{name} has no dated figure"
        years = [int(year) for year in re.findall(r"\d{4}", figures[target.figure].date)]
        assert years, f"{name} has no date"
        assert max(years) <= 2010, name


def test_what_is_foretold_is_held_against_what_came() -> None:
    spec = load(SCENARIO)
    places = list(spec.world.places)
    yearly = np.zeros((40, len(places), spec.scenario.end.year - spec.scenario.start.year + 1))
    yearly[:, places.index("beta"), 0] = np.linspace(1, 3, 40)
    yearly[:, places.index("gamma"), 0] = 1
    shown = {"toy": Shown(spec, np.zeros((40, 0)), np.zeros((40, len(places))), yearly)}
    groups = {"toy": ("beta", "gamma")}
    told = foretold(shown, groups, spec.scenario.start.year)
    first = told.iloc[0]
    assert (first["city"], first["year"], first["rank_median"]) == ("beta", spec.scenario.start.year + 1, 1)
    assert first["share_median"] == pytest.approx(2 / 3, abs=0.01)
    assert held_against(shown, groups, 1990, pd.DataFrame({"city": ["beta"], "year": [1990], "value": [1.0]}))[1].empty
    lines = template(groups, range(2011, 2013)).splitlines()
    assert lines[1:] == ["city,year,value", "beta,2011,", "beta,2012,", "gamma,2011,", "gamma,2012,"]


def test_shares_held_against_a_table_are_among_its_cities_and_over_its_years() -> None:
    """Closed form: inflow of three cities whose whole differs by replicate, and a table (made up) that holds two of them."""
    spec = load(SCENARIO)
    places, first = list(spec.world.places), spec.scenario.start.year
    yearly = np.zeros((40, len(places), spec.scenario.end.year - first + 1))
    yearly[:, places.index("beta"), 1] = 2
    yearly[:, places.index("gamma"), 1] = 1
    yearly[:, places.index("gamma"), 2] = 3
    yearly[:, places.index("delta"), 1] = np.linspace(0, 100, 40)
    yearly[:, places.index("beta"), 0] = 99  # before what is foretold
    shown = {"toy": Shown(spec, np.zeros((40, 0)), np.zeros((40, len(places))), yearly)}
    groups = {"toy": ("beta", "gamma", "delta")}
    rows = [("beta", first + 1, 20.0), ("gamma", first + 1, 10.0), ("beta", first + 2, 0.0), ("gamma", first + 2, 30.0)]
    actual = pd.DataFrame(rows, columns=["city", "year", "value"])
    both, fits = held_against(shown, groups, first, actual)
    found = both.set_index(["city", "year"])
    assert found.loc[("beta", first + 1), ["share_low", "share_high"]].to_list() == pytest.approx([2 / 3, 2 / 3])
    assert found.loc[("beta", first + 2), "share_median"] == pytest.approx(1 / 3)
    assert found.loc[("beta", first + 2), "actual_share"] == pytest.approx(1 / 3)
    assert fits["cities"].to_list() == [2, 2]
    np.testing.assert_allclose(fits["rank_correlation"], 1)
    np.testing.assert_allclose(fits["error"], 0, atol=1e-12)
    wrong, fits = held_against(shown, groups, first, actual.assign(value=[1.0, 9.0, 9.0, 1.0]))
    assert not wrong[wrong["year"] == first + 1]["inside"].any()
    assert fits["error"].iloc[0] == pytest.approx(2 / 3 - 0.1)
    assert held_against(shown, groups, first, actual.iloc[:1])[1].empty, "one city has no share"


def test_later_years_are_foretold_by_a_posterior_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = load(SCENARIO)
    places, years = list(spec.world.places), spec.scenario.end.year - spec.scenario.start.year + 1
    played: list[tuple[int, object]] = []

    def fake(validation: Validation, cases: object = None, **_: object) -> dict[str, Shown]:
        played.append((validation.plan.replicates, cases))
        yearly = np.ones((4, len(places), years))
        yearly[:, places.index("beta")] = validation.plan.replicates
        return {"toy": Shown(spec, np.ones((4, 2)), np.ones((4, len(places))), yearly)}

    groups = {"toy": ("beta", "gamma", "delta")}
    monkeypatch.setattr(answering, "play", fake)
    monkeypatch.setattr(answering, "cities_of", lambda _: groups)
    monkeypatch.setattr(Validation, "under", lambda self, path: self.with_replicates(len(str(path))))
    validation = load_validation(planned(tmp_path))
    usual, own = answering.validate(validation), answering.validate(validation, backcast="x" * 8)
    assert played == [(3, None), (3, None), (8, groups)]
    for found, share in ((usual, 3 / 5), (own, 8 / 10)):
        told = found.foretold[found.foretold["city"] == "beta"]
        np.testing.assert_allclose(told["share_median"], share)
    assert usual.shown is usual.ahead
    assert own.shown is not own.ahead
    lines = "\n".join(foretold_section(own.foretold, own.predictions, "to-2010.parquet"))
    assert "by to-2010.parquet, fitted to figures dated to 2010 or before alone" in lines
    assert "| toy | beta | 0.267 | 0.8 | 0.8 to 0.8 | 2 | 1 | 1 to 1 |" in lines
    assert "some of which are of later years" in "\n".join(foretold_section(usual.foretold, usual.predictions, None))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("city,year\nbeta,2010\n", "expected the columns city, year, value, found city, year"),
        ("city,year,value\nbeta,2010,many\n", "row 1: beta: expected value as a number of zero or more, found 'many'"),
        ("city,year,value\nbeta,2010,-1\n", "found '-1'"),
        ("city,year,value\nbeta,2010,1\nbeta,2010,2\n", "beta has two values of 2010"),
    ],
)
def test_an_unsound_table_of_investment_is_told(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "actual.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(InvestmentError) as told:
        read_investment(file)
    assert words in str(told.value)


def test_blanks_are_left_out_and_unknown_cities_are_told(tmp_path: Path) -> None:
    file = tmp_path / "actual.csv"
    file.write_text("# note\ncity,year,value\nbeta,2010,\nbet,2011,4\n", "utf-8")
    table = read_investment(file)
    assert table.to_dict("records") == [{"city": "bet", "year": 2011, "value": 4}]
    with pytest.raises(InvestmentError, match=r"no case has a place 'bet' \(did you mean 'beta'\?\)"):
        require_known(table, ["beta"], file)
