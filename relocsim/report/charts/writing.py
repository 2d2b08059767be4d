"""The folder that charts of the catalogue go into: pictures and a manifest that says what they are of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from matplotlib.figure import Figure

from relocsim.language import Words
from relocsim.report.charts.catalogue import CHARTS
from relocsim.report.charts.stored import StoredError
from relocsim.report.results import about
from relocsim.report.shelf import Shelf
from relocsim.report.writing import FORMATS, results_folder, write_chart, write_manifest

PLAYED = "played"
"""Folder in that of charts for the tables of what had to be played."""


def chosen_formats(text: str) -> tuple[str, ...]:
    """Return the formats that a list with commas names; StoredError where one is not known."""
    found = tuple(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))
    wrong = [one for one in found if one not in FORMATS]
    if wrong or not found:
        raise StoredError(f"--to {text}: formats are {', '.join(FORMATS)}")
    return found


def chosen_charts(text: str) -> list[str]:
    """Return the charts that a list with commas names, none where it is empty; StoredError where one is not known."""
    found = [one.strip() for one in text.split(",") if one.strip()]
    wrong = [one for one in found if one not in CHARTS]
    if wrong:
        raise StoredError(f"there is no chart {wrong[0]!r}; there are {', '.join(CHARTS)}")
    return found


@contextmanager
def write_charts(
    out: Path, shelf: Shelf, names: Sequence[str], languages: Sequence[Words], formats: Sequence[str], *, force: bool
) -> Iterator[Callable[[Words, Mapping[str, Figure]], None]]:
    """Give a function that writes charts into a folder, which comes into place whole when the block ends well.

    Of two languages each chart has the code of its own behind its name. Tables of what had to be played stand below
    `played`, and the manifest says what each chart is drawn from, so that it can be drawn again.
    """
    if not names:
        raise StoredError("nothing to draw")
    held = {"relocsim": version("relocsim"), "digest": shelf.spec.digest, "seed": shelf.spec.scenario.seed}
    identity = {
        "kind": "charts",
        **held,
        "languages": [words.code for words in languages],
        "charts": list(names),
        "formats": list(formats),
    }
    with results_folder(out, identity, force=force) as partial:

        def keep(words: Words, figures: Mapping[str, Figure]) -> None:
            for name, figure in figures.items():
                write_chart(partial, f"{name}-{words.code}" if len(languages) > 1 else name, figure, formats)

        yield keep
        shelf.write_played(partial / PLAYED)
        told = about(shelf.spec, shelf.scenario, shelf.settings)
        drawn = {name: CHARTS[name].drawn_from(shelf) for name in names}
        more = {"drawn_from": drawn, "sources": shelf.sources(partial / PLAYED), "targets": dict(shelf.targets)}
        write_manifest(partial, identity, {**told, **more})
