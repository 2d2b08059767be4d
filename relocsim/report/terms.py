"""Names that the world's own files do not translate: cost components, regions, stages; unknown ones stay as they are."""

from __future__ import annotations

from relocsim.language import ENGLISH, Words, message

_TERMS = {
    text: text
    for text in (
        # components of unit cost (relocsim.phases.cost)
        message("labour"), message("skills"), message("land and buildings"), message("power"), message("inputs"),
        message("resources"), message("freight"), message("clearance"), message("coordination"), message("administration"),
        message("tax"), message("other"), message("joint moves"), message("incentive"),
        # regions of origins
        message("Pearl River Delta"), message("Yangtze Delta"), message("Bohai Rim"), message("SE Fujian"),
        # stages of a project
        message("signed"), message("started"), message("in production"),
        # what a capture rate is measured in
        message("firms"), message("investment"), message("jobs"),
    )
}  # fmt: skip


def term(name: str, words: Words = ENGLISH) -> str:
    """Return a term in the language, or as it is where it is not one of those known."""
    return words(_TERMS[name]) if name in _TERMS else name


def region(name: str, words: Words = ENGLISH) -> str:
    """Return the name of a region as it stands in a sentence: with its article in English."""
    said = term(name, words)
    return said if words.wide or said.split()[-1] not in ("Delta", "Rim") else f"the {said}"


def short(name: str) -> str:
    """Return the name of a place without what is told of it in brackets."""
    return name.split(" (at ")[0].split("（")[0]


def capital(text: str) -> str:
    """Return a text that begins a line: its first letter large."""
    return text[:1].upper() + text[1:]
