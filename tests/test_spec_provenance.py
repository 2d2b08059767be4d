"""Every number of a world has a source and a grade, its own or its attribute's."""

import re
from pathlib import Path

import pytest
from toy import SCENARIO, TOY, copied

from relocsim.errors import SpecError
from relocsim.sources import Grade, Input
from relocsim.spec import check, load, load_world


def problems(to: Path, *changes: tuple[str, str, str]) -> list[str]:
    """Return what is wrong with the toy world after changes, with lines and columns taken out."""
    with pytest.raises(SpecError) as raised:
        load(copied(to, *changes))
    assert all(problem.line for problem in raised.value.problems)
    return [placeless(str(problem), to) for problem in raised.value.problems]


def placeless(text: str, folder: Path) -> str:
    return re.sub(r"^(\w+\.yaml):\d+:\d+", r"\1", text.replace(f"{folder}/", ""))


def test_each_number_is_registered_with_its_unit() -> None:
    register = load(SCENARIO).register
    assert register.inputs["places.beta.wage"] == Input(
        "places.beta.wage", 30000.0, "yuan/year", "Made up for tests (a yearbook)", Grade.STATISTIC
    )
    assert register.inputs["sectors.apparel.inputs.agriculture"].value == 0.2259
    assert register.inputs["network.lines.alpha-delta-rail.hours[3]"].value == 1.5
    assert register.inputs["sectors.electronics.components.circuit-boards.input_share"].unit == "share"
    assert register.inputs["parameters.sensitivity"].high == 0.055
    assert register.inputs["policies.park-expansion.land"].low == 500
    assert list(register.inputs) == sorted(register.inputs)


def test_bare_numbers_of_policies_and_counts_are_not_registered() -> None:
    inputs = load(SCENARIO).register.inputs
    assert "policies.incentives.capital_subsidy" not in inputs
    assert "network.roads.neighbours" not in inputs
    assert not any(path.startswith("scenario") for path in inputs)


def test_the_register_holds_every_number_of_the_world() -> None:
    world, register = load_world(TOY / "world.yaml")
    dumped = world.model_dump(mode="json", exclude_unset=True)

    def count(part: object) -> int:
        if isinstance(part, dict):
            return sum(count(child) for child in part.values())
        if isinstance(part, list):
            return sum(count(child) for child in part)
        return isinstance(part, int | float) and not isinstance(part, bool)

    counts_and_years = 2  # network.roads.neighbours, base_year
    assert len(register) == count(dumped) - counts_and_years


def test_ranges_as_factors_percentages_and_ends() -> None:
    inputs = load(SCENARIO).register.inputs
    price, occupied, wage_eta = (
        inputs[path] for path in ("places.beta.land_price", "places.beta.park_occupied", "parameters.wage_eta")
    )
    assert (price.low, price.high, price.log) == (pytest.approx(170 / 1.3), pytest.approx(170 * 1.3), True)
    assert (occupied.low, occupied.high, occupied.log) == (pytest.approx(0.644), pytest.approx(0.756), False)
    assert (wage_eta.low, wage_eta.high, wage_eta.log) == (0.2, 0.7, False)


def test_ranges_end_at_the_limits_of_the_field() -> None:
    occupied = load(SCENARIO).register.inputs["places.alpha.park_occupied"]
    assert (occupied.value, occupied.high) == (0.95, 1.0)


def test_nothing_is_ranged_about_zero() -> None:
    assert not load(SCENARIO).register.inputs["places.alpha.capital_subsidy"].ranged


def test_a_full_form_overrides_key_by_key(tmp_path: Path) -> None:
    change = ("places", "    wage: 30000\n", "    wage: {value: 30000, grade: assumed, range: +-5%}\n")
    wage = load(copied(tmp_path, change)).register.inputs["places.beta.wage"]
    assert (wage.source, wage.grade, wage.high) == ("Made up for tests (a yearbook)", Grade.ASSUMED, 31500)


def test_the_nearest_enclosing_name_gives_the_provenance(tmp_path: Path) -> None:
    extra = "attributes:\n  dyeing: {source: Of dyeing, grade: document, range: none}\n"
    inputs = load(copied(tmp_path, ("sectors", "attributes:\n", extra))).register.inputs
    path = "sectors.apparel.components.dyeing"
    assert inputs[f"{path}.input_share"].source == "Made up for tests"
    without = ("sectors", "  carrier_share: {unit: share, source: Made up for tests, grade: assumed, range: x/2}\n", "")
    found = problems(tmp_path, without)
    assert [words.split(": ")[1] for words in found] == [
        f"sectors.{name}" for name in (
            "electronics.components.circuit-boards.carrier_share",
            "electronics.components.electroplating.carrier_share",
            "metal_products.components.castings.carrier_share", "apparel.components.dyeing.carrier_share",
        )
    ]  # fmt: skip


