"""The one door: the files of a scenario become a complete, checked, frozen specification.

Reading, merging, collapsing, validating and cross-checking follow each other; all that is wrong is raised together.
This module refuses to run anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from relocsim.errors import Problem, SpecError
from relocsim.policies import Policy, catalogue
from relocsim.sources import Input, Register
from relocsim.spec.changes import (
    PARTS,
    Change,
    apply_to_scenario,
    apply_to_world,
    estimated,
    overrides,
    settings_of,
)
from relocsim.spec.files import (
    WorldFiles,
    beside,
    read_estimates,
    read_scenario,
    read_world,
)
from relocsim.spec.judging import world_of
from relocsim.spec.keeping import Keep
from relocsim.spec.merging import Difference
from relocsim.spec.names import names_in
from relocsim.spec.nodes import Node, Plain, plain, problem
from relocsim.spec.policychecks import scenario_problems
from relocsim.spec.posterior import with_posterior
from relocsim.spec.quantities import Collapse
from relocsim.spec.scenario import Scenario
from relocsim.spec.shapes import Record
from relocsim.spec.specification import Spec
from relocsim.spec.validation import validated
from relocsim.spec.words import found, near
from relocsim.world.described import Identifier
from relocsim.world.description import WorldDescription


def load(path: str | Path, *, settings: Sequence[str] = (), posterior: str | Path | None = None) -> Spec:
    """Return the specification of a scenario.

    Parameters
    ----------
    path
        Scenario file.
    settings
        Changes such as `policies.incentives.capital_subsidy=0.2`, `parameters.sensitivity=0.02`, `scenario.firms=2000`,
        `switches.awareness=false`; what they set in the world is assumed and has no range.
    posterior
        Posterior of a calibration, by whose rows replicates draw the inputs it holds, in place of the scenario's own.

    Raises
    ------
    SpecError
        With every problem found.
    """
    loading = Loading()
    changes = loading.attempt(lambda: settings_of(settings)) or []
    read = loading.attempt(lambda: read_scenario(path))
    if read is None:
        raise SpecError(loading.problems)
    tree, notes = read
    spec = loading.finish(tree, list(notes), changes)
    return with_posterior(spec, posterior) if posterior is not None else with_own_posterior(spec, tree)


def with_own_posterior(spec: Spec, tree: Node) -> Spec:
    """Return a specification with the posterior that its scenario names, if it names one."""
    named = tree.children.get("posterior")
    return spec if named is None else with_posterior(spec, beside(named, ("posterior",)), named)


def load_trees(tree: Node, world: WorldFiles) -> Spec:
    """Return the specification of a scenario and a world whose entries were read from elsewhere than YAML.

    Parameters
    ----------
    tree
        Scenario with all that it extends; what it names as its world is not read.
    world
        Its world.

    Raises
    ------
    SpecError
        With every problem found.
    """
    return Loading().finish(tree, [], [], world)


def load_world(path: str | Path) -> tuple[WorldDescription, Register]:
    """Return a world by itself, and the register of its numbers; SpecError with every problem found."""
    loading = Loading()
    world = loading.world(read_world(str(path)))
    loading.stop_if_unsound()
    return world, loading.register()


class Loading:
    """Gathers inputs and problems on the way from files to a specification; `kept` holds worlds met before."""

    def __init__(self, kept: Keep | None = None) -> None:
        self.problems: list[Problem] = []
        self._inputs: list[Input] = []
        self._kept = kept or Keep(1)

    def attempt(self, step: Any) -> Any:
        """Return what a step gives, or none and keep its problems."""
        try:
            return step()
        except SpecError as error:
            self.problems += error.problems
            return None

    def stop_if_unsound(self) -> None:
        """Raise everything found so far."""
        if self.problems:
            raise SpecError(unique(self.problems))

    def register(self) -> Register:
        """Return the register of all numbers, sorted by path."""
        return Register({entry.path: entry for entry in sorted(self._inputs, key=lambda entry: entry.path)})

    def finish(
        self, tree: Node, notes: list[Difference], changes: Sequence[Change], world: WorldFiles | None = None
    ) -> Spec:
        """Return the specification of a scenario's tree with the changes of the command line.

        The world is read from the file that the tree names where it is not given.
        """
        inside = [change for change in changes if change.steps[0] in PARTS]
        outside = [change for change in changes if change.steps[0] not in PARTS]
        tree, told, problems = apply_to_scenario(tree, outside)
        notes, self.problems = notes + told, self.problems + problems
        named = tree.children["world"]
        files = world or self.attempt(lambda: read_world(beside(named, ("world",)), named))
        if files is not None:
            files, told, problems = self._laid_over(files, tree, inside)
            notes, self.problems = notes + told, self.problems + problems
        described = self.world(files) if files is not None else None
        scenario, policies = self._scenario(tree), self._policies(tree)
        if files is not None:
            self.problems += scenario_problems(scenario, policies, tree, names_in(files.tree))
        self.stop_if_unsound()
        return Spec(scenario, cast(WorldDescription, described), policies, self.register(), tuple(notes))

    def _laid_over(
        self, files: WorldFiles, tree: Node, settings: Sequence[Change]
    ) -> tuple[WorldFiles, list[Difference], list[Problem]]:
        """Return the files of a world as a scenario and settings change them, what they changed, and what is wrong."""
        entries = [tree.children.get("estimates"), tree.children.get("override")]

        def make() -> tuple[WorldFiles, list[Difference], list[Problem]]:
            own = Loading()
            changed, first = own._estimated(files, own.attempt(lambda: read_estimates(tree)) or [])
            changed, second = own._changed(changed, entries[1], settings)
            return changed, [*first, *second], own.problems

        return make() if settings else cast(Any, self._kept.once("changed", (files.tree, *entries), make))

    def _estimated(self, files: WorldFiles, roots: Sequence[Node]) -> tuple[WorldFiles, list[Difference]]:
        """Return the files of a world with estimated parameters in place of its own, and what they changed."""
        notes: list[Difference] = []
        for root in roots:
            tree, told, problems = apply_to_world(files.tree, estimated(root), root)
            files, notes = WorldFiles(tree, files.attributes), notes + told
            self.problems += problems
        return files, notes

    def _changed(
        self, files: WorldFiles, override: Node | None, settings: Sequence[Change]
    ) -> tuple[WorldFiles, list[Difference]]:
        """Return the files of a world with overrides, then settings, and what they changed."""
        written = self.attempt(lambda: overrides(override)) or []
        over = override or Node({})
        tree, first, problems = apply_to_world(files.tree, written, over)
        tree, second, more = apply_to_world(tree, settings, Node({}))
        self.problems += [*problems, *more]
        return WorldFiles(tree, files.attributes), [*first, *second]

    def world(self, files: WorldFiles) -> Any:
        """Return a world from its files; none if it is unsound."""
        found = world_of(files)
        self._inputs += found.inputs
        self.problems += found.problems
        return found.world

    def _scenario(self, tree: Node) -> Any:
        node = tree.children["scenario"]
        scenario, problems = validated(Scenario, plain(node), node, ("scenario",))
        self.problems += problems
        return scenario

    def _policies(self, tree: Node) -> dict[str, Policy]:
        """Return the policies that are sound by themselves, sorted by id."""
        section = tree.children.get("policies", Node({}))
        if not isinstance(section.value, dict) and section.value is not None:
            message = f"expected a mapping from ids to policies, found {found(section)}"
            self.problems.append(problem(section.mark, message, steps=("policies",)))
        named: Plain = dict.fromkeys(section.children)
        self.problems += validated(dict[Identifier, None], named, section, ("policies",))[1]
        built = {name: self._policy(name, entry) for name, entry in sorted(section.children.items())}
        return {name: policy for name, policy in built.items() if policy is not None}

    def _policy(self, name: str, node: Node) -> Any:
        """Return one policy; none if it is unsound."""
        steps = ("policies", name)
        model = _kind(node)
        if model is None:
            self.problems.append(_unknown_kind(name, node))
            return None
        collapse = Collapse()
        values = collapse.entry(node, Record(model), steps)
        self._inputs += collapse.inputs
        policy, problems = validated(model, values, node, steps)
        self.problems += [*collapse.problems, *problems]
        return policy


def _kind(node: Node) -> type[Policy] | None:
    entry = node.children.get("kind")
    return catalogue().get(entry.value) if entry is not None and isinstance(entry.value, str) else None


def _unknown_kind(name: str, node: Node) -> Problem:
    """Return what is wrong with a policy whose kind is not known."""
    steps = ("policies", name)
    if not isinstance(node.value, dict):
        return problem(node.mark, f"expected a mapping with the kind of policy, found {found(node)}", steps=steps)
    entry = node.children.get("kind")
    if entry is None:
        hint = f"add kind: one of {', '.join(catalogue())}"
        return problem(node.key or node.mark, "'kind' is missing", steps=(*steps, "kind"), hint=hint)
    hint = near(entry.value, catalogue()) or f"kinds are {', '.join(catalogue())}"
    return problem(entry.mark, f"there is no kind of policy {found(entry)}", steps=(*steps, "kind"), hint=hint)


def unique(problems: Sequence[Problem]) -> list[Problem]:
    """Return each problem once, in the order of files and lines."""
    return sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line or 0, p.column or 0))
