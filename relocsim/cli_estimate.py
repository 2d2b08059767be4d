"""The commands of estimation: `estimate` finds choice coefficients in a table, `choices` makes a table from a run.

Heavy modules are imported by the commands that use them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from relocsim.errors import OutputExistsError, Problem, RelocsimError, SpecError
from relocsim.terminal import console, progress, say


def _rules(texts: list[str]) -> dict[str, str] | None:
    """Return rules such as `sensitivity=-cost` by parameter."""
    rules: dict[str, str] = {}
    for text in texts:
        name, equals, rule = text.partition("=")
        if not equals or not name.strip() or not rule.strip():
            hint = "such as sensitivity=-cost"
            raise SpecError([Problem(f"--parameter: expected a parameter and a rule, found {text!r}", hint=hint)])
        rules[name.strip()] = rule.strip()
    return rules or None


def _names(text: str | None) -> list[str] | None:
    return None if text is None else [name.strip() for name in text.split(",") if name.strip()]


def estimate(  # noqa: PLR0913 - one option each
    table: Annotated[str | None, typer.Argument(metavar="[TABLE]", help="CSV or Parquet: a row a chooser and alternative.")] = None,  # noqa: E501
    columns: Annotated[Path | None, typer.Option(metavar="FILE", help="YAML that says which columns are which.")] = None,
    chooser: Annotated[str | None, typer.Option(metavar="COLUMN", help="Who chooses.")] = None,
    alternative: Annotated[str | None, typer.Option(metavar="COLUMN", help="What may be chosen.")] = None,
    chosen: Annotated[str | None, typer.Option(metavar="COLUMN", help="1 in the row of what was chosen, else 0.")] = None,
    attributes: Annotated[str | None, typer.Option(metavar="A,B,C", help="Columns; income@air: for air alone.")] = None,
    nests: Annotated[str | None, typer.Option(metavar="COLUMN", help="Nest of an alternative: nested logit.")] = None,
    unscaled: Annotated[bool | None, typer.Option("--unscaled", help="Values in nests not over lambda.")] = None,
    one_lambda: Annotated[bool | None, typer.Option("--one-lambda", help="All nests share a parameter.")] = None,
    cluster: Annotated[str | None, typer.Option(metavar="COLUMN", help="Groups of choosers that share luck.")] = None,
    offset: Annotated[str | None, typer.Option(metavar="COLUMN", help="Enters utility with coefficient 1.")] = None,
    constants: Annotated[bool | None, typer.Option("--constants", help="A constant for each alternative but one.")] = None,
    base: Annotated[str | None, typer.Option(metavar="NAME", help="Alternative without a constant.")] = None,
    logs: Annotated[str | None, typer.Option(metavar="A,B", help="Attributes that are logs, for elasticities.")] = None,
    sample: Annotated[int | None, typer.Option(min=2, help="Alternatives kept of each chooser's.")] = None,
    sample_by: Annotated[str | None, typer.Option(metavar="COLUMN", help="Weights by which they are drawn.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of that draw.")] = None,
    errors: Annotated[str | None, typer.Option(help="classical, robust or clustered: for intervals and tests.")] = None,
    level: Annotated[float | None, typer.Option(help="Coverage of intervals; 0.95 if not given.")] = None,
    parameter: Annotated[list[str], typer.Option(metavar="NAME=RULE", help="Such as sensitivity=-cost; repeat.")] = [],  # noqa: B006
    grade: Annotated[str, typer.Option(help="Grade that the parameters get.")] = "statistic",
    out: Annotated[Path | None, typer.Option(metavar="FILE.yaml", help="Parameters, for a scenario's `estimates`.")] = None,
    tables: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for all tables.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> None:  # fmt: skip
    """Estimate choice coefficients from observed choices: conditional or nested logit, tests, elasticities, shares."""
    from relocsim.estimation.estimating import estimate as ask
    from relocsim.estimation.parameterfile import parameters_of, write_parameters
    from relocsim.report.screens.estimate import estimate_screen
    from relocsim.sources import Grade

    if grade not in list(Grade):
        raise SpecError([Problem(f"--grade: expected one of {', '.join(Grade)}, found {grade!r}")])
    found = ask(
        table, columns=columns, chooser=chooser, alternative=alternative, chosen=chosen, attributes=_names(attributes),
        nests=nests, unscaled=unscaled, one_lambda=one_lambda, cluster=cluster, offset=offset, constants=constants,
        base=base, logs=_names(logs), sample=sample, sample_by=sample_by, seed=seed, errors=errors, level=level,
        parameters=_rules(parameter),
    )  # fmt: skip
    parameters = parameters_of(found) if found.columns.parameters or out is not None else []
    if out is not None:
        write_parameters(found, out, grade=Grade(grade), force=force)
    if tables is not None:
        _write_tables(found, tables, force=force)
    console().print(estimate_screen(found, parameters))
    for written in (out, tables):
        if written is not None:
            say(f"written to {written}")


def _write_tables(found: Any, folder: Path, *, force: bool) -> None:
    from relocsim.report.writing import results_folder, write_manifest, write_table

    asked = found.columns.model_dump(mode="json", exclude={"table"})
    identity = {"kind": "estimate", "table": found.source.name, "sha256": found.source.digest, "asked": asked}
    with results_folder(folder, identity, force=force) as partial:
        for name in ("coefficients", "nest_parameters", "tests", "summary", "shares", "elasticities"):
            write_table(partial, name, getattr(found, name))
        write_manifest(partial, identity, {"method": found.method})


def choices(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Scenario file.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Table to write, *.parquet or *.csv.")],
    first: Annotated[bool, typer.Option("--first", help="First reviews only, for which the nested logit is exact.")] = False,
    quarters: Annotated[int | None, typer.Option(min=1, help="Quarters that are played; all by default.")] = None,
    replicate: Annotated[int | None, typer.Option(min=0, help="Draw inputs as in this replicate; else central.")] = None,
    settings: Annotated[
        list[str], typer.Option("--set", metavar="PATH=VALUE", help="Change one entry, such as scenario.firms=2000; repeat.")
    ] = [],  # noqa: B006
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> None:  # fmt: skip
    """Write the choices of a run as a table that `estimate` reads: who reviewed, what was open to it, what it wanted."""
    from relocsim.batch.playing import realised
    from relocsim.estimation.simulated import choices as ask
    from relocsim.estimation.simulated import drawn_alike
    from relocsim.foundation import lay_foundation
    from relocsim.report.asking import specification

    if out.suffix.lower() not in (".parquet", ".csv"):
        raise RelocsimError(f"{out}: expected a name that ends in .parquet or .csv")
    if out.exists() and not force:
        raise OutputExistsError(f"{out} is there already; choose another name, or overwrite it with --force")
    spec = specification(scenario, settings=settings)
    played = min(quarters or spec.scenario.quarters, spec.scenario.quarters)
    resolved = drawn_alike(spec if replicate is None else realised(spec, replicate))
    with progress("quarters", played) as tick:
        table = ask(lay_foundation(resolved, replicate=replicate or 0), quarters=played, first=first, tick=tick)
    _write_choices(table, out)
    say(f"{table['chooser'].nunique()} choosers, {len(table)} rows, written to {out}")


def _write_choices(table: Any, out: Path) -> None:
    partial = out.with_name(f".{out.name}.partial")
    try:
        if out.suffix.lower() == ".parquet":
            table.to_parquet(partial, index=False, engine="pyarrow")
        else:
            table.to_csv(partial, index=False, lineterminator="\n")
        partial.replace(out)
    except OSError as error:
        raise RelocsimError(f"{out} cannot be written: {error.strerror}") from None
    finally:
        partial.unlink(missing_ok=True)


COMMANDS: tuple[Callable[..., None], ...] = (estimate, choices)
"""In the order of the help text."""
