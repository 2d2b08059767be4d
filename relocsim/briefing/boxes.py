"""The method in one box, and what it cannot tell in another."""

from __future__ import annotations

from relocsim.briefing.blocks import Box, Section
from relocsim.briefing.facts import Facts
from relocsim.language import Words


def boxes(words: Words, facts: Facts) -> Section:
    """Return both boxes."""
    return Section(words("How it was done, and what it cannot tell"), (method(words, facts), limits(words, facts)))


def method(words: Words, facts: Facts) -> Box:
    """Return the method."""
    held = facts.manifest
    items = (
        words(
            "Firms of the coastal origins are simulated one by one, quarter by quarter, {start} to {end}: they review where "
            "they are, learn of places, compare operating cost, supporting industry, rail and incentives in "
            "all of them, sign, "
            "and lose or complete their projects.",
            start=held["start"], end=held["end"],
        ),
        words(
            "The effect of a policy is paired: the same firms, tastes, luck and inputs, with and without it. Each replicate "
            "draws every uncertain input anew within its range."
        ),
        words(
            "The capture rate is the city's share of the investment that firms of the studied origins place "
            "anywhere outside "
            "them, counted from the stage: {stage}.",
            stage=stage_name(words, str(held["stage"])),
        ),
        words(
            "Intervals are distribution-free intervals over replicates: they hold what is not known of the "
            "inputs, and luck. "
            "An interval that touches or crosses zero is never called an effect."
        ),
    )  # fmt: skip
    return Box(words("Method"), items)


def stage_name(words: Words, stage: str) -> str:
    """Return the name of a stage of a project."""
    names = {
        "intention": words("intention"),
        "signed": words("contract signed"),
        "honoured": words("contract honoured"),
        "ground": words("ground broken"),
        "producing": words("in production"),
    }
    return names.get(stage, stage)


def limits(words: Words, facts: Facts) -> Box:
    """Return what the simulation cannot tell."""
    items = (
        words(
            "Personal ties: which owner comes from where, who knows whom and trusts whom; the simulation knows "
            "only the average "
            "pull of places of origin."
        ),
        words(
            "The politics of state-owned firms: where ministries and groups put a plant by order or negotiation follows "
            "reasons that no cost sheet holds."
        ),
        words(
            "One-off projects: a single very large plant may come or not come for reasons of its own, and would change a "
            "city's figures more than any policy here."
        ),
        words(
            "Levels and dates: figures are no forecast of {city}'s investment. They compare policies under "
            "stated assumptions, "
            "within the period and the world as described.",
            city=facts.city(words),
        ),
    )  # fmt: skip
    return Box(words("What this cannot tell"), items)