def test_one_source_for_a_whole_list(tmp_path: Path) -> None:
    change = ("network", "hours: [5.5]", "hours: {value: [5.5], source: A timetable, grade: statistic, range: none}")
    hours = load(copied(tmp_path, change)).register.inputs["network.lines.alpha-gamma-rail.hours[0]"]
    assert (hours.source, hours.ranged) == ("A timetable", False)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("places", "  revenue: {unit: 1e8 yuan/year,", "  revenue: {unit: 1e6 yuan/year,"),
         "places.yaml: attributes.revenue.unit: expected the unit '1e8 yuan/year' of revenue, found "
         "'1e6 yuan/year'"),
        (("places", "  fees: {unit: yuan/100 yuan output, source: Made up for tests, grade: assumed, range: x/2}",
          "  fees: {unit: yuan/100 yuan output, source: Made up for tests, grade: assumed}"),
         "places.yaml: attributes.fees: what is assumed needs a range"),
        (("places", "  wage: {unit: yuan/year, source: Made up for tests (a yearbook), grade: statistic}",
          "  wage: {unit: yuan/year, grade: statistic}"),
         "places.yaml: attributes.wage: the source is missing (add source: ...)"),
        (("places", "  wage_correction: {", "  wage_corection: {"),
         "places.yaml: attributes.wage_corection: no number has the name 'wage_corection' "
         "(did you mean 'wage_correction'?)"),
        (("places", "range: +-8%}", "range: 8%}"),
         "attributes.park_occupied.range: expected [low, high], a factor such as x/2"),
        (("places", "sites: {value: 2, unit: prefectures, source: Made up for tests, grade: statistic}", "sites: 2"),
         "places.yaml: places.delta.sites: the number has no source and no grade (write {value, unit, source, "
         "grade, range}, or give attributes.sites)"),
        (("places", "    wage: 30000\n", "    wage: {value: 30000, range: [31000, 32000]}\n"),
         "places.yaml: places.beta.wage.range: expected a range [low, high] about the value 30000, found "
         "[31000, 32000]"),
        (("places", "attributes:\n", "attributes: []\nattribute:\n"), "attribute: unknown key 'attribute'"),
        (("parameters", "unit: ratio, source: Made up for tests, grade: assumed, range: [0.3, 0.8]", "unit: ratio"),
         "parameters.nest_lambda: the source is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_source(tmp_path: Path, change: tuple[str, str, str], words: str) -> None:
    found = problems(tmp_path, change)
    assert any(words in one for one in found), found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("places", "    wage: 30000\n", "    wages: 30000\n"), "unknown key 'wages' (did you mean 'wage'?)"),
        (("places", "    wage: 30000\n", ""), "places.beta.wage: 'wage' is missing (add wage: a number in yuan/year)"),
        (("places", "    belt: coast\n", "    belt: cost\n"), "found 'cost' (did you mean 'coast'?)"),
        (("places", "    lon: 114.0\n", "    lon: 514\n"), "expected a number of at most 180 (degree), found 514"),
        (("places", "  gamma:\n", "  beta:\n"), "'beta' is given twice: here and at line"),
        (("places", "  gamma:\n", "  Gamma:\n"), "places.Gamma: expected an id in lowercase letters"),
        (("places", "lacks: [castings]", "lacks: [casting]"), "no component 'casting' (did you mean 'castings'?)"),
        (("sectors", "      dyeing:\n", "      castings:\n"), "2 sectors have a component 'castings'"),
        (("sectors", "made_by: apparel,", "made_by: aparel,"), "there is no sector 'aparel' (did you mean 'apparel'?)"),
        (("sectors", "      agriculture: 0.2259", "      agricultur: 0.2259"), "did you mean 'agriculture'?"),
        (("network", "hours: [5.5]", "hours: []"), "expected 1 hours for 2 stops, found 0"),
        (("network", "stops: [alpha, gamma]", "stops: [alpha]"), "stops: expected at least 2 entries, found a list"),
        (("network", "through: [alpha-gamma-rail]", "through: [gamma-rail]"), "there is no line 'gamma-rail'"),
        (("network", "    junction: {name", "    beta: {name"), "'beta' is a place already"),
        (("network", "opens: 2009-12-26", "opens: 2009-02-30"), "a date such as 2009-12-26, found '2009-02-30'"),
        (("network", "opens: 2009-12-26", "opens: 2009"), "expected a date such as 2009-12-26, found 2009"),
        (("network", "neighbours: 3", "neighbours: 3.5"), "expected a whole number, found 3.5"),
        (("world", "base_year: 2010", "base_year: 1910"), "base_year: expected a number of at least 1978, found 1910"),
        (("world", "places: places.yaml, ", ""), "'places' is missing (add places: places.yaml)"),
        (("world", "places: places.yaml", "places: place.yaml"), "place.yaml: there is no such file"),
        (("world", "places: places.yaml", "places: sectors.yaml"), "expected kind: places, found 'sectors'"),
        (("world", "format: 1", "format: 3"), "format 3 is not supported; this version reads format 1"),
        (("world", "name: Toy world", "titel: Toy world"), "unknown key 'titel'"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_world(tmp_path: Path, change: tuple[str, str, str], words: str) -> None:
    found = problems(tmp_path, change)
    assert any(words in one for one in found), found
    assert [placeless(str(problem), tmp_path) for problem in check(tmp_path / "toy.yaml")] == found


def test_the_problems_of_all_files_come_together(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        ("places", "    wage: 30000\n", "    wage: much\n"),
        ("sectors", "workers: 407", "workers: -1"),
        ("network", "hours: [5.5]", "hours: [0]"),
        ("toy", "firms: 1000", "firms: 10"),
        ("toy", "lines: [alpha-delta-hsr]", "lines: [alpha-delta]"),
        ("places", "lacks: [castings]", "lacks: [casting]"),
    )
    assert len(found) == 6


def test_an_unreadable_part_does_not_hide_another(tmp_path: Path) -> None:
    found = problems(tmp_path, ("places", "places:\n", "places: [\n"), ("sectors", "kind: sectors", "kind: sector"))
    assert {words.split(":")[0] for words in found} == {"places.yaml", "sectors.yaml"}
