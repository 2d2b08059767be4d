"""The address of the page: what it asks for, and the address that brings a tab back.

`w` holds the what-if, `case` a case that is to be opened, `lang` the language, `replicates` how many are played, and each
`k` the replicates and the what-if of something that is kept side by side. This module refuses to play.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from relocsim.app.playing import USUAL
from relocsim.errors import RelocsimError, SpecError
from relocsim.language import Words, message
from relocsim.whatif.links import pack, unpack

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

    from relocsim.app.keeping import Kept
    from relocsim.app.session import Session
    from relocsim.whatif.cases import Cases
    from relocsim.whatif.whatif import WhatIf

FEWEST, MOST = 2, 1_000
"""Replicates that an address may ask for: of one there is no interval."""
ROOM = 8_000
"""Letters of an address that what is kept may take."""
_NAMES = {"link": "w", "case": "case", "language": "lang", "replicates": "replicates"}
_NO_COUNT = message(
    "The address asks for “{text}” replicates: it should be a whole number from {low} to {high}. {usual} are played."
)


@dataclass(frozen=True)
class Address:
    """What an address asks for, as it was written."""

    link: str = ""
    case: str = ""
    language: str = ""
    replicates: str = ""
    kept: tuple[str, ...] = ()


def asked_in(query: QueryParams) -> Address:
    """Return what the query of an address asks for."""
    named = {name: query.get(short, "") for name, short in _NAMES.items()}
    return Address(**named, kept=tuple(query.getlist("k")))


def replicates_of(text: str, words: Words) -> int:
    """Return how many replicates an address asks for; RelocsimError in words where it is no number that may be."""
    if not text:
        return USUAL
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MOST)) and FEWEST <= int(text) <= MOST):
        raise RelocsimError(words(_NO_COUNT, text=text[:20], low=FEWEST, high=words.plain(MOST, 0), usual=USUAL))
    return int(text)


def whatif_of(text: str, cases: Cases, words: Words) -> WhatIf:
    """Return the what-if of a link; RelocsimError in words where it is damaged or of a case that is not served."""
    found = unpack(text)
    if found.case not in cases:
        raise RelocsimError(words("The link is of a case that is not served here: {case}.", case=found.case))
    return found


def kept_of(text: str, cases: Cases, words: Words) -> tuple[WhatIf, int]:
    """Return what was kept and with how many replicates; RelocsimError likewise."""
    count, _, packed = text.partition("-")
    return whatif_of(packed, cases, words), replicates_of(count, words)


def address_of(session: Session) -> str:
    """Return the part of the address that brings back the what-if and what is kept, in the language of the tab."""
    most = session.playing.most
    parts = [("w", pack(session.whatif)), ("lang", session.words.code)]
    parts += [("replicates", str(most))] if most != USUAL else []
    return "?" + urlencode([*parts, *(("k", text) for text in _kept(session).values() if text)])


def left_out(session: Session) -> list[str]:
    """Return the names of what is kept and does not fit into the address."""
    return [name for name, text in _kept(session).items() if not text]


def _kept(session: Session) -> dict[str, str]:
    """Return what is kept by name, as an address holds it; empty where there is no more room."""
    found, room = {}, ROOM
    for one in session.kept:
        text = _text_of(one)
        found[one.name] = text if len(text) <= room else ""
        room -= len(found[one.name])
    return found


def _text_of(one: Kept) -> str:
    """Return what is kept as an address holds it; empty where it is too large for one."""
    try:
        return f"{max(FEWEST, one.replicates)}-{pack(one.whatif)}"
    except SpecError:
        return ""
