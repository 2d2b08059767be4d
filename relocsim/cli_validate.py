"""The command of validation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relocsim.terminal import console, parts, say

if TYPE_CHECKING:
    from relocsim.validation.answering import Validated


def validate(  # noqa: PLR0913 - one option each
    plan: Annotated[
        Path, typer.Argument(metavar="PLAN", help="Plan of the validation (experiments/validation/plan.yaml).")
    ],
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for tables and the manifest.")] = None,
    page: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the table as a page in Markdown too.")
    ] = None,
    posterior: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw inputs by this posterior.parquet of relocsim calibrate.")
    ] = None,
    backcast: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw inputs of later years by this posterior, which knows nothing of them."),
    ] = None,
    replicates: Annotated[int | None, typer.Option(min=2, help="Replicates a case, in place of the plan's.")] = None,
    actual: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Back-cast: hold the shares foretold against this table (city,year,value)."),
    ] = None,
    template: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Only write an empty table for --actual, and end.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; all cores by default.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite another validation in the output folder.")] = False,
) -> None:
    """Hold the model against published figures, simple models, and what came after.

    One table of every figure of the evidence: value, model with its interval, whether anything was set from it, inside or
    outside. Shares of foreign investment beside those of simple models; with --actual, later years against your table.
    """
    from relocsim.batch.workers import cores
    from relocsim.report.screens.validate import validation_identity, validation_screen, write_validation
    from relocsim.report.writing import require_free, results_folder
    from relocsim.validation.answering import validate as ask
    from relocsim.validation.planning import load_validation

    found = load_validation(plan)
    if template is not None:
        _write_template(template, found)
        return
    held = _read_actual(actual, found)
    found = found.under(posterior) if posterior else found
    found = found.with_replicates(replicates) if replicates else found
    identity = validation_identity(found, posterior, backcast)
    if out is not None:
        require_free(out, identity, force=force)
    say(f"{len(found.specs)} cases, {found.plan.replicates} replicates each")
    with parts() as tick:
        answer = ask(found, backcast=backcast, jobs=jobs or cores(), tick=tick)
    if out is not None:
        with results_folder(out, identity, force=force) as partial:
            write_validation(partial, answer, identity, plan)
        say(f"written to {out}")
    if page is not None:
        _write_page(page, answer, identity)
    console().print(validation_screen(answer))
    if held is not None:
        _hold(answer, held, out)


def _read_actual(path: Path | None, found: object) -> object:
    from relocsim.validation.investment import read_investment, require_known

    if path is None:
        return None
    table = read_investment(path)
    places = {name for spec in found.specs.values() for name in spec.world.places}  # type: ignore[attr-defined]
    require_known(table, places, path)
    return table


def _write_template(path: Path, found: object) -> None:
    from relocsim.batch.folder import write_text
    from relocsim.errors import OutputExistsError
    from relocsim.validation.answering import cities_of, years_foretold
    from relocsim.validation.backcast import template

    if path.exists():
        raise OutputExistsError(f"{path} is there already; choose another name")
    write_text(path, template(cities_of(found), years_foretold(found)))  # type: ignore[arg-type]
    say(f"written to {path}: fill in the values and give it to --actual")


def _write_page(path: Path, answer: Validated, identity: dict[str, object]) -> None:
    from relocsim.batch.folder import write_text
    from relocsim.report.screens.validate import tables_of
    from relocsim.report.validations import page

    write_text(path, page(tables_of(answer), identity))
    say(f"page written to {path}")


def _hold(answer: Validated, table: object, out: Path | None) -> None:
    from relocsim.report.screens.validate import backcast_screen
    from relocsim.validation.answering import cities_of
    from relocsim.validation.backcast import held_against

    investment = answer.validation.investment
    assert investment is not None
    groups, last = cities_of(answer.validation), int(investment["year"].max())
    both, fits = held_against(answer.ahead, groups, last, table)  # type: ignore[arg-type]
    console().print(backcast_screen(fits))
    if out is not None and len(both):
        both.to_csv(out.with_name(f"{out.name}-backcast.csv"), index=False, lineterminator="\n")
        say(f"city by city in {out.with_name(f'{out.name}-backcast.csv')}")
