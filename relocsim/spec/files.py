"""The files of a specification: their headers, what they include, what they extend.

Each kind of file has its keys; a world names the files of its parts, scenarios and parts may extend others. This module
refuses to look into places, sectors or policies.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from relocsim.errors import Problem, SpecError
from relocsim.spec import shipped
from relocsim.spec.changes import PARTS, default_in_scenario
from relocsim.spec.merging import Difference, difference, differences, merged
from relocsim.spec.nodes import Node, Steps, problem
from relocsim.spec.parts import extended
from relocsim.spec.reading import read_file
from relocsim.spec.words import found, near, unknown_keys

FORMAT = 1
KEYS: Mapping[str, tuple[str, ...]] = {
    "scenario": ("format", "kind", "extends", "world", "estimates", "posterior", "scenario", "policies", "override"),
    "world": ("format", "kind", "name", "base_year", "include"),
    **{part: ("format", "kind", "extends", "without", "attributes", part) for part in PARTS},
    "estimates": ("format", "kind", "about", "parameters"),
    "evidence": ("format", "kind", "figures"),
}
"""Keys of each kind of file."""
_MAX_CHAIN = 20


@dataclass(frozen=True)
class WorldFiles:
    """A world as its files say it."""

    tree: Node
    """Name, base year and the content of each part."""
    attributes: Mapping[str, Node | None] = field(default_factory=dict)
    """Default provenance of each part's file."""


def read_kind(path: str | Path, kinds: Collection[str] = tuple(KEYS)) -> tuple[str, Node]:
    """Return the kind and content of a file; SpecError if its header or its keys are wrong."""
    return kind_in(read_file(path), kinds)


def kind_in(root: Node, kinds: Collection[str] = tuple(KEYS)) -> tuple[str, Node]:
    """Return the kind and content of what was read; SpecError if its header is wrong."""
    if not isinstance(root.value, dict):
        message = f"expected a mapping that begins with 'format: {FORMAT}', found {found(root)}"
        raise SpecError([problem(root.mark, message)])
    problems = [*_format(root), *_kind(root, kinds)]
    if problems:
        raise SpecError(problems)
    kind = str(root.children["kind"].value)
    return kind, root


def _format(root: Node) -> list[Problem]:
    entry = root.children.get("format")
    if entry is None:
        return [problem(root.mark, "'format' is missing", steps=("format",), hint=f"begin with format: {FORMAT}")]
    if entry.value != FORMAT or isinstance(entry.value, bool):
        message = f"format {found(entry)} is not supported; this version reads format {FORMAT}"
        return [problem(entry.mark, message, steps=("format",))]
    return []


def _kind(root: Node, kinds: Collection[str]) -> list[Problem]:
    wanted = f"kind: {', '.join(kinds)}" if len(kinds) == 1 else f"kind: one of {', '.join(kinds)}"
    entry = root.children.get("kind")
    if entry is None:
        return [problem(root.mark, "'kind' is missing", steps=("kind",), hint=f"add {wanted}")]
    if entry.value not in list(kinds):
        message = f"expected {wanted}, found {found(entry)}"
        return [problem(entry.mark, message, steps=("kind",), hint=near(entry.value, kinds))]
    return []


def header_problems(root: Node, kind: str, required: Collection[str]) -> list[Problem]:
    """Return the keys at the top of a file that mean nothing or lack."""
    return [*unknown_keys(root, (), KEYS[kind]), *lacking(root, required)]


def lacking(root: Node, required: Collection[str]) -> list[Problem]:
    """Return the keys that a mapping lacks."""
    return [
        problem(root.mark, f"{key!r} is missing", steps=(key,), hint=f"add {key}: ...")
        for key in required
        if key not in root.children
    ]


def read_scenario(path: str | Path) -> tuple[Node, tuple[Difference, ...]]:
    """Return a scenario with what it extends, and what each variant changed; SpecError if a file is unsound."""
    chain = _chain(path)
    problems = [p for root in chain for p in header_problems(root, "scenario", ())]
    tree = chain[-1]
    notes: list[Difference] = []
    for variant in reversed(chain[:-1]):
        tree, told = laid_over(tree, variant)
        notes += told
    problems += lacking(Node(tree.value, chain[0].mark), ("world", "scenario"))
    if problems:
        raise SpecError(problems)
    return tree, tuple(notes)


def laid_over(tree: Node, variant: Node) -> tuple[Node, list[Difference]]:
    """Return a scenario with a variant laid over it, and what that changes; neither is changed."""
    return merged(_own_words(tree, variant), variant), list(_told(tree, variant))


def _told(tree: Node, variant: Node) -> Iterator[Difference]:
    """Yield what a variant changes; a policy that it adds is one change (`override` tells its own later)."""
    there = tree.children.get("policies", Node({})).children
    policies = variant.children.get("policies", Node({})).children
    for name, entry in policies.items():
        if name not in there:
            yield from difference(("policies", name), None, entry)
    changed = Node({name: entry for name, entry in policies.items() if name in there})
    kept = {key: child for key, child in variant.children.items() if key in ("world", "scenario")}
    yield from differences(tree, Node({**kept, "policies": changed}), default_in_scenario)


