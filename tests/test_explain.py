"""Explanations: sheets that add up, links, ranges, and a firm whose values are those it acted on."""

import numpy as np
import pytest

import relocsim
from relocsim.errors import SpecError
from relocsim.model import RelocationModel, lay_foundation
from relocsim.phases.cost import COMPONENTS
from relocsim.report.firms_told import firm_words, project_words, review_words
from relocsim.report.inputs import inputs_by_part, pattern, widest_ranges
from relocsim.report.looking import usual_origin, usual_sector
from relocsim.report.tracing import PARTS, WatchedModel, trace_firm
from relocsim.world.calendar import Quarter

TOY = "tests/toy/toy.yaml"
FEW = 2
"""Draws where ranks are not looked at (they are in test_ranking)."""


@pytest.fixture(scope="module")
def spec():
    return relocsim.load(TOY, settings=["scenario.firms=300"])


@pytest.fixture(scope="module")
def played(spec):
    return relocsim.run(spec)


@pytest.fixture(scope="module")
def told(spec):
    return relocsim.explain(spec, city="beta", quarter="2010-Q4", draws=FEW)


def test_components_add_up_to_the_total_of_every_sheet(told):
    for sheet in (told.cost_sheet, told.city_sheet):
        assert np.allclose(sheet[list(COMPONENTS)].sum(axis=1), sheet["total"], rtol=0, atol=1e-9)


def test_home_comes_first_and_the_difference_is_against_it(told):
    sheet = told.cost_sheet
    assert sheet["place"].iloc[0] == told.origin
    assert np.allclose(sheet["difference"], sheet["total"] - sheet["total"].iloc[0])
    assert sheet["total"].iloc[1:].is_monotonic_increasing


def test_appeal_is_its_parts(told):
    away = told.cost_sheet.iloc[1:]
    assert np.allclose(away["appeal"], away["own_industry"] + away["size"] + away["distance"] - away["difference"])


def test_the_city_sheet_agrees_with_the_sheet_of_a_sector(told):
    mine = told.cost_sheet.query("place == 'beta'").iloc[0]
    other = told.city_sheet.query("sector == @told.sector").iloc[0]
    for column in (*COMPONENTS, "total", "difference", "depth", "missing"):
        assert mine[column] == other[column]


def test_what_is_missing_is_told_and_a_recruited_part_shows_its_share(spec, told):
    before = told.city_sheet.set_index("sector")["missing"]
    assert before["electronics"] == "circuit-boards, electroplating"
    recruited = relocsim.explain(spec.variant(on=["suppliers"]), city="beta", quarter="2010-Q1", draws=FEW).city_sheet
    assert "% there)" in recruited.set_index("sector")["missing"]["electronics"]


def test_a_link_that_is_met_raises_depth_and_saves_money(told):
    links = told.links
    assert (links["depth_gain"] >= -1e-12).all()
    assert (links["saving"] >= -1e-12).all()
    assert links["saving"].is_monotonic_decreasing
    assert set(links["sector"]) == set(told.spec.world.sectors)


def test_the_origin_and_sector_to_explain_where_none_is_named(spec):
    assert usual_origin(spec) == "alpha"
    assert usual_sector(spec, "alpha") == "electronics"


def test_differences_are_told_old_to_new():
    told = relocsim.explain("tests/toy/variant.yaml", settings=["scenario.firms=300"], draws=FEW)
    found = told.differences.set_index("path")
    assert found.loc["places.beta.approval_days", ["old", "new"]].tolist() == ["130", "60"]
    assert found.loc["scenario.firms", "where"] == "the command line"


def test_words_name_policies_switches_and_the_city(spec):
    words = " ".join(relocsim.explain(spec, draws=FEW).words)
    for expected in (
        "20 quarters, 2008-Q1 to 2012-Q4",
        "hsr from 2010-Q1",
        "The city under study is Beta",
        "Every mechanism is on",
    ):
        assert expected in words


def test_policies_are_told_with_sizes_and_outlay(told):
    table = told.policies.set_index("policy")
    assert "land 1,000" in table.loc["park-expansion", "sizes"]
    assert table.loc["park-expansion", "outlay"] == pytest.approx(1000 * 0.015 + 100 * 0.1)
    assert not table.loc["park-expansion", "on"]


def test_inputs_are_counted_by_part_and_grade(spec):
    table = inputs_by_part(spec.register).set_index("part")
    assert table.loc["all", "inputs"] == len(spec.register)
    assert table.loc["all", "assumed_share"] == pytest.approx(spec.register.assumed_share())
    assert table.drop("all")["inputs"].sum() == len(spec.register)


def test_ranges_are_grouped_and_sorted(spec):
    table = widest_ranges(spec.register)
    assert table["count"].sum() == len(spec.register.ranged())
    assert table["width"].is_monotonic_decreasing


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("places.beta.wage", "places.*.wage"),
        ("places.beta.specialisation.electronics", "places.*.specialisation.*"),
        ("sectors.textiles.inputs.apparel", "sectors.*.inputs.*"),
        ("network.lines.alpha-delta-hsr.hours[1]", "network.lines.*.hours"),
        ("parameters.sensitivity", "parameters.sensitivity"),
        ("policies.park-expansion.land", "policies.park-expansion.land"),
    ],
)
def test_patterns_of_inputs(path, expected):
    assert pattern(path) == expected


