"""Plays experiments, draws their pictures and writes their tables into their pages.

`python experiments/pages.py [NAME ...]` makes pictures and tables of those experiments, or of all that have a draw.py, from
the tables kept beside them, and marks every page that was played before results of the model or its scenario changed.
`--play` runs the commands of the pages named first, one after the other, and notes with what they were played.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import ModuleType

import yaml
from matplotlib.figure import Figure

from relocsim.report.writing import write_chart
from relocsim.spec import load

HERE = Path(__file__).parent
ROOT = HERE.parent
PICTURES = ROOT / "docs" / "img"
PINNED = ROOT / "tests" / "golden" / "toy.json"
"""Results of the model on a toy world; where they change, so do those of experiments."""
PLAYED = HERE / "played.json"
INDEX = HERE / "README.md"
_MARK = "> Played at "
_LIST = re.compile(r"(<!-- to be played again -->\n).*?(<!-- end -->)", re.DOTALL)


def names() -> list[str]:
    """Return the experiments by name, but `ablation`, whose page is made by its own script."""
    return sorted(path.parent.name for path in HERE.glob("*/README.md") if path.parent.name != "ablation")


# ---------------------------------------------------------------- tables and pictures


def drawing(name: str) -> ModuleType | None:
    """Return the module of an experiment that draws: `tables()` of its page, and `picture()` or `pictures()` by name."""
    path = HERE / name / "draw.py"
    if not path.exists():
        return None
    described = importlib.util.spec_from_file_location(f"draw_{name.replace('-', '_')}", path)
    if described is None or described.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    return module


def with_table(page: str, table: str) -> str:
    """Return a page with the table of the same head line replaced; raises `ValueError` where it has none such or two."""
    head, lines = table.splitlines()[0], page.splitlines(keepends=True)
    starts = [at for at, line in enumerate(lines) if line.rstrip("\n") == head]
    if len(starts) != 1:
        raise ValueError(f"{len(starts)} tables of the page begin with {head!r}, expected one")
    end = start = starts[0]
    while end < len(lines) and lines[end].startswith("|"):
        end += 1
    return "".join([*lines[:start], table, *lines[end:]])


def made(name: str) -> None:
    """Draw the picture of an experiment, and write its tables into its page."""
    module, page = drawing(name), HERE / name / "README.md"
    if module is None:
        return
    text = page.read_text("utf-8")
    for table in module.tables():
        text = with_table(text, table)
    page.write_text(text, "utf-8")
    for drawn, figure in pictures(name, module).items():
        write_chart(PICTURES, drawn, figure)
        (PICTURES / f"{drawn}.svg").unlink()


def pictures(name: str, module: ModuleType) -> dict[str, Figure]:
    """Return the pictures of an experiment by name: one of its own name, several, or none."""
    if hasattr(module, "pictures"):
        return module.pictures()
    return {name: module.picture()} if hasattr(module, "picture") else {}


# ---------------------------------------------------------------- playing


def commands(name: str) -> list[list[str]]:
    """Return the commands of a page in words, without the last step, which is this script's own."""
    part = (HERE / name / "README.md").read_text("utf-8").split("**Command**")[1].split("**Finding**")[0]
    lines = re.sub(r"\\\n *", " ", part).splitlines()
    found = [shlex.split(line, comments=True) for line in lines if re.match(r" {4}(relocsim|python) ", line)]
    return [words for words in found if words[1] != "experiments/pages.py"]


def play(name: str) -> None:
    """Run the commands of a page in the folder of the project, and note with what it was played."""
    for words in commands(name):
        print(" ".join(words), flush=True)
        start = [sys.executable, "-m", "relocsim"] if words[0] == "relocsim" else [sys.executable]
        subprocess.run([*start, *words[1:]], cwd=ROOT, check=True)
    head = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    noted = {"commit": head.stdout.strip(), "measured": measured(name)}
    PLAYED.write_text(json.dumps(dict(sorted({**played(), name: noted}.items())), indent=1) + "\n", "utf-8")


def played() -> dict[str, dict[str, str]]:
    """Return with what each experiment was played."""
    return json.loads(PLAYED.read_text("utf-8"))


def scenario_of(name: str) -> Path:
    """Return the scenario of an experiment: its own, its plan's, or the first that its page names."""
    own, plan = HERE / name / "scenario.yaml", HERE / name / "plan.yaml"
    if own.exists():
        return own
    if plan.exists():
        return plan.parent / yaml.safe_load(plan.read_text("utf-8"))["scenario"]
    named = re.search(r"scenarios/[\w-]+\.yaml", (HERE / name / "README.md").read_text("utf-8"))
    return ROOT / (named[0] if named else "scenarios/chenzhou.yaml")


def scenarios_of(name: str) -> list[Path]:
    """Return the scenarios of an experiment: those of the cases of its plan, or its one."""
    plan = HERE / name / "plan.yaml"
    cases = yaml.safe_load(plan.read_text("utf-8")).get("cases") if plan.exists() else None
    return [plan.parent / one["scenario"] for one in cases.values()] if cases else [scenario_of(name)]


@cache
def digest_of(path: Path) -> str:
    """Return the digest of a scenario, which several experiments may share."""
    return load(path).digest


def measured(name: str) -> str:
    """Return a digest of what the model answers, to six digits, and of the scenarios of an experiment."""
    pinned = json.loads(PINNED.read_text("utf-8"))
    answers = json.dumps({what: f"{value:.6g}" for what, value in pinned.items()}, sort_keys=True)
    digests = "".join(digest_of(path.resolve()) for path in scenarios_of(name))
    return hashlib.sha256((answers + digests).encode()).hexdigest()[:16]


def stale() -> dict[str, str]:
    """Return the experiments that were played before results or their scenario changed, with the commit of that time.

    Of one that has not been noted nothing is known.
    """
    noted = played()
    return {name: one["commit"] for name, one in noted.items() if name in names() and one["measured"] != measured(name)}


def marked(page: str, commit: str | None) -> str:
    """Return a page that says below its title at which commit it was played, where that is not of today."""
    title, *lines = [line for line in page.splitlines(keepends=True) if not line.startswith(_MARK)]
    while lines and not lines[0].strip():
        lines.pop(0)
    mark = (
        f"{_MARK}{commit}, before results of the model or the scenario changed; to be played again.\n\n"
        if commit
        else ""
    )
    return "".join([title, "\n", mark, *lines])


def listed(index: str, old: dict[str, str]) -> str:
    """Return the index with the list of what is to be played again."""
    lines = [f"- [{name}]({name}/README.md), played at {commit}\n" for name, commit in old.items()]
    return _LIST.sub(lambda found: found[1] + ("".join(lines) or "- nothing\n") + found[2], index)


def mark() -> None:
    """Mark every page and the index."""
    old = stale()
    for name in names():
        page = HERE / name / "README.md"
        page.write_text(marked(page.read_text("utf-8"), old.get(name)), "utf-8")
    INDEX.write_text(listed(INDEX.read_text("utf-8"), old), "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Play where that is asked for, draw, write and mark."""
    asked = argparse.ArgumentParser(description="Make the pages of experiments, or play these first.")
    asked.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(names())} (all)")
    asked.add_argument("--play", action="store_true", help="run the commands of these pages first")
    options = asked.parse_args(arguments)
    unknown = sorted(set(options.names) - set(names()))
    if unknown:
        asked.error(f"no experiment is called {', '.join(unknown)}; there are {', '.join(names())}")
    for name in options.names or names():
        if options.play:
            play(name)
        made(name)
    mark()


if __name__ == "__main__":
    main()
