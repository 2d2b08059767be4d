"""A stored comparison becomes the files of a briefing. Refuses to play (see the command)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from relocsim.briefing.beside import Sensitivity, Synergy, Validity
from relocsim.briefing.facts import Facts
from relocsim.briefing.fonts import require_font
from relocsim.briefing.stored import Stored
from relocsim.briefing.story import tell
from relocsim.briefing.writers import require, writer
from relocsim.errors import RelocsimError
from relocsim.language import LANGUAGES, words_in
from relocsim.report.writing import write_manifest

BOTH = "both"


class AskedError(RelocsimError):
    """A language is not known."""


def languages(asked: str) -> tuple[str, ...]:
    """Return the codes that `--lang` stands for."""
    if asked == BOTH:
        return tuple(LANGUAGES)
    if asked not in LANGUAGES:
        raise AskedError(f"language {asked!r} is not known: choose one of {', '.join(LANGUAGES)}, {BOTH}")
    return (asked,)


def ready(codes: Sequence[str], forms: Sequence[str]) -> None:
    """Raise an error where libraries or fonts lack: before anything is played."""
    require(forms)
    for code in codes:
        require_font(code)


def write_briefings(
    folder: Path, stored: Stored, codes: Sequence[str], forms: Sequence[str], *,
    sensitivity: Sensitivity | None = None, validity: Validity | None = None, synergy: Synergy | None = None,
) -> None:  # fmt: skip
    """Write `briefing-LANGUAGE.FORMAT` for each, and the manifest."""
    facts = Facts(stored)
    for code in codes:
        briefing = tell(facts, words_in(code), sensitivity=sensitivity, validity=validity, synergy=synergy)
        for form in forms:
            (folder / f"briefing-{code}.{form}").write_bytes(writer(form)(briefing))
    told = ("scenario", "name", "city", "start", "end", "settings")
    write_manifest(folder, identity(stored, codes, forms), {name: stored.manifest.get(name) for name in told})


def identity(stored: Stored, codes: Sequence[str], forms: Sequence[str]) -> dict[str, Any]:
    """Return what makes a briefing this one."""
    own = {name: stored.manifest.get(name) for name in ("relocsim", "digest", "seed", "replicates", "arms")}
    return {"kind": "briefing", **own, "languages": list(codes), "formats": list(forms)}
