"""What a what-if changed against its case, where the comparison is of one: the log that went with it."""

from __future__ import annotations

from relocsim.briefing.blocks import Points, Section
from relocsim.briefing.facts import Facts
from relocsim.language import Words


def changed(words: Words, facts: Facts) -> tuple[Section, ...]:
    """Return the section of what was changed; none where nothing was, or nothing is known of it in the language."""
    table = facts.stored.table("changes")
    told = () if table is None else tuple(table.loc[table["language"] == words.code, "sentence"].astype(str))
    return (Section(words("What was changed against the case"), (Points(told),)),) if told else ()
