"""Scenarios that what-ifs change: one file, all of a folder, or those that are shipped.

Each is read when it is first asked for and kept, world and all, so that a change of it costs milliseconds. Nobody writes
to them: all who use a server share them. This module refuses to run anything.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock

from relocsim.errors import Problem, SpecError
from relocsim.language import Words
from relocsim.spec import Spec, shipped
from relocsim.spec.files import read_scenario
from relocsim.spec.nodes import Node
from relocsim.spec.varying import Opened
from relocsim.spec.words import near

MOST_FILES = 2_000
"""Files of a folder that are looked at."""
MOST_BYTES = 1_000_000
"""Scenarios are short: what is longer is none."""
KEPT = 24
"""Specifications of what-ifs that are kept."""
_IS_SCENARIO = re.compile(r"^kind:\s*[\"']?scenario\b", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """A scenario that what-ifs change."""

    id: str
    """Short and stable: path below its folder, without the suffix (of those shipped, below the shipped scenarios)."""
    path: Path
    """Its file."""
    extends: str
    """What a file of a what-if writes to extend it: `shipped:...`, else the path below its folder."""

    @cached_property
    def opened(self) -> Opened:
        """The files of the case, read once; SpecError with what keeps them from being read."""
        return Opened(self.path)

    def spec(self) -> Spec:
        """Return the specification of the case as written; SpecError with every problem."""
        return self._spec

    @cached_property
    def _spec(self) -> Spec:
        return self.opened.spec()

    def title(self, words: Words) -> str:
        """Return its title; its id where the file cannot be read."""
        return self._said("name", words) or self.id

    def question(self, words: Words) -> str:
        """Return what it is for, in a sentence; nothing where the file does not say."""
        return self._said("question", words)

    def _said(self, entry: str, words: Words) -> str:
        """Return what the scenario says under a name in a language, else in English."""
        said = self._scenario
        found = said.get(f"{entry}_{words.code}", Node(None)).value or said.get(entry, Node(None)).value
        return found if isinstance(found, str) else ""

    @cached_property
    def _scenario(self) -> dict[str, Node]:
        """The entries under `scenario`, without reading the world; none where the file is unsound."""
        try:
            return read_scenario(self.path)[0].children["scenario"].children
        except SpecError:
            return {}


class Cases(Mapping[str, Case]):
    """Cases by id, sorted, and the specifications that were made of them lately."""

    def __init__(self, cases: Mapping[str, Case]) -> None:
        self._cases = dict(sorted(cases.items()))
        self._specs: OrderedDict[tuple[str, ...], Spec] = OrderedDict()
        self._lock = Lock()

    def __getitem__(self, name: str) -> Case:
        return self._cases[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cases)

    def __len__(self) -> int:
        return len(self._cases)

    def named(self, name: str) -> Case:
        """Return a case; SpecError where there is none of that id."""
        if name not in self._cases:
            hint = near(name, self._cases) or f"there are: {', '.join(list(self._cases)[:20])}"
            raise SpecError([Problem(f"there is no case {name[:80]!r}", path="case", hint=hint)])
        return self._cases[name]

    def once(self, key: tuple[str, ...], make: Callable[[], Spec]) -> Spec:
        """Return what `make` gives, from an earlier call with this key where it is still kept."""
        with self._lock:
            if key in self._specs:
                self._specs.move_to_end(key)
                return self._specs[key]
        found = make()
        with self._lock:
            self._specs[key] = found
            if len(self._specs) > KEPT:
                self._specs.popitem(last=False)
        return found


def cases_in(what: str | Path | None = None) -> Cases:
    """Return the cases of a scenario file or of a folder; of those shipped where nothing is named.

    Raises
    ------
    SpecError
        Where there is no such file or folder, or no scenario in it.
    """
    if what is None:
        return _in_folder(shipped.folder(), shipped.PREFIX)
    path = Path(what)
    if path.is_dir():
        return _in_folder(path, "")
    read_scenario(path)
    return Cases({path.stem: Case(path.stem, path, shipped.named(path) or path.name)})


def _in_folder(folder: Path, prefix: str) -> Cases:
    found = {}
    for path in _yaml_files(folder):
        below = path.relative_to(folder)
        name = below.with_suffix("").as_posix()
        found[name] = Case(
            name, path, f"{prefix}{below.as_posix()}" if prefix else shipped.named(path) or below.as_posix()
        )
    if not found:
        raise SpecError([Problem("there is no scenario in the folder", file=str(folder), hint="name a scenario file")])
    return Cases(found)


def _yaml_files(folder: Path) -> Iterator[Path]:
    """Yield the scenario files at and below a folder; hidden ones, and what links lead out of it to, are passed over."""
    home = folder.resolve()
    for at, path in enumerate(sorted(folder.rglob("*.y*ml"))):
        if at >= MOST_FILES:
            return
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.resolve().is_relative_to(home) and _is_scenario(path):
            yield path


def _is_scenario(path: Path) -> bool:
    """Whether a file says at its top level that it is a scenario; it need not be sound."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return False
        return _IS_SCENARIO.search(path.read_text(encoding="utf-8", errors="replace")) is not None
    except OSError:
        return False
