"""Draw the pictures of README.md, docs/charts.md and docs/briefing.md anew: `python docs/draw_pictures.py [--results DIR]`.

Plays what `make demo` plays, switchers, synergy and the batch of docs/phases.yaml, draws the charts and renders pages of
the briefings; some ten minutes on two cores. It takes chromium, pdftoppm (poppler-utils) and soffice (LibreOffice). `--keep`
takes results that are there as they are. With `--check` it only says whether results have changed since.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image

from relocsim.spec import load

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "img"
SCENARIO, PLAN = ROOT / "scenarios" / "chenzhou.yaml", ROOT / "docs" / "phases.yaml"
PINNED = ROOT / "tests" / "golden" / "toy.json"
"""Results of the model on a toy world; where they change, pictures are stale."""
DRAWN = IMAGES / "drawn.json"
PLAYED = {
    "demo": ["compare", str(SCENARIO), "--replicates", "20"],
    "switchers": ["switchers", str(SCENARIO), "--replicates", "20", "--no-charts"],
    "synergy": ["synergy", str(SCENARIO), "--replicates", "20"],
}
"""Results by folder, and the command that leaves them."""
BATCH = "phases"
CHARTS = {
    "en": (
        "capture-over-time",
        "effects",
        "waterfall",
        "switchers",
        "cost-sheet",
        "flows",
        "funnel",
        "depth",
        "job-cost",
    ),
    "zh": ("cost-sheet", "flows", "depth", "funnel"),
}
"""Charts that docs/charts.md shows, by language; the phase diagram is drawn of its batch."""
OF_DEMO = ("effects", "capture-over-time")
"""Charts of the comparison that README.md shows."""
PAGES = {
    "briefing-html-zh": (1, 2), "briefing-pdf-en": (2, 3), "briefing-docx-zh": (1, 2), "briefing-pptx-zh": (5, 8),
    "briefing-pptx-en": (3, 11),
}  # fmt: skip
"""Pages of briefings that are shown side by side, by the name of the picture."""
_DOTS = {"pptx": 48}
"""Dots per inch; of pages 65."""
_EDGE, _GAP = "#BBBBBB", 12


def pictures() -> Iterator[Path]:
    """Give the pictures that this script makes."""
    for language, names in CHARTS.items():
        yield from (IMAGES / "charts" / f"{name}-{language}.png" for name in names)
    yield IMAGES / "charts" / "phases-en.png"
    yield from (IMAGES / f"{name}.png" for name in (*OF_DEMO, *PAGES))


def stamp() -> str:
    """Return what the pictures depend on: results of the model, the scenario, the plan of the batch."""
    held = PINNED.read_bytes() + load(SCENARIO).digest.encode() + PLAN.read_bytes()
    return hashlib.sha256(held).hexdigest()[:16]


def stale() -> bool:
    """Whether results have changed since the pictures were drawn."""
    return not DRAWN.exists() or json.loads(DRAWN.read_text("utf-8"))["results"] != stamp()


def play(results: Path, jobs: int, *, keep: bool) -> None:
    """Leave all results in folders."""
    for name, command in PLAYED.items():
        if not (keep and (results / name / "manifest.json").exists()):
            _relocsim([*command, "--jobs", str(jobs), "--out", str(results / name), "--force"])
    if not (keep and (results / BATCH / "manifest.json").exists()):
        shutil.rmtree(results / BATCH, ignore_errors=True)
        _relocsim(["batch", str(PLAN), "--out", str(results / BATCH), "--jobs", str(jobs)])


def draw(results: Path) -> None:
    """Draw the charts and render the briefings, and put them where the documentation shows them."""
    folders = [str(results / name) for name in PLAYED]
    told = ["--scenario", str(SCENARIO), "--to", "png", "--force"]
    names = ",".join(dict.fromkeys(name for named in CHARTS.values() for name in named))
    more = ["--only", names, "--lang", "both", "--target", "producing=0.4"]
    _relocsim(["charts", *folders, *told, *more, "--out", str(results / "charts")])
    _relocsim(["charts", str(results / BATCH), *told, "--only", "phases", "--out", str(results / "phases-chart")])
    for language, held in CHARTS.items():
        for name in held:
            shutil.copy(results / "charts" / f"{name}-{language}.png", IMAGES / "charts")
    shutil.copy(results / "phases-chart" / "phases.png", IMAGES / "charts" / "phases-en.png")
    for name in OF_DEMO:
        shutil.copy(results / "demo" / f"{name}.png", IMAGES)
    _relocsim(["brief", str(results / "demo"), "--lang", "both", "--out", str(results / "briefing"), "--force"])
    for name, numbers in PAGES.items():
        _, form, language = name.split("-")
        side_by_side(rendered(results / "briefing" / f"briefing-{language}.{form}", numbers)).save(
            IMAGES / f"{name}.png"
        )


def rendered(file: Path, numbers: Sequence[int]) -> list[Image.Image]:
    """Return pages of a file of any format as pictures."""
    work = file.parents[1] / "rendered" / file.name
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    pdf = file if file.suffix == ".pdf" else work / f"{file.stem}.pdf"
    if file.suffix == ".html":
        quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer"]
        _run(["chromium", *quiet, f"--user-data-dir={work / 'browser'}", f"--print-to-pdf={pdf}", file.as_uri()])
    elif file.suffix != ".pdf":
        profile = f"-env:UserInstallation={(work / 'office').as_uri()}"
        _run(["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(work), str(file)])
    dots = str(_DOTS.get(file.suffix.removeprefix("."), 65))
    found = []
    for number in numbers:
        where = work / f"page-{number}"
        _run(
            ["pdftoppm", "-r", dots, "-f", str(number), "-l", str(number), "-singlefile", "-png", str(pdf), str(where)]
        )
        found.append(Image.open(where.with_suffix(".png")).convert("RGB"))
    return found


def side_by_side(pages: Sequence[Image.Image]) -> Image.Image:
    """Return pages beside each other, each with an edge."""
    framed = []
    for page in pages:
        edge = Image.new("RGB", (page.width + 2, page.height + 2), _EDGE)
        edge.paste(page, (1, 1))
        framed.append(edge)
    whole = Image.new(
        "RGB", (sum(one.width + _GAP for one in framed) - _GAP, max(one.height for one in framed)), "white"
    )
    left = 0
    for one in framed:
        whole.paste(one, (left, 0))
        left += one.width + _GAP
    return whole


def _relocsim(command: Sequence[str]) -> None:
    _run([sys.executable, "-m", "relocsim", *command])


def _run(command: Sequence[str]) -> None:
    if shutil.which(command[0]) is None:
        raise SystemExit(f"{command[0]} is not installed; see the head of docs/draw_pictures.py")
    found = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    if found.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{found.stderr[-2000:]}")


def main() -> int:
    """Draw, or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, default=ROOT / "results" / "pictures", help="folder for what is played")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--keep", action="store_true", help="do not play again what the folder holds")
    parser.add_argument("--check", action="store_true", help="say whether the pictures are stale, and do nothing")
    asked = parser.parse_args()
    if asked.check:
        print("stale: run python docs/draw_pictures.py" if stale() else "up to date")
        return int(stale())
    play(asked.results.resolve(), asked.jobs, keep=asked.keep)
    draw(asked.results.resolve())
    DRAWN.write_text(json.dumps({"results": stamp()}) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
