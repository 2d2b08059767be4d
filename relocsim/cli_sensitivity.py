"""The command of sensitivity."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from relocsim.terminal import console, parts, say


def sensitivity(  # noqa: PLR0913 - one option each
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Scenario file.")],
    effect: Annotated[str, typer.Option(metavar="POLICY", help="Policy or package whose effect is meant.")],
    on: Annotated[str, typer.Option(metavar="OBSERVABLE", help="What the effect is read on.")] = "capture",
    against: Annotated[
        list[str],
        typer.Option(metavar="POLICY", help="Rank it with this policy or package; repeat; else all policies."),
    ] = [],  # noqa: B006
    only: Annotated[
        list[str], typer.Option(metavar="FAMILY", help="Look at these inputs alone, such as 'chenzhou: *'; repeat.")
    ] = [],  # noqa: B006
    alone: Annotated[bool, typer.Option("--alone", help="Rank it with none: fewer runs.")] = False,
    trajectories: Annotated[int, typer.Option(min=2, help="Trajectories of the screening: 10 to 30.")] = 10,
    samples: Annotated[int, typer.Option(help="Base samples of the indices, a power of two: 64 to 1024.")] = 64,
    keep: Annotated[int, typer.Option(help="Families of inputs that the screening keeps at most, 1 to 20.")] = 20,
    replicates: Annotated[int, typer.Option(min=1, help="Replicates of luck, the same at all points.")] = 2,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; all cores by default.")] = None,
    settings: Annotated[
        list[str],
        typer.Option("--set", metavar="PATH=VALUE", help="Change one entry, such as scenario.firms=2000; repeat."),
    ] = [],  # noqa: B006
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder: new, or of this sensitivity, which goes on there.")
    ] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Play again what failed.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the tables of another one in the folder.")] = False,
    charts: Annotated[bool, typer.Option(help="Draw charts too, with --out.")] = True,
    dry: Annotated[bool, typer.Option("--dry", help="Only say how many runs it takes.")] = False,
) -> None:
    """Tell which uncertain inputs an effect depends on (Morris, then Sobol), and whether the best policy stays the best.

    Runs: TRAJECTORIES x (families + 1) x 2 x REPLICATES to screen all families of ranged inputs (some 260 of them in the
    Chenzhou world: 10,520 runs as it stands), then SAMPLES x (kept + 2) x (1 + policies ranked) x REPLICATES (16,896 with
    20 kept and five policies). --dry says how many in your case. docs/sensitivity.md says how to choose.
    """
    from relocsim.batch.workers import cores
    from relocsim.report import asking
    from relocsim.report.sensitivities import sensitivity_identity, sensitivity_screen, write_sensitivity
    from relocsim.report.writing import results_folder
    from relocsim.sensitivity.answering import sensitivity as ask
    from relocsim.sensitivity.families import families
    from relocsim.sensitivity.planning import Asked, chosen, require_sound, runs_of

    spec = asking.specification(scenario, settings=settings)
    ranked = () if alone else tuple(against) or tuple(spec.policies)
    asked = Asked(effect, on, ranked, trajectories, samples, keep, replicates, tuple(only))
    require_sound(spec, asked)
    count = len(chosen(families(spec), asked))
    first, second = runs_of(asked, count)
    say(f"{first:,} runs to screen {count} families of inputs, then {second:,} at most for those kept")
    if dry:
        return
    with nullcontext(str(out)) if out else TemporaryDirectory() as folder, parts() as tick:
        found = ask(spec, asked, folder, scenario=scenario, jobs=jobs or cores(), retry_failed=retry_failed, tick=tick)
    if out is not None:
        with results_folder(out / "answer", sensitivity_identity(spec, asked), force=force) as partial:
            write_sensitivity(partial, found, scenario, settings, charts=charts)
        say(f"written to {out / 'answer'}")
    console().print(sensitivity_screen(found))