def test_a_watched_model_plays_as_an_unwatched_one(spec, played):
    foundation = lay_foundation(spec)
    watched = WatchedModel(spec, foundation=foundation, row=5).run()
    plain = played.model
    assert np.array_equal(watched.places.treasury, plain.places.treasury)
    assert np.array_equal(watched.projects.uid, plain.projects.uid)


@pytest.fixture(scope="module")
def traced(spec, played):
    """Return the trace of a firm of the stock with a project."""
    stock = played.projects[played.model.population.stock[played.projects["firm"]]]
    return trace_firm(spec, int(stock["firm"].iloc[0]))


def test_parts_of_a_value_add_up(traced):
    places = traced.review.places
    held = places[np.isfinite(places["value"])]
    assert np.allclose(held[list(PARTS)].sum(axis=1), held["value"], rtol=0, atol=1e-8)
    assert np.allclose(places[list(COMPONENTS)].sum(axis=1), places["unit_cost"], rtol=0, atol=1e-9)


@pytest.mark.parametrize("new", [False, True])
def test_values_are_those_the_firm_acts_on(spec, played, new, monkeypatch):
    """A value of the trace is the model's own, for the stock and for entrants."""
    population = played.model.population
    held = played.projects[population.stock[played.projects["firm"]] != new]
    row = int(held["firm"].iloc[0])
    acted = {}
    decide = RelocationModel.decide

    def noted(self, *arguments):
        decided = decide(self, *arguments)
        for at in np.flatnonzero(decided.firm == row):
            acted[self.date] = (
                self.setting.parameters.nest_lambda * decided.of_all()[at] + decided.shift[at]
            ) / self.setting.parameters.sensitivity
        return decided

    monkeypatch.setattr(RelocationModel, "decide", noted)
    trace = trace_firm(spec, row)
    assert trace.reviews
    for review in trace.reviews:
        value = acted[review.quarter]
        wanted = np.isfinite(value)
        assert np.array_equal(wanted, review.places["wanted"])
        assert np.allclose(review.places["value"][wanted], value[wanted], atol=1e-3)
        best = review.outside[review.outside["open"]]["value"].max() if review.outside["open"].any() else -np.inf
        known = review.places["known"].to_numpy()
        assert np.array_equal(known & (review.places["value"] > best).to_numpy(), wanted)


def test_the_trace_has_the_projects_of_the_run(traced, played):
    mine = played.projects[played.projects["firm"] == traced.row]
    assert traced.projects["uid"].tolist() == mine["uid"].tolist()
    assert traced.review.places["admitted"].sum() == pytest.approx(traced.projects["firms"].iloc[0])


def test_a_firm_is_found_by_uid_too(spec, traced):
    again = trace_firm(spec, traced.uid)
    assert again.row == traced.row


def test_the_review_to_explain_can_be_named(spec, traced):
    last = traced.reviews[-1].quarter
    assert trace_firm(spec, traced.row, quarter=last).review.quarter == last
    other = next(
        q for q in map(Quarter, range(last.index - 30, last.index)) if q not in {r.quarter for r in traced.reviews}
    )
    with pytest.raises(SpecError, match="is not under review in"):
        trace_firm(spec, traced.row, quarter=other)


def test_a_firm_in_words(spec, traced):
    words = " ".join(firm_words(spec, traced))
    assert f"Firm {traced.row} (uid {traced.uid})" in words
    assert "Under review in" in words
    assert " takes " in words
    project = traced.projects.to_dict("records")[0]
    assert f"intention {project['intention_at']}" in project_words(spec, project)


def test_a_firm_never_reviewed_is_told(spec, played):
    seen = set(played.projects["firm"])
    quiet = next(
        trace for trace in (trace_firm(spec, row) for row in range(40) if row not in seen) if not trace.reviews
    )
    assert quiet.review is None
    assert "never under review" in " ".join(firm_words(spec, quiet))


def test_a_review_without_a_place_says_what_it_does(spec, traced):
    review = traced.review
    nothing = type(review)(
        review.quarter, review.places.assign(wanted=False, admitted=0.0), review.outside, "go abroad"
    )
    assert "none is worth more to it than going abroad" in review_words(spec, nothing)
    refused = type(review)(review.quarter, review.places.assign(admitted=0.0), review.outside, "stay")
    assert "none admits it, which leaves staying" in review_words(spec, refused)


def test_places_that_had_no_room_are_named(spec, traced):
    review = traced.review
    value = review.places["place"].map({"alpha": 1.0, "beta": 3.0, "delta": 2.0, "gamma": 0.2, "inland": 0.1})
    full = review.places.assign(wanted=True, value=value, admitted=2.0 * (review.places["place"] == "gamma"))
    words = review_words(spec, type(review)(review.quarter, full, review.outside, "stay"))
    assert "Beta, Delta and Alpha have no room for it; Gamma takes 2.0 firms." in words


def test_settings_need_a_file(spec):
    with pytest.raises(SpecError, match="settings change a scenario file"):
        relocsim.explain(spec, settings=["scenario.firms=300"])
