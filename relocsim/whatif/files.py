"""A what-if as a scenario file, and a scenario file as a what-if: what one downloads and uploads.

A file that comes in names no other but the case that it extends, is bounded in size, and is read by the same door as any
other. This module refuses to touch the disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from relocsim.errors import Problem, SpecError
from relocsim.spec import shipped
from relocsim.spec.changes import PARTS
from relocsim.spec.files import header_problems, kind_in
from relocsim.spec.nodes import Node, Plain, Steps, dotted, leaves, plain, problem
from relocsim.spec.reading import read_text
from relocsim.spec.varying import naming_files
from relocsim.spec.words import found, near
from relocsim.whatif.assumptions import log
from relocsim.whatif.cases import Case, Cases
from relocsim.whatif.laying import SOURCE, list_in, written
from relocsim.whatif.specs import drop_own
from relocsim.whatif.whatif import Setting, WhatIf

MOST_BYTES = 400_000
"""Bytes of a file that comes in."""
_NOTE = re.compile(r"^# note (\S+): (.*)$", re.MULTILINE)
_OURS = {"grade": "assumed", "range": "none", "source": SOURCE}


def yaml_of(whatif: WhatIf, cases: Cases) -> str:
    """Return a what-if as the text of a scenario file, which `relocsim run` plays; SpecError where its case is unknown.

    It extends its case by name where that is shipped, else by the path below the folder of the case. Comments at its head
    log what was changed from what to what.
    """
    case = cases.named(whatif.case)
    lines = [f"What-if: {whatif.name}" if whatif.name else "A what-if"]
    if not shipped.is_shipped(case.extends):
        lines.append(f"To be kept in the folder of the case, beside what it extends: {case.extends}")
    changes = log(whatif, cases)
    lines += [one.line() for one in changes if not one.added]
    lines += [f"policies.{name}: added" for name in dict.fromkeys(one.setting.steps[1] for one in changes if one.added)]
    return written(whatif, case, "\n".join(lines))


def from_yaml(content: str | bytes, cases: Cases, *, name: str = "the file") -> WhatIf:
    """Return the what-if that a scenario file is; `name` is what problems call the file.

    Raises
    ------
    SpecError
        Where the file is too large, is no sound variant of a case, or names files.
    """
    text = _text(content, name)
    _, root = kind_in(read_text(text, name), ("scenario",))
    problems = [*header_problems(root, "scenario", ("extends",)), *naming_files(root)]
    if problems:
        raise SpecError(problems)
    case = _case_of(root.children["extends"], cases)
    case.opened.varied(root)
    said = root.children.get("scenario", Node({})).children.get("name")
    made = WhatIf(case.id, str(said.value) if said is not None else "", tuple(_settings(root, case)))
    return _without_own(_with_notes(made, text), cases, case)


def _text(content: str | bytes, name: str) -> str:
    """Return a content as text; SpecError where it is too large or no text."""
    if len(content) > MOST_BYTES:
        message = f"the file has {len(content) / 1e6:.1f} MB; at most {MOST_BYTES / 1e6:.1f} are read"
        raise SpecError([Problem(message, file=name)])
    try:
        return content.decode("utf-8-sig") if isinstance(content, bytes) else content
    except UnicodeDecodeError:
        raise SpecError([Problem("expected text in UTF-8", file=name, hint="save the file as UTF-8")]) from None


def _case_of(entry: Node, cases: Cases) -> Case:
    """Return the case that a file extends; SpecError where it is none of those here."""
    if isinstance(entry.value, str):
        for case in cases.values():
            if entry.value in (case.extends, case.id):
                return case
        # paths are relative to where the file lay: what counts is their end
        parts = [
            part for part in PurePosixPath(entry.value.removeprefix(shipped.PREFIX)).parts if part not in ("..", "/")
        ]
        wanted = PurePosixPath(*parts).with_suffix("").as_posix() if parts else ""
        fitting = [case for case in cases.values() if case.id == wanted or case.id.endswith(f"/{wanted}")]
        if len(fitting) == 1:
            return fitting[0]
    hint = near(entry.value, cases) or f"there are: {', '.join(list(cases)[:20])}"
    raise SpecError(
        [problem(entry.mark, f"it extends no case that is open here: {found(entry)}", steps=("extends",), hint=hint)]
    )


def _settings(root: Node, case: Case) -> Iterator[Setting]:
    """Yield what a file sets; SpecError with the position of what cannot be."""
    for section in ("scenario", "policies", "override"):
        above: Steps = () if section == "override" else (section,)
        for steps, leaf in leaves(root.children.get(section, Node({})), above):
            if leaf.value == {} or steps in ((), (section,), ("scenario", "name")):
                continue
            try:
                yield from _setting(steps, leaf, case)
            except SpecError as error:
                raise SpecError(
                    [problem(leaf.mark, p.message, steps=steps, hint=p.hint) for p in error.problems]
                ) from None


def _setting(steps: Steps, leaf: Node, case: Case) -> Iterator[Setting]:
    """Yield the setting of an entry, or of those items of a list of the world that differ from the case's."""
    own = list_in(case, steps) if leaf.items and steps[0] in PARTS else []
    if len(own) != len(leaf.items) or not own:
        yield Setting(dotted(steps), *_bare(plain(leaf)))
        return
    for at, (item, before) in enumerate(zip(leaf.items, own, strict=True)):
        if plain(item) != before:
            yield Setting(dotted((*steps, at)), *_bare(plain(item)))


def _bare(value: Plain) -> tuple[Plain, str]:
    """Return the value and the note of an entry: bare where a what-if wrote it in full form."""
    if isinstance(value, dict) and "value" in value and value.keys() <= {"value", "note", *_OURS}:
        note = value.get("note", "")
        if all(value.get(key) == said for key, said in _OURS.items()) and isinstance(note, str):
            return value["value"], note
    return value, ""


def _with_notes(whatif: WhatIf, text: str) -> WhatIf:
    """Return a what-if with the notes that a file has in its comments."""
    notes = dict(_NOTE.findall(text))
    settings = (replace(one, note=one.note or notes.get(one.path, "")) for one in whatif.settings)
    return replace(whatif, settings=tuple(settings))


def _without_own(whatif: WhatIf, cases: Cases, case: Case) -> WhatIf:
    """Return a what-if without what is the case's own anyway: a number that loses its range by being set is not."""
    inputs = case.spec().register.inputs
    exact = [one.path for one in whatif.settings if one.path not in inputs or not inputs[one.path].ranged]
    return drop_own(whatif, cases, exact)
