"""The digest sees what can change a result, and nothing of how files are laid out."""

import pickle
import re
from pathlib import Path

import pytest
from toy import SCENARIO, TOY, copied

from relocsim.spec import load

DIGEST = load(SCENARIO).digest


def reordered(text: str, section: str) -> str:
    """Return a file with the entries of a section in reverse order."""
    head, body = text.split(f"\n{section}:\n")
    entries = re.split(r"(?m)^(?=  [a-z])", body)
    return f"{head}\n{section}:\n{''.join(reversed(entries[1:]))}"


def test_the_digest_is_a_sha256() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", DIGEST)
    assert load(SCENARIO).digest == DIGEST


@pytest.mark.parametrize(
    ("name", "section"),
    [("places", "places"), ("sectors", "sectors"), ("parameters", "parameters"), ("toy", "policies")],
)
def test_the_order_in_a_file_does_not_matter(tmp_path: Path, name: str, section: str) -> None:
    path = copied(tmp_path)
    file = tmp_path / f"{name}.yaml"
    text = file.read_text("utf-8")
    assert reordered(text, section) != text
    file.write_text(reordered(text, section), "utf-8")
    spec, original = load(path), load(SCENARIO)
    assert spec.digest == DIGEST
    assert list(spec.world.places) == list(original.world.places) == sorted(original.world.places)
    assert spec.world == original.world
    assert list(spec.policies) == list(original.policies)
    assert list(spec.register.inputs) == list(original.register.inputs)


@pytest.mark.parametrize(
    "change",
    [
        ("places", "wage: 30000", "wage: 3e4"),
        ("places", "[circuit-boards, electroplating, dyeing]", "[dyeing, electroplating, circuit-boards]"),
        ("places", "Made up for tests (a yearbook)", "Another yearbook"),
        ("places", "  beta:\n    name: Beta\n", "  # a comment\n  beta: # another\n    name: 'Beta'\n"),
        ("toy", "city: beta\n    start: 2010-Q1\n    capital", "city: [beta]\n    start: 2010-01-01\n    capital"),
        ("toy", "    capital_subsidy: 0.1\n", "    capital_subsidy: 0.1\n    rent_relief: 0.5\n"),
        ("toy", "    capital_subsidy: 0.1\n", "    capital_subsidy: 0.1\n    note: Said by nobody.\n"),
        ("toy", "hardware: [park-expansion, suppliers]", "hardware: [suppliers, park-expansion]"),
        ("network", "hours: [5.5]", "hours: {value: [5.5]}"),
    ],
)  # fmt: skip
def test_what_cannot_change_a_result_does_not_enter(tmp_path: Path, change: tuple[str, str, str]) -> None:
    assert load(copied(tmp_path, change)).digest == DIGEST


@pytest.mark.parametrize(
    "change",
    [
        ("places", "wage: 30000", "wage: 30001"),
        ("places", "range: x/1.3", "range: x/1.4"),
        ("places", "lacks: [castings]", "lacks: []"),
        ("network", "stops: [alpha, gamma]", "stops: [gamma, alpha]"),
        ("toy", "seed: 7", "seed: 8"),
        ("toy", "on: true", "on: false"),
        ("toy", "range: [500, 2000]", "range: [500, 2001]"),
        ("toy", "capital_subsidy: 0.1", "capital_subsidy: 0.1000001"),
    ],
)
def test_what_can_change_a_result_enters(tmp_path: Path, change: tuple[str, str, str]) -> None:
    assert load(copied(tmp_path, change)).digest != DIGEST


def test_how_a_specification_came_about_does_not_enter() -> None:
    assert load(SCENARIO, settings=["scenario.firms=1000"]).digest == DIGEST
    variant = load(TOY / "variant.yaml")
    settings = [
        "scenario.name=Toy with more land", "policies.park-expansion.on=true", "policies.park-expansion.land=2000",
        "parameters.sensitivity=0.04", "places.beta.approval_days=60",
    ]  # fmt: skip
    assert load(SCENARIO, settings=settings).digest == variant.digest


def test_a_specification_travels_between_processes() -> None:
    spec = load(SCENARIO)
    twin = pickle.loads(pickle.dumps(spec))
    assert twin == spec
    assert twin.digest == DIGEST
