"""What is wrong with a file of any kind, as far as the file by itself tells it. This module refuses to run anything."""

from __future__ import annotations

from pathlib import Path

from relocsim.errors import Problem, SpecError
from relocsim.spec.changes import WORLD, apply_to_world, estimated
from relocsim.spec.evidence import evidence_of
from relocsim.spec.files import header_problems, part_of, read_kind
from relocsim.spec.loading import load, load_world, unique
from relocsim.spec.nodes import Node, dotted
from relocsim.spec.quantities import Collapse
from relocsim.spec.validation import validated
from relocsim.world.description import WorldDescription


def check(path: str | Path) -> list[Problem]:
    """Return what is wrong with a file of any kind."""
    try:
        kind, root = read_kind(path)
        if kind == "scenario":
            load(path)
        elif kind == "world":
            load_world(path)
        elif kind == "estimates":
            return _check_estimates(root)
        elif kind == "evidence":
            return evidence_of([str(path)])[1]
        else:
            return _check_part(kind, root)
    except SpecError as error:
        return error.problems
    return []


def _check_part(part: str, root: Node) -> list[Problem]:
    """Return what is wrong with the file of one part, as far as it can be told without the others."""
    content, attributes = part_of(root, part)
    collapse = Collapse()
    values = collapse.part(content, WORLD.fields[part], (part,), attributes)
    annotation = WorldDescription.model_fields[part].annotation
    problems = [*collapse.problems, *validated(annotation, values, content, (part,))[1]]
    return unique(problems)


def _check_estimates(root: Node) -> list[Problem]:
    """Return what is wrong with a file of estimated parameters; what it does not give is for the world to give."""
    problems = header_problems(root, "estimates", ("parameters",))
    if problems:
        return problems
    tree, _, problems = apply_to_world(Node({"parameters": Node({})}), estimated(root), root)
    content, collapse = tree.children["parameters"], Collapse()
    values = collapse.part(content, WORLD.fields["parameters"], ("parameters",), None)
    judged = validated(WorldDescription.model_fields["parameters"].annotation, values, content, ("parameters",))[1]
    given = {dotted(("parameters", name)) for name in content.children}
    return unique([*problems, *collapse.problems, *(p for p in judged if p.path in given)])
