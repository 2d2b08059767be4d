"""One family of errors, written for the author of a scenario.

This module refuses to print, and to know where a problem came from: whoever raises says where.
"""

from __future__ import annotations

from dataclasses import dataclass, field


class RelocsimError(Exception):
    """Whatever the user can mend; the command line shows it without a traceback, exit code 2."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in an input: where, what was found, what was expected, what to do."""

    message: str
    """What is wrong, in a sentence: what was found and what was expected."""
    file: str = ""
    """File as the user named it; empty for the command line."""
    line: int | None = None
    """1-based line."""
    column: int | None = None
    """1-based column."""
    path: str = ""
    """Dotted path of the entry, such as `places.chenzhou.wage`."""
    hint: str = ""
    """What to do, such as `did you mean 'park_land'?`."""

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        text = ": ".join(part for part in (where, self.path, self.message) if part)
        return f"{text} ({self.hint})" if self.hint else text


@dataclass
class SpecError(RelocsimError):
    """Everything wrong with a specification, all problems at once."""

    problems: list[Problem] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class OutputExistsError(RelocsimError):
    """The output folder holds another run and nobody said to replace it."""
