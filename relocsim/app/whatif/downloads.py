"""What can be taken away from the page: the scenario, tables, charts, the briefing. Pure: figures in, bytes out.

Tables and briefing are those of `relocsim compare --out` and `relocsim brief`, charts those of `relocsim charts`, written
of the comparison that the page shows. Refuses to play.
"""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from relocsim.batch.comparing import Comparison
from relocsim.language import Words, words_in

_DAY = (2000, 1, 1, 0, 0, 0)
"""Date of every entry, so that the same what-if gives the same bytes."""
DRAWING = threading.Lock()
"""Charts share settings of the process that draws them: one at a time."""
CHARTS = ("capture-over-time", "effects", "cost-sheet", "flows", "depth")
BRIEFING = ("html", "pdf", "pptx", "docx")


def tables(comparison: Comparison, scenario: str, log: str) -> bytes:
    """Return an archive of the tables of a what-if with their manifest, its scenario file, and what was changed."""
    from relocsim.report.results import write_comparison

    def write(folder: Path) -> None:
        write_comparison(folder, comparison, "whatif.yaml", (), charts=False)
        (folder / "whatif.yaml").write_text(scenario, encoding="utf-8")
        (folder / "changes.csv").write_text(log, encoding="utf-8-sig")

    return _archive(write)


def charts(comparison: Comparison, code: str) -> bytes:
    """Return an archive of the printed charts of a what-if, as PNG and SVG, in a language."""
    from relocsim.report.charts.catalogue import Shelf, draw
    from relocsim.report.fonts import readable
    from relocsim.report.writing import write_chart

    words, _ = readable(words_in(code))
    shelf = Shelf(comparison.spec)
    shelf.__dict__["comparison"] = comparison  # it is at hand: nothing is played for it

    def write(folder: Path) -> None:
        for name in CHARTS:
            for named, figure in draw(shelf, [name], words).items():
                write_chart(folder, named, figure)

    with DRAWING:
        return _archive(write)


def briefing(comparison: Comparison, code: str, log: Sequence[str] = ()) -> bytes:
    """Return an archive of the briefing of a what-if in a language: page, document, slides, text; `log` is in it, too."""
    from relocsim.briefing.stored import open_results
    from relocsim.briefing.writing import ready, write_briefings
    from relocsim.report.results import write_comparison
    from relocsim.report.writing import write_table

    ready((code,), BRIEFING)

    def write(folder: Path) -> None:
        with TemporaryDirectory() as held:
            if log:
                write_table(Path(held), "changes", pd.DataFrame({"language": code, "sentence": list(log)}))
            write_comparison(Path(held), comparison, "whatif.yaml", (), charts=False)
            write_briefings(folder, open_results(Path(held)), (code,), BRIEFING)

    with DRAWING:
        return _archive(write)


def _archive(write: Callable[[Path], None]) -> bytes:
    """Return what a function writes into a folder, as a zip archive."""
    with TemporaryDirectory() as held:
        folder = Path(held)
        write(folder)
        return zipped(
            {
                path.relative_to(folder).as_posix(): path.read_bytes()
                for path in sorted(folder.rglob("*"))
                if path.is_file()
            }
        )


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip archive with the same bytes every time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            archive.writestr(entry, content)
    return out.getvalue()


def file_name(name: str, kind: str, ending: str, words: Words) -> str:
    """Return the name of a file for a what-if: its own name, without what file systems do not take."""
    kept = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name).strip("-") or "what-if"
    return f"{kept[:40]}-{kind}{'' if kind in {'scenario', 'tables'} else f'-{words.code}'}.{ending}"


def quoted(rows: list[list[str]]) -> str:
    """Return rows as comma-separated text."""
    return "".join(
        ",".join(json.dumps(cell, ensure_ascii=False) if set(cell) & set(',"\n') else cell for cell in row) + "\n"
        for row in rows
    )
