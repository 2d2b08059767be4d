"""Numbers as people read them on the terminal, which speaks English (`relocsim.language` has all languages)."""

from __future__ import annotations

from relocsim.language import ENGLISH, FEWEST_FOR_95
from relocsim.language.words import decimals

plain, signed, percent = ENGLISH.plain, ENGLISH.signed, ENGLISH.percent
ends, span = ENGLISH.ends, ENGLISH.span
money, money_span = ENGLISH.money, ENGLISH.money_span
interval_name, listed, first = ENGLISH.interval_name, ENGLISH.listed, ENGLISH.first

__all__ = [
    "FEWEST_FOR_95", "decimals", "ends", "first", "interval_name", "listed", "money", "money_span", "percent", "plain",
    "signed", "span",
]  # fmt: skip
