"""What an estimation is asked: which columns are which, and which model is fitted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from relocsim.errors import Problem, SpecError
from relocsim.spec.nodes import Node, plain
from relocsim.spec.reading import read_file
from relocsim.spec.validation import validated
from relocsim.world.described import Described

Column = Annotated[str, Field(min_length=1, max_length=200)]
Errors = Literal["classical", "robust", "clustered"]


class Columns(Described):
    """Which columns are which, and which model is fitted. The fields are the options of `relocsim estimate`."""

    table: str | None = None
    """Table of choices, CSV or Parquet, relative to the file that names it."""
    chooser: Column
    """Column that names who chooses; one choice each."""
    alternative: Column
    """Column that names what may be chosen."""
    chosen: Column
    """Column that is 1 (or true) in the row of what was chosen, else 0."""
    attributes: Annotated[tuple[Column, ...], Field(min_length=1)]
    """Columns whose coefficients are sought; `income@air` is income where the alternative is air, and 0 elsewhere."""
    nests: Column | None = None
    """Column that names the nest of an alternative; none: conditional logit."""
    unscaled: bool = False
    """Whether values within a nest are taken as they are and not over its parameter, as in older tables."""
    one_lambda: bool = False
    """Whether all nests share one parameter."""
    cluster: Column | None = None
    """Column that names groups of choosers whose luck may be shared, such as firms that choose again."""
    offset: Column | None = None
    """Column that enters utility with coefficient 1."""
    constants: bool = False
    """Whether each alternative but one has a constant."""
    base: Column | None = None
    """Alternative without a constant; none: the first by name."""
    logs: tuple[Column, ...] = ()
    """Attributes that are logs: elasticities are then to what they are the log of."""
    sample: Annotated[int, Field(ge=2)] | None = None
    """Alternatives that are kept of each chooser's, the chosen one among them; none: all."""
    sample_by: Column | None = None
    """Column of positive weights by which alternatives are drawn, with replacement; none: alike, without."""
    seed: Annotated[int, Field(ge=0)] = 1
    """Seed of that draw."""
    errors: Errors | None = None
    """Standard errors that intervals and tests go by; none: clustered where there is a cluster, else classical."""
    level: Annotated[float, Field(gt=0, lt=1)] = 0.95
    """Coverage of intervals."""
    parameters: dict[str, str] = Field({})
    """Parameters of the model and how each follows from coefficients, such as `sensitivity: -cost`."""

    @property
    def used(self) -> tuple[str, ...]:
        """Columns that must be there, in the order of a table."""
        named = (self.chooser, self.alternative, self.chosen, self.nests, self.cluster, self.offset, self.sample_by)
        return tuple(dict.fromkeys(name for name in named if name is not None))

    @property
    def errors_used(self) -> Errors:
        """Standard errors that intervals and tests go by."""
        return self.errors or ("clustered" if self.cluster else "classical")


def columns_of(options: dict[str, Any], path: str | Path | None = None) -> Columns:
    """Return what is asked, from a file and the options laid over it (those that are None say nothing).

    Raises
    ------
    SpecError
        With everything that is wrong in the file or lacks.
    """
    root = read_file(path) if path is not None else Node({})
    if not isinstance(root.value, dict):
        raise SpecError([Problem("expected a mapping such as 'chooser: firm'", file=str(path))])
    values: dict[str, Any] = plain(root)  # type: ignore[assignment]
    given = {name: value for name, value in options.items() if value is not None}
    merged = {**values, **given}
    if path is not None and isinstance(values.get("table"), str) and "table" not in given:
        merged["table"] = str(Path(path).parent / values["table"])
    written = {**root.children, **{name: _node(value) for name, value in given.items()}}
    columns, problems = validated(Columns, merged, Node(written, root.mark))
    problems = problems or _clashes(columns)
    if problems:
        raise SpecError(problems)
    return columns  # type: ignore[no-any-return]


def _node(value: Any) -> Node:
    """Return the tree of an option, which has no position."""
    if isinstance(value, dict):
        return Node({key: _node(child) for key, child in value.items()})
    return Node([_node(item) for item in value]) if isinstance(value, list) else Node(value)


def _clashes(columns: Columns) -> list[Problem]:
    """Return what does not go together."""
    wrong = []
    if columns.sample and columns.nests:
        hint = "leave one of the two out; a conditional logit within one nest may be sampled"
        wrong.append(
            Problem("the correction for sampled alternatives does not hold with nests", path="sample", hint=hint)
        )
    if columns.sample_by and not columns.sample:
        wrong.append(Problem("weights of sampling without a sample", path="sample_by", hint="give the size, sample"))
    if columns.errors == "clustered" and not columns.cluster:
        wrong.append(Problem("clustered errors need a cluster", path="errors", hint="name its column, cluster"))
    if (columns.unscaled or columns.one_lambda) and not columns.nests:
        wrong.append(Problem("there are no nests that could be unscaled or share a parameter", hint="name them, nests"))
    if columns.base is not None and not columns.constants:
        wrong.append(Problem("a base without constants", path="base", hint="ask for constants"))
    return wrong
