"""The commands that tell of scenarios, files, policies and the schema: what they print and what they refuse."""

import json

import pytest
import yaml
from commands import ROOT, TOY, invoke, refused

import relocsim

FEW = ("--draws", "2")


@pytest.fixture(autouse=True)
def at_root(monkeypatch):
    monkeypatch.chdir(ROOT)


def test_a_setting_that_leads_nowhere_is_told():
    said = refused("explain", TOY, "--set", "parameters.sensitivty=0.02")
    assert "did you mean 'sensitivity'?" in said


def test_explain_prints_the_scenario_its_changes_and_its_assumptions():
    found = invoke("explain", "tests/toy/variant.yaml", "--set", "switches.awareness=false", *FEW)
    assert found.exit_code == 0, found.output
    for words in (
        "Toy with more land", "In force as written: hsr from 2010-Q1 and park-expansion", "Switched off: awareness",
        "places.beta.approval_days", "130", "60", "Electronics in 2008-Q1", "circuit-boards", "share assumed",
        "Widest ranges",
    ):  # fmt: skip
        assert words in found.stdout, words


def test_explain_city_shows_all_sectors_and_weakest_links():
    found = invoke("explain", TOY, "--city", "beta", "--quarter", "2009-Q1", *FEW)
    assert "Beta in 2009-Q1 against Alpha" in found.stdout
    assert "Weakest links" in found.stdout
    assert "electronics.circuit-boards" in found.stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--city", "nowhere"), ("--city", "no destination")),
        (("--city", "gama"), ("--city", "did you mean 'gamma'?")),
        (("--sector", "electronic"), ("--sector", "did you mean 'electronics'?")),
        (("--origin", "beta"), ("--origin", "there are: alpha")),
        (("--quarter", "2010"), ("expected a quarter such as 2010-Q1", "--quarter")),
        (("--quarter", "2031-Q1"), ("outside the period of the scenario", "2008-Q1 to 2012-Q4")),
        (("--firm", "999999"), ("--firm", "there is no firm 999999")),
        (("--firm", "-1"), ("--firm", "there is no firm -1")),
    ],
)
def test_explain_says_what_it_does_not_know(options, words):
    said = refused("explain", TOY, *options, *FEW)
    for word in words:
        assert word in said


def test_explain_says_all_that_is_unknown_at_once():
    said = refused("explain", TOY, "--city", "gama", "--sector", "electronic")
    assert "--city" in said
    assert "--sector" in said


def test_check_lists_every_error_and_says_ok_of_the_rest():
    found = invoke("check", TOY, "tests/cases/invalid/missing-keys.yaml", "tests/toy/places.yaml")
    assert found.exit_code == 2
    assert found.stdout.splitlines() == [f"{TOY}: ok", "tests/toy/places.yaml: ok"]
    assert len(found.stderr.splitlines()) > 1
    assert all(line.startswith("tests/cases/invalid/missing-keys.yaml:") for line in found.stderr.splitlines())
    assert invoke("check", TOY).exit_code == 0


def test_policies_are_listed_from_their_classes():
    found = invoke("policies")
    for kind, cls in relocsim.catalogue().items():
        assert kind in found.stdout
        assert cls.title_zh in found.stdout


@pytest.mark.parametrize("kind", list(relocsim.catalogue()))
def test_the_page_of_a_policy_has_levers_fields_and_an_example_that_reads_back(kind):
    found = invoke("policies", kind)
    assert found.exit_code == 0, found.output
    cls = relocsim.catalogue()[kind]
    for words in (cls.title, *cls.moves, *cls.model_fields):
        assert words in found.stdout, words
    written = yaml.safe_load(found.stdout.split("Example\n")[1])
    (entry,) = written["policies"].values()
    cls.model_validate(entry)


def test_an_unknown_policy_is_told():
    assert "did you mean 'park_expansion'?" in refused("policies", "park_expansio")


def test_schema_goes_to_stdout_or_to_a_file(tmp_path):
    shown = json.loads(invoke("schema").stdout)
    assert shown == relocsim.schema()
    assert invoke("schema", "--out", str(tmp_path / "schema.json")).stdout == ""
    assert json.loads((tmp_path / "schema.json").read_text()) == shown
    assert "cannot be written" in refused("schema", "--out", str(tmp_path / "no" / "schema.json"))
