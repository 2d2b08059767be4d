"""The commands of batches: play a plan, say how far it is, hand out its tables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relocsim.terminal import bar, console, rate, say

if TYPE_CHECKING:
    from relocsim.batch.executing import Progress

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the batch.")]
FAILED = 1
"""Exit code where runs have failed."""


def batch(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="Plan of the batch (docs/batches.md).")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder: new, or of this batch, finished or not.")],
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; all cores by default.")] = None,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Dask scheduler that plays the runs, or 'local' for one on this machine."),
    ] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Play again what failed.")] = False,
    posterior: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Posterior by whose rows replicates draw inputs.")
    ] = None,
) -> None:
    """Play a plan: many runs into one folder. Start it again after whatever ended it, or with a plan that asks for more."""
    from relocsim.batch.workers import cores, get_ready

    processes = jobs or cores()
    get_ready(1 if cluster else processes)
    from relocsim.batch.cluster import cluster_executor
    from relocsim.batch.executing import run_batch
    from relocsim.batch.planning import load_plan

    with cluster_executor(cluster, jobs=processes) if cluster else nullcontext(None) as executor, _watched() as tick:
        planned = load_plan(plan, posterior=posterior)
        run_batch(planned, out, jobs=processes, executor=executor, retry_failed=retry_failed, tick=tick)
    say(f"written to {out}")
    _report(out)


@contextmanager
def _watched() -> Iterator[Callable[[Progress], None] | None]:
    """Give a function that shows the progress of a batch on stderr (none where it is no terminal)."""
    if not sys.stderr.isatty():
        yield None
        return
    with bar() as shown:
        task = shown.add_task("runs", total=None, rate="")

        def tick(progress: Progress) -> None:
            if shown.tasks[0].total is None:
                shown.reset(task, total=progress.total, completed=progress.finished)
            shown.update(task, total=progress.total, completed=progress.finished)
            shown.update(task, rate=", ".join(filter(None, [rate(shown.tasks[0].speed), *_remarks(progress)])))

        yield tick


def _remarks(progress: Progress) -> list[str]:
    """Return what else there is to say of a batch at work."""
    said = [f"{progress.failed} failed"] if progress.failed else []
    return said + ([f"half-width {progress.half_width:.3g}"] if progress.half_width is not None else [])


def status(folder: Folder) -> None:
    """Say how far a batch is, and what failed."""
    _report(folder)


def _report(folder: Path) -> None:
    from relocsim.batch.stored import StoredBatch, status_of
    from relocsim.report.screens.batch import status_screen

    stored = StoredBatch(folder)
    found = status_of(stored)
    console().print(status_screen(stored, found))
    if found.failed:
        raise typer.Exit(FAILED)


def results(
    folder: Folder,
    table: Annotated[
        str, typer.Option(help="effects, summary, runs, points, failures, indices, cells or cell-summary.")
    ] = "effects",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File to write, .csv or .parquet; else the screen.")
    ] = None,
    place: Annotated[list[str], typer.Option(help="Of cells: this place; repeat; else all.")] = [],  # noqa: B006
    period: Annotated[list[str], typer.Option(help="Of cells: this period; repeat; else all.")] = [],  # noqa: B006
    by: Annotated[list[str], typer.Option(help="Of cell-summary: run, point, replicate, place, period; repeat.")] = [],  # noqa: B006
    on: Annotated[
        list[str], typer.Option(metavar="OBSERVABLE", help="Of indices: this observable; repeat; else all.")
    ] = [],  # noqa: B006
) -> None:
    """Hand out a table of a batch: on the screen, as CSV or as Parquet."""
    from relocsim.batch.stored import StoredBatch
    from relocsim.report.batch_tables import batch_table, write_batch_table
    from relocsim.report.screens.batch import table_screen

    stored = StoredBatch(folder)
    if out is not None:
        write_batch_table(stored, table, out, places=place, periods=period, by=by, on=on)
        say(f"written to {out}")
        return
    console().print(table_screen(batch_table(stored, table, places=place, periods=period, by=by, on=on), table))
