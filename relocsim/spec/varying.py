"""A scenario that is read once and varied many times: each variant is what `load` gives of a file that extends it.

Its world is collapsed and judged once (see `keeping`), so that a change of a policy costs milliseconds. This module refuses
to read a variant's own `extends`: who calls has seen to it.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from pathlib import Path
from threading import Lock

from relocsim.errors import Problem, SpecError
from relocsim.spec.files import WorldFiles, beside, header_problems, laid_over, read_scenario, read_world
from relocsim.spec.keeping import KEPT, Keep
from relocsim.spec.loading import Loading, with_own_posterior
from relocsim.spec.merging import Difference
from relocsim.spec.nodes import Node, plain
from relocsim.spec.specification import Spec

BARRED = ("world", "estimates", "posterior")
"""Keys of a scenario file that a variant may not have: they name files."""


class Opened:
    """A scenario and its world as their files say them, and what was made of them."""

    def __init__(self, path: str | Path) -> None:
        """Read the files; SpecError with what keeps them from being read."""
        self.tree, self._notes = read_scenario(path)
        named = self.tree.children["world"]
        self.files: WorldFiles = read_world(beside(named, ("world",)), named)
        self._keep = Keep()
        self._overrides: OrderedDict[str, Node] = OrderedDict()
        self._lock = Lock()

    def spec(self) -> Spec:
        """Return the specification of the scenario as written; SpecError with every problem."""
        return self._finished(self.tree, list(self._notes))

    def varied(self, variant: Node) -> Spec:
        """Return the specification with the content of a file that extends the scenario laid over it; SpecError likewise."""
        problems = [*header_problems(variant, "scenario", ()), *naming_files(variant)]
        if problems:
            raise SpecError(problems)
        tree, told = laid_over(self.tree, variant)
        return self._finished(tree, [*self._notes, *told])

    def _finished(self, tree: Node, notes: list[Difference]) -> Spec:
        with self._lock:
            tree = self._met_before(tree)
            return with_own_posterior(Loading(self._keep).finish(tree, notes, [], self.files), tree)

    def _met_before(self, tree: Node) -> Node:
        """Return a scenario with the tree of an override that said the same, so that its world is known again."""
        override = tree.children.get("override")
        if override is None:
            return tree
        text = json.dumps(plain(override), sort_keys=True)
        known = self._overrides.setdefault(text, override)
        self._overrides.move_to_end(text)
        if len(self._overrides) > KEPT:
            self._overrides.popitem(last=False)
        return Node({**tree.children, "override": known}, tree.mark, tree.key)


def naming_files(variant: Node) -> list[Problem]:
    """Return the keys of a variant that name files."""
    entries = {key: variant.children[key] for key in BARRED if key in variant.children}
    hint = "leave it out: it comes with the scenario that is extended"
    return [
        Problem(f"{key!r} may not be given here", entry.mark.file, entry.mark.line, entry.mark.column, key, hint)
        for key, entry in entries.items()
    ]
