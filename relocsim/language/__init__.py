"""Languages of charts, reports and pages: one catalogue of messages; numbers, dates, money as each writes them.

Whatever a reader sees takes `Words` and says things through it: `words("{city} captures {share}", city=..., share=...)`.
The English text is the message; `LANGUAGE/messages.po` beside this file holds the others
(`make messages` collects new ones).
"""

from __future__ import annotations

from functools import cache

from relocsim.errors import RelocsimError
from relocsim.language.chinese import Chinese
from relocsim.language.english import English
from relocsim.language.words import FEWEST_FOR_95, Words, message

LANGUAGES: dict[str, type[Words]] = {"en": English, "zh": Chinese}
"""Languages by code."""


class LanguageError(RelocsimError):
    """A language that is not spoken here."""


@cache
def words_in(code: str) -> Words:
    """Return the words of a language; LanguageError where its code is not known."""
    if code not in LANGUAGES:
        raise LanguageError(f"language {code!r} is not known: choose one of {', '.join(LANGUAGES)}")
    return LANGUAGES[code]()


ENGLISH = words_in("en")

__all__ = ["ENGLISH", "FEWEST_FOR_95", "LANGUAGES", "LanguageError", "Words", "message", "words_in"]
