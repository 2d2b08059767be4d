"""The commands `charts` and `doctor`: the catalogue of charts drawn, and whether this machine has what it takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relocsim.terminal import console, say

if TYPE_CHECKING:
    from relocsim.report.shelf import Shelf

WANTING = 1
"""Exit code of the doctor where something that is needed is wanting."""


def charts(  # noqa: PLR0913 - one option each
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="RESULTS|SCENARIO...", help="Folders of results of one scenario, or its file."),
    ] = None,
    lang: Annotated[str, typer.Option(metavar="en|zh|both", help="Language; both: the results are played once.")] = "en",
    to: Annotated[str, typer.Option(metavar="png,svg,pdf", help="Formats, with commas between.")] = "png,svg",
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the charts.")] = Path("results/charts"),
    only: Annotated[str, typer.Option(metavar="NAMES", help="Draw these, with commas between; see --list.")] = "",
    list_: Annotated[bool, typer.Option("--list", help="List the charts and what each is drawn from.")] = False,
    scenario: Annotated[
        str | None, typer.Option(metavar="FILE", help="Scenario of the results, where it is not found by itself.")
    ] = None,
    beside: Annotated[
        list[str], typer.Option(metavar="DIR", help="Comparison of another scenario, for small multiples; repeat.")
    ] = [],  # noqa: B006
    target: Annotated[
        list[str], typer.Option(metavar="STAGE=SHARE", help="Target of the funnel, of what was signed; repeat.")
    ] = [],  # noqa: B006
    settings: Annotated[
        list[str], typer.Option("--set", metavar="PATH=VALUE", help="Change one entry of the scenario; repeat.")
    ] = [],  # noqa: B006
    replicates: Annotated[int, typer.Option(min=1, help="Replicates of what must be played.")] = 20,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; all cores by default.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite other charts in the folder.")] = False,
) -> None:  # fmt: skip
    """Draw charts of stored results, each with its finding for a title; of a scenario by playing what is lacking."""
    from relocsim.language import LANGUAGES, words_in
    from relocsim.report.charts.catalogue import CHARTS, draw, drawable, ordered
    from relocsim.report.charts.writing import chosen_charts, chosen_formats, write_charts
    from relocsim.report.fonts import readable

    if list_:
        console().print(_listing())
        return
    spoken = [readable(words_in(code)) for code in (LANGUAGES if lang == "both" else [lang])]
    formats = chosen_formats(to)
    shelf, play = _shelf(sources or [], scenario, beside, settings)
    shelf.targets, shelf.replicates, shelf.jobs, shelf.tell = _targets(target), replicates, _cores(jobs), say
    names = ordered(chosen_charts(only)) or drawable(shelf, play=play)
    for advice in filter(None, (advice for _, advice in spoken)):
        say(advice)
    languages = list(dict.fromkeys(words for words, _ in spoken))
    with write_charts(out, shelf, names, languages, formats, force=force) as keep:
        for name in names:
            for words in languages:
                keep(words, draw(shelf, [name], words))
    say(f"{len(names)} of {len(CHARTS)} charts written to {out}")
    if not only and len(names) < len(CHARTS):
        say("the others are drawn from other results: relocsim charts --list")


def _listing() -> Any:
    from rich.table import Table

    from relocsim.report.charts.catalogue import CHARTS

    table = Table("chart", "shows", "drawn from", "else", box=None, pad_edge=False)
    for name, chart in CHARTS.items():
        other = "-" if chart.source == "scenario" else ("played" if chart.played else "not drawn")
        table.add_row(name, chart.shows, chart.source, other)
    return table


def _shelf(sources: list[str], scenario: str | None, beside: list[str], settings: list[str]) -> tuple[Shelf, bool]:
    """Return the results that are given, and whether what is lacking is to be played."""
    from relocsim.report import asking
    from relocsim.report.charts.stored import StoredComparison, StoredError, read_stored
    from relocsim.report.shelf import Shelf

    folders = [read_stored(one) for one in sources if Path(one).is_dir()]
    files = [one for one in sources if not Path(one).is_dir()]
    if len(files) > 1 or not sources:
        raise StoredError("give one scenario file, or folders of results (relocsim charts --list names the charts)")
    if files:
        spec = asking.specification(files[0], settings=settings)
        for one in folders:
            one.spec(files[0])
    else:
        specs = [one.spec(scenario) for one in folders]
        spec = specs[0]
        other = next((one for one in specs if one.digest != spec.digest), None)
        if other is not None:
            raise StoredError(
                f"{sources[0]} and another folder are of different scenarios: compare these with --beside"
            )
    others = {}
    for name in beside:
        stored = read_stored(name)
        held = stored.spec()
        others[held.scenario.name] = StoredComparison(stored, held)
    about = folders[0].manifest.get("about", folders[0].manifest) if folders else {}
    told = (files[0], settings) if files else (scenario or str(about.get("scenario", "")), about.get("settings", ()))
    return Shelf(spec, {one.kind: one for one in folders}, others, scenario=told[0], settings=told[1]), bool(files)


def _targets(given: list[str]) -> dict[str, float]:
    from relocsim.report.charts.stored import StoredError
    from relocsim.world.projects import STAGES

    found = {}
    for text in given:
        stage, _, share = text.partition("=")
        try:
            found[stage] = float(share)
        except ValueError:
            raise StoredError(f"--target {text}: expected STAGE=SHARE, such as producing=0.4") from None
        if stage not in STAGES[2:] or not 0 <= found[stage] <= 1:
            raise StoredError(f"--target {text}: stages are {', '.join(STAGES[2:])}, shares from 0 to 1")
    return found


def _cores(jobs: int | None) -> int:
    from relocsim.batch.workers import cores

    return jobs or cores()


def doctor() -> None:
    """Check this machine: versions, fonts, memory, cores, write access, extras; says what to do."""
    from relocsim.report.doctor import examine, screen

    found = examine()
    console().print(screen(found))
    if any(one.needed and not one.well for one in found):
        raise typer.Exit(WANTING)


COMMANDS = (charts, doctor)
