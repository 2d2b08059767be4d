"""The command of calibration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relocsim.terminal import console, parts, say


def calibrate(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="Plan of the calibration (docs/calibration.md).")],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder: new, or of this calibration, which goes on there.")
    ] = None,
    recovery: Annotated[
        int,
        typer.Option(metavar="N", min=0, help="Test the method on N simulated targets: no further runs; 100 or more."),
    ] = 0,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; all cores by default.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the tables of another one in the folder.")] = False,
    charts: Annotated[bool, typer.Option(help="Draw charts too.")] = True,
    dry: Annotated[bool, typer.Option("--dry", help="Only check the plan and say how many runs it takes.")] = False,
) -> None:
    """Find the values of uncertain inputs that go with observed figures (approximate Bayesian computation).

    Draws of the prior first, then generations proposed ever nearer to the targets; each draw is a run of every case. The
    posterior is DIR/answer/posterior.parquet, for --posterior of run, compare and batch. Start it again after whatever ended
    it, or with more generations.
    """
    from relocsim.batch.workers import cores
    from relocsim.calibration.answering import calibrate as ask
    from relocsim.calibration.planning import load_calibration
    from relocsim.errors import RelocsimError
    from relocsim.report.screens.calibrate import calibration_identity, calibration_screen, write_calibration
    from relocsim.report.writing import require_free, results_folder

    found = load_calibration(plan)
    effort = found.plan.runs
    draws = effort.prior + effort.generations * effort.draws + effort.checks
    say(
        f"{len(found.families)} parameters, {len(found.aims)} targets, {len(found.held_out)} figures held out: "
        f"{draws:,} draws, {draws * len(found.cases):,} runs"
    )
    if dry:
        return
    if out is None:
        raise RelocsimError("a calibration needs a folder to go on in: add --out DIR")
    identity = calibration_identity(found, recovery)
    require_free(out / "answer", identity, force=force)
    with parts() as tick:
        answer = ask(found, out, jobs=jobs or cores(), recovery=recovery, tick=tick)
    with results_folder(out / "answer", identity, force=force) as partial:
        write_calibration(partial, answer, identity, plan, charts=charts)
    say(f"written to {out / 'answer'}")
    console().print(calibration_screen(answer))
