"""What a what-if lays over its case, as the text of a scenario file: policies, scenario, and an `override` of the world.

A number of the world, and one of a policy that has a note, is written in full form, so that the file says who assumed it
and why; notes on anything else stand in comments. This module refuses to read what was written (see `files`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from relocsim.policies import catalogue
from relocsim.spec.changes import PARTS, WORLD
from relocsim.spec.files import FORMAT
from relocsim.spec.flattening import flattened
from relocsim.spec.merging import entry_at
from relocsim.spec.nodes import Node, Plain, Step, Steps, plain
from relocsim.spec.scenario import Scenario
from relocsim.spec.shapes import Number, Record, Row, Shape, shape_at
from relocsim.spec.writing import file_text
from relocsim.whatif.cases import Case
from relocsim.whatif.whatif import Setting, WhatIf

SOURCE = "changed in a what-if"
"""Source of the numbers that a what-if sets in a world."""
NOTE = "# note {path}: {note}"
"""Comment that carries the note of what is no number."""


def written(whatif: WhatIf, case: Case, comment: str = "") -> str:
    """Return the text of the file that a what-if is; `comment` are lines before it, without `#`."""
    text = file_text(content_of(whatif, case), comment)
    lines = (
        NOTE.format(path=one.path, note=one.note)
        for one in whatif.settings
        if one.note and not _full(one, whatif, case)
    )
    return "".join(f"{line}\n" for line in lines) + text


def content_of(whatif: WhatIf, case: Case) -> dict[str, Plain]:
    """Return the content of the file that a what-if is."""
    scenario: dict[str, Any] = {"name": whatif.name} if whatif.name else {}
    sections: dict[str, dict[str, Any]] = {"scenario": scenario, "policies": {}, "override": {}}
    for steps, value in _entries(whatif, case):
        section, rest = ("override", steps) if steps[0] in PARTS else (str(steps[0]), steps[1:])
        _put(sections[section], rest, value)
    for name, entry in sections["policies"].items():
        if isinstance(entry, dict) and "kind" in entry:
            sections["policies"][name] = {"kind": entry.pop("kind"), **entry}
    filled = {name: entries for name, entries in sections.items() if entries}
    return {"format": FORMAT, "kind": "scenario", "extends": case.extends, **filled}


def _entries(whatif: WhatIf, case: Case) -> Iterable[tuple[Steps, Plain]]:
    """Yield what a file writes at which path: items of a list with the rest of the list, since files replace lists whole."""
    lists: dict[Steps, list[Plain]] = {}
    for one in whatif.settings:
        value = _full(one, whatif, case) or _listed(one, whatif, case)
        at = next((place for place, step in enumerate(one.steps) if isinstance(step, int)), None)
        if at is None:
            yield one.steps, value
            continue
        outer = one.steps[:at]
        items = lists.setdefault(outer, list_in(case, outer))
        _replace(items, one.steps[at:], value)
    yield from lists.items()


def _put(entries: dict[str, Any], steps: Sequence[Step], value: Plain) -> None:
    for step in steps[:-1]:
        entries = entries.setdefault(str(step), {})
    entries[str(steps[-1])] = value


def _replace(items: list[Plain], steps: Sequence[Step], value: Plain) -> None:
    """Replace an item of a list; one beyond its end is put there, for the checks of the file to refuse."""
    at = steps[0]
    if len(steps) > 1 or not isinstance(at, int) or at >= len(items):
        items.append(value)
    else:
        items[at] = value


def _full(one: Setting, whatif: WhatIf, case: Case) -> Plain:
    """Return a number that is written in full form; none where it is written bare."""
    shape = shape_of_path(whatif, case, one.steps)
    assumed = one.steps[0] in PARTS or one.note
    is_number = isinstance(one.value, int | float) and not isinstance(one.value, bool)
    if not (assumed and is_number and isinstance(shape, Number) and shape.unit is not None):
        return None
    return _in_full(one.value, one.note)


def _in_full(value: Plain, note: str) -> Plain:
    said: dict[str, Plain] = {"value": value, "grade": "assumed", "range": "none", "source": SOURCE}
    return {**said, "note": note} if note else said


def _listed(one: Setting, whatif: WhatIf, case: Case) -> Plain:
    """Return a value as it is written; of a list of numbers of the world each in full form."""
    shape = shape_of_path(whatif, case, one.steps) if isinstance(one.value, list) else None
    if not (isinstance(shape, Row) and isinstance(shape.item, Number) and shape.item.unit and one.steps[0] in PARTS):
        return one.value
    bare = (int, float)
    return [_in_full(item, one.note) if isinstance(item, bare) else item for item in one.value]  # type: ignore[union-attr]


def shape_of_path(whatif: WhatIf, case: Case, steps: Steps) -> Shape | None:
    """Return what belongs at a path; none where no such entry can be."""
    if steps[0] in PARTS:
        return shape_at(WORLD, steps)
    if steps[0] == "scenario":
        return shape_at(Record(Scenario), steps[1:])
    model = catalogue().get(kind_of_policy(whatif, case, str(steps[1])))
    return shape_at(Record(model), steps[2:]) if model is not None else None


def kind_of_policy(whatif: WhatIf, case: Case, name: str) -> str:
    """Return the kind of a policy of the what-if or of its case; nothing where there is none."""
    said = whatif.at(f"policies.{name}.kind")
    entry = entry_at(case.opened.tree, ("policies", name, "kind"))
    return str(said.value if said is not None else entry.value if entry is not None else "")


def list_in(case: Case, steps: Steps) -> list[Plain]:
    """Return a list of a case as a file would write it: numbers of the world with the whole of their provenance."""
    if steps[0] not in PARTS:
        return [plain(item) for item in (entry_at(case.opened.tree, steps) or Node([])).items]
    part, changed = str(steps[0]), entry_at(case.opened.tree, ("override", *steps))
    if changed is not None:
        return [plain(item) for item in changed.items]
    files = case.opened.files
    entries = flattened(files.tree.children[part], WORLD.fields[part], files.attributes[part], (part,))
    rows = [one for one in entries if one.steps[: len(steps)] == steps]
    if any(one.steps == steps for one in rows):
        found = entry_at(files.tree, steps)
        return [plain(item) for item in found.items] if found is not None else []
    return [{"value": one.value, **one.provenance} if one.provenance else one.value for one in rows]
