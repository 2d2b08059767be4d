"""Draws the pictures of experiments and writes their tables into their pages, from the tables that are kept beside them.

`python experiments/pages.py [NAME ...]`: of those experiments, or of all that have a draw.py.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from relocsim.report.writing import write_chart

HERE = Path(__file__).parent
PICTURES = HERE.parent / "docs" / "img"


def names() -> list[str]:
    """Return the experiments that draw."""
    return sorted(path.parent.name for path in HERE.glob("*/draw.py"))


def drawing(name: str) -> ModuleType:
    """Return the module of an experiment that draws: `tables()` are those of its page, `picture()` is its chart, if any."""
    path = HERE / name / "draw.py"
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


def main() -> None:
    """Draw and write."""
    for name in sys.argv[1:] or names():
        module, page = drawing(name), HERE / name / "README.md"
        text = page.read_text("utf-8")
        for table in module.tables():
            text = with_table(text, table)
        page.write_text(text, "utf-8")
        if hasattr(module, "picture"):
            write_chart(PICTURES, name, module.picture())
            (PICTURES / f"{name}.svg").unlink()


if __name__ == "__main__":
    main()