def _own_words(tree: Node, variant: Node) -> Node:
    """Return what a variant is laid over without the Chinese of the title and question that it words anew."""
    said = variant.children.get("scenario", Node({})).children
    stale = {f"{name}_zh" for name in ("name", "question") if name in said}
    held = tree.children.get("scenario", Node({}))
    kept = {key: child for key, child in held.children.items() if key not in stale}
    if len(kept) == len(held.children):
        return tree
    return Node({**tree.children, "scenario": Node(kept, held.mark, held.key)}, tree.mark, tree.key)


def _chain(path: str | Path) -> list[Node]:
    """Return a scenario file and those that it extends, outermost first."""
    file, origin = str(path), None
    chain: list[Node] = []
    seen: set[Path] = set()
    while True:
        chain.append(_read_named(file, ("scenario",), origin))
        seen.add(Path(file).resolve())
        origin = chain[-1].children.get("extends")
        if origin is None:
            return chain
        file = beside(origin, ("extends",))
        if Path(file).resolve() in seen:
            raise SpecError([problem(origin.mark, "the scenario extends itself", steps=("extends",))])
        if len(chain) >= _MAX_CHAIN:
            message = f"more than {_MAX_CHAIN} scenarios extend one another"
            raise SpecError([problem(origin.mark, message, steps=("extends",))])


def beside(node: Node, steps: Steps) -> str:
    """Return the file that an entry names, relative to the file in which it stands or shipped (see `shipped`)."""
    if not isinstance(node.value, str) or not node.value or "\0" in node.value:
        raise SpecError([problem(node.mark, f"expected the name of a file, found {found(node)}", steps=steps)])
    if shipped.is_shipped(node.value):
        try:
            return str(shipped.located(node.value))
        except ValueError as error:
            raise SpecError([problem(node.mark, f"{error}, found {found(node)}", steps=steps)]) from None
    return str(Path(node.mark.file).parent / node.value)


def _read_named(file: str, kinds: tuple[str, ...], origin: Node | None) -> Node:
    """Return a file's content; if it cannot be had at all, say so where it is named."""
    try:
        return read_kind(file, kinds)[1]
    except SpecError as error:
        if origin is None:
            raise
        placed = [p if p.line else problem(origin.mark, f"{p.file}: {p.message}", hint=p.hint) for p in error.problems]
        raise SpecError(placed) from None


def read_world(file: str, origin: Node | None = None) -> WorldFiles:
    """Return a world with its parts; SpecError with everything that keeps its files from being read."""
    root = _read_named(file, ("world",), origin)
    problems = header_problems(root, "world", ("name", "base_year", "include"))
    include = root.children.get("include", Node({}, root.mark))
    problems += unknown_keys(include, ("include",), PARTS)
    children = {key: child for key, child in root.children.items() if key in ("name", "base_year")}
    attributes: dict[str, Node | None] = {}
    for part in PARTS:
        try:
            children[part], attributes[part] = _read_part(part, include)
        except SpecError as error:
            problems += error.problems
    if problems:
        raise SpecError(problems)
    return WorldFiles(Node(children, root.mark), attributes)


def read_estimates(tree: Node) -> list[Node]:
    """Return the files of estimated parameters that a scenario names, in its order; SpecError if one is unsound."""
    named = tree.children.get("estimates", Node([]))
    if not isinstance(named.value, list):
        message = f"expected a list of files, found {found(named)}"
        raise SpecError([problem(named.mark, message, steps=("estimates",), hint="write [file.yaml]")])
    roots, problems = [], []
    for at, entry in enumerate(named.items):
        try:
            root = _read_named(beside(entry, ("estimates", at)), ("estimates",), entry)
            problems += header_problems(root, "estimates", ("parameters",))
            roots.append(root)
        except SpecError as error:
            problems += error.problems
    if problems:
        raise SpecError(problems)
    return roots


def _read_part(part: str, include: Node) -> tuple[Node, Node | None]:
    """Return one part of a world and its default provenance."""
    named = include.children.get(part)
    if named is None:
        mark, hint = include.key or include.mark, f"add {part}: {part}.yaml"
        raise SpecError([problem(mark, f"{part!r} is missing", steps=("include", part), hint=hint)])
    root = _read_named(beside(named, ("include", part)), (part,), named)
    return part_of(root, part)


def part_of(root: Node, part: str, above: tuple[Path, ...] = ()) -> tuple[Node, Node | None]:
    """Return the content and the default provenance of a part, with the file that it extends.

    `above` are the files that led to this one by extending one another.
    """
    problems = header_problems(root, part, (part,))
    if problems:
        raise SpecError(problems)
    chain = (*above, Path(root.mark.file).resolve())

    def read(origin: Node) -> tuple[Node, Node | None]:
        file = beside(origin, ("extends",))
        if Path(file).resolve() in chain:
            raise SpecError([problem(origin.mark, "the file extends itself", steps=("extends",))])
        if len(chain) >= _MAX_CHAIN:
            raise SpecError(
                [problem(origin.mark, f"more than {_MAX_CHAIN} files extend one another", steps=("extends",))]
            )
        return part_of(_read_named(file, (part,), origin), part, chain)

    return extended(root, part, read)
