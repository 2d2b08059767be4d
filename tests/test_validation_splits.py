"""Figures of one origin or sector beside simple models: closed forms, and what is said where nothing was published."""

from io import StringIO

import numpy as np
import pandas as pd
import pytest
from test_validation import EVIDENCE, PLAN, planned
from toy import SCENARIO

from relocsim.calibration.plan import Measured
from relocsim.model import Foundation, lay_foundation
from relocsim.report.splits import split_section, split_sentences
from relocsim.spec import load
from relocsim.validation.answering import Validated, validate
from relocsim.validation.narrowed import is_level, is_share, narrowed
from relocsim.validation.planning import load_validation
from relocsim.validation.playing import Shown
from relocsim.validation.simple import COSTS, GRAVITY, MODEL, PERSISTENCE, SIZE, choices
from relocsim.validation.splitting import ALIKE, BETTER, NOT_WHERE, WORSE, share_to, splits

MORE = """
  to-beta:
    case: toy
    figure: share
    measure: {flow: projects, places: [beta], origins: [alpha], stage: intention}
    over: {flow: projects, everywhere: true, origins: [alpha], stage: intention}
    tolerance: 0.05
  settled:
    case: toy
    figure: settled
    measure: {flow: projects, places: [gamma], sectors: [shoes], stage: intention}
    tolerance: x/1.5
  jobs-of-one:
    case: toy
    figure: jobs
    measure: {flow: jobs, places: [gamma], sectors: [shoes], stage: intention}
    over: {flow: projects, places: [gamma], sectors: [shoes], stage: intention}
    tolerance: x/1.5
"""
TOLD = EVIDENCE + "".join(
    f"  {name}: {{place: Beta, what: {name}, number: {number}, use: validate, grade: document, seen: document,"
    f" source: Nobody{more}}}\n"
    for name, number, more in (
        ("share", 0.5, ""), ("settled", 5, ""), ("jobs", 100, ""), ("exports", 0.3, ", by: [sector], silent: no exports"),
    )
)  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Validated:
    plan = PLAN.rstrip() + MORE.replace("shoes", next(iter(load(SCENARIO).world.sectors)))
    return validate(load_validation(planned(tmp_path_factory.mktemp("splits"), plan_yaml=plan, evidence_yaml=TOLD)))


@pytest.fixture(scope="module")
def foundation() -> Foundation:
    return lay_foundation(load(SCENARIO, settings=["scenario.firms=200"]))


def test_simple_models_share_out_the_firms_of_an_origin_among_other_places(foundation: Foundation) -> None:
    places = foundation.setting.places
    told = choices(foundation)
    origin = list(places.origins).index(places.row("alpha"))
    for name, choice in told.items():
        np.testing.assert_allclose(choice.sum(axis=-1), 1, err_msg=name)
        assert not choice[origin, :, places.row("alpha")].any(), "the own place is no destination"
    at = [place for place in places.ids if place != "alpha" and places.destination[places.row(place)]]
    gdp = {place: foundation.spec.world.places[place].gdp for place in at}
    pull = {place: gdp[place] / (places.km[places.row("alpha"), places.row(place)] + 50) for place in at}
    measure = Measured(flow="projects", places=("beta",), origins=("alpha",))
    for name, by in ((SIZE, gdp), (GRAVITY, pull)):
        assert share_to(measure, foundation, told[name]) == pytest.approx(by["beta"] / sum(by.values()))
    everywhere = Measured(flow="projects", places=tuple(places.ids), origins=("alpha",))
    assert share_to(everywhere, foundation, told[COSTS]) == pytest.approx(1)


def test_comparisons_of_an_origin_or_a_sector_are_known_by_what_they_measure(found: Validated) -> None:
    aims = {aim.name: aim for aim in found.validation.aims}
    assert [aim.name for aim in narrowed(found.validation.aims)] == ["to-beta", "settled", "jobs-of-one"]
    assert is_share(aims["to-beta"])
    assert is_level(aims["settled"])
    assert not any(asks(aims["jobs-of-one"]) for asks in (is_share, is_level))


def test_splits_say_who_is_nearer_and_what_is_not_known(found: Validated) -> None:
    table = found.splits.set_index(["figure", "predictor"])
    told = table.loc["share"]
    assert list(told.index) == [PERSISTENCE, SIZE, GRAVITY, COSTS, MODEL]
    assert np.isnan(told.loc[PERSISTENCE, "predicted"])
    assert told.loc[SIZE, "off"] == pytest.approx(abs(told.loc[SIZE, "predicted"] - 0.5) / 0.05)
    assert told.loc[GRAVITY, "gain_low"] == pytest.approx(told.loc[SIZE, "off"] - told.loc[GRAVITY, "off"])
    assert table.loc[("jobs", MODEL), "reason"] == NOT_WHERE
    assert table.loc[("exports", ""), "reason"] == "no exports"
    level = table.loc["settled"]
    whole = found.shown["toy"].wholes[:, 0]
    assert (whole > 0).all()
    share = level.loc[SIZE, "predicted"] / whole.mean()
    assert 0 < share < 1
    assert level.loc[GRAVITY, "low"] <= level.loc[GRAVITY, "predicted"] <= level.loc[GRAVITY, "high"]


def test_a_model_that_hits_is_nearer_and_one_that_sends_nobody_is_farther(found: Validated) -> None:
    one = found.shown["toy"]
    columns = [aim.name for aim in found.validation.aims]
    for values, said in (({"to-beta": 0.5, "settled": 5.0}, BETTER), ({"to-beta": 0.99, "settled": 0.0}, WORSE)):
        seen = one.values.copy()
        for name, value in values.items():
            seen[:, columns.index(name)] = value
        shown = {"toy": Shown(one.spec, seen, one.expected, one.yearly, one.wholes)}
        table = splits(found.validation, shown).set_index(["figure", "predictor"])
        assert table.loc[("share", MODEL), "said"] == table.loc[("settled", MODEL), "said"] == said
    assert table.loc[("settled", MODEL), "off"] == np.inf
    mixed = seen.copy()
    mixed[:, columns.index("to-beta")] = np.linspace(0.5, 1.0, len(mixed))
    shown = {"toy": Shown(one.spec, mixed, one.expected, one.yearly, one.wholes)}
    assert splits(found.validation, shown).set_index(["figure", "predictor"]).loc[("share", MODEL), "said"] == ALIKE


def test_the_section_tells_misses_and_gaps(found: Validated) -> None:
    lines = "\n".join(split_section(found.splits))
    assert "no exports" in lines
    assert "(`to-beta`)" in lines
    assert any("1 held-out figure says where firms go" in one for one in split_sentences(found.splits))
    kept = pd.read_csv(StringIO(found.splits.to_csv(index=False)))
    assert "\n".join(split_section(kept)) == lines
    assert split_sentences(kept) == split_sentences(found.splits)
    assert split_sentences(pd.DataFrame()) == list(split_section(pd.DataFrame())) == []
