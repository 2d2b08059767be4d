"""The command of briefings."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from relocsim.errors import RelocsimError
from relocsim.terminal import progress, say

if TYPE_CHECKING:
    from relocsim.spec import Spec


def brief(  # noqa: PLR0913 - one option each
    what: Annotated[
        str, typer.Argument(metavar="SCENARIO|RESULTS", help="Scenario file, or a folder of `relocsim compare --out`.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the briefing.")],
    lang: Annotated[str, typer.Option(metavar="zh|en|both", help="Language.")] = "both",
    to: Annotated[
        str, typer.Option(metavar="FORMATS", help="Of html, pdf, pptx, docx, with commas.")
    ] = "html,pdf,pptx,docx",
    sensitivity: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of `relocsim sensitivity --out`, to be taken in.")
    ] = None,
    validation: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of `relocsim validate --out`, to be taken in.")
    ] = None,
    synergy: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of `relocsim synergy --out`, to be taken in.")
    ] = None,
    with_: Annotated[
        list[str], typer.Option("--with", metavar="POLICY", help="Of a SCENARIO: compare this policy; repeat.")
    ] = [],  # noqa: B006
    package: Annotated[
        list[str], typer.Option(metavar="NAME", help="Of a SCENARIO: compare this package; repeat.")
    ] = [],  # noqa: B006
    replicates: Annotated[int, typer.Option(min=1, help="Of a SCENARIO: replicates; 39 or more for 95 %.")] = 40,
    jobs: Annotated[int | None, typer.Option(min=1, help="Of a SCENARIO: processes; all cores by default.")] = None,
    settings: Annotated[
        list[str], typer.Option("--set", metavar="PATH=VALUE", help="Of a SCENARIO: change one entry; repeat.")
    ] = [],  # noqa: B006
    results: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Of a SCENARIO: keep the comparison that is played here.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite another run in the output folders.")] = False,
) -> None:
    """Write a briefing for those who decide, in Chinese and English: page, document, slides, from stored results.

    A folder of `relocsim compare --out` is told as it stands; a scenario is compared first.
    """
    from relocsim.briefing.beside import open_sensitivity, open_synergy, open_validation
    from relocsim.briefing.stored import open_results
    from relocsim.briefing.writing import identity, languages, ready, write_briefings
    from relocsim.report.writing import results_folder

    codes, forms = languages(lang), list(dict.fromkeys(one.strip() for one in to.split(",") if one.strip()))
    if not forms:
        raise RelocsimError("--to names no format: choose among html, pdf, pptx, docx, with commas")
    ready(codes, forms)
    played = not Path(what).is_dir()
    if not played:
        _refuse_of_scenario(with_, package, settings, results)
    with TemporaryDirectory() if played and results is None else nullcontext(str(results or what)) as held:
        if played:
            folder = Path(held) / "comparison" if results is None else Path(held)
            _play(what, folder, with_, package, replicates, jobs, settings, force=force)
        else:
            folder = Path(held)
        stored = open_results(folder)
        found = open_sensitivity(sensitivity, stored.manifest["city"]) if sensitivity else None
        known = open_validation(validation) if validation else None
        shares = open_synergy(synergy, stored.manifest["city"]) if synergy else None
        with results_folder(out, identity(stored, codes, forms), force=force) as partial:
            write_briefings(partial, stored, codes, forms, sensitivity=found, validity=known, synergy=shares)
    say(f"written to {out}")


def _refuse_of_scenario(with_: list[str], package: list[str], settings: list[str], results: Path | None) -> None:
    """Raise where options of a scenario are given with stored results, which are told as they are."""
    given = {"--with": with_, "--package": package, "--set": settings, "--results": results}
    named = [name for name, value in given.items() if value]
    if named:
        raise RelocsimError(
            f"{', '.join(named)} goes with a scenario; stored results are told as they are: leave it out"
        )


def _play(
    scenario: str, folder: Path, with_: list[str], package: list[str], replicates: int, jobs: int | None,
    settings: list[str], *, force: bool,
) -> None:  # fmt: skip
    """Play the comparison of a scenario into a folder."""
    from relocsim.answers.telling import TELLING
    from relocsim.batch.arms import plan_arms
    from relocsim.batch.workers import cores
    from relocsim.report import asking, results
    from relocsim.report.writing import results_folder

    spec: Spec = asking.specification(scenario, settings=settings)
    arms = plan_arms(spec, with_=with_, packages=package)
    with results_folder(folder, results.comparison_identity(spec, arms, replicates), force=force) as partial:
        with progress("replicates", replicates) as tick:
            found = asking.compare(
                spec, with_=with_, packages=package, replicates=replicates, jobs=jobs or cores(), tick=tick,
                beside=TELLING,
            )  # fmt: skip
        results.write_comparison(partial, found, scenario, settings, charts=False)
