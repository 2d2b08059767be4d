"""The commands (those of batches are in `cli_batch`); with `terminal` the only place that prints.

What the user can mend is said on stderr, exit code 2. Heavy modules are imported by the commands that use them.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from relocsim import (
    cli_answers,
    cli_app,
    cli_batch,
    cli_brief,
    cli_calibrate,
    cli_charts,
    cli_estimate,
    cli_look,
    cli_sensitivity,
    cli_validate,
    cli_world,
)
from relocsim.errors import RelocsimError
from relocsim.terminal import WIDTH, console, progress, say

BROKEN, INTERRUPTED = 2, 130
"""Exit codes: the input has errors; Ctrl-C."""


class Commands(TyperGroup):
    """The group of commands, which tells errors of the user without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Invoke the command."""
        try:
            return super().invoke(ctx)
        except RelocsimError as error:
            say(f"error: {error}" if "\n" not in str(error) else f"errors:\n{error}")
            raise typer.Exit(BROKEN) from None
        except KeyboardInterrupt:
            say("interrupted; nothing was left half written")
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Industry that relocates between cities: what policies change, with intervals.",
)

ScenarioFile = Annotated[str, typer.Argument(metavar="SCENARIO", help="Scenario file.")]
Settings = Annotated[
    list[str],
    typer.Option("--set", metavar="PATH=VALUE", help="Change one entry, such as scenario.firms=2000; repeat."),
]
Seed = Annotated[int | None, typer.Option(min=0, help="Seed of every draw, in place of the scenario's.")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for tables and the manifest.")]
Posterior = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Posterior of a calibration by whose rows replicates draw inputs.")
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite another run in the output folder.")]


@app.callback(invoke_without_command=True)
def _top(version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False) -> None:
    if version:
        show_version()
        raise typer.Exit


@app.command("version")
def show_version() -> None:
    """Show the version."""
    from importlib.metadata import version

    print(f"relocsim {version('relocsim')}")


@app.command()
def run(
    scenario: ScenarioFile,
    seed: Seed = None,
    replicate: Annotated[
        int | None, typer.Option(min=0, help="Draw the inputs as in this replicate; else central.")
    ] = None,
    settings: Settings = [],  # noqa: B006 - typer reads it
    posterior: Posterior = None,
    out: Out = None,
    force: Force = False,
) -> None:
    """Play a scenario once: capture rates by city, main flows."""
    from relocsim.report import asking, results
    from relocsim.report.screens.comparison import run_screen
    from relocsim.report.writing import results_folder

    if posterior is not None and replicate is None:
        raise RelocsimError("--posterior is drawn from, and inputs are central: add --replicate 0, or leave it out")
    spec = asking.specification(scenario, settings=settings, seed=seed, posterior=posterior)
    folder = results_folder(out, results.run_identity(spec, replicate), force=force) if out else nullcontext(None)
    with folder as partial:
        with progress("quarters", spec.scenario.quarters) as tick:
            played = asking.run(spec, replicate=replicate, tick=tick)
        if partial is not None:
            results.write_run(partial, played, scenario, settings)
    console().print(run_screen(played))
    _tell_where(out)


@app.command()
def compare(  # noqa: PLR0913 - one option each
    scenario: ScenarioFile,
    with_: Annotated[list[str], typer.Option("--with", metavar="POLICY", help="Add this policy; repeat.")] = [],  # noqa: B006
    without: Annotated[list[str], typer.Option(metavar="POLICY", help="Take this policy away; repeat.")] = [],  # noqa: B006
    package: Annotated[list[str], typer.Option(metavar="NAME", help="Add this package; repeat.")] = [],  # noqa: B006
    replicates: Annotated[int, typer.Option(min=1, help="Replicates; 39 or more for 95 % intervals.")] = 40,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; all cores by default.")] = None,
    seed: Seed = None,
    settings: Settings = [],  # noqa: B006
    posterior: Posterior = None,
    out: Out = None,
    force: Force = False,
    charts: Annotated[bool, typer.Option(help="Draw charts too, with --out.")] = True,
) -> None:
    """Compare policies with the scenario as written, paired: effects with intervals, alone and together."""
    from relocsim.batch.workers import cores, get_ready, workers

    jobs = min(jobs or cores(), replicates)
    with workers(jobs) as pool:
        get_ready(jobs, pool)
        from relocsim.answers.telling import TELLING
        from relocsim.batch.arms import plan_arms
        from relocsim.report import asking, results
        from relocsim.report.screens.comparison import comparison_screen
        from relocsim.report.writing import results_folder

        spec = asking.specification(scenario, settings=settings, seed=seed, posterior=posterior)
        arms = plan_arms(spec, with_=with_, without=without, packages=package)
        identity = results.comparison_identity(spec, arms, replicates)
        with results_folder(out, identity, force=force) if out else nullcontext(None) as partial:
            draw = (lambda: results.write_cost_sheet(partial, spec)) if partial and charts else None
            with progress("replicates", replicates) as tick:
                found = asking.compare(
                    spec, with_=with_, without=without, packages=package, replicates=replicates,
                    executor=pool, tick=tick, meanwhile=draw, beside=TELLING if out else None,
                )  # fmt: skip
            if partial is not None:
                results.write_comparison(partial, found, scenario, settings, charts=charts)
    console().print(comparison_screen(found))
    _tell_where(out)


@app.command()
def ablate(  # noqa: PLR0913 - one option each
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="Files; of several each has a folder.")],
    switch: Annotated[list[str], typer.Option(metavar="NAME", help="Switch this off; repeat; else all in turn.")] = [],  # noqa: B006
    observable: Annotated[list[str], typer.Option(metavar="NAME", help="Look at this, repeat; else at all.")] = [],  # noqa: B006
    all_policies: Annotated[bool, typer.Option("--all-policies", help="Put every policy of the scenario on.")] = False,
    replicates: Annotated[int, typer.Option(min=2, help="Replicates; each plays every mechanism.")] = 20,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; all cores by default.")] = None,
    seed: Seed = None,
    settings: Settings = [],  # noqa: B006
    out: Out = None,
    force: Force = False,
) -> None:
    """Switch mechanisms off one at a time, inputs central: what each does to the city's capture and to all observed."""
    from relocsim.batch.ablation import mechanisms, observed
    from relocsim.batch.workers import cores
    from relocsim.report import asking, results
    from relocsim.report.screens.ablation import ablation_screen
    from relocsim.report.writing import apart, results_folder

    looked_at, folders = observed(observable), apart(out, scenarios)
    specs = [asking.specification(scenario, settings=settings, seed=seed) for scenario in scenarios]
    specs = [spec.with_policies(list(spec.policies)) if all_policies else spec for spec in specs]
    turned_off = [mechanisms(spec, switch) for spec in specs]  # what is wrong is said before anything is played
    for scenario, spec, off, folder in zip(scenarios, specs, turned_off, folders, strict=True):
        identity = results.ablation_identity(spec, off, looked_at, replicates)
        with results_folder(folder, identity, force=force) if folder else nullcontext(None) as partial:
            with progress("runs", replicates * (1 + len(off))) as tick:
                found = asking.ablate(
                    spec, switches=off, observables=looked_at, replicates=replicates, jobs=jobs or cores(), tick=tick
                )
            if partial is not None:
                results.write_ablation(partial, found, scenario, settings)
        console().print(ablation_screen(found))
        _tell_where(folder)


