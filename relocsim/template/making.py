"""A template world as files: world, places, network, baseline, three questions, README. It loads before it is there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from relocsim.spec import load, shipped
from relocsim.spec.changes import PARTS
from relocsim.spec.nodes import Plain
from relocsim.spec.placing import place_files
from relocsim.spec.writing import file_text
from relocsim.template.asked import Asked
from relocsim.template.deriving import composite_entries, place_entries
from relocsim.template.readme import readme
from relocsim.template.scenarios import baseline, questions
from relocsim.template.stations import network_entries

OWN = ("places", "network")
"""Parts of the world that a new one has files of its own for."""


def make_world(asked: Asked, out: Path, *, force: bool = False) -> list[str]:
    """Write a template world and return its files.

    Raises
    ------
    SpecError
        Where what is asked for does not make a sound world.
    OutputExistsError
        Where other files are in the way and not `force`.
    """
    return place_files(world_texts(asked), out, force=force, check=_loads)


def _loads(folder: Path) -> None:
    for file in (folder / "baseline.yaml", *sorted((folder / "questions").glob("*.yaml"))):
        load(file)


def world_texts(asked: Asked) -> dict[str, str]:
    """Return the files of a template world by name."""
    places: dict[str, Any] = {city.id: place_entries(asked, city) for city in asked.cities}
    left = composite_entries(asked, places)
    network, without = network_entries(asked)
    name = asked.city.name
    texts = {
        "world.yaml": file_text(_world(asked), f"{name} and its rivals, on the shipped world {asked.base.name}."),
        "places.yaml": file_text(
            _part(asked, "places", {**places, **({asked.taken_from: left} if asked.taken_from else {})}),
            f"{name}: every figure is derived by the rule in its note and stands until you know better.\n"
            "What you know: overwrite the value, name the source, set the grade (document, statistic, literature), narrow "
            "the range.",
        ),
        "network.yaml": file_text(
            _part(asked, "network", network or {"lines": {}}, without),
            "Lines that stop at the city beside those of the shipped world. Roads follow from where places lie.",
        ),
        "baseline.yaml": file_text(
            baseline(asked, places[asked.city.id]["park_land"]["value"]),
            f"{name} as it is; policies wait to be switched on.",
        ),
    }
    for question, content in questions(asked).items():
        head = f"Question: {content['scenario']['question']}\n" + _command(question)  # type: ignore[index, call-overload]
        texts[f"questions/{question}.yaml"] = file_text(content, head)
    return {**texts, "README.md": readme(asked)}


def _command(question: str) -> str:
    first = {"park-land": "park-expansion", "faster-approvals": "approvals", "incentives": "incentives"}[question]
    return f"  relocsim compare questions/{question}.yaml --with {first} --package both"


def _world(asked: Asked) -> dict[str, Plain]:
    include: dict[str, Plain] = {part: f"{part}.yaml" if part in OWN else _shipped(asked, part) for part in PARTS}
    return {
        "format": 1,
        "kind": "world",
        "name": asked.city.name,
        "base_year": asked.base.world.base_year,
        "include": include,
    }


def _shipped(asked: Asked, part: str) -> str:
    """Return the shipped file of a part: that of the base, or the one that the base itself takes from Chenzhou."""
    own = f"{asked.base.name}/{part}.yaml"
    return shipped.PREFIX + (own if (shipped.folder() / own).is_file() else f"chenzhou/{part}.yaml")


def _part(asked: Asked, part: str, content: Mapping[str, Plain], without: list[str] | None = None) -> dict[str, Plain]:
    head: dict[str, Plain] = {"format": 1, "kind": part, "extends": _shipped(asked, part)}
    if without:
        head["without"] = list(without)
    return {**head, part: dict(content)}
