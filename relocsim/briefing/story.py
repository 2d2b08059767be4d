"""The story of a briefing, in one language: its sections in order."""

from __future__ import annotations

from relocsim.briefing.adding import adding
from relocsim.briefing.appendix import appendix
from relocsim.briefing.beside import Sensitivity, Synergy, Validity
from relocsim.briefing.blocks import Briefing
from relocsim.briefing.boxes import boxes
from relocsim.briefing.changed import changed
from relocsim.briefing.facts import Facts
from relocsim.briefing.opening import opening
from relocsim.briefing.overturning import overturning
from relocsim.briefing.sources import anyway, sources
from relocsim.language import Words


def tell(
    facts: Facts, words: Words, *, sensitivity: Sensitivity | None = None, validity: Validity | None = None,
    synergy: Synergy | None = None,
) -> Briefing:  # fmt: skip
    """Return the briefing on a stored comparison, as blocks."""
    held = facts.manifest
    city = facts.city(words)
    name = held.get(f"name_{words.code}") or held["name"]
    return Briefing(
        language=words.code,
        title=words("{city}: what policies add to its capture of relocating industry", city=city),
        subtitle=words("Briefing on the simulation {name}", name=name),
        sections=(
            opening(words, facts),
            *changed(words, facts),
            adding(words, facts, synergy),
            sources(words, facts),
            anyway(words, facts),
            overturning(words, facts, sensitivity, validity),
            boxes(words, facts),
            appendix(words, facts),
        ),
        colophon=words(
            "relocsim {version}, digest {digest}; simulation, no forecast",
            version=held.get("relocsim", "?"),
            digest=str(held["digest"])[:8],
        ),
        terms={
            "source": words(
                "Source: table {table} of the run, digest {digest}", table="{}", digest=str(held["digest"])[:8]
            ),
            "continued": words("{title} (continued)", title="{}"),
        },
    )
