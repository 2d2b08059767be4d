"""Files of evidence: published figures with source and use, and why the model cannot speak to some of them.

A calibration takes the figures marked `calibrate`, a validation compares all. This module refuses to compare anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from relocsim.errors import Problem, SpecError
from relocsim.sources import Grade
from relocsim.spec.files import KEYS, read_kind
from relocsim.spec.nodes import Node, plain, problem
from relocsim.spec.validation import validated
from relocsim.spec.words import unknown_keys
from relocsim.world.described import Described, Identifier

KIND, CALIBRATE = "evidence", "calibrate"


class Figure(Described):
    """A published figure, or a published finding without one."""

    place: Annotated[str, Field(min_length=1)]
    """Where it was found."""
    date: str = ""
    """When; where it is given."""
    what: Annotated[str, Field(min_length=1)]
    """What it says."""
    number: float | tuple[float, ...] = ()
    """Its number, or numbers in the order in which `what` names them."""
    unit: str = ""
    """Unit of the number."""
    band: Annotated[tuple[float, ...], Field(max_length=2)] = ()
    """Low and high end within which the model is accepted, where settings differ too much for a single number."""
    use: Literal["calibrate", "validate", "mechanism"]
    """calibrate: something may be set from it; validate: nothing was; mechanism: it shapes rules and is no number."""
    grade: Grade
    """How good the source is."""
    seen: Literal["document", "abstract", "secondary", "memory"]
    """In what form the source was seen."""
    source: Annotated[str, Field(min_length=1)]
    """Who published it."""
    note: str = ""
    """What to mind."""
    silent: str = ""
    """Why the model cannot speak to it."""
    by: tuple[Literal["origin", "sector"], ...] = ()
    """Of what part of all that moves it tells: of firms of some origins, of some sectors."""
    findings: tuple[str, ...] = ()
    """Findings of the patterns that stand beside it, as `P2: name` of docs/findings.json."""

    @property
    def values(self) -> tuple[float, ...]:
        """Its numbers."""
        return self.number if isinstance(self.number, tuple) else (self.number,)


class EvidenceFile(Described):
    """A file of evidence."""

    figures: dict[Identifier, Figure]
    """Figures by id."""


Evidence: TypeAlias = Mapping[str, Figure]


def evidence_of(files: Sequence[str]) -> tuple[dict[str, Figure], list[Problem]]:
    """Return the figures of some files by id, and what is wrong with the files."""
    figures: dict[str, Figure] = {}
    problems: list[Problem] = []
    for path in files:
        try:
            _, root = read_kind(path, (KIND,))
        except SpecError as error:
            problems += error.problems
            continue
        problems += unknown_keys(root, (), KEYS[KIND])
        content = Node({"figures": root.children["figures"]} if "figures" in root.children else {}, root.mark)
        read, wrong = validated(EvidenceFile, plain(content), content)
        problems += wrong
        for name, figure in (read.figures if read else {}).items():
            if name in figures:
                node = content.children["figures"].children[name]
                mark = node.key or node.mark
                problems.append(problem(mark, f"there is a figure {name!r} already", steps=("figures", name)))
            figures[name] = figure
    return figures, problems


def load_evidence(*files: str) -> dict[str, Figure]:
    """Return the figures of some files by id; SpecError with every problem found."""
    figures, problems = evidence_of(files)
    if problems:
        raise SpecError(problems)
    return figures
