"""The file of a posterior: rows of quantiles by which inputs are drawn together, with what it takes to know them by.

A Parquet table: a column a family of inputs (the quantile of the ranges that its members share), one more a single input
(its value), `weight`; in its metadata which inputs each column is for, with the ranges it was made under. This module
refuses to fit anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from relocsim.errors import Problem, SpecError
from relocsim.sources import Input, JointDraws, Register
from relocsim.spec.digest import text_digest
from relocsim.spec.nodes import NOWHERE, Node, problem
from relocsim.spec.specification import Spec

if TYPE_CHECKING:
    import pandas as pd

FORMAT, KEY, WEIGHT = 1, b"relocsim", "weight"
_TOLD = 3
"""Inputs with other ranges that are named one by one."""


@dataclass(frozen=True)
class PosteriorFile:
    """What a file of a posterior holds."""

    table: pd.DataFrame
    """One row a draw."""
    about: Mapping[str, Any]
    """Metadata: `inputs` (by path: column, value, low, high, log), `families` (by column: label), and what made it."""


def range_of(entry: Input) -> dict[str, Any]:
    """Return what must be the same of an input for a quantile of it to mean the same."""
    return {"value": entry.value, "low": entry.low, "high": entry.high, "log": entry.log}


def write_posterior(path: Path, table: pd.DataFrame, about: Mapping[str, Any]) -> None:
    """Write a posterior; the same content gives the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    content = pa.Table.from_pandas(table, preserve_index=False)
    told = json.dumps({"format": FORMAT, "kind": "posterior", **about}, sort_keys=True, ensure_ascii=False)
    pq.write_table(content.replace_schema_metadata({KEY: told.encode()}), path, compression="zstd")


def read_posterior(path: str | Path, node: Node | None = None) -> PosteriorFile:
    """Return a posterior; SpecError where the file cannot be read or is none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    mark = node.mark if node is not None else NOWHERE
    hint = "name the posterior.parquet of relocsim calibrate"
    if not Path(path).is_file():
        raise SpecError([problem(mark, f"there is no posterior {str(path)!r}", steps=("posterior",), hint=hint)])
    try:
        content = pq.read_table(path)
        about = json.loads((content.schema.metadata or {}).get(KEY, b"{}"))
    except (OSError, ValueError, pa.ArrowException) as error:
        message = f"{str(path)!r} cannot be read: {str(error).splitlines()[0]}"
        raise SpecError([problem(mark, message, steps=("posterior",), hint=hint)]) from None
    if about.get("kind") != "posterior" or about.get("format") != FORMAT:
        message = f"{str(path)!r} is no posterior of this version of relocsim"
        raise SpecError([problem(mark, message, steps=("posterior",), hint=hint)])
    return PosteriorFile(content.replace_schema_metadata(None).to_pandas(), about)


def with_posterior(spec: Spec, path: str | Path, node: Node | None = None) -> Spec:
    """Return a specification whose replicates draw the inputs of a posterior by its rows.

    What has no range in the specification (it was set) stays as set; what the posterior does not hold is drawn as ever.

    Raises
    ------
    SpecError
        Where an input has another range than the posterior was fitted under, or none of its inputs is there.
    """
    found = read_posterior(path, node)
    held = {p: told for p, told in found.about["inputs"].items() if p in spec.register.inputs}
    drawn = {p: told for p, told in held.items() if spec.register.inputs[p].ranged}
    problems = list(_other_ranges(spec, drawn, path, node))
    if not held:
        message = f"the posterior {str(path)!r} holds no input of {spec.scenario.name!r}"
        mark = node.mark if node is not None else NOWHERE
        problems = [problem(mark, message, steps=("posterior",), hint="take one that was fitted on the same world")]
    if problems:
        raise SpecError(problems)
    return replace(spec, register=Register(spec.register.inputs, joint_draws(found, drawn)))


def joint_draws(found: PosteriorFile, drawn: Mapping[str, Mapping[str, Any]]) -> JointDraws:
    """Return the draws of some inputs of a posterior."""
    columns = sorted({told["column"] for told in drawn.values()})
    rows = found.table[columns].to_numpy(dtype=np.float64)
    weight = found.table[WEIGHT].to_numpy(dtype=np.float64)
    upto = np.cumsum(weight) / weight.sum()
    told = json.dumps(drawn, sort_keys=True).encode() + rows.astype("<f8").tobytes() + upto.astype("<f8").tobytes()
    column = {path: columns.index(one["column"]) for path, one in sorted(drawn.items())}
    return JointDraws(text_digest(told), column, rows, upto)


def _other_ranges(
    spec: Spec, drawn: Mapping[str, Mapping[str, Any]], path: str | Path, node: Node | None
) -> Sequence[Problem]:
    """Return a problem for the inputs whose ranges are not those that the posterior was fitted under."""
    other = [p for p, told in drawn.items() if any(told[k] != v for k, v in range_of(spec.register.inputs[p]).items())]
    mark = node.mark if node is not None else NOWHERE
    hint = "calibrate again, or take the posterior of this world"
    more = f" (and {len(other) - _TOLD} more)" if len(other) > _TOLD else ""
    return [
        problem(
            mark, f"{one} has another value or range than in the posterior {str(path)!r}{more}", steps=("posterior",),
            hint=hint,
        )
        for one in other[:_TOLD]
    ]  # fmt: skip