@app.command()
def explain(
    scenario: ScenarioFile,
    city: Annotated[str | None, typer.Option(help="Show all sectors in this city, and its weakest links.")] = None,
    sector: Annotated[str | None, typer.Option(help="Sector of the cost sheet.")] = None,
    firm: Annotated[int | None, typer.Option(help="Follow this firm: its number or uid.")] = None,
    origin: Annotated[str | None, typer.Option(help="Origin from which costs are seen.")] = None,
    quarter: Annotated[
        str | None, typer.Option(metavar="2010-Q1", help="Quarter of the cost sheet, or of the review.")
    ] = None,
    draws: Annotated[int, typer.Option(min=0, max=1000, help="Draws of the inputs behind the range of ranks.")] = 20,
    settings: Settings = [],  # noqa: B006
) -> None:
    """Explain a scenario: what it says, what places cost, what is assumed, why a firm chose as it did."""
    from relocsim.report import explaining
    from relocsim.report.screens.explain import explanation_screen

    with progress("draws of the inputs", draws) as tick:
        told = explaining.explain(
            scenario, city=city, sector=sector, firm=firm, origin=origin, quarter=quarter, settings=settings,
            draws=draws, tick=tick,
        )  # fmt: skip
    console(WIDTH).print(explanation_screen(told))


@app.command()
def check(files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files of any kind.")]) -> None:
    """Check files: every error with its place, what was expected and what may have been meant."""
    from relocsim.batch.planning import check_plan, is_plan
    from relocsim.calibration.planning import check_calibration, is_calibration
    from relocsim.spec import check as problems_of

    broken = False
    for name in files:
        if is_calibration(name):
            problems = check_calibration(name)
        else:
            problems = check_plan(name) if is_plan(name) else problems_of(name)
        for problem in problems:
            say(str(problem))
        if not problems:
            print(f"{name}: ok")
        broken = broken or bool(problems)
    if broken:
        raise typer.Exit(BROKEN)


@app.command()
def policies(kind: Annotated[str | None, typer.Argument(metavar="[KIND]", help="Kind of policy.")] = None) -> None:
    """Show the catalogue of policies: levers, fields, ranges, examples."""
    from relocsim.report.manual import policy_class
    from relocsim.report.screens.policies import catalogue_screen, policy_screen

    console().print(catalogue_screen() if kind is None else policy_screen(policy_class(kind)))


@app.command()
def schema(
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="File to write; else stdout.")] = None,
) -> None:
    """Write the JSON Schema of scenario files, for editors."""
    from relocsim.spec import schema as json_schema

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False)
    if out is None:
        print(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise RelocsimError(f"{out} cannot be written: {error.strerror}") from None


for played in (cli_batch.batch, cli_batch.status, cli_batch.results, cli_sensitivity.sensitivity):
    app.command()(played)
for told in (cli_calibrate.calibrate, cli_validate.validate, cli_brief.brief):
    app.command()(told)
app.command("app")(cli_app.app)


def _tell_where(out: Path | None) -> None:
    if out is not None:
        say(f"written to {out}")


for answering in (*cli_answers.COMMANDS, *cli_estimate.COMMANDS, *cli_charts.COMMANDS, *cli_look.COMMANDS):
    app.command()(answering)
for named, command in cli_world.COMMANDS.items():
    app.command(named)(command)
app.add_typer(cli_world.workbook, name="workbook")


def main() -> None:
    """Run the command line. After Ctrl-C nothing is waited for, abandoned workers least of all."""
    try:
        app()
    except SystemExit as end:
        if end.code != INTERRUPTED:
            raise
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(INTERRUPTED)
