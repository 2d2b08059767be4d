"""What a machine needs to run relocsim, looked at piece by piece: what is found, whether it will do, what to do."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement
from rich.table import Table

from relocsim.batch.workers import cores
from relocsim.report.fonts import chinese_font

_LEAST_MEMORY = 2.0
"""GiB: two processes of a scenario of 10,000 firms, and the system."""
_GIB = 2**30
EXTRAS = {
    "zh": "charts and pages in Chinese on machines without a Chinese font",
    "brief": "briefings (relocsim brief)",
    "designs": "sampled designs of batches, sensitivity",
    "cluster": "batches on several machines",
    "app": "the planner's page in the browser (relocsim app)",
    "viz": "Mesa's page of a run, for modellers (relocsim look)",
    "browser": "the browser's driver, with which the page is tested",
    "test": "the tests",
}
"""What extras add."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    found: str
    well: bool
    advice: str = ""
    needed: bool = True
    """Whether relocsim cannot do without."""


def examine(folder: Path | None = None) -> list[Finding]:
    """Return what is found on this machine; files would be written below `folder` (here)."""
    return [
        python_version(),
        *packages(),
        memory(available_memory()),
        Finding("cores", str(cores()), True),
        writing(folder or Path.cwd()),
        writing(Path(tempfile.gettempdir())),
        font(),
        *extras(),
    ]


def python_version() -> Finding:
    """Return whether Python is new enough."""
    return Finding("Python", platform.python_version(), sys.version_info >= (3, 11), "install Python 3.11 or newer")


def packages() -> Iterator[Finding]:
    """Yield whether each package that is required is there in a version that will do."""
    for text in requires("relocsim") or []:
        wanted = Requirement(text)
        if wanted.marker is None:
            yield judged(wanted, installed(wanted.name))


def judged(wanted: Requirement, held: str | None) -> Finding:
    """Return whether a version satisfies what is required."""
    asked = f"{wanted.name}{wanted.specifier}"
    if held is None:
        return Finding(wanted.name, "not installed", False, f"pip install '{asked}'")
    well = wanted.specifier.contains(held, prereleases=True)
    return Finding(wanted.name, held, well, "" if well else f"{held} will not do: pip install '{asked}'")


def installed(name: str) -> str | None:
    """Return the version of a package; none where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def available_memory() -> float:
    """Return memory of the machine, bytes; nan where the system does not tell."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):  # Windows
        return float("nan")


def memory(held: float) -> Finding:
    """Return whether memory will do for two processes."""
    if held != held:
        return Finding("memory", "not told by the system", True)
    size = held / _GIB
    return Finding("memory", f"{size:.1f} GiB", size >= _LEAST_MEMORY, "play with --jobs 1, or fewer scenario.firms")


def writing(folder: Path) -> Finding:
    """Return whether files can be written into a folder."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Finding(f"writing into {folder}", "yes", True)
    except OSError as error:
        advice = "choose another folder with --out, or change its rights"
        return Finding(f"writing into {folder}", str(error.strerror), False, advice)


def font() -> Finding:
    """Return the font that Chinese is written in."""
    held = chinese_font()
    if held is None:
        advice = "pip install 'relocsim[zh]', or install Noto Sans CJK SC; without one charts are in English"
        return Finding("Chinese font", "none", False, advice, needed=False)
    where = "of the system" if held.source == "system" else f"of the package {held.source}"
    return Finding("Chinese font", f"{held.family}, {where}", True, needed=False)


def extras() -> Iterator[Finding]:
    """Yield whether each extra is installed, and what it would add."""
    texts = [Requirement(text) for text in requires("relocsim") or []]
    for extra, adds in EXTRAS.items():
        mine = [one for one in texts if one.marker is not None and one.marker.evaluate({"extra": extra})]
        lacking = [one.name for one in mine if not judged(one, installed(one.name)).well]
        if not mine:
            yield Finding(
                f"extra {extra}",
                "not known",
                False,
                f"this installation is older: pip install 'relocsim[{extra}]'",
                False,
            )
            continue
        found = "installed" if not lacking else f"lacks {', '.join(lacking)}"
        advice = f"pip install 'relocsim[{extra}]' adds {adds}" if lacking else ""
        yield Finding(f"extra {extra}", found, not lacking, advice, needed=False)


def screen(found: list[Finding]) -> Table:
    """Return what was found as a table."""
    table = Table("", "found", "", "what to do", box=None, pad_edge=False)
    for one in found:
        mark = "ok" if one.well else ("wanting" if one.needed else "optional")
        table.add_row(one.what, one.found, mark, "" if one.well else one.advice)
    return table
